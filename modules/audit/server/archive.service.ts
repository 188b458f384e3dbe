import { createHash, createPublicKey } from 'node:crypto'
import {
  type AuditPackage,
  addDays,
  type Ctx,
  fingerprintOf,
  fingerprintOfHex,
  InvalidState,
  InvalidValue,
  inTransaction,
  NotFound,
  packRows,
  publicKeyHex,
  recordAudit,
  removePacked,
  signatureLine,
  signerOf,
  signPackage,
  startOfDayInShanghai,
  todayInShanghai,
  toPage,
  type VerifiedPackage,
} from '@tongchou/kernel'
import {
  findArchive,
  findByDigest,
  hashAt,
  insertArchive,
  lastCut,
  lastPositionBefore,
  listArchives,
  listSigningKeys,
} from './archive.store.ts'
import type { ArchiveRow } from './audit.tables.ts'
import type { AuditPorts } from './ports.ts'
import { readRetention } from './retention.service.ts'

/**
 * Packs the rows before a day (归档): says which, why, and what the package's SM3 is. Takes nothing out of the log: that is done by whoever
 * runs the server, with the package in hand (`tongchou audit remove`), so that it needs two people.
 */
export async function archiveBefore(ctx: Ctx, ports: AuditPorts, input: { beforeOn: string; reason: string }) {
  const { days } = await readRetention(ctx)
  const latest = addDays(todayInShanghai(ctx.now()), -days)
  if (input.beforeOn > latest)
    throw new InvalidValue('audit.archive_too_young', `保存期限为 ${days} 日，只能归档 ${latest} 之前的日志。`, [
      { path: 'beforeOn', message: `不得晚于 ${latest}` },
    ])
  await ports.sealer.sealNow()
  return inTransaction(ctx, async (tx) => {
    const cut = await lastCut(tx)
    const to = await lastPositionBefore(tx, startOfDayInShanghai(input.beforeOn))
    if (to <= cut.position) throw new InvalidState('audit.nothing_to_archive', `${input.beforeOn} 之前没有尚未归档的日志。`)
    const held = { from: cut.position + 1, to, previous: cut.hash.toString('hex'), head: await hashAt(tx, to) }
    const digest = createHash('sm3')
    let bytes = 0
    const take = (piece: string) => {
      digest.update(piece)
      bytes += Buffer.byteLength(piece)
    }
    const signer = signerOf(ports.keys)
    for await (const piece of packRows(tx.db, held, signer.publicKey)) take(piece)
    const signature = signPackage(ports.keys, digest.copy().digest())
    take(signatureLine(signature))
    const made = { fromPosition: held.from, toPosition: to, digest: digest.digest('hex') }
    const reason = input.reason.trim()
    const row = await insertArchive(tx, {
      from_position: held.from,
      to_position: to,
      head_hash: held.head,
      byte_count: bytes,
      digest: made.digest,
      before_on: input.beforeOn,
      reason,
      requested_by: tx.actor.name,
      requested_at: tx.now(),
      signing_key: signer.publicKey,
      signature,
    })
    if (!row) throw new InvalidState('audit.already_archived', `位置 ${held.from} 至 ${to} 的日志已经归档，请使用已有的归档包。`)
    const detail = { ...made, rows: to - held.from + 1, beforeOn: input.beforeOn, reason }
    await recordAudit(tx, 'audit.archived', { kind: 'audit', id: row.id }, detail)
    return viewArchive(row, cut.position)
  })
}

export async function readArchives(ctx: Ctx, limit: number, cursor: string | undefined) {
  const cut = await lastCut(ctx)
  const rows = await listArchives(ctx, limit, cursor)
  return toPage(
    rows,
    limit,
    (row) => [row.number],
    (row) => viewArchive(row, cut.position),
  )
}

/** The package itself, made anew from the rows: always the same text. Each time it is taken stands in the log. */
export async function openPackage(ctx: Ctx, id: string): Promise<{ fileName: string; pieces: AsyncGenerator<string> }> {
  const row = await findArchive(ctx, id)
  if (!row) throw new NotFound('audit.archive_not_found', '没有这个归档包。')
  const cut = await lastCut(ctx)
  if (row.to_position <= cut.position) throw new InvalidState('audit.archive_removed', '归档包中的日志已移除，请使用已保存的归档包文件。')
  await recordAudit(ctx, 'audit.package_downloaded', { kind: 'audit', id }, { digest: row.digest })
  const held = { from: row.from_position, to: row.to_position, previous: cut.hash.toString('hex'), head: row.head_hash }
  return { fileName: `审计日志归档-${row.from_position}-${row.to_position}.jsonl`, pieces: packageOf(ctx, held, row) }
}

/** As it was signed when it was made, also after the key was changed. */
async function* packageOf(ctx: Ctx, held: AuditPackage, { signing_key, signature }: ArchiveRow): AsyncGenerator<string> {
  if (signing_key === null || signature === null) return yield* packRows(ctx.db, held, null)
  yield* packRows(ctx.db, held, signing_key)
  yield signatureLine(signature)
}

/** Every key that packages were signed with, the newest first: for whoever verifies one elsewhere (签名公钥). */
export async function readSigningKeys(ctx: Ctx, ports: AuditPorts) {
  const { signing } = ports.keys
  return (await listSigningKeys(ctx)).map(({ id, public_key, first_used_at }) => ({
    id,
    fingerprint: fingerprintOf(createPublicKey(public_key ?? '')),
    publicKey: publicKeyHex(public_key ?? ''),
    since: first_used_at.toISOString(),
    inUse: id === signing.current,
  }))
}

/**
 * Takes the rows of a package that was verified out of the log (移除已归档日志), as the database's owner: for the command line, where the
 * operator has the file in hand. Only a package that an audit administrator has made, of rows that are past the time they are kept.
 * @param ctx with a handle of the owner: the application's role may delete nothing of the log
 */
export async function removeArchived(ctx: Ctx, held: VerifiedPackage): Promise<{ rows: number }> {
  return inTransaction(ctx, async (tx) => {
    const known = await findByDigest(tx, held.digest)
    if (!known) throw new InvalidState('audit.package_unknown', '归档包不是审计管理员在本系统归档的，未移除任何记录。')
    const { days } = await readRetention(tx)
    const youngest = startOfDayInShanghai(addDays(todayInShanghai(tx.now()), -days))
    const removed = await removePacked(tx.db, held, { now: tx.now(), youngest })
    const detail = { toPosition: held.to, rows: removed.rows, digest: held.digest }
    await recordAudit(tx, 'audit.archive_removed', { kind: 'audit', id: known.id }, detail)
    return removed
  })
}

function viewArchive(row: ArchiveRow, cutAt: number) {
  return {
    id: row.id,
    fromPosition: row.from_position,
    toPosition: row.to_position,
    headHash: row.head_hash,
    byteCount: row.byte_count,
    digest: row.digest,
    signedBy: row.signing_key === null ? null : (fingerprintOfHex(row.signing_key) ?? null),
    beforeOn: row.before_on,
    reason: row.reason,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at.toISOString(),
    removed: row.to_position <= cutAt,
  }
}
