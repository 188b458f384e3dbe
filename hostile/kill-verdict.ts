import type pg from 'pg'

/** What an independent, naive reader found once everything had come to rest. */
export interface KillVerdict {
  /** Records of the source that the center has not, or not as they are. */
  lost: number
  /** Records of the center that the source has not. */
  extra: number
  /** The same change of a record twice in a row. */
  duplicated: number
  /** A change of a record that is older than the one before it. */
  reordered: number
  /** Numbers of the log that are not there. */
  gaps: number
  /** Records that differ from what the log says of them. */
  unlogged: number
  /** Batches without exactly one audit row. */
  unaudited: number
  changes: number
}

/** A change as the log has it: which record, and its version; null when it went. */
type Seen = { seq: number; id: string; version: number | null }

/** Reads source, records and log by plain statements, and shares no line with what wrote them. */
export async function judge(db: pg.Pool, resource: string, changes: readonly Seen[]): Promise<KillVerdict> {
  const rowsOf = async (text: string) =>
    new Map((await db.query<{ id: string; version: string }>(text)).rows.map(({ id, version }) => [id, Number(version)]))
  const { rows: numbers } = await db.query<{ number: number }>('select number from libraries.resource where resource = $1', [resource])
  const source = await rowsOf('select id, version from source.household')
  const records = await rowsOf(`select i1 as id, i2 as version from library_data.r_${numbers[0]?.number}`)
  const replayed = new Map<string, number | null>()
  const newest = new Map<string, number>()
  let [duplicated, reordered, gaps] = [0, 0, 0]
  changes.forEach(({ seq, id, version }, i) => {
    if (seq !== i + 1) gaps += 1
    if (replayed.get(id) === version && replayed.has(id)) duplicated += 1
    if (version !== null && version < (newest.get(id) ?? 0)) reordered += 1
    if (version !== null) newest.set(id, version)
    replayed.set(id, version)
  })
  const standing = new Map([...replayed].filter(([, version]) => version !== null))
  const audited = await db.query<{ n: number }>(
    `select count(*)::int as n from libraries.batch b where b.resource = $1 and
       (select count(*) from kernel.audit_event e where e.action = 'library.batch_received' and e.detail ->> 'batchId' = b.batch_id) <> 1`,
    [resource],
  )
  return {
    lost: [...source].filter(([id, version]) => records.get(id) !== version).length,
    extra: [...records.keys()].filter((id) => !source.has(id)).length,
    ...{ duplicated, reordered, gaps },
    unlogged: [...records].filter(([id, version]) => standing.get(id) !== version).length + Math.abs(standing.size - records.size),
    unaudited: audited.rows[0]?.n ?? 0,
    changes: changes.length,
  }
}
