import { randomUUID } from 'node:crypto'
import {
  type Actor,
  type Ctx,
  carriedOn,
  InvalidState,
  InvalidValue,
  inTransaction,
  isKnownDigest,
  type KeyRing,
  NotPermitted,
  notFound,
  type RelationSubjectPort,
  type RelationsPort,
  recordAudit,
  todayInShanghai,
} from '@tongchou/kernel'
import { createAccount, resetPassword } from './account.service.ts'
import { findAccountOfPerson } from './account.store.ts'
import { type IdentityDb, identityDb } from './identity.tables.ts'
import { createPerson } from './post.service.ts'
import { currentPostsOfPeople, lockPerson } from './post.store.ts'
import { mayEndRelation, readRelation } from './relation.permissions.ts'
import type { GrantedRelation, NewRelation } from './relation.schema.ts'
import {
  findRelation,
  findRelationKind,
  insertRelation,
  lockLastHolder,
  lockRelation,
  openRelationsTo,
  personSubjects,
  readableRelationOf,
  relatedPeople,
  setPersonSubject,
  setRelationEnded,
  standingOf,
} from './relation.store.ts'
import { newInitialPassword } from './secret.ts'
import { endSessionsOfRelation } from './session.store.ts'

/** What identity needs of the modules whose things people outside the offices are related to, by kind of subject. */
export interface RelationPorts {
  subjects: ReadonlyMap<string, RelationSubjectPort>
}

/**
 * Grants a relation (授予经办关系) to a person outside the offices: a new one with an account, whose first password is told once, or one who is
 * known by a relation already. Who grants it for the whole subject and who within the own organisation alone is said by its kind.
 */
export async function grantRelation(
  ctx: Ctx,
  { subjects }: RelationPorts,
  input: NewRelation & { validFrom?: string; publishedHash?: string },
): Promise<GrantedRelation> {
  return inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const kind = await findRelationKind(db, input.kind)
    const port = kind && subjects.get(kind.subject_kind)
    if (!kind || !port) throw invalid('relation.no_such_kind', 'kind', '没有这类经办关系，请从类别清单中选择。')
    const withinOrgId = reachOfGrant(tx.actor, kind)
    const subject = await subjectOf(tx, port, input)
    if (kind.is_verified && input.document === undefined)
      throw invalid('relation.not_verified', 'document', `授予“${kind.title}”前须当面核验身份证件，请选择证件种类。`)
    const obstacle = await port.obstacle(tx, subject.id, withinOrgId)
    if (obstacle !== undefined) throw new InvalidState('relation.not_grantable', obstacle)
    const today = todayInShanghai(tx.now())
    const validFrom = input.validFrom ?? today
    if (input.validTo !== undefined && input.validTo <= today)
      throw invalid('relation.bad_period', 'validTo', '终止日期应晚于今天，请重新填写。')
    const person = (kind.has_one_holder && (await formerHolder(tx, kind, subject, today))) || (await personOf(tx, db, input, today))
    const verified = kind.is_verified ? input.document : undefined
    const relation = {
      id: randomUUID(),
      person_id: person.id,
      kind: kind.id,
      subject_kind: kind.subject_kind,
      subject_id: subject.id,
      subject_name: subject.name,
      within_org_id: withinOrgId,
      valid_from: validFrom,
      valid_to: input.validTo ?? null,
      granted_by: signature(tx),
      granted_at: tx.now(),
      verified_document: verified ?? null,
      verified_by: verified === undefined ? null : signature(tx),
      verified_at: verified === undefined ? null : tx.now(),
    }
    if (!(await insertRelation(db, relation))) throw exists(kind, subject)
    const detail = { person: person.id, kind: kind.id, subject: { kind: kind.subject_kind, id: subject.id, name: subject.name } }
    await recordAudit(
      tx,
      'relation.granted',
      { kind: 'relation', id: relation.id },
      { ...detail, within: withinOrgId, validTo: relation.valid_to, ...(verified === undefined ? {} : { document: verified }) },
    )
    return { id: relation.id, username: person.username, initialPassword: person.initialPassword }
  })
}

/** What the relation is to: a thing of a register by its id, or what stands for a number. */
async function subjectOf(tx: Ctx, port: RelationSubjectPort, input: NewRelation): Promise<{ id: string; name: string }> {
  if (port.identified) {
    if (input.identifier === undefined) throw invalid('relation.no_identifier', 'identifier', '请填写公民身份号码。')
    return port.identified(input.identifier, tx.now())
  }
  if (input.subjectId === undefined) throw invalid('relation.no_subject', 'subjectId', '请选择单位。')
  const name = await port.nameOf(tx, input.subjectId)
  if (name === undefined) throw invalid('relation.no_such_subject', 'subjectId', '单位不存在，请重新选择。')
  return { id: input.subjectId, name }
}

/**
 * Who held the relation to this subject before: the same subject is the same person, with the same account. Its password is made anew, because it is
 * handed over again to whoever was verified now; what had run out is ended first.
 */
async function formerHolder(tx: Ctx, kind: { id: string; title: string }, subject: { id: string; name: string }, today: string) {
  const db = identityDb(tx)
  const last = await lockLastHolder(db, kind.id, subject.id)
  if (!last) return undefined
  if (standingOf(last, today) !== 'ended') throw exists(kind, subject)
  if (last.ended_at === null) await setRelationEnded(db, last.id, { by: signature(tx), at: tx.now(), reason: '已到期，重新核验后授予' })
  const account = await findAccountOfPerson(db, last.person_id)
  if (!account) return undefined
  const { username, initialPassword } = await resetPassword(tx, account.id)
  return { id: last.person_id, username, initialPassword }
}

function exists(kind: { title: string }, subject: { name: string }): InvalidState {
  return new InvalidState('relation.exists', `该人员已是“${subject.name}”的${kind.title}，无须再次授权。`)
}

/** For the whole subject (null), or for what the actor's own organisation has to do with it. */
function reachOfGrant(actor: Actor, kind: { granted_everywhere_by: string[]; granted_within_by: string[] }): string | null {
  const bears = (duties: readonly string[]) => actor.relation === undefined && duties.some((duty) => actor.roles.has(duty))
  if (bears(kind.granted_everywhere_by)) return null
  if (bears(kind.granted_within_by)) return actor.orgId
  throw new NotPermitted('relation.not_yours', '当前岗位不能授予这类经办关系。')
}

async function personOf(
  tx: Ctx,
  db: IdentityDb,
  input: NewRelation & { publishedHash?: string },
  today: string,
): Promise<{ id: string; username: string | null; initialPassword: string | null }> {
  if (input.personId !== undefined) {
    const known = await readableRelationOf(tx, input.personId)
    if (!known || !(await lockPerson(db, input.personId))) throw invalid('relation.no_such_person', 'personId', '人员不存在，请重新选择。')
    if ((await currentPostsOfPeople(db, [input.personId], today)).length > 0)
      throw new InvalidState('relation.official', '在政务部门任职的人员不得担任外部经办人。')
    return { id: input.personId, username: null, initialPassword: null }
  }
  if (input.name === undefined) throw invalid('relation.no_name', 'name', '请填写经办人姓名。')
  if (input.username === undefined) throw invalid('relation.no_username', 'username', '请填写用户名。')
  const person = await createPerson(tx, { name: input.name })
  const { username, publishedHash } = input
  const password = newInitialPassword()
  const credential = publishedHash === undefined ? { password, mustChange: true } : { publishedHash }
  await createAccount(tx, { personId: person.id, username, credential })
  return { id: person.id, username, initialPassword: publishedHash === undefined ? password : null }
}

/** Ends a relation (终止经办关系): its sessions end at once, and the account opens nothing by it any more. */
export async function endRelation(ctx: Ctx, id: string, reason: string): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const relation = await lockRelation(db, id)
    if (!relation || !readRelation.allows(tx.actor, relation)) throw notFound('经办关系')
    if (!mayEndRelation.allows(tx.actor, relation)) throw new NotPermitted('relation.not_yours', '经办关系由授权单位终止。')
    if (standingOf(relation, todayInShanghai(tx.now())) === 'ended')
      throw new InvalidState('relation.ended', '该经办关系已经终止，无须再次办理。')
    await setRelationEnded(db, id, { by: signature(tx), at: tx.now(), reason })
    await endSessionsOfRelation(db, id)
    await recordAudit(tx, 'relation.ended', { kind: 'relation', id }, { person: relation.person_id, subject: relation.subject_id, reason })
  })
}

/** Carries what stands for persons' numbers on to the key in use. Answers how many. */
export async function carryPersonSubjects(tx: Ctx, keys: KeyRing): Promise<number> {
  const db = identityDb(tx)
  let count = 0
  for (const former of await personSubjects(db)) {
    const digest = carriedOn(keys, former)
    if (digest === undefined || digest === former) continue
    await setPersonSubject(db, former, digest)
    count += 1
  }
  return count
}

/**
 * Ends the relations whose person no key tells any more (密钥已丢失): they would show nothing that came later. For whoever runs the server, who has lost
 * the key file.
 */
export async function endLostRelations(ctx: Ctx, keys: KeyRing): Promise<number> {
  return inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const reason = '密钥文件已丢失，须重新核验身份'
    let count = 0
    for (const subject of (await personSubjects(db)).filter((one) => !isKnownDigest(keys, one)))
      for (const { id, person_id } of await openRelationsTo(db, subject)) {
        await setRelationEnded(db, id, { by: signature(tx), at: tx.now(), reason })
        await endSessionsOfRelation(db, id)
        await recordAudit(tx, 'relation.ended', { kind: 'relation', id }, { person: person_id, subject, reason })
        count += 1
      }
    return count
  })
}

/** May the actor read it? Tells "not your act" from "no such thing". */
export async function mayReadRelation(ctx: Ctx, id: string): Promise<boolean> {
  const relation = await findRelation(identityDb(ctx), id)
  return relation !== undefined && readRelation.allows(ctx.actor, relation)
}

/** What identity tells the others of relations. */
export const relationsPort: RelationsPort = {
  peopleOf: (ctx, subject, orgId) => relatedPeople(identityDb(ctx), subject, orgId, todayInShanghai(ctx.now())),
}

function signature({ actor }: Ctx): string {
  return `${actor.orgName} ${actor.name}`
}

function invalid(code: string, path: string, message: string): InvalidValue {
  return new InvalidValue(code, message, [{ path, message }])
}
