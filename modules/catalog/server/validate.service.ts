import { type PlacedTableFinding, readFilledCatalog, validateCatalog } from '@tongchou/catalog-tables'
import { type Ctx, todayInShanghai } from '@tongchou/kernel'
import { codeScheme, type Entry, foldName, type RuleContext, type Validation, validateEntries } from '@tongchou/metadata'
import { readTable } from '@tongchou/workbook'
import { cityClasses } from './class.store.ts'
import type { CatalogPorts } from './ports.ts'
import { namesOfUnit } from './resource.store.ts'
import { registersOf } from './table-names.ts'

/**
 * Asks every rule of resources that are not stored (校验): as entries of the actor's own unit where they name no provider. Of another unit nothing is
 * looked up: what its registers would say stands under what is not decided.
 */
export async function validateResources(ctx: Ctx, ports: CatalogPorts, resources: readonly unknown[]): Promise<Validation> {
  return validateEntries(resources, await contextOfForeign(ctx, ports))
}

/** The same of a workbook in one of the catalog's layouts, every finding at its cell. */
export async function validateWorkbook(ctx: Ctx, ports: CatalogPorts, bytes: Buffer): Promise<Validation> {
  const catalog = readFilledCatalog(await readTable(bytes, { kind: 'xlsx' }))
  const contextOf = await contextOfForeign(ctx, ports)
  const { rows, findings, undecided } = validateCatalog(catalog, contextOf, await registersOf(ctx, ports, catalog))
  const line = ({ title, value, sheet, row, rule, severity, message, fix, basis, verified }: PlacedTableFinding) => ({
    ...{ rule, severity, sheet, row, column: title, value: value === '' ? null : shortened(value), message, fix, basis, verified },
  })
  return { rows, findings: findings.map(line), undecided: undecided.map(line) }
}

const shortened = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}…` : text)

async function contextOfForeign(ctx: Ctx, ports: CatalogPorts): Promise<(entry: Entry) => RuleContext> {
  const own = await ports.organisations.organisation(ctx, ctx.actor.orgId)
  const folded = new Map((await namesOfUnit(ctx, ctx.actor.orgId, null)).map((name) => [foldName(name), name]))
  const classes = await cityClasses(ctx)
  const known: RuleContext = { classes, scheme: codeScheme(ports.codeScheme), today: todayInShanghai(ctx.now()) }
  const isOwn = ({ provider }: Entry) => provider === undefined || (own !== undefined && foldName(provider ?? '') === foldName(own.name))
  return (entry) => {
    if (!isOwn(entry)) return known
    return { ...known, provider: own ? { name: own.name, alive: true, code: null } : null, namesake: (name) => folded.get(foldName(name)) }
  }
}
