import { pagesOf, valueAt, where } from './http-pages.ts'
import { AgentProblem } from './problem.ts'
import type { Layout, Sink, Value } from './sink.ts'
import type { Source, SourceParts } from './source.ts'
import type { HttpConfig } from './source-config.ts'
import { instantIn, isInstant, shownLike } from './zoned.ts'

/** The newest time stamp that was met, as the interface wrote it. */
interface State {
  watermark?: string
}

/** An interface that answers with JSON: compared as a whole, or asked for what has changed since. */
export function httpSource(config: HttpConfig, { layout, spool, stopped }: SourceParts): Source {
  const readPages = async (sink: Sink, since: string | undefined) => {
    let count = 0
    let total: number | undefined
    const newest = newestOf(config, spool.state<State>()?.watermark)
    for await (const page of pagesOf(config, since, stopped)) {
      requireFields(config, layout, page.records)
      for (const record of page.records) {
        newest.meet(record, page.at)
        take(sink, record, config, layout)
        if (sink.isFull()) await sink.flush()
      }
      count += page.records.length
      total = page.total ?? total
    }
    if (total !== undefined && total !== count)
      throw new AgentProblem(
        'source.http_incomplete',
        `接口 ${where(config)} 称共有 ${total} 条，读到 ${count} 条。`,
        '没有据此删除记录，将重新读取；持续出现的，请核对 paging 和 total。',
      )
    return { count, state: newest.state() }
  }
  const readAll = async (sink: Sink) => {
    sink.beginAll()
    let read = await readPages(sink, undefined)
    const { count: missed, held } = spool.missed()
    if (read.count === 0 && held > 0)
      throw new AgentProblem(
        'source.empty',
        `接口 ${where(config)} 没有给出记录，此前有 ${held} 条。`,
        '这等于删除全部记录，没有处理。请与接口提供方核实；确已清空的，请停用通道后由市大数据中心办理。',
      )
    // Pages are no snapshot: a record may slip from one to another while they are read. Only what a second reading does not meet either is gone.
    if (missed > 0 && config.paging.by !== 'none') read = await readPages(sink, undefined)
    if (config.since && read.count > 0 && read.state.watermark === undefined)
      throw new AgentProblem(
        'source.watermark_type',
        `接口 ${where(config)} 的字段 ${config.since.field} 不是时间。`,
        '应如 2026-01-09T08:30:00Z 或 2026-01-09 08:30:00；没有这样的字段的，删除 since，改为全量比对。',
      )
    await sink.endAll()
    await sink.flush({ state: read.state })
    return false
  }
  return {
    async check() {
      for await (const { records, total } of pagesOf(config, undefined, stopped)) {
        requireFields(config, layout, records)
        return `接口 ${where(config)}，首页 ${records.length} 条${total === undefined ? '' : `，共 ${total} 条`}`
      }
      return `接口 ${where(config)}`
    },
    async read(sink, what) {
      const { watermark } = spool.state<State>() ?? {}
      if (what === 'all' || !config.since || watermark === undefined) return readAll(sink)
      const { state } = await readPages(sink, shownLike(watermark, config.zone, config.since.overlapMs))
      await sink.flush({ state })
      return false
    },
    settled: async () => undefined,
    close: async () => undefined,
  }
}

/** How far the time stamps have come. One from the future of the interface's own clock counts for nothing: all that follows would be passed over. */
function newestOf({ since, zone }: HttpConfig, before: string | undefined) {
  let newest = before
  const moment = (text: string | undefined) => (text === undefined ? Number.NEGATIVE_INFINITY : Date.parse(instantIn(text, zone)))
  return {
    meet(record: unknown, at: number | undefined) {
      if (!since) return
      const text = valueAt(record, since.field)
      if (typeof text !== 'string' || !isInstant(text, zone)) return
      if (moment(text) > moment(newest) && !(at !== undefined && moment(text) > at + MOST_AHEAD_MS)) newest = text
    },
    state: (): State => (newest === undefined ? {} : { watermark: newest }),
  }
}

const MOST_AHEAD_MS = 60_000

/** A field that no record has is a change of the interface and no empty value: nothing is sent before somebody has looked. */
function requireFields(config: HttpConfig, { columns }: Layout, records: readonly unknown[]): void {
  if (records.length === 0) return
  const wanted = config.since ? [...columns, config.since.field] : columns
  const lacking = wanted.filter(
    (column) => !config.optional.includes(column) && records.every((record) => valueAt(record, column) === undefined),
  )
  if (lacking.length > 0)
    throw new AgentProblem(
      'source.column_missing',
      `接口 ${where(config)} 的记录没有字段：${lacking.join('、')}。`,
      `接口可能已变更，请修改配置中的 items；空值时不给出的字段，列入 optional。现有字段：${namesOf(records[0])}。`,
    )
  const changed = columns.filter((column) => records.every((record) => isStructure(valueAt(record, column))))
  if (changed.length > 0)
    throw new AgentProblem(
      'source.type_changed',
      `接口 ${where(config)} 的字段不再是单个值：${changed.join('、')}。`,
      '接口可能已变更，请在 items 中写明下级字段，如 owner.name。',
    )
}

const isStructure = (value: unknown) => typeof value === 'object' && value !== null
const namesOf = (record: unknown) =>
  isStructure(record)
    ? Object.keys(record as object)
        .join('、')
        .slice(0, 500)
    : '无'

function take(sink: Sink, record: unknown, config: HttpConfig, { columns, kinds, keyPositions }: Layout): void {
  const found = columns.map((column) => valueAt(record, column))
  const isWrong = found.some((value, i) => isStructure(value) || (value === undefined && !config.optional.includes(columns[i] ?? '')))
  const values = found.map((value, i) => plain(value, kinds[i], config.zone))
  const key = keyPositions.map((position) => values[position] ?? null)
  if (isWrong) sink.spoilt(JSON.stringify(record), key.includes(null) ? undefined : key)
  else sink.upsert(values)
}

function plain(value: unknown, kind: string | undefined, zone: string): Value {
  if (value === undefined || value === null || value === '' || isStructure(value)) return null
  const text = String(value)
  return kind === 'instant' ? instantIn(text, zone) : text
}
