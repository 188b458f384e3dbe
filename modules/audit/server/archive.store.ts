import { type Ctx, decodeCursor, genesis } from '@tongchou/kernel'
import { type Insertable, sql } from 'kysely'
import { type ArchiveRow, type ArchiveTable, auditDb } from './audit.tables.ts'

/** At most so many rows in one package. */
const mostRows = 1_000_000

/** Nothing where the very same rows were packed before, also at the same moment. */
export async function insertArchive(ctx: Ctx, values: Insertable<ArchiveTable>): Promise<ArchiveRow | undefined> {
  const insert = auditDb(ctx).insertInto('audit.archive').values(values)
  return insert
    .onConflict((c) => c.constraint('archive_digest_once').doNothing())
    .returningAll()
    .executeTakeFirst()
}

export async function findArchive(ctx: Ctx, id: string): Promise<ArchiveRow | undefined> {
  return auditDb(ctx).selectFrom('audit.archive').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function findByDigest(ctx: Ctx, digest: string): Promise<ArchiveRow | undefined> {
  return auditDb(ctx).selectFrom('audit.archive').selectAll().where('digest', '=', digest).executeTakeFirst()
}

export async function listArchives(ctx: Ctx, limit: number, cursor: string | undefined): Promise<ArchiveRow[]> {
  const before = decodeCursor(cursor, ['integer'])
  let query = auditDb(ctx).selectFrom('audit.archive').selectAll()
  if (before) query = query.where('number', '<', before[0])
  return query
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute()
}

/** Where rows were taken out last; the genesis before any. */
export async function lastCut(ctx: Ctx): Promise<{ position: number; hash: Buffer }> {
  const cut = await auditDb(ctx)
    .selectFrom('kernel.audit_cut')
    .select(['position', 'hash'])
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
  return cut ?? { position: 0, hash: genesis }
}

/** The last place of those, from the beginning on, whose rows are all older than this moment. */
export async function lastPositionBefore(ctx: Ctx, at: Date): Promise<number> {
  const cut = await lastCut(ctx)
  const { rows } = await sql<{ last: number | null }>`
    select coalesce(
      (select s.position - 1 from kernel.audit_seal s join kernel.audit_event e on e.seq = s.seq
        where s.position <= ${cut.position + mostRows} and e.at >= ${at} order by s.position limit 1),
      (select max(position) from kernel.audit_seal where position <= ${cut.position + mostRows})) as last`.execute(auditDb(ctx))
  return rows[0]?.last ?? 0
}

export async function hashAt(ctx: Ctx, position: number): Promise<string> {
  const { hash } = await auditDb(ctx)
    .selectFrom('kernel.audit_seal')
    .select('hash')
    .where('position', '=', position)
    .executeTakeFirstOrThrow()
  return hash.toString('hex')
}

/** The public halves of the keys that ever signed. */
export async function listSigningKeys(ctx: Ctx) {
  return auditDb(ctx)
    .selectFrom('kernel.known_key')
    .select(['id', 'public_key', 'first_used_at'])
    .where('purpose', '=', 'signing')
    .orderBy('first_used_at', 'desc')
    .orderBy('id')
    .execute()
}
