import { InvalidState, NotFound, type StreamPosition } from '@tongchou/kernel'
import { type Change, changesOf } from '@tongchou/records'
import type { LibrariesDb } from './library.schema.ts'

/** Changes of a resource in their order (变更). */
export interface Changes {
  changes: readonly (Change & { structure: number })[]
  /** Number of the last change that there is now. */
  head: number
}

/**
 * The changes after a number, whole chunks at a time, so that there may be more than `most`. Trusts the log alone: what a transaction has not yet
 * committed has no number below one that is visible.
 * @throws InvalidState `libraries.log_trimmed` when what follows the number is no longer kept, `libraries.ahead` when the number was never given
 */
export async function changesAfter(db: LibrariesDb, resource: string, after: number, most: number): Promise<Changes> {
  const head = await db.selectFrom('libraries.head').select('last_seq').where('resource', '=', resource).executeTakeFirst()
  if (!head) throw new NotFound('libraries.resource_not_found', '没有这个资源，或尚未建库。')
  if (after > head.last_seq)
    throw new InvalidState(
      'libraries.ahead',
      `变更序号只到 ${head.last_seq}，不能从 ${after} 之后读取。系统可能由备份恢复，请与中心核对后重新全量同步。`,
    )
  const rows = await chunksAfter(db, resource, after, most)
  const [first] = rows
  if (first ? first.seq_from > after + 1 : head.last_seq > after)
    throw new InvalidState('libraries.log_trimmed', `序号 ${after} 之后的变更已不再保存，请重新全量同步。`)
  const changes: Changes['changes'][number][] = []
  for (const { seq_from: seqFrom, seq_to: seqTo, structure, codec, bytes } of rows) {
    for (const change of changesOf({ seqFrom, seqTo, schema: structure, codec, bytes }))
      if (change.seq > after) changes.push({ ...change, structure })
  }
  return { changes, head: head.last_seq }
}

/** The name of a resource's changes as a stream that is read by position, in `consumerStanding`. */
export const changeStream = (resource: string) => `libraries/${resource}`

/** How far the changes of every resource have come: what the epoch of a restored system begins with. */
export async function changePositions(db: LibrariesDb): Promise<StreamPosition[]> {
  const rows = await db.selectFrom('libraries.head').select(['resource', 'last_seq']).orderBy('resource').execute()
  return rows.map(({ resource, last_seq: position }) => ({ stream: changeStream(resource), position }))
}

/** As many chunks as it takes for `most` changes: each holds one at least. */
async function chunksAfter(db: LibrariesDb, resource: string, after: number, most: number) {
  const later = await db
    .selectFrom('libraries.log_chunk')
    .select(['seq_from', 'seq_to'])
    .where('resource', '=', resource)
    .where('seq_to', '>', after)
    .orderBy('seq_to')
    .limit(most)
    .execute()
  let held = 0
  const last = later.find(({ seq_from, seq_to }) => {
    held += seq_to - Math.max(seq_from - 1, after)
    return held >= most
  })
  const until = (last ?? later.at(-1))?.seq_to
  if (until === undefined) return []
  return db
    .selectFrom('libraries.log_chunk')
    .select(['seq_from', 'seq_to', 'structure', 'codec', 'bytes'])
    .where('resource', '=', resource)
    .where('seq_to', '>', after)
    .where('seq_to', '<=', until)
    .orderBy('seq_to')
    .execute()
}
