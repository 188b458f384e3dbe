import {
  type Ctx,
  compareCivilDates,
  InvalidState,
  InvalidValue,
  inTransaction,
  notFound,
  recordAudit,
  resolveDivision,
  todayInShanghai,
} from '@tongchou/kernel'
import type { GrantDuty, PostDuty } from './duty.schema.ts'
import { grantOverlaps, grantsOf, setGrantEnd } from './duty.store.ts'
import { identityDb } from './identity.tables.ts'
import { readPost } from './post.permissions.ts'
import { lockPost, refuseConflict } from './post.service.ts'
import { dutiesOfPost, findPost, type Grant, insertGrants } from './post.store.ts'
import { endSessionsOfPost } from './session.store.ts'

/** The duties of a post with their days and areas, past and coming ones too. */
export async function postDuties(ctx: Ctx, postId: string): Promise<{ items: PostDuty[]; nextCursor: null }> {
  const db = identityDb(ctx)
  const post = await findPost(db, postId)
  if (!post || !readPost.allows(ctx.actor, post)) throw notFound('岗位')
  return { items: await grantsOf(db, postId, todayInShanghai(ctx.now())), nextCursor: null }
}

/** Gives a post a duty from a day on, perhaps until a day, perhaps for an area (赋予职责). It holds from the first request of that day. */
export async function grantDuty(ctx: Ctx, postId: string, input: GrantDuty): Promise<{ items: PostDuty[]; nextCursor: null }> {
  return inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const today = todayInShanghai(tx.now())
    const post = await lockPost(tx, db, postId)
    const grant: Grant = {
      duty: input.duty,
      area: input.area ?? null,
      validFrom: input.validFrom ?? today,
      validTo: input.validTo ?? null,
    }
    refusePeriod(grant, today)
    if (grant.area !== null && !resolveDivision(grant.area.slice(0, 6)))
      throw new InvalidValue('duty.no_such_area', `行政区划代码 ${grant.area} 不存在，请核对后填写。`, [
        { path: 'area', message: '行政区划代码不存在' },
      ])
    if (await grantOverlaps(db, postId, grant))
      throw new InvalidState('duty.overlaps', '该岗位在所填期间已承担这项职责，请先终止原职责或另选期间。')
    await refuseConflict(tx, db, post, [...(await dutiesOfPost(db, postId, today)), grant.duty])
    await insertGrants(db, postId, [grant])
    // As with every change of what one may do: who is signed in there comes in anew.
    if (grant.validFrom === today) await endSessionsOfPost(db, postId)
    await recordAudit(tx, 'post.duty_given', { kind: 'post', id: postId }, { ...grant })
    return postDuties(tx, postId)
  })
}

/** Ends a duty of a post, today or from a later day on (终止职责). */
export async function endDuty(
  ctx: Ctx,
  postId: string,
  id: number,
  validTo: string | undefined,
): Promise<{ items: PostDuty[]; nextCursor: null }> {
  return inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const today = todayInShanghai(tx.now())
    await lockPost(tx, db, postId)
    const grant = (await grantsOf(db, postId, today)).find((one) => one.id === id)
    if (!grant) throw notFound('职责')
    if (grant.state === 'ended') throw new InvalidState('duty.ended', '该职责已经终止，无须再次办理。')
    const earliest = compareCivilDates(grant.validFrom, today) > 0 ? grant.validFrom : today
    const until = validTo ?? earliest
    if (compareCivilDates(until, earliest) < 0)
      throw new InvalidValue('duty.bad_period', `终止日期不得早于 ${earliest}，请重新填写。`, [
        { path: 'validTo', message: `不得早于 ${earliest}` },
      ])
    await setGrantEnd(db, postId, id, until)
    if (until === today) await endSessionsOfPost(db, postId)
    await recordAudit(
      tx,
      'post.duty_ended',
      { kind: 'post', id: postId },
      { duty: grant.duty, area: grant.area?.code ?? null, validTo: until },
    )
    return postDuties(tx, postId)
  })
}

function refusePeriod({ validFrom, validTo }: Grant, today: string): void {
  const wrong = (path: string, message: string) => new InvalidValue('duty.bad_period', `${message}，请重新填写。`, [{ path, message }])
  if (compareCivilDates(validFrom, today) < 0) throw wrong('validFrom', '开始日期不得早于今日')
  if (validTo !== null && compareCivilDates(validTo, validFrom) <= 0) throw wrong('validTo', '结束日期应晚于开始日期')
}
