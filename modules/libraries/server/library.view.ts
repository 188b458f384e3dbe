import { type Ctx, decodeCursor, isId, notFound, pageWithin, toPage } from '@tongchou/kernel'
import { sql } from 'kysely'
import { batchKind, receiptText } from './attest.ts'
import { installationOf, listInstallations } from './install.store.ts'
import type { BatchLine, LibraryLine, LibraryQuery, PackLine } from './library.api.ts'
import { keepLibrary, queryOwnInterface, readLibrary } from './library.permissions.ts'
import { librariesDb } from './library.schema.ts'
import type { LibrariesPorts } from './ports.ts'

export function packLines({ packs }: LibrariesPorts, query: { limit?: number; cursor?: string }) {
  const lines = packs.map(
    ({ manifest, resources }): PackLine => ({
      pack: manifest.pack,
      title: manifest.title,
      version: manifest.version,
      summary: manifest.summary,
      resources: resources.map(({ name, title, kind, provider, entry, items, rules }) => ({
        name,
        title,
        kind,
        provider: provider.title,
        abstract: entry.abstract,
        itemCount: items.length,
        ruleCount: rules.length,
      })),
    }),
  )
  return pageWithin(lines, query)
}

export async function libraryPage(ctx: Ctx, ports: LibrariesPorts, query: LibraryQuery) {
  const limit = query.limit ?? 50
  const rows = await listInstallations(ctx, query, limit)
  const orgs = await ports.organisations.organisations(ctx, [...new Set(rows.map((row) => row.org_id))])
  return toPage(
    rows,
    limit,
    (row) => [row.title, row.resource],
    (row) => toLine(ctx, row, orgs.get(row.org_id)?.name ?? row.org_id),
  )
}

function toLine(ctx: Ctx, row: Awaited<ReturnType<typeof listInstallations>>[number], orgName: string): LibraryLine {
  return {
    id: row.resource,
    title: row.title,
    org: { id: row.org_id, name: orgName },
    state: row.state,
    reasons: [...row.reasons],
    structure: row.structure,
    wanted: row.version,
    changes: row.last_seq ?? 0,
    tries: row.tries,
    triedAt: row.tried_at.toISOString(),
    mayRetry: row.state !== 'installed' && keepLibrary.allows(ctx.actor, { orgId: row.org_id }),
  }
}

/** One line, as the list has it. */
export async function libraryLine(ctx: Ctx, ports: LibrariesPorts, id: string): Promise<LibraryLine> {
  const [row] = await listInstallations(ctx, { id }, 1)
  if (!row) throw notFound('基础库资源')
  return toLine(ctx, row, (await ports.organisations.organisation(ctx, row.org_id))?.name ?? row.org_id)
}

/** The resource as this actor may see how it is kept; 404 for whoever may not. */
export async function readableLibrary(ctx: Ctx, id: string | undefined) {
  const row = isId(id) ? await installationOf(ctx, id) : undefined
  if (!row || !readLibrary.allows(ctx.actor, { orgId: row.org_id })) throw notFound('基础库资源')
  return row
}

/**
 * The resource as this actor may query it, with the grant where that is what lets them. Who may see how it is kept needs none. What one was not granted
 * is answered as what is not there.
 */
export async function queryableLibrary(ctx: Ctx, { grants }: LibrariesPorts, id: string | undefined, grantId?: string) {
  const row = isId(id) ? await installationOf(ctx, id) : undefined
  if (row && grantId === undefined && readLibrary.allows(ctx.actor, { orgId: row.org_id })) return { row, grant: undefined }
  const grant = row && (await grants.grantToLook(ctx, row.resource, grantId))
  if (!row || !grant) throw notFound('基础库资源')
  return { row, grant }
}

/**
 * A resource whose records are read from its department's interface (接口转接), as this actor may query it: who answers for the data, or by a grant. The
 * center keeps none of it, so that it needs a grant like everybody else. Undefined where the records are collected.
 */
export async function queryableInterface(ctx: Ctx, { grants, interfaces }: LibrariesPorts, id: string | undefined, grantId?: string) {
  const passing = isId(id) ? await interfaces.passing(ctx, id) : undefined
  if (!passing) return undefined
  if (grantId === undefined && queryOwnInterface.allows(ctx.actor, passing)) return { passing, grant: undefined }
  const grant = await grants.grantToLook(ctx, passing.resource, grantId)
  if (!grant) throw notFound('基础库资源')
  return { passing, grant }
}

export async function batchPage(
  ctx: Ctx,
  ports: LibrariesPorts,
  resource: string,
  query: { limit?: number | undefined; cursor?: string | undefined },
) {
  const limit = query.limit ?? 50
  const before = decodeCursor(query.cursor, ['text', 'text'])
  let rows = librariesDb(ctx)
    .selectFrom('libraries.batch as b')
    .select(['b.batch_id', 'b.received_at', 'b.received_by', 'b.receipt'])
    .select((eb) =>
      eb
        .selectFrom('kernel.evidence_leaf as l')
        .innerJoin('kernel.evidence_place as p', 'p.seq', 'l.seq')
        .select(sql<string>`p.position::text`.as('position'))
        .where('l.kind', '=', batchKind)
        .where('l.subject', '=', sql<string>`b.resource || '/' || b.batch_id`)
        .limit(1)
        .as('leaf'),
    )
    .where('b.resource', '=', resource)
    .where('b.receipt', 'is not', null)
  if (before)
    rows = rows.where((eb) => eb(eb.refTuple('b.received_at', 'b.batch_id'), '<', eb.tuple(new Date(String(before[0])), String(before[1]))))
  const found = await rows
    .orderBy('b.received_at', 'desc')
    .orderBy('b.batch_id', 'desc')
    .limit(limit + 1)
    .execute()
  const names = await ports.senders.namesOf(ctx, [...new Set(found.map((row) => row.received_by))])
  return toPage(
    found,
    limit,
    (row) => [row.received_at.toISOString(), row.batch_id],
    (row): BatchLine => {
      const { receipt } = row
      if (!receipt) throw new Error('a batch without a receipt was asked for')
      const { batchId, rows: count, inserted, updated, deleted, unchanged, bad, seqFrom, seqTo } = receipt
      const counts = { rows: count, inserted, updated, deleted, unchanged, bad, seqFrom, seqTo }
      const leaf = row.leaf ?? null
      return {
        batchId,
        receivedAt: row.received_at.toISOString(),
        receivedBy: names.get(row.received_by) ?? row.received_by,
        receiptText: receiptText(receipt),
        leaf,
        ...counts,
      }
    },
  )
}
