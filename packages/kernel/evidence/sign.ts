import { headVerifier, type SignedHead, type Signer, signHead } from '@tongchou/evidence'
import type { Kysely } from 'kysely'
import type { KernelTables } from '../tables.ts'
import { keepHead, newestHead, signedHeads } from './head.ts'
import type { HeadsOutside } from './heads-folder.ts'
import { BrokenTree, rootAt, treeSize } from './nodes.ts'
import type { KeptTroubles } from './troubles.ts'

/** Who signs heads and where they are kept outside the database. */
export interface HeadKeeping {
  signer: Signer
  outside: HeadsOutside | null
}

/** The tree in the database is not what this platform last signed: it was shortened or changed, or restored from an older backup. */
export class ForkedTree extends Error {
  readonly size: number
  constructor(size: number) {
    super(`the evidence log does not hold the head of ${size} leaves that was signed`)
    this.size = size
  }
}

/** No device may hold up the sealing for longer. */
const signWithinMs = 5000

/** Signs the newest head and writes what is not outside yet; keeps what fails, tells it once, and tries again in the next round. */
export function openHeadKeeper({ signer, outside }: HeadKeeping, troubles: KeptTroubles, now: () => Date) {
  const isSigned = headVerifier()
  const requireSameHistory = async (db: Kysely<KernelTables>): Promise<boolean> => {
    const last = outside ? await outside.last() : null
    const isSame = !last || (await holdsHead(db, last))
    if (isSame) troubles.end('forked')
    else troubles.begin('forked', new ForkedTree(last.size))
    return isSame
  }
  const publish = async (db: Kysely<KernelTables>) => {
    if (!outside) return
    const last = await outside.last()
    const isOurs = (head: SignedHead) => head.publicKey === signer.publicKey && isSigned(head)
    // Into a folder that is new the newest goes, which tells of all before; otherwise every one since the last.
    const newest = last ? undefined : await newestHead(db)
    if (newest && isOurs(newest)) await outside.append(newest)
    if (last) for await (const head of signedHeads(db, last.size)) if (isOurs(head)) await outside.append(head)
  }
  return async (db: Kysely<KernelTables>): Promise<void> => {
    // A folder that cannot be read keeps nobody from signing; what stands in it is compared once it can be.
    let isSame = true
    const isReadable = await troubles.attempt('outside', async () => {
      isSame = await requireSameHistory(db)
    })
    // Whoever has changed the past gets no new signature for it.
    if (!isSame) return
    await troubles.attempt('signer', () => signNewest(db, signer, now()))
    if (isReadable) await troubles.attempt('outside', () => publish(db))
  }
}

/** Whether the tree still has the head as its beginning (签名头是否属于本系统). */
export async function holdsHead(db: Kysely<KernelTables>, { size, root }: Pick<SignedHead, 'size' | 'root'>): Promise<boolean> {
  try {
    return size <= (await treeSize(db)) && (await rootAt(db, size)) === root
  } catch (error) {
    if (error instanceof BrokenTree) return false
    throw error
  }
}

async function signNewest(db: Kysely<KernelTables>, signer: Signer, at: Date): Promise<void> {
  const size = await treeSize(db)
  if (size === 0 || (await newestHead(db))?.size === size) return
  const head = { size, root: await rootAt(db, size), at: at.toISOString() }
  await keepHead(db, await within(signWithinMs, signHead(signer, head)))
}

async function within(ms: number, signing: Promise<SignedHead>): Promise<SignedHead> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the signer has not answered within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([signing, late])
  } finally {
    clearTimeout(timer)
  }
}
