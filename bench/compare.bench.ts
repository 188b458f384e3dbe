import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Figure, inTurn, median } from './measure.ts'

const root = join(import.meta.dirname, '..')
const MOST_TIMES_PLAIN = 2
const ENGINE_MIB = 2560
const MOST_PROCESS_MIB = 4096
const ROUNDS = 5

/** A comparison of a million rows a side, beside the one statement that only counts: both as processes, from their start to their end. */
export async function compareFiles(): Promise<Figure[]> {
  return [await besidePlain('without quotation marks', false), await besidePlain('every text in quotation marks', true)]
}

async function besidePlain(name: string, marked: boolean): Promise<Figure> {
  return withSides(1_000_000, marked, async (folder) => {
    const parties = {
      ours: async () => (await timed(compareArguments(folder, 1024))).ms,
      plain: async () => (await timed(plainArguments(folder))).ms,
    }
    // Once before, so that both find the files in memory.
    await parties.plain()
    const taken = await inTurn(parties, ROUNDS)
    const [ours, plain] = [median(taken.ours), median(taken.plain)]
    return {
      name: `compare 1 M × 1 M CSV, ${name}`,
      ours: `${ours.toFixed(0)} ms`,
      against: `plain DuckDB ${plain.toFixed(0)} ms`,
      ratio: ours / plain,
      wanted: `≤ ${MOST_TIMES_PLAIN} × plain`,
      holds: ours <= MOST_TIMES_PLAIN * plain,
    }
  })
}

/** Ten million rows a side with less memory than they take: what does not fit is on disk for a while. */
export async function compareLarge(): Promise<Figure[]> {
  return withSides(10_000_000, false, async (folder) => {
    const { ms, peakMib, spilledMib } = await timed(compareArguments(folder, ENGINE_MIB), folder)
    return [
      {
        name: 'compare 10 M × 10 M CSV, peak of the process',
        ours: `${peakMib.toFixed(0)} MiB, ${(ms / 1000).toFixed(0)} s, ${spilledMib.toFixed(0)} MiB on disk`,
        against: `${ENGINE_MIB} MiB for the engine`,
        ratio: peakMib / ENGINE_MIB,
        wanted: `< ${MOST_PROCESS_MIB} MiB`,
        holds: peakMib < MOST_PROCESS_MIB,
      },
    ]
  })
}

const compareArguments = (folder: string, memoryMib: number) => [
  join(root, 'apps/cli/commands.ts'),
  ...['compare', '--left', join(folder, 'left.csv'), '--right', join(folder, 'right.csv'), '--key', 'id'],
  ...['--out', join(folder, 'out'), '--memory', String(memoryMib)],
]
const plainArguments = (folder: string) => [join(root, 'packages/compare/plain-query.fixture.ts'), folder]

interface Taken {
  ms: number
  /** The most that the process held in memory. */
  peakMib: number
  /** The most that the disk of the folder lost to it. */
  spilledMib: number
}

/** Runs a program to its end. Exit code 1 is a comparison that found differences. */
async function timed(program: readonly string[], watched?: string): Promise<Taken> {
  const began = performance.now()
  const child = spawn(process.execPath, program, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  const free = watched === undefined ? 0 : freeMib(watched)
  let [peakMib, spilledMib] = [0, 0]
  const watch = setInterval(() => {
    if (watched === undefined) return
    peakMib = Math.max(peakMib, peakOf(child.pid ?? 0))
    spilledMib = Math.max(spilledMib, free - freeMib(watched))
  }, 200)
  const [code] = await once(child, 'exit')
  clearInterval(watch)
  if (code !== 0 && code !== 1) throw new Error(`${program.join(' ')} ended with ${code}`)
  return { ms: performance.now() - began, peakMib, spilledMib }
}

function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    // It has just ended.
    return 0
  }
}

function freeMib(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return (bavail * bsize) / 2 ** 20
}

/** Two files of people in different orders, gone afterwards: one in a hundred on one side alone, one in fifty with another amount. */
async function withSides<R>(rows: number, marked: boolean, work: (folder: string) => Promise<R>): Promise<R> {
  const folder = mkdtempSync(join(tmpdir(), 'tongchou-bench-compare-'))
  try {
    if (freeMib(folder) < (rows * 1500) / 2 ** 20)
      throw new Error(`${folder} has less room than the files and what is spilled of them take`)
    for (const [name, first] of [
      ['left.csv', 0],
      ['right.csv', rows / 100],
    ] as const)
      await pipeline(Readable.from(people(rows, first, marked)), createWriteStream(join(folder, name)))
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function* people(rows: number, first: number, marked: boolean): Generator<string> {
  const text = (value: string) => (marked ? `"${value}"` : value)
  yield 'id,name,sex,born,address,phone,amount,updated\n'
  let lines: string[] = []
  for (let n = 0; n < rows; n++) {
    // Prime to the number of rows: each once, in an order of its own for each side.
    const who = first + ((n * (first === 0 ? 7919 : 104_729)) % rows)
    const id = `150302${1950 + (who % 60)}${String(who).padStart(8, '0')}${who % 11 === 2 ? 'X' : who % 10}`
    const address = who % 97 === 0 ? '' : text(`乌海市海勃湾区某某街道${who % 300}号院${who % 40}号`)
    const amount = first > 0 && who % 50 === 0 ? '0.01' : ((who % 100_000) / 100).toFixed(2)
    const born = `19${50 + (who % 50)}-${String(1 + (who % 12)).padStart(2, '0')}-${String(1 + (who % 28)).padStart(2, '0')}`
    const fields = [text(id), text(`王${String.fromCodePoint(0x4e00 + (who % 5000))}`), text(who % 2 === 0 ? '男' : '女'), born, address]
    lines.push(
      `${fields.join(',')},${text(`138${String(who).padStart(8, '0')}`)},${amount},2026-01-01 00:00:${String(who % 60).padStart(2, '0')}\n`,
    )
    if (lines.length < 5000) continue
    yield lines.join('')
    lines = []
  }
  yield lines.join('')
}
