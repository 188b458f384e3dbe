import { inflateSync } from 'node:zlib'

/** What can be said of a PDF without a reader: its pages' size, the fonts it carries, and which characters it can draw. */
export interface PrintedPaper {
  /** Width and height in points, each size once. */
  sizes: string[]
  pageCount: number
  /** Fonts by name that are wholly in the file: with their program, or (Type 3) with a drawing for each character. */
  embedded: string[]
  fontCount: number
  /** Every character that some font of the file maps to a glyph. */
  characters: Set<string>
}

/** Reads a PDF that Chromium wrote: objects are plain, streams are deflated. */
export function readPaper(pdf: Buffer): PrintedPaper {
  const text = pdf.toString('latin1')
  const objects = [...text.matchAll(/(\d+) 0 obj\b([\s\S]*?)endobj/g)].map((match) => ({ id: match[1] ?? '', body: match[2] ?? '' }))
  const descriptors = objects.filter(({ body }) => /\/Type\s*\/FontDescriptor/.test(body))
  const nameOf = (body: string) => /\/FontName\s*\/(\S+)/.exec(body)?.[1] ?? ''
  // Chromium writes a font with PostScript outlines, such as Noto's CJK collections, as Type 3: it has no program, its characters are drawn.
  const drawn = new Set(
    objects
      .filter(({ body }) => /\/Subtype\s*\/Type3\b/.test(body) && /\/CharProcs\b/.test(body))
      .map(({ body }) => /\/FontDescriptor\s+(\d+) 0 R/.exec(body)?.[1]),
  )
  const characters = new Set<string>()
  for (const { body } of objects) {
    const stream = /stream\r?\n([\s\S]*?)\r?\nendstream/.exec(body)?.[1]
    if (stream === undefined || !body.includes('FlateDecode')) continue
    let inflated: string
    try {
      inflated = inflateSync(Buffer.from(stream, 'latin1')).toString('latin1')
    } catch {
      continue
    }
    if (inflated.includes('begincmap')) for (const one of mapped(inflated)) characters.add(one)
  }
  return {
    sizes: [...new Set([...text.matchAll(/\/MediaBox\s*\[([^\]]*)\]/g)].map((match) => (match[1] ?? '').trim()))],
    pageCount: [...text.matchAll(/\/Type\s*\/Page\b(?!s)/g)].length,
    embedded: descriptors.filter(({ id, body }) => drawn.has(id) || /\/FontFile[23]?\s/.test(body)).map(({ body }) => nameOf(body)),
    fontCount: descriptors.length,
    characters,
  }
}

/** Characters of a ToUnicode map: `<glyph> <code>` lines and ranges. */
function mapped(cmap: string): string[] {
  const found: string[] = []
  const at = (code: string) => (code.match(/.{4}/g) ?? []).map((unit) => String.fromCharCode(Number.parseInt(unit, 16))).join('')
  for (const [, block = ''] of cmap.matchAll(/beginbfchar([\s\S]*?)endbfchar/g))
    for (const [, code = ''] of block.matchAll(/<[0-9A-Fa-f]+>\s*<([0-9A-Fa-f]+)>/g)) found.push(at(code))
  for (const [, block = ''] of cmap.matchAll(/beginbfrange([\s\S]*?)endbfrange/g))
    for (const [, from = '', to = '', code = ''] of block.matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g))
      for (let step = 0; step <= Number.parseInt(to, 16) - Number.parseInt(from, 16); step += 1)
        found.push(String.fromCharCode(Number.parseInt(code, 16) + step))
  return found
}
