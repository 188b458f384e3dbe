import { type Ctx, InvalidState, InvalidValue, inTransaction, NotPermitted, notFound, recordAudit } from '@tongchou/kernel'
import type { PackComparison } from '@tongchou/resource-packs'
import { dispatchFinding, readRun, runComparison } from './comparison.permissions.ts'
import type { Position, RunRow } from './comparison.tables.ts'
import { type Definition, definitionOf, nameOf } from './definitions.ts'
import { countWaiting } from './finding.store.ts'
import { neededOf, refText } from './plan.ts'
import type { BuiltLibrary, ComparisonPorts } from './ports.ts'
import type { NewRun } from './run.schema.ts'
import { endRun, insertRun, lockRun, markDispatched } from './run.store.ts'

export const runKind = 'comparison-run'
export const runJob = 'comparison.run'
export const dispatchJob = 'comparison.dispatch'

/** The registers that a comparison reads, where they are built, and those that are not. */
export async function librariesFor(
  ctx: Ctx,
  ports: ComparisonPorts,
  comparison: PackComparison,
): Promise<{ libraries: BuiltLibrary[]; missing: string[]; doubled: string[] }> {
  const refs = neededOf(comparison).map(({ ref }) => ref)
  const libraries = await ports.libraries.built(ctx, refs)
  const titleOf = (text: string) => {
    const ref = refs.find((one) => refText(one) === text)
    const pack = ports.packs.find(({ manifest }) => manifest.pack === ref?.pack)
    return pack?.resources.find(({ name }) => name === ref?.resource)?.title ?? text
  }
  const counts = refs.map((ref) => [titleOf(refText(ref)), libraries.filter((one) => refText(one.ref) === refText(ref)).length] as const)
  return {
    libraries,
    missing: counts.filter(([, count]) => count === 0).map(([title]) => title),
    doubled: counts.filter(([, count]) => count > 1).map(([title]) => title),
  }
}

/** Whose register is compared; undefined while it is not built. */
export function ownerOf({ group }: PackComparison, libraries: readonly BuiltLibrary[]): string | undefined {
  return libraries.find(({ ref }) => refText(ref) === refText(group.of))?.orgId
}

/**
 * Starts a named comparison (发起比对): by whom, what for and on what basis is written down before anything is read, with every register that is read. It goes
 * on as a job when the page is closed.
 */
export async function startRun(ctx: Ctx, ports: ComparisonPorts, input: NewRun): Promise<RunRow> {
  return inTransaction(ctx, async (tx) => {
    const found = definitionOf(ports.packs, input.comparison)
    if (!found)
      throw new InvalidValue('comparison.unknown', `资源包中没有比对“${input.comparison}”。`, [
        { path: 'comparison', message: '没有这个比对，请从清单中选择' },
      ])
    return begin(tx, ports, found, input.note)
  })
}

async function begin(tx: Ctx, ports: ComparisonPorts, { pack, comparison }: Definition, note: string): Promise<RunRow> {
  const { libraries, missing, doubled } = await librariesFor(tx, ports, comparison)
  const orgId = ownerOf(comparison, libraries)
  if (missing.length > 0 || orgId === undefined)
    throw new InvalidState(
      'comparison.not_built',
      `“${comparison.title}”所需的数据尚未建库：${missing.map((title) => `“${title}”`).join('、')}。目录登记、建库后再比对。`,
    )
  if (doubled.length > 0)
    throw new InvalidState('comparison.doubled', `${doubled.map((title) => `“${title}”`).join('、')}有多个单位提供，不能确定用哪一个比对。`)
  if (!runComparison.allows(tx.actor, { org_id: orgId }))
    throw new NotPermitted('comparison.not_runner', '由市大数据中心，或者被核对数据的提供单位的数据专员发起比对。')
  if (!ports.libraries.copyOut) throw new InvalidState('comparison.no_engine', '本程序没有启用比对引擎，不能发起比对。')
  const positions = libraries.map(
    ({ resource, title, orgId: of }): Position => ({ resource, title, orgId: of, seq: 0, structure: 0, rows: 0 }),
  )
  const { actor } = tx
  const run = await insertRun(tx, {
    ...{ comparison: nameOf(comparison), title: comparison.title, pack_version: pack.manifest.version, digest: pack.digest, org_id: orgId },
    ...{ purpose: comparison.summary, basis: comparison.basis.text, note },
    ...{ account_id: actor.accountId, person_id: actor.personId, person_name: actor.name, post_id: actor.postId, org_name: actor.orgName },
    ...{ state: 'running', requested_at: tx.now(), total_tables: libraries.length, positions: JSON.stringify(positions) },
    ...{ counts: null, failure: null },
  })
  if (!run) throw new InvalidState('comparison.running', `“${comparison.title}”正在比对，完成或停止后再发起。`)
  await recordAudit(
    tx,
    'comparison.started',
    { kind: runKind, id: run.id },
    {
      ...{ comparison: run.comparison, digest: pack.digest, basis: comparison.basis.text, note },
      resources: libraries.map(({ title }) => title),
    },
  )
  await ports.jobs.enqueue(tx, runJob, { runId: run.id }, { onceKey: run.id })
  return run
}

async function lockReadable(tx: Ctx, id: string): Promise<RunRow> {
  const run = await lockRun(tx, id)
  if (!run || !readRun.allows(tx.actor, run)) throw notFound('比对任务')
  if (!runComparison.allows(tx.actor, run))
    throw new NotPermitted('comparison.not_runner', '由市大数据中心，或者被核对数据的提供单位的数据专员办理。')
  return run
}

/** Stops a run (停止); nothing that it read stays. */
export async function stopRun(ctx: Ctx, id: string): Promise<RunRow> {
  return inTransaction(ctx, async (tx) => {
    const run = await lockReadable(tx, id)
    const ended = await endRun(tx, id, { state: 'stopped' })
    if (!ended) throw new InvalidState('comparison.not_running', `“${run.title}”的比对已经结束，不能停止。`)
    await recordAudit(tx, 'comparison.stopped', { kind: runKind, id }, { comparison: run.comparison })
    return ended
  })
}

/**
 * Hands out what was found (转办): each household to the office that decides on it, each doubted record to its source, as a case with a limit. A person looks
 * at the counts first: a condition that is wrong must not become a thousand tasks.
 */
export async function dispatchRun(ctx: Ctx, ports: ComparisonPorts, id: string): Promise<RunRow> {
  return inTransaction(ctx, async (tx) => {
    const run = await lockReadable(tx, id)
    if (!dispatchFinding.allows(tx.actor, run)) throw new NotPermitted('comparison.not_center', '比对结果由市大数据中心转办。')
    if (run.state !== 'done') throw new InvalidState('comparison.not_done', '比对没有完成，没有可转办的结果。')
    const waiting = await countWaiting(tx, run.comparison)
    if (waiting === 0) throw new InvalidState('comparison.nothing_waiting', '没有待转办的结果。')
    await markDispatched(tx, id)
    await recordAudit(tx, 'comparison.dispatched', { kind: runKind, id }, { comparison: run.comparison, findings: waiting })
    const { postId, accountId } = tx.actor
    await ports.jobs.enqueue(tx, dispatchJob, { runId: id, postId, accountId }, { onceKey: id })
    return run
  })
}
