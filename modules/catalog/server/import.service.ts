import { createHash } from 'node:crypto'
import { type ReadCatalog, readFilledCatalog } from '@tongchou/catalog-tables'
import {
  type Ctx,
  DomainError,
  InvalidState,
  InvalidValue,
  inTransaction,
  NotFound,
  NotPermitted,
  recordAudit,
  toPage,
} from '@tongchou/kernel'
import { markTable, readTable } from '@tongchou/workbook'
import { checkCatalog, refuseSecret } from './import.check.ts'
import { readImport } from './import.permissions.ts'
import type { CatalogImport, ImportConsent, ImportLineQuery } from './import.schema.ts'
import {
  fileOfImport,
  findImport,
  findingsOfImport,
  insertImport,
  linesOf,
  listImports,
  lockedCountWorking,
  lockImport,
  moveImport,
  replaceLines,
} from './import.store.ts'
import type { ImportRow } from './import.tables.ts'
import { toLine, viewImports } from './import.view.ts'
import { writeImport } from './import.write.ts'
import type { CatalogPorts } from './ports.ts'
import { compilerDuties } from './resource.permissions.ts'
import type { CatalogFile } from './table-export.service.ts'

/** Up to so many entries are looked at and written with the answer; more become a job. */
const DIRECT_ENTRIES = 100
const KEEP_MS = 7 * 24 * 60 * 60 * 1000
/** So many of one account may be at work. */
const MOST_WORKING = 2
export const importJob = 'catalog.import'

/**
 * Takes a workbook and holds it against the catalog (上传并核对): nothing of the catalog changes. A file that cannot be read, has nothing in it, or says
 * of something that it is secret is not kept.
 */
export async function uploadImport(ctx: Ctx, ports: CatalogPorts, fileName: string, content: Buffer): Promise<CatalogImport> {
  requireCompiler(ctx)
  const catalog = readFilledCatalog(await readTable(content, { name: fileName }))
  refuseSecret(catalog)
  const sha256 = createHash('sha256').update(content).digest('hex')
  const id = await inTransaction(ctx, async (tx) => {
    await refuseCrowd(tx)
    const row = await insertImport(tx, {
      ...ownerOf(tx),
      file_name: labelOf(fileName),
      content,
      size_bytes: content.length,
      sha256,
      profile: catalog.profile.id as ImportRow['profile'],
      state: 'checking',
      total_entries: catalog.entries.length,
      scope: null,
      failure: null,
      uploaded_at: tx.now(),
      checked_at: null,
      finished_at: null,
      expires_at: new Date(tx.now().getTime() + KEEP_MS),
    })
    await recordAudit(
      tx,
      'catalog.import_uploaded',
      { kind: 'catalog-import', id: row.id },
      { sha256, size: content.length, entries: catalog.entries.length },
    )
    if (catalog.entries.length > DIRECT_ENTRIES) await ports.jobs.enqueue(tx, importJob, { importId: row.id }, { onceKey: row.id })
    return row.id
  })
  if (catalog.entries.length <= DIRECT_ENTRIES) await check(ctx, ports, id, catalog)
  return readOneImport(ctx, id)
}

/** Looks at the file again, against the catalog as it is now (重新核对). */
export async function recheckImport(ctx: Ctx, ports: CatalogPorts, id: string, version: number): Promise<CatalogImport> {
  const made = await own(ctx, id)
  requireCompiler(ctx)
  const content = await fileOrGone(ctx, made)
  await inTransaction(ctx, async (tx) => {
    await refuseCrowd(tx)
    requireLook(await lockImport(tx, id), version)
    await moveImport(tx, id, 'ready', { state: 'checking', done_entries: 0, failure: null })
    await recordAudit(tx, 'catalog.import_rechecked', { kind: 'catalog-import', id }, {})
    if ((made.total_entries ?? 0) > DIRECT_ENTRIES) await ports.jobs.enqueue(tx, importJob, { importId: id }, { onceKey: id })
  })
  if ((made.total_entries ?? 0) <= DIRECT_ENTRIES) await check(ctx, ports, id, await catalogOf(made, content))
  return readOneImport(ctx, id)
}

/** Looks at a file and keeps what it would do. What was stopped meanwhile stays so. */
export async function check(ctx: Ctx, ports: CatalogPorts, id: string, catalog: ReadCatalog): Promise<void> {
  try {
    const found = await checkCatalog(ctx, ports, catalog, async (done) => {
      if (!(await moveImport(ctx, id, 'checking', { done_entries: done }))) throw new Stopped()
    })
    await inTransaction(ctx, async (tx) => {
      const row = await lockImport(tx, id)
      if (row?.state !== 'checking') return
      await replaceLines(
        tx,
        id,
        found.lines.map((line) => ({ ...line, import_id: id })),
      )
      await moveImport(tx, id, 'checking', {
        state: 'ready',
        done_entries: catalog.entries.length,
        findings: JSON.stringify(found.findings),
        head_rows: JSON.stringify(catalog.headRows),
        version: row.version + 1,
        checked_at: tx.now(),
      })
    })
  } catch (error) {
    if (error instanceof Stopped) return
    await moveImport(ctx, id, 'checking', { state: 'failed', failure: reasonOf(error), finished_at: ctx.now() })
    throw error
  }
}

/** Somebody pressed 停止. */
class Stopped extends Error {}

export function reasonOf(error: unknown): string {
  return error instanceof DomainError ? error.message : '系统未能完成，请稍后重试。'
}

/**
 * Writes what was consented to, in one transaction, as drafts and as changes of drafts (确认导入). The consent is to this file as it was looked at last; what
 * moved since is named and nothing is written.
 */
export async function commitImport(ctx: Ctx, ports: CatalogPorts, id: string, consent: ImportConsent): Promise<CatalogImport> {
  const made = await own(ctx, id)
  requireCompiler(ctx)
  if (consent.sha256 !== made.sha256)
    throw new InvalidValue('catalog.import_other_file', '确认的不是这个文件。请刷新后重新确认。', [
      { path: 'sha256', message: '与上传的文件不符' },
    ])
  const count = await inTransaction(ctx, async (tx) => {
    await refuseCrowd(tx)
    const row = requireLook(await lockImport(tx, id), consent.version)
    const shown = (await viewImports(tx, [row])).get(id)
    const offered = shown?.scopes.find(({ scope }) => scope === consent.scope)
    if (!offered) throw notOffered(shown)
    await moveImport(tx, id, 'ready', { state: 'writing', scope: consent.scope, done_entries: 0, failure: null })
    if (offered.count > DIRECT_ENTRIES) await ports.jobs.enqueue(tx, importJob, { importId: id }, { onceKey: id })
    return offered.count
  })
  if (count <= DIRECT_ENTRIES) await writeImport(ctx, ports, id)
  return readOneImport(ctx, id)
}

function notOffered(shown: CatalogImport | undefined): InvalidState {
  if (shown && (shown.counts.refused > 0 || shown.findings.some(({ severity }) => severity === 'error')))
    return new InvalidState(
      'catalog.import_in_part',
      '文件中有不能导入的内容，不能全部导入。请下载标注后的文件改正后重新上传，或者确认只导入其余部分。',
    )
  return new InvalidState('catalog.import_nothing', '没有可以写入的内容。')
}

/** Gives a file up (放弃): what is being looked at stops, and nothing of it stays. */
export async function discardImport(ctx: Ctx, id: string): Promise<CatalogImport> {
  await own(ctx, id)
  await inTransaction(ctx, async (tx) => {
    const row = await lockImport(tx, id)
    if (row?.state !== 'checking' && row?.state !== 'ready')
      throw new InvalidState('catalog.import_not_open', '导入已经开始写入或已经结束，不能放弃。')
    await moveImport(tx, id, row.state, { state: 'discarded', content: null, findings: '[]', finished_at: tx.now() })
    await replaceLines(tx, id, [])
    await recordAudit(tx, 'catalog.import_discarded', { kind: 'catalog-import', id }, {})
  })
  return readOneImport(ctx, id)
}

/** The file as it came, with every faulty cell marked and every opinion beside its row (标注后的文件). */
export async function markedImport(ctx: Ctx, id: string): Promise<CatalogFile> {
  const made = await own(ctx, id)
  if (made.state === 'checking') throw new InvalidState('catalog.import_not_checked', '文件正在核对，请稍候。')
  const content = await fileOrGone(ctx, made)
  const findings = [...made.findings, ...(await findingsOfImport(ctx, id))].map(({ column, ...rest }) =>
    column === null ? rest : { ...rest, column },
  )
  const marked = await markTable(content, findings, { name: made.file_name, headRows: made.head_rows })
  await inTransaction(ctx, (tx) => recordAudit(tx, 'catalog.import_marked', { kind: 'catalog-import', id }, { findings: findings.length }))
  return { fileName: `${made.file_name.replace(/\.[A-Za-z]{1,5}$/, '')}（校验意见）.xlsx`, content: marked }
}

export async function readOneImport(ctx: Ctx, id: string): Promise<CatalogImport> {
  const row = await own(ctx, id)
  return (await viewImports(ctx, [row])).get(id) as CatalogImport
}

/** One's own, newest first. */
export async function readImports(ctx: Ctx, limit: number, cursor: string | undefined) {
  const rows = await listImports(ctx, limit, cursor)
  const shown = await viewImports(ctx, rows)
  return toPage(
    rows,
    limit,
    (row) => [row.uploaded_at.toISOString(), row.id],
    (row) => shown.get(row.id) as CatalogImport,
  )
}

export async function readImportLines(ctx: Ctx, id: string, query: ImportLineQuery) {
  await own(ctx, id)
  const limit = query.limit ?? 50
  return toPage(await linesOf(ctx, id, query, limit), limit, (row) => [row.position], toLine)
}

async function own(ctx: Ctx, id: string): Promise<ImportRow> {
  const row = await findImport(ctx, id)
  if (!row || !readImport.allows(ctx.actor, row))
    throw new NotFound('catalog.import_not_found', '导入不存在，或者不是本人在当前岗位上传的。')
  return row
}

function requireLook(row: ImportRow | undefined, version: number): ImportRow {
  if (row?.state !== 'ready') throw new InvalidState('catalog.import_not_ready', '导入正在进行或已经结束，请刷新后查看。')
  if (row.version !== version) throw new InvalidState('catalog.import_looked_again', '文件已重新核对过，请按最新的核对结果确认。')
  return row
}

async function fileOrGone(ctx: Ctx, made: ImportRow): Promise<Buffer> {
  const content = await fileOfImport(ctx, made.id)
  if (!content) throw new InvalidState('catalog.import_gone', '文件已过保留期或已放弃，请重新上传。')
  return content
}

export async function catalogOf(made: Pick<ImportRow, 'file_name'>, content: Buffer): Promise<ReadCatalog> {
  return readFilledCatalog(await readTable(content, { name: made.file_name }))
}

async function refuseCrowd(tx: Ctx): Promise<void> {
  if ((await lockedCountWorking(tx, tx.actor.accountId)) >= MOST_WORKING)
    throw new InvalidState('catalog.import_too_many', `已有${MOST_WORKING}个文件正在核对或写入，请等其中一个完成。`)
}

function requireCompiler({ actor }: Ctx): void {
  if (!compilerDuties.some((duty) => actor.roles.has(duty)))
    throw new NotPermitted('catalog.not_compiler', '目录由资源所属单位编制，当前岗位不能导入。', [], { duties: compilerDuties })
}

function ownerOf({ actor }: Ctx) {
  return { account_id: actor.accountId, person_id: actor.personId, person_name: actor.name, post_id: actor.postId, org_id: actor.orgId }
}

/** The last part of a path, without control characters: a label for people. */
function labelOf(fileName: string): string {
  const name = (fileName.split(/[\\/]/).at(-1) ?? '')
    .replace(/\p{Cc}/gu, '')
    .trim()
    .toWellFormed()
  return name === '' ? '目录.xlsx' : name.length > 200 ? `${name.slice(0, 150)}…${name.slice(-40)}` : name
}
