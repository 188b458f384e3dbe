import { Writable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { Kysely } from 'kysely'
import { fixedClock, type SettableClock } from './clock.ts'
import type { Actor, Ctx, DutyId } from './context.ts'
import { type AppOptions, buildApp } from './http/app.ts'
import type { KernelTables } from './tables.ts'

/** A person by name, in one post, with some duties. */
export function actorOf(name: string, ...duties: DutyId[]): Actor {
  const ids = { accountId: `account-${name}`, personId: `person-${name}`, postId: `post-${name}` }
  return { ...ids, name, postTitle: '科员', orgId: 'civil-affairs', orgName: '市民政局', roles: new Set(duties) }
}

export const clerk = actorOf('clerk', 'applicant')
export const officer = actorOf('officer', 'drc')

/** A context of the clerk, outside any transaction. */
export function ctxOf(db: Kysely<KernelTables>, changes: Partial<Ctx> = {}): Ctx {
  return { db, actor: clerk, now: () => new Date('2026-03-02T01:00:00Z'), requestId: 'test', inside: false, ...changes }
}

/** An application whose callers say in `x-as` who they are, and its clock. */
export async function givenApp(
  db: Kysely<KernelTables>,
  options: Partial<AppOptions> = {},
): Promise<{ app: FastifyInstance; clock: SettableClock }> {
  const clock = fixedClock('2026-03-02T01:00:00Z')
  const people = new Map([clerk, officer].map((actor) => [actor.name, actor]))
  const authenticate: AppOptions['authenticate'] = async ({ headers }) => people.get(String(headers['x-as'])) ?? null
  return { app: await buildApp({ db, now: () => clock.now(), authenticate, ...options }), clock }
}

/** Takes log lines and keeps them. */
export function keptLog(): { stream: Writable; text: () => string; lines: () => Record<string, unknown>[] } {
  const kept: string[] = []
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      kept.push(String(chunk))
      done()
    },
  })
  return { stream, text: () => kept.join(''), lines: () => kept.map((line) => JSON.parse(line)) }
}
