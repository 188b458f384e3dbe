import { type Actor, type Ctx, decodeCursor } from '@tongchou/kernel'
import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import { type ProposalDraftTable, projectsDb } from './project.tables.ts'
import { ownDraft } from './proposal-draft.permissions.ts'

export type DraftRow = Selectable<ProposalDraftTable>

export async function insertDraft(ctx: Ctx, values: Insertable<ProposalDraftTable>): Promise<DraftRow> {
  return projectsDb(ctx).insertInto('projects.proposal_draft').values(values).returningAll().executeTakeFirstOrThrow()
}

export async function findDraft(ctx: Ctx, id: string): Promise<DraftRow | undefined> {
  return projectsDb(ctx).selectFrom('projects.proposal_draft').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Locks the row until the transaction ends, so that of two savings of one version one is refused. */
export async function lockDraft(ctx: Ctx, id: string): Promise<DraftRow | undefined> {
  return projectsDb(ctx).selectFrom('projects.proposal_draft').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function updateDraft(ctx: Ctx, id: string, set: Updateable<ProposalDraftTable>): Promise<DraftRow> {
  return projectsDb(ctx)
    .updateTable('projects.proposal_draft')
    .set({ ...set, version: sql<number>`version + 1`, updated_at: ctx.now() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function deleteDraft(ctx: Ctx, id: string): Promise<void> {
  await projectsDb(ctx).deleteFrom('projects.proposal_draft').where('id', '=', id).execute()
}

/** Newest change first; `limit + 1` rows so that the caller knows whether there are more. */
export async function listDrafts(ctx: Ctx, actor: Actor, limit: number, cursor: string | undefined): Promise<DraftRow[]> {
  const after = decodeCursor(cursor, ['instant', 'id'])
  let query = projectsDb(ctx).selectFrom('projects.proposal_draft').selectAll().where(ownDraft.where(actor))
  if (after) query = query.where(sql<boolean>`(updated_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  return query
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** Locked drafts of people of some organisations, and those that name one as the unit that will use the system. */
export async function draftsOfOrganisations(ctx: Ctx, orgIds: readonly string[]): Promise<DraftRow[]> {
  return projectsDb(ctx)
    .selectFrom('projects.proposal_draft')
    .selectAll()
    .where((eb) => eb.or([eb('owner_org_id', 'in', orgIds), eb(sql<string>`content->>'userUnitOrgId'`, 'in', orgIds)]))
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** A draft goes along with whoever writes it. It counts as untouched: what they have open may still be saved. */
export async function moveDraft(ctx: Ctx, id: string, ownerOrgId: string, userUnitOrgId: string | null): Promise<void> {
  await projectsDb(ctx)
    .updateTable('projects.proposal_draft')
    .set({
      owner_org_id: ownerOrgId,
      ...(userUnitOrgId === null ? {} : { content: sql`jsonb_set(content, '{userUnitOrgId}', to_jsonb(${userUnitOrgId}::text))` as never }),
    })
    .where('id', '=', id)
    .execute()
}
