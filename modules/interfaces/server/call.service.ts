import { type Ctx, inTransaction, type Jobs, recordAudit, systemActor } from '@tongchou/kernel'
import { faultWords } from '../words.ts'
import { permittedAddresses } from './address.store.ts'
import { askInterface, valueAt } from './ask.ts'
import { countsAgainst, InterfaceBusy, InterfaceFault } from './fault.ts'
import { addFailure, callersSince, clearFailures, credentialOf, findInterface, forgetCalls, insertCall, pause } from './interface.store.ts'
import type { InterfaceRow } from './interface.tables.ts'
import { standingOf } from './interface.view.ts'
import { keepers, tell } from './notify.ts'
import type { InterfacesPorts } from './ports.ts'
import { interfaceKind, providerOf } from './register.service.ts'

/** An interface that is in use, as who passes queries through needs it. */
export interface PassingInterface {
  resource: string
  title: string
  orgId: string
  parameters: readonly { item: string; op: 'is' | 'from' | 'to'; required: boolean }[]
}

/** One condition of a query. */
export interface Asked {
  item: string
  op: 'is' | 'from' | 'to'
  value: string
}

/** What an interface answered: its records by item ids, as they came, and how long it took. */
export interface Answered {
  records: readonly Readonly<Record<string, unknown>>[]
  milliseconds: number
}

/** Who called and what became of the answer (调用记录). */
export interface Told {
  grantNumber: number | null
  milliseconds: number
  records: number
  faulty: Readonly<Record<string, number>>
}

/** Calls to interfaces of departments (接口转接), counted in this process. */
export interface Calls {
  /** The interface in use for a resource, also one that is paused; undefined where there is none. */
  passing(ctx: Ctx, resource: string): Promise<PassingInterface | undefined>
  /** Asks it, outside any transaction. @throws InterfaceFault, which is written down before, InterfaceBusy */
  ask(ctx: Ctx, resource: string, asked: readonly Asked[], grantNumber: number | null): Promise<Answered>
  /** Writes the call down, in the transaction in which its records are shown. */
  told(tx: Ctx, resource: string, call: Told): Promise<void>
}

/** So many calls of one interface are under way at once: a slow one holds up nobody but its own callers. */
const mostAtOnce = 4
/** So many faults one after the other pause it, */
const faultsToPause = 5
/** for so long. */
const pauseMs = 5 * 60_000
/** Whoever called it in this time is told that it is paused. */
const callersMs = 24 * 3_600_000

export function openCalls(ports: InterfacesPorts): Calls {
  const underWay = new Map<string, number>()
  return {
    passing: async (ctx, resource) => {
      const row = await findInterface(ctx, resource)
      if (row?.state !== 'approved') return undefined
      const parameters = row.config.parameters.map(({ item, op, required }) => ({ item, op, required }))
      return { resource, title: row.title, orgId: row.org_id, parameters }
    },
    ask: async (ctx, resource, asked, grantNumber) => {
      const row = await findInterface(ctx, resource)
      if (row?.state !== 'approved') throw new InterfaceFault('unavailable')
      const now = ctx.now()
      if (standingOf(row, now) === 'paused') throw paused(row, now)
      const count = underWay.get(resource) ?? 0
      // After a pause one call tries whether it answers again.
      if (count >= (row.paused_until === null ? mostAtOnce : 1))
        throw new InterfaceBusy('interfaces.busy', '提供方的接口正在办理其他查询，请稍后重试。', 2)
      underWay.set(resource, count + 1)
      try {
        return await askOnce(ctx, ports, row, asked, grantNumber)
      } finally {
        const left = (underWay.get(resource) ?? 1) - 1
        if (left === 0) underWay.delete(resource)
        else underWay.set(resource, left)
      }
    },
    told: (tx, resource, { grantNumber, milliseconds, records, faulty }) =>
      insertCall(tx, {
        resource,
        ...byWhom(tx),
        grant_number: grantNumber,
        milliseconds,
        fault: null,
        cause: null,
        records,
        faulty: JSON.stringify(faulty),
      }),
  }
}

const byWhom = ({ actor, now }: Ctx) => ({ at: now(), org_id: actor.orgId, org_name: actor.orgName })

async function askOnce(
  ctx: Ctx,
  ports: InterfacesPorts,
  row: InterfaceRow,
  asked: readonly Asked[],
  grantNumber: number | null,
): Promise<Answered> {
  const { config, resource } = row
  const parameters = asked.flatMap(({ item, op, value }) => {
    const parameter = config.parameters.find((one) => one.item === item && one.op === op)
    return parameter ? [{ name: parameter.name, value }] : []
  })
  const { credentialHeader: header } = config
  const credential =
    header === null || row.credential === null ? null : { header, value: credentialOf(ports.keys, resource, row.credential) }
  const begun = performance.now()
  const milliseconds = () => Math.round(performance.now() - begun)
  try {
    const list = await askInterface({ config, credential, parameters, permitted: await permittedAddresses(ctx), resolve: ports.resolve })
    if (row.failures > 0) await inTransaction(ctx, (tx) => recovered(tx, ports, row))
    const records = list.map((one) => Object.fromEntries(config.fields.map(({ item, path }) => [item, valueAt(one, path)])))
    return { records, milliseconds: milliseconds() }
  } catch (error) {
    if (error instanceof InterfaceFault)
      await inTransaction(ctx, (tx) => failed(tx, ports, row, error, { grantNumber, milliseconds: milliseconds() }))
    throw error
  }
}

async function failed(
  tx: Ctx,
  ports: InterfacesPorts,
  { resource, title }: InterfaceRow,
  { fault, told }: InterfaceFault,
  { grantNumber, milliseconds }: { grantNumber: number | null; milliseconds: number },
): Promise<void> {
  await insertCall(tx, { resource, ...byWhom(tx), grant_number: grantNumber, milliseconds, fault, cause: told, records: 0, faulty: '{}' })
  if (!countsAgainst(fault)) return
  const row = await addFailure(tx, resource)
  const now = tx.now()
  if (!row || row.failures < faultsToPause || (row.paused_until !== null && row.paused_until > now)) return
  const until = new Date(now.getTime() + pauseMs)
  await pause(tx, resource, until)
  // A pause that goes on after a try is the same one: it was told.
  if (row.paused_until !== null) return
  const platform = { ...tx, actor: systemActor }
  await recordAudit(platform, 'interface.paused', { kind: interfaceKind, id: resource }, { failures: row.failures, fault })
  const callers = await callersSince(tx, resource, new Date(now.getTime() - callersMs))
  await tell(platform, ports, resource, {
    ...{ kind: 'interface.paused', title: `接口暂停调用：${title}` },
    to: [...providerOf(row), ...keepers],
    callers: callers.filter((id) => id !== row.org_id).map((orgId) => ({ duty: 'data-steward', orgId })),
    body: `连续${row.failures}次故障（最近一次：${faultWords[fault]}），暂停调用${pauseMs / 60_000}分钟，之后自动试调，答复正常即恢复。`,
  })
}

/** It answers again: whoever was told of the pause is told of its end. */
async function recovered(tx: Ctx, ports: InterfacesPorts, { resource, title, org_id }: InterfaceRow): Promise<void> {
  if (!(await clearFailures(tx, resource))) return
  const platform = { ...tx, actor: systemActor }
  await recordAudit(platform, 'interface.recovered', { kind: interfaceKind, id: resource })
  const callers = await callersSince(tx, resource, new Date(tx.now().getTime() - callersMs))
  await tell(platform, ports, resource, {
    ...{ kind: 'interface.recovered', title: `接口恢复调用：${title}`, body: '试调答复正常，已恢复调用。' },
    to: [...providerOf({ org_id }), ...keepers],
    callers: callers.filter((id) => id !== org_id).map((orgId) => ({ duty: 'data-steward', orgId })),
  })
}

function paused({ paused_until }: InterfaceRow, now: Date): InterfaceBusy {
  const seconds = Math.max(1, Math.ceil(((paused_until?.getTime() ?? 0) - now.getTime()) / 1000))
  const minutes = Math.ceil(seconds / 60)
  return new InterfaceBusy(
    'interfaces.paused',
    `提供方的接口连续故障，已暂停调用，约${minutes}分钟后自动恢复试调。急需的，请联系提供方。`,
    seconds,
  )
}

const FORGET = 'interfaces.forget-calls'
/** As long as somebody may ask how it did; who looked at whom stands elsewhere for good. */
const keptDays = 180

/** What the job runner does for interfaces: calls of long ago go. */
export function interfaceJobs(): Jobs {
  return {
    kinds: [{ kind: FORGET, queue: 'short', work: (ctx) => forgetCalls(ctx, new Date(ctx.now().getTime() - keptDays * 24 * 3_600_000)) }],
    schedules: [{ key: FORGET, owner: 'interfaces', kind: FORGET, everySeconds: 24 * 3600, catchUp: 'once' }],
  }
}
