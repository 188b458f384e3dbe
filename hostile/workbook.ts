import { readdirSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { randomFrom } from '../apps/server/src/testing/shuffled.ts'
import {
  type Cell,
  defaultLimits,
  markTable,
  OPINION_TITLE,
  readTable,
  type Sheet,
  type Table,
  type TableFinding,
  TableRefused,
} from '../packages/workbook/index.ts'
import { pick } from './naughty.ts'
import { drawFile, type GoodFile, goodFiles, type SpoiltFile } from './workbook-draw.ts'

/** How a spoilt file is read and marked: by the product's children, or in this process for many more of them. */
export interface Readers {
  read(bytes: Buffer): Promise<Table>
  mark(bytes: Buffer, findings: readonly TableFinding[]): Promise<Buffer>
}

export interface WorkbookReport {
  /** How many ended how: `read`, or the code of the refusal. */
  verdicts: ReadonlyMap<string, number>
  marked: number
  faults: readonly string[]
}

const LANES = 2
const GROWTH = 1.5
/** A file of a few kilobytes that is not done by then is a fault, however busy the machine. */
const PATIENCE_MS = defaultLimits.milliseconds + 15_000

/** Spoils `count` good files and reads each: rows, or a refusal by its name, and what is marked still says what it said. */
export async function throwWorkbooks(
  readers: Readers,
  { seed, from, count }: { seed: number; from: number; count: number },
): Promise<WorkbookReport> {
  const good = await goodFiles()
  const tables = new Map<GoodFile, Table>()
  for (const file of good) tables.set(file, await readers.read(file.bytes))
  const verdicts = new Map<string, number>()
  const faults: string[] = []
  let marked = 0
  let number = from
  const lane = async () => {
    while (number < from + count) {
      const own = number++
      const file = drawFile(good, seed, own)
      const fault = (what: string) => faults.push(`${own} (${file.kind} of ${file.of.name}): ${what}`)
      const began = performance.now()
      const { verdict, table } = await verdictOf(readers, file.bytes)
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
      if (verdict.startsWith('fault')) fault(verdict)
      if (table) for (const one of wrongIn(table, file, tables)) fault(one)
      if (table) {
        const wrong = await wrongMarks(readers, file.bytes, table, randomFrom(own))
        if (wrong) fault(wrong)
        else marked += 1
      }
      if (performance.now() - began > PATIENCE_MS) fault('took longer than its limit')
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return { verdicts, marked, faults }
}

async function verdictOf({ read }: Readers, bytes: Buffer): Promise<{ verdict: string; table?: Table }> {
  try {
    return { verdict: 'read', table: await read(bytes) }
  } catch (error) {
    if (!(error instanceof TableRefused)) return { verdict: `fault: ${error instanceof Error ? (error.stack ?? error.message) : error}` }
    const isWorded = /[\u4e00-\u9fff]/.test(error.message) && error.message.includes(error.cure)
    return { verdict: isWorded ? error.code : `fault: ${error.code} has no words` }
  }
}

/** What must hold of every table that is read; and one whose bytes were spoilt behind a sum is the good one or none. */
function wrongIn(table: Table, { kind, of }: SpoiltFile, tables: ReadonlyMap<GoodFile, Table>): string[] {
  const wrong: string[] = []
  if (table.sheets.every(({ rows }) => rows.length === 0)) wrong.push('read as nothing')
  for (const { rows } of table.sheets) {
    if (rows.some(({ row }, at) => row <= (rows[at - 1]?.row ?? 0))) wrong.push('rows are not in order')
    for (const { cells } of rows)
      if (cells.some((cell, at) => cell.column <= (cells[at - 1]?.column ?? 0) || !isText(cell)))
        wrong.push('a cell out of order or not well-formed')
  }
  // A few letters that are left of an archive are text like any other: nobody can tell, and no byte of an archive is read as such.
  if (kind === 'archive bytes' && table.kind === 'xlsx' && JSON.stringify(table) !== JSON.stringify(tables.get(of)))
    wrong.push('spoilt bytes were read as something else')
  return wrong
}

const isText = ({ text, type, flags }: Cell) =>
  text.isWellFormed() && !text.includes('\0') && (text !== '' || (type === 'empty' && flags.includes('formula')))

/** Marks some cells; undefined when all that was there is still there, and the words are too. */
async function wrongMarks(readers: Readers, bytes: Buffer, table: Table, next: () => number): Promise<string | undefined> {
  const sheet = pick(table.sheets, next)
  const findings = Array.from({ length: 1 + Math.floor(next() * 3) }, () => {
    const row = pick(sheet.rows.map((one) => one.row).concat(1, 7), next)
    return {
      rule: 'R01',
      severity: 'error' as const,
      sheet: sheet.name,
      row,
      column: 1 + Math.floor(next() * 6),
      value: '',
      message: '=校验',
      fix: '请更正',
    }
  })
  const marked = await readers.mark(bytes, findings).catch((error: unknown) => error)
  // Styles that a cell can do without, but no mark; a sheet that is full to its edge; an entry that nobody reads and that cannot be copied.
  if (marked instanceof TableRefused && ['table.structure', 'table.no_room', 'table.damaged'].includes(marked.code)) return undefined
  if (!(marked instanceof Buffer)) return `marking failed: ${marked instanceof Error ? marked.stack : marked}`
  const after = await readers.read(marked).catch((error: unknown) => error as Error)
  if (after instanceof Error) return `what was marked is not read: ${after.message}`
  for (const [at, own] of table.sheets.entries()) {
    const other = after.sheets[at]
    if (!other || told(own) !== told(other))
      return `marking changed what it marked: ${told(own).slice(0, 300)} became ${other && told(other).slice(0, 300)}`
  }
  const words = after.sheets.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.filter(({ text }) => text.includes('=校验'))))
  return words.length === new Set(findings.map(({ row }) => row)).size ? undefined : 'the words of some marks are missing'
}

/** Everything that a sheet says but our column, which holds the title or begins with a severity. */
function told({ rows }: Sheet): string {
  const isOurs = ({ text }: Cell) => text === OPINION_TITLE || text.startsWith(`${OPINION_TITLE}\n`) || text.startsWith('【错误】')
  const own = rows.map(
    ({ row, cells }) =>
      [row, cells.filter((cell) => !isOurs(cell)).map(({ column, text, type, flags }) => [column, text, type, flags])] as const,
  )
  return JSON.stringify(own.filter(([, cells]) => cells.length > 0))
}

/** `npm run hostile -- workbook`: 0 when nothing was found. */
export async function hostileWorkbook(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { n: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' }, from: { type: 'string', default: '0' } },
  })
  const [count = 0, seed = 0, from = 0] = [values.n, values.seed, values.from].map(Number)
  if (![count, seed, from].every(Number.isSafeInteger)) {
    console.error('npm run hostile -- workbook [--n 1000] [--seed 1] [--from 0]')
    return 2
  }
  const readers = {
    read: (bytes: Buffer) => readTable(bytes),
    mark: (bytes: Buffer, findings: readonly TableFinding[]) => markTable(bytes, findings),
  }
  await throwWorkbooks(readers, { seed, from, count: Math.min(count, 20) })
  const before = held()
  const report = await throwWorkbooks(readers, { seed, from, count })
  const after = held()
  for (const [verdict, times] of [...report.verdicts].sort((a, b) => b[1] - a[1]))
    console.log(`${String(times).padStart(8)} ${verdict.split('\n')[0]}`)
  for (const fault of report.faults) console.error(fault)
  const left = childrenLeft()
  if (left.length > 0) console.error(`children left: ${left.join(', ')}`)
  const grown = after / before > GROWTH
  console.log(
    `${count} files, seed ${seed}: ${report.faults.length} faults, ${report.marked} marked and read back; heap ${mebibytes(before)} before, ${mebibytes(after)} after`,
  )
  return report.faults.length === 0 && left.length === 0 && !grown ? 0 : 1
}

function held(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  return process.memoryUsage().heapUsed
}

const mebibytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`

/** Processes whose parent is this one, dead or alive. */
function childrenLeft(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === process.pid
      } catch {
        return false
      }
    })
}
