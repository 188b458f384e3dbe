import type { Ctx, Jobs } from '@tongchou/kernel'
import { findNotice, setDelivery } from './notice.store.ts'
import type { Channel, OutgoingPort } from './outgoing.port.ts'

/** Hands notices to the city's gateways. What fails is tried again by the runner, and leaves the notice in the product as it is. */
export function noticeJobs(ports: { outgoing: readonly OutgoingPort[] }): Jobs {
  return {
    kinds: [{ kind: 'notices.deliver', queue: 'long', work: (ctx, payload) => deliver(ctx, ports.outgoing, payload as Delivery) }],
  }
}

interface Delivery {
  noticeId: string
  channel: Channel
}

/** Outside of any transaction: a gateway that takes its time must hold no lock. */
async function deliver(ctx: Ctx, outgoing: readonly OutgoingPort[], { noticeId, channel }: Delivery): Promise<void> {
  const gateway = outgoing.find((one) => one.channel === channel)
  const notice = await findNotice(ctx, noticeId)
  if (!notice) return
  if (!gateway) return setDelivery(ctx, noticeId, channel, 'unconfigured', null)
  try {
    await gateway.send({ personId: notice.person_id, title: notice.title, body: notice.body }, `${noticeId}:${channel}`)
  } catch (error) {
    await setDelivery(ctx, noticeId, channel, 'failed', error instanceof Error ? error.message.slice(0, 500) : '未知错误')
    throw error
  }
  await setDelivery(ctx, noticeId, channel, 'sent', null)
}
