import {
  type Ctx,
  checkSocialCreditCode,
  type FieldProblem,
  InvalidState,
  InvalidValue,
  inTransaction,
  NotPermitted,
  notFound,
  recordAudit,
  requireVersion,
} from '@tongchou/kernel'
import type { CatalogPorts, ProjectOfResource } from './ports.ts'
import { compileResource, readResource } from './resource.permissions.ts'
import { type Content, dutyNames, type NewResource, type Resource, type ResourceChange } from './resource.schema.ts'
import { findByDeclared, findByName, insertResource, lockResource, replaceItems, takeTurn, updateResource } from './resource.store.ts'
import type { ResourceRow } from './resource.tables.ts'
import { isOpenForChange, viewResource } from './resource.view.ts'

/** Starts an entry of the own organisation (编制); a draft may be incomplete, what it names must exist. */
export async function draftResource(ctx: Ctx, ports: CatalogPorts, input: NewResource): Promise<Resource> {
  return inTransaction(ctx, async (tx) => {
    await takeTurn(tx, tx.actor.orgId)
    const project = await checkReferences(tx, ports, input)
    await checkFree(tx, input, tx.actor.orgId, undefined)
    const row = await insertResource(tx, {
      ...columns(input, project),
      org_id: tx.actor.orgId,
      state: 'draft',
      returned_reason: null,
      registered_at: null,
      created_at: tx.now(),
      updated_by: `${tx.actor.orgName} ${tx.actor.name}`,
      updated_at: tx.now(),
    })
    await replaceItems(tx, row.id, input.items)
    await recordAudit(tx, 'catalog.drafted', { kind: 'catalog-entry', id: row.id }, { name: row.name, projectId: row.project_id })
    return viewResource(tx, ports, row)
  })
}

/** Changes an entry that was not handed in yet or came back. What is under review or registered stays as it was signed. */
export async function changeResource(ctx: Ctx, ports: CatalogPorts, id: string, input: ResourceChange): Promise<Resource> {
  return inTransaction(ctx, async (tx) => {
    // The turn before the row, as in every act that takes both: the other order could deadlock.
    await takeTurn(tx, tx.actor.orgId)
    const row = await lockReadable(tx, id)
    if (!compileResource.allows(tx.actor, row)) throw new NotPermitted('catalog.not_compiler', '目录由资源所属单位编制，当前岗位不能修改。')
    requireVersion(`目录“${row.name}”`, row, input.version)
    if (!isOpenForChange(row))
      throw new InvalidState('catalog.not_open', `目录“${row.name}”已提交审核或已登记，不能修改。需要修改的，由审核环节退回。`)
    const project = await checkReferences(tx, ports, input)
    await checkFree(tx, input, row.org_id, id)
    const changed = await updateResource(tx, id, columns(input, project))
    await replaceItems(tx, id, input.items)
    await recordAudit(tx, 'catalog.changed', { kind: 'catalog-entry', id }, { version: changed.version })
    return viewResource(tx, ports, changed)
  })
}

/** The row, locked; 404 for whoever may not read it. */
export async function lockReadable(tx: Ctx, id: string): Promise<ResourceRow> {
  const row = await lockResource(tx, id)
  if (!row || !readResource.allows(tx.actor, row)) throw notFound('目录条目')
  return row
}

async function checkReferences(tx: Ctx, ports: CatalogPorts, input: Content): Promise<ProjectOfResource | undefined> {
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

async function checkDutyOrgs(tx: Ctx, ports: CatalogPorts, input: Content): Promise<void> {
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

async function checkFree(tx: Ctx, input: Content, orgId: string, ownId: string | undefined): Promise<void> {
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

function columns(input: Content, project: ProjectOfResource | undefined) {
  // A valid code is kept in its one form; another one is kept as typed, so that the draft shows what is wrong with it.
  const code = input.providerCode === null ? undefined : checkSocialCreditCode(input.providerCode)
  return {
    name: input.name,
    user_unit_org_id: project?.userUnitOrgId ?? null,
    project_id: input.projectId,
    declared_resource_id: input.declaredResourceId,
    system_id: input.systemId,
    provider_code: code?.ok ? code.value.value : input.providerCode,
    abstract: input.abstract,
    class: input.class,
    format: input.format,
    update_cycle: input.updateCycle,
    duties: JSON.stringify(input.duties),
    sharing: input.sharing,
    sharing_condition: input.sharingCondition,
    basis_law: input.basisLaw,
    basis_clause: input.basisClause,
    opening: input.opening,
    opening_condition: input.openingCondition,
    grade: input.grade,
    contains_personal: input.containsPersonal,
    contains_sensitive: input.containsSensitive,
    masking_rule: input.maskingRule,
  }
}
