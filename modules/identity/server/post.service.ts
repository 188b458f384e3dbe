import { randomUUID } from 'node:crypto'
import {
  type Ctx,
  compareCivilDates,
  type DutyId,
  InvalidState,
  InvalidValue,
  inTransaction,
  NotPermitted,
  notFound,
  recordAudit,
  todayInShanghai,
} from '@tongchou/kernel'
import { dutiesLentTo } from './delegation.store.ts'
import { comingDuties } from './duty.store.ts'
import { type IdentityDb, identityDb } from './identity.tables.ts'
import { findOrganisation } from './organisation.store.ts'
import { dutyConflict, readPost } from './post.permissions.ts'
import type { ChangePost, NewPost } from './post.schema.ts'
import {
  dutiesOfPerson,
  dutiesOfPost,
  findPost,
  insertPerson,
  insertPost,
  listPeople,
  lockPerson,
  type PersonFilter,
  type PostRecord,
  setDuties,
  setPersonName,
  setPost,
} from './post.store.ts'
import { hasLiveRelation } from './relation.store.ts'
import { endSessionsOfPost } from './session.store.ts'

/** Registers a person (登记人员). */
export async function createPerson(ctx: Ctx, input: { name: string }): Promise<{ id: string; name: string }> {
  return inTransaction(ctx, async (tx) => {
    const person = { id: randomUUID(), name: input.name.trim() }
    await insertPerson(identityDb(tx), person.id, person.name, tx.now())
    await recordAudit(tx, 'person.created', { kind: 'person', id: person.id }, { name: person.name })
    return person
  })
}

/** Corrects a person's name (人员更名). Signatures already given keep the name they were given under. */
export async function renamePerson(ctx: Ctx, id: string, name: string): Promise<{ id: string; name: string }> {
  return inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const person = await lockPerson(db, id)
    if (!person) throw notFound('人员')
    await setPersonName(db, id, name.trim())
    await recordAudit(tx, 'person.renamed', { kind: 'person', id }, { from: person.name, to: name.trim() })
    return { id, name: name.trim() }
  })
}

/** Appoints a person to a post with its duties (任职). A person may hold posts in several organisations. */
export async function createPost(ctx: Ctx, input: NewPost & { validFrom?: string; validTo?: string }): Promise<{ id: string }> {
  return inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const person = await lockPerson(db, input.personId)
    if (!person) throw invalidRef('personId', '人员不存在，请重新选择。')
    if (!(await findOrganisation(db, input.organisationId, todayInShanghai(tx.now()))))
      throw invalidRef('organisationId', '机构不存在，请重新选择。')
    const post: PostRecord = {
      id: randomUUID(),
      personId: person.id,
      organisationId: input.organisationId,
      title: input.title.trim(),
      validFrom: input.validFrom ?? todayInShanghai(tx.now()),
      validTo: input.validTo ?? null,
      version: 1,
    }
    refuseOwnPost(tx, post)
    await refuseOutsider(db, person.id, todayInShanghai(tx.now()))
    await refuseConflict(tx, db, post, input.duties)
    await insertPost(db, post, tx.now())
    await setDuties(db, post.id, input.duties, post.validFrom)
    const detail = { person: person.id, organisation: post.organisationId, title: post.title, duties: input.duties }
    await recordAudit(tx, 'post.created', { kind: 'post', id: post.id }, detail)
    return { id: post.id }
  })
}

/** Changes title or duties of a post (调整岗位职责). New duties hold from the next request on; sessions at the post end with the old ones. */
export async function changePost(ctx: Ctx, id: string, input: ChangePost): Promise<{ id: string; version: number }> {
  return inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const post = await lockPost(tx, db, id)
    if (post.version !== input.version) throw new InvalidState('post.changed_meanwhile', '该岗位已被他人修改，请刷新后重新填写。')
    const today = todayInShanghai(tx.now())
    const before = await dutiesOfPost(db, id, today)
    const changed = { ...post, title: input.title?.trim() ?? post.title, version: post.version + 1 }
    if (input.duties) {
      await refuseConflict(tx, db, post, [...input.duties, ...(await comingDuties(db, id, today))])
      await setDuties(db, id, input.duties, later(post.validFrom, today))
      // Who may do something else now comes in anew: a session that was taken over does not grow with its duties.
      if (before.join() !== input.duties.toSorted().join()) await endSessionsOfPost(db, id)
    }
    await setPost(db, changed, tx.now())
    const detail = { title: changed.title, from: before, to: input.duties ?? before }
    await recordAudit(tx, 'post.changed', { kind: 'post', id }, detail)
    return { id, version: changed.version }
  })
}

/** Ends a post (免职、调离): its sessions end at once and its tokens open nothing more. */
export async function endPost(ctx: Ctx, id: string): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const post = await lockPost(tx, db, id)
    const today = todayInShanghai(tx.now())
    // A post that had not yet begun ends on its first day, so that it never held.
    const validTo = compareCivilDates(today, post.validFrom) < 0 ? post.validFrom : today
    await setPost(db, { ...post, validTo, version: post.version + 1 }, tx.now())
    await endSessionsOfPost(db, id)
    await recordAudit(
      tx,
      'post.ended',
      { kind: 'post', id },
      { person: post.personId, organisation: post.organisationId, title: post.title },
    )
  })
}

/** The post, locked with its person and still held. Nobody changes their own. */
export async function lockPost(ctx: Ctx, db: IdentityDb, id: string): Promise<PostRecord> {
  const found = await findPost(db, id)
  if (!found) throw notFound('岗位')
  await lockPerson(db, found.personId)
  // Read again behind the lock: only now nobody else can change it.
  const post = await findPost(db, id)
  if (!post) throw notFound('岗位')
  refuseOwnPost(ctx, post)
  if (post.validTo !== null && post.validTo <= todayInShanghai(ctx.now()))
    throw new InvalidState('post.ended', '该岗位已经结束，不能再调整。')
  return post
}

function later(a: string, b: string): string {
  return compareCivilDates(a, b) > 0 ? a : b
}

function refuseOwnPost(ctx: Ctx, post: PostRecord): void {
  if (post.personId === ctx.actor.personId) throw new NotPermitted('post.own', '不得为本人设置或调整岗位和职责。请由另一名系统管理员办理。')
}

/** Refuses duties that the person may not have beside those of their other posts and those that are lent to them (三员分立). */
export async function refuseConflict(ctx: Ctx, db: IdentityDb, post: PostRecord, duties: readonly DutyId[]): Promise<void> {
  const today = todayInShanghai(ctx.now())
  const elsewhere = await dutiesOfPerson(db, post.personId, today, post.id)
  const lent = await dutiesLentTo(db, post.personId, today)
  const conflict = dutyConflict(new Set([...elsewhere, ...lent, ...duties]))
  if (conflict) throw new InvalidState('post.duties_conflict', conflict, [{ path: 'duties', message: '职责相互排斥' }])
}

/** Refuses a post for somebody outside the offices (外部经办人): who builds for an office does not sit in one. */
async function refuseOutsider(db: IdentityDb, personId: string, today: string): Promise<void> {
  if (await hasLiveRelation(db, personId, today))
    throw new InvalidState('post.outsider', '该人员是外部经办人，不得在政务部门任职。请先终止其经办关系。')
}

function invalidRef(path: string, message: string): InvalidValue {
  return new InvalidValue('post.no_such_reference', message, [{ path, message }])
}

/** Refuses a duty that no pack and no part of the platform knows: a slip of the keyboard would be a duty that opens nothing. */
export function refuseUnknownDuties(known: readonly DutyId[], duties: readonly DutyId[]): void {
  const unknown = duties.find((duty) => !known.includes(duty))
  if (unknown !== undefined)
    throw new InvalidValue('post.no_such_duty', `没有“${unknown}”这项职责，请从职责清单中选择。`, [
      { path: 'duties', message: '职责不存在' },
    ])
}

/** May the actor read the post? Tells "not your act" from "no such thing". */
export async function mayReadPost(ctx: Ctx, id: string): Promise<boolean> {
  const post = await findPost(identityDb(ctx), id)
  return post !== undefined && readPost.allows(ctx.actor, post)
}

/** People with posts and accounts, for the system administrator. */
export function peoplePage(ctx: Ctx, filter: PersonFilter) {
  return listPeople(ctx, filter, todayInShanghai(ctx.now()))
}
