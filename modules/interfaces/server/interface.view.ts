import { type Ctx, isId, notFound } from '@tongchou/kernel'
import type { Entry } from '@tongchou/metadata'
import { decideInterface, readInterface, registerInterface, stopInterface } from './interface.permissions.ts'
import type { Interface, InterfaceLine, InterfaceStanding, interfaceActs } from './interface.schema.ts'
import { findCounted, findInterface, type InterfaceListRow, lastCalls } from './interface.store.ts'
import type { CallRow, InterfaceRow } from './interface.tables.ts'
import type { InterfacesPorts } from './ports.ts'

/** Whether records of an entry are read from the department's interface (接口共享): the city does not collect them. */
export function isPassedThrough({ sharing, sharingChannel, sharingForm }: Entry): boolean {
  return sharing !== 'none' && sharingChannel === 'platform' && sharingForm === 'interface'
}

/** The interface, for whoever may see it; for everybody else it does not exist. */
export async function readableInterface(ctx: Ctx, id: string | undefined): Promise<InterfaceRow> {
  const row = isId(id) ? await findInterface(ctx, id) : undefined
  if (!row || !readInterface.allows(ctx.actor, row)) throw notFound('接口')
  return row
}

/** How it stands now. */
export function standingOf({ state, paused_until }: Pick<InterfaceRow, 'state' | 'paused_until'>, now: Date): InterfaceStanding {
  if (state !== 'approved') return state
  return paused_until !== null && paused_until > now ? 'paused' : 'in-use'
}

export function toInterfaceLine(ctx: Ctx, row: InterfaceListRow, names: ReadonlyMap<string, { name: string }>): InterfaceLine {
  return {
    ...{ id: row.resource, number: row.number, title: row.title, org: { id: row.org_id, name: names.get(row.org_id)?.name ?? row.org_id } },
    ...{ standing: standingOf(row, ctx.now()), method: row.config.method, address: row.config.address },
    ...{ callsToday: row.calls_today, faultsToday: row.faults_today, lastFault: row.last_fault },
    ...{ lastAt: row.last_at?.toISOString() ?? null, updatedAt: row.updated_at.toISOString() },
  }
}

const shownCalls = 20

/** The page of an interface. */
export async function viewInterface(ctx: Ctx, ports: InterfacesPorts, id: string): Promise<Interface> {
  const row = await findCounted(ctx, id)
  if (!row) throw new Error(`interface ${id} is gone`)
  const names = await ports.organisations.organisations(ctx, [row.org_id])
  const items = (await ports.catalog.registered(ctx, id))?.content.items ?? []
  const titleOf = (item: string) => items.find((one) => one.id === item)?.name ?? item
  const { config } = row
  return {
    ...toInterfaceLine(ctx, row, names),
    ...{ records: config.records, timeoutSeconds: config.timeoutSeconds, certificate: config.certificate },
    parameters: config.parameters.map((one) => ({ ...one, title: titleOf(one.item) })),
    fields: config.fields.map((one) => ({ ...one, title: titleOf(one.item) })),
    ...{ credentialHeader: config.credentialHeader, state: row.state, stateReason: row.state_reason },
    ...{ registeredBy: row.registered_name, registeredAt: row.registered_at.toISOString() },
    ...{ decidedBy: row.decided_by, decidedAt: row.decided_at?.toISOString() ?? null },
    ...{ failures: row.failures, pausedUntil: row.paused_until?.toISOString() ?? null },
    calls: (await lastCalls(ctx, id, shownCalls)).map((call) => toCall(call, titleOf)),
    ...{ mayDo: actsOf(ctx, row), version: row.version, updatedBy: row.updated_by },
  }
}

function toCall(call: CallRow, titleOf: (item: string) => string): Interface['calls'][number] {
  return {
    ...{ at: call.at.toISOString(), orgName: call.org_name, grantNumber: call.grant_number, milliseconds: call.milliseconds },
    ...{ fault: call.fault, cause: call.cause, records: call.records },
    faulty: Object.entries(call.faulty).map(([item, count]) => ({ item, title: titleOf(item), count })),
  }
}

function actsOf(ctx: Ctx, row: InterfaceRow): (typeof interfaceActs)[number][] {
  const acts: (typeof interfaceActs)[number][] = []
  if (registerInterface.allows(ctx.actor, row)) acts.push('change')
  if (row.state === 'submitted' && decideInterface.allows(ctx.actor, row) && row.registered_by !== ctx.actor.personId) acts.push('decide')
  if (!stopInterface.allows(ctx.actor, row)) return acts
  if (row.state !== 'stopped') acts.push('stop')
  if (standingOf(row, ctx.now()) === 'paused') acts.push('lift')
  return acts
}
