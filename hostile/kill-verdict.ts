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
  /** Batches that the agent was told are taken, and that are not there. */
  unkept: number
  /** Batches of one number of the lane and one content that are there twice. */
  repeated: number
  /** The same of the table that receives: what it lacks, what it has besides, and what its trigger saw. */
  target: { lost: number; extra: number; duplicated: number; reordered: number }
  changes: number
}

/** A change as the log has it: which record, and its version; null when it went. */
type Seen = { seq: number; id: string; version: number | null }

/** Reads source, records and log by plain statements, and shares no line with what wrote them. */
export async function judge(
  db: pg.Pool,
  resource: string,
  changes: readonly Seen[],
  acknowledged: ReadonlySet<string>,
): Promise<KillVerdict> {
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
  const batches = await db.query<{ id: string; digest: string }>('select batch_id as id, digest from libraries.batch where resource = $1', [
    resource,
  ])
  const nameOf = (id: string) => id.slice(id.indexOf('/') + 1).replace(/~.*$/, '')
  const there = new Set(batches.rows.map(({ id }) => nameOf(id)))
  const contents = batches.rows.map(({ id, digest }) => `${/-(\d+)$/.exec(nameOf(id))?.[1]} ${digest}`)
  const target = await rowsOf('select id, version from target.household')
  return {
    unkept: [...acknowledged].filter((id) => !there.has(id)).length,
    repeated: contents.length - new Set(contents).size,
    target: {
      lost: [...source].filter(([id, version]) => target.get(id) !== version).length,
      extra: [...target.keys()].filter((id) => !source.has(id)).length,
      ...(await applied(db)),
    },
    lost: [...source].filter(([id, version]) => records.get(id) !== version).length,
    extra: [...records.keys()].filter((id) => !source.has(id)).length,
    ...{ duplicated, reordered, gaps },
    unlogged: [...records].filter(([id, version]) => standing.get(id) !== version).length + Math.abs(standing.size - records.size),
    unaudited: audited.rows[0]?.n ?? 0,
    changes: changes.length,
  }
}

/** What the trigger of the target's table noted, in its order: the same record twice in one version, or in an older one. */
async function applied(db: pg.Pool): Promise<{ duplicated: number; reordered: number }> {
  const { rows } = await db.query<{ id: string; version: string; is_gone: boolean }>(
    'select id, version, is_gone from target.applied order by n',
  )
  const last = new Map<string, { version: number; isGone: boolean }>()
  let [duplicated, reordered] = [0, 0]
  for (const { id, version, is_gone: isGone } of rows) {
    const before = last.get(id)
    if (before && !isGone && Number(version) < before.version) reordered += 1
    if (before && !isGone && !before.isGone && Number(version) === before.version) duplicated += 1
    last.set(id, { version: Math.max(Number(version), before?.version ?? 0), isGone })
  }
  return { duplicated, reordered }
}
