import { readFileSync } from 'node:fs'

/** One line of a result: our figure beside the limit's and the peer's of the same run. */
export interface Figure {
  name: string
  ours: string
  against?: string | undefined
  ratio?: number | undefined
  /** What is asked: a ratio of at least, a figure of at most. */
  wanted: string
  holds: boolean
}

/** A benchmark: measures, and says what held. */
export type Benchmark = () => Promise<Figure[]>

/** The middle of some figures. @throws RangeError when there are none */
export function median(figures: readonly number[]): number {
  return quantile(figures, 0.5)
}

/** The figure that this share of the others does not exceed (nearest rank). @throws RangeError when there are none */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b)
  const found = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
  if (found === undefined) throw new RangeError('no figures')
  return found
}

/** Runs the parties in turn, A B A B …, so that a machine that slows down slows both. */
export async function inTurn<K extends string>(
  parties: Readonly<Record<K, () => Promise<number>>>,
  rounds: number,
): Promise<Record<K, number[]>> {
  const names = Object.keys(parties) as K[]
  const figures = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>
  for (let round = 0; round < rounds; round++) for (const name of names) figures[name].push(await parties[name]())
  return figures
}

/** What a process of this machine holds in memory. @throws Error when there is none */
export function residentMib(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  if (!line) throw new Error(`no memory figure of process ${pid}`)
  return Number(line[1]) / 1024
}
