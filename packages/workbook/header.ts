import { folded, foldedWithoutHints } from './fold.ts'
import { OPINION_TITLE } from './opinion.ts'
import { type Cell, type Merge, mergeFinder, rowAt, type Sheet } from './table.ts'

/** A column that is looked for: by its title or another name for it. */
export interface KnownColumn {
  title: string
  aliases?: readonly string[]
  required?: boolean
}

/** Where the headings stand and which column is which. Anything but a full and single answer is named. */
export interface Header<C extends KnownColumn> {
  /** First and last row of the headings: the same for one row, two for headings in groups. */
  firstRow: number
  lastRow: number
  /** Found columns: which one stands in which column of the sheet. */
  columns: ReadonlyMap<C, number>
  /** Headings that are no known column. */
  unknown: readonly { column: number; title: string }[]
  /** Required columns that are not there. */
  missing: readonly C[]
  /** Columns that more than one heading fits equally well, and headings that fit more than one column. */
  ambiguous: readonly { titles: readonly string[]; columns: readonly number[] }[]
}

/** Rows with content among which the headings are looked for: above them stand titles, units, notes. */
const LOOKED_AT = 30

/**
 * Finds the headings (表头) by their words: spaces, `*`, colons, brackets and letter forms do not count, hints in brackets may be left out, and headings may
 * stand in two rows with merged groups. Undefined where no row names at least two known columns (one, when there is only one).
 */
export function findHeader<C extends KnownColumn>(sheet: Pick<Sheet, 'rows' | 'merges'>, columns: readonly C[]): Header<C> | undefined {
  const candidates = sheet.rows
    .slice(0, LOOKED_AT)
    .flatMap(({ row }) => [oneRow(sheet, row), twoRows(sheet, row)].filter((one) => one !== undefined))
  let best: { header: Header<C>; score: number } | undefined
  for (const headings of candidates) {
    const header = matched(headings, columns)
    const score = scoreOf(header, columns)
    if (!best || score > best.score) best = { header, score }
  }
  const found = (best?.header.columns.size ?? 0) + (best?.header.ambiguous.length ?? 0)
  return best && found >= Math.min(2, columns.length) && found > 0 ? best.header : undefined
}

/** Required columns count most, then columns at all; of two rows that find the same, the first and the single one is taken. */
function scoreOf<C extends KnownColumn>(header: Header<C>, columns: readonly C[]): number {
  const required = columns.filter((column) => column.required).length - header.missing.length
  return (required + header.columns.size + header.ambiguous.length) * 100 - header.unknown.length
}

/** A heading of one column, and by which words it may be known: its own, and with its group's before them. */
interface Heading {
  column: number
  title: string
  group: string | undefined
}

interface Headings {
  firstRow: number
  lastRow: number
  list: readonly Heading[]
}

function oneRow({ rows }: Pick<Sheet, 'rows'>, row: number): Headings {
  const cells = rowAt(rows, row)?.cells ?? []
  return { firstRow: row, lastRow: row, list: cells.map(({ column, text }) => ({ column, title: text, group: undefined })) }
}

/**
 * Headings in two rows: groups above (merged over their columns), names below; a heading that is merged over both rows is its own. Undefined unless something
 * above is merged: two rows of words alone are a heading and the first row of data.
 */
function twoRows(sheet: Pick<Sheet, 'rows' | 'merges'>, row: number): Headings | undefined {
  const touching = sheet.merges.filter(
    ({ top, bottom, left, right }) => top === row && (bottom === row + 1 || (bottom === row && right > left)),
  )
  if (touching.length === 0) return undefined
  const above = rowAt(sheet.rows, row)?.cells ?? []
  const below = rowAt(sheet.rows, row + 1)?.cells ?? []
  const groupOf = groupFinder(above, touching)
  const list = below.map(({ column, text }): Heading => ({ column, title: text, group: groupOf(column) }))
  const named = new Set(below.map(({ column }) => column))
  for (const { column, text } of above)
    if (!named.has(column) && !isGroup(column, touching)) list.push({ column, title: text, group: undefined })
  return { firstRow: row, lastRow: row + 1, list: list.sort((a, b) => a.column - b.column) }
}

/** Merged over several columns of one row: it names a group and no column. */
function isGroup(column: number, merges: readonly Merge[]): boolean {
  return merges.some(({ left, right, top, bottom }) => left <= column && column <= right && right > left && top === bottom)
}

function groupFinder(above: readonly Cell[], merges: readonly Merge[]): (column: number) => string | undefined {
  const mergeAt = mergeFinder(merges)
  return (column) => {
    const merge = mergeAt(above[0]?.row ?? 0, column)
    return above.find((cell) => cell.column === (merge?.left ?? column))?.text
  }
}

/** How well a heading fits, best first: the title, another name, the title without hints, another name without hints, the group's words with it. */
const FITS = 5

function fitOf(heading: Heading, column: KnownColumn): number | undefined {
  const own = folded(heading.title)
  const bare = foldedWithoutHints(heading.title)
  const full = heading.group === undefined ? undefined : folded(heading.group) + own
  const title = folded(column.title)
  const aliases = (column.aliases ?? []).map(folded)
  const fits = [own === title, aliases.includes(own), bare === title, bare !== undefined && aliases.includes(bare)]
  const found = fits.indexOf(true)
  if (found >= 0) return found
  const loose = [foldedWithoutHints(column.title), ...(column.aliases ?? []).map(foldedWithoutHints)]
  const fitsGroup = full !== undefined && (full === title || aliases.includes(full))
  return fitsGroup || loose.includes(own) ? FITS - 1 : undefined
}

function matched<C extends KnownColumn>({ firstRow, lastRow, list }: Headings, columns: readonly C[]): Header<C> {
  const headings = list.filter(({ title }) => folded(title) !== '' && folded(title) !== folded(OPINION_TITLE))
  const fits = headings.flatMap((heading) => columns.flatMap((column) => withFit(heading, column, fitOf(heading, column))))
  const found = new Map<C, number>()
  const ambiguous: { titles: string[]; columns: number[] }[] = []
  const settled = new Set<Heading>()
  for (const column of columns) {
    const own = fits.filter((fit) => fit.column === column && isBestOfHeading(fit, fits))
    const best = own.filter(({ rank }) => rank === Math.min(...own.map((fit) => fit.rank)))
    const [only] = best
    if (!only) continue
    for (const { heading } of best) settled.add(heading)
    const rivals = fits.filter(({ heading, rank, column: other }) => heading === only.heading && rank === only.rank && other !== column)
    if (best.length > 1) ambiguous.push({ titles: [column.title], columns: best.map(({ heading }) => heading.column) })
    else if (rivals.length > 0)
      ambiguous.push({ titles: [column.title, ...rivals.map((rival) => rival.column.title)], columns: [only.heading.column] })
    else found.set(column, only.heading.column)
  }
  const named = new Set(ambiguous.flatMap(({ titles }) => titles))
  return {
    firstRow,
    lastRow,
    columns: found,
    unknown: headings.filter((heading) => !settled.has(heading)).map(({ column, title }) => ({ column, title })),
    missing: columns.filter((column) => column.required && !found.has(column) && !named.has(column.title)),
    ambiguous: once(ambiguous),
  }
}

interface Fit<C> {
  heading: Heading
  column: C
  rank: number
}

function withFit<C>(heading: Heading, column: C, rank: number | undefined): Fit<C>[] {
  return rank === undefined ? [] : [{ heading, column, rank }]
}

/** A heading stands for the column that it fits best, and for no other beside it. */
function isBestOfHeading<C>(fit: Fit<C>, fits: readonly Fit<C>[]): boolean {
  return !fits.some(({ heading, rank }) => heading === fit.heading && rank < fit.rank)
}

/** Two columns that one heading fits are one ambiguity and not two. */
function once(ambiguous: readonly { titles: string[]; columns: number[] }[]): { titles: string[]; columns: number[] }[] {
  const keyOf = ({ titles, columns }: { titles: string[]; columns: number[] }) => JSON.stringify([titles.toSorted(), columns])
  return [...new Map(ambiguous.toReversed().map((one) => [keyOf(one), one])).values()].toReversed()
}
