import { type SignedHead, sm2Fingerprint } from '@tongchou/evidence'
import {
  type Ctx,
  consistencyBetween,
  countUnsealed,
  InvalidState,
  InvalidValue,
  inTransaction,
  newestHead,
  recordAudit,
  type Troubles,
  toPage,
  treeSize,
} from '@tongchou/kernel'
import type { Leaf, LeafQuery, Status } from './attestation.schema.ts'
import { countWaitingLeaves, listEvidenceKeys, listPlacedLeaves, listSignedHeads } from './attestation.store.ts'
import type { AttestationPorts } from './ports.ts'

/** How the evidence log stands (存证状态): what waits, what was signed last and by which key, what does not work. */
export async function readStatus(ctx: Ctx, ports: AttestationPorts): Promise<Status> {
  const [head, leaves] = [await newestHead(ctx.db), await treeSize(ctx.db)]
  const keys = await listEvidenceKeys(ctx)
  return {
    leaves,
    unsealed: await countUnsealed(ctx.db, 'latest'),
    unplaced: await countWaitingLeaves(ctx),
    unsigned: Math.max(0, leaves - (head?.size ?? 0)),
    head: head ?? null,
    keys: keys.map(({ publicKey, since }) => ({
      fingerprint: sm2Fingerprint(publicKey),
      publicKey,
      since: since.toISOString(),
      inUse: publicKey === ports.publicKey,
    })),
    troubles: troublesOf(ports.sealer.troubles()),
  }
}

/** Leaves of the log, the newest first. */
export async function readLeaves(ctx: Ctx, ports: AttestationPorts, query: LeafQuery) {
  const limit = query.limit ?? 50
  const signed = (await newestHead(ctx.db))?.size ?? 0
  return toPage(
    await listPlacedLeaves(ctx, query, limit),
    limit,
    (row) => [row.position],
    ({ position, kind, subject, digest, at }): Leaf => {
      const port = ports.kinds.get(kind)
      const titles = { kindTitle: port?.title ?? kind, subjectTitle: port?.subjectTitle(subject) ?? subject }
      return { position, kind, subject, ...titles, digest: digest.toString('hex'), at: at.toISOString(), signed: position <= signed }
    },
  )
}

export async function readHeads(ctx: Ctx, limit: number, cursor: string | undefined) {
  return toPage(
    await listSignedHeads(ctx, limit, cursor),
    limit,
    (head) => [head.size],
    (head) => head,
  )
}

/** Signs what is there and hands the head out (取得当前签名头), for somebody else to hold. */
export async function takeHead(ctx: Ctx, ports: AttestationPorts): Promise<SignedHead> {
  await ports.sealer.sealNow()
  const head = await newestHead(ctx.db)
  if (!head || head.size < (await treeSize(ctx.db))) throw interrupted(ports.sealer.troubles())
  return inTransaction(ctx, async (tx) => {
    await recordAudit(tx, 'evidence.head_taken', { kind: 'evidence', id: String(head.size) }, { size: head.size })
    return head
  })
}

/** The proof that a head of this size, which somebody holds, is the beginning of the newest one (一致性证明). */
export async function readConsistency(ctx: Ctx, size: number) {
  const head = await newestHead(ctx.db)
  if (!head) throw new InvalidState('evidence.no_head', '尚无签名头，请稍后再试。')
  if (size > head.size) {
    const message = `所持签名头有 ${size} 叶，平台最近的签名头只有 ${head.size} 叶：存证树被截短，或该签名头不是本平台的。请立即校验日志。`
    throw new InvalidValue('evidence.head_ahead', message, [{ path: 'size', message: `不得大于 ${head.size}` }])
  }
  return { first: size, head, path: await consistencyBetween(ctx.db, size, head.size) }
}

function interrupted(troubles: Troubles): InvalidState {
  if (troubles.forked)
    return new InvalidState(
      'evidence.forked',
      '存证树与最近签署的签名头不一致，已停止签署。请立即校验日志，并与外部签名头比对；恢复过旧备份的，按运维说明处理。',
    )
  return new InvalidState('evidence.signing_interrupted', '签名暂时中断，办理不受影响。恢复后自动补签，请稍后再取。')
}

function troublesOf(troubles: Troubles): Status['troubles'] {
  const abouts = ['forked', 'tree', 'signer', 'outside'] as const
  return abouts.flatMap((about) => {
    const trouble = troubles[about]
    return trouble ? [{ about, since: trouble.since.toISOString() }] : []
  })
}
