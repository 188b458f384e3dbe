import type { Limits } from '../limits.ts'
import { Refused } from '../refusals.ts'
import type { Archive } from './archive.ts'
import { readXml } from './xml.ts'

const ESCAPED = /_x([0-9A-Fa-f]{4})_/g

/** A text as the sheet means it: `_x000D_` stands for a character that XML cannot hold. */
export function unescaped(text: string): string {
  return text.includes('_x') ? text.replace(ESCAPED, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : text
}

/** What neither a database nor UTF-8 can keep: NUL and halves of surrogate pairs. */
export function isKeepable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

/** Collects the text of a string item: plain, or in runs of rich text; readings beside it (拼音指南) are no part of it. */
export function stringItem(): { open(name: string): void; close(name: string): void; text(text: string): void; take(): string } {
  let [inText, inReading, text] = [false, false, '']
  return {
    open(name) {
      if (name === 't') inText = true
      else if (name === 'rPh') inReading = true
    },
    close(name) {
      if (name === 't') inText = false
      else if (name === 'rPh') inReading = false
    },
    text(found) {
      if (inText && !inReading) text += found
    },
    take() {
      const whole = unescaped(text)
      text = ''
      return whole
    },
  }
}

/** The shared strings of a workbook, by their index. */
export async function readSharedStrings(archive: Archive, part: string, limits: Limits): Promise<string[]> {
  const strings: string[] = []
  const item = stringItem()
  let characters = 0
  await readXml(archive.inflate(part), part, limits, {
    open: (name) => item.open(name),
    text: (text) => item.text(text),
    close(name) {
      item.close(name)
      if (name !== 'si') return
      const text = item.take()
      characters += text.length
      if (strings.length >= limits.cells) throw new Refused('table.too_many_cells', { part }, { limit: limits.cells })
      if (characters > limits.characters) throw new Refused('table.too_much_text', { part }, { limit: limits.characters })
      strings.push(text)
    },
  })
  return strings
}
