import { type Ctx, InvalidValue } from '@tongchou/kernel'
import { casesDb } from './case.tables.ts'

const columns = [
  'id',
  'case_id',
  'subject_kind',
  'subject_id',
  'document_kind',
  'file_name',
  'media_type',
  'size',
  'sha256',
  'uploaded_by_person_id',
  'uploaded_by_org_id',
] as const

export async function insertAttachment(
  ctx: Ctx,
  file: { fileName: string; mediaType: string; sha256: string; content: Buffer },
): Promise<{ id: string }> {
  return casesDb(ctx)
    .insertInto('cases.attachment')
    .values({
      case_id: null,
      document_kind: null,
      file_name: file.fileName,
      media_type: file.mediaType,
      size: file.content.length,
      sha256: file.sha256,
      content: file.content,
      uploaded_by_person_id: ctx.actor.personId,
      uploaded_by_name: ctx.actor.name,
      uploaded_by_org_id: ctx.actor.orgId,
      uploaded_at: ctx.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
}

export async function findAttachment(ctx: Ctx, id: string) {
  return casesDb(ctx).selectFrom('cases.attachment').select(columns).where('id', '=', id).executeTakeFirst()
}

export async function attachmentContent(ctx: Ctx, id: string): Promise<Buffer> {
  const row = await casesDb(ctx).selectFrom('cases.attachment').select('content').where('id', '=', id).executeTakeFirstOrThrow()
  return row.content
}

/** Files of a case by id, without their content. */
export async function attachmentsOf(ctx: Ctx, caseId: string) {
  const rows = await casesDb(ctx).selectFrom('cases.attachment').select(columns).where('case_id', '=', caseId).execute()
  return new Map(rows.map((r) => [r.id, r]))
}

/** Ties uploaded files to the case they are handed in with. Only one's own, and only once. */
export async function attachToCase(ctx: Ctx, caseId: string, documents: readonly { kind: string; id: string }[]): Promise<void> {
  for (const { kind, id } of documents) {
    const tied = await casesDb(ctx)
      .updateTable('cases.attachment')
      .set({ case_id: caseId, document_kind: kind })
      .where('id', '=', id)
      .where('case_id', 'is', null)
      .where('subject_id', 'is', null)
      .where('uploaded_by_person_id', '=', ctx.actor.personId)
      .returning('id')
      .executeTakeFirst()
    if (!tied)
      throw new InvalidValue('document.not_uploaded', '材料未上传、不是本人上传或已用于其他办件，请重新上传。', [
        { path: 'documents', message: '请重新上传该材料' },
      ])
  }
}

/** Ties an uploaded file to a thing; false unless it is the actor's own and was not handed in before. */
export async function tieToSubject(ctx: Ctx, subject: { kind: string; id: string }, id: string): Promise<boolean> {
  const tied = await casesDb(ctx)
    .updateTable('cases.attachment')
    .set({ subject_kind: subject.kind, subject_id: subject.id })
    .where('id', '=', id)
    .where('case_id', 'is', null)
    .where('subject_id', 'is', null)
    .where('uploaded_by_person_id', '=', ctx.actor.personId)
    .where('uploaded_by_org_id', '=', ctx.actor.orgId)
    .returning('id')
    .executeTakeFirst()
  return tied !== undefined
}

/** Files of things of one kind, without their content. */
export async function filesOfSubjects(ctx: Ctx, kind: string, ids: readonly string[]) {
  if (ids.length === 0) return []
  return casesDb(ctx)
    .selectFrom('cases.attachment')
    .select(['id', 'subject_id', 'file_name', 'size'])
    .where('subject_kind', '=', kind)
    .where('subject_id', 'in', [...ids])
    .orderBy('uploaded_at')
    .orderBy('id')
    .execute()
}
