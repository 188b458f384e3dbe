import { FAULTY_COLOUR, style, stylesXml } from '../book-xml.ts'
import { Refused } from '../refusals.ts'
import { attributeOf, tagOf, tagReader, withAttribute } from './tags.ts'

/** The styles of a workbook with those that marking needs; each is made when it is first asked for. */
export interface MarkStyles {
  /** The style of a cell with our red behind it. */
  faulty(base: number): number
  /** Without our red, where a style has it from an earlier round; undefined where it has not. */
  cured(base: number): number | undefined
  opinion(): number
  /** The part as it has to be written now. */
  xml(): string
}

/** Where a list of the part stands among its tokens. */
interface List {
  open: number
  close: number
  prefix: string
}

/** For a workbook without styles: those of our own workbooks. */
export function ownStyles(): MarkStyles {
  return { faulty: () => style.faulty, cured: () => undefined, opinion: () => style.opinion, xml: () => stylesXml }
}

/** Reads the part that a parser has found well-formed. Nothing of it is changed; formats are added behind the ones that are there. */
export function markStyles(part: string, xml: string): MarkStyles {
  const reader = tagReader()
  const tokens = [...reader.push(xml), ...reader.end()]
  const fills = listOf(tokens, 'fills')
  const formats = listOf(tokens, 'cellXfs')
  if (!fills || !formats) throw new Refused('table.structure', { part }, { found: '样式表不完整' })
  const fillItems = itemsOf(tokens, fills, 'fill')
  const formatItems = itemsOf(tokens, formats, 'xf')
  const ours = fillItems.findIndex((item) =>
    item.some((token) => tagOf(token)?.local === 'fgColor' && attributeOf(token, 'rgb') === FAULTY_COLOUR),
  )
  const faultyFill = ours < 0 ? fillItems.length : ours
  const added: string[] = []
  const known = new Map<string, number>()

  function add(key: string, make: () => string): number {
    const found = known.get(key)
    if (found !== undefined) return found
    const id = formatItems.length + added.length
    added.push(make())
    known.set(key, id)
    return id
  }

  function filled(base: number, fill: number): string {
    const item = formatItems[base] ?? [`<${formats?.prefix ?? ''}xf numFmtId="0" fontId="0" borderId="0"/>`]
    const [first = '', ...inside] = item
    return withAttribute(withAttribute(first, 'fillId', String(fill)), 'applyFill', '1') + inside.join('')
  }

  return {
    faulty: (base) => add(`faulty ${base}`, () => filled(base, faultyFill)),
    cured(base) {
      const fill = attributeOf(formatItems[base]?.[0] ?? '', 'fillId')
      return ours >= 0 && fill === String(ours) ? add(`cured ${base}`, () => filled(base, 0)) : undefined
    },
    opinion: () => add('opinion', () => opinionFormat(formats.prefix)),
    xml() {
      const changed = [...tokens]
      if (ours < 0) append(changed, fills, [faultyFillXml(fills.prefix)], fillItems.length + 1)
      append(changed, formats, added, formatItems.length + added.length)
      return changed.join('')
    },
  }
}

function opinionFormat(prefix: string): string {
  const numbers = 'numFmtId="49" fontId="0" fillId="0" borderId="0" applyNumberFormat="1" applyAlignment="1"'
  return `<${prefix}xf ${numbers}><${prefix}alignment vertical="top" wrapText="1"/></${prefix}xf>`
}

function faultyFillXml(prefix: string): string {
  const inside = `<${prefix}fgColor rgb="${FAULTY_COLOUR}"/><${prefix}bgColor indexed="64"/>`
  return `<${prefix}fill><${prefix}patternFill patternType="solid">${inside}</${prefix}patternFill></${prefix}fill>`
}

function listOf(tokens: readonly string[], name: string): List | undefined {
  const open = tokens.findIndex((token) => tagOf(token)?.local === name)
  const tag = tagOf(tokens[open] ?? '')
  if (tag?.kind !== 'open') return undefined
  const close = tokens.findIndex((token, at) => at > open && tagOf(token)?.local === name)
  return close < 0 ? undefined : { open, close, prefix: tag.prefix }
}

/** The items of a list, each with all its tokens. */
function itemsOf(tokens: readonly string[], list: List, name: string): string[][] {
  const items: string[][] = []
  let item: string[] | undefined
  for (const token of tokens.slice(list.open + 1, list.close)) {
    const tag = tagOf(token)
    if (tag?.local === name && tag.kind !== 'close' && !item) item = []
    item?.push(token)
    if (item && tag?.local === name && tag.kind !== 'open') {
      items.push(item)
      item = undefined
    }
  }
  return items
}

function append(tokens: string[], { open, close }: List, items: readonly string[], count: number): void {
  tokens[open] = withAttribute(tokens[open] ?? '', 'count', String(count))
  tokens[close] = items.join('') + (tokens[close] ?? '')
}
