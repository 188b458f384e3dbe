import type { Ctx } from '@tongchou/kernel'
import { decodeCursor } from '@tongchou/kernel'
import type { ResourceDefinition } from '@tongchou/records'
import type { PackStructure } from './collected.ts'
import { readLibrary } from './library.permissions.ts'
import { type InstallationTable, librariesDb, type PackOriginTable } from './library.schema.ts'

/** The structure that stands now; undefined where nothing is built. */
export async function installedDefinition(ctx: Ctx, resource: string): Promise<ResourceDefinition | undefined> {
  const row = await librariesDb(ctx)
    .selectFrom('libraries.head as h')
    .innerJoin('libraries.structure as s', (join) => join.onRef('s.resource', '=', 'h.resource').onRef('s.version', '=', 'h.structure'))
    .select('s.definition')
    .where('h.resource', '=', resource)
    .executeTakeFirst()
  return row?.definition
}

/** The number that the table of its records is named by. */
export async function tableNumber(ctx: Ctx, resource: string): Promise<number | undefined> {
  const row = await librariesDb(ctx).selectFrom('libraries.resource').select('number').where('resource', '=', resource).executeTakeFirst()
  return row?.number
}

export async function packStructure(ctx: Ctx, resource: string): Promise<PackStructure | undefined> {
  const row = await librariesDb(ctx)
    .selectFrom('libraries.pack_origin')
    .select('structure')
    .where('resource', '=', resource)
    .executeTakeFirst()
  return row?.structure
}

export async function insertOrigin(
  ctx: Ctx,
  origin: Omit<PackOriginTable, 'structure' | 'introduced_at'> & { structure: PackStructure },
): Promise<void> {
  await librariesDb(ctx)
    .insertInto('libraries.pack_origin')
    .values({ ...origin, structure: JSON.stringify(origin.structure), introduced_at: ctx.now() })
    .execute()
}

/** Libraries that stand and began as resources of packs (资源包的基础库), by pack and resource. */
export async function builtOfPacks(
  ctx: Ctx,
  refs: readonly { pack: string; resource: string }[],
): Promise<{ ref: { pack: string; resource: string }; resource: string; title: string; orgId: string }[]> {
  const rows = await librariesDb(ctx)
    .selectFrom('libraries.pack_origin as o')
    .innerJoin('libraries.installation as i', 'i.resource', 'o.resource')
    .innerJoin('libraries.head as h', 'h.resource', 'o.resource')
    .select(['o.pack', 'o.pack_resource', 'o.resource', 'i.title', 'i.org_id'])
    .where((eb) =>
      eb(
        eb.refTuple('o.pack', 'o.pack_resource'),
        'in',
        refs.map(({ pack, resource }) => eb.tuple(pack, resource)),
      ),
    )
    .orderBy('o.introduced_at')
    .orderBy('o.resource')
    .execute()
  return rows.map((row) => ({
    ref: { pack: row.pack, resource: row.pack_resource },
    ...{ resource: row.resource, title: row.title, orgId: row.org_id },
  }))
}

/** How it went the last time; tries begin anew with another version. */
export async function keepInstallation(
  ctx: Ctx,
  outcome: Omit<InstallationTable, 'reasons' | 'tries' | 'tried_at'> & { reasons: readonly string[] },
) {
  const values = { ...outcome, reasons: JSON.stringify(outcome.reasons), tried_at: ctx.now() }
  await librariesDb(ctx)
    .insertInto('libraries.installation')
    .values({ ...values, tries: 1 })
    .onConflict((conflict) =>
      conflict.column('resource').doUpdateSet((eb) => ({
        ...values,
        tries: eb
          .case()
          .when('libraries.installation.version', '=', outcome.version)
          .then(eb('libraries.installation.tries', '+', 1))
          .else(1)
          .end(),
      })),
    )
    .execute()
}

export async function installationOf(ctx: Ctx, resource: string) {
  return librariesDb(ctx).selectFrom('libraries.installation').selectAll().where('resource', '=', resource).executeTakeFirst()
}

/** One more than a page of what the actor may see, by their titles. */
export async function listInstallations(
  ctx: Ctx,
  query: { id?: string; state?: InstallationTable['state'] | undefined; orgId?: string | undefined; cursor?: string | undefined },
  limit: number,
) {
  const after = decodeCursor(query.cursor, ['text', 'text'])
  let rows = librariesDb(ctx)
    .selectFrom('libraries.installation as i')
    .leftJoin('libraries.head as h', 'h.resource', 'i.resource')
    .selectAll('i')
    .select(['h.last_seq', 'h.structure'])
    .where(readLibrary.where(ctx.actor, 'i.org_id'))
  if (query.id !== undefined) rows = rows.where('i.resource', '=', query.id)
  if (query.state !== undefined) rows = rows.where('i.state', '=', query.state)
  if (query.orgId !== undefined) rows = rows.where('i.org_id', '=', query.orgId)
  if (after) rows = rows.where((eb) => eb(eb.refTuple('i.title', 'i.resource'), '>', eb.tuple(String(after[0]), String(after[1]))))
  return rows
    .orderBy('i.title')
    .orderBy('i.resource')
    .limit(limit + 1)
    .execute()
}
