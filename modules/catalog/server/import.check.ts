import {
  ofTable,
  type PlacedTableFinding,
  placed,
  type ReadCatalog,
  type SaidEntry,
  type TableEntry,
  type TakenEntry,
  takeEntry,
} from '@tongchou/catalog-tables'
import {
  type Ctx,
  compileSchema,
  DomainError,
  fieldProblems,
  refuseHostileText,
  StateSecretDeclared,
  todayInShanghai,
} from '@tongchou/kernel'
import { codeScheme, differenceOf, type Entry, findingsAcross, findingsOf, foldName, type RuleContext } from '@tongchou/metadata'
import type { Insertable } from 'kysely'
import { cityClasses } from './class.store.ts'
import { itemsByCode } from './code.store.ts'
import { checkReferences } from './compile.service.ts'
import { ContentInput } from './content.schema.ts'
import type { ImportFinding } from './import.schema.ts'
import type { ImportLineTable } from './import.tables.ts'
import type { CatalogPorts } from './ports.ts'
import { itemsOfAll, resourcesOfUnit } from './resource.store.ts'
import type { ResourceRow } from './resource.tables.ts'
import { isOpenForChange } from './resource.view.ts'
import { tableEntries } from './table-export.service.ts'
import { namesOfEntries, registersOf } from './table-names.ts'

/** What a workbook would do, entry by entry, and what speaks of no entry. */
export interface CheckedCatalog {
  lines: Omit<Insertable<ImportLineTable>, 'import_id'>[]
  findings: ImportFinding[]
}

type Told = (done: number, total: number) => Promise<void>
/** A finding, and whether it stands against storing the entry even as a draft. */
type Said = PlacedTableFinding & { blocks: boolean }

const AT_ONCE = 50
const isContent = compileSchema(ContentInput, 'body')

/**
 * Holds a workbook against the catalog as it is (核对): nothing is written. @param told hears how far it is; what it throws ends the work
 */
export async function checkCatalog(
  ctx: Ctx,
  ports: CatalogPorts,
  catalog: ReadCatalog,
  told: Told = async () => undefined,
): Promise<CheckedCatalog> {
  const check = await Check.begin(ctx, ports, catalog)
  const total = catalog.entries.length
  const lines: CheckedCatalog['lines'] = []
  for (let index = 0; index < total; index++) {
    lines.push(await check.line(index))
    if (index % AT_ONCE > 0) continue
    await told(index, total)
    // Others want to be answered too.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { lines, findings: check.loose }
}

/** @throws StateSecretDeclared where a file says of something that it is secret: nothing of it may be kept (WH23-21) */
export function refuseSecret(catalog: ReadCatalog): void {
  if (![...catalog.columns.item.keys()].some(({ as }) => as === 'secrecy')) return
  for (const said of catalog.entries) {
    const { entry } = takeEntry(catalog, said)
    if (entry.secret || entry.items.some((item) => item.secret)) throw new StateSecretDeclared()
  }
}

class Check {
  readonly loose: ImportFinding[]
  readonly #ctx: Ctx
  readonly #ports: CatalogPorts
  readonly #catalog: ReadCatalog
  readonly #unit: { name: string } | undefined
  readonly #byRow = new Map<string, PlacedTableFinding[]>()
  readonly #rows: ResourceRow[]
  readonly #folded: Map<string, ResourceRow[]>
  readonly #matched: (ResourceRow | undefined)[]
  readonly #stored: Map<string, TableEntry>
  readonly #taken: TakenEntry[]
  readonly #across: ReturnType<typeof findingsAcross>
  readonly #nameOf: TableEntry['nameOf']
  readonly #context: RuleContext
  readonly #declared = new Map<string, Promise<{ id: string; name: string }[]>>()
  readonly #references = new Map<string, Promise<DomainError | undefined>>()
  readonly #claimed = new Set<string>()
  readonly #names = new Set<string>()

  static async begin(ctx: Ctx, ports: CatalogPorts, catalog: ReadCatalog): Promise<Check> {
    const rows = await resourcesOfUnit(ctx, ctx.actor.orgId)
    const matched = catalog.entries.map((said) => matchOf(said, rows))
    const found = [...new Set(matched.filter((row) => row !== undefined))]
    const items = await itemsOfAll(
      ctx,
      found.map(({ id }) => id),
    )
    const stored = new Map((await tableEntries(ctx, ports, found, items)).map((shown) => [shown.id ?? '', shown]))
    const registers = await registersOf(ctx, ports, catalog)
    const taken = catalog.entries.map((said, index) => takeEntry(catalog, said, registers, stored.get(matched[index]?.id ?? '')))
    const entries = taken.map(({ entry }) => entry)
    const codes = [...new Set(entries.flatMap(({ relatedCodes }) => relatedCodes.map((text) => text.split('#')[0] ?? '')))]
    const known = await itemsByCode(ctx, codes)
    const unit = await ports.organisations.organisation(ctx, ctx.actor.orgId)
    const context: RuleContext = {
      classes: await cityClasses(ctx),
      scheme: codeScheme(ports.codeScheme),
      today: todayInShanghai(ctx.now()),
      provider: unit ? { name: unit.name, alive: true, code: null } : null,
      codeExists: (code, itemId) => known.has(code) && (itemId === undefined || known.get(code)?.has(itemId) === true),
    }
    const nameOf = await namesOfEntries(ctx, ports, [...entries, ...[...stored.values()].map(({ entry }) => entry)])
    return new Check({ ctx, ports, catalog, unit, rows, matched, stored, taken, context, nameOf })
  }

  private constructor(of: {
    ctx: Ctx
    ports: CatalogPorts
    catalog: ReadCatalog
    unit: { name: string } | undefined
    rows: ResourceRow[]
    matched: (ResourceRow | undefined)[]
    stored: Map<string, TableEntry>
    taken: TakenEntry[]
    context: RuleContext
    nameOf: TableEntry['nameOf']
  }) {
    this.#ctx = of.ctx
    this.#ports = of.ports
    this.#catalog = of.catalog
    this.#unit = of.unit
    this.#rows = of.rows
    this.#folded = Map.groupBy(of.rows, ({ name }) => foldName(name))
    this.#matched = of.matched
    this.#stored = of.stored
    this.#taken = of.taken
    this.#context = of.context
    this.#nameOf = of.nameOf
    this.#across = findingsAcross(of.taken.map(({ entry }) => entry))
    this.loose = this.#shareOut().map(outward)
  }

  /** Findings of the table to the entries whose rows they stand on; those of no entry are left over. */
  #shareOut(): PlacedTableFinding[] {
    const rows = new Set(this.#catalog.entries.flatMap(({ first, items }) => [first, ...items].map(({ sheet, row }) => `${sheet} ${row}`)))
    const loose: PlacedTableFinding[] = []
    for (const finding of this.#catalog.findings.map((one) => ofTable(this.#catalog, one))) {
      const at = `${finding.sheet} ${finding.row}`
      if (rows.has(at)) this.#byRow.set(at, [...(this.#byRow.get(at) ?? []), finding])
      else loose.push(finding)
    }
    return loose
  }

  async line(index: number): Promise<CheckedCatalog['lines'][number]> {
    const said = this.#catalog.entries[index] as SaidEntry
    const taken = this.#taken[index] as TakenEntry
    const row = this.#matched[index]
    const stored = row && this.#stored.get(row.id)
    const difference = stored ? differenceOf(stored.entry, taken.entry, this.#nameOf) : { fields: [], items: [] }
    const same = stored !== undefined && difference.fields.length + difference.items.length === 0
    const table = [said.first, ...said.items].flatMap(({ sheet, row: at }) => this.#byRow.get(`${sheet} ${at}`) ?? [])
    const findings: Said[] = [...new Set(table)].map((one) => ({ ...one, blocks: one.severity === 'error' }))
    if (!same || findings.some(({ blocks }) => blocks)) findings.push(...(await this.#findings(index, said, taken, row)))
    const blocked = findings.some(({ blocks }) => blocks)
    const content = contentOf(taken.entry)
    return {
      position: index + 1,
      name: said.name,
      sheet: said.first.sheet,
      row_number: said.first.row,
      verdict: blocked ? 'refused' : same ? 'unchanged' : row ? 'changed' : 'new',
      errors: findings.filter(({ severity }) => severity === 'error').length,
      warnings: findings.filter(({ severity }) => severity === 'warning').length,
      resource_id: row?.id ?? null,
      base_version: row?.version ?? null,
      content: blocked || same ? null : JSON.stringify(content),
      difference: JSON.stringify({ fields: difference.fields, parts: difference.items }),
      findings: JSON.stringify(findings.map(outward)),
    }
  }

  /** What stands against storing it, and what the rules say. */
  async #findings(index: number, said: SaidEntry, taken: TakenEntry, row: ResourceRow | undefined): Promise<Said[]> {
    const { entry } = taken
    const at = (blocks: boolean) => (one: { rule: string; severity: 'error' | 'warning'; path: string; message: string; fix: string }) => ({
      ...placed(this.#catalog, said, taken, one),
      blocks,
    })
    const refused = [
      ...taken.unread.map((one) => ({ rule: 'S00', ...one })),
      ...this.#notOurs(entry, row),
      ...this.#notFree(entry, row),
      ...this.#notContent(entry),
      ...(await this.#notNameable(entry)),
    ].map((one) => at(true)({ severity: 'error', ...one }))
    const unread = new Set(taken.unread.map(({ path }) => path))
    const ruled = [...findingsOf(this.#asOwn(entry), await this.#contextOf(entry, row)).findings, ...(this.#across.get(index) ?? [])]
    const kept =
      entry.code && !row?.code
        ? [{ rule: 'import.code_not_kept', path: 'code', message: '资源代码由系统登记时生成，文件中的代码不导入', fix: '无需处理' }]
        : []
    return [
      ...refused,
      ...ruled.filter(({ path }) => !unread.has(path)).map(at(false)),
      ...kept.map((one) => at(false)({ severity: 'warning', ...one })),
    ]
  }

  /** An entry without a provider is the own unit's. */
  #asOwn(entry: Entry): Entry {
    return entry.provider ? entry : { ...entry, provider: undefined }
  }

  #notOurs({ provider }: Entry, row: ResourceRow | undefined): Refusal[] {
    const found: Refusal[] = []
    if (provider && this.#unit && foldName(provider) !== foldName(this.#unit.name))
      found.push({
        rule: 'import.other_unit',
        path: 'provider',
        message: `提供方是“${provider}”，不是本单位“${this.#unit.name}”`,
        fix: '由该单位导入；确是本单位的，改为本单位全称',
      })
    if (row && !isOpenForChange(row))
      found.push({
        rule: 'import.not_open',
        path: 'name',
        message: `目录“${row.name}”已提交审核或已登记，不能以导入修改`,
        fix: '审核中的，由审核环节退回后再导入；已登记的，在该目录办理变更；不修改的，删去这些行',
      })
    return found
  }

  #notFree(entry: Entry, row: ResourceRow | undefined): Refusal[] {
    const found: Refusal[] = []
    const namesake = this.#rows.find(({ name, id }) => name === entry.name && id !== row?.id)
    if (namesake)
      found.push({
        rule: 'import.name_taken',
        path: 'name',
        message: `本单位已有名为“${entry.name}”的目录`,
        fix: '改用有区别的名称；确是该目录的，保留其目录标识',
      })
    if (row && this.#claimed.has(row.id))
      found.push({ rule: 'import.twice', path: 'name', message: `前面的行已是目录“${row.name}”`, fix: '合并为一项，或删去重复的' })
    if (!row && this.#names.has(entry.name))
      found.push({
        rule: 'import.twice',
        path: 'name',
        message: `前面已有名为“${entry.name}”的目录`,
        fix: '合并为一项，或改用有区别的名称',
      })
    if (row) this.#claimed.add(row.id)
    this.#names.add(entry.name)
    const other =
      entry.declaredResourceId === null
        ? undefined
        : this.#rows.find(
            (one) => one.project_id === entry.projectId && one.declared_resource_id === entry.declaredResourceId && one.id !== row?.id,
          )
    if (other)
      found.push({
        rule: 'import.already_compiled',
        path: 'declaredResourceId',
        message: `申报的该项数据资源已由目录“${other.name}”对应`,
        fix: '改选，或留空',
      })
    return found
  }

  /** Longer than fields are, more items than an entry holds. */
  #notContent(entry: Entry): Refusal[] {
    const content = contentOf(entry)
    try {
      refuseHostileText(content, '')
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      return [
        { rule: 'S00', path: error.fields[0]?.path.replace(/^\//, '') ?? 'name', message: '含有不能保存的字符', fix: '重新录入该内容' },
      ]
    }
    if (isContent(content)) return []
    return fieldProblems(isContent.errors ?? []).map(({ path, message }) => ({ rule: 'S00', path, message, fix: '按字段的要求改正' }))
  }

  /** What an entry names must be its unit's to name; many name the same, and are asked once. */
  async #notNameable(entry: Entry): Promise<Refusal[]> {
    const { duties, systemId, projectId, declaredResourceId } = entry
    const key = JSON.stringify([duties, systemId, projectId, declaredResourceId])
    const asked = this.#references.get(key) ?? this.#problemOf(entry)
    this.#references.set(key, asked)
    const problem = await asked
    if (!problem) return []
    return problem.fields.map(({ path, message }) => ({ rule: problem.code, path, message, fix: '从登记的单位、系统、项目中选择' }))
  }

  async #problemOf(entry: Entry): Promise<DomainError | undefined> {
    try {
      await checkReferences(this.#ctx, this.#ports, contentOf(entry))
      return undefined
    } catch (error) {
      if (error instanceof DomainError) return error
      throw error
    }
  }

  async #contextOf(entry: Entry, row: ResourceRow | undefined): Promise<RuleContext> {
    const folded = foldName(entry.name)
    return {
      ...this.#context,
      publishedCode: row?.code ?? null,
      namesake: (name) => (foldName(name) === folded ? this.#folded.get(folded)?.find((one) => one.id !== row?.id)?.name : undefined),
      systemName: entry.systemId === null ? null : (this.#nameOf('systemId', entry.systemId) ?? null),
      declared: entry.projectId === null ? [] : await this.#declaredOf(entry.projectId),
    }
  }

  #declaredOf(projectId: string): Promise<{ id: string; name: string }[]> {
    const asked = this.#declared.get(projectId) ?? this.#ports.declarations.declaredResources(this.#ctx, projectId)
    this.#declared.set(projectId, asked)
    return asked
  }
}

interface Refusal {
  rule: string
  path: string
  message: string
  fix: string
}

/** The stored entry that a file means: by its id, its code, its name. One of another unit is none. */
function matchOf({ name, first: { values } }: SaidEntry, rows: readonly ResourceRow[]): ResourceRow | undefined {
  const id = (values['entry:id:exact'] ?? '').trim()
  const code = (values['entry:code:exact'] ?? '').trim()
  return (
    rows.find((row) => row.id === id) ??
    (code === '' ? undefined : rows.find((row) => row.code === code)) ??
    rows.find((row) => row.name === name)
  )
}

/** The fields that are stored of an entry. */
export function contentOf({ provider: _provider, code: _code, publishedOn: _on, secret: _secret, items, ...fields }: Entry): ContentInput {
  const own = items.map(({ secret: _none, ...item }) => item)
  return { ...fields, items: own } as unknown as ContentInput
}

function outward({ column, ...finding }: PlacedTableFinding & { blocks?: boolean }): ImportFinding {
  const { rule, severity, sheet, row, title, value, message, fix, basis, verified } = finding
  return {
    rule,
    severity,
    sheet,
    row,
    column: column ?? null,
    title,
    value: value.length > 200 ? `${value.slice(0, 200)}…` : value,
    message,
    fix,
    basis,
    verified,
  }
}
