import {
  type CaseAct,
  type CaseRef,
  type CaseSubjectPort,
  type Ctx,
  InvalidState,
  NotPermitted,
  notFound,
  recordAudit,
  recordEvent,
} from '@tongchou/kernel'
import { sql } from 'kysely'
import { maskingWords, outcomeWords, requestStateWords, wayWords } from '../words.ts'
import { offeredItems } from './offer.ts'
import type { SharingPorts } from './ports.ts'
import { requireComplete } from './request.service.ts'
import { decisionsOf, findRequest, lockRequest, updateRequest } from './request.store.ts'
import { bearer, requestKind, shownTerms } from './request.view.ts'
import { settleGrant, settleRefusal, settleUpheld } from './settle.ts'
import { readRequest } from './sharing.permissions.ts'
import type { Proposed, RequestRow, RequestState } from './sharing.tables.ts'

/** Where each event of the two procedures may come from. */
const from: Readonly<Record<string, readonly RequestState[]>> = {
  'sharing-request.submitted': ['draft', 'returned'],
  'sharing-request.signed-off': ['submitted'],
  'sharing-request.returned': ['submitted', 'signed-off'],
  'sharing-request.granted': ['signed-off'],
  'sharing-request.refused': ['signed-off'],
  'sharing-request.abandoned': ['returned'],
  'sharing-request.disputed': ['refused', 'granted-less'],
  'sharing-request.directed': ['disputed'],
  'sharing-request.upheld': ['disputed'],
}

const nothing: Proposed = { outcome: 'refuse', terms: null, reason: null, basisLaw: null, basisClause: null }

/** What the procedures `sharing-request` (共享申请) and `sharing-dispute` (共享争议) do to a request: how anything but the system grants or refuses. */
export const requestSubject = (ports: SharingPorts): CaseSubjectPort => ({
  kind: requestKind,
  async mayRead(ctx, id) {
    const row = await findRequest(ctx, id)
    return row !== undefined && readRequest.allows(ctx.actor, row)
  },
  readable: (actor, id) =>
    sql<boolean>`exists (select 1 from sharing.request where sharing.request.id = ${id}::uuid and ${readRequest.where(actor, 'sharing.request')})`,
  async partOf(ctx, id) {
    const row = await findRequest(ctx, id)
    return row && { kind: 'catalog-entry', id: row.resource }
  },
  describe: (ctx, id) => describe(ctx, ports, id),
  async judge(_ctx, _kase, guard) {
    // No article guards a step of these procedures; a guard that a pack adds must not pass unjudged.
    throw new Error(`sharing-request judges no act, asked for ${guard}`)
  },
  async apply(ctx, kase, event, act) {
    if (event === 'case.voided') return reopen(ctx, kase)
    if (event.startsWith('case.')) return
    const row = await locked(ctx, kase)
    const before = from[event]
    if (!before) throw new Error(`sharing-request knows no event ${event}`)
    if (!before.includes(row.state)) throw new InvalidState('sharing.wrong_state', '申请的状态已变化，请刷新后重新办理。')
    const moved = await updateRequest(ctx, row.id, await outcomeOf(ctx, ports, row, event, act))
    const detail = { caseId: kase.caseId, version: moved.version, resourceId: row.resource, outcome: moved.state }
    await recordAudit(ctx, event, { kind: requestKind, id: row.id }, detail)
    await recordEvent(ctx, event, { kind: requestKind, id: row.id }, detail)
  },
  async retract(ctx, kase, event) {
    const row = await locked(ctx, kase)
    if (event === 'sharing-request.submitted' && row.state === 'submitted')
      await updateRequest(ctx, row.id, { state: row.returned_reason === null ? 'draft' : 'returned' })
    else if (event === 'sharing-request.disputed' && row.state === 'disputed')
      await updateRequest(ctx, row.id, { state: await decidedState(ctx, row), proposed: null })
    else throw new Error(`sharing-request cannot take back ${event} in ${row.state}`)
    await recordAudit(ctx, 'sharing-request.withdrawn', { kind: requestKind, id: row.id }, { caseId: kase.caseId })
  },
})

/** What an event writes into the request; what it grants or refuses is written on the way. */
async function outcomeOf(ctx: Ctx, ports: SharingPorts, row: RequestRow, event: string, act: CaseAct) {
  const decided = { decided_at: ctx.now(), proposed: null }
  switch (event.slice('sharing-request.'.length)) {
    case 'submitted': {
      const entry = await ports.catalog.registered(ctx, row.resource)
      if (!entry) throw new InvalidState('sharing.entry_gone', `目录“${row.title}”已撤销，不能申请。请撤回申请。`)
      requireComplete(ctx, row, entry)
      return { state: 'submitted' as const, submitted_by: bearer(ctx), submitted_at: ctx.now() }
    }
    case 'signed-off':
      requireOtherHand(ctx, row)
      return { state: 'signed-off' as const }
    case 'returned':
      return { state: 'returned' as const, returned_reason: act.opinion, proposed: null }
    case 'granted': {
      if (row.proposed?.outcome === 'refuse') throw otherThanProposed('不予共享')
      const outcome = await settleGrant(ctx, ports, row, 'provider', row.proposed, act.opinion)
      return { state: outcome === 'granted-less' ? ('granted-less' as const) : ('granted' as const), ...decided }
    }
    case 'refused':
      if (row.proposed?.outcome === 'grant') throw otherThanProposed('同意共享')
      await settleRefusal(ctx, row, 'provider', row.proposed ?? nothing)
      return { state: 'refused' as const, ...decided }
    case 'disputed':
      return { state: 'disputed' as const, proposed: null }
    case 'directed':
      await settleGrant(ctx, ports, row, 'center', row.proposed, act.opinion)
      return { state: 'directed' as const, ...decided }
    case 'upheld':
      await settleUpheld(ctx, row, act.opinion)
      return { state: 'upheld' as const, ...decided }
    default:
      return { state: 'abandoned' as const }
  }
}

function otherThanProposed(word: string): InvalidState {
  return new InvalidState('sharing.other_than_proposed', `申请页面上填写的决定是“${word}”，与所办理的不一致。请先改写决定，再办理。`)
}

/** Nobody signs for the department what they wrote themselves (岗位分离), also not by a lent post. */
function requireOtherHand({ actor }: Ctx, row: RequestRow): void {
  if (![actor.personId, actor.onBehalfOf?.personId].some((id) => id !== undefined && row.written_by.includes(id))) return
  throw new NotPermitted(
    'sharing.signed_by_writer',
    '本申请由本人填写，填写和审签不得由同一人办理（本地补充）。请由本部门其他负责人审签。',
    [],
    {
      duties: ['department-head'],
    },
  )
}

async function decidedState(ctx: Ctx, row: RequestRow): Promise<RequestState> {
  const last = (await decisionsOf(ctx, row.id)).at(-1)
  return last?.outcome === 'granted-less' ? 'granted-less' : 'refused'
}

/** A voided case (作废) gives it back to who wrote it; a voided dispute leaves what was decided. */
async function reopen(ctx: Ctx, kase: CaseRef): Promise<void> {
  const row = await locked(ctx, kase)
  if (row.state === 'disputed') await updateRequest(ctx, row.id, { state: await decidedState(ctx, row), proposed: null })
  else if (row.state === 'submitted' || row.state === 'signed-off')
    await updateRequest(ctx, row.id, { state: row.returned_reason === null ? 'draft' : 'returned', proposed: null })
  else return
  await recordAudit(ctx, 'sharing-request.voided', { kind: requestKind, id: row.id }, { caseId: kase.caseId })
}

async function locked(ctx: Ctx, kase: CaseRef): Promise<RequestRow> {
  const row = await lockRequest(ctx, kase.subject.id)
  if (!row) throw new Error(`case ${kase.caseId} is about sharing request ${kase.subject.id}, which does not exist`)
  return row
}

/** What the head, the provider and the center read before they decide. */
async function describe(ctx: Ctx, ports: SharingPorts, id: string) {
  const row = await findRequest(ctx, id)
  if (!row) throw notFound('共享申请')
  const orgs = await ports.organisations.organisations(ctx, [row.org_id, row.provider_org_id])
  const entry = (await ports.catalog.registered(ctx, row.resource))?.content
  const offered = entry ? offeredItems(entry) : []
  const items = Object.entries(row.items).map(([item, whole]) => {
    const one = offered.find((other) => other.id === item)
    return `${one?.name ?? item}${one?.isSensitive ? '（敏感）' : ''}${whole || !one?.masking ? '' : `（脱敏：${maskingWords[one.masking] ?? one.masking}）`}`
  })
  const named = (of: RequestRow['row_conditions']) =>
    of.map(({ item, is }) => `${offered.find((one) => one.id === item)?.name ?? item}＝${is}`).join('；')
  const decisions = (await decisionsOf(ctx, id)).map(
    (one) =>
      `${outcomeWords[one.outcome]}${one.reason ? `：${one.reason}` : ''}${one.terms && entry ? `（${shownTerms(one.terms, entry).items.length}个信息项，至${one.terms.validUntil}）` : ''}`,
  )
  const lines: (readonly [string, string | null])[] = [
    ['数据资源', row.title],
    ['申请单位', orgs.get(row.org_id)?.name ?? row.org_id],
    ['提供方', orgs.get(row.provider_org_id)?.name ?? row.provider_org_id],
    ['方式', wayWords[row.way]],
    ['办理事项', row.matter],
    ['用途', row.purpose],
    ['依据', row.basis],
    ['信息项', items.join('、')],
    ['最小必要说明', row.necessity],
    ['数据范围', named(row.row_conditions) || '全部'],
    ['使用期限', `${row.valid_from}至${row.valid_until}`],
    ['每日限额', row.quota_per_day === null ? '不限' : `${row.quota_per_day}条`],
    ['状态', requestStateWords[row.state]],
    ...decisions.map((text) => ['已作决定', text] as const),
    ['争议理由', row.dispute_reason],
  ]
  return {
    ...{ title: row.title, href: `/sharing/requests/${id}` },
    facts: lines.flatMap(([label, value]) => (value === null || value === '' ? [] : [{ label, value, fen: null }])),
  }
}
