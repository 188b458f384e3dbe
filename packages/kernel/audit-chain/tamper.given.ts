import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { PlacedRow } from '../evidence/batch.ts'
import { emptyTree, rewriteTree } from '../evidence/tamper-tree.given.ts'
import { genesis, nextHash } from './canonical.ts'

/** One way to falsify the log, done by somebody who owns the database. Leaves it as they would want it to be found, the tree too. */
export interface Tampering {
  name: string
  /** Whether the log tells by itself, and at which position at the latest; null where only a head held outside tells. */
  chainTells: ((position: number) => number) | null
  run(owner: pg.Pool, position: number): Promise<void>
}

const at = (position: number) => position
const after = (position: number) => position + 1

/** The fifteen operators: ten that the chain tells by itself, five that need a head held outside. */
export const tamperings: readonly Tampering[] = [
  { name: 'edit a field', chainTells: at, run: (owner, p) => edit(owner, p) },
  {
    name: 'edit a field and rehash its row',
    chainTells: after,
    run: async (owner, p) => {
      await edit(owner, p)
      await rehash(owner, p, p)
    },
  },
  { name: 'delete', chainTells: at, run: (owner, p) => remove(owner, p) },
  {
    name: 'delete and renumber',
    chainTells: at,
    run: async (owner, p) => {
      await remove(owner, p)
      await shift(owner, p, -1)
    },
  },
  {
    name: 'swap two rows',
    chainTells: at,
    run: async (owner, p) => {
      const [one, other] = [await seqAt(owner, p), await seqAt(owner, p + 1)]
      await owner.query('update kernel.audit_seal set seq = -1 where position = $1', [p])
      await owner.query('update kernel.audit_seal set seq = $2 where position = $1', [p + 1, one])
      await owner.query('update kernel.audit_seal set seq = $2 where position = $1', [p, other])
    },
  },
  {
    name: 'insert',
    chainTells: after,
    run: async (owner, p) => {
      await shift(owner, p, 1)
      await addCopy(owner, p, p + 1, "'forged.act'")
      await rehash(owner, p, p)
    },
  },
  {
    name: 'duplicate',
    chainTells: at,
    run: async (owner, p) => {
      await shift(owner, p, 1)
      await addCopy(owner, p, p + 1, 'e.action')
      await owner.query(
        'update kernel.audit_seal set hash = (select hash from kernel.audit_seal where position = $2) where position = $1',
        [p, p + 1],
      )
    },
  },
  {
    name: 'backdate',
    chainTells: at,
    run: async (owner, p) => {
      await owner.query("update kernel.audit_event set at = at - interval '1 year' where seq = $1", [await seqAt(owner, p)])
    },
  },
  {
    name: 'flip a bit of a hash',
    chainTells: at,
    run: async (owner, p) => {
      await owner.query('update kernel.audit_seal set hash = set_bit(hash, 7, 1 - get_bit(hash, 7)) where position = $1', [p])
    },
  },
  {
    // By somebody who forgot that the platform keeps heads of its own, one for each round.
    name: 'edit a field, rewrite the chain and leave the heads',
    chainTells: () => Number.MAX_SAFE_INTEGER,
    run: async (owner, p) => {
      await edit(owner, p)
      await rehash(owner, 1, await lastPosition(owner))
    },
  },
  {
    name: 'truncate the tail',
    chainTells: null,
    run: async (owner, p) => {
      await truncate(owner, p)
      await rewriteTree(owner, (from, to) => placed(owner, from, to))
    },
  },
  {
    name: 'empty',
    chainTells: null,
    run: async (owner) => {
      await truncate(owner, 1)
      await emptyTree(owner)
    },
  },
  {
    name: 'rewrite the whole chain',
    chainTells: null,
    run: async (owner, p) => {
      await edit(owner, p)
      await rewrite(owner)
    },
  },
  {
    name: 'drop a row and rewrite',
    chainTells: null,
    run: async (owner, p) => {
      await remove(owner, p)
      await shift(owner, p, -1)
      await rewrite(owner)
    },
  },
  {
    name: 'show another history from here on',
    chainTells: null,
    run: async (owner, p) => {
      const last = await lastPosition(owner)
      await truncate(owner, p)
      await owner.query(
        `with made as (insert into kernel.audit_event (at, request_id, action, outcome, subject_kind, subject_id)
           select '2026-03-02T01:00:00Z', 'other', 'other.act', 'done', 'thing', 'other-' || p from generate_series($1::int, $2::int) p
           returning seq)
         insert into kernel.audit_seal (position, seq, hash) select $1 - 1 + row_number() over (order by seq), seq, $3 from made`,
        [p, last, createHash('sm3').digest()],
      )
      await rewrite(owner)
    },
  },
]

async function edit(owner: pg.Pool, position: number): Promise<void> {
  await owner.query("update kernel.audit_event set person_name = '别人' where seq = $1", [await seqAt(owner, position)])
}

async function remove(owner: pg.Pool, position: number): Promise<void> {
  await owner.query('delete from kernel.audit_event where seq = $1', [await seqAt(owner, position)])
  await owner.query('delete from kernel.audit_seal where position = $1', [position])
}

/** Moves every place from here on by one; heads that were kept are moved along, so as not to give it away. */
async function shift(owner: pg.Pool, from: number, by: 1 | -1): Promise<void> {
  // Of two heads that would come to stand at one place, the later stays.
  if (by === -1)
    await owner.query(
      'delete from kernel.audit_head where position = $1 - 1 and exists (select from kernel.audit_head where position = $1)',
      [from],
    )
  for (const table of ['kernel.audit_seal', 'kernel.audit_head']) {
    // Far away and back: each place is taken by its neighbour until that has moved.
    await owner.query(`update ${table} set position = position + 1000000 where position >= $1`, [from])
    await owner.query(`update ${table} set position = position - 1000000 + $1 where position > 1000000`, [by])
  }
}

async function truncate(owner: pg.Pool, from: number): Promise<void> {
  await owner.query('delete from kernel.audit_event e using kernel.audit_seal s where s.seq = e.seq and s.position >= $1', [from])
  await owner.query('delete from kernel.audit_seal where position >= $1', [from])
  await owner.query('delete from kernel.audit_head where position >= $1', [from])
}

async function addCopy(owner: pg.Pool, position: number, of: number, action: string): Promise<void> {
  await owner.query(
    `with made as (insert into kernel.audit_event (at, request_id, account_id, person_id, person_name, post_id, org_id, org_name, action,
         outcome, subject_kind, subject_id, detail)
       select at, request_id, account_id, person_id, person_name, post_id, org_id, org_name, ${action}, outcome, subject_kind, subject_id, detail
       from kernel.audit_event e where seq = $1 returning seq)
     insert into kernel.audit_seal (position, seq, hash) select $2, seq, $3 from made`,
    [await seqAt(owner, of), position, createHash('sm3').digest()],
  )
}

/** Everything again as an honest sealer would have written it, kept heads included. */
async function rewrite(owner: pg.Pool): Promise<void> {
  await rehash(owner, 1, await lastPosition(owner))
  await owner.query('delete from kernel.audit_head h where not exists (select from kernel.audit_seal s where s.position = h.position)')
  await owner.query('update kernel.audit_head h set hash = s.hash from kernel.audit_seal s where s.position = h.position')
  await rewriteTree(owner, (from, to) => placed(owner, from, to))
}

async function rehash(owner: pg.Pool, from: number, to: number): Promise<void> {
  const before = await owner.query<{ hash: Buffer }>('select hash from kernel.audit_seal where position = $1', [from - 1])
  let hash = before.rows[0]?.hash ?? genesis
  const rows = await placed(owner, from, to)
  const hashes = rows.map((row) => {
    hash = nextHash(hash, row.position, row)
    return hash
  })
  await owner.query(
    `update kernel.audit_seal s set hash = told.hash from unnest($1::bigint[], $2::bytea[]) as told (position, hash)
     where s.position = told.position`,
    [rows.map(({ position }) => position), hashes],
  )
}

async function placed(owner: pg.Pool, from: number, to: number): Promise<PlacedRow[]> {
  const { rows } = await owner.query<PlacedRow>(
    `select s.position::int, s.hash, e.seq::text as seq, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, e.request_id,
       e.account_id, e.person_id, e.person_name, e.post_id, e.org_id, e.org_name, e.action, e.outcome, e.subject_kind, e.subject_id,
       e.detail::text as detail
     from kernel.audit_seal s join kernel.audit_event e on e.seq = s.seq where s.position between $1 and $2 order by s.position`,
    [from, to],
  )
  return rows
}

async function seqAt(owner: pg.Pool, position: number): Promise<string> {
  const { rows } = await owner.query<{ seq: string }>('select seq from kernel.audit_seal where position = $1', [position])
  if (!rows[0]) throw new Error(`nothing at position ${position}`)
  return rows[0].seq
}

async function lastPosition(owner: pg.Pool): Promise<number> {
  const { rows } = await owner.query<{ n: number }>('select coalesce(max(position), 0)::int as n from kernel.audit_seal')
  return rows[0]?.n ?? 0
}
