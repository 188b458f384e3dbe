import { isDeepStrictEqual } from 'node:util'
import { type Ctx, DomainError, databaseOn, insertAudit, type Jobs, recordAudit } from '@tongchou/kernel'
import type { Entry } from '@tongchou/metadata'
import type { ResourceDefinition } from '@tongchou/records'
import pg from 'pg'
import { definitionOf, isCollected } from './collected.ts'
import { planInstall } from './install.plan.ts'
import { installedDefinition, keepInstallation, packStructure } from './install.store.ts'
import { installResource } from './installer.ts'
import type { LibrariesPorts, RegisteredEntry } from './ports.ts'

/** The kind of a collected resource in the audit log. */
export const libraryKind = 'library'

/**
 * Builds what the catalog has registered and the city collects (建库): on the heels of the registration, and again from time to time for what a crash or a
 * busy table left undone. What is built already as it should be is left alone.
 */
export function installJobs(ports: LibrariesPorts): Jobs {
  const work = async (ctx: Ctx, payload: unknown) => {
    // An event names the entry, or what was done to it and the entry beside; a look from time to time names nothing and takes all.
    const { subject, payload: told } = payload as { subject?: { id: string }; payload?: { resourceId?: string } }
    for (const entry of await ports.catalog.registered(ctx, told?.resourceId ?? subject?.id)) await settle(ctx, ports, entry)
  }
  return {
    kinds: [{ kind: 'libraries.install', queue: 'long', work }],
    schedules: [{ key: 'libraries.install', owner: 'libraries', kind: 'libraries.install', everySeconds: 300, catchUp: 'once' }],
    triggers: [
      { key: 'libraries.registered', owner: 'libraries', event: 'catalog.registered', kind: 'libraries.install', oncePer: 'subject' },
      { key: 'libraries.changed', owner: 'libraries', event: 'catalog-change.published', kind: 'libraries.install', oncePer: 'subject' },
    ],
  }
}

/** Brings one entry's table to what is registered, and keeps how it went. */
export async function settle(ctx: Ctx, ports: LibrariesPorts, { id, version, orgId, content }: RegisteredEntry): Promise<void> {
  if (!isCollected(content)) return
  const outcome = { resource: id, title: content.name, org_id: orgId, version }
  const wanted = definitionOf(id, version, content, await packStructure(ctx, id))
  if ('problems' in wanted) {
    await keepInstallation(ctx, { ...outcome, state: 'refused', reasons: wanted.problems.map(({ message }) => message) })
    return
  }
  const there = await installedDefinition(ctx, id)
  if (!there || !isSame(there, wanted.definition)) {
    const reasons = await build(ctx, ports, orgId, wanted.definition)
    if (reasons) {
      await keepInstallation(ctx, { ...outcome, ...reasons })
      return
    }
  }
  await keepInstallation(ctx, { ...outcome, state: 'installed', reasons: [] })
}

/** The same but for the number of the version, which grows with every change of the entry. */
function isSame(there: ResourceDefinition, wanted: ResourceDefinition): boolean {
  return isDeepStrictEqual({ ...there, version: 0 }, JSON.parse(JSON.stringify({ ...wanted, version: 0 })))
}

async function build(ctx: Ctx, { owner }: LibrariesPorts, orgId: string, definition: ResourceDefinition) {
  if (!owner) return { state: 'failed', reasons: ['本程序没有数据库属主的连接，不能建表'] } as const
  const client = new pg.Client(owner)
  client.on('error', () => undefined)
  try {
    await client.connect()
    await installResource(client, definition, ctx.now(), async ({ statements }) => {
      const subject = { kind: libraryKind, id: definition.resource }
      const detail = { version: definition.version, items: definition.items.length, statements: statements.length, organisation: orgId }
      const { actor, requestId } = ctx
      await insertAudit({ db: databaseOn(client) }, [
        { actor, at: ctx.now(), requestId, action: 'library.installed', outcome: 'done', subject, detail },
      ])
    })
    return undefined
  } catch (error) {
    if (error instanceof DomainError) return { state: 'refused', reasons: error.fields.map(({ message }) => message) } as const
    return { state: 'failed', reasons: [faultOf(error)] } as const
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** What kept it from being built, for the center; nothing of the database's own words, which may hold values. */
function faultOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === '55P03') return '数据正在读写，等待两秒未取得表锁，稍后自动再试'
  if (code.startsWith('08') || code === 'ECONNREFUSED' || code === 'ENOENT') return '数据库属主的连接不可用，稍后自动再试'
  if (code === '42501') return '数据库属主的权限不足，不能建表'
  return `建库未完成（${code || '原因未知'}），稍后自动再试`
}

/**
 * What stands against the structure of an entry that is about to be handed in (建库校验): a table only ever grows, so what would drop or reread values
 * is said before anybody reviews it.
 */
export async function structureProblems(
  ctx: Ctx,
  resource: string | null,
  entry: Entry,
): Promise<{ path: string; message: string; fix: string }[]> {
  if (!isCollected(entry)) return []
  const there = resource === null ? undefined : await installedDefinition(ctx, resource)
  const pack = resource === null ? undefined : await packStructure(ctx, resource)
  // Ids are given when the entry is stored; before that every item is a new one.
  const items = entry.items.map((item, index) => ({ ...item, id: item.id ?? `i${900_000 + index}` }))
  const wanted = definitionOf(resource ?? 'new', (there?.version ?? 0) + 1, { name: entry.name, items }, pack)
  if ('problems' in wanted) return wanted.problems.map((one) => ({ ...one, fix: '改用可以入库的数据类型和主键，或改选接口、文件共享' }))
  if (!there) return []
  return planInstall(0, there, wanted.definition).problems.map((message) => ({
    path: 'items',
    message,
    fix: '恢复原样，新的要求以新增信息项或另建资源实现',
  }))
}

/** The center has a table built anew that could not be (重试建库). */
export async function retryInstallation(ctx: Ctx, ports: LibrariesPorts, entry: RegisteredEntry): Promise<void> {
  await recordAudit(ctx, 'library.retried', { kind: libraryKind, id: entry.id }, { version: entry.version })
  await settle(ctx, ports, entry)
}
