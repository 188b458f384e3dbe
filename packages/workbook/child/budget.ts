import type { Limits } from '../limits.ts'
import { type Place, Refused } from '../refusals.ts'

/** What has been read of a file so far, over all its sheets. Whatever passes its limit is refused where it does. */
export interface Budget {
  row(place: Place): void
  /** One cell with content. */
  cell(place: Place, column: number, length: number): void
  merge(place: Place): void
}

export function budgetOf(limits: Limits): Budget {
  let [rows, cells, characters, merges] = [0, 0, 0, 0]
  return {
    row(place) {
      rows += 1
      if (rows > limits.rows) throw new Refused('table.too_many_rows', place, { limit: limits.rows })
    },
    cell(place, column, length) {
      cells += 1
      characters += length
      if (column > limits.columns) throw new Refused('table.too_many_columns', place, { limit: limits.columns })
      if (cells > limits.cells) throw new Refused('table.too_many_cells', place, { limit: limits.cells })
      if (length > limits.cellLength) throw new Refused('table.cell_too_long', place, { limit: limits.cellLength })
      if (characters > limits.characters) throw new Refused('table.too_much_text', place, { limit: limits.characters })
    },
    merge(place) {
      merges += 1
      if (merges > limits.merges) throw new Refused('table.too_many_merges', place, { limit: limits.merges })
    },
  }
}
