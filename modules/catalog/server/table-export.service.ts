import { type CatalogProfile, type TableEntry, writeCatalog } from '@tongchou/catalog-tables'
import { type Ctx, InvalidState, inTransaction, recordAudit, todayInShanghai } from '@tongchou/kernel'
import type { Entry } from '@tongchou/metadata'
import { toContent } from './content.rows.ts'
import type { CatalogPorts } from './ports.ts'
import type { ResourceQuery } from './resource.schema.ts'
import { itemsOfAll, listResources } from './resource.store.ts'
import type { ItemRow, ResourceRow } from './resource.tables.ts'
import { namesOfEntries } from './table-names.ts'

/** Entries and items of one file: what is written can be read again within the limits of the import. */
const mostEntries = 5000
const mostItems = 10_000

/** Which entries: filtered as a list is, or one of them. */
type TableQuery = Omit<ResourceQuery, 'limit' | 'cursor'> & { id?: string }

/** A workbook of entries (目录导出), and what it is called. */
export interface CatalogFile {
  fileName: string
  content: Buffer
}

/**
 * The entries of a list, filtered as it is, whole and in the layout of a profile. The list's own query finds them, so that nothing is in the file that its
 * reader could not read; one instant of the database, however many statements it takes.
 */
export async function exportCatalog(ctx: Ctx, ports: CatalogPorts, profile: CatalogProfile, query: TableQuery): Promise<CatalogFile> {
  const entries = await ctx.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute((db) => readEntries({ ...ctx, db, inside: true }, ports, query))
  const content = await writeCatalog(profile, entries)
  const items = entries.reduce((sum, { entry }) => sum + entry.items.length, 0)
  // What left the house is written down before it leaves.
  await inTransaction(ctx, (tx) =>
    recordAudit(
      tx,
      'catalog.exported',
      { kind: 'catalog', id: profile.id },
      { profile: profile.id, filters: Object.keys(query), entries: entries.length, items },
    ),
  )
  return { fileName: `资源目录（${profile.title}）${todayInShanghai(ctx.now())}.xlsx`, content }
}

/** An empty workbook to fill in (空白模板). */
export async function catalogTemplate(profile: CatalogProfile): Promise<CatalogFile> {
  return { fileName: `${profile.title}.xlsx`, content: await writeCatalog(profile, []) }
}

async function readEntries(ctx: Ctx, ports: CatalogPorts, query: TableQuery): Promise<TableEntry[]> {
  const rows = await listResources(ctx, query, mostEntries)
  if (rows.length > mostEntries) throw tooMany(`超过${mostEntries}条目录`)
  const items = await itemsOfAll(
    ctx,
    rows.map(({ id }) => id),
  )
  const count = [...items.values()].reduce((sum, own) => sum + own.length, 0)
  if (count > mostItems) throw tooMany(`共${count}个信息项，超过${mostItems}个`)
  return tableEntries(ctx, ports, rows, items)
}

/** Stored entries as tables show them. */
export async function tableEntries(
  ctx: Ctx,
  ports: CatalogPorts,
  rows: readonly ResourceRow[],
  items: ReadonlyMap<string, readonly ItemRow[]>,
): Promise<TableEntry[]> {
  const providers = await ports.organisations.organisations(ctx, [...new Set(rows.map(({ org_id }) => org_id))])
  const entries = rows.map((row): Entry => {
    const publishedOn = row.registered_at === null ? null : todayInShanghai(row.registered_at)
    return {
      ...toContent(row, items.get(row.id) ?? []),
      provider: providers.get(row.org_id)?.name ?? row.org_id,
      code: row.code,
      publishedOn,
    }
  })
  const nameOf = await namesOfEntries(ctx, ports, entries)
  return rows.map((row, at) => ({ id: row.id, entry: entries[at] as Entry, nameOf }))
}

function tooMany(what: string): InvalidState {
  return new InvalidState('catalog.too_many_to_export', `${what}，一个文件容纳不下。请按提供方、状态等筛选后分次导出。`)
}
