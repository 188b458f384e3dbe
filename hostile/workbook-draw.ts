import { randomFrom } from '../apps/server/src/testing/shuffled.ts'
import { hostileFiles } from '../packages/workbook/hostile.given.ts'
import { writeTable } from '../packages/workbook/index.ts'
import { type GivenEntry, givenParts, stylesOf, textRows, zipOf } from '../packages/workbook/workbook.given.ts'
import { naughtyTexts, pick } from './naughty.ts'

/** A spoilt file, and of which good one it was made; archives whose bytes alone were spoilt must read as the good one or not at all. */
export interface SpoiltFile {
  kind: 'archive bytes' | 'part text' | 'structure' | 'entries' | 'csv bytes' | 'built'
  of: GoodFile
  bytes: Buffer
}

/** A file that is read without complaint. */
export interface GoodFile {
  name: string
  bytes: Buffer
  /** For archives that are taken apart. */
  parts?: ReadonlyMap<string, string>
}

const GB18030 = Buffer.from('c3fbb3c62cb4fac2eb0d0ac3f1d5febed62c3030310d0acec0bda1ceaf2c3030320d0a', 'hex')

/** Good files of several makers: our own, one written by hand with everything that a sheet can have, and text in each encoding. */
export async function goodFiles(): Promise<GoodFile[]> {
  const columns = Array.from({ length: 12 }, (_, at) => ({ item: `i${at}`, title: `列${at}` }))
  const rows = Array.from({ length: 30 }, (_, row) =>
    Object.fromEntries(
      columns.map(({ item }, at) => [
        item,
        naughtyTexts[(row * 12 + at) % naughtyTexts.length]?.replaceAll('\0', '').slice(0, 300).toWellFormed() ?? '',
      ]),
    ),
  )
  const parts = givenParts({
    sheets: [
      {
        before: '<dimension ref="A1:E5"/><cols><col min="2" max="2" width="9" hidden="1"/></cols>',
        rows: `${textRows([['名称', '代码', '日期', '数量', '公式']])}<row r="2" hidden="1"><c r="A2" t="s"><v>0</v></c><c r="B2" s="1"><v>7</v></c><c r="C2" s="2"><v>45774</v></c><c r="D2"><v>12.5</v></c><c r="E2"><f>D2*2</f><v>25</v></c></row><row r="3"><c r="A3" t="s"><v>1</v></c><c r="C3" s="3"><v>45774.5</v></c><c r="D3" t="b"><v>1</v></c><c r="E3" t="e"><v>#N/A</v></c></row><row r="5"><c r="A5" t="s"><v>2</v></c></row>`,
        after: '<mergeCells count="2"><mergeCell ref="A3:A4"/><mergeCell ref="B3:B4"/></mergeCells>',
      },
      { rows: textRows([['x']]), state: 'hidden' },
    ],
    strings: ['<t>民政局</t>', '<r><t>富</t></r><r><t xml:space="preserve"> 文 </t></r>', '<t>_x000D_&amp;</t>'],
    styles: stylesOf(['General', '0000', 14, 22]),
  })
  return [
    { name: 'ours', bytes: await writeTable({ sheet: '目录', columns }, rows) },
    { name: 'by hand', bytes: zipOf(entriesOf(parts)), parts },
    { name: 'utf-8', bytes: Buffer.from('名称,代码\r\n"民政,局",001\r\n卫健委,"a""b\nc"\r\n') },
    { name: 'utf-16', bytes: Buffer.from('\ufeff名称\t代码\r\n民政局\t001\r\n', 'utf16le') },
    { name: 'gb18030', bytes: GB18030 },
  ]
}

const entriesOf = (parts: ReadonlyMap<string, string>): GivenEntry[] => [...parts].map(([name, data]) => ({ name, data }))

/** The spoilt file of a number: the same seed and number give the same file. */
export function drawFile(good: readonly GoodFile[], seed: number, number: number): SpoiltFile {
  const next = randomFrom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b))
  const roll = next()
  const archives = good.filter(({ bytes }) => bytes[0] === 0x50)
  const texts = good.filter((file) => !archives.includes(file))
  const byHand = archives.find(({ parts }) => parts) as GoodFile & { parts: ReadonlyMap<string, string> }
  if (roll < 0.25) {
    const of = pick(archives, next)
    return { kind: 'archive bytes', of, bytes: spoiltBytes(of.bytes, next) }
  }
  if (roll < 0.5) return { kind: 'part text', of: byHand, bytes: zipOf(withSpoiltPart(byHand.parts, next, spoiltText)) }
  if (roll < 0.8) return { kind: 'structure', of: byHand, bytes: zipOf(withSpoiltPart(byHand.parts, next, spoiltTags)) }
  if (roll < 0.9) return { kind: 'entries', of: byHand, bytes: spoiltEntries(entriesOf(byHand.parts), next) }
  if (roll < 0.995) {
    const of = pick(texts, next)
    return { kind: 'csv bytes', of, bytes: spoiltBytes(of.bytes, next) }
  }
  return { kind: 'built', of: byHand, bytes: pick(hostileFiles, next).make() }
}

const upTo = (most: number, next: () => number) => Math.floor(next() * most)

function spoiltBytes(bytes: Buffer, next: () => number): Buffer {
  let spoilt = Buffer.from(bytes)
  for (let times = 1 + upTo(4, next); times > 0; times--) {
    const at = upTo(spoilt.length, next)
    const until = Math.min(spoilt.length, at + 1 + upTo(40, next))
    const roll = next()
    if (roll < 0.5) spoilt[at] = upTo(256, next)
    else if (roll < 0.6) spoilt = spoilt.subarray(0, at)
    else if (roll < 0.75) spoilt = Buffer.concat([spoilt.subarray(0, at), spoilt.subarray(until)])
    else if (roll < 0.9) spoilt = Buffer.concat([spoilt.subarray(0, until), spoilt.subarray(at)])
    else spoilt = Buffer.concat([spoilt.subarray(0, at), Buffer.from(pick(naughtyTexts, next)), spoilt.subarray(at)])
    if (spoilt.length === 0) break
  }
  return spoilt
}

function withSpoiltPart(
  parts: ReadonlyMap<string, string>,
  next: () => number,
  spoil: (text: string, next: () => number) => string,
): GivenEntry[] {
  const names = [...parts.keys()]
  // The sheet is where most can be wrong.
  const chosen = next() < 0.5 ? 'xl/worksheets/sheet1.xml' : pick(names, next)
  return entriesOf(parts).map((entry) => (entry.name === chosen ? { ...entry, data: spoil(String(entry.data), next) } : entry))
}

const fragments = [
  '<',
  '>',
  '&',
  '"',
  "'",
  '/',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<?x?>',
  '<!DOCTYPE a>',
  '&#0;',
  '&#xD800;',
  '&amp;',
  '_x0000_',
  '_xD800_',
  '\ud800',
  '\0',
  '\u{20BB7}',
  '\r\n',
]

function spoiltText(text: string, next: () => number): string {
  let spoilt = text
  for (let times = 1 + upTo(3, next); times > 0; times--) {
    const at = upTo(spoilt.length, next)
    const until = Math.min(spoilt.length, at + upTo(60, next))
    const roll = next()
    if (roll < 0.4) spoilt = spoilt.slice(0, at) + pick(fragments, next) + spoilt.slice(at)
    else if (roll < 0.6) spoilt = spoilt.slice(0, at) + spoilt.slice(until)
    else if (roll < 0.8) spoilt = spoilt.slice(0, until) + spoilt.slice(at)
    else spoilt = spoilt.slice(0, at) + pick(naughtyTexts, next) + spoilt.slice(at)
  }
  return spoilt
}

const values = [
  '',
  '0',
  '-1',
  '1',
  '2',
  '7',
  '1048576',
  '1048577',
  '16384',
  '4294967296',
  '9'.repeat(400),
  '1e9',
  'NaN',
  'true',
  'A1',
  'XFD1048576',
  'A0',
  'A1:A1',
  'ZZZ9',
  's',
  'str',
  'inlineStr',
  'b',
  'd',
  'e',
  'n',
  'x',
  '../../x',
  'hidden',
]

/** Well-formed all the same, but not what a workbook says: attributes, whole elements, order. */
function spoiltTags(text: string, next: () => number): string {
  const tokens = text.split(/(?=<)|(?<=>)/)
  for (let times = 1 + upTo(3, next); times > 0; times--) {
    const tags = tokens.flatMap((token, at) => (token.startsWith('<') ? [at] : []))
    const at = pick(tags, next)
    const token = tokens[at] ?? ''
    const attributes = [...token.matchAll(/(\w+)="([^"]*)"/g)]
    const roll = next()
    if (roll < 0.6 && attributes.length > 0) {
      const [whole, name] = pick(attributes, next)
      tokens[at] = token.replace(whole, next() < 0.2 ? '' : `${name}="${pick(values, next)}"`)
    } else if (roll < 0.8) {
      const other = pick(tags, next)
      tokens.splice(other, 0, ...elementAt(tokens, at))
    } else tokens.splice(at, elementAt(tokens, at).length)
  }
  return tokens.join('')
}

/** An element from its first tag to its last. */
function elementAt(tokens: readonly string[], at: number): string[] {
  let depth = 0
  for (let end = at; end < tokens.length; end++) {
    const token = tokens[end] ?? ''
    if (token.startsWith('</')) depth -= 1
    else if (token.startsWith('<') && !token.endsWith('/>')) depth += 1
    if (depth <= 0) return tokens.slice(at, end + 1)
  }
  return tokens.slice(at, at + 1)
}

function spoiltEntries(entries: readonly GivenEntry[], next: () => number): Buffer {
  const spoilt = [...entries]
  const at = upTo(spoilt.length, next)
  const entry = pick(entries, next)
  const roll = next()
  const size = pick([0, 1, 1000, 0x7fffffff, 0xfffffffe, 0xffffffff], next)
  if (roll < 0.2) spoilt.splice(at, 1)
  else if (roll < 0.3) spoilt.push(entry)
  else if (roll < 0.45) spoilt[at] = { ...entry, data: spoilt[at]?.data ?? '' }
  else if (roll < 0.6)
    spoilt[at] = { ...entry, name: pick([...naughtyTexts, '../x', 'XL/WORKBOOK.XML', 'mimetype', ''], next).slice(0, 200) }
  else if (roll < 0.8)
    spoilt[at] = {
      ...entry,
      claims: pick([{ size }, { packedSize: size }, { crc: size }, { method: size & 0xffff }, { flags: size & 0xffff }], next),
    }
  else return zipOf(spoilt, upTo(70_000, next) & 0xffff)
  return zipOf(spoilt)
}
