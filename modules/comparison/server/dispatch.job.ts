import { type Ctx, inTransaction, todayInShanghai } from '@tongchou/kernel'
import { definitionOf, groundTitle } from './definitions.ts'
import { dueField, procedureOf } from './finding.kinds.ts'
import { nextWaiting, updateFinding } from './finding.store.ts'
import type { ComparisonPorts } from './ports.ts'
import { findRun } from './run.store.ts'

/**
 * Opens a case of each finding that waits (转办), one in a transaction, in the name of who handed them out: begun anew after a death in between it goes on
 * where it was. Ends where that person has lost the post; what waits then, waits for another.
 */
export async function dispatchFindings(
  system: Ctx,
  ports: ComparisonPorts,
  { runId, postId, accountId }: { runId: string; postId: string; accountId: string },
  stopping: AbortSignal,
): Promise<void> {
  const run = await findRun(system, runId)
  const definition = run && definitionOf(ports.packs, run.comparison)
  if (!run || !definition) return
  const { comparison } = definition
  for (;;) {
    stopping.throwIfAborted()
    const actor = await ports.actorOfPost(system, postId)
    if (actor?.accountId !== accountId) return
    const isDone = await inTransaction({ ...system, actor }, async (tx) => {
      const row = await nextWaiting(tx, run.comparison)
      if (!row) return true
      const { workDays } = row.kind === 'group' ? comparison.handling : comparison.correction
      const { date: dueOn } = (await ports.calendar(tx)).days.addWorkingDays(todayInShanghai(tx.now()), workDays)
      const opened = await updateFinding(tx, row.id, { state: 'sent', due_on: dueOn, is_again: row.is_again })
      const title =
        row.kind === 'group'
          ? `${comparison.title}：${row.record_key}`
          : `数据校核：${groundTitle(comparison, row.rule)}（第 ${row.number} 号）`
      await ports.cases.open(tx, {
        procedure: procedureOf(row),
        subject: { kind: procedureOf(row), id: row.id, version: opened.version },
        title,
        orgs: { responsible: row.org_id },
        act: { outcome: 'submit', opinion: null, form: {}, documents: [], choices: [], dates: { [dueField]: dueOn } },
      })
      return false
    })
    if (isDone) return
  }
}
