import { randomUUID } from 'node:crypto'
import { type Actor, type Ctx, type SortKey, type SuperiorView, sorted, sortsOf } from '@tongchou/kernel'
import type { Task } from '@tongchou/procedure'
import { type ExpressionBuilder, sql } from 'kysely'
import { holdsCard, readCard, sharedSeats } from './card.permissions.ts'
import { type CasesTables, casesDb } from './case.tables.ts'
import type { DeadlineRow } from './clock.store.ts'

/** A card as it is issued. */
export interface NewCard {
  deadline: DeadlineRow
  task: Task & { holder?: { personId: string } | null }
  colour: 'yellow' | 'red'
  stepTitle: string
  orgId: string | null
  explainBy: Date | null
}

export async function insertCard(ctx: Ctx, { deadline, task, colour, stepTitle, orgId, explainBy }: NewCard): Promise<void> {
  await casesDb(ctx)
    .insertInto('cases.card')
    .values({
      id: randomUUID(),
      deadline_id: deadline.id,
      case_id: deadline.case_id,
      task_id: task.id,
      colour,
      step_title: stepTitle,
      duty: task.duty,
      org_id: orgId,
      holder_person_id: task.holder?.personId ?? null,
      due_at: deadline.due_at,
      issued_at: ctx.now(),
      explain_by: explainBy,
      escalated_at: null,
      escalated_to_person_id: null,
      escalated_to_name: null,
    })
    .execute()
}

/** The red card of a task for one end of its limit, and whether a reason was given that has not been rejected. */
export async function redCardOf(ctx: Ctx, caseId: string, taskId: string, dueAt: Date) {
  return casesDb(ctx)
    .selectFrom('cases.card')
    .select((eb) => [
      'id',
      eb
        .exists(
          eb
            .selectFrom('cases.explanation')
            .select('cases.explanation.id')
            .whereRef('cases.explanation.card_id', '=', 'cases.card.id')
            .where('verdict', 'is distinct from', 'rejected'),
        )
        .as('explained'),
    ])
    .where('case_id', '=', caseId)
    .where('task_id', '=', taskId)
    .where('colour', '=', 'red')
    .where('due_at', '=', dueAt)
    .executeTakeFirst()
}

export async function markEscalated(
  ctx: Ctx,
  caseId: string,
  taskId: string,
  dueAt: Date,
  superior: SuperiorView | undefined,
): Promise<void> {
  await casesDb(ctx)
    .updateTable('cases.card')
    .set({
      escalated_at: ctx.now(),
      escalated_to_person_id: superior?.personId ?? null,
      escalated_to_name: superior ? `${superior.orgName} ${superior.postTitle} ${superior.name}` : null,
    })
    .where('case_id', '=', caseId)
    .where('task_id', '=', taskId)
    .where('colour', '=', 'red')
    .where('due_at', '=', dueAt)
    .execute()
}

const latestVerdict = sql<'accepted' | 'rejected' | 'given' | null>`(select coalesce(e.verdict, 'given') from cases.explanation e
  where e.card_id = cases.card.id order by e.given_at desc, e.id desc limit 1)`

/** Filters of a list of cards. */
export interface CardFilter {
  mine?: boolean | undefined
  colour?: 'yellow' | 'red' | undefined
  state?: 'due' | 'given' | 'accepted' | 'rejected' | undefined
  orgId?: string | undefined
  sort?: (typeof cardSorts)[number] | undefined
  limit: number
  cursor?: string | undefined
}

function cardQuery(ctx: Ctx) {
  return casesDb(ctx)
    .selectFrom('cases.card')
    .innerJoin('cases.case_file as f', 'f.id', 'cases.card.case_id')
    .innerJoin('cases.task as t', (join) =>
      join.onRef('t.case_id', '=', 'cases.card.case_id').onRef('t.task_id', '=', 'cases.card.task_id'),
    )
    .selectAll('cases.card')
    .select([
      'f.title as case_title',
      'f.procedure',
      'f.subject_kind',
      'f.subject_id',
      't.concerns_org_id',
      't.closed_at',
      latestVerdict.as('verdict'),
      sql<string[]>`array(select o.duty from ${sharedSeats})`.as('shared_duties'),
    ])
}

/** What the list can be sorted by; newest first unless asked. */
export const cardSortKeys = {
  issued: { title: '发出', kind: 'instant', by: sql.ref('cases.card.issued_at'), of: (row) => row.issued_at },
  due: { title: '期限', kind: 'instant', by: sql.ref('cases.card.due_at'), of: (row) => row.due_at },
} as const satisfies Record<string, SortKey<{ issued_at: Date; due_at: Date }>>
export const cardSorts = sortsOf(cardSortKeys)

/** The order that is asked for, from the cursor on. */
export function cardOrder({ sort = '-issued', cursor }: Pick<CardFilter, 'sort' | 'cursor'>) {
  return sorted<{ id: string; issued_at: Date; due_at: Date }, keyof typeof cardSortKeys>(
    cardSortKeys,
    { kind: 'id', by: sql.ref('cases.card.id'), of: (row) => row.id },
    sort,
    cursor,
  )
}

/** Cards that the actor may read. */
export async function listCards(ctx: Ctx, actor: Actor, filter: CardFilter) {
  const order = cardOrder(filter)
  const permitted = filter.mine ? holdsCard.where(actor) : readCard.where(actor)
  let query = cardQuery(ctx).where((eb) => permitted(eb as unknown as ExpressionBuilder<CasesTables, 'cases.card'>))
  if (filter.colour) query = query.where('cases.card.colour', '=', filter.colour)
  if (filter.orgId) query = query.where('cases.card.org_id', '=', filter.orgId)
  if (filter.state === 'due') query = query.where('cases.card.colour', '=', 'red').where(sql<boolean>`${latestVerdict} is null`)
  else if (filter.state) query = query.where(sql<boolean>`${latestVerdict} = ${filter.state}`)
  if (order.after) query = query.where(order.after)
  return query
    .orderBy(order.by, order.direction)
    .orderBy(order.tie, order.direction)
    .limit(filter.limit + 1)
    .execute()
}
export type CardRow = Awaited<ReturnType<typeof listCards>>[number]

export async function findCard(ctx: Ctx, id: string): Promise<CardRow | undefined> {
  return cardQuery(ctx).where('cases.card.id', '=', id).executeTakeFirst()
}

/** Locks a card, so that two explanations, or two verdicts, come one after the other. */
export async function lockCard(ctx: Ctx, id: string): Promise<void> {
  await casesDb(ctx).selectFrom('cases.card').select('id').where('id', '=', id).forUpdate().execute()
}

export async function explanationsOf(ctx: Ctx, cardIds: readonly string[]) {
  if (cardIds.length === 0) return []
  return casesDb(ctx)
    .selectFrom('cases.explanation')
    .selectAll()
    .where('card_id', 'in', [...cardIds])
    .orderBy('given_at')
    .orderBy('id')
    .execute()
}
export type ExplanationRow = Awaited<ReturnType<typeof explanationsOf>>[number]

export async function insertExplanation(ctx: Ctx, cardId: string, reason: string): Promise<void> {
  const { actor } = ctx
  await casesDb(ctx)
    .insertInto('cases.explanation')
    .values({
      id: randomUUID(),
      card_id: cardId,
      reason,
      person_id: actor.personId,
      person_name: actor.name,
      org_id: actor.orgId,
      org_name: actor.orgName,
      given_at: ctx.now(),
      verdict: null,
      opinion: null,
      reviewed_by_person_id: null,
      reviewed_by_name: null,
      reviewed_at: null,
    })
    .execute()
}

export async function setVerdict(ctx: Ctx, id: string, verdict: 'accepted' | 'rejected', opinion: string | null): Promise<void> {
  await casesDb(ctx)
    .updateTable('cases.explanation')
    .set({
      verdict,
      opinion,
      reviewed_by_person_id: ctx.actor.personId,
      reviewed_by_name: ctx.actor.name,
      reviewed_at: ctx.now(),
    })
    .where('id', '=', id)
    .execute()
}
