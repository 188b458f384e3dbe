import { randomUUID } from 'node:crypto'
import {
  type Ctx,
  InvalidState,
  InvalidValue,
  inTransaction,
  isId,
  NotPermitted,
  notFound,
  recordAudit,
  requireVersion,
  todayInShanghai,
} from '@tongchou/kernel'
import { askedTerms, requireWithin } from './decide.ts'
import { grantsInForce, livingGrants } from './grant.store.ts'
import { basisText, courseOf, offeredItems } from './offer.ts'
import type { SharedEntry, SharingPorts } from './ports.ts'
import { findRequest, insertRequest, lockRequest, lockResource, openRequestsOf, updateRequest, usualTime } from './request.store.ts'
import { bearer, isOpenForEdit, mayPropose, requestKind, viewRequest } from './request.view.ts'
import { settleGrant, settleRefusal } from './settle.ts'
import { provide, readRequest, review, submitRequest, writeRequest, writerDuties } from './sharing.permissions.ts'
import type { NewRequest, Offer, ProposedDecision, RequestEdit, SharingRequest } from './sharing.schema.ts'
import type { RequestRow } from './sharing.tables.ts'

/** The request as this actor may see it; 404 for whoever may not. */
export async function readableRequest(ctx: Ctx, id: string | undefined): Promise<RequestRow> {
  const row = isId(id) ? await findRequest(ctx, id) : undefined
  if (!row || !readRequest.allows(ctx.actor, row)) throw notFound('共享申请')
  return row
}

async function lockReadable(tx: Ctx, id: string): Promise<RequestRow> {
  const row = await lockRequest(tx, id)
  if (!row || !readRequest.allows(tx.actor, row)) throw notFound('共享申请')
  return row
}

async function entryOf(ctx: Ctx, ports: SharingPorts, resource: string): Promise<SharedEntry> {
  const entry = isId(resource) ? await ports.catalog.registered(ctx, resource) : undefined
  if (!entry) throw notFound('已登记的目录')
  return entry
}

/** What can be asked for of a resource, by whom it is answered and how long that usually takes (资源超市). */
export async function offerOf(ctx: Ctx, ports: SharingPorts, resourceId: string): Promise<Offer> {
  const { id, orgId, content } = await entryOf(ctx, ports, resourceId)
  const provider = await ports.organisations.organisation(ctx, orgId)
  const limit = ports.answerLimit()
  const usual = await usualTime(ctx, orgId)
  const open = await openRequestsOf(ctx, id, ctx.actor.orgId)
  const grants = await grantsInForce(ctx, id, ctx.actor.orgId)
  return {
    resource: { id, name: content.name, abstract: content.abstract, provider: { id: orgId, name: provider?.name ?? orgId } },
    ...{ sharing: content.sharing, condition: content.sharing === 'conditional' ? content.sharingCondition : null },
    basis: content.sharing === 'none' ? basisText(content) : null,
    offered: offeredItems(content).map(({ isSensitive, ...item }) => ({ ...item, sensitive: isSensitive })),
    answer: limit ? { days: limit.days, source: limit.source, verified: limit.isVerified } : null,
    usual: usual ?? null,
    open: open.map(({ id: requestId, number, state }) => ({ id: requestId, number, state })),
    grants: grants.map((grant) => ({ id: grant.id, number: grant.number, way: grant.way, validUntil: grant.valid_until })),
    passing: await passingOf(ctx, ports, { id, orgId, content }),
    mayAsk: orgId !== ctx.actor.orgId && writerDuties.some((duty) => ctx.actor.roles.has(duty)),
  }
}

/** By what an interface can be asked, in the catalog's words: its address and its parameters' own names are the department's. */
async function passingOf(ctx: Ctx, ports: SharingPorts, { id, content }: SharedEntry): Promise<Offer['passing']> {
  const { sharing, sharingChannel, sharingForm, items } = content
  if (sharing === 'none' || sharingChannel !== 'platform' || sharingForm !== 'interface') return null
  const found = await ports.passing(ctx, id)
  const conditions = (found?.parameters ?? []).flatMap(({ item, op, required }) => {
    const name = items.find((one) => one.id === item)?.name
    return name === undefined ? [] : [{ name, op, required }]
  })
  return { ready: found !== undefined, conditions }
}

/** Begins a request (起草共享申请); it may be incomplete in nothing but what is checked when it is handed in. */
export async function draftRequest(
  ctx: Ctx,
  ports: SharingPorts,
  { resourceId, ...input }: NewRequest,
  renews: string | null = null,
): Promise<SharingRequest> {
  return inTransaction(ctx, async (tx) => {
    const entry = await entryOf(tx, ports, resourceId)
    if (entry.orgId === tx.actor.orgId)
      throw new InvalidState('sharing.own_resource', `“${entry.content.name}”由本单位提供，不需申请，可直接使用。`)
    requireSound(entry, input)
    const row = await insertRequest(tx, {
      ...{ id: randomUUID(), resource: entry.id, title: entry.content.name, provider_org_id: entry.orgId, org_id: tx.actor.orgId, renews },
      ...columnsOf(input),
      ...{
        state: 'draft',
        written_by: JSON.stringify(handsOf(tx, [])),
        created_at: tx.now(),
        updated_by: bearer(tx),
        updated_at: tx.now(),
      },
    })
    await recordAudit(tx, 'sharing-request.drafted', { kind: requestKind, id: row.id }, { resourceId: entry.id, renews })
    return viewRequest(tx, ports, row)
  })
}

/** Writes a request that was not handed in yet or came back (修改). */
export async function editRequest(ctx: Ctx, ports: SharingPorts, id: string, { version, ...input }: RequestEdit): Promise<SharingRequest> {
  return inTransaction(ctx, async (tx) => {
    const row = await lockReadable(tx, id)
    requireWriter(tx, row)
    requireVersion(`申请${row.number}`, row, version)
    requireOpen(row)
    requireSound(await entryOf(tx, ports, row.resource), input)
    const written = { written_by: JSON.stringify(handsOf(tx, row.written_by)) }
    const changed = await updateRequest(tx, id, { ...columnsOf(input), ...written })
    await recordAudit(tx, 'sharing-request.edited', { kind: requestKind, id }, { version: changed.version })
    return viewRequest(tx, ports, changed)
  })
}

/**
 * Hands a request in (提交), and follows the catalog's sharing types: what is shared without conditions is granted at once, what is not shared is refused
 * at once with the entry's own basis, all else goes to the department's head and then to the provider.
 */
export async function submitRequestOf(ctx: Ctx, ports: SharingPorts, id: string, version: number): Promise<SharingRequest> {
  return inTransaction(ctx, async (tx) => {
    const row = await lockReadable(tx, id)
    if (!submitRequest.allows(tx.actor, row)) throw new NotPermitted('sharing.not_steward', '共享申请由申请单位的数据专员提交。')
    requireVersion(`申请${row.number}`, row, version)
    requireOpen(row)
    const running = (await ports.cases.casesOf(tx, requestKind, id)).find(({ status }) => status === 'running')
    if (running) throw new InvalidState('sharing.in_case', `申请退回补正后，请在办件“${running.title}”中重新提交或撤回。`)
    await lockResource(tx, row.resource)
    const entry = await entryOf(tx, ports, row.resource)
    requireComplete(tx, row, entry)
    const course = courseOf(entry.content, row.items)
    if (course.course === 'at-once' || course.course === 'refused') {
      const handed = { submitted_by: bearer(tx), submitted_at: tx.now(), decided_at: tx.now() }
      if (course.course === 'at-once') await settleGrant(tx, ports, row, 'system', null, '目录所定共享类型为无条件共享。')
      else await settleRefusal(tx, row, 'system', { ...course, outcome: 'refuse', terms: null })
      const settled = await updateRequest(tx, id, { state: course.course === 'at-once' ? 'granted' : 'refused', ...handed })
      await recordAudit(tx, 'sharing-request.settled', { kind: requestKind, id }, { outcome: settled.state, resourceId: row.resource })
      return viewRequest(tx, ports, settled)
    }
    await ports.cases.open(tx, {
      procedure: 'sharing-request',
      subject: { kind: requestKind, id, version: row.version },
      title: `共享申请：${row.title}`,
      orgs: { 'subject-org': row.org_id, provider: row.provider_org_id },
      act: { outcome: 'submit', opinion: null, form: {}, documents: [], choices: [], dates: {} },
    })
    // The case has moved the row on through the subject port; what is shown is what it made of it.
    return viewRequest(tx, ports, (await findRequest(tx, id)) ?? row)
  })
}

/** What has to be so when it is handed in, each gap with its place and cure. */
export function requireComplete(tx: Ctx, row: RequestRow, entry: SharedEntry): void {
  const items = offeredItems(entry.content).filter((item) => Object.hasOwn(row.items, item.id))
  const gaps: { path: string; message: string }[] = []
  const course = courseOf(entry.content, row.items)
  if (course.course === 'mixed')
    gaps.push({ path: 'items', message: `${course.names.join('、')}不予共享，不能与其他信息项一并申请，请去掉或另行申请` })
  const sensitive = items.filter((item) => item.isSensitive)
  if (course.course !== 'refused' && sensitive.length > 0 && !row.necessity?.trim())
    gaps.push({
      path: 'necessity',
      message: `${sensitive.map(({ name }) => name).join('、')}为敏感信息项，须说明为何必需、不能以其他信息项代替`,
    })
  if (row.valid_until < todayInShanghai(tx.now())) gaps.push({ path: 'validUntil', message: '使用期限已过，请改写期限' })
  if (gaps.length > 0) throw new InvalidValue('sharing.incomplete', `申请还有${gaps.length}处不符合要求：${gaps[0]?.message}。`, gaps)
}

/** Gives up (撤回) what is in no case. */
export async function abandonRequest(ctx: Ctx, ports: SharingPorts, id: string, version: number): Promise<SharingRequest> {
  return inTransaction(ctx, async (tx) => {
    const row = await lockReadable(tx, id)
    requireWriter(tx, row)
    requireVersion(`申请${row.number}`, row, version)
    requireOpen(row)
    const running = (await ports.cases.casesOf(tx, requestKind, id)).find(({ status }) => status === 'running')
    if (running) throw new InvalidState('sharing.in_case', `已立案，请在办件“${running.title}”中办理撤回。`)
    const gone = await updateRequest(tx, id, { state: 'abandoned' })
    await recordAudit(tx, 'sharing-request.abandoned', { kind: requestKind, id }, {})
    return viewRequest(tx, ports, gone)
  })
}

/** Writes down what is about to be decided (拟决定): nothing is decided before it is signed in the case. */
export async function proposeDecision(
  ctx: Ctx,
  ports: SharingPorts,
  id: string,
  { version, ...proposed }: ProposedDecision,
): Promise<SharingRequest> {
  return inTransaction(ctx, async (tx) => {
    const row = await lockReadable(tx, id)
    if (!mayPropose(tx, row)) throw refusedProposal(tx, row)
    requireVersion(`申请${row.number}`, row, version)
    const entry = await entryOf(tx, ports, row.resource)
    if (proposed.outcome === 'grant' && proposed.terms) {
      requireRows(entry, proposed.terms.rows, 'terms/rows')
      requireWithin(askedTerms(row, offeredItems(entry.content)), proposed.terms, row)
    }
    const kept = { ...proposed, terms: proposed.outcome === 'grant' ? proposed.terms : null }
    const changed = await updateRequest(tx, id, { proposed: JSON.stringify(kept) })
    await recordAudit(tx, 'sharing-request.proposed', { kind: requestKind, id }, { outcome: proposed.outcome, version: changed.version })
    return viewRequest(tx, ports, changed)
  })
}

function refusedProposal(tx: Ctx, row: RequestRow): NotPermitted | InvalidState {
  if (provide.allows(tx.actor, row) || review.allows(tx.actor, row))
    return new InvalidState('sharing.not_deciding', '该申请不在本岗位答复或复核的环节，不能填写决定。')
  return new NotPermitted('sharing.not_deciding_office', '共享申请由提供方的数据专员答复，争议由市大数据中心复核，申请单位不得自行决定。')
}

/** Takes a refusal or a reduction to the center (提出争议). */
export async function disputeDecision(ctx: Ctx, ports: SharingPorts, id: string, version: number, reason: string): Promise<SharingRequest> {
  return inTransaction(ctx, async (tx) => {
    const row = await lockReadable(tx, id)
    if (!submitRequest.allows(tx.actor, row)) throw new NotPermitted('sharing.not_steward', '争议由申请单位的数据专员提出。')
    requireVersion(`申请${row.number}`, row, version)
    if (row.state !== 'refused' && row.state !== 'granted-less')
      throw new InvalidState('sharing.no_dispute', '只对不予共享、部分授权的决定提出争议。')
    await updateRequest(tx, id, { dispute_reason: reason })
    await ports.cases.open(tx, {
      procedure: 'sharing-dispute',
      subject: { kind: requestKind, id, version: row.version },
      title: `共享争议：${row.title}`,
      orgs: { 'subject-org': row.org_id, provider: row.provider_org_id },
      act: { outcome: 'submit', opinion: reason, form: {}, documents: [], choices: [], dates: {} },
    })
    return viewRequest(tx, ports, (await findRequest(tx, id)) ?? row)
  })
}

/** Grants that hold stand against the withdrawal of an entry (撤销); the requests that wait are answered by it. */
export async function reliesOn(ctx: Ctx, resourceId: string): Promise<{ message: string; cure: string }[]> {
  await lockResource(ctx, resourceId)
  const grants = await livingGrants(ctx, resourceId)
  const users = new Set(grants.map(({ org_id }) => org_id)).size
  if (users === 0) return []
  const last = grants
    .map(({ valid_until }) => valid_until)
    .sort()
    .at(-1)
  return [
    {
      message: `${users}个部门正在使用该资源，共${grants.length}项授权，最迟${last}到期（授权编号${grants.map(({ number }) => number).join('、')}）`,
      cure: '待授权到期，或由提供方逐项收回授权后再撤销',
    },
  ]
}

type Input = Omit<RequestEdit, 'version'>

function columnsOf(input: Input) {
  return {
    ...{ way: input.way, items: JSON.stringify(input.items), row_conditions: JSON.stringify(input.rows), purpose: input.purpose },
    ...{ matter: input.matter, basis: input.basis, necessity: input.necessity?.trim() ? input.necessity : null },
    ...{ valid_from: input.validFrom, valid_until: input.validUntil, quota_per_day: input.quotaPerDay },
  }
}

/** The longest term that is asked for at once; longer use is renewed, so that somebody looks at it again. */
const mostYears = 3

function requireSound(entry: SharedEntry, input: Input): void {
  const known = new Set(offeredItems(entry.content).map(({ id }) => id))
  const wrong = (path: string, message: string) => new InvalidValue('sharing.bad_request', `${message}。`, [{ path, message }])
  const ids = Object.keys(input.items)
  if (ids.length === 0) throw wrong('items', '请至少选择一个信息项')
  for (const id of ids) if (!known.has(id)) throw wrong(`items/${id}`, `目录“${entry.content.name}”没有信息项 ${id}`)
  if (input.validUntil < input.validFrom) throw wrong('validUntil', '使用期限的截止日期不得早于起始日期')
  if (Number(input.validUntil.slice(0, 4)) - Number(input.validFrom.slice(0, 4)) > mostYears)
    throw wrong('validUntil', `一次申请的使用期限不超过${mostYears}年，到期前可以续期`)
  requireRows(entry, input.rows, 'rows')
}

function requireRows(entry: SharedEntry, rows: Input['rows'], path: string): void {
  const items = offeredItems(entry.content)
  for (const [place, { item: id }] of rows.entries()) {
    const item = items.find((one) => one.id === id)
    if (!item?.canFilter) {
      const message = item ? `信息项“${item.name}”不能用作数据范围的条件` : `目录“${entry.content.name}”没有信息项 ${id}`
      throw new InvalidValue('sharing.bad_rows', `${message}。`, [{ path: `${path}/${place}/item`, message }])
    }
  }
}

function requireWriter(tx: Ctx, row: RequestRow): void {
  if (writeRequest.allows(tx.actor, row)) return
  const cure = provide.allows(tx.actor, row) ? '提供方在答复环节填写决定。' : '由申请单位的数据专员或申报人员办理。'
  throw new NotPermitted('sharing.not_writer', `共享申请由申请单位填写。${cure}`)
}

function requireOpen(row: RequestRow): void {
  if (isOpenForEdit(row)) return
  throw new InvalidState('sharing.not_open', '申请已提交或已办结，不能修改。需要变更的，另行申请。')
}

/** Whoever wrote on it, each once: none of them signs it for the department, also not by a lent post. */
function handsOf({ actor }: Ctx, before: readonly string[]): string[] {
  const hands = [actor.personId, actor.onBehalfOf?.personId].filter((id) => id !== undefined)
  return [...new Set([...before, ...hands])]
}
