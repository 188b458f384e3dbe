import type { Claimed } from './center.ts'
import type { ChannelConfig } from './config.ts'
import { AgentProblem } from './problem.ts'
import { rowHash, SPOILT, type Spool } from './spool.ts'

/** A value as it is sent: text, or null for none. */
export type Value = string | null

/** Where a source puts what it reads: compared with what the center is known to hold, gathered into batches, kept in the spool. */
export interface Sink {
  /** Values in the order of the items. One that is as it was is not sent. */
  upsert(values: readonly Value[]): void
  /** Key values of a record that is gone. */
  remove(key: readonly Value[]): void
  /** What is no record goes to the center as it stands, to be set aside there with its reason. Of a known key it is not taken for gone. */
  spoilt(text: string, key?: readonly Value[]): void
  isFull(): boolean
  /** Keeps what was gathered; waits while there is no room. */
  flush(more?: { state?: unknown; after?: unknown }): Promise<void>
  /** A reading of everything: what is not met is gone. */
  beginAll(): void
  endAll(): Promise<void>
  isEmpty(): boolean
}

/** Order of the values, and which of them are the key. */
export interface Layout {
  header: string
  items: readonly string[]
  columns: readonly string[]
  /** What kind of value each is at the center. */
  kinds: readonly string[]
  keyPositions: readonly number[]
}

/** How records of a channel are laid out, from the configuration and the structure. @throws AgentProblem when the two do not fit */
export function layoutOf({ items }: ChannelConfig, { structure }: Claimed): Layout {
  const known = new Map(structure.items.map((item) => [item.id, item]))
  for (const id of items.keys())
    if (!known.has(id))
      throw new AgentProblem(
        'mapping.unknown_item',
        `资源“${structure.title}”第 ${structure.version} 版没有信息项 ${id}。`,
        `请修改配置中的 items，可用的信息项：${structure.items.map((item) => `${item.id}（${item.title}）`).join('、')}。`,
      )
  const lacking = structure.items.filter(({ id, required }) => (required || structure.key.includes(id)) && !items.has(id))
  if (lacking.length > 0)
    throw new AgentProblem(
      'mapping.lacks_item',
      `资源“${structure.title}”的必填信息项没有对应的来源列：${lacking.map((item) => `${item.id}（${item.title}）`).join('、')}。`,
      '请在配置的 items 中补充。',
    )
  const ids = [...items.keys()]
  return {
    header: JSON.stringify({ format: 1, schema: structure.version, items: ids }),
    items: ids,
    columns: [...items.values()],
    kinds: ids.map((id) => known.get(id)?.kind ?? 'text'),
    keyPositions: structure.key.map((id) => ids.indexOf(id)),
  }
}

/** @param room resolves once there is room for another batch */
export function openSink(
  spool: Spool,
  { header, keyPositions }: Layout,
  { batchRows, mostDeletes }: ChannelConfig,
  kind: 'state' | 'event',
  room: () => Promise<void>,
  say: (line: string) => void,
): Sink {
  let lines: string[] = []
  let bytes = 0
  const held = new Map<string, Buffer>()
  const gone = new Set<string>()
  const push = (line: string) => {
    lines.push(line)
    bytes += line.length
  }
  let isAll = false
  /** Lines of this reading whose key nobody could read: any record may be in them. */
  let blind = 0
  const remove = (keyText: string) => {
    // Of what happened nothing is taken back. A record that this spool never sent may have been sent by the one before it.
    if (kind === 'event') return
    push(`{"delete":${keyText}}`)
    held.delete(keyText)
    gone.add(keyText)
  }
  const sink: Sink = {
    upsert(values) {
      const line = JSON.stringify(values)
      const keyText = JSON.stringify(keyPositions.map((position) => values[position] ?? null))
      if (isAll) spool.meet(keyText)
      const digest = rowHash(line)
      const before = gone.has(keyText) ? undefined : (held.get(keyText) ?? spool.hashOf(keyText))
      if (before?.equals(digest)) return
      push(line)
      gone.delete(keyText)
      held.set(keyText, digest)
    },
    remove: (key) => remove(JSON.stringify(key)),
    spoilt(text, key) {
      const digest = rowHash(text)
      const mark = `${SPOILT}${digest.toString('hex')}`
      if (isAll) spool.meet(mark)
      if (isAll && key) spool.meet(JSON.stringify(key))
      if (!key) blind += 1
      // Set aside once, and not again with each reading for as long as the source is not mended.
      if (held.has(mark) || spool.hashOf(mark)) return
      push(JSON.stringify(text.slice(0, MOST_SPOILT)))
      held.set(mark, digest)
    },
    isFull: () => lines.length >= batchRows || bytes >= MOST_BYTES,
    isEmpty: () => lines.length === 0,
    async flush({ state, after } = {}) {
      if (lines.length > 0) await room()
      // Gathered stays gathered until it is kept: after a full disk the same is tried again.
      const reading = { header, lines, held: [...held].map(([key, hash]) => ({ key, hash })), gone: [...gone] }
      spool.keep({ ...reading, ...(state === undefined ? {} : { state }), ...(after === undefined ? {} : { after }) })
      lines = []
      bytes = 0
      held.clear()
      gone.clear()
    },
    beginAll() {
      spool.beginScan()
      isAll = true
      blind = 0
    },
    async endAll() {
      isAll = false
      await sink.flush()
      const { keys, count, held: known } = spool.missed()
      if (blind > 0 && count > 0) {
        say(`有 ${blind} 条问题数据无法辨认主键，本次未见的 ${count} 条记录不作为已删除处理；请更正来源`)
        return
      }
      if (kind === 'state' && count > FEW && count > mostDeletes * known)
        throw new AgentProblem(
          'source.mass_delete',
          `本次读取将删除 ${count} 条（共 ${known} 条），超过上限 ${Math.round(mostDeletes * 100)}%，没有发送。`,
          '请核实来源是否完整；确需删除的，调高 most-deletes-percent 后重新启动。',
        )
      for (const key of keys) {
        if (key.startsWith(SPOILT)) gone.add(key)
        else remove(key)
        if (sink.isFull()) await sink.flush()
      }
    },
  }
  return sink
}

const MOST_SPOILT = 2000

/** So few may always go: a share of a handful says nothing. */
export const FEW = 100
/** Under what the center takes, whatever the records are like. */
const MOST_BYTES = 8 * 1024 * 1024
