import { type CaseSummary, type Ctx, notFound } from '@tongchou/kernel'
import { differenceOf, type Report } from '@tongchou/metadata'
import type { Amendment, AmendmentAct, AmendmentKind, AmendmentLine } from './amendment.schema.ts'
import { toContent } from './content.rows.ts'
import type { Content } from './content.schema.ts'
import { namesIn } from './difference.service.ts'
import type { CatalogPorts } from './ports.ts'
import { reliancesOn } from './reliance.ts'
import { compileResource, submitResource } from './resource.permissions.ts'
import type { VersionDifference } from './resource.schema.ts'
import { findResource, itemsOf } from './resource.store.ts'
import type { AmendmentRow, ResourceRow } from './resource.tables.ts'
import { toCaseLine } from './resource.view.ts'
import { gapsOf, judge } from './rule-context.ts'

/** The kinds of subject of their procedures, which have the same names. */
export const amendmentSubjects = { change: 'catalog-change', withdrawal: 'catalog-withdrawal' } as const satisfies Record<
  AmendmentKind,
  string
>

/** It may be written: it was never handed in, or it came back (退回). */
export function isOpenForEdit({ state }: Pick<AmendmentRow, 'state'>): boolean {
  return state === 'draft' || state === 'returned'
}

/** The whole entry as a change wants it. */
export function contentOf(row: AmendmentRow): Content {
  if (row.content === null) throw new Error(`amendment ${row.id} changes no content`)
  return row.content
}

/** The page of a change or a withdrawal, with what stands against it and what this actor may do. */
export async function viewAmendment(ctx: Ctx, ports: CatalogPorts, row: AmendmentRow): Promise<Amendment> {
  const entry = await findResource(ctx, row.resource_id)
  if (!entry) throw notFound('目录条目')
  const orgs = await ports.organisations.organisations(ctx, [entry.org_id])
  const merged = row.merged_into === null ? undefined : await findResource(ctx, row.merged_into)
  const cases = await ports.cases.casesOf(ctx, amendmentSubjects[row.kind], row.id)
  const report = row.kind === 'change' && isUnderWay(row) ? await judgeChange(ctx, ports, entry, contentOf(row)) : nothing
  return {
    ...toAmendmentLine({ ...row, name: entry.name, code: entry.code, org_id: entry.org_id }, orgs.get(entry.org_id)?.name ?? entry.org_id),
    mergedInto: merged ? { id: merged.id, name: merged.name, code: merged.code } : null,
    content: row.content,
    code: entry.code,
    difference: row.kind === 'change' ? await againstForce(ctx, ports, row, entry) : null,
    returnedReason: row.state === 'returned' ? row.returned_reason : null,
    gaps: isOpenForEdit(row) ? gapsOf(report) : [],
    findings: report.findings,
    undecided: report.undecided,
    relied: row.kind === 'withdrawal' && isUnderWay(row) ? await reliancesOn(ctx, ports, entry) : [],
    cases: cases.map(toCaseLine),
    mayDo: allowedActs(ctx, row, entry, cases),
    version: row.version,
    updatedBy: row.updated_by,
    updatedAt: row.updated_at.toISOString(),
  }
}

/** What the one rule set says of an entry as a change wants it. */
export async function judgeChange(ctx: Ctx, ports: CatalogPorts, entry: ResourceRow, content: Content): Promise<Report> {
  return judge(ctx, ports, content, { orgId: entry.org_id, resourceId: entry.id })
}

/** What a change makes different: against the version in force, or against the one that it has replaced. */
export async function againstForce(ctx: Ctx, ports: CatalogPorts, row: AmendmentRow, entry: ResourceRow): Promise<VersionDifference> {
  const before = row.replaced ?? toContent(entry, await itemsOf(ctx, entry.id))
  const after = contentOf(row)
  const { fields, items } = differenceOf(before, after, await namesIn(ctx, ports, [before, after]))
  return { fields, parts: items }
}

export type NamedAmendment = AmendmentRow & Pick<ResourceRow, 'name' | 'code' | 'org_id'>

export function toAmendmentLine(row: NamedAmendment, orgName: string): AmendmentLine {
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    entry: { id: row.resource_id, name: row.name, code: row.code },
    org: { id: row.org_id, name: orgName },
    reason: row.reason,
    ground: row.ground,
    state: row.state,
    submittedAt: row.submitted_at?.toISOString() ?? null,
    settledAt: row.settled_at?.toISOString() ?? null,
  }
}

function isUnderWay({ state }: AmendmentRow): boolean {
  return state !== 'settled' && state !== 'abandoned'
}

const nothing: Report = { findings: [], undecided: [] }

function allowedActs({ actor }: Ctx, row: AmendmentRow, entry: ResourceRow, cases: readonly CaseSummary[]): AmendmentAct[] {
  if (!isOpenForEdit(row)) return []
  const acts: AmendmentAct[] = []
  const writes = row.kind === 'change' ? compileResource : submitResource
  if (writes.allows(actor, entry)) acts.push('edit')
  // Once a case waits at its first step, it is handed in again or given up there, not anew.
  if (cases.some((kase) => kase.status === 'running')) return acts
  if (submitResource.allows(actor, entry)) acts.push('submit')
  if (writes.allows(actor, entry)) acts.push('abandon')
  return acts
}
