import { type Ctx, notFound, pageWithin, toPage } from '@tongchou/kernel'
import type { PackComparison } from '@tongchou/resource-packs'
import { dispatchFinding, readRun, runComparison } from './comparison.permissions.ts'
import type { RunRow } from './comparison.tables.ts'
import { definitionOf, definitionsOf, groundTitle, nameOf } from './definitions.ts'
import { countWaiting } from './finding.store.ts'
import type { ComparisonPorts } from './ports.ts'
import type { ComparisonLine, Run, RunQuery } from './run.schema.ts'
import { librariesFor, ownerOf } from './run.service.ts'
import { findRun, lastRuns, listRuns } from './run.store.ts'

/** The named comparisons of the packs, each with what it still lacks; whether it runs is told to those who may read its runs. */
export async function comparisonPage(ctx: Ctx, ports: ComparisonPorts, query: { limit?: number; cursor?: string }) {
  const definitions = definitionsOf(ports.packs).map(({ comparison }) => comparison)
  const runs = definitions.length === 0 ? [] : await lastRuns(ctx, definitions.map(nameOf))
  const lines = await Promise.all(
    definitions.map(async (comparison): Promise<ComparisonLine> => {
      const { libraries, missing } = await librariesFor(ctx, ports, comparison)
      const orgId = ownerOf(comparison, libraries)
      const org = orgId === undefined ? undefined : await ports.organisations.organisation(ctx, orgId)
      const running = runs.find((run) => run.comparison === nameOf(comparison) && run.state === 'running')
      return {
        ...{ comparison: nameOf(comparison), title: comparison.title, summary: comparison.summary, basis: comparison.basis },
        org: orgId === undefined ? null : { id: orgId, name: org?.name ?? orgId },
        reasons: comparison.reasons.map(({ id, title, basis }) => ({ id, title, basis })),
        errors: comparison.errors.map(({ id, title }) => ({ id, title })),
        missing,
        runningId: running && readRun.allows(ctx.actor, running) ? running.id : null,
        mayRun: missing.length === 0 && orgId !== undefined && runComparison.allows(ctx.actor, { org_id: orgId }) && !running,
      }
    }),
  )
  return pageWithin(lines, query)
}

export async function runPage(ctx: Ctx, ports: ComparisonPorts, query: RunQuery) {
  const limit = query.limit ?? 50
  const rows = await listRuns(ctx, query, limit)
  const views = new Map(await Promise.all(rows.map(async (row) => [row.id, await viewRun(ctx, ports, row)] as const)))
  return toPage(
    rows,
    limit,
    (row) => [row.number],
    (row) => {
      const view = views.get(row.id)
      if (!view) throw new Error('a run of the page was not made')
      return view
    },
  )
}

/** The run as this actor may read it; 404 for whoever may not. */
export async function readableRun(ctx: Ctx, id: string): Promise<RunRow> {
  const row = await findRun(ctx, id)
  if (!row || !readRun.allows(ctx.actor, row)) throw notFound('比对任务')
  return row
}

export async function viewRun(ctx: Ctx, ports: ComparisonPorts, row: RunRow): Promise<Run> {
  const comparison = definitionOf(ports.packs, row.comparison)?.comparison
  const org = await ports.organisations.organisation(ctx, row.org_id)
  const waitingCount = row.state === 'done' ? await countWaiting(ctx, row.comparison) : 0
  const mayRun = runComparison.allows(ctx.actor, row)
  return {
    ...{ id: row.id, number: Number(row.number), comparison: row.comparison, title: row.title },
    org: { id: row.org_id, name: org?.name ?? row.org_id },
    ...{ state: row.state, purpose: row.purpose, basis: row.basis, note: row.note },
    requestedBy: `${row.org_name} ${row.person_name}`,
    requestedAt: row.requested_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    doneTables: row.done_tables,
    totalTables: row.total_tables,
    positions: row.state === 'done' ? row.positions.map(({ title, seq, rows }) => ({ title, seq, rows })) : [],
    counts: countsView(comparison, row),
    failure: row.failure,
    waitingCount,
    mayDo: [
      ...(mayRun && row.state === 'running' ? (['stop'] as const) : []),
      ...(dispatchFinding.allows(ctx.actor, row) && row.state === 'done' && waitingCount > 0 ? (['dispatch'] as const) : []),
    ],
  }
}

function countsView(comparison: PackComparison | undefined, { counts }: RunRow): Run['counts'] {
  if (!counts) return null
  const { byReason, byError, ...numbers } = counts
  const counted = (all: Record<string, number>, ids: readonly string[]) =>
    [...new Set([...ids, ...Object.keys(all)])].map((id) => ({ id, title: groundTitle(comparison, id), count: all[id] ?? 0 }))
  return {
    ...numbers,
    byReason: counted(byReason, comparison?.reasons.map(({ id }) => id) ?? []),
    byError: counted(byError, comparison?.errors.map(({ id }) => id) ?? []),
  }
}
