import { type Ctx, notFound } from '@tongchou/kernel'
import { keepChannel, readChannel, sendByChannel } from './channel.permissions.ts'
import type { AlarmKind, Channel, ChannelLine, ChannelMonitor, ChannelQuery } from './channel.schema.ts'
import { type ChannelListRow, findChannel, keysOf, listChannels } from './channel.store.ts'
import type { ChannelKeyRow, ChannelRow, LaneRow } from './channel.tables.ts'
import { type Condition, conditionsOf, toCondition } from './condition.ts'
import { lanesOf, refusalsOf } from './lane.store.ts'
import type { ExchangePorts } from './ports.ts'
import { wantingGrants } from './subscription.view.ts'

/** The channel, for whoever may see it; for everybody else it does not exist. */
export async function readableChannel(ctx: Ctx, id: string): Promise<ChannelRow> {
  const row = await findChannel(ctx, id)
  if (!row || !readChannel.allows(ctx.actor, row)) throw notFound('通道')
  return row
}

const SHOWN_REFUSALS = 20

/** The page of a channel. */
export async function viewChannel(ctx: Ctx, ports: ExchangePorts, row: ChannelRow): Promise<Channel> {
  const org = await ports.organisations.organisation(ctx, row.org_id)
  const structure = await ports.structures.structure(ctx, row.resource)
  const condition = (await conditionsOf(ctx, ports, [row])).get(row.id)
  if (!condition) throw new Error('a channel without a condition')
  return {
    ...toCondition(condition),
    refusals: (await refusalsOf(ctx, row.id, SHOWN_REFUSALS)).map(({ lane, number, code, message, times, first_at, last_at }) => ({
      ...{ lane, number, code, message, times },
      ...{ firstAt: first_at.toISOString(), lastAt: last_at.toISOString() },
    })),
    mayDo: [
      ...(keepChannel.allows(ctx.actor, row) ? (['keep'] as const) : []),
      ...(sendByChannel.allows(ctx.actor, row) ? (['send'] as const) : []),
    ],
    id: row.id,
    number: row.number,
    name: row.name,
    org: { id: row.org_id, name: org?.name ?? row.org_id },
    resource: { id: row.resource, title: structure?.title ?? row.resource, structure: structure?.version ?? null },
    state: row.state,
    stateReason: row.state_reason,
    keys: (await keysOf(ctx, row.id)).map(toKey),
    lanes: (await lanesOf(ctx, row.id)).map(toLane),
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedBy: row.updated_by,
    updatedAt: row.updated_at.toISOString(),
  }
}

function toKey({ fingerprint, public_key, registered_at, registered_by, withdrawn_at }: ChannelKeyRow): Channel['keys'][number] {
  return {
    fingerprint,
    publicKey: public_key,
    registeredAt: registered_at.toISOString(),
    registeredBy: registered_by,
    withdrawnAt: withdrawn_at?.toISOString() ?? null,
  }
}

function toLane({ lane, epoch, claimed_at, last_number, last_at, last_receipt, failed_at, failure }: LaneRow): Channel['lanes'][number] {
  return {
    lane,
    epoch,
    claimedAt: claimed_at.toISOString(),
    lastNumber: last_number,
    lastAt: last_at?.toISOString() ?? null,
    lastReceipt: last_receipt,
    failure: failure && failed_at ? { at: failed_at.toISOString(), ...failure } : null,
  }
}

/** A page of the list: the rows, one more than are shown, and how each is told. */
export async function viewList(ctx: Ctx, ports: ExchangePorts, query: ChannelQuery, limit: number) {
  const rows = await listChannels(ctx, query, limit)
  return { rows, toLine: await toLines(ctx, ports, rows, await conditionsOf(ctx, ports, rows)) }
}

async function toLines(ctx: Ctx, ports: ExchangePorts, rows: readonly ChannelListRow[], conditions: ReadonlyMap<string, Condition>) {
  const organisations = await ports.organisations.organisations(ctx, [...new Set(rows.map((row) => row.org_id))])
  const titles = new Map<string, string>()
  for (const resource of new Set(rows.map((row) => row.resource)))
    titles.set(resource, (await ports.structures.structure(ctx, resource))?.title ?? resource)
  return (row: ChannelListRow): ChannelLine => {
    const condition = conditions.get(row.id)
    if (!condition) throw new Error('a channel without a condition')
    return {
      ...toCondition(condition),
      id: row.id,
      number: row.number,
      name: row.name,
      org: { id: row.org_id, name: organisations.get(row.org_id)?.name ?? row.org_id },
      resource: { id: row.resource, title: titles.get(row.resource) ?? row.resource },
      state: row.state,
      lastAt: row.last_at?.toISOString() ?? null,
      failedAt: row.failed_at?.toISOString() ?? null,
      updatedAt: row.updated_at.toISOString(),
    }
  }
}

/** More than any city has; a list beside the monitor shows the rest. */
const WATCHED = 2000

/** Figures of all channels that the reader sees, and those with which something is wrong, the longest first (通道监控). */
export async function viewMonitor(ctx: Ctx, ports: ExchangePorts): Promise<ChannelMonitor> {
  const rows = await listChannels(ctx, {}, WATCHED)
  const conditions = await conditionsOf(ctx, ports, rows)
  const all = [...conditions.values()]
  const alarmed = (kind: AlarmKind) => all.filter(({ alarms }) => alarms.some((alarm) => alarm.kind === kind)).length
  const sum = (of: (condition: Condition) => number) => all.reduce((total, condition) => total + of(condition), 0)
  const begun = (row: ChannelListRow) => Math.min(...(conditions.get(row.id)?.alarms ?? []).map(({ since }) => since.getTime()))
  const wrong = rows.filter((row) => (conditions.get(row.id)?.alarms ?? []).length > 0).sort((a, b) => begun(a) - begun(b))
  return {
    at: ctx.now().toISOString(),
    channels: rows.length,
    suspended: rows.filter(({ state }) => state === 'suspended').length,
    late: alarmed('late'),
    failing: alarmed('failing'),
    quarantine: alarmed('quarantine'),
    unreconciled: alarmed('unreconciled'),
    reconcileLate: alarmed('reconcile-late'),
    batchesToday: sum(({ intake }) => intake.batches),
    rowsToday: sum(({ intake }) => intake.rows),
    badToday: sum(({ intake }) => intake.bad),
    openLines: sum(({ intake }) => intake.openLines),
    refusedReceivers: (await wantingGrants(ctx, ports, 'refused')).length,
    silentReceivers: (await wantingGrants(ctx, ports, 'silent')).length,
    expiringGrants: await ports.grants.expiring(ctx),
    lines: wrong.map(await toLines(ctx, ports, wrong, conditions)),
  }
}
