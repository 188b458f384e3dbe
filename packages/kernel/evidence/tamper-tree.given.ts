import { type Leaf, leafText, openAppender, toHex, utf8 } from '@tongchou/evidence'
import type pg from 'pg'
import type { ChainBreak } from '../audit-chain/verify.ts'
import { batchOfRows, type PlacedRow } from './batch.ts'
import { tree } from './nodes.ts'

/** One way to falsify the tree itself, by position of a leaf, done by somebody who owns the database. */
export interface TreeTampering {
  name: string
  /** What is told without a head from outside; null where only such a head tells. Every second leaf is a batch of the log. */
  tells(position: number): ChainBreak | null
  run(owner: pg.Pool, position: number): Promise<void>
}

const seqAt = async (owner: pg.Pool, position: number) =>
  (await owner.query<{ seq: string }>('select seq from kernel.evidence_place where position = $1', [position])).rows[0]?.seq

const isBatch = (position: number) => position % 2 === 0

/** Ways beside those of the rows: leaves, nodes, places and heads. */
export const treeTamperings: readonly TreeTampering[] = [
  { name: 'edit the digest of a leaf', tells: (p) => (isBatch(p) ? 'batch' : 'leaf'), run: editDigest },
  {
    name: 'edit the time of a leaf',
    tells: () => 'leaf',
    run: async (owner, p) => {
      await owner.query("update kernel.evidence_leaf set at = at - interval '1 millisecond' where seq = $1", [await seqAt(owner, p)])
    },
  },
  {
    name: 'edit a node',
    tells: () => 'leaf',
    run: async (owner, p) => {
      await owner.query('update kernel.evidence_place set nodes = set_bit(nodes, 77, 1 - get_bit(nodes, 77)) where position = $1', [p])
    },
  },
  {
    name: 'take out a leaf',
    tells: (p) => (isBatch(p) && p < 6 ? 'uncovered' : 'missing-leaf'),
    run: async (owner, p) => {
      await owner.query('delete from kernel.evidence_leaf where seq = $1', [await seqAt(owner, p)])
    },
  },
  {
    name: 'take out a place',
    tells: () => 'missing-place',
    run: async (owner, p) => {
      await owner.query('delete from kernel.evidence_place where position = $1', [p])
    },
  },
  {
    name: 'swap two leaves',
    tells: () => 'leaf',
    run: async (owner, p) => {
      const [one, other] = [await seqAt(owner, p), await seqAt(owner, p + 1)]
      await owner.query('update kernel.evidence_place set seq = -1 where position = $1', [p])
      await owner.query('update kernel.evidence_place set seq = $2 where position = $1', [p + 1, one])
      await owner.query('update kernel.evidence_place set seq = $2 where position = $1', [p, other])
    },
  },
  {
    name: 'edit a leaf, rebuild the tree and leave the heads',
    tells: () => 'signed-head',
    run: async (owner, p) => {
      await editTime(owner, p)
      await rebuildTree(owner)
    },
  },
  {
    name: 'change the root of the head behind it, signature and all',
    tells: () => 'signed-head',
    run: async (owner, p) => {
      const head = 'size = (select min(size) from kernel.evidence_head where size >= $1)'
      await owner.query(`update kernel.evidence_head set root = set_bit(root, 3, 1 - get_bit(root, 3)) where ${head}`, [p])
    },
  },
  {
    name: 'change the signature of the head behind it',
    tells: () => 'head-signature',
    run: async (owner, p) => {
      const head = 'size = (select min(size) from kernel.evidence_head where size >= $1)'
      await owner.query(`update kernel.evidence_head set signature = repeat('12', 64) where ${head}`, [p])
    },
  },
  {
    name: 'edit a leaf, rebuild the tree and drop the heads that tell',
    tells: () => null,
    run: async (owner, p) => {
      await editTime(owner, p)
      await rebuildTree(owner)
      await dropUnlikeHeads(owner)
    },
  },
  { name: 'drop the tree, to be made anew', tells: () => null, run: (owner) => emptyTree(owner) },
]

async function editDigest(owner: pg.Pool, position: number): Promise<void> {
  const flip = 'set digest = set_bit(digest, 5, 1 - get_bit(digest, 5))'
  await owner.query(`update kernel.evidence_leaf ${flip} where seq = $1`, [await seqAt(owner, position)])
}

async function editTime(owner: pg.Pool, position: number): Promise<void> {
  await owner.query("update kernel.evidence_leaf set at = at - interval '1 day' where seq = $1", [await seqAt(owner, position)])
}

export async function emptyTree(owner: pg.Pool): Promise<void> {
  await owner.query('delete from kernel.evidence_head; delete from kernel.evidence_place; delete from kernel.evidence_leaf')
}

/** Attests the rows that are there now and builds the tree over it, as an honest sealer would have; heads that tell of another are dropped. */
export async function rewriteTree(owner: pg.Pool, rowsOf: (from: number, to: number) => Promise<PlacedRow[]>): Promise<void> {
  const { rows: leaves } = await owner.query<{ seq: string; from: number; to: number }>(
    `select seq, split_part(subject, '-', 1)::int as "from", split_part(subject, '-', 2)::int as "to" from kernel.evidence_leaf where kind = 'audit'`,
  )
  const all = await rowsOf(1, Number.MAX_SAFE_INTEGER)
  const changed: { seq: string; subject: string; digest: Buffer }[] = []
  for (const { seq, from, to } of leaves) {
    const rows = all.filter(({ position }) => position >= from && position <= to)
    const last = rows.at(-1)
    if (last) changed.push({ seq, subject: `${from}-${last.position}`, digest: Buffer.from(batchOfRows(rows).digest(), 'hex') })
  }
  await owner.query(
    `with gone as (delete from kernel.evidence_leaf where kind = 'audit' and seq <> all($1::bigint[]) returning seq)
     delete from kernel.evidence_place p using gone where p.seq = gone.seq`,
    [changed.map(({ seq }) => seq)],
  )
  await owner.query(
    `update kernel.evidence_leaf l set subject = told.subject, digest = told.digest
     from unnest($1::bigint[], $2::text[], $3::bytea[]) as told (seq, subject, digest) where l.seq = told.seq`,
    [changed.map(({ seq }) => seq), changed.map(({ subject }) => subject), changed.map(({ digest }) => digest)],
  )
  await rebuildTree(owner)
  await dropUnlikeHeads(owner)
}

interface Place extends Leaf {
  seq: string
}

/** Every place and node again, in the order that there is. */
async function rebuildTree(owner: pg.Pool): Promise<void> {
  const { rows } = await owner.query<Place>(
    `select p.seq, l.kind, l.subject, encode(l.digest, 'hex') as digest, to_char(l.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
     from kernel.evidence_place p join kernel.evidence_leaf l on l.seq = p.seq order by p.position`,
  )
  const appender = openAppender(tree)
  const nodes = rows.map((leaf) => Buffer.concat(appender.append(tree.leaf(utf8(leafText(leaf))))))
  await owner.query('delete from kernel.evidence_place')
  await owner.query(
    'insert into kernel.evidence_place (position, seq, nodes) select * from unnest($1::bigint[], $2::bigint[], $3::bytea[])',
    [rows.map((_, index) => index + 1), rows.map(({ seq }) => seq), nodes],
  )
}

async function dropUnlikeHeads(owner: pg.Pool): Promise<void> {
  const { rows: places } = await owner.query<{ nodes: Buffer }>('select nodes from kernel.evidence_place order by position')
  const appender = openAppender(tree)
  const roots = places.map(({ nodes }) => {
    appender.append(nodes.subarray(0, 32))
    return toHex(appender.root())
  })
  const { rows: heads } = await owner.query<{ size: string; root: Buffer }>('select size, root from kernel.evidence_head')
  const unlike = heads.filter(({ size, root }) => roots[Number(size) - 1] !== root.toString('hex')).map(({ size }) => size)
  await owner.query('delete from kernel.evidence_head where size = any($1::bigint[])', [unlike])
}
