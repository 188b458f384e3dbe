import { CenterProblem } from './center.ts'
import type { Feed, Page, SeenStructure } from './feed.ts'
import { backoff, type FlowParts, openTroubles, quietly, rest, type Troubles } from './flow.ts'
import type { Log } from './log.ts'
import { problemOf } from './problem.ts'
import type { ReceiveConfig } from './receive-config.ts'
import type { Spool } from './spool.ts'
import { type Received, type Target, TargetTaken } from './target.ts'

/** What one subscription needs to run. */
export interface ReceiveParts {
  config: ReceiveConfig
  feed: Feed
  target: Target
  /** For the status alone: how far the table has come stands in the table's own database. */
  spool: Spool
  log: Log
  now: () => Date
  patience?: FlowParts['patience']
}

/** How far a subscription has come, for the status. */
export interface ReceiveProgress {
  isLoading: boolean
  /** Changes since the load. */
  position: number
  appliedAt: string | null
  /** When the center last had nothing more. */
  currentAt: string | null
}

/** Receives into one table until it is told to stop (接收运行). Whatever fails is named, waited for and tried again, from where the table is. */
export async function runReceive(parts: ReceiveParts, ended: AbortSignal): Promise<'ended' | 'superseded'> {
  const { config, log, target } = parts
  const about = `接收 ${config.subscription.slice(0, 8)}`
  const troubles = openTroubles(parts, about)
  const patience = backoff(parts.patience)
  try {
    while (!ended.aborted) {
      try {
        await receiveOn(parts, about, troubles, patience.reset, ended)
      } catch (error) {
        if (ended.aborted) break
        troubles.begin(error instanceof CenterProblem ? 'center' : 'target', problemOf(error))
        if (error instanceof TargetTaken) return 'superseded'
        if (error instanceof CenterProblem && error.code === 'feed.load_ended') {
          log.write(about, '全量加载从头开始')
          await target.startAnew().catch(() => undefined)
        }
        const asked = error instanceof CenterProblem ? error.retryAfterMs : undefined
        await rest(asked ?? patience.next(), ended)
      }
    }
    return 'ended'
  } finally {
    await target.close()
  }
}

async function receiveOn(parts: ReceiveParts, about: string, troubles: Troubles, wentWell: () => void, ended: AbortSignal): Promise<void> {
  const { config, feed, target, log } = parts
  let received: Received = await target.claim()
  const opened = await feed.open()
  await target.fit(opened.structure)
  log.write(about, `已登记：“${opened.resource.title}”，${received.isLoading ? '全量加载' : `第 ${received.position} 条变更之后`}`)
  const tell = unmappedTold(config, log, about)
  const progress = openProgress(parts)
  while (!ended.aborted) {
    const { isLoading } = received
    const pages = isLoading ? feed.records(received.place) : feed.changes(received.place ?? '', config.wait)
    for await (const page of pages) {
      tell(page.structure)
      await target.fit(page.structure)
      await target.apply(page, isLoading)
      received = { place: page.cursor, position: page.position, isLoading: isLoading && !page.isComplete }
      // A page without a change says that there is nothing more.
      progress(received, isLoading || page.changes > 0 ? page : undefined)
      troubles.end('center')
      troubles.end('target')
      wentWell()
    }
    if (isLoading && !received.isLoading) log.write(about, '全量加载完毕')
  }
}

/** Says once for each structure what is granted and goes nowhere. */
function unmappedTold({ items }: ReceiveConfig, log: Log, about: string): (structure: SeenStructure) => void {
  let name: string | undefined
  return (structure) => {
    if (structure.name === name) return
    name = structure.name
    const unmapped = structure.items.filter(({ id }) => !items.has(id))
    if (unmapped.length > 0)
      log.write(about, `授权的信息项没有对应列，不写入：${unmapped.map((item) => `${item.id}（${item.title}）`).join('、')}`)
  }
}

/** Notes for the status how far it is, once a second at most: noting it is not to slow it down. */
function openProgress({ spool, now }: ReceiveParts): (received: Received, page: Page | undefined) => void {
  let notedAt = Number.NEGATIVE_INFINITY
  let currentAt: string | null = null
  let appliedAt: string | null = null
  return ({ isLoading, position }, page) => {
    const at = now().toISOString()
    if (page) appliedAt = at
    else currentAt = at
    if (page && performance.now() - notedAt < 1000) return
    notedAt = performance.now()
    quietly(() => spool.remember('received', { isLoading, position, appliedAt, currentAt } satisfies ReceiveProgress))
  }
}
