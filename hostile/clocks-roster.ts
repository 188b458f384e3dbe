import { createOrganisation, createPerson, createPost, setSuperior } from '@tongchou/identity'
import { type Actor, type Ctx, systemActor } from '@tongchou/kernel'

/** Offices of the simulated city. Two bear the duty that handles; one of them has somebody above it. */
export type Office = 'office' | 'branch'

/** Who holds which duty where. What the driver expects of notices follows from this table alone. */
const posts = {
  first: { org: 'office', duty: 'handler' },
  second: { org: 'office', duty: 'handler' },
  third: { org: 'branch', duty: 'handler' },
  clerk: { org: 'clerks', duty: 'applicant' },
  dispatcher: { org: 'dispatch', duty: 'dispatcher' },
  deputy: { org: 'dispatch', duty: 'dispatcher' },
  supervisor: { org: 'inspectors', duty: 'supervisor' },
  chief: { org: 'city', duty: 'chief' },
} as const
export type Who = keyof typeof posts

export const everybody = Object.keys(posts) as Who[]
export const dispatchers: readonly Who[] = ['dispatcher', 'deputy']
export const membersOf: Readonly<Record<Office, readonly Who[]>> = { office: ['first', 'second'], branch: ['third'] }
export const handlers: readonly Who[] = [...membersOf.office, ...membersOf.branch]
export const officeOf = (who: Who): Office => (posts[who].org === 'branch' ? 'branch' : 'office')

/** What the step and the procedure of the simulated city allow besides deciding. */
export const handling = {
  pauses: [
    { ground: 'supplement', title: '补正', article: 'T-1', basis: 'local' },
    { ground: 'publicity', title: '公示', article: 'T-1', basis: 'local' },
    { ground: 'expert-review', title: '专家评审', article: 'T-1', basis: 'local' },
  ],
  asks: { extend: 'dispatcher', extendTimes: 3, extendLate: true, shelve: 'dispatcher', 'not-mine': 'dispatcher' },
}
export const control = { supervise: ['supervisor'], void: ['dispatcher'], urgeHours: 24 }

/** Everybody as the product knows them. */
export type Roster = Readonly<Record<Who, { personId: string; postId: string; orgId: string; duty: string }>>

/** Appoints everybody. */
export async function appoint(ctx: Ctx): Promise<Roster> {
  const orgs = new Set(Object.values(posts).map(({ org }) => org))
  for (const id of orgs) await createOrganisation(ctx, { id, name: `市${id}`, kind: 'city-department', validFrom: '2023-01-01' })
  const roster: Partial<Record<Who, Roster[Who]>> = {}
  for (const who of everybody) {
    const { org, duty } = posts[who]
    const person = await createPerson(ctx, { name: who })
    const post = await createPost(ctx, {
      ...{ personId: person.id, organisationId: org, title: '科员', duties: [duty], validFrom: '2023-01-01' },
    })
    roster[who] = { personId: person.id, postId: post.id, orgId: org, duty }
  }
  const known = roster as Roster
  await setSuperior({ ...ctx, actor: { ...systemActor, roles: new Set(['system-admin']) } }, 'office', known.chief.postId)
  return known
}

/** Somebody as the one who acts. */
export function actorOf(who: Who, roster: Roster): Actor {
  const { personId, postId, orgId, duty } = roster[who]
  const named = { name: who, postTitle: '科员', orgName: `市${orgId}` }
  return { accountId: `account-${who}`, personId, postId, orgId, ...named, roles: new Set([duty]) }
}
