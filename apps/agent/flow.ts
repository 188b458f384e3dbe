import { hash, randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type Center, CenterProblem, type Claimed, type Receipt } from './center.ts'
import type { ChannelConfig } from './config.ts'
import type { Log } from './log.ts'
import { AgentProblem, problemOf } from './problem.ts'
import { inWords, type Met, type Reconciled, reconcileOnce } from './reconcile.ts'
import { layoutOf, openSink, type Sink } from './sink.ts'
import { type Source, sourceOf } from './source.ts'
import type { Spool, Waiting } from './spool.ts'

/** What a channel needs to run. */
export interface FlowParts {
  config: ChannelConfig
  center: Center
  spool: Spool
  log: Log
  now: () => Date
  /** The shortest and longest wait before something that failed is tried again. */
  patience?: { first: number; last: number }
  /** Source and center are held against each other now, by hand; told are each result, and what is in the way. */
  byHand?: { found: (found: Reconciled) => void; failed: (problem: AgentProblem) => void }
}

/** What stands in the way of a part of the channel, for the status. */
export interface Trouble {
  code: string
  message: string
  cure: string
  since: string
}

/** Somebody else sends on this lane now: this one has to stop. */
class Superseded extends AgentProblem {}
/** The books of both ends have to be compared anew. */
class StartAgain extends Error {}

/** Brings one channel's records to the center until it is told to stop (通道运行). Whatever fails is named, waited for and tried again. */
export async function runFlow(parts: FlowParts, ended: AbortSignal): Promise<'ended' | 'superseded'> {
  const { config, log } = parts
  const about = `${config.channel.slice(0, 8)}/${config.lane}`
  const troubles = openTroubles(parts, about)
  const patience = backoff(parts.patience)
  while (!ended.aborted) {
    try {
      await runOnce(parts, about, troubles, ended, patience.reset)
    } catch (error) {
      if (ended.aborted) break
      if (error instanceof StartAgain) log.write(about, `重新登记：${error.message}`)
      else troubles.begin('center', problemOf(error))
      if (error instanceof Superseded) return 'superseded'
      const asked = error instanceof CenterProblem ? error.retryAfterMs : undefined
      await rest(asked ?? patience.next(), ended)
    }
  }
  return 'ended'
}

async function runOnce(parts: FlowParts, about: string, troubles: Troubles, ended: AbortSignal, claimedWell: () => void): Promise<void> {
  const { config, center, spool, log } = parts
  const claimed = await center.claim(config)
  troubles.end('center')
  const layout = layoutOf(config, claimed)
  agree(parts, about, claimed)
  log.write(about, `已登记：通道“${claimed.channel.name}”，第 ${claimed.epoch} 任期，从第 ${claimed.nextNumber} 批起`)
  const inner = new AbortController()
  const stopped = AbortSignal.any([ended, inner.signal])
  const [kept, due] = [bell(), bell()]
  const source = sourceOf(config.source, { layout, spool, stopped, wake: due.ring, say: (line) => log.write(about, line) })
  const settler = openSettler(source, spool)
  const running: Running = { source, claimed, troubles, kept, due, isBehind: false, settler, about }
  const reading = readOn(parts, running, layout, stopped)
  const sending = sendOn(parts, running, claimedWell, stopped)
  try {
    await Promise.race([reading, sending])
  } finally {
    inner.abort()
    kept.ring()
    due.ring()
    await Promise.allSettled([reading, sending])
    await settler.rest()
    await source.close()
  }
}

/**
 * Compares what the center has with what the spool has. Where either was put back to an older state, or the configuration reads other things than before,
 * everything is read anew: the center tells what it has already from what is new.
 */
function agree({ config, spool, log }: FlowParts, about: string, { nextNumber, epoch, structure }: Claimed): void {
  const reads = JSON.stringify([structure.resource, structure.key, config.source, [...config.items]])
  const mapping = hash('sha256', reads, 'hex')
  const first = spool.waiting()?.number ?? spool.recall<number>('next') ?? 1
  const next = spool.recall<number>('next') ?? 1
  const reason =
    spool.recall<string>('mapping') === undefined
      ? '暂存库为新建'
      : spool.recall<string>('mapping') !== mapping
        ? '配置或资源结构已变更'
        : nextNumber < first
          ? `中心只到第 ${nextNumber - 1} 批，可能由备份恢复`
          : nextNumber > next
            ? `中心已到第 ${nextNumber - 1} 批，暂存库只到第 ${next - 1} 批，可能由备份恢复`
            : undefined
  if (reason !== undefined) {
    log.write(about, `${reason}，全部重新读取`)
    spool.startAnew(nextNumber)
    spool.remember('scanned', null)
    spool.remember('mapping', mapping)
  }
  // No two starts give a batch the same name, whatever either has forgotten.
  spool.remember('name', `${randomBytes(6).toString('hex')}-${epoch}`)
}

interface Running {
  source: Source
  claimed: Claimed
  troubles: Troubles
  /** Something waits to be sent. */
  kept: Bell
  /** Something may be there to be read. */
  due: Bell
  /** Nothing was read because enough waits to be sent. */
  isBehind: boolean
  settler: Settler
  about: string
}

async function readOn(parts: FlowParts, running: Running, layout: ReturnType<typeof layoutOf>, stopped: AbortSignal): Promise<void> {
  const { config, spool, log, now } = parts
  const { source, claimed, troubles, kept, due, settler, about } = running
  const patience = backoff(parts.patience)
  let scannedAt: number | undefined
  const room = async () => {
    while (!stopped.aborted && spool.count().bytes > config.spoolBytes) await rest(200, stopped)
    stopped.throwIfAborted()
  }
  const changes = () => openSink(spool, layout, config, claimed.structure.kind, room, (line) => log.write(about, line))
  const reconciling = openReconciling(parts, running, layout, changes, stopped)
  while (!stopped.aborted) {
    const before = spool.count().batches
    try {
      const isDue = spool.recall<string | null>('scanned') == null || isOver(scannedAt, config.rescanMs, 'scanned', spool, now)
      const roomy = async () => {
        kept.ring()
        await room()
      }
      const sink = openSink(spool, layout, config, claimed.structure.kind, roomy, (line) => log.write(about, line))
      if (isDue && scannedAt === undefined) await source.check()
      settler.begin()
      const next = spool.recall<number>('next')
      due.silence()
      const more = await source.read(sink, isDue ? 'all' : 'changes')
      if (isDue && more !== 'unread') {
        if (spool.recall<number>('next') === next) spool.confirm(layout.header)
        spool.remember('scanned', now().toISOString())
        scannedAt = performance.now()
        log.write(about, '已全量读取')
      }
      troubles.end('source')
      patience.reset()
      kept.ring()
      running.isBehind = more === 'behind'
      await reconciling.whenDue()
      if (more !== true && !reconciling.isAwaited()) await due.wait(stopped, config.everyMs)
    } catch (error) {
      if (stopped.aborted) return
      if (error instanceof Superseded) throw error
      troubles.begin('source', problemOf(error))
      if (spool.count().batches > before) kept.ring()
      await rest(patience.next(), stopped)
    }
  }
}

/** Holds the source against the center when it is time to, and once more after a repair. What fails there is named, tried later, and holds up nothing else. */
function openReconciling(
  parts: FlowParts,
  { source, claimed, troubles, kept, about }: Running,
  layout: ReturnType<typeof layoutOf>,
  changes: () => ReturnType<typeof openSink>,
  stopped: AbortSignal,
) {
  const { config, center, spool, log, now, byHand } = parts
  const patience = backoff(parts.patience)
  let doneAt: number | undefined
  let notBefore = 0
  let isAsked = byHand !== undefined
  const isAwaited = () => isAsked || spool.recall<boolean>('verify') === true
  const arrived = async () => {
    kept.ring()
    while (spool.count().batches > 0) {
      stopped.throwIfAborted()
      await rest(20, stopped)
    }
  }
  const settle = async (met: Met) => {
    await arrived()
    for (let i = 0; i < MOST_PASSES; i++) {
      stopped.throwIfAborted()
      const more = await source.read(watched(changes(), met), 'changes')
      await arrived()
      if (more !== true) return
    }
  }
  return {
    isAwaited,
    async whenDue(): Promise<void> {
      if (config.reconcileMs === null) return
      if (doneAt === undefined && spool.recall<string>('reconciled') === undefined) spool.remember('reconciled', now().toISOString())
      const isDue = isAwaited() || isOver(doneAt, config.reconcileMs, 'reconciled', spool, now)
      if (!isDue || performance.now() < notBefore) return
      try {
        const follows = spool.recall<string | null>('differs') ?? null
        await arrived()
        const say = (line: string) => log.write(about, line)
        const isThorough =
          byHand !== undefined ||
          spool.recall<Reconciled>('found')?.repair === 'sent' ||
          isOver(undefined, config.reconcileValuesMs, 'valued', spool, now)
        const by = isThorough && !layout.kinds.includes('double') ? 'values' : 'hashes'
        const found = await reconcileOnce({ config, center, spool, claimed, layout, now, stopped, settle, say }, follows, by)
        if (isThorough) spool.remember('valued', found.at)
        doneAt = performance.now()
        isAsked = false
        spool.remember('reconciled', found.at)
        spool.remember('differs', found.repair === 'none' ? null : found.id)
        spool.remember('verify', found.repair === 'sent' && follows === null)
        spool.remember('found', found)
        log.write(about, inWords(found))
        troubles.end('reconciling')
        patience.reset()
        byHand?.found(found)
      } catch (error) {
        if (stopped.aborted) return
        const problem = problemOf(error)
        // Who was replaced is told so by the next batch too; a claim that is new tells it at once.
        if (problem.code === 'exchange.superseded') throw new Superseded(problem.code, problem.message, problem.cure)
        notBefore = performance.now() + (byHand ? 0 : patience.next())
        troubles.begin('reconciling', problem)
      }
    },
  }
}

/** A sink that also tells what is put into it, before it is. */
function watched(sink: Sink, met: Met): Sink {
  return {
    ...sink,
    upsert(values) {
      met.upsert(values)
      sink.upsert(values)
    },
    remove(key) {
      met.remove(key)
      sink.remove(key)
    },
    spoilt(text, key) {
      met.spoilt(text, key)
      sink.spoilt(text, key)
    },
  }
}

/** A source that changes faster than it can be read is looked at all the same. */
const MOST_PASSES = 100

/** By the time that has passed in this process; across starts by the date, which may jump: one from the future counts for nothing. */
function isOver(doneAt: number | undefined, everyMs: number | null, note: string, spool: Spool, now: () => Date): boolean {
  if (everyMs === null) return false
  if (doneAt !== undefined) return performance.now() - doneAt >= everyMs
  const age = now().getTime() - Date.parse(spool.recall<string>(note) ?? '')
  return !(age >= 0 && age < everyMs)
}

/** So many batches are under way at once: while one is being written, the next is brought and checked. */
const AHEAD = 2

/** A batch that is under way, and what became of it. */
interface Sent {
  number: number
  answer: Promise<{ receipt: Receipt } | { error: unknown }>
}

async function sendOn(parts: FlowParts, running: Running, claimedWell: () => void, stopped: AbortSignal): Promise<void> {
  const { config, center, spool } = parts
  const { claimed, troubles, kept } = running
  const patience = backoff(parts.patience)
  const send = ({ number, batchId, digest, body }: Waiting): Sent => {
    const parcel = { channel: config.channel, lane: config.lane, epoch: claimed.epoch, number, batchId, digest }
    const answer = center.send(parcel, body).then(
      (receipt) => ({ receipt }),
      (error: unknown) => ({ error }),
    )
    return { number, answer }
  }
  let under: Sent[] = []
  // Behind one that was refused nothing is sent until that one is through.
  let most = 1
  while (!stopped.aborted) {
    const next = under.length < most ? spool.waiting(under.at(-1)?.number) : undefined
    if (next) {
      under.push(send(next))
      continue
    }
    const [first] = under
    if (!first || under.length < most) {
      const isAnswered = await kept.wait(stopped, LOOK_MS, first?.answer)
      if (!isAnswered) continue
    }
    const { number, answer } = first as Sent
    const outcome = await answer
    try {
      if ('error' in outcome) throw outcome.error
      under.shift()
      taken(parts, running, number, outcome.receipt)
      claimedWell()
      most = AHEAD
      patience.reset()
    } catch (error) {
      // What was sent behind it has its own answer, which may come when this one has been sent again.
      await Promise.all(under.map((one) => one.answer))
      under = []
      most = 1
      if (stopped.aborted) return
      if (error instanceof CenterProblem) refuse(error, parts, number)
      troubles.begin('center', problemOf(error))
      const asked = error instanceof CenterProblem ? error.retryAfterMs : undefined
      await rest(asked ?? patience.next(), stopped)
    }
  }
}

function taken({ spool, log }: FlowParts, running: Running, number: number, { rows, bad, seqTo, receivedAt }: Receipt): void {
  const { troubles, settler, due, about } = running
  spool.acknowledge(number, { number, at: receivedAt, rows, bad, seqTo })
  settler.begin()
  if (running.isBehind) due.ring()
  if (bad > 0) log.write(about, `第 ${number} 批有 ${bad} 条问题数据，见中心隔离区`)
  troubles.end('center')
}

/** Lets the source let go of what the center has, beside everything else. */
interface Settler {
  begin(): void
  /** Until it is at rest. */
  rest(): Promise<void>
}

function openSettler(source: Source, spool: Spool): Settler {
  let again = false
  let working: Promise<void> | undefined
  const work = async () => {
    do {
      again = false
      await settle(source, spool)
    } while (again)
    working = undefined
  }
  return {
    begin() {
      again = true
      working ??= work()
    },
    rest: async () => working,
  }
}

/** A source that is away is no reason not to send: what is owed is noted, and tried again. */
async function settle(source: Source, spool: Spool): Promise<void> {
  for (const { id, after } of spool.owed()) {
    try {
      await source.settled(after)
    } catch {
      // The reading says what is the matter with the source.
      return
    }
    spool.paid(id)
  }
}

/** Refusals that sending again would not mend. */
function refuse({ code, message, cure }: CenterProblem, { spool }: FlowParts, number: number): void {
  if (code === 'exchange.superseded') throw new Superseded(code, message, cure)
  if (code === 'exchange.number_taken' || code === 'libraries.batch_reused') {
    // Another history was sent from here on.
    spool.remember('mapping', null)
    throw new StartAgain(message)
  }
  if (code === 'exchange.gap' || code === 'exchange.epoch_unknown') throw new StartAgain(message)
  if (code.startsWith('libraries.batch_'))
    throw new AgentProblem(code, `第 ${number} 批未被接收：${message}`, '请核对资源结构和配置中的 items。')
}

/** What can be away. */
type Part = 'center' | 'source' | 'target' | 'reconciling'
const back: Readonly<Record<Part, string>> = {
  center: '与中心的往来已恢复',
  source: '来源已恢复',
  target: '目标库已恢复',
  reconciling: '对账已恢复',
}

export interface Troubles {
  begin(part: Part, problem: AgentProblem): void
  end(part: Part): void
}

/** Says what is in the way once when it begins, and once when it is over. */
export function openTroubles({ spool, log, now, byHand }: Pick<FlowParts, 'spool' | 'log' | 'now' | 'byHand'>, about: string): Troubles {
  const known = new Map<string, string>()
  for (const part of Object.keys(back)) quietly(() => spool.remember(`trouble ${part}`, null))
  return {
    begin(part, { code, message, cure }) {
      byHand?.failed(new AgentProblem(code, message, cure))
      if (known.get(part) === message) return
      known.set(part, message)
      log.write(about, `${message}${cure}（${code}）`)
      quietly(() => spool.remember(`trouble ${part}`, { code, message, cure, since: now().toISOString() } satisfies Trouble))
    },
    end(part) {
      if (!known.delete(part)) return
      log.write(about, back[part])
      quietly(() => spool.remember(`trouble ${part}`, null))
    },
  }
}

/** On a full disk not even that can be noted; it is in the log. */
export function quietly(work: () => void): void {
  try {
    work()
  } catch {
    // As said.
  }
}

interface Bell {
  ring(): void
  /** Forgets that it rang. */
  silence(): void
  /** Until it rings, if it did not ring already; the time is over, or an answer is there. Tells whether that is what it was. */
  wait(stopped: AbortSignal, ms: number, answer?: Promise<unknown>): Promise<boolean>
}

/** So often the sender looks by itself. */
const LOOK_MS = 1000

/** Wakes who waits. */
function bell(): Bell {
  let rang = false
  let wake = (): void => undefined
  return {
    ring() {
      rang = true
      wake()
    },
    silence() {
      rang = false
    },
    async wait(stopped, ms, answer) {
      if (rang || stopped.aborted) {
        rang = false
        return false
      }
      return new Promise((resolve) => {
        const done = (isAnswered: boolean) => {
          clearTimeout(timer)
          stopped.removeEventListener('abort', woken)
          wake = () => undefined
          rang = false
          resolve(isAnswered)
        }
        const woken = () => done(false)
        const timer = setTimeout(woken, ms)
        wake = woken
        stopped.addEventListener('abort', woken, { once: true })
        void answer?.then(() => done(true))
      })
    },
  }
}

/** Waits longer each time, up to a limit, never in step with others. */
export function backoff({ first, last } = { first: 200, last: 30_000 }) {
  let wait = first
  return {
    next() {
      const now = wait * (0.5 + Math.random() / 2)
      wait = Math.min(last, wait * 2)
      return now
    },
    reset: () => {
      wait = first
    },
  }
}

export async function rest(ms: number, stopped: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal: stopped }).catch(() => undefined)
}
