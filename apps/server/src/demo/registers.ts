import { tablesOf, type WorldRecipe } from '@tongchou/synthetic'
import type { City } from '../wire.ts'

/** A row of a register, in the order of its items. */
export type Row = readonly unknown[]

/** A register of a department (部门业务库) that the city collects, and what it does in the weeks of the story. */
export interface Register {
  pack: string
  /** Name of the pack's resource. */
  name: string
  title: string
  orgId: string
  /** How often its department promises to send it, and does. */
  cycle: 'daily' | 'weekly' | 'monthly'
  /** Ids of its items, in the order of a row's values. */
  items: readonly string[]
  /** Ids of those that tell its rows apart. */
  key: readonly string[]
  /** Everything that it holds on the first day. */
  firstLoad(): Row[]
  /**
   * What comes with the nth of so many later batches: what is new in the first ones, what has changed in all. In the end the center has what the synthetic city
   * has, and nothing else.
   */
  later(nth: number, batches: { withNew: number; all: number }): Row[]
  /** The first row from a place on that is so; after the last one comes the first. */
  row(from: number, isSo?: (value: (item: string) => unknown) => boolean): Row
  /** The id of an item, by the pack's name of it. */
  idOf(item: string): string
  /** What a row says of an item, by the pack's name of it or by its id. */
  value(row: Row, item: string): unknown
  /** A row with another value of one item. */
  changed(row: Row, item: string, value: unknown): Row
}

/** Promised by what the departments add to the packs, which all say 每日. */
const cycles: Readonly<Record<string, Register['cycle']>> = {
  ...{ person: 'daily', death: 'daily', vehicle: 'daily' },
  ...{ unit: 'weekly', household: 'weekly', member: 'weekly', enterprise: 'weekly' },
  ...{ enrolment: 'monthly', pension: 'monthly', benefit: 'monthly' },
}

/** One of so many rows comes later than the first day, and one was otherwise then. */
const ONE_OF = 60
/** So few changes as a small register has do not all come in the first batches. */
const SPREAD = 7

/** The registers of all packs, filled with one synthetic population. */
export function registersOf({ libraries: { packs } }: City, recipe: WorldRecipe): Register[] {
  return tablesOf(packs, recipe).map(({ pack, resource, rows }): Register => {
    const { items } = resource
    const stamp = items.findIndex(({ file }) => file.isTimestamp === true)
    const month = items.findIndex(({ type, isKey }) => isKey && type.kind === 'month')
    let held: Row[] | undefined
    const all = () => {
      held ??= [...rows()]
      return held
    }
    // By month what is of the last one comes later; otherwise a few rows do.
    const news = () => {
      const latest = [...new Set(all().map((row) => String(row[month])))].sort().at(-1)
      return (row: Row, place: number) => (month < 0 ? place % ONE_OF === 7 : String(row[month]) === latest)
    }
    const isChanged = (place: number) => stamp >= 0 && month < 0 && place % ONE_OF === 23
    const placeOf = (item: string) => {
      const place = items.findIndex(({ name, id }) => name === item || id === item)
      if (place < 0) throw new RangeError(`${resource.name} has no item ${item}`)
      return place
    }
    return {
      ...{ pack, name: resource.name, title: resource.title, orgId: resource.provider.id },
      cycle: cycles[resource.name] ?? 'daily',
      items: items.map(({ id }) => id),
      key: items.flatMap(({ id, isKey }) => (isKey ? [id] : [])),
      firstLoad: () => {
        const isNew = news()
        return all().flatMap((row, place) => {
          if (isNew(row, place)) return []
          return [isChanged(place) ? row.with(stamp, dayBefore(String(row[stamp]))) : row]
        })
      },
      later: (nth, { withNew, all: batches }) => {
        const isNew = news()
        let [fresh, changes] = [0, 0]
        return all().filter((row, place) => {
          if (isNew(row, place)) return fresh++ % withNew === nth
          return isChanged(place) && (changes++ * SPREAD) % batches === nth
        })
      },
      row: (from, isSo = () => true) => {
        const start = from % Math.max(1, all().length)
        const found = [...all().slice(start), ...all().slice(0, start)].find((row) => isSo((item) => row[placeOf(item)]))
        if (!found) throw new RangeError(`${resource.name} has no such row`)
        return found
      },
      idOf: (item) => items[placeOf(item)]?.id ?? '',
      value: (row, item) => row[placeOf(item)],
      changed: (row, item, value) => row.with(placeOf(item), value),
    }
  })
}

/** An instant of the day before, as the register of then had it. */
function dayBefore(instant: string): string {
  return new Date(Date.parse(instant) - 24 * 3_600_000).toISOString()
}
