import { type Ctx, InvalidValue, inTransaction, notFound, recordAudit, todayInShanghai } from '@tongchou/kernel'
import { identityDb } from './identity.tables.ts'
import { readOrganisation } from './organisation.permissions.ts'
import type { OfficeWithSuperior } from './organisation.schema.ts'
import { listOrganisations, lockOrganisation, type OrganisationFilter } from './organisation.store.ts'
import { currentPosts } from './post.store.ts'
import { deleteSuperior, insertSuperior, superiorOf, superiorsOf } from './superior.store.ts'

/** Names who is above an office (设置上级岗位), or nobody: whoever holds the post hears when the office is late. */
export async function setSuperior(ctx: Ctx, organisationId: string, postId: string | null): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const db = identityDb(tx)
    const today = todayInShanghai(tx.now())
    const organisation = await lockOrganisation(db, organisationId, today)
    if (!organisation || !readOrganisation.allows(tx.actor, organisation)) throw notFound('机构')
    const before = await superiorOf(db, organisationId, today)
    if (postId === null) await deleteSuperior(db, organisationId)
    else {
      const post = await currentPosts(db, today).where('post.id', '=', postId).executeTakeFirst()
      if (!post)
        throw new InvalidValue('superior.no_such_post', '所选岗位不存在或已结束，请重新选择。', [
          { path: 'postId', message: '岗位不存在或已结束' },
        ])
      await insertSuperior(db, organisationId, postId, tx.actor.name, tx.now())
    }
    const detail = { from: before?.postId ?? null, to: postId }
    await recordAudit(tx, 'organisation.superior_set', { kind: 'organisation', id: organisationId }, detail)
  })
}

/** Offices with whom they answer to, for the system administrator; those without one stand out. */
export async function listSuperiors(ctx: Ctx, filter: Pick<OrganisationFilter, 'q' | 'limit' | 'cursor'>) {
  const page = await listOrganisations(ctx, filter)
  const known = await superiorsOf(
    identityDb(ctx),
    page.items.map((office) => office.id),
    todayInShanghai(ctx.now()),
  )
  const items = page.items.map(({ id, name, kind }): OfficeWithSuperior => ({ id, name, kind, superior: known.get(id) ?? null }))
  return { ...page, items }
}
