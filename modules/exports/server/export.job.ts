import { type Actor, type Ctx, DomainError, InvalidState, inTransaction, type Jobs, NotPermitted, recordAudit } from '@tongchou/kernel'
import { chosenColumns, exportJob, inSnapshot, recordMade } from './export.service.ts'
import { deleteExpiredPieces, deletePieces, endExport, findExport, insertPiece, noteProgress } from './export.store.ts'
import type { ExportRow } from './export.tables.ts'
import { type MadeFile, makeWorkbook, mostRows, pagesOf } from './make.ts'
import type { ExportsPorts } from './ports.ts'

/** What the runner does for exports: the long ones, and once a day it forgets the files whose time is over. */
export function exportJobs(ports: ExportsPorts): Jobs {
  return {
    kinds: [
      {
        kind: exportJob,
        queue: 'long',
        work: (ctx, payload, { stopping }) => makeExport(ctx, ports, (payload as { exportId: string }).exportId, stopping),
      },
      { kind: 'export.forget', queue: 'short', work: (ctx) => deleteExpiredPieces(ctx) },
    ],
    schedules: [{ key: 'export.forget', owner: 'exports', kind: 'export.forget', everySeconds: 24 * 3600, catchUp: 'once' }],
  }
}

/** Somebody pressed 停止 while it ran: nothing more is to be written. */
class Stopped extends Error {}

/** The server is going down: the export stays as it is, and the next start makes it anew. */
class Interrupted extends Error {}

/**
 * Makes a long export, as a job: with the post's duties of now, in one snapshot, so that rows which change meanwhile are
 * neither doubled nor left out. Run twice, also after a death in between, it begins anew and ends once.
 * @param system a context of the platform itself, outside any transaction
 */
async function makeExport(system: Ctx, ports: ExportsPorts, id: string, stopping: AbortSignal): Promise<void> {
  const made = await findExport(system, id)
  if (made?.state !== 'running') return
  try {
    const actor = await maker(system, ports, made)
    const ctx: Ctx = { ...system, actor }
    await deletePieces(ctx, id)
    const file = await write(ctx, ports, made, stopping)
    await finish(ctx, ports, made, file)
  } catch (error) {
    if (error instanceof Stopped) return deletePieces(system, id)
    if (error instanceof Interrupted) throw error
    await fail(system, ports, made, error)
    if (!(error instanceof DomainError)) throw error
  }
}

/** Who asked for it, with what the post may do now. */
async function maker(ctx: Ctx, ports: ExportsPorts, made: ExportRow): Promise<Actor> {
  const actor = await ports.actorOfPost(ctx, made.post_id)
  if (actor?.accountId !== made.account_id) throw new NotPermitted('export.post_lost', '导出人已不在原岗位，或账号已停用，导出没有完成。')
  return actor
}

async function write(ctx: Ctx, ports: ExportsPorts, made: ExportRow, stopping: AbortSignal): Promise<MadeFile> {
  const list = ports.lists.get(made.list)
  if (!list) throw new InvalidState('export.unknown_list', `本版本没有列表“${made.title}”，请重新导出。`)
  const columns = chosenColumns(list.description.columns, made.columns)
  const read = await list.open(ctx, made.params, made.query)
  let seq = 0
  return inSnapshot(ctx, (tx) =>
    makeWorkbook(
      made,
      columns,
      pagesOf((limit, cursor) => read(tx, limit, cursor)),
      made.requested_at,
      // Outside the snapshot: pieces and progress are seen while it is still open.
      (piece) => insertPiece(ctx, made.id, seq++, piece),
      async (rows, total) => {
        if (stopping.aborted) throw new Interrupted()
        if (rows > mostRows) throw new InvalidState('export.too_long', `超过一个工作表可容纳的 ${mostRows} 条，请先筛选。`)
        if (!sameDuties(ctx.actor, await maker(ctx, ports, made)))
          throw new NotPermitted('export.duties_changed', '导出期间岗位职责已经变化，导出没有完成。请按现有职责重新导出。')
        if (!(await noteProgress(ctx, made.id, rows, total))) throw new Stopped()
      },
    ),
  )
}

/** The same office, the same duties, each for the same area (区域). */
export function sameDuties(before: Actor, now: Actor): boolean {
  const duties = [...before.roles]
  return (
    before.orgId === now.orgId &&
    before.roles.size === now.roles.size &&
    duties.every((duty) => now.roles.has(duty) && sameArea(before.within?.get(duty), now.within?.get(duty)))
  )
}

/** Both everywhere, or both the same organisations. */
function sameArea(before: ReadonlySet<string> | undefined, now: ReadonlySet<string> | undefined): boolean {
  if (!before || !now) return before === now
  return before.size === now.size && [...before].every((orgId) => now.has(orgId))
}

async function finish(ctx: Ctx, ports: ExportsPorts, made: ExportRow, file: MadeFile): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const ended = await endExport(tx, made.id, { state: 'ready', done_rows: file.rows, size_bytes: file.bytes, sha256: file.sha256 })
    if (!ended) throw new Stopped()
    await recordMade(tx, made, file)
    await tell(tx, ports, made, 'export.ready', `“${made.title}”已导出`, `共 ${file.rows} 条，文件保留 7 天。`)
  })
}

async function fail(ctx: Ctx, ports: ExportsPorts, made: ExportRow, error: unknown): Promise<void> {
  const reason = error instanceof DomainError ? error.message : '系统未能完成导出，请稍后重新导出。'
  await inTransaction(ctx, async (tx) => {
    if (!(await endExport(tx, made.id, { state: 'failed', failure: reason }))) return
    await deletePieces(tx, made.id)
    const code = error instanceof DomainError ? error.code : 'export.defect'
    await recordAudit(tx, 'export.failed', { kind: 'export', id: made.id }, { list: made.list, code, personName: made.person_name })
    await tell(tx, ports, made, 'export.failed', `“${made.title}”未能导出`, reason)
  })
}

async function tell(tx: Ctx, ports: ExportsPorts, made: ExportRow, kind: string, title: string, body: string): Promise<void> {
  const to = [{ personId: made.person_id }]
  await ports.notices.send(tx, {
    kind,
    to,
    subject: { kind: 'export', id: made.id },
    title,
    body,
    href: '/exports',
    onceKey: `${kind}:${made.id}`,
  })
}
