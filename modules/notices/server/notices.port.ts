import {
  type Ctx,
  inTransaction,
  type JobsPort,
  type NoticesPort,
  type NoticeTo,
  type NoticeWishKind,
  type OrganisationsPort,
  wishOfNotice,
} from '@tongchou/kernel'
import { insertDeliveries, insertNotices } from './notice.store.ts'
import { type Channel, channels, type OutgoingPort } from './outgoing.port.ts'

/** What this module needs of the others; the server wires it. */
export interface NoticesPorts {
  organisations: Pick<OrganisationsPort, 'bearersOf' | 'holdersOf'>
  jobs: JobsPort
  /** The city's gateways; none by default. */
  outgoing: readonly OutgoingPort[]
  /** Channels by which people do not wish this kind of notice. Not asked for what may not be declined (督办、红牌). */
  unwanted?(ctx: Ctx, personIds: readonly string[], kind: NoticeWishKind): Promise<ReadonlyMap<string, readonly Channel[]>>
}

/** Notices as rows of the caller's transaction: they stand or fall with the act they tell of. What leaves the product leaves by jobs. */
export function noticesPort(ports: NoticesPorts): NoticesPort {
  return {
    async send(ctx, notice) {
      const people = await Promise.all(notice.to.map((to) => peopleOf(ctx, ports, to)))
      await inTransaction(ctx, async (tx) => {
        // Sorted, so that two acts that tell the same people at once wait for each other instead of locking each other out.
        await sendOut(tx, ports, notice.kind, await insertNotices(tx, notice, [...new Set(people.flat())].sort()))
      })
    },
  }
}

/** One job for each notice and channel; without a gateway the channel is marked 未配置 and nothing is queued. */
async function sendOut(tx: Ctx, ports: NoticesPorts, kind: string, fresh: readonly { id: string; person_id: string }[]): Promise<void> {
  const wish = wishOfNotice(kind)
  const people = fresh.map((one) => one.person_id)
  const unwanted = wish === null ? undefined : await ports.unwanted?.(tx, people, wish)
  const statusOf = (personId: string, channel: Channel) => {
    if (!ports.outgoing.some((gateway) => gateway.channel === channel)) return 'unconfigured' as const
    return unwanted?.get(personId)?.includes(channel) ? ('unwanted' as const) : ('queued' as const)
  }
  const deliveries = fresh.flatMap(({ id, person_id }) =>
    channels.map((channel) => ({ noticeId: id, channel, status: statusOf(person_id, channel) })),
  )
  await insertDeliveries(tx, deliveries)
  for (const { noticeId, channel, status } of deliveries)
    if (status === 'queued') await ports.jobs.enqueue(tx, 'notices.deliver', { noticeId, channel }, { onceKey: `${noticeId}:${channel}` })
}

/** Whoever holds the duty today: in one organisation, or in every organisation that bears it. */
async function peopleOf(ctx: Ctx, { organisations }: NoticesPorts, to: NoticeTo): Promise<string[]> {
  if ('personId' in to) return [to.personId]
  const orgIds = to.orgId === null ? (await organisations.bearersOf(ctx, to.duty)).map((office) => office.id) : [to.orgId]
  const holders = await Promise.all(orgIds.map((orgId) => organisations.holdersOf(ctx, to.duty, orgId)))
  return holders.flat().map((holder) => holder.personId)
}
