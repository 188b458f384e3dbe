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
import { readBody, type Unpacked } from './body.ts'
import { sendByChannel } from './channel.permissions.ts'
import type { BatchReceipt, ClaimedLane } from './channel.schema.ts'
import { findKey, shareChannel } from './channel.store.ts'
import type { ChannelRow } from './channel.tables.ts'
import { readableChannel } from './channel.view.ts'
import { advanceLane, keepFailure, lockLane, nextEpoch } from './lane.store.ts'
import type { ExchangePorts, ReceivingPort } from './ports.ts'

/** What a request to hand in a batch brings. */
export interface Incoming {
  request: FastifyRequest
  place: { id: string; lane: string; number: number }
}

/** A sender has started (登记发送): it is given the next epoch of its lane, and whoever sent before is refused from now on. */
export async function claimLane(ctx: Ctx, ports: ExchangePorts, id: string, lane: string): Promise<ClaimedLane> {
  return inTransaction(ctx, async (tx) => {
    const channel = await sendableChannel(tx, id)
    requireInUse(channel)
    const structure = await ports.structures.structure(tx, channel.resource)
    if (!structure) throw new InvalidState('exchange.no_structure', `通道“${channel.name}”的资源没有建库，请与市大数据中心联系。`)
    const { epoch, last_number: lastNumber } = await nextEpoch(tx, id, lane)
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
export async function takeBatch(ctx: Ctx, ports: ExchangePorts, admission: Admission, incoming: Incoming): Promise<BatchReceipt> {
  const { id, lane, number } = incoming.place
  const channel = await sendableChannel(ctx, id)
  const receiving = ports.receiving
  if (!receiving) throw new InvalidState('exchange.not_receiving', '本服务不接收批次，请核对前置程序中的中心地址。')
  const parcel = readHeaders(incoming.request.headers, { channel: id, lane, number })
  if (typeof parcel === 'string') throw new Malformed('exchange.header', `请求头 ${parcel} 缺失或格式不符，请升级前置程序。`)
  try {
    requireInUse(channel)
    // Before a byte of the body is read: what nobody answers for costs nothing.
    await requireSigned(ctx, channel, parcel)
    const leave = admission.enter(id)
    try {
      return await readAndWrite(ctx, ports, receiving, { ...incoming, parcel })
    } finally {
      leave()
    }
  } catch (error) {
    if (error instanceof DomainError && error.status !== 429)
      await keepFailure(ctx, id, lane, { number, code: error.code, message: error.message })
    throw error
  }
}

async function readAndWrite(
  ctx: Ctx,
  ports: ExchangePorts,
  receiving: ReceivingPort,
  { request, parcel }: Incoming & { parcel: SignedParcel },
): Promise<BatchReceipt> {
  const watch = async () => {
    if (!(await ports.isStillAdmitted(request)))
      throw new NotSignedIn('exchange.token_ended', '访问令牌已撤销或到期，本批次未写入。请更换令牌后重发。')
  }
  const { body } = request
  if (!(body instanceof Readable)) throw new Malformed('exchange.no_body', '请求没有批次内容，内容类型应为 application/x-ndjson。')
  const unpacked = await readBody(body, request.headers['content-encoding'], watch)
  if (unpacked.digest !== parcel.digest)
    throw new InvalidValue('exchange.digest_differs', '批次内容与签名的摘要不一致，内容在途中被改动或损坏，请重发本批次。')
  await watch()
  return inTransaction(ctx, (tx) => write(tx, ports, receiving, parcel, unpacked))
}

/**
 * Holds the lane while the library writes and commits. Should this process die in between, the lane has not moved and the batch is there: the
 * sender sends it again and is answered with its receipt.
 */
async function write(
  tx: Ctx,
  ports: ExchangePorts,
  receiving: ReceivingPort,
  parcel: SignedParcel,
  { bytes }: Unpacked,
): Promise<BatchReceipt> {
  // Shared with other lanes; suspending the channel or withdrawing the key waits for what is under way, and is heeded by what comes.
  const channel = await shareChannel(tx, parcel.channel)
  if (!channel) throw new InvalidState('exchange.channel_gone', '通道已不存在，本批次未写入。')
  requireInUse(channel)
  await requireSigned(tx, channel, parcel)
  const lane = await lockLane(tx, channel.id, parcel.lane)
  requireEpoch(channel, parcel, lane?.epoch ?? 0)
  const last = lane?.last_number ?? 0
  // Two channels may give their batches the same names.
  const batchId = `${channel.id}/${parcel.batchId}`
  if (parcel.number <= last) return repeated(tx, ports, channel, parcel, batchId)
  if (parcel.number > last + 1)
    throw new InvalidState(
      'exchange.gap',
      `通道“${channel.name}”的发送线应送第 ${last + 1} 批，收到的是第 ${parcel.number} 批，请从第 ${last + 1} 批起重发。`,
    )
  const batch = { resource: channel.resource, batchId, receivedBy: channel.id, receivedAt: tx.now() }
  const receipt = await receiving.receive(`${channel.id}/${parcel.lane}`, bytes, batch)
  await advanceLane(tx, channel.id, parcel.lane, parcel.number, receipt)
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

/** The word is that of a key in force on the channel, over a batch or another thing by its format. */
export async function requireSigned(ctx: Ctx, channel: ChannelRow, parcel: SignedParcel, format?: string): Promise<void> {
  const key = await findKey(ctx, channel.id, parcel.key)
  if (!key)
    throw new NotPermitted(
      'exchange.foreign_key',
      `签名公钥（指纹 ${parcel.key.slice(0, 16)}…）不是通道“${channel.name}”登记的有效公钥，批次未接收。请核对前置程序的密钥，或请市大数据中心登记。`,
    )
  if (!verifyParcel(parcel, key.public_key, format))
    throw new NotPermitted('exchange.bad_signature', `批次的签名与登记的公钥（指纹 ${parcel.key.slice(0, 16)}…）不符，批次未接收。`)
}

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
