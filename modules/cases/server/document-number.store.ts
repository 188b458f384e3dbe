import type { Ctx, Subject } from '@tongchou/kernel'
import { sql } from 'kysely'
import { casesDb } from './case.tables.ts'

/** Counts on. The row stays locked until the transaction ends: whoever comes next waits, and a rolled-back number is given again. */
export async function nextSerial(ctx: Ctx, agencyWord: string, year: number): Promise<number> {
  const { last_serial } = await casesDb(ctx)
    .insertInto('cases.document_serial')
    .values({ agency_word: agencyWord, year, last_serial: 1 })
    .onConflict((at) => at.columns(['agency_word', 'year']).doUpdateSet({ last_serial: sql<number>`document_serial.last_serial + 1` }))
    .returning('last_serial')
    .executeTakeFirstOrThrow()
  return last_serial
}

export async function insertNumber(
  ctx: Ctx,
  number: { agencyWord: string; year: number; serial: number; paper: string; subject: Subject },
): Promise<void> {
  await casesDb(ctx)
    .insertInto('cases.document_number')
    .values({
      agency_word: number.agencyWord,
      year: number.year,
      serial: number.serial,
      paper: number.paper,
      subject_kind: number.subject.kind,
      subject_id: number.subject.id,
      issued_at: ctx.now(),
      issued_by: `${ctx.actor.orgName} ${ctx.actor.name}`,
    })
    .execute()
}

export async function findNumber(ctx: Ctx, paper: string, subject: Subject) {
  return casesDb(ctx)
    .selectFrom('cases.document_number')
    .select(['agency_word', 'year', 'serial'])
    .where('paper', '=', paper)
    .where('subject_kind', '=', subject.kind)
    .where('subject_id', '=', subject.id)
    .executeTakeFirst()
}
