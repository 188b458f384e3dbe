// SPDX-License-Identifier: Apache-2.0
import type { EntryItem } from './entry.ts'

type Named = Pick<EntryItem, 'name' | 'code'> & { id?: string | undefined }

/** Items with their ids, or the places of ids that nobody may use. */
export type NumberedItems<I> = { items: (I & { id: string })[]; last: number } | { wrong: { index: number; id: string }[] }

/**
 * Gives every item its id (信息项标识). One that says its id keeps it; one that says none but has the technical name, or else the name, of a known item
 * that nobody claims is that item; any other is new and gets the next number. Ids are never given twice.
 * @param known items that may be meant: those of the entry as it is, and of the published one when it is changed
 * @param last the number given last
 */
export function numberItems<I extends Named>(given: readonly I[], known: readonly Named[], last: number): NumberedItems<I> {
  const knownIds = new Set(known.map(({ id }) => id))
  const wrong = given.flatMap(({ id }, index) =>
    id !== undefined && (!knownIds.has(id) || given.findIndex((other) => other.id === id) < index) ? [{ index, id }] : [],
  )
  if (wrong.length > 0) return { wrong }
  const taken = new Set(given.flatMap(({ id }) => (id === undefined ? [] : [id])))
  const claim = (fits: (one: Named) => boolean): string | undefined => {
    const found = known.find((one) => one.id !== undefined && !taken.has(one.id) && fits(one))?.id
    if (found !== undefined) taken.add(found)
    return found
  }
  // Technical names first, for all: a name alone must not take the item of another's technical name.
  const byCode = given.map((item) => item.id ?? claim((one) => plain(one.code) === plain(item.code)))
  const byName = given.map((item, index) => byCode[index] ?? claim((one) => plain(one.name) === plain(item.name)))
  let next = last
  const items = given.map((item, index) => {
    const id = byName[index]
    if (id !== undefined) return { ...item, id }
    next += 1
    return { ...item, id: `i${next}` }
  })
  return { items, last: next }
}

const plain = (text: string) => text.normalize('NFKC').trim().toLowerCase()
