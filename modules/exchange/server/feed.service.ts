import { randomBytes } from 'node:crypto'
import { type Ctx, DomainError, InvalidState, inTransaction, NotPermitted, NotSignedIn, notFound, recordAudit } from '@tongchou/kernel'
import type { FastifyRequest } from 'fastify'
import type { SubscriptionRow } from './channel.tables.ts'
import type { ChangesQuery, LoadQuery, OpenedSubscription } from './feed.schema.ts'
import { grantName, openPlace, type Place, sealPlace } from './feed-place.ts'
import type { ExchangePorts, Grant, SeenStructure } from './ports.ts'
import { readSubscription, receiveBySubscription } from './subscription.permissions.ts'
import { beginLoad, confirm, findSubscription, insertSubscription, keepRefusal } from './subscription.store.ts'

/** How long a running feed goes without anybody asking whether it still may: twice this is within a second. */
const WATCH_MS = 400
/** So many changes or records are in memory at once, for each reader. */
const PAGE = 2000
/** How long what does not concern the receiver is looked through before he is answered. */
const SCAN_MS = 5000
/** A feed that is followed says that it is alive so often, and ends after so long, so that the receiver confirms what he has. */
const BEAT_MS = 10_000
const FOLLOW_MS = 600_000

/** What a request to receive brings. */
export interface Receiving {
  request: FastifyRequest
  id: string
  /** Aborted when the receiver is gone. */
  gone: AbortSignal
}

/** A receiver that starts (登记接收): from the first time on the log keeps what he has to be told by. Again it changes nothing. */
export async function openSubscription(ctx: Ctx, ports: ExchangePorts, id: string): Promise<OpenedSubscription> {
  return inTransaction(ctx, async (tx) => {
    const grant = await receivableGrant(tx, ports, id)
    const { structure } = await ports.feeds.open(tx, grant.resource, grant.grant)
    const ends = { resource: grant.resource, org_id: grant.orgId, provider_org_id: grant.providerOrgId }
    const opened = { opened_at: tx.now(), opened_by: `${tx.actor.orgName} ${tx.actor.name}` }
    const isNew = await insertSubscription(tx, { grant_id: id, ...ends, ...opened, secret: randomBytes(32), refusal: null })
    if (isNew) await recordAudit(tx, 'subscription.opened', { kind: 'subscription', id }, { resource: grant.resource, orgId: grant.orgId })
    const resource = { id: grant.resource, title: structure.title }
    return { id, resource, validUntil: grant.validUntil, structure: shownStructure(structure) }
  })
}

const shownStructure = ({ key, items, ...structure }: SeenStructure): OpenedSubscription['structure'] => ({
  ...structure,
  key: [...key],
  items: items.map((item) => ({ ...item, type: item.type.kind === 'code' ? { ...item.type, codes: [...item.type.codes] } : item.type })),
})

/** The lines of an answer: the first once there is something to tell, so that what is wrong until then is an answer of its own. */
export type Lines = AsyncGenerator<string, void, void>

/** What is read under: asked again while it runs. */
interface Reading {
  ctx: Ctx
  ports: ExchangePorts
  subscription: SubscriptionRow
  grant: Grant
  epoch: string
  gone: AbortSignal
  /** What was told last has used up the day's quota: the answer ends there. */
  isUsedUp?: boolean
  /** @throws DomainError when the receiver may not go on; asks a few times a second at most */
  watch(): Promise<void>
}

/** All records as they are now, page by page, and the place from which changes follow (全量加载). */
export async function loadRecords(ctx: Ctx, ports: ExchangePorts, receiving: Receiving, query: LoadQuery): Promise<Lines> {
  return refusalsKept(ctx, receiving.id, async () => {
    const reading = await beginReading(ctx, ports, receiving)
    const { subscription, grant, epoch } = reading
    const sent = query.after === undefined ? undefined : openPlace(subscription.secret, query.after)
    if (sent === undefined) return loading(reading, await beginLoading(reading), query)
    if (sent.loading === undefined || sent.epoch !== epoch || sent.grant !== grantName(grant.grant))
      throw new InvalidState('feed.load_ended', '本次全量加载已失效（系统由备份恢复，或授权内容已变更），请从头重新加载。')
    await confirm(ctx, receiving.id)
    return loading(reading, sent, query)
  })
}

async function beginLoading({ ctx, ports, subscription, grant, epoch }: Reading): Promise<Place> {
  // Before the first record is read: whatever changes from here on follows as a change.
  const seq = await ports.feeds.head(ctx, grant.resource)
  await inTransaction(ctx, async (tx) => {
    await beginLoad(tx, subscription.grant_id)
    await recordAudit(tx, 'subscription.load_begun', { kind: 'subscription', id: subscription.grant_id }, { resource: grant.resource })
  })
  return { epoch, seq, position: 0, grant: grantName(grant.grant) }
}

async function* loading(reading: Reading, place: Place, { limit = 20_000 }: LoadQuery): Lines {
  const { ports, grant, subscription, gone } = reading
  const told = structureLines()
  let after = place.loading ?? null
  for (let left = limit; left > 0 && !gone.aborted; ) {
    await reading.watch()
    const page = await withinQuota(
      reading,
      Math.min(PAGE, left),
      (tx, most) => ports.feeds.records(tx, grant.resource, grant.grant, after, most),
      ({ records }) => records.length,
    )
    after = page.lastKey
    left -= page.records.length
    const lines = page.records.map((values) => `["u",${JSON.stringify(values).slice(1)}`)
    const next = { ...place, loading: after ?? undefined }
    const cursor = { cursor: sealPlace(subscription.secret, next), position: 0, ...(after === null ? { complete: true } : {}) }
    yield joined(told(page.structure), lines, cursor)
    if (after === null || reading.isUsedUp) return
  }
}

/**
 * The changes after a place, in their order (变更). Waits for the first one as long as it is asked to; then everything there is up to the limit, or, when it
 * is followed, whatever comes.
 */
export async function readChanges(ctx: Ctx, ports: ExchangePorts, receiving: Receiving, query: ChangesQuery): Promise<Lines> {
  return refusalsKept(ctx, receiving.id, async () => {
    const reading = await beginReading(ctx, ports, receiving)
    const place = await placeOf(reading, query.after)
    await confirm(ctx, receiving.id, place)
    return changing(reading, place, query)
  })
}

async function* changing(reading: Reading, place: Place, query: ChangesQuery): Lines {
  const { ports, grant, gone, subscription } = reading
  const { limit = 20_000, waitSeconds = 0, follow = false } = query
  const told = structureLines()
  const begun = performance.now()
  const [waitUntil, scanUntil] = [begun + (follow ? FOLLOW_MS : waitSeconds * 1000), begun + SCAN_MS]
  const until = Math.max(waitUntil, scanUntil)
  let toldAt = follow ? Number.NEGATIVE_INFINITY : begun
  let sent = false
  for (let left = limit; (follow || left > 0) && !gone.aborted; ) {
    await reading.watch()
    const { wakeups } = ports.feeds
    const count = wakeups.count(grant.resource)
    const page = await read(reading, place, follow ? PAGE : Math.min(PAGE, left))
    place.seq = page.seq
    place.position += page.changes.length
    left -= page.changes.length
    const now = performance.now()
    const isOver = now >= (page.hasMore ? until : waitUntil)
    if (page.changes.length > 0 || (!sent && isOver && !follow) || (follow && now - toldAt >= BEAT_MS)) {
      const lines = page.changes.map(({ op, values }) => `["${op === 'delete' ? 'd' : 'u'}",${JSON.stringify(values).slice(1)}`)
      // Sealed anew each time: that nothing was told says nothing of whether there was something.
      yield joined(told(page.structure), lines, { cursor: sealPlace(subscription.secret, place), position: place.position })
      sent = true
      toldAt = performance.now()
    }
    // Whether more would follow is not told by how this answer ends.
    if (reading.isUsedUp || isOver || (sent && !follow && !page.hasMore)) return
    if (!page.hasMore) await wakeups.wait(grant.resource, count, Math.min(WATCH_MS, waitUntil - now), gone)
  }
}

/** Reads no more than the day's quota leaves (每日限额), and counts what is told: what has to be sent again counts again. */
async function withinQuota<P>(
  reading: Reading,
  most: number,
  readPage: (ctx: Ctx, most: number) => Promise<P>,
  count: (page: P) => number,
): Promise<P> {
  const { ctx, ports, grant } = reading
  if (grant.quotaPerDay === null) return readPage(ctx, most)
  return inTransaction(ctx, async (tx) => {
    const left = (await ports.grants.beginLook(tx, grant.id)) ?? most
    const page = await readPage(tx, Math.min(most, left))
    if (count(page) > 0) await ports.grants.endLook(tx, grant.id, count(page))
    reading.isUsedUp = count(page) === left
    return page
  })
}

async function read(reading: Reading, { seq }: Place, most: number) {
  const { ports, grant } = reading
  try {
    return await withinQuota(
      reading,
      most,
      (tx, left) => ports.feeds.changes(tx, grant.resource, grant.grant, seq, left),
      ({ changes }) => changes.length,
    )
  } catch (error) {
    if (error instanceof DomainError && error.code === 'libraries.ahead') throw ahead()
    if (error instanceof DomainError && error.code === 'libraries.log_trimmed')
      throw new InvalidState('feed.log_trimmed', '接收位置之后的变更已不再保存，请重新全量加载。')
    throw error
  }
}

/** The place that a receiver goes on from. Whoever has read what a restored system does not know any more has to stop. */
async function placeOf({ ctx, ports, subscription, grant, epoch }: Reading, after: string): Promise<Place> {
  const place = openPlace(subscription.secret, after)
  if (place.loading !== undefined) throw new InvalidState('feed.load_unfinished', '全量加载尚未完成，请先加载完毕再接收变更。')
  if (place.grant !== grantName(grant.grant))
    throw new InvalidState('feed.grant_changed', '授权的信息项或范围已变更，请核对目标表后重新全量加载。')
  if (place.epoch === epoch) return place
  if ((await ports.feeds.standing(ctx, grant.resource, place.epoch, place.seq)) === 'ahead') throw ahead()
  return { ...place, epoch }
}

const ahead = () =>
  new InvalidState('feed.ahead', '系统已由备份恢复，接收方的数据比系统新，接收已停止。请与市大数据中心核对后重新全量加载。')

async function beginReading(ctx: Ctx, ports: ExchangePorts, { request, id, gone }: Receiving): Promise<Reading> {
  const grant = await receivableGrant(ctx, ports, id)
  const subscription = await findSubscription(ctx, id)
  if (!subscription) throw new InvalidState('feed.not_opened', '本订阅尚未登记接收，请先登记。')
  const epoch = await ports.feeds.epoch(ctx)
  let watchedAt = performance.now()
  const reading: Reading = {
    ...{ ctx, ports, subscription, grant, epoch, gone },
    async watch() {
      if (performance.now() - watchedAt < WATCH_MS / 2) return
      watchedAt = performance.now()
      if (!(await ports.isStillAdmitted(request)))
        throw new NotSignedIn('feed.token_ended', '访问令牌已撤销或到期，接收已停止。请更换令牌后继续，已接收的不受影响。')
      const now = await ports.grants.grantInForce(ctx, id)
      if (!now) throw ended()
      if (grantName(now.grant) !== grantName(grant.grant))
        throw new InvalidState('feed.grant_changed', '授权的信息项或范围已变更，请核对目标表后重新全量加载。')
    },
  }
  return reading
}

const ended = () => new InvalidState('feed.grant_ended', '授权已撤销、中止或到期，接收已停止。需继续使用的，请重新申请。')

/** The grant, for whom it was given to; for everybody else it does not exist. One that has ended is told to whom it was given to once. */
async function receivableGrant(ctx: Ctx, ports: ExchangePorts, id: string): Promise<Grant> {
  const grant = await ports.grants.grantInForce(ctx, id)
  const subscription = await findSubscription(ctx, id)
  const ends = grant ? { org_id: grant.orgId, provider_org_id: grant.providerOrgId } : subscription
  if (!ends || !readSubscription.allows(ctx.actor, ends)) throw notFound('订阅')
  if (!receiveBySubscription.allows(ctx.actor, { orgId: ends.org_id }))
    throw new NotPermitted('feed.not_receiver', '变更只由被授权单位的数据专员岗位签发的令牌接收。')
  if (!grant) throw ended()
  if (grant.way !== 'subscription')
    throw new InvalidState('feed.other_way', '该授权的使用方式不是数据订阅，不能接收变更。需要订阅的，请另行申请。')
  return grant
}

/** What a receiver is refused with stands in the list of subscriptions until he is answered again. */
async function refusalsKept(ctx: Ctx, id: string, begin: () => Promise<Lines>): Promise<Lines> {
  const keep = async (error: unknown) => {
    // No place for one more is told to him alone; that the day's quota is used up concerns who looks after the exchange, too.
    if (error instanceof DomainError && error.status !== 404 && (error.status !== 429 || error.code === 'sharing.quota_used_up'))
      await keepRefusal(ctx, id, { code: error.code, message: error.message })
  }
  try {
    const lines = await begin()
    const first = await lines.next()
    return continued(first, lines, keep)
  } catch (error) {
    await keep(error)
    throw error
  }
}

/** The first line stands; what goes wrong after it can only be told in a line of its own. */
async function* continued(first: IteratorResult<string, void>, rest: Lines, keep: (error: unknown) => Promise<void>): Lines {
  try {
    if (first.done) return
    yield first.value
    yield* rest
  } catch (error) {
    await keep(error)
    if (!(error instanceof DomainError)) throw error
    yield `${JSON.stringify({ problem: { status: error.status, code: error.code, detail: error.message } })}\n`
  } finally {
    await rest.return()
  }
}

/** Says the structure before the first line under it, and whenever it is another one. */
function structureLines() {
  let name: string | undefined
  return (structure: SeenStructure): object[] => {
    if (structure.name === name) return []
    name = structure.name
    return [{ structure: shownStructure(structure) }]
  }
}

function joined(heads: readonly object[], lines: readonly string[], last: object): string {
  return `${[...heads.map((head) => JSON.stringify(head)), ...lines, JSON.stringify(last)].join('\n')}\n`
}
