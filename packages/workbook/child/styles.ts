import type { Limits } from '../limits.ts'
import { Refused } from '../refusals.ts'
import type { Archive } from './archive.ts'
import { type Shown, shownBy } from './number-format.ts'
import { readXml, wholeNumber } from './xml.ts'

/** Formats of cells a workbook may have; Excel itself ends at 65,490. */
const MOST = 65_536

/** How each cell style shows a number, by the style's index. A workbook without styles shows all plainly. */
export async function readStyles(archive: Archive, part: string, limits: Limits): Promise<Shown[]> {
  const codes = new Map<number, string>()
  const ids: number[] = []
  let inCellFormats = false
  const wrong = () => new Refused('table.structure', { part }, { found: '样式表不合规范' })
  await readXml(archive.inflate(part), part, limits, {
    open(name, attributes) {
      if (name === 'numFmt') {
        const id = wholeNumber(attributes.numFmtId, MOST)
        // Differential styles name formats too; what they leave out is no concern of a cell.
        if (id !== undefined && attributes.formatCode !== undefined && !codes.has(id)) codes.set(id, attributes.formatCode)
      } else if (name === 'cellXfs') inCellFormats = true
      else if (name === 'xf' && inCellFormats) {
        const id = wholeNumber(attributes.numFmtId ?? '0', MOST)
        if (id === undefined || ids.length >= MOST) throw wrong()
        ids.push(id)
      }
    },
    close(name) {
      if (name === 'cellXfs') inCellFormats = false
    },
  })
  return ids.map((id) => shownBy(id, codes.get(id)))
}
