import {
  addDays,
  addMonths,
  type Ctx,
  InvalidState,
  InvalidValue,
  inTransaction,
  isId,
  NotPermitted,
  notFound,
  recordAudit,
  recordEvent,
  requireVersion,
  TooManyRequests,
  todayInShanghai,
} from '@tongchou/kernel'
import type { RecordGrant } from '@tongchou/records'
import { addUse, findGrant, grantsInForce, lockGrant, lockUse, updateGrant } from './grant.store.ts'
import { standingOf, viewGrant } from './grant.view.ts'
import type { SharingPorts } from './ports.ts'
import { draftRequest } from './request.service.ts'
import { findRequest } from './request.store.ts'
import { grantKind } from './settle.ts'
import { granteeDuties, readGrant, stewardDuties, stopGrant, writeRequest } from './sharing.permissions.ts'
import type { Grant, GrantChange, SharingRequest } from './sharing.schema.ts'
import type { GrantRow } from './sharing.tables.ts'

/** The grant as this actor may see it; 404 for whoever may not. */
export async function readableGrant(ctx: Ctx, id: string | undefined): Promise<GrantRow> {
  const row = isId(id) ? await findGrant(ctx, id) : undefined
  if (!row || !readGrant.allows(ctx.actor, row)) throw notFound('授权')
  return row
}

const words = { 'in-force': '恢复', suspended: '暂停', revoked: '收回' } as const

/** Suspends, resumes or revokes a grant (暂停、恢复、收回). It counts with the commit: who looks or sends asks each time. */
export async function changeGrant(ctx: Ctx, ports: SharingPorts, id: string, { version, state, reason }: GrantChange): Promise<Grant> {
  return inTransaction(ctx, async (tx) => {
    const row = await lockGrant(tx, id)
    if (!row || !readGrant.allows(tx.actor, row)) throw notFound('授权')
    const word = words[state]
    if (!stopGrant.allows(tx.actor, row))
      throw new NotPermitted('sharing.not_grantor', `授权由提供方的数据专员或市大数据中心${word}，使用单位不得自行办理。`)
    requireVersion(`授权${row.number}`, row, version)
    const standing = standingOf(tx, row)
    if (standing === 'revoked' || standing === 'expired')
      throw new InvalidState(
        'sharing.grant_over',
        `授权${row.number}${standing === 'revoked' ? '已收回' : '已到期'}，不能${word}。需要使用的，另行申请。`,
      )
    if (state === row.state)
      throw new InvalidState('sharing.grant_state', `授权${row.number}现为${row.state === 'suspended' ? '已暂停' : '有效'}，不能${word}。`)
    if (state !== 'in-force' && !reason?.trim())
      throw new InvalidValue('sharing.reason_missing', `${word}授权须说明理由。`, [{ path: 'reason', message: `请填写${word}的理由` }])
    await updateGrant(tx, id, { state, state_reason: state === 'in-force' ? null : (reason ?? ''), state_at: tx.now() })
    const subject = { kind: grantKind, id }
    const action = { 'in-force': 'sharing-grant.resumed', suspended: 'sharing-grant.suspended', revoked: 'sharing-grant.revoked' }[state]
    await recordAudit(tx, action, subject, { resourceId: row.resource, orgId: row.org_id })
    await recordEvent(tx, action, subject, { resourceId: row.resource, orgId: row.org_id, way: row.way })
    await ports.notices.send(tx, {
      kind: 'sharing.grant',
      to: stewardDuties.map((duty) => ({ duty, orgId: row.org_id })),
      subject,
      title: `授权已${word}：${row.title}`,
      body: `授权${row.number}由${tx.actor.orgName}${word}。${state === 'in-force' ? '' : `理由：${reason ?? ''}`}`,
      href: `/sharing/grants/${id}`,
      onceKey: `sharing.${state}.${id}.${row.version}`,
    })
    return viewGrant(tx, ports, id)
  })
}

/** Asks for more time (续期): a request with what the old one said, from the day after its end. */
export async function renewGrant(ctx: Ctx, ports: SharingPorts, id: string): Promise<SharingRequest> {
  const row = await readableGrant(ctx, id)
  if (!writeRequest.allows(ctx.actor, row)) throw new NotPermitted('sharing.not_writer', '续期由使用单位申请。')
  const standing = standingOf(ctx, row)
  if (standing === 'revoked') throw new InvalidState('sharing.grant_over', `授权${row.number}已收回，不能续期。需要使用的，另行申请。`)
  const before = row.request_id === null ? undefined : await findRequest(ctx, row.request_id)
  const today = todayInShanghai(ctx.now())
  const validFrom = row.valid_until < today ? today : addDays(row.valid_until, 1)
  return draftRequest(
    ctx,
    ports,
    {
      ...{ resourceId: row.resource, way: row.way, rows: [...row.row_conditions], purpose: row.purpose },
      items: Object.fromEntries(Object.entries(row.items).map(([item, mask]) => [item, before?.items[item] === true && mask === null])),
      ...{ matter: before?.matter ?? row.purpose, basis: before?.basis ?? row.purpose, necessity: before?.necessity ?? null },
      ...{ validFrom, validUntil: addDays(addMonths(validFrom, 12), -1), quotaPerDay: row.quota_per_day },
    },
    row.id,
  )
}

/** A grant as who looks into records has it: the view, what it is for, and how many records may still be shown today. */
export interface GrantToLook {
  id: string
  number: number
  grant: RecordGrant
  purpose: string
}

/** The grant by which the actor's office may look into a resource (接口查询): the one that is named, or its only or oldest one. */
export async function grantToLook(ctx: Ctx, resource: string, grantId?: string): Promise<GrantToLook | undefined> {
  if (!granteeDuties.some((duty) => ctx.actor.roles.has(duty))) return undefined
  const grants = (await grantsInForce(ctx, resource, ctx.actor.orgId)).filter(({ way }) => way === 'query')
  const row = grantId === undefined ? grants[0] : grants.find(({ id }) => id === grantId)
  return row && { id: row.id, number: row.number, grant: { items: row.items, rows: row.row_conditions }, purpose: row.purpose }
}

/**
 * Takes a look's place in the day's quota (每日限额): how many records may be shown, null for no limit. Others who look by the same grant wait until this
 * transaction ends, so that no two looks are counted as one. Asked anew under the lock: what was revoked meanwhile shows nothing.
 */
export async function beginLook(tx: Ctx, grantId: string): Promise<number | null> {
  const used = await lockUse(tx, grantId)
  const row = await findGrant(tx, grantId)
  if (!row || standingOf(tx, row) !== 'in-force') throw notFound('基础库资源')
  if (row.quota_per_day === null) return null
  const left = row.quota_per_day - used
  if (left > 0) return left
  throw new TooManyRequests(
    'sharing.quota_used_up',
    `授权${row.number}今日限额${row.quota_per_day}条已用完，次日零时恢复。需要提高限额的，另行申请或续期时写明理由。`,
    secondsLeftToday(tx.now()),
  )
}

/** Counts a look with the records that it showed (用量). */
export const endLook = (tx: Ctx, grantId: string, records: number): Promise<void> => addUse(tx, grantId, records)

function secondsLeftToday(now: Date): number {
  const next = new Date(`${addDays(todayInShanghai(now), 1)}T00:00:00+08:00`)
  return Math.max(1, Math.ceil((next.getTime() - now.getTime()) / 1000))
}
