import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { markTable, type Profile, readTable, type TableFinding, writeTable } from '../packages/workbook/index.ts'
import { type Figure, inTurn, median } from './measure.ts'

const ROWS = 10_000
const COLUMNS = 28
const ROUNDS = 5
const MOST_SECONDS = 10
const MOST_MIB = 512
/** How much more than a bare pass over the same file reading may take: rows are made, told and put together again. */
const MOST_TIMES = 2.5

/** A catalog of 10,000 items and 28 columns, read and marked, beside a process that only inflates and parses the same file. */
export async function workbookTimes(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tongchou-bench-workbook-'))
  try {
    const path = join(folder, '目录.xlsx')
    await writeFile(path, await catalog())
    let peak = 0
    const reads = { onPeak: (mebibytes: number) => (peak = Math.max(peak, mebibytes)) }
    const findings = every(ROWS / 10)
    const times = await inTurn(
      {
        read: () => seconds(() => readTable(path, reads)),
        plain: () => seconds(() => plainPass(path)),
        mark: () => seconds(() => markTable(path, findings, reads)),
      },
      ROUNDS,
    )
    const [read, plain, mark] = [median(times.read), median(times.plain), median(times.mark)]
    const what = `workbook of ${ROWS.toLocaleString('en-US')} × ${COLUMNS}`
    return [
      {
        name: `${what} read`,
        ours: `${read.toFixed(2)} s`,
        against: `plain inflate and SAX ${plain.toFixed(2)} s`,
        ratio: read / plain,
        wanted: `ratio ≤ ${MOST_TIMES}, ≤ ${MOST_SECONDS} s`,
        holds: read / plain <= MOST_TIMES && read <= MOST_SECONDS,
      },
      {
        name: `${what} marked in ${findings.length.toLocaleString('en-US')} cells`,
        ours: `${mark.toFixed(2)} s`,
        against: `plain inflate and SAX ${plain.toFixed(2)} s`,
        ratio: mark / plain,
        wanted: `≤ ${MOST_SECONDS} s`,
        holds: mark <= MOST_SECONDS,
      },
      {
        name: `${what}: most memory of the child`,
        ours: `${peak.toFixed(0)} MiB`,
        ratio: peak / MOST_MIB,
        wanted: `≤ ${MOST_MIB} MiB`,
        holds: peak <= MOST_MIB,
      },
    ]
  } finally {
    await rm(folder, { recursive: true })
  }
}

function catalog(): Promise<Buffer> {
  const columns = Array.from({ length: COLUMNS }, (_, at) => ({ item: `i${at}`, title: `信息资源属性${at + 1}` }))
  const profile: Profile = { sheet: '目录', columns }
  const rows = Array.from({ length: ROWS }, (_, row) =>
    Object.fromEntries(
      columns.map(({ item }, at) => [
        item,
        at % 4 === 0 ? `低保家庭经济状况核对信息${row}` : at % 4 === 1 ? `${150_302_000 + row}` : '有条件共享',
      ]),
    ),
  )
  return writeTable(profile, rows)
}

function every(count: number): TableFinding[] {
  const one = {
    rule: 'R01',
    severity: 'error' as const,
    sheet: '目录',
    value: '',
    message: '有条件共享应写明共享条件',
    fix: '请填写共享条件',
  }
  return Array.from({ length: count }, (_, at) => ({ ...one, row: 2 + at * 10, column: 1 + (at % COLUMNS) }))
}

async function seconds(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await act()
  return (performance.now() - began) / 1000
}

function plainPass(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../packages/workbook/plain-pass.fixture.ts'), path], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`the plain pass ended with ${code}`))))
  })
}
