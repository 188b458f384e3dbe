import { hash } from 'node:crypto'
import { InvalidState, type KernelTables, NotFound } from '@tongchou/kernel'
import type { Change, ItemType, RecordGrant, ResourceDefinition } from '@tongchou/records'
import type { Kysely } from 'kysely'
import { changesAfter } from './change-log.store.ts'
import { findHead, keepBefore, recordsAfter, structuresOf } from './feed.store.ts'
import { shown, viewOf } from './field-view.ts'
import type { LibrariesDb } from './library.schema.ts'

/** What a receiver is told of the shape of what he gets (可见结构). Its name is a digest of what is seen, so that a hidden item leaves no trace in it. */
export interface SeenStructure {
  name: string
  title: string
  key: readonly string[]
  items: readonly { id: string; title: string; type: ItemType; masked: boolean }[]
}

/** A change as a receiver sees it: the values of the items in the order of the structure, or those of the key. */
export interface SeenChange {
  op: 'upsert' | 'delete'
  values: readonly (string | null)[]
}

/** Changes that a receiver sees, all of one structure. */
export interface FeedPage {
  structure: SeenStructure
  changes: readonly SeenChange[]
  /** Up to which number of the log these are all there is to see. */
  seq: number
  /** There may be more at once. */
  hasMore: boolean
}

/** Records as they are now, in the order of their keys. */
export interface SnapshotPage {
  structure: SeenStructure
  records: readonly (readonly (string | null)[])[]
  /** Where to go on from; null when these are the last. */
  lastKey: string | null
}

const librariesOf = (db: Kysely<KernelTables>) => db as unknown as LibrariesDb

/**
 * Has the log keep from now on what a record was before each change (订阅登记), without which nobody could tell a receiver of some items what concerns him.
 * The number it gives and all after it can be read as a feed. @throws NotFound there is no such library; InvalidState its key is not part of the grant
 */
export async function openFeed(db: Kysely<KernelTables>, resource: string, grant: RecordGrant): Promise<{ structure: SeenStructure }> {
  const head = await keepBefore(librariesOf(db), resource)
  if (!head) throw new NotFound('libraries.resource_not_found', '没有这个资源，或尚未建库。')
  return { structure: projectionOf(head.definition, grant).structure }
}

/** Number of the last change that there is. */
export async function feedHead(db: Kysely<KernelTables>, resource: string): Promise<number> {
  const head = await findHead(librariesOf(db), resource)
  if (!head) throw new NotFound('libraries.resource_not_found', '没有这个资源，或尚未建库。')
  return head.lastSeq
}

/** So many changes are looked through at once, whether they concern the receiver or not. */
const SCANNED = 4000

/**
 * The next changes that a receiver sees (订阅变更): a record that comes into what was granted is one that appears, one that leaves it is one that goes, and a
 * change of nothing that he sees is none. Reads the log alone and holds nothing once it has answered.
 * @param most at most so many changes
 */
export async function readFeed(
  db: Kysely<KernelTables>,
  resource: string,
  grant: RecordGrant,
  after: number,
  most: number,
): Promise<FeedPage> {
  const libraries = librariesOf(db)
  const { changes: logged, head, inForce } = await changesAfter(libraries, resource, after, Math.min(SCANNED, Math.max(most, 200)))
  const versions = [...new Set(logged.map((change) => change.structure))]
  const others = await structuresOf(
    libraries,
    resource,
    versions.filter((version) => version !== inForce.version),
  )
  const projections = new Map([inForce, ...others].map((one) => [one.version, projectionOf(one, grant)]))
  const begun = projections.get(versions[0] ?? inForce.version)
  if (!begun) throw new Error(`resource ${resource} has no structure`)
  const changes: SeenChange[] = []
  let seq = after
  for (const change of logged) {
    const projection = projections.get(change.structure)
    if (changes.length === most || !projection || projection.structure.name !== begun.structure.name) break
    const seen = projection.see(change)
    if (seen) changes.push(seen)
    seq = change.seq
  }
  return { structure: begun.structure, changes, seq, hasMore: seq < head }
}

/**
 * A page of the records as they are now (全量). Together with the changes after a number that was the last before the first page, they give what there is:
 * a record that changed in between is met twice.
 */
export async function readSnapshot(
  db: Kysely<KernelTables>,
  resource: string,
  grant: RecordGrant,
  after: string | null,
  most: number,
): Promise<SnapshotPage> {
  const libraries = librariesOf(db)
  const head = await findHead(libraries, resource)
  if (!head) throw new NotFound('libraries.resource_not_found', '没有这个资源，或尚未建库。')
  const projection = projectionOf(head.definition, grant)
  const found = await recordsAfter(libraries, head, grant.rows, after, most)
  return {
    structure: projection.structure,
    records: found.map(({ values }) => projection.values(values)),
    lastKey: found.length < most ? null : (found.at(-1)?.key ?? null),
  }
}

/** What one structure and a grant make of changes. */
interface Projection {
  structure: SeenStructure
  values(record: Values): (string | null)[]
  see(change: Change): SeenChange | undefined
}

type Values = readonly (string | null)[]

function projectionOf(definition: ResourceDefinition, grant: RecordGrant): Projection {
  const view = viewOf(definition, grant)
  const open = new Set(view.items.flatMap(({ id, mask }) => (mask === null ? [id] : [])))
  if (!definition.key.every((id) => open.has(id)))
    throw new InvalidState(
      'libraries.key_not_granted',
      `授权的信息项不含“${definition.title}”的完整主键，不能按订阅接收变更。请改用接口查询，或申请不脱敏的主键信息项。`,
    )
  const at = new Map(definition.items.map(({ id }, position) => [id, position]))
  const doubles = definition.items.flatMap(({ type }, position) => (type.kind === 'double' ? [position] : []))
  const conditions = view.rows.map(({ item, is }) => ({ position: at.get(item) ?? -1, is }))
  const keyPositions = definition.key.map((id) => at.get(id) ?? -1)
  const items = view.items.map(({ id, title, type, mask }) => ({ id, title, type, masked: mask !== null }))
  const { title, key } = definition
  const seen = { title, key, items }
  const passes = (values: Values | null): values is Values =>
    values !== null && conditions.every(({ position, is }) => values[position] === is)
  const values = (record: Values) => {
    const byId = shown(view, Object.fromEntries(view.items.map(({ id }) => [id, record[at.get(id) ?? -1] ?? null])))
    return view.items.map(({ id }) => byId[id] ?? null)
  }
  const gone = (record: Values): SeenChange => ({ op: 'delete', values: keyPositions.map((position) => record[position] ?? null) })
  return {
    structure: { name: hash('sha256', JSON.stringify([seen, view.items.map(({ mask }) => mask)]), 'hex').slice(0, 16), ...seen },
    values: (record) => values(plain(record, doubles)),
    see(change) {
      const { op, before } = change
      // The log did not keep it yet: told as it comes, which is right of what is there and of what is gone.
      if (before === undefined) {
        if (op === 'upsert' && passes(change.values)) return { op, values: values(change.values) }
        return { op: 'delete', values: op === 'delete' ? change.values : keyPositions.map((position) => change.values[position] ?? null) }
      }
      const was = before && plain(before, doubles)
      if (op === 'delete') return passes(was) ? { op, values: change.values } : undefined
      if (!passes(change.values)) return passes(was) ? gone(was) : undefined
      const now = values(change.values)
      if (!passes(was)) return { op, values: now }
      const then = values(was)
      return now.some((value, position) => value !== then[position]) ? { op, values: now } : undefined
    },
  }
}

/** PostgreSQL prints the exponent of a double otherwise than the log has it. */
function plain(record: Values, doubles: readonly number[]): Values {
  if (doubles.length === 0) return record
  const texts = [...record]
  for (const position of doubles) {
    const text = texts[position]
    if (text != null) texts[position] = String(Number(text))
  }
  return texts
}
