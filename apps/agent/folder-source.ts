import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AgentProblem } from './problem.ts'
import type { Layout, Sink, Value } from './sink.ts'
import type { Source, SourceParts } from './source.ts'
import type { FolderConfig } from './source-config.ts'
import { instantIn } from './zoned.ts'

/** A record of a file, or what is none: with its key where that much can be read. */
export type FileRecord = { values: Value[] } | { spoilt: string; key?: Value[] }

/** How files of one kind are read. Both name what is wrong with the file. */
export interface FileFormat {
  /** Whether the file has the columns. */
  check(path: string, name: string): Promise<void>
  /** Gives every record in the order of the items; how many there were. */
  each(path: string, name: string, take: (record: FileRecord) => Promise<void>): Promise<number>
}

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

/** A folder of files: the newest is the table, or each brings more. */
export function folderSource(config: FolderConfig, format: FileFormat, { layout, spool }: SourceParts): Source {
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
    const count = await format.each(path, file.name, async (record) => {
      if ('spoilt' in record) sink.spoilt(record.spoilt, record.key)
      else sink.upsert(plain(record.values, layout, config.zone))
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
      if (newest) await format.check(join(config.folder, newest.name), newest.name)
      return `文件夹 ${config.folder}，${found.length} 个文件`
    },
    async read(sink) {
      const [next] = unread()
      // Neither a file that is still written nor a table that is not there says that nothing has changed.
      if (!next) return config.mode === 'whole' && files().length === 0 ? 'unread' : false
      if (!isSettled(next)) return 'unread'
      await readFile(sink, next)
      return unread().length > 0
    },
    settled: async () => undefined,
    close: async () => undefined,
  }
}

/** What files write otherwise than the wire: time stamps without a zone, and yes and no in capitals. */
function plain(values: readonly Value[], { kinds }: Layout, zone: string): Value[] {
  return values.map((value, i) => {
    if (value === null) return null
    if (kinds[i] === 'instant') return instantIn(value, zone)
    return kinds[i] === 'flag' && /^(TRUE|FALSE)$/.test(value) ? value.toLowerCase() : value
  })
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
