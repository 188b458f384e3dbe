import { hash } from 'node:crypto'
import { type Ctx, InvalidState, InvalidValue, inTransaction, notFound, recordAudit } from '@tongchou/kernel'
import { askFormat, readHeaders, type SignedParcel } from '@tongchou/wire'
import type { FastifyRequest } from 'fastify'
import type { Admission } from './admission.ts'
import { shareChannel } from './channel.store.ts'
import type { ChannelRow, ReconciliationRow } from './channel.tables.ts'
import { requireEpoch, requireInUse, requireSigned, sendableChannel } from './intake.service.ts'
import { lockLane } from './lane.store.ts'
import type { ExchangePorts } from './ports.ts'
import type {
  BegunReconciliation,
  CopyAnswer,
  CopyQuestion,
  NewReconciliation,
  ReconciliationLine,
  ReconciliationResult,
} from './reconciliation.schema.ts'
import {
  countAsk,
  endReconciliation,
  findReconciliation,
  found,
  insertReconciliation,
  markRepaired,
  otherSenders,
} from './reconciliation.store.ts'
import { toReconciliation } from './reconciliation.view.ts'

/** A run of 对账 in the audit log. */
export const reconciliationKind = 'reconciliation'

/** An ask of a sender: where it came to, and what it says. */
export interface Ask<B> {
  request: FastifyRequest
  id: string
  lane: string
  /** Of the run. */
  reconciliation: string
  body: B
}

/**
 * A sender begins to hold its source against the center's copy (登记对账). Only where the resource comes in by this one lane: of what several bring, nobody could
 * tell whose record is gone.
 */
export async function beginReconciliation(ctx: Ctx, ports: ExchangePorts, ask: Ask<NewReconciliation>): Promise<BegunReconciliation> {
  return asked(ctx, ask, async (tx, channel, { epoch }) => {
    const { id, follows, by } = ask.body
    const others = await otherSenders(tx, channel, ask.lane)
    if (others.length > 0)
      throw new InvalidState(
        'exchange.reconcile_several',
        `“${channel.name}”的资源另由${others.join('、')}报送，分不清中心独有的记录属于哪个来源，不能对账。请每个资源只用一个通道、一条发送线。`,
      )
    const structure = await ports.structures.structure(tx, channel.resource)
    if (!structure) throw new InvalidState('exchange.no_structure', `通道“${channel.name}”的资源没有建库，请与市大数据中心联系。`)
    const begun = await insertReconciliation(tx, { id, channel_id: channel.id, lane: ask.lane, epoch, follows, by })
    if (begun)
      await recordAudit(tx, 'channel.reconcile_begun', { kind: reconciliationKind, id }, { channel: channel.id, lane: ask.lane, epoch })
    else await runOf(tx, channel, ask)
    return { id, seq: await ports.feeds.head(tx, channel.resource), structure }
  })
}

/** Digests of the copy, or keys and hashes of some of its records (索取摘要): never a value. Each ask is signed, has its number, and stands in the audit log. */
export async function answerReconciliation(
  ctx: Ctx,
  ports: ExchangePorts,
  admission: Admission,
  ask: Ask<CopyQuestion>,
): Promise<CopyAnswer> {
  const leave = admission.enter(ask.id)
  try {
    return await asked(ctx, ask, async (tx, channel, parcel) => {
      await openRun(tx, channel, ask, parcel)
      const { wants, nonce, ...copy } = ask.body
      const { by, bits, within } = copy
      if (wants === 'rows' && within === null) throw new InvalidValue('exchange.reconcile_all_rows', '对账明细须指明分桶。')
      const detail = { channel: channel.id, wants, by, bits, buckets: within?.length ?? null }
      await recordAudit(tx, 'channel.reconcile_asked', { kind: reconciliationKind, id: ask.reconciliation }, detail)
      if (wants === 'digests') return { rows: [], ...(await ports.copies.digests(tx, channel.resource, nonce, copy)) }
      return { digests: [], ...(await ports.copies.rows(tx, channel.resource, copy)) }
    })
  } finally {
    leave()
  }
}

/** What was found, and what the sender does about it (报告对账结果). The same once more has the same answer. */
export async function concludeReconciliation(ctx: Ctx, ask: Ask<ReconciliationResult>): Promise<ReconciliationLine> {
  return asked(ctx, ask, async (tx, channel, parcel) => {
    const before = await runOf(tx, channel, ask)
    if (before.ended_at !== null && before.asks === parcel.number) return toReconciliation(before)
    await openRun(tx, channel, ask, parcel)
    const row = await endReconciliation(tx, ask.reconciliation, ask.body)
    if (found(row) === 0) await markRepaired(tx, channel.id)
    const { onlySource, onlyCenter, different, quarantined, moving, seq, compared, repair } = ask.body
    const detail = { reconciliation: row.id, seq, compared, onlySource, onlyCenter, different, quarantined, moving, repair }
    await recordAudit(tx, 'channel.reconciled', { kind: 'channel', id: channel.id }, detail)
    return toReconciliation(row)
  })
}

/** Whose ask it is, as with a batch: token, channel in use, key, signature over what is asked, and the epoch, under the lane's lock. */
async function asked<B, A>(
  ctx: Ctx,
  { request, id, lane, reconciliation, body }: Ask<B>,
  answer: (tx: Ctx, channel: ChannelRow, parcel: SignedParcel) => Promise<A>,
): Promise<A> {
  await sendableChannel(ctx, id)
  const number = Number(request.headers['tongchou-number'])
  const parcel = readHeaders(request.headers, { channel: id, lane, number })
  if (typeof parcel === 'string') throw unsigned(parcel)
  if (!Number.isSafeInteger(number) || number < 1) throw unsigned('tongchou-number')
  return inTransaction(ctx, async (tx) => {
    const channel = await shareChannel(tx, id)
    if (!channel) throw notFound('通道')
    requireInUse(channel)
    await requireSigned(tx, channel, parcel, askFormat)
    if (parcel.batchId !== reconciliation || parcel.digest !== hash('sm3', JSON.stringify(body), 'hex'))
      throw new InvalidValue('exchange.digest_differs', '所问内容与签名的摘要不一致，内容在途中被改动或损坏，请重新对账。')
    const { lane: current } = await lockLane(tx, id, lane, parcel.key)
    requireEpoch(channel, parcel, current?.epoch ?? 0)
    return answer(tx, channel, parcel)
  })
}

const unsigned = (name: string) => new InvalidValue('exchange.unsigned', `所问没有签名：请求头 ${name} 缺失或格式不符，请升级前置程序。`)

async function runOf(tx: Ctx, channel: ChannelRow, { lane, reconciliation }: Ask<unknown>): Promise<ReconciliationRow> {
  const row = await findReconciliation(tx, channel.id, reconciliation)
  if (!row || row.lane !== lane) throw notFound('对账')
  return row
}

async function openRun(tx: Ctx, channel: ChannelRow, ask: Ask<unknown>, { number, epoch }: SignedParcel): Promise<void> {
  const row = await runOf(tx, channel, ask)
  if (row.ended_at !== null || row.epoch !== epoch) throw new InvalidState('exchange.reconcile_ended', '这次对账已经结束，请重新对账。')
  if (!(await countAsk(tx, row.id, number)))
    throw new InvalidState('exchange.reconcile_gap', `这次对账应为第 ${row.asks + 1} 问，收到的是第 ${number} 问，请重新对账。`)
}
