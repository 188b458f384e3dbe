import { type Ctx, inTransaction, notFound, recordAudit } from '@tongchou/kernel'
import type { ChannelRow, ReconciliationRow } from './channel.tables.ts'
import type { ExchangePorts } from './ports.ts'
import type { DifferenceKeys, DifferenceLine, DifferenceLook, DifferenceQuery, ReconciliationLine } from './reconciliation.schema.ts'
import { differencesByNumber, findReconciliation, listDifferences } from './reconciliation.store.ts'

/** A run as the API tells it. */
export function toReconciliation(row: ReconciliationRow): ReconciliationLine {
  return {
    ...{ id: row.id, number: row.number, lane: row.lane, by: row.by },
    ...{ begunAt: row.begun_at.toISOString(), endedAt: row.ended_at?.toISOString() ?? null },
    ...{ seq: row.seq, compared: row.compared, onlySource: row.only_source, onlyCenter: row.only_center },
    ...{ different: row.different, quarantined: row.quarantined, moving: row.moving, bytes: row.bytes },
    ...{ repair: row.repair, repairedAt: row.repaired_at?.toISOString() ?? null },
  }
}

/** A page of what differed in a run, each record by its key as the reader may see it: the libraries say so, as they do of the quarantine. */
export async function viewDifferences(
  ctx: Ctx,
  ports: ExchangePorts,
  channel: ChannelRow,
  id: string,
  query: DifferenceQuery,
  limit: number,
) {
  if (!(await findReconciliation(ctx, channel.id, id))) throw notFound('对账')
  const rows = await listDifferences(ctx, id, query, limit)
  const keyOf = await ports.copies.keysForList(ctx, channel.resource)
  return {
    rows,
    toLine: ({ number, kind, record_key: key }: (typeof rows)[number]): DifferenceLine => {
      const shown = key === null ? null : keyOf(key)
      return { number, kind, key: shown, withheld: key !== null && shown === null }
    },
  }
}

/**
 * Keys of some differences for whoever says what for (查看主键), as the libraries show them: who may read the channel and not the data is refused. Each look
 * is written down, and each person of it.
 */
export async function lookAtDifferences(
  ctx: Ctx,
  ports: ExchangePorts,
  channel: ChannelRow,
  id: string,
  { numbers, purpose }: DifferenceLook,
): Promise<DifferenceKeys> {
  return inTransaction(ctx, async (tx) => {
    if (!(await findReconciliation(tx, channel.id, id))) throw notFound('对账')
    const rows = (await differencesByNumber(tx, id, numbers)).filter((row) => row.record_key !== null)
    const keys = await ports.copies.lookAtKeys(
      tx,
      channel.resource,
      rows.map((row) => row.record_key ?? ''),
      purpose,
    )
    await recordAudit(
      tx,
      'channel.differences_looked',
      { kind: 'channel', id: channel.id },
      { reconciliation: id, keys: rows.length, purpose: purpose?.kind ?? null },
    )
    return { items: rows.map(({ number, kind }, i) => ({ number, kind, key: keys[i] ?? null, withheld: false })) }
  })
}
