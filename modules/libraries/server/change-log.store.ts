import { InvalidState, NotFound, plannedOnce, type StreamPosition } from '@tongchou/kernel'
import { type Change, type Chunk, changesOf, type ResourceDefinition } from '@tongchou/records'
import { sql } from 'kysely'
import type { LibrariesDb } from './library.schema.ts'

/** Changes of a resource in their order (变更). */
export interface Changes {
  changes: readonly (Change & { structure: number })[]
  /** Number of the last change that there is now. */
  head: number
  /** The structure in force now. */
  inForce: ResourceDefinition
}

/**
 * The changes after a number, whole chunks at a time, so that there may be more than `most`. Trusts the log alone: what a transaction has not yet
 * committed has no number below one that is visible.
 * @throws InvalidState `libraries.log_trimmed` when what follows the number is no longer kept, `libraries.ahead` when the number was never given
 */
export async function changesAfter(db: LibrariesDb, resource: string, after: number, most: number): Promise<Changes> {
  const rows = await logAfter(db, resource, after, most)
  const [first] = rows
  if (!first?.definition) throw new NotFound('libraries.resource_not_found', '没有这个资源，或尚未建库。')
  const { last_seq: head, definition: inForce } = first
  if (after > head)
    throw new InvalidState(
      'libraries.ahead',
      `变更序号只到 ${head}，不能从 ${after} 之后读取。系统可能由备份恢复，请与中心核对后重新全量同步。`,
    )
  const chunks = rows.flatMap(({ chunk }) => chunk ?? [])
  if (chunks[0] ? chunks[0].seqFrom > after + 1 : head > after)
    throw new InvalidState('libraries.log_trimmed', `序号 ${after} 之后的变更已不再保存，请重新全量同步。`)
  const changes: Changes['changes'][number][] = []
  for (const chunk of chunks)
    for (const change of changesOf(chunk)) if (change.seq > after) changes.push({ ...change, structure: chunk.schema })
  return { changes, head, inForce }
}

interface LogRow {
  last_seq: number
  /** With the first row alone. */
  definition: ResourceDefinition | null
  chunk: Chunk | undefined
}

/**
 * The head, and as many chunks as it takes for `most` changes: each holds one at least. One statement, so that one snapshot says both; a reader that follows
 * asks after every commit. Bytes of chunks that are only counted are not read.
 */
async function logAfter(db: LibrariesDb, resource: string, after: number, most: number): Promise<LogRow[]> {
  const { rows } = await sql<{
    last_seq: number
    definition: ResourceDefinition | null
    seq_from: number | null
    seq_to: number
    structure: number
    codec: Chunk['codec']
    bytes: Buffer
  }>`select ${plannedOnce} h.last_seq, case when c.place is null or c.place = 1 then s.definition end as definition, c.seq_from, c.seq_to, c.structure, c.codec, c.bytes
    from libraries.head h
    join libraries.structure s on s.resource = h.resource and s.version = h.structure
    left join lateral (
      select k.*, row_number() over (order by k.seq_to) as place,
        sum(k.seq_to - greatest(k.seq_from - 1, ${after})) over (order by k.seq_to rows between unbounded preceding and 1 preceding) as before
      from (select seq_from, seq_to, structure, codec, bytes from libraries.log_chunk
        where resource = ${resource} and seq_to > ${after} order by seq_to limit ${most}) k
    ) c on coalesce(c.before, 0) < ${most}
    where h.resource = ${resource} order by c.seq_to`.execute(db)
  return rows.map(({ last_seq, definition, seq_from: seqFrom, seq_to: seqTo, structure: schema, codec, bytes }) => ({
    ...{ last_seq, definition },
    chunk: seqFrom === null ? undefined : { seqFrom, seqTo, schema, codec, bytes },
  }))
}

/** The name of a resource's changes as a stream that is read by position, in `consumerStanding`. */
export const changeStream = (resource: string) => `libraries/${resource}`

/** How far the changes of every resource have come: what the epoch of a restored system begins with. */
export async function changePositions(db: LibrariesDb): Promise<StreamPosition[]> {
  const rows = await db.selectFrom('libraries.head').select(['resource', 'last_seq']).orderBy('resource').execute()
  return rows.map(({ resource, last_seq: position }) => ({ stream: changeStream(resource), position }))
}
