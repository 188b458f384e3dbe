import {
  type CaseAct,
  type CaseRef,
  type CaseSubjectPort,
  type Ctx,
  InvalidState,
  InvalidValue,
  NotPermitted,
  notFound,
  recordAudit,
  recordEvent,
} from '@tongchou/kernel'
import type { Report } from '@tongchou/metadata'
import { sql } from 'kysely'
import { cityClasses } from './class.store.ts'
import { issueCode } from './code.service.ts'
import { toContent } from './content.rows.ts'
import { linesOf } from './describe.ts'
import { sinceLastHandIn } from './difference.service.ts'
import type { CatalogPorts } from './ports.ts'
import { readWorkings } from './resource.permissions.ts'
import type { ResourceState } from './resource.schema.ts'
import { findResource, insertVersion, itemsOf, lockResource, updateResource } from './resource.store.ts'
import type { ResourceRow } from './resource.tables.ts'
import { subjectKind } from './resource.view.ts'
import { gapsOf, judge } from './rule-context.ts'

/** Where each event of the procedure may come from, and where it leads. */
const moves: Readonly<Record<string, { from: readonly ResourceState[]; to: ResourceState }>> = {
  'catalog.submitted': { from: ['draft', 'returned'], to: 'submitted' },
  'catalog.signed-off': { from: ['submitted'], to: 'signed-off' },
  // Cases that began before there was a signature of the department go from the hand-in to the secrecy review.
  'catalog.secrecy-reviewed': { from: ['submitted', 'signed-off'], to: 'secrecy-reviewed' },
  'catalog.approved': { from: ['secrecy-reviewed'], to: 'approved' },
  'catalog.registered': { from: ['approved'], to: 'registered' },
  'catalog.returned-to-secrecy': { from: ['secrecy-reviewed'], to: 'signed-off' },
  'catalog.returned': { from: ['submitted', 'signed-off', 'secrecy-reviewed', 'approved'], to: 'returned' },
}

/** What the procedure `catalog-entry` (资源目录编制审核, WH23-15) does to an entry: the only way its state moves. */
export const catalogSubject = (ports: CatalogPorts): CaseSubjectPort => ({
  kind: subjectKind,
  async mayRead(ctx, id) {
    const row = await findResource(ctx, id)
    return row !== undefined && readWorkings.allows(ctx.actor, row)
  },
  readable: (actor, id) =>
    sql<boolean>`exists (select 1 from catalog.resource where catalog.resource.id = ${id}::uuid and ${readWorkings.where(actor)})`,
  async describe(ctx, id) {
    const row = await findResource(ctx, id)
    if (!row) throw notFound('目录条目')
    const lines = linesOf(toContent(row, await itemsOf(ctx, id)), await cityClasses(ctx))
    const difference = await sinceLastHandIn(ctx, ports, row)
    return {
      title: row.name,
      href: `/catalog/${id}`,
      ...(difference ? { difference } : {}),
      facts: lines.map(([label, value]) => ({ label, value, fen: null })),
    }
  },
  async judge(_ctx, _kase, guard) {
    // No article guards a step of this procedure; a guard that a pack adds must not pass unjudged.
    throw new Error(`catalog-entry judges no act, asked for ${guard}`)
  },
  async apply(ctx, kase, event, act) {
    // Where the case itself stands (case.opened, case.ended …) is shown from the case; an entry follows the procedure's own events.
    if (event === 'case.voided') return reopen(ctx, kase)
    if (event.startsWith('case.')) return
    const move = moves[event]
    if (!move) throw new Error(`catalog-entry knows no event ${event}`)
    const row = await locked(ctx, kase)
    if (!move.from.includes(row.state)) throw new InvalidState('catalog.wrong_state', `目录“${row.name}”的状态已变化，请刷新后重新办理。`)
    if (event === 'catalog.signed-off') requireOtherHand(ctx.actor, row.name, row.compiled_by)
    const code = event === 'catalog.registered' ? { code: await issueCode(ctx, ports, row) } : {}
    const moved = await updateResource(ctx, row.id, { state: move.to, ...marks(ctx, event, act), ...code })
    if (event === 'catalog.submitted') await freeze(ctx, ports, moved)
    await recordAudit(ctx, event, { kind: subjectKind, id: row.id }, { caseId: kase.caseId, version: moved.version, ...code })
    await recordEvent(ctx, event, { kind: subjectKind, id: row.id }, { orgId: row.org_id, projectId: row.project_id })
  },
  async retract(ctx, kase, event) {
    const row = await locked(ctx, kase)
    if (event !== 'catalog.submitted' || row.state !== 'submitted')
      throw new Error(`catalog-entry cannot take back ${event} in ${row.state}`)
    await updateResource(ctx, row.id, { state: row.returned_reason === null ? 'draft' : 'returned' })
    await recordAudit(ctx, 'catalog.withdrawn', { kind: subjectKind, id: row.id }, { caseId: kase.caseId })
  },
})

/** Nobody signs off what they compiled themselves (岗位分离), also not by a lent post. */
export function requireOtherHand({ personId, onBehalfOf }: Ctx['actor'], name: string, compilers: readonly string[]): void {
  if (![personId, onBehalfOf?.personId].some((id) => id !== undefined && compilers.includes(id))) return
  throw new NotPermitted(
    'catalog.signed_by_compiler',
    `目录“${name}”由本人编制，编制和审签不得由同一人办理（第十五条，本地补充）。请由本部门其他负责人审签。`,
    [],
    { duties: ['department-head'] },
  )
}

/** A voided case (作废) gives the entry back to who compiled it. */
async function reopen(ctx: Ctx, kase: CaseRef): Promise<void> {
  const row = await locked(ctx, kase)
  if (!['submitted', 'signed-off', 'secrecy-reviewed', 'approved'].includes(row.state)) return
  await updateResource(ctx, row.id, { state: row.returned_reason === null ? 'draft' : 'returned' })
  await recordAudit(ctx, 'catalog.voided', { kind: subjectKind, id: row.id }, { caseId: kase.caseId })
}

/** Refuses to hand in what the rules speak against, every gap with its field and cure. */
export function requireComplete(name: string, report: Report): void {
  const gaps = gapsOf(report)
  if (gaps.length > 0)
    throw new InvalidValue('catalog.incomplete', `目录“${name}”还有${gaps.length}处不符合要求：${gaps[0]?.message}。`, gaps)
}

async function freeze(ctx: Ctx, ports: CatalogPorts, row: ResourceRow): Promise<void> {
  const content = toContent(row, await itemsOf(ctx, row.id))
  requireComplete(content.name, await judge(ctx, ports, content, { orgId: row.org_id, resourceId: row.id }))
  await insertVersion(ctx, row.id, row.version, content)
}

function marks(ctx: Ctx, event: string, act: CaseAct) {
  if (event === 'catalog.returned') return { returned_reason: act.opinion }
  if (event === 'catalog.registered') return { registered_at: ctx.now() }
  return {}
}

async function locked(ctx: Ctx, kase: CaseRef): Promise<ResourceRow> {
  const row = await lockResource(ctx, kase.subject.id)
  if (!row) throw new Error(`case ${kase.caseId} is about catalog entry ${kase.subject.id}, which does not exist`)
  return row
}
