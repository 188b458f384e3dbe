import { type Actor, type CaseSummary, type Ctx, todayInShanghai } from '@tongchou/kernel'
import { classPath, dutyNames, isPartlyUnshared, type Report } from '@tongchou/metadata'
import { standingOf } from './amendment.standing.ts'
import { cityClasses } from './class.store.ts'
import { previewCode } from './code.service.ts'
import { codesOf } from './code.store.ts'
import { toContent } from './content.rows.ts'
import type { CatalogPorts } from './ports.ts'
import { compileResource, readWorkings, submitResource } from './resource.permissions.ts'
import type { Resource, ResourceAct, ResourceLine } from './resource.schema.ts'
import { itemCounts, itemsOf } from './resource.store.ts'
import type { ResourceRow } from './resource.tables.ts'
import { gapsOf, judge } from './rule-context.ts'

/** Kind of subject the procedure `catalog-entry` is about. */
export const subjectKind = 'catalog-entry'

/** The entry may be changed: it was never handed in, or it came back (退回). */
export function isOpenForChange(row: Pick<ResourceRow, 'state'>): boolean {
  return row.state === 'draft' || row.state === 'returned'
}

/** The page of one entry (目录条目), with what is missing and what this actor may do. */
export async function viewResource(ctx: Ctx, ports: CatalogPorts, row: ResourceRow): Promise<Resource> {
  const content = toContent(row, await itemsOf(ctx, row.id))
  const bearers = dutyNames.flatMap((name) => content.duties[name]?.orgId ?? [])
  const orgs = await ports.organisations.organisations(ctx, [...new Set([row.org_id, ...bearers])])
  const nameOf = (id: string) => orgs.get(id)?.name ?? id
  const showsWorkings = readWorkings.allows(ctx.actor, row)
  const cases = showsWorkings ? await ports.cases.casesOf(ctx, subjectKind, row.id) : []
  const standing = await standingOf(ctx, row)
  // What the rules say is a matter of who compiles and reviews; whoever only reads the catalog reads what was published.
  const report = showsWorkings ? await judge(ctx, ports, content, { orgId: row.org_id, resourceId: row.id }) : nothing
  return {
    id: row.id,
    number: row.number,
    code: row.code,
    codePreview: showsWorkings ? ((await previewCode(ctx, ports, row)) ?? null) : null,
    formerCodes: (await codesOf(ctx, row.id)).flatMap(({ code }) => (code === row.code ? [] : [code])),
    org: { id: row.org_id, name: nameOf(row.org_id) },
    content,
    project:
      row.project_id === null ? null : { id: row.project_id, name: (await ports.projects.project(ctx, row.project_id))?.name ?? null },
    system: row.system_id === null ? null : { id: row.system_id, name: (await ports.systems.system(ctx, row.system_id))?.name ?? null },
    dutyOrgs: Object.fromEntries(bearers.map((id) => [id, nameOf(id)])),
    state: row.state,
    returnedReason: row.state === 'returned' ? row.returned_reason : null,
    registeredAt: row.registered_at?.toISOString() ?? null,
    changedAt: row.changed_at?.toISOString() ?? null,
    withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
    amendment: showsWorkings ? standing.amendment : null,
    withdrawal: standing.withdrawal,
    classPath: content.classCode === null ? null : classPath(content.classCode, await cityClasses(ctx)),
    partlyUnshared: isPartlyUnshared(content),
    gaps: isOpenForChange(row) ? gapsOf(report) : [],
    findings: report.findings,
    undecided: report.undecided,
    cases: cases.map(toCaseLine),
    showsWorkings,
    mayDo: allowedActs(ctx.actor, row, cases, standing.amendment !== null),
    version: row.version,
    updatedBy: row.updated_by,
    updatedAt: row.updated_at.toISOString(),
  }
}

const nothing: Report = { findings: [], undecided: [] }

/** Lines of the catalog, with the names and item counts of all of them read at once. */
export async function viewLines(ctx: Ctx, ports: CatalogPorts, rows: readonly ResourceRow[]): Promise<Map<string, ResourceLine>> {
  const counts = await itemCounts(
    ctx,
    rows.map((row) => row.id),
  )
  const orgs = await ports.organisations.organisations(ctx, [...new Set(rows.map((row) => row.org_id))])
  return new Map(rows.map((row) => [row.id, toLine(row, counts.get(row.id) ?? 0, orgs.get(row.org_id)?.name ?? row.org_id)]))
}

function toLine(row: ResourceRow, itemCount: number, orgName: string): ResourceLine {
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    code: row.code,
    org: { id: row.org_id, name: orgName },
    state: row.state,
    sharing: row.sharing,
    opening: row.opening,
    grade: row.grade,
    updateCycle: row.update_cycle,
    itemCount,
    registeredOn: row.registered_at === null ? null : todayInShanghai(row.registered_at),
    updatedAt: row.updated_at.toISOString(),
  }
}

function allowedActs(actor: Actor, row: ResourceRow, cases: readonly CaseSummary[], isAmended: boolean): ResourceAct[] {
  const acts: ResourceAct[] = []
  if (row.state === 'registered' && !isAmended) {
    if (compileResource.allows(actor, row)) acts.push('open-change')
    if (submitResource.allows(actor, row)) acts.push('open-withdrawal')
  }
  if (!isOpenForChange(row)) return acts
  if (compileResource.allows(actor, row)) acts.push('change')
  // After a return the case waits at its first step: the entry is handed in again there, not anew.
  if (submitResource.allows(actor, row) && !cases.some((kase) => kase.status === 'running')) acts.push('submit')
  return acts
}

export function toCaseLine(kase: CaseSummary): Resource['cases'][number] {
  const holders = kase.holders.map(({ taskId, step, title, orgName }) => ({ taskId, step, title, orgName }))
  return { caseId: kase.caseId, title: kase.title, status: kase.status, holders }
}
