import { type Ctx, type FieldProblem, todayInShanghai } from '@tongchou/kernel'
import { codeScheme, type Entry, findingsOf, foldName, type Report, type RuleContext } from '@tongchou/metadata'
import { cityClasses } from './class.store.ts'
import { itemsByCode } from './code.store.ts'
import type { CatalogPorts } from './ports.ts'
import { codeInUse, namesOfUnit } from './resource.store.ts'

/** Whose entry is judged, and which one, where it is stored already. */
export interface Judged {
  orgId: string
  resourceId: string | null
}

/** What the registers of this city know for the rules of one entry; what they cannot know yet is left out, and the rules say so. */
export async function ruleContext(ctx: Ctx, ports: CatalogPorts, entry: Entry, { orgId, resourceId }: Judged): Promise<RuleContext> {
  const provider = await ports.organisations.organisation(ctx, orgId)
  const names = await namesOfUnit(ctx, orgId, resourceId)
  const folded = new Map(names.map((name) => [foldName(name), name]))
  const publishedCode = resourceId === null ? null : await codeInUse(ctx, resourceId)
  const system = entry.systemId === null ? null : await ports.systems.system(ctx, entry.systemId)
  const scheme = codeScheme(ports.codeScheme)
  const named = await itemsByCode(ctx, [...new Set(entry.relatedCodes.map((text) => text.split('#')[0] ?? ''))])
  return {
    classes: await cityClasses(ctx),
    scheme,
    codeExists: (code, itemId) => named.has(code) && (itemId === undefined || named.get(code)?.has(itemId) === true),
    publishedCode,
    today: todayInShanghai(ctx.now()),
    provider: provider ? { name: provider.name, alive: true, code: null } : null,
    namesake: (name) => folded.get(foldName(name)),
    systemName: system?.name ?? null,
    declared: entry.projectId === null ? [] : await ports.declarations.declaredResources(ctx, entry.projectId),
  }
}

/** What the one rule set says of an entry of this city. */
export async function judge(ctx: Ctx, ports: CatalogPorts, entry: Entry, judged: Judged): Promise<Report> {
  const report = findingsOf(entry, await ruleContext(ctx, ports, entry, judged))
  const structure = await ports.collection.structureProblems(ctx, judged.resourceId, entry)
  return { ...report, findings: [...report.findings, ...structure.map((problem) => ({ ...structureRule, ...problem }))] }
}

/** No rule of the guide but of the libraries that the entry's records are kept in: their tables only ever grow. */
const structureRule = { rule: 'L01', severity: 'error', basis: '本系统基础库', verified: true } as const

/** What stands against handing in: the errors, at their fields. */
export function gapsOf({ findings }: Report): FieldProblem[] {
  return findings.filter(({ severity }) => severity === 'error').map(({ path, message, fix }) => ({ path, message: `${message}。${fix}` }))
}
