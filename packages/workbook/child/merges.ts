import { type Place, Refused } from '../refusals.ts'
import type { Merge } from '../table.ts'

/** Merged ranges from top to bottom. Ones that overlap leave open which content a cell shows: refused, as Excel does. */
export function mergesInOrder(merges: readonly Merge[], place: Place): Merge[] {
  const ordered = merges.toSorted((a, b) => a.top - b.top || a.left - b.left)
  // For each column the last row that a range above has taken: ranges come by their first row, so one look per column is enough.
  const taken = new Map<number, number>()
  for (const { top, left, bottom, right } of ordered) {
    for (let column = left; column <= right; column++) {
      if ((taken.get(column) ?? 0) >= top)
        throw new Refused('table.structure', { ...place, row: top, column }, { found: '合并单元格相互重叠' })
      taken.set(column, bottom)
    }
  }
  return ordered
}
