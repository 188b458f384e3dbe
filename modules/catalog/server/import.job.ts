import type { Actor, Ctx, Jobs } from '@tongchou/kernel'
import { catalogOf, check, importJob } from './import.service.ts'
import { fileOfImport, findImport, forgetImports, moveImport } from './import.store.ts'
import type { ImportRow } from './import.tables.ts'
import { writeImport } from './import.write.ts'
import type { CatalogPorts } from './ports.ts'
import { compilerDuties } from './resource.permissions.ts'

/** What the runner does for imports: long looks and long writing, and once a day it forgets the files whose time is over. */
export function catalogJobs(ports: CatalogPorts): Jobs {
  return {
    kinds: [
      {
        kind: importJob,
        queue: 'long',
        work: (ctx, payload, { stopping }) => goOn(ctx, ports, (payload as { importId: string }).importId, stopping),
      },
      { kind: 'catalog.import.forget', queue: 'short', work: (ctx) => forgetImports(ctx) },
    ],
    schedules: [
      { key: 'catalog.import.forget', owner: 'catalog', kind: 'catalog.import.forget', everySeconds: 24 * 3600, catchUp: 'once' },
    ],
  }
}

/**
 * Goes on with an import, with the duties that the post has now. Run twice, also after a death in between, it begins anew and ends once.
 * @param system a context of the platform itself, outside any transaction
 */
async function goOn(system: Ctx, ports: CatalogPorts, id: string, stopping: AbortSignal): Promise<void> {
  const made = await findImport(system, id)
  if (made?.state !== 'checking' && made?.state !== 'writing') return
  const actor = await uploader(system, ports, made)
  if (!actor) {
    const failure = '上传人已不在原岗位，或者不再编制目录，导入没有完成。'
    await moveImport(system, id, made.state, { state: 'failed', failure, finished_at: system.now() })
    return
  }
  const ctx: Ctx = { ...system, actor }
  try {
    if (made.state === 'writing') return await writeImport(ctx, ports, id, stopping)
    const content = await fileOfImport(ctx, id)
    if (content) await check(ctx, ports, id, await catalogOf(made, content))
  } catch (error) {
    // What the file or the catalog is to blame for is written down beside the import, and is no fault of the job.
    if (isDefect(error)) throw error
  }
}

async function uploader(ctx: Ctx, ports: CatalogPorts, made: ImportRow): Promise<Actor | undefined> {
  const actor = await ports.actorOfPost(ctx, made.post_id)
  if (actor?.accountId !== made.account_id || actor.orgId !== made.org_id) return undefined
  return compilerDuties.some((duty) => actor.roles.has(duty)) ? actor : undefined
}

function isDefect(error: unknown): boolean {
  return !(error instanceof Error && 'status' in error && Number(error.status) < 500)
}
