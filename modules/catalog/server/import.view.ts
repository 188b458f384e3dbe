import type { Ctx } from '@tongchou/kernel'
import type { CatalogImport, ImportLine, ImportScope } from './import.schema.ts'
import { countLines } from './import.store.ts'
import type { ImportLineRow, ImportRow } from './import.tables.ts'

type Counts = CatalogImport['counts'] & { storable: number; faultless: number }
const none: Counts = { new: 0, changed: 0, unchanged: 0, refused: 0, faulty: 0, storable: 0, faultless: 0 }

/** Imports as they are shown, with what each would do. */
export async function viewImports(ctx: Ctx, rows: readonly ImportRow[]): Promise<Map<string, CatalogImport>> {
  const counts = new Map<string, Counts>()
  for (const { import_id, verdict, count, faulty } of await countLines(
    ctx,
    rows.map(({ id }) => id),
  )) {
    const own = counts.get(import_id) ?? { ...none }
    own[verdict] += count
    if (verdict === 'new' || verdict === 'changed') {
      own.storable += count
      own.faulty += faulty
      own.faultless += count - faulty
    }
    counts.set(import_id, own)
  }
  return new Map(rows.map((row) => [row.id, toImport(row, counts.get(row.id) ?? none, ctx.now())]))
}

function toImport(row: ImportRow, counts: Counts, now: Date): CatalogImport {
  const { storable: _storable, faultless: _faultless, ...shown } = counts
  return {
    id: row.id,
    fileName: row.file_name,
    byteCount: row.size_bytes,
    sha256: row.sha256,
    profile: row.profile,
    state: row.state,
    doneCount: row.done_entries,
    totalCount: row.total_entries,
    counts: shown,
    findings: row.findings,
    scopes: row.state === 'ready' && row.expires_at > now ? scopesOf(row, counts) : [],
    writtenScope: row.scope,
    failure: row.failure,
    hasFile: row.has_file,
    version: row.version,
    uploadedAt: row.uploaded_at.toISOString(),
    checkedAt: row.checked_at?.toISOString() ?? null,
    expiresAt: row.expires_at.toISOString(),
  }
}

/** What may be consented to: a part only where there is a rest, the whole only where nothing of it is refused. */
export function scopesOf(row: Pick<ImportRow, 'findings'>, counts: Counts): { scope: ImportScope; count: number }[] {
  const whole = counts.refused === 0 && !row.findings.some(({ severity }) => severity === 'error')
  const offered: { scope: ImportScope; count: number }[] = [
    ...(whole ? [{ scope: 'all' as const, count: counts.storable }] : [{ scope: 'storable' as const, count: counts.storable }]),
    ...(counts.faulty > 0 ? [{ scope: 'faultless' as const, count: counts.faultless }] : []),
  ]
  return offered.filter(({ count }) => count > 0)
}

export function toLine(row: ImportLineRow): ImportLine {
  return {
    position: row.position,
    name: row.name,
    sheet: row.sheet,
    row: row.row_number,
    verdict: row.verdict,
    isFaulty: row.verdict !== 'refused' && row.errors > 0,
    resourceId: row.resource_id,
    fields: row.difference.fields,
    parts: row.difference.parts,
    findings: row.findings,
  }
}
