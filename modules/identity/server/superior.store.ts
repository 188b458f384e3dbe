import type { SuperiorView } from '@tongchou/kernel'
import type { IdentityDb } from './identity.tables.ts'
import { currentPosts } from './post.store.ts'

/** Who is above an office, if the post is still held. */
export async function superiorOf(db: IdentityDb, organisationId: string, today: string): Promise<SuperiorView | undefined> {
  return (await superiorsOf(db, [organisationId], today)).get(organisationId)
}

/** Who is above each of some offices, through posts that are still held. */
export async function superiorsOf(db: IdentityDb, ids: readonly string[], today: string): Promise<Map<string, SuperiorView>> {
  if (ids.length === 0) return new Map()
  const rows = await currentPosts(db, today)
    .innerJoin('identity.superior as superior', 'superior.post_id', 'post.id')
    .select('superior.organisation_id as office_id')
    .where('superior.organisation_id', 'in', [...ids])
    .execute()
  return new Map(
    rows.map((row) => [
      row.office_id,
      { personId: row.person_id, name: row.person_name, postId: row.post_id, postTitle: row.title, orgName: row.organisation_name },
    ]),
  )
}

export async function insertSuperior(db: IdentityDb, organisationId: string, postId: string, by: string, at: Date): Promise<void> {
  const values = { organisation_id: organisationId, post_id: postId, set_by: by, set_at: at }
  await db
    .insertInto('identity.superior')
    .values(values)
    .onConflict((c) => c.column('organisation_id').doUpdateSet({ post_id: postId, set_by: by, set_at: at }))
    .execute()
}

export async function deleteSuperior(db: IdentityDb, organisationId: string): Promise<void> {
  await db.deleteFrom('identity.superior').where('organisation_id', '=', organisationId).execute()
}
