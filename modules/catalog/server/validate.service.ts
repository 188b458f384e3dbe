import { type Ctx, todayInShanghai } from '@tongchou/kernel'
import { codeScheme, type Entry, foldName, type RuleContext, type Validation, validateEntries } from '@tongchou/metadata'
import { cityClasses } from './class.store.ts'
import type { CatalogPorts } from './ports.ts'
import { namesOfUnit } from './resource.store.ts'

/**
 * Asks every rule of resources that are not stored (校验): as entries of the actor's own unit where they name no provider. Of another unit nothing is
 * looked up: what its registers would say stands under what is not decided.
 */
export async function validateResources(ctx: Ctx, ports: CatalogPorts, resources: readonly unknown[]): Promise<Validation> {
  const own = await ports.organisations.organisation(ctx, ctx.actor.orgId)
  const folded = new Map((await namesOfUnit(ctx, ctx.actor.orgId, null)).map((name) => [foldName(name), name]))
  const classes = await cityClasses(ctx)
  const known: RuleContext = { classes, scheme: codeScheme(ports.codeScheme), today: todayInShanghai(ctx.now()) }
  const isOwn = ({ provider }: Entry) => provider === undefined || (own !== undefined && foldName(provider ?? '') === foldName(own.name))
  return validateEntries(resources, (entry) => {
    if (!isOwn(entry)) return known
    return { ...known, provider: own ? { name: own.name, alive: true, code: null } : null, namesake: (name) => folded.get(foldName(name)) }
  })
}
