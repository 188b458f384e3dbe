import { SaxesParser } from 'saxes'
import type { Limits } from '../limits.ts'
import { Refused } from '../refusals.ts'

export type Attributes = Readonly<Record<string, string>>

/** What a reader of a part wants to hear. Names come without their prefix. */
export interface XmlHandlers {
  open(name: string, attributes: Attributes): void
  close?(name: string): void
  text?(text: string): void
}

/** A tag, a text or a comment that goes on longer than this is no workbook's. */
const LONGEST_TOKEN = 2 * 1024 * 1024

/** Parts that hold what other programs add; nothing in them is content of the sheet. */
const skipped = new Set(['extLst', 'AlternateContent'])

/**
 * Reads one part as XML: UTF-8 only, no document type, no entity of its own, bounded depth. `after` runs between two pieces, where a reader may wait.
 */
export async function readXml(
  pieces: AsyncIterable<Buffer>,
  part: string,
  limits: Limits,
  handlers: XmlHandlers,
  after?: () => Promise<void> | undefined,
): Promise<void> {
  const parser = new SaxesParser<{ position: false; xmlns: false }>({ position: false, xmlns: false })
  let depth = 0
  let skippedFrom = 0
  let heard = false
  parser.on('error', () => {
    throw new Refused('table.xml', { part })
  })
  parser.on('doctype', () => {
    throw new Refused('table.doctype', { part })
  })
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && !/^utf-?8$/i.test(encoding))
      throw new Refused('table.encoding', { part }, { found: encoding.slice(0, 20) })
  })
  parser.on('opentag', ({ name, attributes }) => {
    heard = true
    depth += 1
    if (depth > limits.xmlDepth) throw new Refused('table.too_deep', { part }, { limit: limits.xmlDepth })
    if (skippedFrom > 0) return
    const local = localName(name)
    if (skipped.has(local)) skippedFrom = depth
    else handlers.open(local, attributes)
  })
  parser.on('closetag', ({ name }) => {
    heard = true
    if (skippedFrom === 0) handlers.close?.(localName(name))
    else if (skippedFrom === depth) skippedFrom = 0
    depth -= 1
  })
  const text = (found: string) => {
    heard = true
    if (skippedFrom === 0) handlers.text?.(found)
  }
  parser.on('text', text)
  parser.on('cdata', text)
  let silent = 0
  for await (const piece of decoded(pieces, part)) {
    parser.write(piece)
    silent = heard ? 0 : silent + piece.length
    heard = false
    if (silent > LONGEST_TOKEN) throw new Refused('table.xml', { part })
    await after?.()
  }
  parser.close()
}

function localName(name: string): string {
  const colon = name.indexOf(':')
  return colon < 0 ? name : name.slice(colon + 1)
}

/** The bytes as text, whole characters only. @throws Refused where they are not UTF-8 */
export async function* decoded(pieces: AsyncIterable<Buffer>, part: string, keepMark = false): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: keepMark })
  const decode = (piece?: Buffer) => {
    try {
      return piece ? decoder.decode(piece, { stream: true }) : decoder.decode()
    } catch {
      throw new Refused('table.encoding', { part })
    }
  }
  for await (const piece of pieces) yield decode(piece)
  yield decode()
}

/** An attribute that OOXML types as a boolean. */
export function isOn(value: string | undefined): boolean {
  return value === '1' || value === 'true' || value === 'on'
}

/** A whole number from 0 to `most`; undefined for anything else. */
export function wholeNumber(text: string | undefined, most: number): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined
  const number = Number(text)
  return number <= most ? number : undefined
}
