import { closeSync, createReadStream, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { CsvConfig } from './config.ts'
import { type CsvRecord, csvReader } from './csv.ts'
import { AgentProblem } from './problem.ts'
import type { Layout, Sink } from './sink.ts'
import type { Source } from './source.ts'
import type { Spool } from './spool.ts'

/** A file as it was when it was read: a file that is changed is another one. */
interface Found {
  name: string
  size: number
  mtimeMs: number
}

/** Which files were read, by name. */
interface State {
  read: Record<string, string>
}

/** A folder of CSV files: the newest is the table, or each brings more. */
export function csvSource(config: CsvConfig, layout: Layout, spool: Spool): Source {
  const pattern = patternOf(config.files)
  const files = (): Found[] => {
    let names: string[]
    try {
      names = readdirSync(config.folder)
    } catch (cause) {
      throw new AgentProblem(
        'source.unavailable',
        `不能读取文件夹“${config.folder}”。`,
        '请检查文件夹是否存在、是否已挂载、有无权限；将自动重试。',
        { cause },
      )
    }
    return names
      .filter((name) => pattern.test(name))
      .flatMap((name): Found[] => {
        const stat = statSync(join(config.folder, name), { throwIfNoEntry: false })
        return stat?.isFile() ? [{ name, size: stat.size, mtimeMs: stat.mtimeMs }] : []
      })
      .sort((a, b) => (config.mode === 'whole' ? a.mtimeMs - b.mtimeMs : 0) || (a.name < b.name ? -1 : 1))
  }
  const waitingSince = new Map<string, { mark: string; at: number }>()
  // By how long it has been seen as it is, not by its time stamp: that one is another machine's.
  const isSettled = (file: Found) => {
    const mark = markOf(file)
    const seen = waitingSince.get(file.name)
    if (seen?.mark !== mark) {
      waitingSince.set(file.name, { mark, at: performance.now() })
      return config.settleMs === 0
    }
    return performance.now() - seen.at >= config.settleMs
  }
  const unread = (): Found[] => {
    const { read = {} } = spool.state<State>() ?? {}
    const found = files()
    const chosen = config.mode === 'whole' ? found.slice(-1) : found
    return chosen.filter((file) => read[file.name] !== markOf(file))
  }
  const readFile = async (sink: Sink, file: Found) => {
    const path = join(config.folder, file.name)
    if (config.mode === 'whole') sink.beginAll()
    const count = await eachRecord(path, file.name, config, layout, async (values) => {
      if (typeof values === 'string') sink.spoilt(values)
      else sink.upsert(values)
      if (sink.isFull()) await sink.flush()
    })
    if (count === 0 && file.size > 0 && config.mode === 'whole')
      throw new AgentProblem(
        'source.empty',
        `文件“${file.name}”只有表头，没有记录。`,
        '作为全量文件，这等于删除全部记录，没有处理。请核实后重新导出。',
      )
    const after = statSync(path, { throwIfNoEntry: false })
    if (!after || markOf({ ...file, size: after.size, mtimeMs: after.mtimeMs }) !== markOf(file))
      throw new AgentProblem(
        'source.changed_meanwhile',
        `文件“${file.name}”在读取时被改动。`,
        '将在文件不再变化后重新读取；请先写入临时文件名，完成后再改名。',
      )
    if (config.mode === 'whole') await sink.endAll()
    const present = new Set(files().map(({ name }) => name))
    const kept = Object.entries(spool.state<State>()?.read ?? {}).filter(([name]) => present.has(name))
    await sink.flush({ state: { read: { ...Object.fromEntries(kept), [file.name]: markOf(file) } } satisfies State })
  }
  return {
    async check() {
      const found = files()
      const newest = found.at(-1)
      if (newest) headerOf(join(config.folder, newest.name), newest.name, config, layout)
      return `文件夹 ${config.folder}，${found.length} 个文件`
    },
    async read(sink) {
      const [next] = unread()
      if (!next || !isSettled(next)) return false
      await readFile(sink, next)
      return unread().length > 0
    },
    settled: async () => undefined,
    close: async () => undefined,
  }
}

const markOf = ({ size, mtimeMs }: Found) => `${size} ${mtimeMs}`

function patternOf(files: string): RegExp {
  return new RegExp(
    `^${files
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    'i',
  )
}

/** Which encoding a file is in: by its mark, else UTF-8 where its beginning is nothing else, else GB18030. */
function encodingOf(path: string, encoding: CsvConfig['encoding']): Exclude<CsvConfig['encoding'], 'auto'> {
  if (encoding !== 'auto') return encoding
  const sample = Buffer.alloc(65_536)
  const file = openSync(path, 'r')
  let length: number
  try {
    length = readSync(file, sample, 0, sample.length, 0)
  } finally {
    closeSync(file)
  }
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le'
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be'
  try {
    // As a stream: the last character of the sample may be cut.
    new TextDecoder('utf-8', { fatal: true }).decode(sample.subarray(0, length), { stream: true })
    return 'utf-8'
  } catch {
    return 'gb18030'
  }
}

/** Gives every record in the order of the items, or its text where it has not as many values as the first line; how many there were. */
async function eachRecord(
  path: string,
  name: string,
  config: CsvConfig,
  layout: Layout,
  take: (values: (string | null)[] | string) => Promise<void>,
): Promise<number> {
  const encoding = encodingOf(path, config.encoding)
  const decoder = new TextDecoder(encoding, { fatal: true })
  const reader = csvReader(name, config.delimiter)
  let positions: number[] | undefined
  let width = 0
  let count = 0
  const takeRecord = async ({ fields }: CsvRecord) => {
    if (!positions) {
      positions = positionsOf(fields, name, layout)
      width = fields.length
      return
    }
    count += 1
    if (fields.length !== width) await take(fields.join(config.delimiter))
    else await take(positions.map((position) => fields[position] || null))
  }
  for await (const piece of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    for (const record of reader.push(decoded(decoder, name, encoding, piece as Buffer))) await takeRecord(record)
  }
  for (const record of reader.push(decoded(decoder, name, encoding))) await takeRecord(record)
  for (const record of reader.end()) await takeRecord(record)
  if (!positions) throw new AgentProblem('source.empty', `文件“${name}”是空文件。`, '没有处理。请核实后重新导出。')
  return count
}

function decoded(decoder: InstanceType<typeof TextDecoder>, name: string, encoding: string, piece?: Buffer): string {
  try {
    return piece ? decoder.decode(piece, { stream: true }) : decoder.decode()
  } catch (cause) {
    throw new AgentProblem(
      'source.encoding',
      `文件“${name}”不是有效的 ${encoding.toUpperCase()} 文本。`,
      '请核对导出的编码，或在配置中指明 encoding。',
      { cause },
    )
  }
}

function headerOf(path: string, name: string, config: CsvConfig, layout: Layout): void {
  const sample = Buffer.alloc(65_536)
  const file = openSync(path, 'r')
  try {
    const length = readSync(file, sample, 0, sample.length, 0)
    const text = new TextDecoder(encodingOf(path, config.encoding)).decode(sample.subarray(0, length))
    for (const { fields } of csvReader(name, config.delimiter).push(`${text}\n`)) {
      positionsOf(fields, name, layout)
      return
    }
  } finally {
    closeSync(file)
  }
}

function positionsOf(header: readonly string[], name: string, { columns }: Layout): number[] {
  const names = header.map((one) => one.trim())
  const lacking = columns.filter((column) => !names.includes(column))
  const twice = columns.filter((column) => names.indexOf(column) !== names.lastIndexOf(column))
  if (lacking.length > 0)
    throw new AgentProblem(
      'source.column_missing',
      `文件“${name}”的首行没有列：${lacking.join('、')}。`,
      `来源结构可能已变更，请修改配置中的 items；首行的列：${names.join('、').slice(0, 500)}。`,
    )
  if (twice.length > 0)
    throw new AgentProblem('source.column_twice', `文件“${name}”的首行有重复的列：${twice.join('、')}。`, '请更正后重新导出。')
  return columns.map((column) => names.indexOf(column))
}
