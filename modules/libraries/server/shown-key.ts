import { type Ctx, inTransaction, NotPermitted } from '@tongchou/kernel'
import { installationOf } from './install.store.ts'
import { readLibrary } from './library.permissions.ts'
import { masked } from './mask.ts'
import type { LibrariesPorts } from './ports.ts'
import type { RecordQuery } from './query.api.ts'
import { keepLooks, requirePurpose, type Seen, seenBy } from './records.service.ts'

/**
 * The key of a record as a list may show it (主键), masked as the record's own items are. A key that is a person's number is shown to nobody who has not said
 * what for.
 */
export function shownKey(seen: Seen, values: Readonly<Record<string, string | null>>): string | null {
  const { definition, persons } = seen
  return definition.key.some((id) => persons.includes(id)) ? null : keyInView(seen, values)
}

function keyInView({ definition, view }: Seen, values: Readonly<Record<string, string | null>>): string | null {
  const parts = definition.key.map((id) => {
    const item = view.items.find((one) => one.id === id)
    return item ? (item.mask === null ? (values[id] ?? null) : masked(values[id] ?? null, item.mask)) : null
  })
  return parts.every((part) => part !== null) ? parts.join('、') : null
}

/** Keys of a resource's records, each as a list may show it to the reader; null for what it may not. */
export async function keysForList(ctx: Ctx, ports: LibrariesPorts, resource: string): Promise<(key: string) => string | null> {
  const seen = await seenOf(ctx, ports, resource)
  return (key) => {
    const values = seen && keyValues(seen, key)
    return values ? shownKey(seen, values) : null
  }
}

/**
 * Keys that are persons' numbers, for whoever says what for (查看主键): whole for the provider, masked for the center, and each person is written down in the
 * same transaction. Null for what is no key of the resource.
 */
export async function lookAtKeys(
  ctx: Ctx,
  ports: LibrariesPorts,
  resource: string,
  keys: readonly string[],
  purpose: RecordQuery['purpose'],
): Promise<(string | null)[]> {
  return inTransaction(ctx, async (tx) => {
    const seen = await seenOf(tx, ports, resource)
    if (!seen) throw new NotPermitted('libraries.not_reader', '主键只给提供单位的数据专员和市大数据中心查看。')
    const row = { resource, org_id: tx.actor.orgId, title: seen.definition.title }
    requirePurpose(row, seen.isPersonal, purpose)
    const found = keys.map((key) => keyValues(seen, key))
    const persons = found.map((values) => ({ persons: seen.persons.flatMap((id) => values?.[id] ?? []) }))
    if (purpose) await keepLooks(tx, ports, row, seen, persons, purpose)
    return found.map((values) => (values ? keyInView(seen, values) : null))
  })
}

async function seenOf(ctx: Ctx, ports: LibrariesPorts, resource: string): Promise<Seen | undefined> {
  const installed = await installationOf(ctx, resource)
  if (!installed || !readLibrary.allows(ctx.actor, { orgId: installed.org_id })) return undefined
  const row = { resource, org_id: installed.org_id, title: installed.title }
  return seenBy(ctx, ports, row)
}

/** The values of a record's key; undefined for a text that is none of this resource. */
function keyValues({ definition }: Seen, key: string): Record<string, string | null> | undefined {
  const { key: items } = definition
  const parts: unknown = items.length === 1 ? [key] : parsed(key)
  if (!Array.isArray(parts) || parts.length !== items.length) return undefined
  return Object.fromEntries(items.map((id, i) => [id, String(parts[i])]))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
