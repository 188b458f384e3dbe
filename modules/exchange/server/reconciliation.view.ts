import { type Ctx, notFound } from '@tongchou/kernel'
import type { ChannelRow, ReconciliationRow } from './channel.tables.ts'
import type { ExchangePorts } from './ports.ts'
import type { DifferenceLine, DifferenceQuery, ReconciliationLine } from './reconciliation.schema.ts'
import { findReconciliation, listDifferences } from './reconciliation.store.ts'

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
    toLine: ({ number, kind, record_key: key }: (typeof rows)[number]): DifferenceLine => ({
      ...{ number, kind, key: key === null ? null : keyOf(key) },
    }),
  }
}
