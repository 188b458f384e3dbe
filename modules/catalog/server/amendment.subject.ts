import {
  type CaseAct,
  type CaseRef,
  type CaseSubjectPort,
  type Ctx,
  InvalidState,
  notFound,
  recordAudit,
  recordEvent,
} from '@tongchou/kernel'
import { itemChangeWords, labelOf } from '@tongchou/metadata'
import { sql } from 'kysely'
import type { AmendmentKind, AmendmentState } from './amendment.schema.ts'
import { findAmendment, insertAmendmentVersion, lockAmendment, updateAmendment } from './amendment.store.ts'
import { againstForce, amendmentSubjects, contentOf, judgeChange } from './amendment.view.ts'
import { requireComplete, requireOtherHand } from './catalog.subject.ts'
import { cityClasses } from './class.store.ts'
import { toContent } from './content.rows.ts'
import { linesOf } from './describe.ts'
import type { CatalogPorts } from './ports.ts'
import { publishChange, publishWithdrawal, requireGateKept } from './publish.service.ts'
import { reliancesOn, requireUnrelied } from './reliance.ts'
import { readWorkings } from './resource.permissions.ts'
import { findResource, itemsOf } from './resource.store.ts'
import type { AmendmentRow, ResourceRow } from './resource.tables.ts'

interface Move {
  from: readonly AmendmentState[]
  to: AmendmentState
}

/** Where each event of the two procedures may come from, and where it leads. A withdrawal shows no content, so secrecy is not asked again. */
const moves: Readonly<Record<AmendmentKind, Readonly<Record<string, Move>>>> = {
  change: {
    submitted: { from: ['draft', 'returned'], to: 'submitted' },
    'signed-off': { from: ['submitted'], to: 'signed-off' },
    'secrecy-reviewed': { from: ['signed-off'], to: 'secrecy-reviewed' },
    'returned-to-secrecy': { from: ['secrecy-reviewed'], to: 'signed-off' },
    approved: { from: ['secrecy-reviewed'], to: 'approved' },
    published: { from: ['approved'], to: 'settled' },
    returned: { from: ['submitted', 'signed-off', 'secrecy-reviewed', 'approved'], to: 'returned' },
    abandoned: { from: ['draft', 'returned'], to: 'abandoned' },
  },
  withdrawal: {
    submitted: { from: ['draft', 'returned'], to: 'submitted' },
    'signed-off': { from: ['submitted'], to: 'signed-off' },
    published: { from: ['signed-off'], to: 'settled' },
    returned: { from: ['submitted', 'signed-off'], to: 'returned' },
    abandoned: { from: ['draft', 'returned'], to: 'abandoned' },
  },
}

/** What the procedures `catalog-change` (目录变更) and `catalog-withdrawal` (目录撤销) do: the only way a change gets into force. */
export const amendmentSubject = (ports: CatalogPorts, kind: AmendmentKind): CaseSubjectPort => ({
  kind: amendmentSubjects[kind],
  async mayRead(ctx, id) {
    const found = await whole(ctx, id)
    return found !== undefined && readWorkings.allows(ctx.actor, found.entry)
  },
  readable: (actor, id) =>
    sql<boolean>`exists (select 1 from catalog.amendment a join catalog.resource on catalog.resource.id = a.resource_id
      where a.id = ${id}::uuid and ${readWorkings.where(actor)})`,
  async partOf(ctx, id) {
    const row = await findAmendment(ctx, id)
    return row && { kind: 'catalog-entry', id: row.resource_id }
  },
  async describe(ctx, id) {
    const found = await whole(ctx, id)
    if (!found) throw notFound('目录变更')
    return { href: `/catalog/amendments/${id}`, ...(await (kind === 'change' ? describeChange : describeWithdrawal)(ctx, ports, found)) }
  },
  async judge(_ctx, _kase, guard) {
    // No article guards a step of these procedures; a guard that a pack adds must not pass unjudged.
    throw new Error(`${amendmentSubjects[kind]} judges no act, asked for ${guard}`)
  },
  async apply(ctx, kase, event, act) {
    if (event === 'case.voided') return reopen(ctx, kase)
    if (event.startsWith('case.')) return
    const name = event.slice(amendmentSubjects[kind].length + 1)
    const move = moves[kind][name]
    if (!move || event !== `${amendmentSubjects[kind]}.${name}`) throw new Error(`${amendmentSubjects[kind]} knows no event ${event}`)
    const row = await locked(ctx, kase)
    if (!move.from.includes(row.state)) throw new InvalidState('catalog.wrong_state', '目录变更的状态已变化，请刷新后重新办理。')
    const entry = await entryOf(ctx, row)
    if (name === 'signed-off') requireOtherHand(ctx.actor, entry.name, row.compiled_by)
    if (name === 'submitted') await requireReady(ctx, ports, row, entry)
    const replaced = name === 'published' && kind === 'change' ? await publishChange(ctx, ports, row) : undefined
    if (name === 'published' && kind === 'withdrawal') await publishWithdrawal(ctx, ports, row)
    const moved = await updateAmendment(ctx, row.id, {
      state: move.to,
      ...marks(ctx, name, act),
      ...(replaced ? { replaced: JSON.stringify(replaced) } : {}),
    })
    if (name === 'submitted' && kind === 'change') await insertAmendmentVersion(ctx, moved, contentOf(moved))
    const subject = { kind: amendmentSubjects[kind], id: row.id }
    await recordAudit(ctx, event, subject, { caseId: kase.caseId, version: moved.version, resourceId: row.resource_id })
    await recordEvent(ctx, event, subject, { caseId: kase.caseId, resourceId: row.resource_id })
  },
  async retract(ctx, kase, event) {
    const row = await locked(ctx, kase)
    if (event !== `${amendmentSubjects[kind]}.submitted` || row.state !== 'submitted')
      throw new Error(`${amendmentSubjects[kind]} cannot take back ${event} in ${row.state}`)
    await updateAmendment(ctx, row.id, { state: row.returned_reason === null ? 'draft' : 'returned' })
    await recordAudit(ctx, `${amendmentSubjects[kind]}.withdrawn`, { kind: amendmentSubjects[kind], id: row.id }, { caseId: kase.caseId })
  },
})

/** What has to be so when it is handed in: the rules over a change, nothing that relies on what would be withdrawn. */
async function requireReady(ctx: Ctx, ports: CatalogPorts, row: AmendmentRow, entry: ResourceRow): Promise<void> {
  if (row.kind === 'withdrawal') return requireUnrelied(entry.name, await reliancesOn(ctx, ports, entry))
  const { fields, parts } = await againstForce(ctx, ports, row, entry)
  if (fields.length + parts.length === 0)
    throw new InvalidState('catalog.nothing_changed', `变更内容与现行目录“${entry.name}”没有差异，请先修改变更内容，或撤回变更。`)
  requireComplete(entry.name, await judgeChange(ctx, ports, entry, contentOf(row)))
  await requireGateKept(ctx, ports, entry, contentOf(row))
}

function marks(ctx: Ctx, name: string, act: CaseAct) {
  if (name === 'submitted') return { submitted_by: `${ctx.actor.orgName} ${ctx.actor.name}`, submitted_at: ctx.now() }
  if (name === 'returned') return { returned_reason: act.opinion }
  return name === 'published' || name === 'abandoned' ? { settled_at: ctx.now() } : {}
}

async function describeChange(ctx: Ctx, ports: CatalogPorts, { row, entry }: Whole) {
  const content = contentOf(row)
  const { fields, parts } = await againstForce(ctx, ports, row, entry)
  const lines = [['变更理由', row.reason] as const, ...linesOf(content, await cityClasses(ctx))]
  return {
    title: content.name,
    difference: {
      title: row.replaced === null ? '变更内容较现行目录' : '变更内容较变更前的目录',
      fields,
      parts: parts.map((item) => ({ ...item, changes: item.changes.map((one) => itemChangeWords[one]) })),
    },
    facts: lines.map(([label, value]) => ({ label, value, fen: null })),
  }
}

async function describeWithdrawal(ctx: Ctx, _ports: CatalogPorts, { row, entry }: Whole) {
  const into = row.merged_into === null ? undefined : await findResource(ctx, row.merged_into)
  const lines = [
    ['撤销理由', labelOf('withdrawalGround', row.ground)] as const,
    ['情况说明', row.reason] as const,
    ...(into ? [['并入的目录', `${into.name}（${into.code ?? '未赋码'}）`] as const] : []),
    ['资源代码', entry.code] as const,
    ...linesOf(toContent(entry, await itemsOf(ctx, entry.id)), await cityClasses(ctx)),
  ]
  return { title: entry.name, facts: lines.map(([label, value]) => ({ label, value, fen: null })) }
}

/** A voided case (作废) gives it back to who wrote it. */
async function reopen(ctx: Ctx, kase: CaseRef): Promise<void> {
  const row = await locked(ctx, kase)
  if (['draft', 'returned', 'settled', 'abandoned'].includes(row.state)) return
  await updateAmendment(ctx, row.id, { state: row.returned_reason === null ? 'draft' : 'returned' })
  const kind = amendmentSubjects[row.kind]
  await recordAudit(ctx, `${kind}.voided`, { kind, id: row.id }, { caseId: kase.caseId })
}

interface Whole {
  row: AmendmentRow
  entry: ResourceRow
}

async function whole(ctx: Ctx, id: string): Promise<Whole | undefined> {
  const row = await findAmendment(ctx, id)
  const entry = row && (await findResource(ctx, row.resource_id))
  return row && entry && { row, entry }
}

async function entryOf(ctx: Ctx, row: AmendmentRow): Promise<ResourceRow> {
  const entry = await findResource(ctx, row.resource_id)
  if (!entry) throw new Error(`amendment ${row.id} is about catalog entry ${row.resource_id}, which does not exist`)
  return entry
}

async function locked(ctx: Ctx, kase: CaseRef): Promise<AmendmentRow> {
  const row = await lockAmendment(ctx, kase.subject.id)
  if (!row) throw new Error(`case ${kase.caseId} is about amendment ${kase.subject.id}, which does not exist`)
  return row
}
