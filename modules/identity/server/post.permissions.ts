import type { Actor, DutyId } from '@tongchou/kernel'
import { type Expression, expressionBuilder, type SqlBool } from 'kysely'
import type { PostTable } from './identity.tables.ts'

/** Duties of people outside the administration: who holds nothing else is not a civil servant (政务人员). */
const outsideDuties: ReadonlySet<DutyId> = new Set(['enterprise', 'citizen'])

/** Bears a duty inside the administration (政务人员). */
export function isCivilServant(actor: Actor): boolean {
  return [...actor.roles].some((duty) => !outsideDuties.has(duty))
}

/** What of a post decides who may read it. */
export interface PostFacts {
  organisationId: string
  personId: string
}

/**
 * Who may know who holds a post: civil servants all of them, people of an enterprise those of their own one, everybody their own.
 * Citizens share one organisation and are therefore not shown to each other.
 */
export const readPost = {
  allows: (actor: Actor, post: PostFacts): boolean =>
    isCivilServant(actor) || (actor.roles.has('enterprise') && post.organisationId === actor.orgId) || post.personId === actor.personId,
  where: (actor: Actor): Expression<SqlBool> => {
    const eb = expressionBuilder<{ post: PostTable }, 'post'>()
    if (isCivilServant(actor)) return eb.and([])
    const own = eb('post.person_id', '=', actor.personId)
    return actor.roles.has('enterprise') ? eb.or([eb('post.organisation_id', '=', actor.orgId), own]) : own
  },
}

/** 系统管理员: accounts, and every act on organisations, people and posts. */
export function isSystemAdmin(actor: Actor): boolean {
  return actor.roles.has('system-admin')
}

/** 三员. */
export const administrators: readonly DutyId[] = ['system-admin', 'security-admin', 'audit-admin']

/**
 * Separation of duties (三员分立): one person is at most one of the three administrators, and an administrator has no business duty,
 * counted over all posts of the person. Answers what is wrong, in Chinese.
 */
export function dutyConflict(duties: ReadonlySet<DutyId>): string | undefined {
  const held = administrators.filter((duty) => duties.has(duty))
  if (held.length > 1) return '系统管理员、安全管理员、审计管理员不得由同一人担任。请改由不同人员分别担任。'
  if (held.length === 1 && duties.size > 1) return '管理员不得兼任业务职责。请为业务职责另设人员。'
  return undefined
}

/** 安全管理员: who is signed in, with what, under which rules; never accounts or posts. */
export function isSecurityAdmin(actor: Actor): boolean {
  return actor.roles.has('security-admin')
}
