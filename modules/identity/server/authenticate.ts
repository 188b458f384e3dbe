import { type Actor, type Ctx, type KeptAnswers, type KernelTables, keptAnswers, NotPermitted, todayInShanghai } from '@tongchou/kernel'
import type { FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import { lentDuties } from './delegation.store.ts'
import { type IdentityDb, identityDb } from './identity.tables.ts'
import { organisationsWithin } from './organisation.store.ts'
import { digestOf } from './secret.ts'
import { findHolder, findSession, findToken, type HolderRow, touchSession, touchToken } from './session.store.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** May be called with a password that has to be changed first: only what is needed to change it. */
    allowsExpiredPassword?: boolean
  }
}

export const sessionCookie = 'tongchou_session'
/** A session ends after this long without a request, */
export const sessionIdleMs = 2 * 60 * 60 * 1000
/** and after this long in any case: a working day, not the night after it. */
export const sessionMaxMs = 12 * 60 * 60 * 1000
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

/**
 * Who is asking, for the HTTP layer: by `Authorization: Bearer` or else by the session cookie. Null for nobody, an ended session, a
 * disabled account and a post that is no longer held; duties are read anew each time, so that a change holds from the next request on.
 */
export function createAuthenticator({ db, now }: { db: Kysely<KernelTables>; now: () => Date }) {
  const identity = db as unknown as IdentityDb
  const known: Known = { sessions: keptAnswers(MOST_KEPT), tokens: keptAnswers(MOST_KEPT) }
  return async (request: FastifyRequest): Promise<Actor | null> => {
    const authz = request.routeOptions.schema?.['x-authz']
    // Assets and unknown addresses ask for nobody; looking anybody up for them would be a query per file.
    if (!authz) return null
    const holder = await holderOf(identity, known, request, now())
    if (!holder) return null
    if (holder.must_change && !authz.public && !request.routeOptions.config.allowsExpiredPassword)
      throw new NotPermitted('password.change_required', '须先修改初始口令，再办理其他事项。请在“修改口令”页面设置新口令。')
    return toActor(identity, holder, todayInShanghai(now()))
  }
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

async function holderOf(db: IdentityDb, known: Known, request: FastifyRequest, now: Date): Promise<HolderRow | undefined> {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const token = /^Bearer ([A-Za-z0-9_-]{20,200})$/i.exec(authorization)?.[1]
    return token === undefined ? undefined : holderOfToken(db, known, request, digestOf(token), now)
  }
  const cookie = request.cookies[sessionCookie]
  return cookie === undefined ? undefined : holderOfSession(db, known, request, digestOf(cookie), now)
}

async function holderOfSession(
  db: IdentityDb,
  known: Known,
  request: FastifyRequest,
  digest: string,
  now: Date,
): Promise<HolderRow | undefined> {
  const session = await known.sessions.get(request.presence, thisSecond(digest, now), () => findSession(db, digest, now))
  if (!session) return undefined
  if (now.getTime() - session.last_seen_at.getTime() >= touchEveryMs)
    await touchSession(db, session.session_id, now, new Date(now.getTime() + sessionIdleMs))
  credentials.set(request, { kind: 'session', digest })
  return session
}

async function holderOfToken(
  db: IdentityDb,
  known: Known,
  request: FastifyRequest,
  digest: string,
  now: Date,
): Promise<HolderRow | undefined> {
  const token = await known.tokens.get(request.presence, thisSecond(digest, now), () => findToken(db, digest, now))
  if (!token) return undefined
  if (token.last_seen_at === null || now.getTime() - token.last_seen_at.getTime() >= touchEveryMs) await touchToken(db, token.token_id, now)
  credentials.set(request, { kind: 'token', digest })
  return token
}

/** The actor that a post's holder is, without a session: for acts that are performed, not requested (the demo city's first rows). */
export async function actorOfPost(ctx: Ctx, postId: string): Promise<Actor | undefined> {
  const holder = await findHolder(identityDb(ctx), postId, ctx.now())
  return holder && toActor(identityDb(ctx), holder, todayInShanghai(ctx.now()))
}

/** The actor behind a row, with the organisations that a duty given for an area reaches. Who borrowed a post acts in both names. */
export async function toActor(db: IdentityDb, holder: HolderRow, today: string): Promise<Actor> {
  const within = await organisationsWithin(db, holder.areas, today)
  const post = {
    accountId: holder.account_id,
    postId: holder.post_id,
    postTitle: holder.title,
    orgId: holder.organisation_id,
    orgName: holder.organisation_name,
    ...(within.size > 0 ? { within } : {}),
  }
  if (!('lent_until' in holder)) return { ...post, personId: holder.person_id, name: holder.person_name, roles: new Set(holder.duties) }
  return {
    ...post,
    personId: holder.delegate_id,
    name: holder.delegate_name,
    roles: new Set(lentDuties(holder)),
    onBehalfOf: { personId: holder.person_id, name: holder.person_name },
  }
}
