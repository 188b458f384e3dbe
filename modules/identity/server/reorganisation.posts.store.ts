import { randomUUID } from 'node:crypto'
import type { Ctx, MovedThing } from '@tongchou/kernel'
import { type Selectable, sql } from 'kysely'
import type { IdentityDb, PostTable } from './identity.tables.ts'

/** A post that does not end before a day, with its holder's name. */
export type StandingPost = Selectable<PostTable> & { person_name: string }

/** Posts at some organisations that are held on a day or later. */
export async function postsAt(db: IdentityDb, organisationIds: readonly string[], day: string): Promise<StandingPost[]> {
  return db
    .selectFrom('identity.post as post')
    .innerJoin('identity.person as person', 'person.id', 'post.person_id')
    .selectAll('post')
    .select('person.name as person_name')
    .where('post.organisation_id', 'in', [...organisationIds])
    .where((eb) => eb.or([eb('post.valid_to', 'is', null), eb('post.valid_to', '>', day)]))
    .orderBy('person.name')
    .orderBy('post.id')
    .execute()
}

/** Ends a post on a day and goes on with it at another organisation: the same person, title, duties and end. Gives the new post's id. */
export async function movePost(db: IdentityDb, post: StandingPost, to: string, day: string, at: Date): Promise<string> {
  const id = randomUUID()
  const from = day > post.valid_from ? day : post.valid_from
  await db
    .insertInto('identity.post')
    .values({
      id,
      person_id: post.person_id,
      organisation_id: to,
      title: post.title,
      valid_from: from,
      valid_to: post.valid_to,
      updated_at: at,
    })
    .execute()
  await sql`insert into identity.post_duty (post_id, duty, area, valid_from, valid_to)
    select ${id}::uuid, duty, area, greatest(valid_from, ${from}::date), valid_to from identity.post_duty
    where post_id = ${post.id} and (valid_to is null or valid_to > ${from}::date)`.execute(db)
  await db
    .updateTable('identity.post')
    .set((eb) => ({ valid_to: from, version: eb('version', '+', 1), updated_at: at }))
    .where('id', '=', post.id)
    .execute()
  return id
}

/** Sessions, tokens, delegations and the post at sign-in follow the person to the new post. */
export async function moveCredentials(db: IdentityDb, from: string, to: string): Promise<void> {
  await db.updateTable('identity.session').set({ post_id: to }).where('post_id', '=', from).execute()
  await db.updateTable('identity.token').set({ post_id: to }).where('post_id', '=', from).execute()
  await db.updateTable('identity.account').set({ current_post_id: to }).where('current_post_id', '=', from).execute()
  await db.updateTable('identity.delegation').set({ post_id: to }).where('post_id', '=', from).where('ended_at', 'is', null).execute()
  await db.updateTable('identity.delegation').set({ to_post_id: to }).where('to_post_id', '=', from).where('ended_at', 'is', null).execute()
  await db.updateTable('identity.superior').set({ post_id: to }).where('post_id', '=', from).execute()
}

export async function tokensAt(db: IdentityDb, postId: string): Promise<{ id: string; name: string }[]> {
  return db.selectFrom('identity.token').select(['id', 'name']).where('post_id', '=', postId).orderBy('created_at').orderBy('id').execute()
}

export async function openDelegations(db: IdentityDb, postId: string): Promise<{ id: string }[]> {
  return db
    .selectFrom('identity.delegation')
    .select('id')
    .where('post_id', '=', postId)
    .where('ended_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

/** An office that takes over keeps its own superior; where it has none it gets that of the office it takes over from. */
export async function moveSuperiors(
  db: IdentityDb,
  from: readonly string[],
  successorOf: (orgId: string) => string,
): Promise<MovedThing[]> {
  const rows = await db
    .selectFrom('identity.superior as superior')
    .innerJoin('identity.post as post', 'post.id', 'superior.post_id')
    .innerJoin('identity.person as person', 'person.id', 'post.person_id')
    .selectAll('superior')
    .select(['person.name', 'post.title'])
    .where('superior.organisation_id', 'in', [...from])
    .orderBy('superior.organisation_id')
    .execute()
  const moved: MovedThing[] = []
  for (const row of rows) {
    const to = successorOf(row.organisation_id)
    if (to === row.organisation_id) continue
    await db
      .insertInto('identity.superior')
      .values({ organisation_id: to, post_id: row.post_id, set_by: row.set_by, set_at: row.set_at })
      .onConflict((c) => c.doNothing())
      .execute()
    await db.deleteFrom('identity.superior').where('organisation_id', '=', row.organisation_id).execute()
    moved.push({ kind: 'superior', id: row.post_id, title: `${row.name} ${row.title}`, role: '上级岗位', from: row.organisation_id, to })
  }
  return moved
}

/** How many lines of the audit log name some organisations: they stay as they are. */
export async function countAudited(ctx: Ctx, organisationIds: readonly string[]): Promise<number> {
  const row = await ctx.db
    .selectFrom('kernel.audit_event')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('org_id', 'in', [...organisationIds])
    .executeTakeFirstOrThrow()
  return row.count
}
