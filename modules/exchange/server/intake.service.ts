import { Readable } from 'node:stream'
import {
  type Ctx,
  DomainError,
  InvalidState,
  InvalidValue,
  inTransaction,
  Malformed,
  NotPermitted,
  NotSignedIn,
  recordAudit,
} from '@tongchou/kernel'
import { readHeaders, type SignedParcel, verifyParcel } from '@tongchou/wire'
import type { FastifyRequest } from 'fastify'
import type { Admission } from './admission.ts'
import { readBody } from './body.ts'
import { sendByChannel } from './channel.permissions.ts'
import type { BatchReceipt, ClaimedLane, LaneClaim } from './channel.schema.ts'
import { findKey, shareChannel } from './channel.store.ts'
import type { ChannelKeyRow, ChannelRow } from './channel.tables.ts'
import { readableChannel } from './channel.view.ts'
import { advanceLane, keepFailure, lockLane, nextEpoch } from './lane.store.ts'
import type { LaneOrder, Place } from './lane-order.ts'
import type { ExchangePorts, ReceivingPort } from './ports.ts'

/** What a request to hand in a batch brings. */
export interface Incoming {
  request: FastifyRequest
  place: { id: string; lane: string; number: number }
}

/** What all requests of this process share. */
export interface Doors {
  admission: Admission
  order: LaneOrder
}

/** A sender has started (登记发送): it is given the next epoch of its lane, and whoever sent before is refused from now on. */
export async function claimLane(
  ctx: Ctx,
  ports: ExchangePorts,
  { id, lane }: { id: string; lane: string },
  { reconcileHours = null }: LaneClaim,
): Promise<ClaimedLane> {
  return inTransaction(ctx, async (tx) => {
    const channel = await sendableChannel(tx, id)
    requireInUse(channel)
    const structure = await ports.structures.structure(tx, channel.resource)
    if (!structure) throw new InvalidState('exchange.no_structure', `通道“${channel.name}”的资源没有建库，请与市大数据中心联系。`)
    const { epoch, last_number: lastNumber } = await nextEpoch(tx, id, lane, reconcileHours)
    await recordAudit(tx, 'channel.lane_claimed', { kind: 'channel', id }, { lane, epoch })
    const { resource, title, version, kind, key, items } = structure
    return {
      channel: { id, name: channel.name },
      epoch,
      nextNumber: lastNumber + 1,
      structure: {
        ...{ resource, title, version, kind },
        key: [...key],
        items: items.map((item) => ({ id: item.id, title: item.title, kind: item.type.kind, required: item.required })),
      },
    }
  })
}

/**
 * Takes a batch (接收批次): whose it is, by token and signature; whether it is the next of its lane, under the lane's lock; then it is
 * written, and the receipt is answered once all of it is committed. Lost answers do no harm: the same batch again has the same receipt.
 */
export async function takeBatch(ctx: Ctx, ports: ExchangePorts, { admission, order }: Doors, incoming: Incoming): Promise<BatchReceipt> {
  const { id, lane, number } = incoming.place
  const key = soughtKey(ctx, id, incoming.request.headers['tongchou-key'])
  const channel = await sendableChannel(ctx, id)
  const receiving = ports.receiving
  if (!receiving) throw new InvalidState('exchange.not_receiving', '本服务不接收批次，请核对前置程序中的中心地址。')
  const parcel = readHeaders(incoming.request.headers, { channel: id, lane, number })
  if (typeof parcel === 'string') throw new Malformed('exchange.header', `请求头 ${parcel} 缺失或格式不符，请升级前置程序。`)
  try {
    requireInUse(channel)
    // Before a byte of the body is read: what nobody answers for costs nothing.
    const publicKey = signedBy(channel, parcel, await key)
    const leave = admission.enter(id)
    const place = order.enter(`${id}/${lane}`, number)
    try {
      return await readAndWrite(ctx, ports, receiving, { ...incoming, channel, publicKey, parcel, place })
    } finally {
      place.leave()
      leave()
    }
  } catch (error) {
    // Behind a batch that was refused nothing is taken either, and it is that one's reason that people need to know.
    if (error instanceof DomainError && error.status !== 429 && !(error instanceof BehindRefused))
      await keepFailure(ctx, id, lane, { number, code: error.code, message: error.message })
    throw error
  }
}

/** Asked for while the channel is: what is no fingerprint is refused before anybody needs it. */
async function soughtKey(ctx: Ctx, channelId: string, fingerprint: unknown): Promise<ChannelKeyRow | undefined> {
  const found = typeof fingerprint === 'string' ? findKey(ctx, channelId, fingerprint) : Promise.resolve(undefined)
  // Who is refused by the channel never asks for it.
  found.catch(() => undefined)
  return found
}

/** A batch whose forerunner was refused while this one was in hand. */
class BehindRefused extends InvalidState {}

/** A batch whose sender is known. */
interface Known {
  channel: ChannelRow
  /** By which its signature was found to be right. */
  publicKey: string
  parcel: SignedParcel
  place: Place
}

async function readAndWrite(
  ctx: Ctx,
  ports: ExchangePorts,
  receiving: ReceivingPort,
  { request, ...known }: Known & Pick<Incoming, 'request'>,
): Promise<BatchReceipt> {
  const { channel, parcel, place } = known
  const watch = async () => {
    if (!(await ports.isStillAdmitted(request)))
      throw new NotSignedIn('exchange.token_ended', '访问令牌已撤销或到期，本批次未写入。请更换令牌后重发。')
  }
  const { body } = request
  if (!(body instanceof Readable)) throw new Malformed('exchange.no_body', '请求没有批次内容，内容类型应为 application/x-ndjson。')
  const { bytes, digest } = await readBody(body, request.headers['content-encoding'], watch)
  if (digest !== parcel.digest)
    throw new InvalidValue('exchange.digest_differs', '批次内容与签名的摘要不一致，内容在途中被改动或损坏，请重发本批次。')
  // Once all of it is here; asked beside what comes next, and heeded before anything is written.
  const admitted = watch()
  admitted.catch(() => undefined)
  const turn = Promise.withResolvers<void>()
  // Two channels may give their batches the same names.
  const batch = {
    resource: channel.resource,
    batchId: `${channel.id}/${parcel.batchId}`,
    digest,
    receivedBy: channel.id,
    receivedAt: ctx.now(),
  }
  // Its lines are checked while the batch before it is being written.
  const written = receiving.receive(bytes, batch, turn.promise)
  written.catch(() => undefined)
  const writeNow = () => {
    turn.resolve()
    return written
  }
  const attempt = (isLast: boolean) => inTransaction(ctx, (tx) => write(tx, ports, { ...known, admitted }, batch.batchId, writeNow, isLast))
  try {
    const receipt = await attempt(false)
    if (receipt) return receipt
    const hadForerunner = await place.forerunner()
    const later = await attempt(true).catch((error: unknown) => {
      if (hadForerunner && error instanceof InvalidState && error.code === 'exchange.gap')
        throw new BehindRefused(error.code, error.message)
      throw error
    })
    if (!later) throw new Error('a last attempt ended without an answer')
    return later
  } finally {
    // Nothing, where it had its turn.
    turn.reject(new InvalidState('exchange.not_its_turn', '本批次未写入，请重发本批次。'))
  }
}

/**
 * Holds the lane while the library writes and commits. Should this process die in between, the lane has not moved and the batch is there: the
 * sender sends it again and is answered with its receipt. A batch that came ahead of the one before it is given back, unless this is the last attempt.
 */
async function write(
  tx: Ctx,
  ports: ExchangePorts,
  { parcel, publicKey, channel: { id }, admitted }: Known & { admitted: Promise<void> },
  batchId: string,
  writeNow: () => Promise<BatchReceipt>,
  isLast: boolean,
): Promise<BatchReceipt | undefined> {
  // Shared with other lanes; suspending the channel or withdrawing the key waits for what is under way, and is heeded by what comes.
  const channel = await shareChannel(tx, id)
  if (!channel) throw new InvalidState('exchange.channel_gone', '通道已不存在，本批次未写入。')
  requireInUse(channel)
  const { lane, registered } = await lockLane(tx, id, parcel.lane, parcel.key)
  await admitted
  if (registered !== publicKey) throw foreignKey(channel, parcel)
  requireEpoch(channel, parcel, lane?.epoch ?? 0)
  const last = lane?.last_number ?? 0
  if (parcel.number <= last) return repeated(tx, ports, channel, parcel, batchId)
  // A sender sends the next batch before it has the answer to the last; on two connections they may overtake each other.
  if (parcel.number === last + 2 && !isLast) return undefined
  if (parcel.number > last + 1)
    throw new InvalidState(
      'exchange.gap',
      `通道“${channel.name}”的发送线应送第 ${last + 1} 批，收到的是第 ${parcel.number} 批，请从第 ${last + 1} 批起重发。`,
    )
  const receipt = await writeNow()
  await advanceLane(tx, id, parcel.lane, parcel.number, receipt)
  return receipt
}

async function repeated(tx: Ctx, ports: ExchangePorts, channel: ChannelRow, parcel: SignedParcel, batchId: string): Promise<BatchReceipt> {
  const receipt = await ports.structures.receiptOf(tx, channel.resource, batchId)
  if (receipt?.digest === parcel.digest) return receipt
  throw new InvalidState(
    'exchange.number_taken',
    `通道“${channel.name}”的第 ${parcel.number} 批已按其他内容接收。前置程序的暂存库可能由备份恢复，请重新启动前置程序。`,
  )
}

/** The channel, for who may send by it. */
export async function sendableChannel(ctx: Ctx, id: string): Promise<ChannelRow> {
  const channel = await readableChannel(ctx, id)
  if (!sendByChannel.allows(ctx.actor, channel))
    throw new NotPermitted('channel.not_sender', `通道“${channel.name}”只由所属单位的数据专员岗位签发的令牌发送。`)
  return channel
}

/** A channel that is suspended takes nothing. */
export function requireInUse({ name, state, state_reason }: ChannelRow): void {
  if (state === 'suspended') throw new InvalidState('exchange.suspended', `通道“${name}”已停用：${state_reason}。请与市大数据中心联系。`)
}

/** The word is that of a key in force on the channel, over a batch or another thing by its format; answers with the key. */
export async function requireSigned(ctx: Ctx, channel: ChannelRow, parcel: SignedParcel, format?: string): Promise<string> {
  return signedBy(channel, parcel, await findKey(ctx, channel.id, parcel.key), format)
}

function signedBy(channel: ChannelRow, parcel: SignedParcel, key: ChannelKeyRow | undefined, format?: string): string {
  if (!key) throw foreignKey(channel, parcel)
  if (!verifyParcel(parcel, key.public_key, format))
    throw new NotPermitted('exchange.bad_signature', `批次的签名与登记的公钥（指纹 ${parcel.key.slice(0, 16)}…）不符，批次未接收。`)
  return key.public_key
}

const foreignKey = (channel: ChannelRow, parcel: SignedParcel) =>
  new NotPermitted(
    'exchange.foreign_key',
    `签名公钥（指纹 ${parcel.key.slice(0, 16)}…）不是通道“${channel.name}”登记的有效公钥，批次未接收。请核对前置程序的密钥，或请市大数据中心登记。`,
  )

/** Who was replaced is refused from then on. */
export function requireEpoch({ name }: ChannelRow, { epoch }: SignedParcel, current: number): void {
  if (epoch < current)
    throw new InvalidState(
      'exchange.superseded',
      `通道“${name}”已由后启动的前置程序接管（第 ${current} 任期），第 ${epoch} 任期的程序应停止发送。`,
    )
  if (epoch > current)
    throw new InvalidState('exchange.epoch_unknown', `通道“${name}”没有第 ${epoch} 任期。系统可能由备份恢复，请重新启动前置程序后核对。`)
}
