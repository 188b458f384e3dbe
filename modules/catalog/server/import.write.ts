import { type Ctx, DomainError, InvalidState, inTransaction, recordAudit } from '@tongchou/kernel'
import { createEntry, rewriteEntry } from './compile.service.ts'
import type { ContentInput } from './content.schema.ts'
import { findImport, linesToWrite, moveImport } from './import.store.ts'
import type { ImportLineRow, ImportRow } from './import.tables.ts'
import type { CatalogPorts } from './ports.ts'
import { resourcesOfUnit, takeTurn } from './resource.store.ts'

const AT_ONCE = 50
/** Names in one message. */
const NAMED = 10

/**
 * Writes the lines of an import that was consented to: all of them in one transaction, or none. What is not as it was when the file was looked at is
 * named, and the import waits for another look.
 */
export async function writeImport(ctx: Ctx, ports: CatalogPorts, id: string, stopping?: AbortSignal): Promise<void> {
  try {
    await inTransaction(ctx, async (tx) => {
      const orgId = (await findImport(tx, id))?.org_id
      if (orgId === undefined) return
      // The turn of the unit keeps everybody else from its catalog; the row of the import stays free for its progress.
      await takeTurn(tx, orgId)
      const made = await findImport(tx, id)
      if (made?.state !== 'writing' || made.scope === null) return
      const lines = await linesToWrite(tx, id, made.scope)
      await requireUnmoved(tx, made, lines)
      let done = 0
      for (const line of lines) {
        stopping?.throwIfAborted()
        await writeLine(tx, ports, line)
        done += 1
        // Outside the transaction: how far it is can be seen while it is still open.
        if (done % AT_ONCE === 0) await moveImport(ctx, id, 'writing', { done_entries: done })
      }
      const { sha256, scope } = made
      await recordAudit(tx, 'catalog.imported', { kind: 'catalog-import', id }, { sha256, scope, entries: lines.length })
      await moveImport(tx, id, 'writing', { state: 'written', done_entries: lines.length, finished_at: tx.now() })
    })
  } catch (error) {
    if (stopping?.aborted) throw error
    // Nothing was written: it can be looked at and consented to again.
    const failure = error instanceof DomainError ? error.message : '系统未能写入，目录没有变化。请稍后重试。'
    await moveImport(ctx, id, 'writing', { state: 'ready', scope: null, failure })
    throw error
  }
}

async function writeLine(tx: Ctx, ports: CatalogPorts, { content, resource_id, base_version }: ImportLineRow): Promise<void> {
  const input = content as ContentInput
  if (resource_id !== null && base_version !== null) await rewriteEntry(tx, ports, resource_id, { ...input, version: base_version })
  else await createEntry(tx, ports, input, idsOf(input))
}

/** The ids that the items of a new entry bring along stay theirs; the next one is above all of them. */
function idsOf({ items }: ContentInput) {
  const known = items.filter(({ id }) => id !== undefined)
  return { known, last: Math.max(0, ...known.map(({ id = 'i0' }) => Number(id.slice(1)))) }
}

/** The catalog of the unit stands as it did when the file was looked at, as far as the file speaks of it. */
async function requireUnmoved(tx: Ctx, made: ImportRow, lines: readonly ImportLineRow[]): Promise<void> {
  const rows = new Map((await resourcesOfUnit(tx, made.org_id)).map((row) => [row.id, row]))
  const names = new Set([...rows.values()].map(({ name }) => name))
  const moved = lines.filter(({ resource_id, base_version, name }) =>
    resource_id === null ? names.has(name) : rows.get(resource_id)?.version !== base_version,
  )
  if (moved.length === 0) return
  const some = moved.slice(0, NAMED).map(({ name }) => `“${name}”`)
  throw new InvalidState(
    'catalog.import_outdated',
    `核对之后，目录${some.join('、')}${moved.length > NAMED ? `等${moved.length}项` : ''}又有变化，没有写入任何内容。请重新核对后再确认。`,
    moved.slice(0, NAMED).map(({ name, sheet, row_number }) => ({ path: `${sheet} 第${row_number}行`, message: `“${name}”又有变化` })),
  )
}
