import {
  type Ctx,
  type FieldProblem,
  InvalidState,
  InvalidValue,
  inTransaction,
  NotPermitted,
  notFound,
  recordAudit,
  requireVersion,
} from '@tongchou/kernel'
import { dutyNames, type Entry, numberItems } from '@tongchou/metadata'
import { contentColumns } from './content.rows.ts'
import { type Content, type ContentInput, wholeContent } from './content.schema.ts'
import type { CatalogPorts, ProjectOfResource } from './ports.ts'
import { compileResource, readResource } from './resource.permissions.ts'
import type { NewResource, Resource, ResourceChange } from './resource.schema.ts'
import {
  findByDeclared,
  findByName,
  insertResource,
  itemsOf,
  lockResource,
  replaceItems,
  takeTurn,
  updateResource,
} from './resource.store.ts'
import type { ResourceRow } from './resource.tables.ts'
import { isOpenForChange, viewResource } from './resource.view.ts'

/** Ids that the items of a draft have from where it was introduced, and the last one that was given there. */
interface ItemIds {
  known: Parameters<typeof numberItems>[1]
  last: number
}
const none: ItemIds = { known: [], last: 0 }

/** Starts an entry of the own organisation from what a register of definitions says (引入): its items keep the ids they have there. */
export async function draftEntry(ctx: Ctx, ports: CatalogPorts, entry: Entry): Promise<Resource> {
  if (!bearsCompiler(ctx)) throw new NotPermitted('catalog.not_compiler', '目录由资源所属单位编制，当前岗位不能编制目录。')
  const { provider: _provider, code: _code, publishedOn: _on, secret: _secret, items, ...content } = entry
  const input = { secrecy: false, ...content, items } as unknown as NewResource
  const last = Math.max(0, ...items.map(({ id }) => Number(id?.slice(1) ?? 0)))
  return draftResource(ctx, ports, input, { known: items.map(({ id, name, code }) => ({ id, name, code })), last })
}

const bearsCompiler = ({ actor }: Ctx) => compileResource.allows(actor, { org_id: actor.orgId })

/** Starts an entry of the own organisation (编制); a draft may be incomplete, what it names must exist. */
export async function draftResource(ctx: Ctx, ports: CatalogPorts, input: NewResource, own: ItemIds = none): Promise<Resource> {
  return inTransaction(ctx, async (tx) => viewResource(tx, ports, await createEntry(tx, ports, input, own)))
}

/** The same within a transaction, its row as it is stored. `ids`: what the items may be known by already, where they come from elsewhere. */
export async function createEntry(tx: Ctx, ports: CatalogPorts, input: ContentInput, ids: ItemIds = none) {
  await takeTurn(tx, tx.actor.orgId)
  const project = await checkReferences(tx, ports, input)
  await checkFree(tx, input, tx.actor.orgId, undefined)
  const { content, last } = numbered(input, ids.known, ids.last)
  const row = await insertResource(tx, {
    ...contentColumns(content, project?.userUnitOrgId ?? null),
    last_item: last,
    compiled_by: JSON.stringify(handsOf(tx.actor, [])),
    org_id: tx.actor.orgId,
    code: null,
    state: 'draft',
    returned_reason: null,
    registered_at: null,
    created_at: tx.now(),
    updated_by: `${tx.actor.orgName} ${tx.actor.name}`,
    updated_at: tx.now(),
  })
  await replaceItems(tx, row.id, content.items)
  await recordAudit(tx, 'catalog.drafted', { kind: 'catalog-entry', id: row.id }, { name: row.name, projectId: row.project_id })
  return row
}

/** Changes an entry that was not handed in yet or came back. What is under review or registered stays as it was signed. */
export async function changeResource(ctx: Ctx, ports: CatalogPorts, id: string, input: ResourceChange): Promise<Resource> {
  return inTransaction(ctx, async (tx) => viewResource(tx, ports, await rewriteEntry(tx, ports, id, input)))
}

/** The same within a transaction, its row as it is stored. */
export async function rewriteEntry(tx: Ctx, ports: CatalogPorts, id: string, input: ContentInput & { version: number }) {
  // The turn before the row, as in every act that takes both: the other order could deadlock.
  await takeTurn(tx, tx.actor.orgId)
  const row = await lockReadable(tx, id)
  if (!compileResource.allows(tx.actor, row)) throw new NotPermitted('catalog.not_compiler', '目录由资源所属单位编制，当前岗位不能修改。')
  requireVersion(`目录“${row.name}”`, row, input.version)
  if (!isOpenForChange(row))
    throw new InvalidState(
      'catalog.not_open',
      `目录“${row.name}”已提交审核或已登记，不能修改。审核中需要修改的，由审核环节退回；已登记的，请办理变更。`,
    )
  const project = await checkReferences(tx, ports, input)
  await checkFree(tx, input, row.org_id, id)
  const known = (await itemsOf(tx, id)).map((item) => ({ id: item.item_id, name: item.name, code: item.code }))
  const { content, last } = numbered(input, known, row.last_item)
  const changed = await updateResource(tx, id, {
    ...contentColumns(content, project?.userUnitOrgId ?? null),
    last_item: last,
    compiled_by: JSON.stringify(handsOf(tx.actor, row.compiled_by)),
  })
  await replaceItems(tx, id, content.items)
  await recordAudit(tx, 'catalog.changed', { kind: 'catalog-entry', id }, { version: changed.version })
  return changed
}

/** Who has compiled by now: the actor, whoever lent the post, and those before. */
export function handsOf({ personId, onBehalfOf }: Ctx['actor'], before: readonly string[]): string[] {
  return [...new Set([...before, personId, ...(onBehalfOf ? [onBehalfOf.personId] : [])])]
}

/** The content with its items numbered; an id that no item of the entry has is refused. */
export function numbered(input: ContentInput, known: Parameters<typeof numberItems>[1], last: number): { content: Content; last: number } {
  const whole = wholeContent(input)
  const items = numberItems(whole.items, known, last)
  if ('wrong' in items)
    throw new InvalidValue(
      'catalog.unknown_item',
      '信息项标识由系统编制，不能自编、重复或使用其他目录的标识；新增的信息项请不填标识。',
      items.wrong.map(({ index, id }) => ({ path: `items/${index}/id`, message: `本目录没有可用的信息项标识“${id}”` })),
    )
  return { content: { ...whole, items: items.items }, last: items.last }
}

/** The row, locked; 404 for whoever may not read it. */
export async function lockReadable(tx: Ctx, id: string): Promise<ResourceRow> {
  const row = await lockResource(tx, id)
  if (!row || !readResource.allows(tx.actor, row)) throw notFound('目录条目')
  return row
}

/** What an entry names must exist and be the actor's to name. */
export async function checkReferences(tx: Ctx, ports: CatalogPorts, input: ContentInput): Promise<ProjectOfResource | undefined> {
  await checkDutyOrgs(tx, ports, input)
  if (input.systemId !== null && !(await ports.systems.system(tx, input.systemId)))
    throw refused('systemId', '所属系统不存在，或不在当前岗位可查看的范围内')
  if (input.projectId === null) {
    if (input.declaredResourceId !== null) throw refused('declaredResourceId', '选择申报的数据资源前，须先选择所属项目')
    return undefined
  }
  const project = await ports.projects.project(tx, input.projectId)
  if (!project) throw refused('projectId', '所属项目不存在，或不在当前岗位可查看的范围内')
  // A third party could otherwise fill in for what somebody else's project has to catalog.
  if (project.builderOrgId !== tx.actor.orgId && project.userUnitOrgId !== tx.actor.orgId)
    throw refused('projectId', `本单位不是“${project.name}”的建设单位或用户单位，不能为其编制目录`)
  if (input.declaredResourceId !== null) {
    const declared = await ports.declarations.declaredResources(tx, project.id)
    if (!declared.some((one) => one.id === input.declaredResourceId))
      throw refused('declaredResourceId', `“${project.name}”没有申报该数据资源，请从申报清单中选择`)
  }
  return project
}

async function checkDutyOrgs(tx: Ctx, ports: CatalogPorts, input: ContentInput): Promise<void> {
  const bearers = dutyNames.flatMap((name) => {
    const bearer = input.duties[name]
    return bearer ? [{ path: `duties/${name}/orgId`, orgId: bearer.orgId }] : []
  })
  const known = await ports.organisations.organisations(tx, [...new Set(bearers.map((bearer) => bearer.orgId))])
  const unknown: FieldProblem[] = bearers
    .filter((bearer) => !known.has(bearer.orgId))
    .map(({ path }) => ({ path, message: '不在机构名录中，请从名录中选择' }))
  if (unknown.length > 0) throw new InvalidValue('catalog.unknown_organisation', '五项责任中有机构不在机构名录中。', unknown)
}

export async function checkFree(
  tx: Ctx,
  input: Pick<ContentInput, 'name' | 'projectId' | 'declaredResourceId'>,
  orgId: string,
  ownId: string | undefined,
): Promise<void> {
  const namesake = await findByName(tx, orgId, input.name)
  if (namesake && namesake.id !== ownId)
    throw new InvalidState('catalog.duplicate_name', `本单位已编制名为“${input.name}”的目录，请核对是否重复。`, [
      { path: 'name', message: '本单位已有同名目录' },
    ])
  if (input.projectId === null || input.declaredResourceId === null) return
  const other = await findByDeclared(tx, input.projectId, input.declaredResourceId)
  if (other && other.id !== ownId)
    throw new InvalidState('catalog.already_compiled', `申报的该项数据资源已编制目录“${other.name}”。`, [
      { path: 'declaredResourceId', message: `已由目录“${other.name}”对应` },
    ])
}

function refused(path: string, message: string): InvalidValue {
  return new InvalidValue('catalog.bad_reference', `${message}。`, [{ path, message }])
}
