import { createAccount, createOrganisation, createPerson, createPost, hashPassword, setSuperior } from '@tongchou/identity'
import type { Actor, Ctx } from '@tongchou/kernel'
import type { DemoCity } from './city.ts'
import { DEMO_PASSWORD, superiorUsername } from './people.ts'

/** Who acts in the demo city: each person at the post that a sign-in gives them, by user name. */
export type Cast = (username: string) => Actor

const FOUNDED = '2010-01-01'
const APPOINTED = '2023-01-01'

/** Sets up organisations, people, posts and accounts. The published password is hashed once and not four hundred times. */
export async function makeInstitutions(ctx: Ctx, { organisations, people }: DemoCity): Promise<Cast> {
  for (const [index, organisation] of organisations.entries())
    await createOrganisation(ctx, { ...organisation, sortOrder: (index + 1) * 10, validFrom: FOUNDED })
  const publishedHash = await hashPassword(DEMO_PASSWORD)
  const names = new Map(organisations.map(({ id, name }) => [id, name]))
  const actors = new Map<string, Actor>()
  for (const { name, username, posts } of people) {
    const person = await createPerson(ctx, { name })
    const ids: string[] = []
    for (const { orgId, title, duties } of posts)
      ids.push((await createPost(ctx, { personId: person.id, organisationId: orgId, title, duties, validFrom: APPOINTED })).id)
    const [first] = posts
    const [postId = ''] = ids
    const account = await createAccount(ctx, { personId: person.id, username, credential: { publishedHash }, postId })
    actors.set(username, {
      accountId: account.id,
      personId: person.id,
      name,
      postId,
      postTitle: first.title,
      orgId: first.orgId,
      orgName: names.get(first.orgId) ?? first.orgId,
      roles: new Set(first.duties),
    })
  }
  for (const { id } of organisations) {
    const superior = actors.get(superiorUsername(id))
    if (superior) await setSuperior(ctx, id, superior.postId)
  }
  return (username) => {
    const actor = actors.get(username)
    if (!actor) throw new RangeError(`演示人员中没有${username}`)
    return actor
  }
}
