import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ComparisonProblem, compareNamed, type NamedResult } from '@tongchou/compare'
import { type Ctx, DomainError, InvalidState, inTransaction, type Jobs, NotPermitted, recordAudit } from '@tongchou/kernel'
import type { PackComparison } from '@tongchou/resource-packs'
import type { Position, RunRow } from './comparison.tables.ts'
import { definitionOf } from './definitions.ts'
import { dispatchFindings } from './dispatch.job.ts'
import { countsOf, foundIn, mergeOf } from './finding.merge.ts'
import { insertFindings, lockCurrent, updateFinding } from './finding.store.ts'
import { neededOf, planOf, refText } from './plan.ts'
import type { BuiltLibrary, ComparisonPorts, CopiedLibrary } from './ports.ts'
import { dispatchJob, librariesFor, ownerOf, runJob, runKind } from './run.service.ts'
import { endRun, findRun, noteTables } from './run.store.ts'

/** What the runner does for comparisons: they themselves, and handing out what they found. */
export function comparisonJobs(ports: ComparisonPorts): Jobs {
  return {
    kinds: [
      {
        kind: runJob,
        queue: 'long',
        work: (ctx, payload, { stopping }) => carryOut(ctx, ports, (payload as { runId: string }).runId, stopping),
      },
      {
        kind: dispatchJob,
        queue: 'long',
        work: (ctx, payload, { stopping }) =>
          dispatchFindings(ctx, ports, payload as { runId: string; postId: string; accountId: string }, stopping),
      },
    ],
  }
}

/** Somebody pressed 停止 while it ran. */
class Stopped extends Error {}
/** The server goes down: the run stays as it is, and the next start begins it anew. */
class Interrupted extends Error {}

/** The engine's share of the machine; beyond it, it writes to disk. */
const engineLimits = { memoryMib: 768, threads: 2 }

/** Makes a run. Begun anew after a death in between it ends once: everything that is written is written in its last transaction. */
async function carryOut(system: Ctx, ports: ComparisonPorts, id: string, stopping: AbortSignal): Promise<void> {
  const run = await findRun(system, id)
  if (run?.state !== 'running') return
  const folder = await mkdtemp(join(tmpdir(), 'tongchou-comparison-'))
  try {
    const actor = await ports.actorOfPost(system, run.post_id)
    if (actor?.accountId !== run.account_id)
      throw new NotPermitted('comparison.post_lost', '发起人已不在原岗位，或账号已停用，比对没有完成。')
    const ctx: Ctx = { ...system, actor }
    const found = definitionOf(ports.packs, run.comparison)
    if (!found) throw new InvalidState('comparison.unknown', `本版本的资源包没有比对“${run.title}”。`)
    const { libraries } = await librariesFor(ctx, ports, found.comparison)
    if (ownerOf(found.comparison, libraries) !== run.org_id)
      throw new InvalidState('comparison.moved', '被核对数据的提供单位已变化，请重新发起。')
    const { copied, result } = await compared(ctx, ports, run, found.comparison, libraries, folder, stopping)
    await finish(ctx, ports, run, found.comparison, libraries, copied, result)
  } catch (error) {
    if (error instanceof Stopped) return
    if (stopping.aborted || error instanceof Interrupted) throw new Interrupted('a comparison was interrupted')
    await fail(system, ports, run, error)
    if (!(error instanceof DomainError || error instanceof ComparisonProblem)) throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function compared(
  ctx: Ctx,
  ports: ComparisonPorts,
  run: RunRow,
  comparison: PackComparison,
  libraries: readonly BuiltLibrary[],
  folder: string,
  stopping: AbortSignal,
): Promise<{ copied: CopiedLibrary[]; result: NamedResult }> {
  const { copyOut, recordKey } = ports.libraries
  if (!copyOut) throw new InvalidState('comparison.no_engine', '本程序没有启用比对引擎，不能比对。')
  const stopped = new AbortController()
  const both = AbortSignal.any([stopping, stopped.signal])
  const look = setInterval(() => {
    findRun(ctx, run.id)
      .then((now) => now?.state !== 'running' && stopped.abort())
      .catch(() => undefined)
  }, 1000)
  try {
    const wanted = neededOf(comparison).flatMap(({ ref, items }) => {
      const library = libraries.find((one) => refText(one.ref) === refText(ref))
      return library ? [{ resource: library.resource, items }] : []
    })
    const copied = await copyOut(wanted, folder, both, async (tables) => {
      if (!(await noteTables(ctx, run.id, tables))) throw new Stopped()
    })
    return { copied, result: await compareNamed(planOf(comparison, libraries, copied, recordKey), { ...engineLimits, folder }, both) }
  } catch (error) {
    throw stopped.signal.aborted ? new Stopped() : error
  } finally {
    clearInterval(look)
  }
}

async function finish(
  ctx: Ctx,
  ports: ComparisonPorts,
  run: RunRow,
  comparison: PackComparison,
  libraries: readonly BuiltLibrary[],
  copied: readonly CopiedLibrary[],
  result: NamedResult,
): Promise<void> {
  const found = foundIn(comparison, libraries, result)
  const positions = libraries.map(({ resource, title, orgId }): Position => {
    const { seq = 0, structure = 0, rows = 0 } = copied.find((one) => one.resource === resource) ?? {}
    return { resource, title, orgId, seq, structure, rows }
  })
  await inTransaction(ctx, async (tx) => {
    const merge = mergeOf(await lockCurrent(tx, run.comparison), found)
    const counts = countsOf(result, found, merge)
    const ended = await endRun(tx, run.id, { state: 'done', counts: JSON.stringify(counts), positions: JSON.stringify(positions) })
    // Stopped in the last moment: nothing of it is kept.
    if (!ended) throw new Stopped()
    const at = tx.now()
    await insertFindings(
      tx,
      merge.fresh.map((one) => ({
        ...{ comparison: run.comparison, comparison_title: run.title, kind: one.kind, rule: one.rule },
        ...{ org_id: one.orgId, sender_org_id: run.org_id, resource: one.resource, record_key: one.key },
        ...{ evidence: JSON.stringify(one.evidence), digest: one.digest, state: 'new' as const, outcome: null, outcome_reason: null },
        ...{ handled_by: null, first_run: run.id, last_run: run.id, gone_run: null, found_at: at, updated_at: at },
      })),
    )
    for (const { row, found: one, reopens } of merge.again)
      await updateFinding(tx, row.id, {
        ...{ evidence: JSON.stringify(one.evidence), digest: one.digest, org_id: one.orgId, last_run: run.id, gone_run: null },
        ...(reopens ? { state: 'new' as const, is_again: true } : {}),
      })
    // What somebody is at stays theirs to end; that it is not found any more is shown there.
    for (const row of merge.gone)
      await updateFinding(tx, row.id, { gone_run: run.id, ...(row.state === 'sent' ? {} : { state: 'gone' as const }) })
    const { byReason: _reasons, byError: _errors, ...numbers } = counts
    await recordAudit(
      tx,
      'comparison.finished',
      { kind: runKind, id: run.id },
      {
        ...{ comparison: run.comparison, ...numbers },
        positions: positions.map(({ resource, seq }) => ({ resource, seq })),
      },
    )
    await tell(
      tx,
      ports,
      run,
      'comparison.done',
      `“${run.title}”已完成`,
      `不符合条件 ${counts.found} 户，来源差错 ${counts.errors} 条，其中新增 ${counts.fresh} 项。`,
    )
  })
}

async function fail(ctx: Ctx, ports: ComparisonPorts, run: RunRow, error: unknown): Promise<void> {
  const isKnown = error instanceof DomainError || error instanceof ComparisonProblem
  const reason = isKnown ? error.message : '系统未能完成比对，请稍后重新发起。'
  await inTransaction(ctx, async (tx) => {
    if (!(await endRun(tx, run.id, { state: 'failed', failure: reason }))) return
    await recordAudit(
      tx,
      'comparison.failed',
      { kind: runKind, id: run.id },
      {
        comparison: run.comparison,
        code: isKnown ? error.code : 'comparison.defect',
      },
    )
    await tell(tx, ports, run, 'comparison.failed', `“${run.title}”未能完成`, reason)
  })
}

async function tell(tx: Ctx, ports: ComparisonPorts, run: RunRow, kind: string, title: string, body: string): Promise<void> {
  await ports.notices.send(tx, {
    ...{ kind, to: [{ personId: run.person_id }], subject: { kind: runKind, id: run.id }, title, body },
    ...{ href: `/comparison-runs/${run.id}`, onceKey: `${kind}:${run.id}` },
  })
}
