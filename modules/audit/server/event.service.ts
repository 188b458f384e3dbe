import { type Ctx, InvalidValue, NotFound, recordRead, toPage } from '@tongchou/kernel'
import { readEvent } from './event.permissions.ts'
import type { Event, EventQuery, OwnQuery } from './event.schema.ts'
import { type EventRow, findEvent, listEvents, sameRequest, sealOf } from './event.store.ts'
import { type ActionTitles, kindNames, moduleNames } from './titles.ts'

/** The log as far as the post may read it, newest first. What was asked for stands in the log itself. */
export async function searchEvents(ctx: Ctx, titles: ActionTitles, query: EventQuery) {
  requireOrder(query)
  const { limit = 50, module, ...filter } = query
  const { cursor: _cursor, ...asked } = { module, ...filter }
  // An export asks page by page inside its snapshot and is recorded as an export.
  if (!ctx.inside) await recordRead(ctx, { kind: 'audit', id: 'events' }, filtersOf(asked))
  const actions = module === undefined ? {} : { actions: titles.actionsOf([module]) }
  const rows = await listEvents(ctx, readEvent(titles).where(ctx.actor), { ...filter, ...actions, limit })
  return pageOf(rows, limit, titles)
}

/** One's own acts, refusals, looks and sign-ins (我的操作记录), whoever one is. */
export async function ownEvents(ctx: Ctx, titles: ActionTitles, query: OwnQuery) {
  requireOrder(query)
  const limit = query.limit ?? 50
  const rows = await listEvents(ctx, (eb) => eb.and([eb.lit(true)]), { ...query, personId: ctx.actor.personId, limit })
  return pageOf(rows, limit, titles)
}

/** One row with all that it holds. */
export async function readOneEvent(ctx: Ctx, titles: ActionTitles, id: string) {
  const row = /^[1-9][0-9]{0,14}$/.test(id) ? await findEvent(ctx, Number(id)) : undefined
  const scope = readEvent(titles)
  if (!row || !scope.allows(ctx.actor, row)) throw new NotFound('audit.not_found', '审计记录不存在，或不在当前岗位可查看的范围内。')
  return {
    ...viewEvent(row, titles),
    accountId: row.account_id,
    personId: row.person_id,
    postId: row.post_id,
    detail: row.detail,
    seal: (await sealOf(ctx, row.seq)) ?? null,
    sameRequest: (await sameRequest(ctx, scope.where(ctx.actor), row)).map((other) => viewEvent(other, titles)),
  }
}

/** Every action with its title, as far as the post may read its rows. */
export function listActions(ctx: Ctx, titles: ActionTitles) {
  const scope = readEvent(titles)
  return titles
    .all()
    .filter((one) => scope.allows(ctx.actor, one))
    .map((one) => ({ ...one, moduleName: moduleNames[one.module] ?? one.module }))
}

export function requireOrder({ from, to }: { from?: string | undefined; to?: string | undefined }): void {
  if (from && to && from > to)
    throw new InvalidValue('audit.period_reversed', '起始日期晚于截止日期，请更正。', [{ path: 'from', message: '晚于截止日期' }])
}

function filtersOf(asked: Record<string, string | undefined>): Record<string, unknown> {
  const filters = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined))
  return Object.keys(filters).length === 0 ? {} : { filters }
}

function pageOf(rows: readonly EventRow[], limit: number, titles: ActionTitles) {
  return toPage(
    rows,
    limit,
    (row) => [row.at.toISOString(), row.seq],
    (row) => viewEvent(row, titles),
  )
}

function viewEvent(row: EventRow, titles: ActionTitles): Event {
  // What was refused stands under the request; its address tells the kind of the thing.
  const kind = (row.subject_kind === 'request' ? titles.kind(row.action) : undefined) ?? row.subject_kind
  return {
    seq: row.seq,
    at: row.at.toISOString(),
    requestId: row.request_id,
    personName: row.person_name,
    orgId: row.org_id,
    orgName: row.org_name,
    action: row.action,
    title: titles.title(row.action),
    module: titles.module(row.action) ?? null,
    outcome: row.outcome,
    subjectKind: kind,
    subjectKindName: kindNames[kind] ?? kind,
    subjectId: row.subject_id,
  }
}
