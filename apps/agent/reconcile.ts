import { randomBytes, randomUUID } from 'node:crypto'
import { type ResourceDefinition, rowReader } from '@tongchou/records'
import { bucketOf, keyDigest, openDigest } from '@tongchou/wire'
import type { Asking, Center, Claimed, CopyAnswer, CopyQuestion, DifferenceKind, Manner, ReconciliationResult } from './center.ts'
import type { ChannelConfig } from './config.ts'
import { type CenterRow, type Leaves, openLeaves } from './leaves.ts'
import { AgentProblem } from './problem.ts'
import { FEW, type Layout, type Sink } from './sink.ts'
import { type Source, sourceOf } from './source.ts'
import { rowHash, SPOILT, type Spool, type Told } from './spool.ts'

/** What a comparison of source and center found (对账), as the agent keeps and tells it. */
export interface Reconciled extends Omit<ReconciliationResult, 'differences'> {
  id: string
  at: string
  /** The run whose findings were repaired before this one. */
  follows: string | null
  by: Manner
}

export interface ReconcileParts {
  config: ChannelConfig
  center: Center
  spool: Spool
  claimed: Claimed
  layout: Layout
  now: () => Date
  stopped: AbortSignal
  /** Reads what has changed and waits until the center has confirmed all of it; told is each record that was met on the way. */
  settle: (met: Met) => Promise<void>
  say: (line: string) => void
}

/** What a reading of changes meets. */
export type Met = Pick<Sink, 'upsert' | 'remove' | 'spoilt'>
const unwatched: Met = { upsert: () => undefined, remove: () => undefined, spoilt: () => undefined }

const MOST_LISTED = 5000
/** As many hashes as one answer brings. */
const ROWS_AT_ONCE = 50_000

/**
 * Holds the source against the center's copy by checksums and tells the center what differs. A difference counts only when source and copy are both as they
 * were after everything that the source had changed was confirmed: what is under way is none. What is found to differ is forgotten of the spool, so that the next
 * whole reading sends it by the ordinary way, under its guards.
 */
export async function reconcileOnce(parts: ReconcileParts, follows: string | null, by: Manner): Promise<Reconciled> {
  const { config, center, claimed, now } = parts
  const run = { channel: config.channel, lane: config.lane, epoch: claimed.epoch, reconciliation: randomUUID() }
  await parts.settle(unwatched)
  const { structure } = await center.beginReconciliation({ ...run, number: 1 }, follows, by)
  const leaves = openLeaves()
  try {
    const asker = askerOf(parts, run, structure.version, by)
    const found = await lookedAt(parts, leaves, structure, asker)
    const kinds = found.standing.same
    const differing = kinds['only-source'] + kinds['only-center'] + kinds.different
    const isHeld = kinds['only-center'] > 0 && (found.blind > 0 || isMass(kinds['only-center'], found.centerRows, config.mostDeletes))
    const counts = {
      ...{ seq: found.seq, compared: found.compared, quarantined: found.quarantined, bytes: asker.bytes() },
      ...{ onlySource: kinds['only-source'], onlyCenter: kinds['only-center'], different: kinds.different },
      moving: found.standing.all - differing,
      repair: differing === 0 ? ('none' as const) : isHeld ? ('held' as const) : ('sent' as const),
    }
    const differences = listed(leaves, found.round)
    await center.endReconciliation({ ...run, number: asker.next() }, { ...counts, differences })
    if (differing > 0) repair(parts, leaves, found.round, isHeld)
    return { ...counts, id: run.reconciliation, at: now().toISOString(), follows, by }
  } finally {
    leaves.close()
  }
}

/** So many deletions at once are looked at by a person first, as with any reading. */
const isMass = (gone: number, all: number, share: number) => gone > FEW && gone > share * all

function listed(leaves: Leaves, round: number): { kind: DifferenceKind; key: string | null }[] {
  const list: { kind: DifferenceKind; key: string | null }[] = []
  for (const { kind, key } of leaves.differences(round)) if (list.push({ kind, key }) === MOST_LISTED) break
  return list
}

/** The next whole reading is what repairs: it sends what the spool does not know to be at the center, and takes away what it does not meet. */
function repair({ spool, config, layout }: ReconcileParts, leaves: Leaves, round: number, isHeld: boolean): void {
  const doubted = function* () {
    for (const { kind, raw } of leaves.differences(round)) {
      const isGone = kind === 'only-center'
      if (!(isGone && isHeld)) yield { key: raw, isGone }
    }
  }
  spool.doubt(doubted())
  const stale = [...staleOf(leaves, round)]
  // What the center would take for what it has is taken away first, and comes anew with the reading.
  for (let at = 0; at < stale.length; at += config.batchRows) {
    const gone = stale.slice(at, at + config.batchRows)
    spool.keep({ header: layout.header, lines: gone.map((key) => `{"delete":${key}}`), held: [], gone })
  }
  spool.remember('scanned', null)
  // A file that was read is not read again by itself.
  if (config.source.kind === 'csv' || config.source.kind === 'excel') spool.remember('state', {})
}

function* staleOf(leaves: Leaves, round: number): Generator<string> {
  for (const { kind, raw, stale } of leaves.differences(round)) if (kind === 'different' && stale === 1) yield raw
}

interface Looked {
  round: number
  standing: ReturnType<Leaves['standing']>
  seq: number
  compared: number
  centerRows: number
  quarantined: number
  blind: number
}

async function lookedAt(parts: ReconcileParts, leaves: Leaves, structure: ResourceDefinition, asker: Asker): Promise<Looked> {
  const look = async (round: number): Promise<Looked> => {
    const blind = await readLeaves(parts, leaves, structure)
    const { good, badSent } = leaves.count()
    const { seq, corrected, centerRows } = await compared(leaves, asker, round, good, structure.kind === 'state')
    leaves.noteUntold(round)
    const quarantined = badSent + corrected
    return { round, standing: leaves.standing(round), seq, compared: good + badSent, centerRows, quarantined, blind }
  }
  const first = await look(1)
  if (first.standing.all === 0) return first
  // What differs may be on its way: it is let through, and all is looked at again. What moves meanwhile is left to the next time.
  leaves.beginSettling()
  await parts.settle(watching(leaves, structure, parts))
  return look(2)
}

/** Tells the leaves what a reading of changes meets: a record that is other than it was, or is sent, moves. */
function watching(leaves: Leaves, structure: ResourceDefinition, { layout, spool }: ReconcileParts): Met {
  const reader = rowReader(structure, layout.items)
  return {
    upsert(values) {
      const raw = rawKeyOf(layout, values)
      const isSent = !spool.hashOf(raw)?.equals(rowHash(JSON.stringify(values)))
      const checked = reader.read(values)
      if (!Array.isArray(checked)) return leaves.meet(checked.key, Buffer.from(checked.hash, 'hex'), isSent)
      leaves.meetBad(raw, isSent)
      const key = reader.keyOf(values)
      if (key !== null) leaves.meet(key, null, isSent)
    },
    remove(key) {
      const known = reader.readKey(key)
      if (!Array.isArray(known)) leaves.meet(known.key, null, false)
      leaves.meetBad(JSON.stringify(key), true)
    },
    spoilt(text) {
      const mark = markOf(text)
      leaves.meetBad(mark, spool.hashOf(mark) === undefined)
    },
  }
}

const rawKeyOf = ({ keyPositions }: Layout, values: readonly (string | null)[]): string =>
  JSON.stringify(keyPositions.map((position) => values[position] ?? null))
const markOf = (text: string): string => `${SPOILT}${rowHash(text).toString('hex')}`

/** Reads the whole source as it is now and sends nothing; how many lines nobody could tell the key of. */
async function readLeaves(parts: ReconcileParts, leaves: Leaves, structure: ResourceDefinition): Promise<number> {
  const { config, layout, spool, stopped, say } = parts
  const seen = { isWhole: false, blind: 0 }
  const sink = leafSink(leaves, structure, layout, spool, seen)
  const source: Source = sourceOf(config.source, { wake: () => undefined, layout, spool: forgetful(spool), stopped, say })
  leaves.begin()
  try {
    const giveUp = performance.now() + WHOLE_WITHIN_MS
    while (!seen.isWhole) {
      await source.read(sink, 'all')
      stopped.throwIfAborted()
      if (seen.isWhole) break
      if (performance.now() > giveUp)
        throw new AgentProblem('reconcile.no_source', '来源现在没有可比对的文件。', '请确认来源文件已导出；将自动重试。')
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  } finally {
    leaves.end()
    await source.close()
  }
  return seen.blind
}

/** So long a file may take to stand still. */
const WHOLE_WITHIN_MS = 120_000

/** A spool that remembers nothing, so that a reading meets everything. */
const forgetful = (spool: Spool): Spool => ({ ...spool, state: () => undefined, missed: () => ({ keys: [], count: 0, held: 0 }) })

function leafSink(
  leaves: Leaves,
  structure: ResourceDefinition,
  layout: Layout,
  spool: Spool,
  seen: { isWhole: boolean; blind: number },
): Sink {
  const reader = rowReader(structure, layout.items)
  return {
    upsert(values) {
      const raw = rawKeyOf(layout, values)
      const checked = reader.read(values)
      if (!Array.isArray(checked)) return leaves.put(checked.key, raw, Buffer.from(checked.hash, 'hex'))
      const hash = rowHash(JSON.stringify(values))
      leaves.bad(raw, hash, reader.keyOf(values), spool.hashOf(raw)?.equals(hash) ?? false)
    },
    remove: () => undefined,
    spoilt(text, key) {
      const mark = markOf(text)
      const known = key && reader.readKey(key)
      if (!key) seen.blind += 1
      leaves.bad(mark, rowHash(text), known && !Array.isArray(known) ? known.key : null, spool.hashOf(mark) !== undefined)
    },
    isFull: () => false,
    isEmpty: () => true,
    flush: async () => undefined,
    beginAll: () => undefined,
    endAll: async () => {
      seen.isWhole = true
    },
  }
}

interface Asker {
  /** Draws the number of one look. */
  nonce(): string
  ask(question: Omit<CopyQuestion, 'by'>): Promise<CopyAnswer>
  next(): number
  bytes(): number
}

/** Asks the center, each question with its number; what contradicts what is known is no answer. */
function askerOf({ center, spool, stopped }: ReconcileParts, run: Omit<Asking, 'number'>, structure: number, by: Manner): Asker {
  let number = 1
  let bytes = 0
  return {
    nonce: () => randomBytes(16).toString('hex'),
    next: () => ++number,
    bytes: () => bytes,
    async ask(asked) {
      stopped.throwIfAborted()
      const question = { ...asked, by }
      const answer = await center.askReconciliation({ ...run, number: ++number }, question)
      bytes += JSON.stringify(question).length + JSON.stringify(answer).length
      if (answer.structure !== structure)
        throw new AgentProblem('reconcile.structure_changed', '资源结构在对账时有了新版本，本次对账作废。', '将自动重新对账。')
      const confirmed = spool.recall<Told>('taken')?.seqTo ?? 0
      if (answer.seq < confirmed)
        throw new AgentProblem(
          'reconcile.behind',
          `中心答复到日志第 ${answer.seq} 号，已确认的到第 ${confirmed} 号，本次对账作废。`,
          '中心可能由备份恢复，请重新启动前置程序。',
        )
      return answer
    },
  }
}

/** Narrows to the buckets that differ, and holds their records against each other. */
async function compared(leaves: Leaves, { nonce: draw, ask }: Asker, round: number, good: number, countsGone: boolean) {
  const nonce = draw()
  const top = await ask({ wants: 'digests', nonce, bits: 8, within: null })
  const centerRows = top.digests.reduce((sum, [, rows]) => sum + rows, 0)
  const most = Math.max(good, centerRows)
  let bits: 8 | 16 = 8
  let last: CopyAnswer = top
  let differing = different(leaves.digests(nonce, 8, null), top)
  if (differing.length > 0 && most / 256 > 64) {
    bits = 16
    last = await ask({ wants: 'digests', nonce, bits, within: differing })
    differing = different(leaves.digests(nonce, bits, differing), last)
  }
  let { seq } = last
  let corrected = 0
  const each = Math.max(1, Math.min(8192, Math.floor(ROWS_AT_ONCE / Math.max(1, most / 2 ** bits))))
  for (let at = 0; at < differing.length; at += each) {
    const within = differing.slice(at, at + each)
    const answer = await ask({ wants: 'rows', nonce, bits, within })
    if (answer.seq === last.seq) requireSame(nonce, bits, within, last, answer.rows)
    corrected += leaves.compare(round, bits, within, answer.rows, countsGone)
    seq = answer.seq
  }
  return { seq, corrected, centerRows }
}

/** Buckets whose digest is not the center's, those that only one side has among them. */
function different(ours: ReadonlyMap<number, string>, { digests }: CopyAnswer): number[] {
  const theirs = new Map(digests.map(([bucket, , digest]) => [bucket, digest]))
  return [...new Set([...ours.keys(), ...theirs.keys()])].filter((bucket) => ours.get(bucket) !== theirs.get(bucket)).sort((a, b) => a - b)
}

/** The records that are listed have to be those that the digest was made of: an answer that was altered on its way says two things. */
function requireSame(nonce: string, bits: 8 | 16, within: readonly number[], { digests }: CopyAnswer, rows: readonly CenterRow[]): void {
  const buckets = new Map<number, [Buffer, Buffer][]>(within.map((bucket) => [bucket, []]))
  for (const [key, hash] of rows) {
    const digest = keyDigest(key)
    buckets.get(bucketOf(digest, bits))?.push([digest, Buffer.from(hash, 'hex')])
  }
  const told = new Map(digests.map(([bucket, , digest]) => [bucket, digest]))
  const total = [...buckets.values()].reduce((sum, list) => sum + list.length, 0)
  const isSame = [...buckets].every(([bucket, list]) => {
    if (list.length === 0) return !told.has(bucket)
    const sum = openDigest(nonce)
    for (const [digest, hash] of list.sort(([a], [b]) => Buffer.compare(a, b))) sum.add(digest, hash)
    return sum.end() === told.get(bucket)
  })
  if (!isSame || total !== rows.length)
    throw new AgentProblem(
      'reconcile.answer_differs',
      '中心的摘要与明细前后不符，本次对账作废，没有处理任何记录。',
      '请检查与中心之间的网络和代理；将自动重试。',
    )
}

/** A comparison in words. */
export function inWords({
  compared,
  seq,
  onlySource,
  onlyCenter,
  different: other,
  quarantined,
  moving,
  repair: how,
  bytes,
}: Reconciled): string {
  const rest = [
    ...(quarantined > 0 ? [`问题数据 ${quarantined} 条`] : []),
    ...(moving > 0 ? [`变动中 ${moving} 条，留待下次`] : []),
    `传输 ${Math.ceil(bytes / 1024)} KiB`,
  ].join('，')
  const about = `来源 ${compared} 条，比到中心日志第 ${seq} 号，${rest}`
  if (how === 'none') return `对账一致：${about}`
  const done = how === 'sent' ? '已转入重报' : '只在中心的超过删除上限或来源有无法辨认主键的行，未删除，待核实；其余已转入重报'
  return `对账发现 ${onlySource + onlyCenter + other} 条不一致（只在来源 ${onlySource}、只在中心 ${onlyCenter}、内容不同 ${other}），${done}：${about}`
}
