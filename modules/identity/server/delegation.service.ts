import { randomUUID } from 'node:crypto'
import {
  addDays,
  type Ctx,
  InvalidState,
  InvalidValue,
  inTransaction,
  NotPermitted,
  notFound,
  recordAudit,
  todayInShanghai,
} from '@tongchou/kernel'
import { readDelegation } from './delegation.permissions.ts'
import type { Delegate, NewDelegation } from './delegation.schema.ts'
import {
  endDelegation,
  findPostWithAccount,
  insertDelegation,
  lockDelegation,
  neverLent,
  overlaps,
  postsToLendTo,
} from './delegation.store.ts'
import { type IdentityDb, identityDb } from './identity.tables.ts'
import { dutyConflict, isCivilServant } from './post.permissions.ts'
import { type CurrentPostRow, dutiesOfPerson, findCurrentPost, findPost, lockPerson } from './post.store.ts'

/** A post is lent for at most this long; who is away for longer is replaced. */
const maxDays = 366

/** Lends the own post for a period to the person of another (委托代理). The lender stays able to act; both answer for what is signed. */
export async function createDelegation(ctx: Ctx, input: NewDelegation): Promise<{ id: string }> {
  refuseOnBehalf(ctx)
  refusePeriod(input, todayInShanghai(ctx.now()))
  return inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const { own, delegate } = await lockBoth(tx, db, input.toPostId)
    const duties = lentBy(tx, own, input.duties)
    await refuseDelegate(tx, db, delegate, duties)
    if (await overlaps(db, own.post_id, delegate.person_id, input))
      throw new InvalidState('delegation.overlaps', `该岗位在所填期间已委托${delegate.person_name}，请先终止原委托或另选期间。`)
    const id = randomUUID()
    await insertDelegation(db, {
      id,
      post_id: own.post_id,
      to_post_id: delegate.post_id,
      duties: input.duties === undefined ? null : [...input.duties],
      reason: input.reason.trim(),
      valid_from: input.validFrom,
      valid_to: input.validTo,
      created_at: tx.now(),
    })
    const detail = { post: own.post_id, to: delegate.person_id, duties, validFrom: input.validFrom, validTo: input.validTo }
    await recordAudit(tx, 'delegation.created', { kind: 'delegation', id }, detail)
    return { id }
  })
}

/** Ends a delegation at once, by either side (收回委托、辞去委托): the sessions that stand at it end with it. */
export async function withdrawDelegation(ctx: Ctx, id: string): Promise<void> {
  refuseOnBehalf(ctx)
  await inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const row = await lockDelegation(db, id)
    const lent = row && (await findPost(db, row.post_id))
    const own = row && (await findPost(db, row.to_post_id))
    if (!row || !lent || !own || !readDelegation.allows(tx.actor, { lenderId: lent.personId, delegateId: own.personId }))
      throw notFound('委托')
    if (row.ended_at !== null || row.valid_to <= todayInShanghai(tx.now()))
      throw new InvalidState('delegation.ended', '该委托已经结束，无须再次办理。')
    await endDelegation(db, id, tx.actor.name, tx.now())
    await recordAudit(tx, 'delegation.ended', { kind: 'delegation', id }, { post: row.post_id, to: own.personId })
  })
}

/** Civil servants with an account whom the actor may lend the post to, by name or office. */
export async function delegatesFor(ctx: Ctx, q: string): Promise<Delegate[]> {
  if (!isCivilServant(ctx.actor)) return []
  const today = todayInShanghai(ctx.now())
  const rows = await postsToLendTo(identityDb(ctx), ctx.actor, q, today)
  return rows
    .filter((row) => isBusiness(row.duties))
    .slice(0, 20)
    .map((row) => ({
      postId: row.post_id,
      title: row.title,
      person: { id: row.person_id, name: row.person_name },
      organisation: { id: row.organisation_id, name: row.organisation_name },
    }))
}

function isBusiness(duties: readonly string[]): boolean {
  return duties.some((duty) => !neverLent.includes(duty) && duty !== 'enterprise' && duty !== 'citizen')
}

/** What is lent cannot be lent on, nor can who borrowed it say that it ends. */
function refuseOnBehalf(ctx: Ctx): void {
  if (ctx.actor.onBehalfOf)
    throw new NotPermitted('delegation.on_behalf', '受托岗位不得转委托，也不得代办委托事项。请切换到本人岗位后办理。')
}

function refusePeriod({ validFrom, validTo }: NewDelegation, today: string): void {
  const wrong = (path: string, message: string) =>
    new InvalidValue('delegation.bad_period', `${message}，请重新填写。`, [{ path, message }])
  if (validFrom < today) throw wrong('validFrom', '开始日期不得早于今日')
  if (validTo <= validFrom) throw wrong('validTo', '结束日期应晚于开始日期')
  if (validTo > addDays(validFrom, maxDays)) throw wrong('validTo', '委托期间不得超过一年')
}

/** Both people locked, the lower id first so that two who lend to each other do not wait for each other; both posts read behind the locks. */
async function lockBoth(tx: Ctx, db: IdentityDb, toPostId: string): Promise<{ own: CurrentPostRow; delegate: CurrentPostRow }> {
  const noSuchPost = new InvalidValue('delegation.no_such_post', '所选岗位不存在或已结束，请重新选择受托人。', [
    { path: 'toPostId', message: '岗位不存在或已结束' },
  ])
  const to = await findPost(db, toPostId)
  if (!to) throw noSuchPost
  for (const personId of [to.personId, tx.actor.personId].sort()) await lockPerson(db, personId)
  const today = todayInShanghai(tx.now())
  const own = await findCurrentPost(db, tx.actor.postId, today)
  if (!own) throw new InvalidState('post.ended', '本人岗位已经结束，不能委托。')
  const delegate = await findPostWithAccount(db, toPostId, today)
  if (!delegate) throw noSuchPost
  return { own, delegate }
}

function lentBy(tx: Ctx, own: CurrentPostRow, chosen: readonly string[] | undefined): string[] {
  if (own.duties.some((duty) => neverLent.includes(duty)))
    throw new NotPermitted('delegation.administrator', '系统管理员、安全管理员、审计管理员的职责不得委托。确需替换人员的，请办理任职。')
  if (!isCivilServant(tx.actor)) throw new NotPermitted('delegation.outsider', '企业人员和公众不使用委托代理。')
  const foreign = chosen?.find((duty) => !own.duties.includes(duty))
  if (foreign !== undefined)
    throw new InvalidValue('delegation.not_own_duty', '只能委托本岗位现有的职责，请重新选择。', [
      { path: 'duties', message: '不是本岗位的职责' },
    ])
  return [...(chosen ?? own.duties)]
}

async function refuseDelegate(tx: Ctx, db: IdentityDb, delegate: CurrentPostRow, duties: readonly string[]): Promise<void> {
  const at = (message: string) => [{ path: 'toPostId', message }]
  if (delegate.person_id === tx.actor.personId)
    throw new InvalidValue('delegation.self', '不得委托本人，请选择其他人员。', at('不得为本人'))
  const held = await dutiesOfPerson(db, delegate.person_id, todayInShanghai(tx.now()))
  if (dutyConflict(new Set([...held, ...duties])))
    throw new InvalidState(
      'delegation.administrator',
      `${delegate.person_name}是管理员，不得受托办理业务，请选择其他人员。`,
      at('管理员不得受托'),
    )
  if (!isBusiness(delegate.duties))
    throw new InvalidState('delegation.outsider', `${delegate.person_name}不是政务人员，不得受托，请选择其他人员。`, at('不是政务人员'))
}
