import type { Reader } from './config-reader.ts'

/** One subscription: what is received, and into which table (接收). */
export interface ReceiveConfig {
  subscription: string
  tokenFile: string
  target: TargetConfig
  /** Item id → column of the table. */
  items: ReadonlyMap<string, string>
  /** How long the center may hold a question for changes; or it tells whatever comes on one connection. */
  wait: number | 'follow'
}

/** A table of PostgreSQL that belongs to what is received alone. */
export interface TargetConfig {
  url: string
  table: string
  /** What the columns without a zone hold. */
  zone: string
}

/** @param path completes relative names of files */
export function receiveOf(reader: Reader, path: (name: string) => string, tokenFile: string): ReceiveConfig {
  const subscription = reader.text('subscription')
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(subscription))
    throw reader.wrong('subscription', '不是订阅标识', '请从中心的数据订阅清单复制')
  const target = reader.child('target')
  const url = target.text('url')
  if (!/^postgres(ql)?:\/\//.test(url)) throw target.wrong('url', '不是 PostgreSQL 地址', '如 postgres://writer@10.1.2.3:5432/minzheng')
  const table = target.text('table')
  if (!/^[^.\s"]+(\.[^.\s"]+)?$/.test(table)) throw target.wrong('table', '不是表名', '如 public.vehicle')
  const zone = target.textOr('zone', 'Asia/Shanghai')
  target.end(['url', 'table', 'zone'])
  const items = new Map(reader.pairs('items'))
  if (items.size === 0) throw reader.wrong('items', '没有对应关系', '请按“信息项: 目标列”逐行填写，如 i1: plate')
  if (new Set(items.values()).size !== items.size) throw reader.wrong('items', '两个信息项对应同一列', '请各用一列')
  const own = reader.textOr('token-file', '')
  const config: ReceiveConfig = {
    ...{ subscription, target: { url, table, zone }, items },
    tokenFile: own === '' ? tokenFile : path(own),
    wait: waitOf(reader),
  }
  reader.end(['subscription', 'token-file', 'target', 'items', 'wait'])
  return config
}

function waitOf(reader: Reader): ReceiveConfig['wait'] {
  const ms = reader.durationOr('wait', 0)
  return ms === 0 ? 'follow' : Math.min(60, Math.max(1, Math.round(ms / 1000)))
}
