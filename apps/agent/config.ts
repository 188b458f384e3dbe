import { readFileSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { lanePattern } from '@tongchou/wire'
import { LineCounter, parseDocument } from 'yaml'
import { nodeOf, type Reader, readerOf } from './config-reader.ts'
import { AgentProblem } from './problem.ts'
import { type ReceiveConfig, receiveOf } from './receive-config.ts'
import { addsOnly, readsWhole, type SourceConfig, sourceConfigOf, usualEvery } from './source-config.ts'

/** One agent of one department (前置程序): where the center is, what to sign by, where to keep things, and what to bring. */
export interface AgentConfig {
  center: string
  tokenFile: string
  keyFile: string
  /** Holds the spool and, unless told otherwise, the log. */
  dataDir: string
  log: { file: string; megabytes: number; keep: number }
  /** Address of the status page; null for none. Loopback only. */
  status: { host: string; port: number } | null
  channels: readonly ChannelConfig[]
  receives: readonly ReceiveConfig[]
}

/** One channel: where its records come from, and which column is which item. */
export interface ChannelConfig {
  channel: string
  lane: string
  source: SourceConfig
  /** Item id → column of the source. */
  items: ReadonlyMap<string, string>
  /** Records in one batch at most. */
  batchRows: number
  /** How long until the source is asked again. */
  everyMs: number
  /** How long until everything is read and compared anew; null for never. */
  rescanMs: number | null
  /** How long until source and center are held against each other; null for never. */
  reconcileMs: number | null
  /** How long until the copy's values are compared too, and not only the hashes beside them. */
  reconcileValuesMs: number
  /** The share of all records that one reading may take away without somebody having looked. */
  mostDeletes: number
  /** How much may wait to be sent. */
  spoolBytes: number
}

/** Reads the file. @throws AgentProblem that names line, field and cure */
export function readConfig(file: string): AgentConfig {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new AgentProblem('config.unreadable', `不能读取配置文件“${file}”。`, '请核对路径和权限。')
  }
  return parseConfig(text, resolve(file, '..'))
}

/** @param base what relative paths are relative to */
export function parseConfig(text: string, base: string): AgentConfig {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const [broken] = document.errors
  if (broken) {
    const { line } = lines.linePos(broken.pos[0])
    throw new AgentProblem('config.yaml', `配置文件第 ${line} 行不是有效的 YAML。`, '请检查缩进、冒号后的空格和重复的字段。')
  }
  const root = readerOf(nodeOf(document.contents, lines), '')
  const path = (name: string) => (isAbsolute(name) ? name : join(base, name))
  const dataDir = path(root.text('data'))
  const log = root.optional('log')
  const tokenFile = path(root.text('token-file'))
  const receives = root.listOr('receives').map((node, i) => receiveOf(readerOf(node, `receives[${i + 1}]`), path, tokenFile))
  const config: AgentConfig = {
    center: centerOf(root),
    tokenFile,
    keyFile: path(root.textOr('key-file', join(dataDir, 'key.json'))),
    dataDir,
    log: {
      file: path(log?.textOr('file', join(dataDir, 'agent.log')) ?? join(dataDir, 'agent.log')),
      megabytes: log?.numberOr('megabytes', 10, 1, 1000) ?? 10,
      keep: log?.numberOr('keep', 5, 1, 100) ?? 5,
    },
    status: statusOf(root),
    // Who only receives has no channels.
    channels: (receives.length > 0 ? root.listOr('channels') : root.list('channels')).map((node, i) =>
      channelOf(readerOf(node, `channels[${i + 1}]`), path),
    ),
    receives,
  }
  log?.end(['file', 'megabytes', 'keep'])
  root.end(['center', 'token-file', 'key-file', 'data', 'log', 'status', 'channels', 'receives'])
  const seen = new Set<string>()
  for (const { channel, lane } of config.channels) {
    if (seen.has(`${channel} ${lane}`))
      throw new AgentProblem('config.twice', `通道 ${channel} 的发送线 ${lane} 配置了两次。`, '请删除一个，或另起发送线名称。')
    seen.add(`${channel} ${lane}`)
  }
  for (const { subscription } of receives) {
    if (seen.has(subscription)) throw new AgentProblem('config.twice', `订阅 ${subscription} 配置了两次。`, '请删除一个。')
    seen.add(subscription)
  }
  return config
}

function centerOf(root: Reader): string {
  const text = root.text('center')
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw root.wrong('center', '应为 http 或 https 地址', '如 https://data.example.gov.cn')
  return url.origin + url.pathname.replace(/\/$/, '')
}

function statusOf(root: Reader): AgentConfig['status'] {
  const text = root.textOr('status', '')
  if (text === '') return null
  const [, host = '', port = ''] = /^(127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})$/.exec(text) ?? []
  if (host === '' || Number(port) > 65_535)
    throw root.wrong('status', '只能是本机地址和端口', '如 127.0.0.1:9600；不需要状态页的，删除此项')
  return { host: host === '[::1]' ? '::1' : host, port: Number(port) }
}

function channelOf(reader: Reader, path: (name: string) => string): ChannelConfig {
  const channel = reader.text('channel')
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(channel)) throw reader.wrong('channel', '不是通道标识', '请从中心的通道页面复制')
  const lane = reader.textOr('lane', 'main')
  if (!new RegExp(lanePattern).test(lane)) throw reader.wrong('lane', '只能用小写字母、数字和连字符', '如 main')
  const source = reader.child('source')
  const items = new Map(reader.pairs('items'))
  if (items.size === 0) throw reader.wrong('items', '没有对应关系', '请按“信息项: 来源列”逐行填写，如 i1: household_id')
  const read = sourceConfigOf(source, path)
  const config: ChannelConfig = {
    ...{ channel, lane, source: read, items },
    batchRows: reader.numberOr('batch-rows', 5000, 1, 20_000),
    everyMs: reader.durationOr('every', usualEvery(read)),
    rescanMs: readsWhole(read) ? null : reader.durationOr('rescan', 86_400_000),
    reconcileMs: addsOnly(read) ? null : reader.durationOr('reconcile', 86_400_000),
    reconcileValuesMs: reader.durationOr('reconcile-values', 7 * 86_400_000),
    mostDeletes: reader.numberOr('most-deletes-percent', 20, 0, 100) / 100,
    spoolBytes: reader.numberOr('spool-megabytes', 512, 1, 1_000_000) * 1024 * 1024,
  }
  reader.end([
    'channel',
    'lane',
    'source',
    'items',
    'batch-rows',
    'every',
    'rescan',
    'reconcile',
    'reconcile-values',
    'most-deletes-percent',
    'spool-megabytes',
  ])
  return config
}
