import { type Ctx, inTransaction, isId, notFound, recordAudit, toPage } from '@tongchou/kernel'
import type { ResourceDefinition } from '@tongchou/records'
import { installedDefinition } from './install.store.ts'
import { correctQuarantine, readLibrary } from './library.permissions.ts'
import { masked } from './mask.ts'
import type { LibrariesPorts } from './ports.ts'
import type {
  QuarantineGroups,
  QuarantineLine,
  QuarantineLook,
  QuarantineLookBody,
  QuarantinePage,
  QuarantineQuery,
} from './quarantine.api.ts'
import { findLine, listLines, openGroups, type QuarantineRow, quarantineOrder } from './quarantine.store.ts'
import { keepLooks, requirePurpose, type Seen, seenBy } from './records.service.ts'
import { shownKey } from './shown-key.ts'

/** A line of the quarantine in the audit log. */
export const quarantineKind = 'quarantine-line'

const MOST_GROUPS = 100

/** The line for whoever may see it; for everybody else it does not exist. */
export async function readableLine(ctx: Ctx, id: string | undefined): Promise<QuarantineRow> {
  const row = isId(id) ? await findLine(ctx, id) : undefined
  if (!row || !readLibrary.allows(ctx.actor, { orgId: row.org_id })) throw notFound('问题数据')
  return row
}

export async function quarantinePage(ctx: Ctx, ports: LibrariesPorts, query: QuarantineQuery) {
  const limit = query.limit ?? 50
  const rows = await listLines(ctx, query, limit)
  const toLine = await liner(ctx, ports, rows)
  return toPage(rows, limit, quarantineOrder(query).cursorOf, toLine)
}

/** What waits, by reason; of persons a small group tells nothing but that something is wrong. */
export async function quarantineGroups(ctx: Ctx): Promise<QuarantineGroups> {
  const groups = await openGroups(ctx, MOST_GROUPS)
  const definitions = new Map<string, ResourceDefinition | undefined>()
  for (const resource of new Set(groups.map((group) => group.resource))) definitions.set(resource, await installedDefinition(ctx, resource))
  return {
    groups: groups.map(({ resource, title, item, rule, message, count, batches, latest_at }) => ({
      resource: { id: resource, title },
      itemTitle: titleOf(definitions.get(resource), item),
      ...{ rule, message, count, batches },
      latestAt: latest_at.toISOString(),
    })),
  }
}

export async function viewLine(ctx: Ctx, ports: LibrariesPorts, row: QuarantineRow): Promise<QuarantinePage> {
  const line = (await liner(ctx, ports, [row]))(row)
  const { isPersonal } = await seenBy(ctx, ports, row)
  const isKeeper = row.state === 'open' && correctQuarantine.allows(ctx.actor, { orgId: row.org_id })
  const mayCorrect = isKeeper && row.items !== null && !row.is_deletion && valuesOf(row) !== undefined
  return {
    ...line,
    needsPurpose: isPersonal,
    mayDo: [...(mayCorrect ? (['correct'] as const) : []), ...(isKeeper ? (['discard'] as const) : [])],
  }
}

/**
 * The values of a line, as the reader may see them (查看问题数据): the provider whole, the center masked as in the records themselves. Of persons it is asked
 * what for, and each is written down with it in the same transaction.
 */
export async function lookAtLine(
  ctx: Ctx,
  ports: LibrariesPorts,
  row: QuarantineRow,
  { purpose }: QuarantineLookBody,
): Promise<QuarantineLook> {
  return inTransaction(ctx, async (tx) => {
    const seen = await seenBy(tx, ports, row)
    requirePurpose(row, seen.isPersonal, purpose)
    const values = valuesOf(row)
    if (purpose && values) await keepLooks(tx, ports, row, seen, [{ persons: seen.persons.flatMap((id) => values[id] ?? []) }], purpose)
    await recordAudit(tx, 'quarantine.looked', { kind: quarantineKind, id: row.id }, { purpose: purpose?.kind ?? null })
    if (!values) return { values: [], text: seen.isOwn ? row.text : null }
    const { key } = seen.definition
    return {
      values: seen.view.items.map(({ id, title, type, required, mask }) => ({
        ...{ id, title, kind: type.kind, required, isKey: key.includes(id), masked: mask !== null },
        value: mask === null ? (values[id] ?? null) : masked(values[id] ?? null, mask),
      })),
      text: null,
    }
  })
}

/** The values of a line by item; undefined where they cannot be told apart. */
export function valuesOf({
  text,
  items,
  is_deletion,
}: Pick<QuarantineRow, 'text' | 'items' | 'is_deletion'>): Record<string, string | null> | undefined {
  if (items === null || is_deletion) return undefined
  const values = parsed(text)
  if (!Array.isArray(values) || values.length !== items.length) return undefined
  return Object.fromEntries(items.map((id, i) => [id, asText(values[i])]))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const asText = (value: unknown) =>
  value === null || value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value)

export const titleOf = (definition: ResourceDefinition | undefined, item: string) =>
  item === '' ? '整行' : (definition?.items.find(({ id }) => id === item)?.title ?? item)

/** How each of some lines is told, what they have in common read once. */
async function liner(ctx: Ctx, ports: LibrariesPorts, rows: readonly QuarantineRow[]): Promise<(row: QuarantineRow) => QuarantineLine> {
  const orgs = await ports.organisations.organisations(ctx, [...new Set(rows.map((row) => row.org_id))])
  const names = await ports.senders.namesOf(ctx, [...new Set(rows.map((row) => row.received_by))])
  const seen = new Map<string, Seen>()
  for (const row of rows) if (!seen.has(row.resource)) seen.set(row.resource, await seenBy(ctx, ports, row))
  return (row) => {
    const its = seen.get(row.resource)
    return {
      id: row.id,
      number: row.number,
      resource: { id: row.resource, title: row.title },
      org: { id: row.org_id, name: orgs.get(row.org_id)?.name ?? row.org_id },
      batchId: row.batch_id,
      source: names.get(row.received_by) ?? row.received_by,
      line: row.line,
      key: its ? keyOfLine(its, row) : null,
      problems: row.problems.map(({ item, rule, message }) => ({ item, itemTitle: titleOf(its?.definition, item), rule, message })),
      state: row.state,
      at: row.at.toISOString(),
      closedAt: row.closed_at?.toISOString() ?? null,
      closing: closingOf(row),
    }
  }
}

/** By which the source finds it. */
function keyOfLine(seen: Seen, row: QuarantineRow): string | null {
  const values = valuesOf(row)
  return values ? shownKey(seen, values) : null
}

function closingOf({ state, closed_batch, closed_by, closed_reason }: QuarantineRow): string | null {
  switch (state) {
    case 'open':
      return null
    case 'discarded':
    case 'corrected':
      return `${closed_by}：${closed_reason}`
    default:
      return `批次 ${closed_batch}`
  }
}
