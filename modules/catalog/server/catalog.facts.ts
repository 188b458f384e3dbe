import type { Ctx, Facts, ProjectFactsPort } from '@tongchou/kernel'
import type { PlatformPort, ProjectDeclarationsPort } from './ports.ts'
import type { ResourceState } from './resource.schema.ts'
import { entriesOfProject } from './resource.store.ts'

const reached: Readonly<Record<string, readonly ResourceState[]>> = {
  'catalog.compiled': ['submitted', 'signed-off', 'secrecy-reviewed', 'approved', 'registered'],
  'catalog.approved': ['approved', 'registered'],
  'catalog.registered': ['registered'],
}

/**
 * Whether every resource that the project declared is compiled, approved and on the sharing platform (WH23-15). An entry counts as compiled once it
 * is handed in complete, and no longer when it was returned; what is registered is on the platform once its data is there too (WH12-7, 8). A project that declares no resource: true when its declaration says
 * 不产生数据资源 and why; without that nothing is known, and the facts are absent.
 */
export function catalogFacts(ports: { declarations: ProjectDeclarationsPort; platform: Pick<PlatformPort, 'holds'> }): ProjectFactsPort {
  return {
    async factsOf(ctx: Ctx, projectId: string): Promise<Facts> {
      const declared = await ports.declarations.declaredResources(ctx, projectId)
      if (declared.length === 0) {
        const reason = await ports.declarations.noResourcesReason(ctx, projectId)
        if (reason === null || reason.trim() === '') return {}
      }
      const entries = await entriesOfProject(ctx, projectId)
      const own = declared.map(({ id }) => entries.find((entry) => entry.declared_resource_id === id))
      const facts = Object.fromEntries(
        Object.entries(reached).map(([fact, enough]) => [fact, own.every((entry) => entry !== undefined && enough.includes(entry.state))]),
      )
      if (!facts['catalog.registered']) return facts
      for (const entry of own) if (entry && !(await ports.platform.holds(ctx, entry.id))) return { ...facts, 'catalog.registered': false }
      return facts
    },
  }
}
