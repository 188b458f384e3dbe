import type { Entry, EntryItem } from '@tongchou/metadata'
import { sharingBasis } from '@tongchou/metadata'
import type { Masking } from '@tongchou/records'

/** An item as it can be asked for. */
export interface OfferedItem {
  id: string
  name: string
  /** As the catalog shares it: of its own, or as the resource. */
  sharing: 'unconditional' | 'conditional' | 'none'
  condition: string | null
  basis: string | null
  isSensitive: boolean
  /** How the catalog masks it; null where it shows it whole. */
  masking: Masking | null
  /** Its values may be a condition on records. */
  canFilter: boolean
}

/** Types whose canonical text is one value that somebody can write down. */
const filterable = new Set<EntryItem['type']>(['C', 'N', 'I', 'D', 'L'])

/** The items of an entry as they can be asked for, in its order. */
export function offeredItems(entry: Entry): OfferedItem[] {
  return entry.items.flatMap((item): OfferedItem[] => {
    if (item.id === undefined) return []
    // What says nothing of its own is as the resource; what nobody has said is conditional: a person decides.
    const sharing = item.sharing ?? entry.sharing ?? 'conditional'
    const own = item.sharing !== null
    return [
      {
        ...{ id: item.id, name: item.name, sharing },
        condition: sharing === 'conditional' ? (own ? item.sharingCondition : entry.sharingCondition) : null,
        basis: sharing === 'none' ? basisText(own ? item : entry) : null,
        isSensitive: item.sensitivity === 'sensitive' || item.sensitivity === 'sensitive-personal',
        masking: maskOf(item),
        canFilter: filterable.has(item.type) && sharing !== 'none',
      },
    ]
  })
}

/** As the center sees it too: what is sensitive and says not how is masked wholly. */
function maskOf({ sensitivity, masking }: EntryItem): Masking | null {
  if (sensitivity === 'general' || sensitivity === 'personal') return masking
  return masking ?? 'full'
}

export function basisText({ basisLaw, basisClause }: { basisLaw: string | null; basisClause: string | null }): string | null {
  const law = sharingBasis(basisLaw)
  return law ? `《${law.title.replace(/^《|》$/g, '')}》${basisClause ?? ''}` : null
}

/** What follows from the catalog alone (按共享类型): what is decided at once, and what the provider has to decide. */
export type Course =
  | { course: 'at-once' }
  | { course: 'provider'; because: string }
  | { course: 'refused'; basisLaw: string; basisClause: string; reason: string }
  | { course: 'mixed'; names: string[] }

/**
 * @param wanted item id -> wanted whole. What the catalog masks is given whole by nobody but the provider, so that turns an unconditional item into a
 * conditional one. The caller has checked that the ids are items of the entry.
 */
export function courseOf(entry: Entry, wanted: Readonly<Record<string, boolean>>): Course {
  const items = offeredItems(entry).filter(({ id }) => Object.hasOwn(wanted, id))
  const closed = items.filter(({ sharing }) => sharing === 'none')
  if (closed.length > 0 && closed.length < items.length) return { course: 'mixed', names: closed.map(({ name }) => name) }
  if (closed.length > 0) {
    const item = entry.items.find(({ id }) => id === closed[0]?.id)
    const of = item && item.sharing !== null ? item : entry
    return {
      ...{ course: 'refused', basisLaw: of.basisLaw ?? '', basisClause: of.basisClause ?? '' },
      reason: `目录所定共享类型为不予共享，依据${basisText(of) ?? '见目录'}。`,
    }
  }
  const conditional = items.filter(({ sharing }) => sharing === 'conditional').map(({ name }) => name)
  if (conditional.length > 0) return { course: 'provider', because: `${named(conditional)}为有条件共享` }
  const whole = items.filter(({ id, masking }) => wanted[id] && masking !== null).map(({ name }) => name)
  if (whole.length > 0) return { course: 'provider', because: `${named(whole)}申请不脱敏提供` }
  return { course: 'at-once' }
}

function named(names: readonly string[]): string {
  return `${names
    .slice(0, 3)
    .map((name) => `“${name}”`)
    .join('、')}${names.length > 3 ? `等${names.length}项` : ''}`
}
