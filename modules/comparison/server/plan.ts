import type { NamedCondition, NamedPlan } from '@tongchou/compare'
import type { PackComparison, PackCondition, PackRef } from '@tongchou/resource-packs'
import type { BuiltLibrary, CopiedLibrary } from './ports.ts'

/** How a resource is called in a plan. */
export const refText = ({ pack, resource }: PackRef) => `${pack}/${resource}`

/** Every resource that a comparison reads, each once, with the items it needs of it and no others (最少够用). */
export function neededOf({ group, people, reasons, errors }: PackComparison): { ref: PackRef; items: string[] }[] {
  const needed = new Map<string, { ref: PackRef; items: Set<string> }>()
  const need = (ref: PackRef, items: readonly string[], where: readonly PackCondition[] = []) => {
    const known = needed.get(refText(ref)) ?? { ref, items: new Set<string>() }
    for (const item of [...items, ...where.map((one) => one.item)]) known.items.add(item)
    needed.set(refText(ref), known)
  }
  need(group.of, [group.key], group.where)
  need(people.of, [people.group, people.person, ...(people.consent ? [people.consent.item] : [])], people.where)
  for (const { with: ref, match, where, test } of reasons) {
    need(ref, [match, ...(test.kind === 'any' ? [] : [test.item])], where)
    if (test.kind === 'sum') need(group.of, test.least)
  }
  for (const { of, with: other, match, where, otherWhere, test } of errors) {
    need(of, [match.of, test.item], where)
    need(other, [match.with, ...(test.kind === 'any' ? [] : [test.other])], otherWhere)
  }
  return [...needed.values()].map(({ ref, items }) => ({ ref, items: [...items] }))
}

/** A definition over the tables that were copied out. */
export function planOf(
  { group, people, reasons, errors }: PackComparison,
  libraries: readonly BuiltLibrary[],
  copied: readonly CopiedLibrary[],
  rowKey: string,
): NamedPlan {
  const tables = Object.fromEntries(
    libraries.map(({ ref, resource }) => {
      const copy = copied.find((one) => one.resource === resource)
      if (!copy) throw new Error(`${resource} was not copied out`)
      return [refText(ref), { file: copy.file, rows: copy.rows }]
    }),
  )
  const conditions = (where: readonly PackCondition[]) =>
    where.map((one): NamedCondition => ('is' in one ? { column: one.item, is: one.is } : { column: one.item, latest: true }))
  return {
    tables,
    rowKey,
    group: { table: refText(group.of), key: group.key, where: conditions(group.where) },
    people: {
      ...{ table: refText(people.of), group: people.group, person: people.person, where: conditions(people.where) },
      consent: people.consent && { column: people.consent.item, is: people.consent.is },
    },
    reasons: reasons.map(({ id, with: ref, match, where, test }) => ({
      ...{ id, table: refText(ref), match, where: conditions(where) },
      test:
        test.kind === 'any'
          ? test
          : test.kind === 'distinct'
            ? { kind: test.kind, column: test.item, least: test.least }
            : { kind: test.kind, column: test.item, least: test.least },
    })),
    errors: errors.map(({ id, of, with: other, match, where, otherWhere, test }) => ({
      ...{ id, table: refText(of), with: refText(other), match, where: conditions(where), otherWhere: conditions(otherWhere) },
      test: test.kind === 'any' ? { kind: 'any', column: test.item } : { kind: test.kind, column: test.item, other: test.other },
    })),
  }
}
