import { type Ctx, InvalidState, InvalidValue, inTransaction, recordAudit } from '@tongchou/kernel'
import { checkOf, type Item, type ResourceDefinition } from '@tongchou/records'
import { structureSeen } from './code-names.ts'
import { definitionOf } from './collected.ts'
import { isNumber, type RecordView, shown } from './field-view.ts'
import { libraryKind } from './install.service.ts'
import { packStructure } from './install.store.ts'
import type { AskedOfInterface, LibrariesPorts, LookingGrant, PassingInterface, RegisteredEntry } from './ports.ts'
import type { RecordAnswer, RecordQuery } from './query.api.ts'
import { type FoundRecord, openItem } from './record.query.ts'
import { keepLooks, type LibraryRow, most, personItems, purposeOf, requirePurpose, type Seen, seenAs } from './records.service.ts'

/** The shape of the records of an entry that are not collected, and which of its items name a person; or why they cannot be checked. */
export async function passedShape(
  ctx: Ctx,
  { id, version, content }: RegisteredEntry,
): Promise<{ items: readonly Item[]; key: readonly string[]; persons: readonly string[] } | { problems: string[] }> {
  const found = definitionOf(id, version, content, await packStructure(ctx, id))
  if ('problems' in found) return { problems: found.problems.map(({ message }) => message) }
  return { items: found.definition.items, key: found.definition.key, persons: personItems(found.definition) }
}

/**
 * Records of a resource whose department answers for itself (接口转接), by the same rules as those that are collected: only granted items, masked as granted,
 * the conditions of the grant on every record after it was read, each person's record written down, the day's quota. The department is asked outside any
 * transaction; what was granted is asked anew when the answer is there.
 */
export async function queryThrough(
  ctx: Ctx,
  ports: LibrariesPorts,
  passing: PassingInterface,
  asked: RecordQuery,
  grant?: LookingGrant,
): Promise<RecordAnswer> {
  const row: LibraryRow = { resource: passing.resource, org_id: passing.orgId, title: passing.title }
  const { seen, definition } = await seenThrough(ctx, ports, row, grant)
  const { view, isPersonal } = seen
  const query = grant ? { ...asked, purpose: purposeOf(grant, asked) } : asked
  requirePurpose(row, isPersonal, query.purpose)
  const conditions = conditionsOf(view, passing, query)
  // Whoever has used up the day's quota has nothing asked for.
  if (grant) await inTransaction(ctx, (tx) => ports.grants.beginLook(tx, grant.id))
  const { records, milliseconds } = await ports.interfaces.ask(ctx, row.resource, conditions, grant?.number ?? null)
  const read = readRecords(definition, seen, conditions, records)
  return inTransaction(ctx, async (tx) => {
    const left = grant ? await ports.grants.beginLook(tx, grant.id) : null
    const from = query.offset ?? 0
    const found = read.fit.slice(from, from + Math.min(query.limit ?? 20, left ?? most))
    if (query.purpose) await keepLooks(tx, ports, row, seen, found, query.purpose, grant?.id)
    if (grant) await ports.grants.endLook(tx, grant.id, found.length)
    await ports.interfaces.told(tx, row.resource, {
      ...{ grantNumber: grant?.number ?? null, milliseconds, records: found.length, faulty: Object.fromEntries(read.misfits) },
    })
    const { kind = null } = query.purpose ?? {}
    const detail = { purpose: kind, records: found.length, total: read.fit.length, ...(grant ? { grant: grant.number } : {}) }
    await recordAudit(tx, 'library.queried', { kind: libraryKind, id: row.resource }, { ...detail, interface: true })
    return {
      structure: structureSeen(view, seen.codes),
      ...{ needsPurpose: isPersonal && !grant, records: found.map(({ values }) => shown(view, values)), total: read.fit.length },
      grant: grant ? { id: grant.id, number: grant.number, purpose: grant.purpose } : null,
      faulty: {
        records: read.faulty,
        items: view.items.flatMap(({ id, title }) => {
          const count = read.told.get(id)
          return count === undefined ? [] : [{ id, title, count }]
        }),
      },
    }
  })
}

async function seenThrough(
  ctx: Ctx,
  ports: LibrariesPorts,
  row: LibraryRow,
  grant: LookingGrant | undefined,
): Promise<{ seen: Seen; definition: ResourceDefinition }> {
  const [entry] = await ports.catalog.registered(ctx, row.resource)
  const found = entry && definitionOf(row.resource, entry.version, entry.content, await packStructure(ctx, row.resource))
  if (!entry || !found || 'problems' in found)
    throw new InvalidState('libraries.not_passed', `“${row.title}”的目录已变更，接口的答复无法核对。请联系提供方重新登记接口。`)
  return { definition: found.definition, seen: seenAs(ctx, { row, definition: found.definition, entry, grant, table: '' }) }
}

/** What is asked of the interface. What it has no parameter for is not asked: all that it has would be read to tell a few. */
function conditionsOf(
  view: RecordView,
  { title, parameters }: PassingInterface,
  { filter = [], search, sort }: RecordQuery,
): AskedOfInterface[] {
  const refuse = (path: string, message: string) => new InvalidValue('libraries.not_a_parameter', `${message}。`, [{ path, message }])
  if (search !== undefined) throw refuse('search', `“${title}”由接口提供，不支持全文检索，请按信息项查询`)
  if (sort !== undefined) throw refuse('sort', `“${title}”由接口提供，不支持排序`)
  const conditions = filter.map(({ item: id, op, value }, index): AskedOfInterface => {
    const path = `filter/${index}`
    const item = openItem(view, id, path)
    if (op === 'contains' || op === 'empty' || !parameters.some((one) => one.item === id && one.op === op))
      throw refuse(path, `“${item.title}”不是该接口的查询条件，或者不支持这种比较`)
    const canonical = value === undefined ? null : checkOf(item)(value)
    if (typeof canonical === 'string') return { item: id, op, value: canonical }
    const message = canonical?.message ?? `“${item.title}”没有填写筛选值`
    throw new InvalidValue('libraries.bad_filter', `${message}。`, [{ path, message }])
  })
  for (const [index, { item, op }] of conditions.entries())
    if (conditions.findIndex((one) => one.item === item && one.op === op) < index)
      throw new InvalidValue('libraries.bad_filter', '同一查询条件填写了两次。', [{ path: `filter/${index}`, message: '与前面的条件重复' }])
  requireParameters(view, parameters, conditions)
  return conditions
}

function requireParameters(view: RecordView, parameters: PassingInterface['parameters'], conditions: readonly AskedOfInterface[]): void {
  const missing = parameters.filter(({ item, op, required }) => required && !conditions.some((one) => one.item === item && one.op === op))
  if (missing.length === 0) return
  const open = missing.map(({ item }) => view.items.find(({ id, mask }) => id === item && mask === null)?.title)
  // Which item it is that was not granted is not told.
  if (open.includes(undefined))
    throw new InvalidState(
      'libraries.parameter_not_granted',
      '接口必需的查询条件不在授权的信息项内或已脱敏，不能查询。需要使用的，另行申请。',
    )
  const names = [...new Set(open)].map((title) => `“${title}”`).join('、')
  throw new InvalidValue('libraries.parameter_missing', `该接口须按${names}查询，请填写。`, [
    { path: 'filter', message: `须按${names}查询` },
  ])
}

interface Read {
  fit: FoundRecord[]
  /** Records that would be shown but do not fit the catalog, and of which items, as the reader is told. */
  faulty: number
  told: Map<string, number>
  /** Everything that does not fit, as the department is told. */
  misfits: Map<string, number>
}

/**
 * Checks each record against the catalog's types and takes those that were granted and asked for. What the reader is told of faults is told of items that
 * are granted in records that are: a fault in what is hidden cannot be told from none.
 */
function readRecords(
  definition: ResourceDefinition,
  { view, persons }: Pick<Seen, 'view' | 'persons'>,
  asked: readonly AskedOfInterface[],
  records: readonly Readonly<Record<string, unknown>>[],
): Read {
  const checks = definition.items.map((item) => ({ item, check: checkOf(item) }))
  const read: Read = { fit: [], faulty: 0, told: new Map(), misfits: new Map() }
  const count = (counts: Map<string, number>, id: string) => counts.set(id, (counts.get(id) ?? 0) + 1)
  for (const record of records) {
    const values: Record<string, string | null> = {}
    const wrong = new Set<string>()
    for (const { item, check } of checks) {
      const found = check(Object.hasOwn(record, item.id) ? record[item.id] : null)
      if (found === null || typeof found === 'string') values[item.id] = found
      else wrong.add(item.id)
    }
    for (const id of wrong) count(read.misfits, id)
    if (!view.rows.every(({ item, is }) => values[item] === is)) continue
    // A condition on what does not fit can be neither true nor false.
    if (!asked.every((one) => wrong.has(one.item) || fulfils(definition, values, one))) continue
    const seen = view.items.filter(({ id }) => wrong.has(id))
    if (seen.length > 0) {
      read.faulty++
      for (const { id } of seen) count(read.told, id)
      continue
    }
    // Whose record it is has to be known: what cannot be written down is not shown.
    if (persons.some((id) => wrong.has(id))) continue
    read.fit.push({
      values: Object.fromEntries(view.items.map(({ id }) => [id, values[id] ?? null])),
      persons: persons.flatMap((id) => values[id] ?? []),
    })
  }
  return read
}

/** Whether a record is one that was asked for: an interface may give more than that. */
function fulfils(
  { items }: ResourceDefinition,
  values: Readonly<Record<string, string | null>>,
  { item: id, op, value }: AskedOfInterface,
): boolean {
  const item = items.find((one) => one.id === id)
  const is = values[id]
  if (!item || is === null || is === undefined) return false
  if (op === 'is') return is === value
  const order = isNumber(item.type)
    ? Number(is) - Number(value)
    : item.type.kind === 'instant'
      ? Date.parse(is) - Date.parse(value)
      : compared(is, value)
  return op === 'from' ? order >= 0 : order <= 0
}

const compared = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
