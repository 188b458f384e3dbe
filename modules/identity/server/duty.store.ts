import { resolveDivision } from '@tongchou/kernel'
import type { PostDuty } from './duty.schema.ts'
import type { IdentityDb } from './identity.tables.ts'
import type { Grant } from './post.store.ts'

/** Every duty that was ever given to a post, the standing ones first. */
export async function grantsOf(db: IdentityDb, postId: string, today: string): Promise<PostDuty[]> {
  const rows = await db
    .selectFrom('identity.post_duty')
    .selectAll()
    .where('post_id', '=', postId)
    .orderBy('valid_from', 'desc')
    .orderBy('duty')
    .orderBy('id')
    .execute()
  const order = ['standing', 'coming', 'ended']
  return rows
    .map(
      (row): PostDuty => ({
        id: row.id,
        duty: row.duty,
        area: row.area === null ? null : { code: row.area, name: areaName(row.area) },
        validFrom: row.valid_from,
        validTo: row.valid_to,
        state: row.valid_to !== null && row.valid_to <= today ? 'ended' : row.valid_from > today ? 'coming' : 'standing',
      }),
    )
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
}

/** The division that the code begins with by name: towns and villages are not in the table that ships. */
export function areaName(code: string): string {
  return resolveDivision(code.slice(0, 6))?.name ?? code
}

/** Whether the post has or will have the duty, in the same area, on a day of the period. */
export async function grantOverlaps(db: IdentityDb, postId: string, grant: Grant): Promise<boolean> {
  let query = db
    .selectFrom('identity.post_duty')
    .select('id')
    .where('post_id', '=', postId)
    .where('duty', '=', grant.duty)
    .where('area', grant.area === null ? 'is' : '=', grant.area)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', grant.validFrom)]))
  if (grant.validTo !== null) query = query.where('valid_from', '<', grant.validTo)
  return (await query.executeTakeFirst()) !== undefined
}

export async function setGrantEnd(db: IdentityDb, postId: string, id: number, validTo: string): Promise<void> {
  await db.updateTable('identity.post_duty').set({ valid_to: validTo }).where('post_id', '=', postId).where('id', '=', id).execute()
}

/** Duties that a post is given from a later day on. */
export async function comingDuties(db: IdentityDb, postId: string, today: string): Promise<string[]> {
  const rows = await db
    .selectFrom('identity.post_duty')
    .select('duty')
    .where('post_id', '=', postId)
    .where('valid_from', '>', today)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', eb.ref('valid_from'))]))
    .execute()
  return rows.map((row) => row.duty)
}
