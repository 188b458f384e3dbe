import { type Actor, type Ctx, type KeptAnswers, type KernelTables, keptAnswers, NotPermitted, todayInShanghai } from '@tongchou/kernel'
import type { FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import { lentDuties } from './delegation.store.ts'
import { type IdentityDb, identityDb } from './identity.tables.ts'
import { organisationsWithin } from './organisation.store.ts'
import { currentRelations, type RelationHolderRow } from './relation.store.ts'
import { digestOf } from './secret.ts'
import type { SecuritySettings } from './security-settings.schema.ts'
import { inForce } from './security-settings.store.ts'
import { findHolder, findSession, findToken, type HolderRow, type OwnHolderRow, touchSession, touchToken } from './session.store.ts'
import { type Unfinished, unfinishedOf } from './standing.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** May be called while this is still to be done: only what is needed to do it, and to leave. */
    allowsUnfinished?: readonly Unfinished[]
  }
}

export const sessionCookie = 'tongchou_session'
/** A request writes when it was last seen at most this often: reading pages must not be a write load. */
const touchEveryMs = 60_000

/** What a request came in with: the cookie of a session, or the token of a machine. */
export interface Credential {
  kind: 'session' | 'token'
  digest: string
}

const credentials = new WeakMap<FastifyRequest, Credential>()

/** How this request was authenticated; undefined for an anonymous one. */
export function credentialOf(request: FastifyRequest): Credential | undefined {
  return credentials.get(request)
}

export interface AuthenticatorOptions {
  db: Kysely<KernelTables>
  now: () => Date
  demo?: boolean
  /** What a day brings, done before its first request is answered. */
  onNewDay?: () => Promise<void>
}

/**
 * Who is asking, for the HTTP layer: by `Authorization: Bearer` or else by the session cookie. Null for nobody, an ended session, a
 * disabled account and a post that is no longer held; duties and settings are read anew each time, so that a change holds from the next
 * request on, in every process.
 */
export function createAuthenticator({ db, now, demo = false, onNewDay }: AuthenticatorOptions) {
  const identity = db as unknown as IdentityDb
  const known: Known = { sessions: keptAnswers(MOST_KEPT), tokens: keptAnswers(MOST_KEPT) }
  const day: Day = { begun: '' }
  return async (request: FastifyRequest): Promise<Actor | null> => {
    const authz = request.routeOptions.schema?.['x-authz']
    // Assets and unknown addresses ask for nobody; looking anybody up for them would be a query per file.
    if (!authz) return null
    if (onNewDay && (await begins(day, now(), onNewDay))) request.presence = undefined
    const holder = await holderOf({ db: identity, known, now: now(), demo }, request)
    if (!holder) return null
    if (!authz.public) refuseUnfinished(request, holder, inForce(holder.security, demo), now())
    const today = todayInShanghai(now())
    const made = actors.get(holder)
    if (made?.today === today) return made.actor
    const actor = await toActor(identity, holder, today)
    // Only a row that is kept comes again: it and the areas of its duties are of one snapshot.
    actors.set(holder, { today, actor })
    return actor
  }
}

/** The actor that a kept row was made into, on the day that it holds for. */
const actors = new WeakMap<HolderRow, { today: string; actor: Actor }>()

/** The day whose beginning was taken care of, and what is being done for it. */
interface Day {
  begun: string
  beginning?: Promise<void> | undefined
}

/** What a day brings is done before the first request of it is answered; who comes meanwhile waits. True when it was done just now. */
async function begins(day: Day, now: Date, onNewDay: () => Promise<void>): Promise<boolean> {
  const today = todayInShanghai(now)
  if (day.begun === today) return false
  day.beginning ??= onNewDay().finally(() => {
    day.beginning = undefined
  })
  await day.beginning
  day.begun = today
  return true
}

/** Who was found last, as long as the database says that nothing has changed since: the lookup costs more than most pages. */
interface Known {
  sessions: KeptAnswers<Awaited<ReturnType<typeof findSession>>>
  tokens: KeptAnswers<Awaited<ReturnType<typeof findToken>>>
}

const MOST_KEPT = 2_000

/** Sessions, posts and tokens end at an instant or a day, without anything being written: so what is kept holds for a second. */
function thisSecond(digest: string, now: Date): string {
  return `${digest} ${Math.floor(now.getTime() / 1000)}`
}

interface Asked {
  db: IdentityDb
  known: Known
  now: Date
  demo: boolean
}

async function holderOf(asked: Asked, request: FastifyRequest): Promise<HolderRow | undefined> {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const token = /^Bearer ([A-Za-z0-9_-]{20,200})$/i.exec(authorization)?.[1]
    return token === undefined ? undefined : holderOfToken(asked, request, digestOf(token))
  }
  const cookie = request.cookies[sessionCookie]
  return cookie === undefined ? undefined : holderOfSession(asked, request, digestOf(cookie))
}

async function holderOfSession({ db, known, now, demo }: Asked, request: FastifyRequest, digest: string): Promise<HolderRow | undefined> {
  const session = await known.sessions.get(request.presence, thisSecond(digest, now), () => findSession(db, digest, now))
  if (!session || isOver(session, inForce(session.security, demo), now)) return undefined
  const touches = now.getTime() - session.last_seen_at.getTime() >= touchEveryMs && !request.routeOptions.config.asksByItself
  if (touches) await touchSession(db, session.session_id, now)
  credentials.set(request, { kind: 'session', digest })
  return session
}

async function holderOfToken({ db, known, now }: Asked, request: FastifyRequest, digest: string): Promise<HolderRow | undefined> {
  const token = await known.tokens.get(request.presence, thisSecond(digest, now), () => findToken(db, digest, now))
  if (!token) return undefined
  if (token.last_seen_at === null || now.getTime() - token.last_seen_at.getTime() >= touchEveryMs) await touchToken(db, token.token_id, now)
  credentials.set(request, { kind: 'token', digest })
  return token
}

/** Until when a session must have begun, and been used, to be over now. */
export function overBy({ idleMinutes, sessionHours }: Pick<SecuritySettings, 'idleMinutes' | 'sessionHours'>, now: Date) {
  return { begunBy: new Date(now.getTime() - sessionHours * 3_600_000), seenBy: new Date(now.getTime() - idleMinutes * 60_000) }
}

function isOver(session: { created_at: Date; last_seen_at: Date }, settings: SecuritySettings, now: Date): boolean {
  const { begunBy, seenBy } = overBy(settings, now)
  return session.created_at <= begunBy || session.last_seen_at <= seenBy
}

function refuseUnfinished(request: FastifyRequest, holder: HolderRow, settings: SecuritySettings, now: Date): void {
  const left = unfinishedOf(holder, settings, now)
  if (left === null || request.routeOptions.config.allowsUnfinished?.includes(left)) return
  // The age of a password is the matter of whoever types it; machines have their own term.
  if (left === 'expired-password' && credentialOf(request)?.kind === 'token') return
  throw new NotPermitted(...refusals(settings)[left])
}

function refusals({ passwordMaxAgeDays }: SecuritySettings): Record<Unfinished, [code: string, message: string]> {
  return {
    'initial-password': ['password.change_required', '须先修改初始口令，再办理其他事项。请在“修改口令”页面设置新口令。'],
    'expired-password': ['password.expired', `口令已满 ${passwordMaxAgeDays} 天，须先修改，再办理其他事项。请在“修改口令”页面设置新口令。`],
    'second-factor': ['second_factor.enrolment_required', '管理员须先启用动态口令，再办理其他事项。请在“启用动态口令”页面办理。'],
  }
}

/** The actor that a post's holder is, without a session: for acts that are performed, not requested (the demo city's first rows). */
export async function actorOfPost(ctx: Ctx, postId: string): Promise<Actor | undefined> {
  const holder = await findHolder(identityDb(ctx), postId, ctx.now())
  return holder && toActor(identityDb(ctx), holder, todayInShanghai(ctx.now()))
}

/** What a token was limited to, where it was. */
function scopeOf(holder: OwnHolderRow & { access?: 'read' | 'write' | null; tags?: string[] | null }): Pick<Actor, 'scope'> {
  return holder.access && holder.tags ? { scope: { access: holder.access, tags: holder.tags } } : {}
}

/** The actor behind a row, with the organisations that a duty given for an area reaches. Who borrowed a post acts in both names. */
export async function toActor(db: IdentityDb, holder: HolderRow, today: string): Promise<Actor> {
  if ('relation_id' in holder) return toRelatedActor(holder)
  const within = await organisationsWithin(db, holder.areas, today)
  const post = {
    accountId: holder.account_id,
    postId: holder.post_id,
    postTitle: holder.title,
    orgId: holder.organisation_id,
    orgName: holder.organisation_name,
    ...(within.size > 0 ? { within } : {}),
  }
  if (!('lent_until' in holder))
    return { ...post, personId: holder.person_id, name: holder.person_name, roles: new Set(holder.duties), ...scopeOf(holder) }
  return {
    ...post,
    personId: holder.delegate_id,
    name: holder.delegate_name,
    roles: new Set(lentDuties(holder)),
    onBehalfOf: { personId: holder.person_id, name: holder.person_name },
  }
}

/** Somebody outside the offices: the relation in place of the post, the subject in place of the organisation. */
function toRelatedActor(holder: RelationHolderRow): Actor {
  const subject = { kind: holder.subject_kind, id: holder.subject_id }
  return {
    accountId: holder.account_id,
    personId: holder.person_id,
    name: holder.person_name,
    postId: holder.relation_id,
    postTitle: holder.title,
    orgId: `${subject.kind}:${subject.id}`,
    orgName: holder.subject_name,
    roles: new Set(holder.duties),
    relation: { id: holder.relation_id, kind: holder.kind, subject, withinOrgId: holder.within_org_id },
  }
}

/** The actor that a person is by a relation, without a session: for acts that are performed, not requested (the demo city). */
export async function actorOfRelation(ctx: Ctx, relationId: string): Promise<Actor | undefined> {
  const row = await currentRelations(identityDb(ctx), todayInShanghai(ctx.now())).where('relation.id', '=', relationId).executeTakeFirst()
  return row && toRelatedActor(row)
}
