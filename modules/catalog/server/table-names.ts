import type { ReadCatalog, Registers, TableEntry } from '@tongchou/catalog-tables'
import type { Ctx } from '@tongchou/kernel'
import { classPath, classTree, dutyNames, type Entry, foldName } from '@tongchou/metadata'
import { classRows } from './class.store.ts'
import type { CatalogPorts } from './ports.ts'

/** What entries name, as registers call it: for tables that people read. What the actor may not read has no name. */
export async function namesOfEntries(ctx: Ctx, ports: CatalogPorts, entries: readonly Entry[]): Promise<TableEntry['nameOf']> {
  const idsOf = (pick: (entry: Entry) => readonly (string | null)[]) => [...new Set(entries.flatMap(pick).filter((id) => id !== null))]
  const organisations = await ports.organisations.organisations(
    ctx,
    idsOf(({ duties }) => dutyNames.map((name) => duties[name]?.orgId ?? null)),
  )
  const names = new Map([...organisations].map(([id, { name }]) => [id, name]))
  for (const id of idsOf(({ systemId }) => [systemId])) note(names, await ports.systems.system(ctx, id))
  for (const id of idsOf(({ projectId }) => [projectId])) {
    const project = await ports.projects.project(ctx, id)
    note(names, project)
    if (project) for (const declared of await ports.declarations.declaredResources(ctx, id)) note(names, declared)
  }
  return (_field, id) => names.get(id)
}

function note(names: Map<string, string>, thing: { id: string; name: string } | undefined): void {
  if (thing) names.set(thing.id, thing.name)
}

const kinds = { organisation: 'duties/', project: 'projectId', system: 'systemId' } as const

/** What the registers know of the names and ids in a file, looked up at once for all of them. */
export async function registersOf(ctx: Ctx, ports: CatalogPorts, catalog: ReadCatalog): Promise<Registers> {
  const texts = (kind: keyof typeof kinds) => textsOf(catalog, kinds[kind])
  const asked = { organisation: texts('organisation'), project: texts('project'), system: texts('system') }
  const found = {
    organisation: linesOf(
      await ports.names.organisationsCalled(ctx, asked.organisation),
      await ports.organisations.organisations(ctx, asked.organisation),
    ),
    project: linesOf(
      await ports.names.projectsCalled(ctx, asked.project),
      await byId(asked.project, (id) => ports.projects.project(ctx, id)),
    ),
    system: linesOf(await ports.names.systemsCalled(ctx, asked.system), await byId(asked.system, (id) => ports.systems.system(ctx, id))),
  }
  const declared = new Map<string, { id: string; name: string }[]>()
  for (const id of new Set([...found.project.values()].flat())) declared.set(id, await ports.declarations.declaredResources(ctx, id))
  const classOf = await classesByWords(ctx)
  return {
    idsOf: (kind, text) => found[kind].get(text) ?? [],
    declared: (projectId, text) => {
      const known = declared.get(projectId) ?? []
      const exact = known.find(({ id }) => id === text)
      return exact ? [exact.id] : known.filter(({ name }) => name === text).map(({ id }) => id)
    },
    classOf,
  }
}

/** Every text that stands in the columns of some fields, each once. */
function textsOf(catalog: ReadCatalog, field: string): string[] {
  const keys = [...catalog.columns.entry.keys()]
    .filter((column) => column.field.startsWith(field) && column.as !== 'post')
    .map(({ key }) => key)
  const said = catalog.entries.flatMap(({ first }) => keys.map((key) => (first.values[key] ?? '').trim()))
  return [...new Set(said)].filter((text) => text !== '')
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

async function byId<T extends { id: string }>(
  texts: readonly string[],
  find: (id: string) => Promise<T | undefined>,
): Promise<Map<string, T>> {
  const found = new Map<string, T>()
  for (const text of texts) {
    const thing = ID.test(text) ? await find(text) : undefined
    if (thing) found.set(text, thing)
  }
  return found
}

/** Ids by every text that stands for them: an id is itself, a name may be several things. */
function linesOf(called: readonly { id: string; name: string }[], known: ReadonlyMap<string, { id: string }>): Map<string, string[]> {
  const lines = new Map<string, string[]>()
  for (const { id, name } of called) lines.set(name, [...new Set([...(lines.get(name) ?? []), id])])
  for (const id of known.keys()) lines.set(id, [id])
  return lines
}

/** Classes by their code, their whole path and, where it is the only one of its name, their title. */
async function classesByWords(ctx: Ctx): Promise<Registers['classOf']> {
  const rows = await classRows(ctx)
  const tree = classTree(rows)
  const byPath = new Map(rows.map(({ code }) => [foldName(classPath(code, tree)), code]))
  const byTitle = Map.groupBy(rows, ({ title }) => foldName(title))
  return (text) => {
    const digits = /^(\d+)(?=\D|$)/.exec(text.normalize('NFKC').trim())?.[1]
    if (digits !== undefined) return digits
    const named = byTitle.get(foldName(text)) ?? []
    return byPath.get(foldName(text)) ?? (named.length === 1 ? named[0]?.code : undefined)
  }
}
