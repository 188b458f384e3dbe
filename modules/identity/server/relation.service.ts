import { randomUUID } from 'node:crypto'
import {
  type Actor,
  type Ctx,
  InvalidState,
  InvalidValue,
  inTransaction,
  NotPermitted,
  notFound,
  type RelationSubjectPort,
  type RelationsPort,
  recordAudit,
  todayInShanghai,
} from '@tongchou/kernel'
import { createAccount } from './account.service.ts'
import { type IdentityDb, identityDb } from './identity.tables.ts'
import { createPerson } from './post.service.ts'
import { currentPostsOfPeople, lockPerson } from './post.store.ts'
import { mayEndRelation, readRelation } from './relation.permissions.ts'
import type { GrantedRelation, NewRelation } from './relation.schema.ts'
import {
  findRelation,
  findRelationKind,
  insertRelation,
  lockRelation,
  readableRelationOf,
  relatedPeople,
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
    const subject = kind && subjects.get(kind.subject_kind)
    if (!kind || !subject) throw invalid('relation.no_such_kind', 'kind', '没有这类经办关系，请从类别清单中选择。')
    const withinOrgId = reachOfGrant(tx.actor, kind)
    const name = await subject.nameOf(tx, input.subjectId)
    if (name === undefined) throw invalid('relation.no_such_subject', 'subjectId', '单位不存在，请重新选择。')
    const obstacle = await subject.obstacle(tx, input.subjectId, withinOrgId)
    if (obstacle !== undefined) throw new InvalidState('relation.not_grantable', obstacle)
    const today = todayInShanghai(tx.now())
    const validFrom = input.validFrom ?? today
    if (input.validTo !== undefined && input.validTo <= today)
      throw invalid('relation.bad_period', 'validTo', '终止日期应晚于今天，请重新填写。')
    const person = await personOf(tx, db, input, today)
    const relation = {
      id: randomUUID(),
      person_id: person.id,
      kind: kind.id,
      subject_kind: kind.subject_kind,
      subject_id: input.subjectId,
      subject_name: name,
      within_org_id: withinOrgId,
      valid_from: validFrom,
      valid_to: input.validTo ?? null,
      granted_by: signature(tx),
      granted_at: tx.now(),
    }
    if (!(await insertRelation(db, relation)))
      throw new InvalidState('relation.exists', `该人员已是“${name}”的${kind.title}，无须再次授权。`)
    const detail = { person: person.id, kind: kind.id, subject: { kind: kind.subject_kind, id: input.subjectId, name } }
    await recordAudit(
      tx,
      'relation.granted',
      { kind: 'relation', id: relation.id },
      { ...detail, within: withinOrgId, validTo: relation.valid_to },
    )
    return { id: relation.id, username: person.username, initialPassword: person.initialPassword }
  })
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
    if (!mayEndRelation.allows(tx.actor, relation)) throw new NotPermitted('relation.not_yours', '经办关系由授权单位或市大数据中心终止。')
    if (standingOf(relation, todayInShanghai(tx.now())) === 'ended')
      throw new InvalidState('relation.ended', '该经办关系已经终止，无须再次办理。')
    await setRelationEnded(db, id, { by: signature(tx), at: tx.now(), reason })
    await endSessionsOfRelation(db, id)
    await recordAudit(tx, 'relation.ended', { kind: 'relation', id }, { person: relation.person_id, subject: relation.subject_id, reason })
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
