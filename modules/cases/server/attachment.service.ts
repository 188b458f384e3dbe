import { createHash } from 'node:crypto'
import { type Ctx, type FilesPort, InvalidValue, inTransaction, NotFound, recordAudit } from '@tongchou/kernel'
import { fileTypeFromBuffer } from 'file-type'
import type { CasesPorts } from '../ports.ts'
import { attachmentContent, filesOfSubjects, findAttachment, insertAttachment, tieToSubject } from './attachment.store.ts'
import { findCase } from './case.store.ts'
import { mayReadCase } from './case-reading.ts'

/** Largest file that is taken, in bytes: what a scanned feasibility report needs. */
export const maxFileBytes = 20 * 1024 * 1024

/** What offices hand in, by the content's own type; the ending must agree, so that nobody opens something else than they expect. */
const accepted: Record<string, { endings: readonly string[]; title: string }> = {
  'application/pdf': { endings: ['pdf'], title: 'PDF' },
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': { endings: ['docx'], title: 'Word' },
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': { endings: ['xlsx'], title: 'Excel' },
  'image/png': { endings: ['png'], title: 'PNG 图片' },
  'image/jpeg': { endings: ['jpg', 'jpeg'], title: 'JPEG 图片' },
  'application/zip': { endings: ['ofd'], title: 'OFD' },
  'text/plain': { endings: ['txt'], title: '文本' },
}

/** Stores an uploaded file. Its type is told by its content, its name is only a label, its digest is kept. */
export async function storeAttachment(ctx: Ctx, fileName: string, content: Buffer) {
  const name = cleanName(fileName)
  if (content.length === 0) throw refused('文件为空，请重新选择文件。')
  const mediaType = await typeOf(content)
  const ending = name.includes('.') ? (name.split('.').at(-1) ?? '').toLowerCase() : ''
  const known = accepted[mediaType]
  if (!known) throw refused(`“${name}”不是可以接收的文件。可以接收：PDF、Word（docx）、Excel（xlsx）、OFD、PNG、JPEG、文本（txt）。`)
  if (!known.endings.includes(ending)) throw refused(`“${name}”的内容是${known.title}，与扩展名不符，请改用正确的扩展名后上传。`)
  const sha256 = createHash('sha256').update(content).digest('hex')
  return inTransaction(ctx, async (tx) => {
    const { id } = await insertAttachment(tx, { fileName: name, mediaType, sha256, content })
    await recordAudit(tx, 'attachment.uploaded', { kind: 'attachment', id }, { sha256, size: content.length })
    return { id, fileName: name, mediaType, byteCount: content.length, sha256 }
  })
}

/** A file for who uploaded it and who may read its case; each download leaves its audit row. */
export async function readAttachment(ctx: Ctx, ports: CasesPorts, id: string) {
  const file = await findAttachment(ctx, id)
  if (!file || !(await mayDownload(ctx, ports, file)))
    throw new NotFound('attachment.not_found', '材料不存在，或不在当前岗位可查看的范围内。')
  const content = await attachmentContent(ctx, id)
  await recordAudit(ctx, 'attachment.downloaded', { kind: 'attachment', id }, { caseId: file.case_id })
  return { fileName: file.file_name, mediaType: file.media_type, content }
}

async function mayDownload(ctx: Ctx, ports: CasesPorts, file: NonNullable<Awaited<ReturnType<typeof findAttachment>>>): Promise<boolean> {
  if (file.subject_kind !== null && file.subject_id !== null)
    return (await ports.fileSubjects.get(file.subject_kind)?.mayRead(ctx, file.subject_id)) ?? false
  if (file.case_id === null) return file.uploaded_by_person_id === ctx.actor.personId
  const row = await findCase(ctx, file.case_id)
  return row !== undefined && mayReadCase(ctx, ports, row)
}

async function typeOf(content: Buffer): Promise<string> {
  const found = await fileTypeFromBuffer(content)
  if (found) return found.mime
  return isPlainText(content) ? 'text/plain' : 'application/octet-stream'
}

function isPlainText(content: Buffer): boolean {
  if (content.includes(0)) return false
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content)
    // What a browser would take for a page is no plain text, whatever it is called.
    return !/^\s*(<!doctype|<html|<svg|<\?xml|<script)/i.test(text)
  } catch {
    return false
  }
}

/** The last part of a path, without control characters: a label for people, never a place on a disk. */
function cleanName(fileName: string): string {
  const name = (fileName.split(/[\\/]/).at(-1) ?? '').replace(/\p{Cc}/gu, '').trim()
  if (name === '' || !name.isWellFormed()) throw refused('文件名无效，请重新命名后上传。')
  return name.length > 200 ? `${name.slice(0, 150)}…${name.slice(-40)}` : name
}

function refused(message: string): InvalidValue {
  return new InvalidValue('attachment.refused', message, [{ path: 'file', message }])
}

/** Files that are handed in with things that are no case (材料). */
export const filesPort: FilesPort = {
  attach: async (ctx, subject, fileIds) => {
    for (const id of fileIds)
      if (!(await tieToSubject(ctx, subject, id)))
        throw new InvalidValue('document.not_uploaded', '材料未上传、不是本人上传或已用于其他事项，请重新上传。', [
          { path: 'files', message: '请重新上传该材料' },
        ])
  },
  filesOf: async (ctx, kind, ids) => {
    const rows = await filesOfSubjects(ctx, kind, ids)
    const byThing = Map.groupBy(rows, (row) => row.subject_id ?? '')
    return new Map(
      [...byThing].map(([id, files]) => [id, files.map((file) => ({ id: file.id, fileName: file.file_name, byteCount: file.size }))]),
    )
  },
}
