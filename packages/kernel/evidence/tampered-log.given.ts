import { type SignedHead, type Signer, sm2Signer } from '@tongchou/evidence'
import type { Kysely } from 'kysely'
import type pg from 'pg'
import { recordAudit } from '../audit.ts'
import { type ChainHead, openSealer, type Sealer } from '../audit-chain/seal.ts'
import { type ChainReport, verifyChain } from '../audit-chain/verify.ts'
import { ctxOf } from '../kernel.given.ts'
import type { KernelTables } from '../tables.ts'
import { signedHeads } from './head.ts'
import { recordLeaf } from './leaf.ts'

const tables = ['audit_event', 'audit_seal', 'audit_head', 'audit_cut', 'evidence_leaf', 'evidence_place', 'evidence_head']
const numbered = ['audit_event', 'evidence_leaf']

/** What somebody holds outside the database. */
export interface Outside {
  heads: ChainHead[]
  signedHeads: SignedHead[]
}

/** A signer whose key is in no database. */
export const aSigner: Signer = sm2Signer('3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8')

/** A log to falsify and to put back as it was. */
export interface TamperedLog {
  sealer: Sealer
  outside: Outside
  restore(): Promise<void>
  verify(outside?: Outside): Promise<ChainReport>
  /** How many leaves the tree has. */
  leaves: number
}

/** Records so many rows in rounds of the given sizes, each with a leaf of another kind before it, and takes what an auditor would hold. */
export async function buildLog(db: Kysely<KernelTables>, owner: pg.Pool, rounds: readonly number[]): Promise<TamperedLog> {
  await owner.query(`truncate ${tables.map((table) => `kernel.${table}`).join(', ')} restart identity`)
  const ctx = ctxOf(db)
  const sealer = openSealer({ db, now: ctx.now, onError: () => undefined, heads: { signer: aSigner, outside: null } })
  let made = 0
  for (const [round, count] of rounds.entries()) {
    await recordLeaf(ctx, { kind: 'exchange', subject: `batch ${round}`, digest: 'ab'.repeat(32) })
    for (let index = 0; index < count; index++)
      await recordAudit(ctx, 'project.submitted', { kind: 'project', id: `p${made++}` }, { b: index, a: '说明', n: 1.5 })
    await sealer.sealNow()
  }
  for (const table of tables) {
    await owner.query(`drop table if exists ${table}_copy`)
    await owner.query(`create table ${table}_copy as select * from kernel.${table}`)
  }
  const heads = (await owner.query<ChainHead>("select position::int, encode(hash, 'hex') as hash from kernel.audit_head order by position"))
    .rows
  const signed: SignedHead[] = []
  for await (const head of signedHeads(db)) signed.push(head)
  const outside = { heads, signedHeads: signed }
  return {
    sealer,
    outside,
    leaves: outside.signedHeads.at(-1)?.size ?? 0,
    verify: (held) => verifyChain(db, held ?? {}),
    restore: () => restore(owner),
  }
}

async function restore(owner: pg.Pool): Promise<void> {
  const client = await owner.connect()
  try {
    await client.query('begin')
    for (const table of tables) {
      await client.query(`delete from kernel.${table}`)
      const numbers = numbered.includes(table) ? 'overriding system value' : ''
      await client.query(`insert into kernel.${table} ${numbers} select * from ${table}_copy`)
      if (numbers)
        await client.query(`select setval(pg_get_serial_sequence('kernel.${table}', 'seq'), (select max(seq) from kernel.${table}))`)
    }
    await client.query('commit')
  } finally {
    client.release()
  }
}
