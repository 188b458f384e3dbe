import { mkdir, mkdtemp, open, readdir, realpath, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { ComparisonProblem } from './problem.ts'

/** What a result consists of. `summary.json` is written last. */
export const resultFiles = ['only-left.csv', 'only-right.csv', 'differing.csv', 'summary.json'] as const

/** A result under way: in a hidden folder beside its place, where nobody takes it for a result, until it is whole. */
export interface ResultFolder {
  /** Holds the two others. */
  folder: string
  /** Where the files of the result are written. */
  result: string
  /** For everything else; on the same disk, gone afterwards. */
  work: string
  /** Puts the result in its place, all at once. */
  publish(): Promise<void>
  /** Removes what is there when nothing was published. */
  discard(): Promise<void>
}

const prefix = `.tongchou-compare-${hostname().replace(/[^A-Za-z0-9-]/g, '-')}-`

/** @throws ComparisonProblem when something else than an earlier result is in its place */
export async function openResultFolder(out: string): Promise<ResultFolder> {
  const place = await realpath(out).catch(() => resolve(out))
  const parent = dirname(place)
  await mkdir(parent, { recursive: true })
  await requireReplaceable(place)
  await sweep(parent)
  const folder = await mkdtemp(join(parent, `${prefix}${process.pid}-`))
  const [result, work] = [join(folder, 'result'), join(folder, 'work')]
  // Rows of people: for nobody but the account that compares, until it says otherwise.
  await mkdir(result, { mode: 0o700 })
  await mkdir(work, { mode: 0o700 })
  const discard = () => rm(folder, { recursive: true, force: true })
  const publish = async () => {
    for (const name of await readdir(result)) await flush(join(result, name))
    await flush(result)
    await requireReplaceable(place)
    const former = join(folder, 'former')
    await rename(place, former).catch(unlessAbsent)
    await rename(result, place)
    await flush(parent)
    await discard()
  }
  return { folder, result, work, publish, discard }
}

/** Removes what runs on this machine left behind that were killed. */
export async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : Number.NaN
    if (Number.isSafeInteger(pid) && !isRunning(pid)) await rm(join(parent, name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function requireReplaceable(place: string): Promise<void> {
  const there = await readdir(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw inUse(place, error.code === 'ENOTDIR' ? '不是文件夹' : `无法读取（${error.code}）`)
  })
  const other = there.find((name) => !(resultFiles as readonly string[]).includes(name))
  if (other !== undefined) throw inUse(place, `中有其他文件“${other}”`)
}

function inUse(place: string, what: string): ComparisonProblem {
  return new ComparisonProblem(
    'usage',
    'compare.out',
    `输出位置“${basename(place)}”${what}。`,
    '请指定新的文件夹；以前的比对结果可以覆盖。',
  )
}

function unlessAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

/** What was written is on disk before its name is. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
