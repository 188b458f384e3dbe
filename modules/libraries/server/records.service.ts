import { type Ctx, InvalidState, InvalidValue, inTransaction, personDigest, recordAudit } from '@tongchou/kernel'
import type { ResourceDefinition } from '@tongchou/records'
import { type CodeNames, codeNamesOf, structureSeen } from './code-names.ts'
import { type ItemGrade, maskedGrant, type RecordView, shown, viewOf, wholeGrant } from './field-view.ts'
import { tableOf } from './install.plan.ts'
import { libraryKind } from './install.service.ts'
import { installationOf, installedDefinition, tableNumber } from './install.store.ts'
import { providerDuties } from './library.permissions.ts'
import { librariesDb } from './library.schema.ts'
import type { LibrariesPorts, LookingGrant, RegisteredEntry } from './ports.ts'
import type { AggregateAnswer, AggregateQuery, LookGround, RecordAnswer, RecordQuery } from './query.api.ts'
import { aggregateRecords, type FoundRecord, findRecords, recordsByKey } from './record.query.ts'

/** Whose resource it is, and what it is called. */
export interface LibraryRow {
  resource: string
  org_id: string
  title: string
}

/** A collected resource as one reader sees it. */
export interface Seen {
  definition: ResourceDefinition
  table: string
  /** Who answers for the data reads it: nothing is masked. */
  isOwn: boolean
  view: RecordView
  /** What the codes that it shows are called. */
  codes: CodeNames
  /** What is shown of it concerns persons, whether or not their numbers stand in it. */
  isPersonal: boolean
  /** Why it is open to the actor: whoever is shown the look is told. */
  ground: LookGround
  /** Items that point at a person. */
  persons: readonly string[]
}

/** Items that name one person by number, also where the catalog does not link them with the data element. */
const namesPerson = /公民身份号码|身份证(?:件)?号/

/**
 * A resource as the actor sees it: who answers for the data of the organisation all of its own, the center all with what is sensitive masked as the
 * catalog says, another office what it was granted. The caller has checked that the actor may query it at all, and by which grant.
 */
export async function seenBy(ctx: Ctx, ports: LibrariesPorts, row: LibraryRow, grant?: LookingGrant): Promise<Seen> {
  const definition = await installedDefinition(ctx, row.resource)
  const number = await tableNumber(ctx, row.resource)
  if (!definition || number === undefined) throw new InvalidState('libraries.not_built', `“${row.title}”尚未建库，没有可查询的数据。`)
  const [entry] = await ports.catalog.registered(ctx, row.resource)
  return seenAs(ctx, { row, definition, entry, grant, table: tableOf(number) })
}

/** Items that name a person by number. */
export const personItems = ({ items }: Pick<ResourceDefinition, 'items'>): string[] =>
  items.filter(({ type, title }) => type.kind === 'citizen-id' || namesPerson.test(title)).map(({ id }) => id)

/** The same of a structure that is known, wherever its records are. */
export function seenAs(
  ctx: Ctx,
  of: {
    row: LibraryRow
    definition: ResourceDefinition
    entry: RegisteredEntry | undefined
    grant: LookingGrant | undefined
    table: string
  },
): Seen {
  const { row, definition, entry, grant, table } = of
  const grades = (entry?.content.items ?? []).flatMap(({ id, sensitivity, masking }): ItemGrade[] =>
    id === undefined ? [] : [{ id, sensitivity, masking }],
  )
  const isOwn = ctx.actor.orgId === row.org_id && providerDuties.some((duty) => ctx.actor.roles.has(duty))
  const persons = personItems(definition)
  const view = viewOf(definition, grant?.grant ?? (isOwn ? wholeGrant(definition) : maskedGrant(definition, grades)))
  return {
    definition,
    isOwn,
    table,
    view,
    codes: codeNamesOf(view, entry?.content.items ?? []),
    persons,
    ground: grant ? 'grant' : isOwn ? 'provider' : 'keeper',
    isPersonal: persons.length > 0 || grades.some(({ sensitivity }) => sensitivity === 'personal' || sensitivity === 'sensitive-personal'),
  }
}

/**
 * Records of a collected resource (查询). Where they are about persons, what it is for has to be said, and each person's record that is shown is written
 * down with it in the same transaction: what cannot be written down is not shown. What a look by a grant is for, the grant says; it takes its place in
 * the day's quota, and shows no more records than that leaves.
 */
export async function queryRecords(
  ctx: Ctx,
  ports: LibrariesPorts,
  row: LibraryRow,
  asked: RecordQuery,
  grant?: LookingGrant,
): Promise<RecordAnswer> {
  return inTransaction(ctx, async (tx) => {
    const seen = await seenBy(tx, ports, row, grant)
    const { table, view, persons, isPersonal } = seen
    const left = grant ? await ports.grants.beginLook(tx, grant.id) : null
    const query = grant ? { ...asked, purpose: purposeOf(grant, asked), limit: Math.min(asked.limit ?? 20, left ?? most) } : asked
    const structure = structureSeen(view, seen.codes)
    requirePurpose(row, isPersonal, query.purpose)
    const { found, total } = await findRecords(tx, table, view, persons, query)
    if (query.purpose) await keepLooks(tx, ports, row, seen, found, query.purpose, grant?.id)
    if (grant) await ports.grants.endLook(tx, grant.id, found.length)
    const { kind = null } = query.purpose ?? {}
    const detail = { purpose: kind, records: found.length, total, ...(grant ? { grant: grant.number } : {}) }
    await recordAudit(tx, 'library.queried', { kind: libraryKind, id: row.resource }, detail)
    return {
      ...{ structure, needsPurpose: isPersonal && !grant, records: found.map(({ values }) => shown(view, values)), total },
      grant: grant ? { id: grant.id, number: grant.number, purpose: grant.purpose } : null,
    }
  })
}

/** As many as a page may have. */
export const most = 100

/** What a look by a grant is for: what was granted, with the occasion where one is told. */
export function purposeOf({ number, purpose }: LookingGrant, { purpose: told }: RecordQuery): NonNullable<RecordQuery['purpose']> {
  return { kind: told?.kind ?? 'case', note: `授权${number}：${purpose}${told ? `；${told.note}` : ''}` }
}

/** Records that a task needs (办理所需). */
export interface RecordsAsked {
  resource: string
  keys: readonly string[]
  /** No other item is read. */
  items: readonly string[]
  /** Items that the task cannot be done without seeing whole. */
  whole: readonly string[]
  /** What is written down with each look. */
  why: string
}

export interface RecordsShown {
  title: string
  structure: { id: string; title: string; masked: boolean }[]
  records: { key: string; values: Record<string, string | null> }[]
}

/**
 * Records that a task is about, of the items that it needs (最少够用): whole where the register is the reader's own or the task names the item, else masked
 * as the catalog says. Each person's record is written down as looked at, in the same transaction. The caller has checked the task.
 */
export async function recordsForTask(ctx: Ctx, ports: LibrariesPorts, asked: RecordsAsked): Promise<RecordsShown> {
  return inTransaction(ctx, async (tx) => {
    const installed = await installationOf(tx, asked.resource)
    if (!installed) throw new InvalidState('libraries.not_built', '该资源尚未建库，没有可查询的数据。')
    const row = { resource: asked.resource, org_id: installed.org_id, title: installed.title }
    const seen = await seenBy(tx, ports, row, undefined)
    const { table, view: all, persons } = seen
    const isOwn = tx.actor.orgId === row.org_id
    const view: RecordView = {
      rows: all.rows,
      items: all.items.flatMap((item) =>
        asked.items.includes(item.id) ? [isOwn || asked.whole.includes(item.id) ? { ...item, mask: null } : item] : [],
      ),
    }
    const found = await recordsByKey(tx, table, view, persons, asked.keys)
    await keepLooks(
      tx,
      ports,
      row,
      { ...seen, view, ground: isOwn ? 'provider' : 'task' },
      found,
      { kind: 'case', note: asked.why },
      undefined,
    )
    return {
      title: row.title,
      structure: view.items.map(({ id, title, mask }) => ({ id, title, masked: mask !== null })),
      records: found.map(({ key, values }) => ({ key, values: shown(view, values) })),
    }
  })
}

/** Whoever looks at what is about persons says what for. */
export function requirePurpose({ title }: LibraryRow, isPersonal: boolean, purpose: RecordQuery['purpose']): void {
  if (isPersonal && !purpose)
    throw new InvalidValue('libraries.purpose_missing', `“${title}”指向个人，查阅须说明用途和事由。`, [
      { path: 'purpose', message: '请选择用途并填写事由' },
    ])
}

/** Groups smaller than this would tell of single persons. */
const leastGroup = 3

/**
 * Counts and sums (统计), for which no purpose is asked. So of persons a small group is not told at all: its value alone, by name or number, would list
 * them without a look being written down.
 */
export async function countRecords(
  ctx: Ctx,
  ports: LibrariesPorts,
  row: LibraryRow,
  query: AggregateQuery,
  grant?: LookingGrant,
): Promise<AggregateAnswer> {
  if (grant)
    return inTransaction(ctx, async (tx) => {
      await ports.grants.beginLook(tx, grant.id)
      const answer = await counted(tx, ports, row, query, grant)
      await ports.grants.endLook(tx, grant.id, 0)
      return answer
    })
  return counted(ctx, ports, row, query, grant)
}

async function counted(
  ctx: Ctx,
  ports: LibrariesPorts,
  row: LibraryRow,
  query: AggregateQuery,
  grant: LookingGrant | undefined,
): Promise<AggregateAnswer> {
  const { table, view, isPersonal } = await seenBy(ctx, ports, row, grant)
  const groups = await aggregateRecords(ctx, table, view, query)
  if (!isPersonal) return { groups }
  // Without a group the one line is of all that fits the filter, and says at least that it is small.
  if (query.groupBy !== undefined) return { groups: groups.filter(({ count }) => count >= leastGroup) }
  return { groups: groups.map((all) => (all.count > 0 && all.count < leastGroup ? { value: null, count: null, addedUp: null } : all)) }
}

/** Writes down each person whose record is shown, by what stands for the number: whoever comes across a row reads none in it. */
export async function keepLooks(
  tx: Ctx,
  ports: LibrariesPorts,
  row: { resource: string; title: string },
  { view, persons, ground }: Seen,
  found: readonly Pick<FoundRecord, 'persons'>[],
  purpose: NonNullable<RecordQuery['purpose']>,
  grantId?: string,
): Promise<void> {
  const people = [...new Set(found.flatMap((record) => record.persons))]
  if (people.length === 0) return
  const masked = !view.items.some(({ id, mask }) => mask === null && persons.includes(id))
  const { accountId, name, orgId, orgName, postTitle, roles } = tx.actor
  await librariesDb(tx)
    .insertInto('libraries.person_look')
    .values(
      people.map((identifier) => ({
        ...{ at: tx.now(), person: personDigest(ports.keys, identifier), resource: row.resource, title: row.title },
        ...{ items: JSON.stringify(view.items.map(({ title }) => title)), masked, purpose: purpose.kind, note: purpose.note },
        ...{ account_id: accountId, person_name: name, org_id: orgId, org_name: orgName, request_id: tx.requestId },
        ...{ post_title: postTitle, duties: [...roles], ground },
        grant_id: grantId ?? null,
      })),
    )
    .execute()
}
