import type { Ctx } from '@tongchou/kernel'
import { applicantOrgOf, type Case, caseFromStore } from '@tongchou/procedure'
import { sql } from 'kysely'
import { casesDb } from './case.tables.ts'

/** An open case as a reorganisation needs it. */
export interface HandedCase {
  id: string
  title: string
  subject_kind: string
  subject_id: string
  state: Case
}

/** Locked open cases that name one of some organisations anywhere: a few more than are concerned, never fewer. */
export async function casesNaming(ctx: Ctx, orgIds: readonly string[]): Promise<HandedCase[]> {
  const rows = await casesDb(ctx)
    .selectFrom('cases.case_file')
    .select(['id', 'title', 'subject_kind', 'subject_id', 'state'])
    .where('ended_at', 'is', null)
    .where(sql<boolean>`exists (select from unnest(${orgIds}::text[]) o where strpos(state::text, '"' || o || '"') > 0)`)
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map((row) => ({ ...row, state: caseFromStore(row.state) }))
}

/** Stores where a case goes. Its history, its clocks and when it was last acted on do not change. */
export async function saveReassigned(ctx: Ctx, kase: Case): Promise<void> {
  const db = casesDb(ctx)
  const concerns = applicantOrgOf(kase)
  await db
    .updateTable('cases.case_file')
    .set({ state: JSON.stringify(kase), applicant_now_org_id: concerns })
    .where('id', '=', kase.id)
    .execute()
  await db.updateTable('cases.task').set({ concerns_org_id: concerns }).where('case_id', '=', kase.id).execute()
}

/** Work of a running case that waits for one office waits for the other: steps, opinions and answers that were asked for. */
export async function moveTasks(ctx: Ctx, caseId: string, from: string, to: string): Promise<void> {
  await casesDb(ctx)
    .updateTable('cases.task')
    .set({ org_id: to })
    .where('case_id', '=', caseId)
    .where('org_id', '=', from)
    .where('closed_at', 'is', null)
    .execute()
}

/** What was copied to an office (抄送) is read by whoever takes over. */
export async function moveCopies(ctx: Ctx, from: string, to: string): Promise<void> {
  if (from === to) return
  await sql`update cases.copy c set holder_key = left(c.holder_key, -length(${from}::text)) || ${to}::text
    where right(c.holder_key, length(${from}::text) + 1) = '@' || ${from}::text
      and not exists (select from cases.copy same where same.case_id = c.case_id and same.seq = c.seq
        and same.holder_key = left(c.holder_key, -length(${from}::text)) || ${to}::text)`.execute(ctx.db)
}

/** Cards of a running case are explained by whoever has it now. */
export async function moveCards(ctx: Ctx, caseId: string, from: string, to: string): Promise<void> {
  await casesDb(ctx)
    .updateTable('cases.card')
    .set({ org_id: to })
    .where('case_id', '=', caseId)
    .where('org_id', '=', from)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('cases.explanation as e')
            .select('e.id')
            .whereRef('e.card_id', '=', 'cases.card.id')
            .where('e.verdict', 'is distinct from', 'rejected'),
        ),
      ),
    )
    .execute()
}

/** Cases that are over and were handed in by one of some organisations. */
export async function endedCasesOf(ctx: Ctx, orgIds: readonly string[]) {
  return casesDb(ctx)
    .selectFrom('cases.case_file')
    .select(['id', 'subject_kind', 'subject_id', 'applicant_now_org_id'])
    .where('ended_at', 'is not', null)
    .where('applicant_now_org_id', 'in', [...orgIds])
    .orderBy('id')
    .execute()
}

export async function moveEndedCases(ctx: Ctx, caseId: string, to: string): Promise<void> {
  await casesDb(ctx).updateTable('cases.case_file').set({ applicant_now_org_id: to }).where('id', '=', caseId).execute()
}

/** How many lines of history were signed in the name of some organisations: they stay as they are. */
export async function countSigned(ctx: Ctx, orgIds: readonly string[]): Promise<number> {
  const row = await casesDb(ctx)
    .selectFrom('cases.entry')
    .select(sql<number>`count(*)::int`.as('count'))
    .where(sql<string>`body->'by'->>'orgId'`, 'in', [...orgIds])
    .executeTakeFirstOrThrow()
  return row.count
}
