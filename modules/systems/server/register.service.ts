import { type Ctx, InvalidState, InvalidValue, inTransaction, NotPermitted, notFound, recordAudit, requireVersion } from '@tongchou/kernel'
import type { SystemsPorts } from './ports.ts'
import { keepSystem, readSystem } from './system.permissions.ts'
import { type Description, type Registration, type StatusChange, type System, statuses } from './system.schema.ts'
import { currentAnswers, findByName, insertSystem, lockSystem, takeTurn, updateSystem } from './system.store.ts'
import type { SystemRow } from './system.tables.ts'
import { viewSystem } from './system.view.ts'

/** Registers a system of the own organisation (登记), as planned; what it is like is then answered by others. */
export async function registerSystem(ctx: Ctx, ports: SystemsPorts, input: Registration): Promise<System> {
  return inTransaction(ctx, async (tx) => {
    await checkReferences(tx, ports, input)
    await takeTurn(tx, tx.actor.orgId)
    if (await findByName(tx, tx.actor.orgId, input.name)) throw duplicateName(input.name)
    const row = await insertSystem(tx, {
      ...columns(input),
      org_id: tx.actor.orgId,
      project_id: input.projectId,
      status: 'planned',
      registered_by_person_id: tx.actor.personId,
      created_at: tx.now(),
      updated_by: `${tx.actor.orgName} ${tx.actor.name}`,
      updated_at: tx.now(),
    })
    await recordAudit(tx, 'system.registered', { kind: 'system', id: row.id }, { name: row.name, projectId: row.project_id })
    return viewSystem(tx, ports, row)
  })
}

/** Corrects what the owner wrote. The project stays once an office has answered: the answers were given for that project's gate. */
export async function describeSystem(ctx: Ctx, ports: SystemsPorts, id: string, input: Description): Promise<System> {
  return inTransaction(ctx, async (tx) => {
    // The turn before the row, as in every act that takes both: the other order could deadlock with a registration.
    await takeTurn(tx, tx.actor.orgId)
    const row = await lockOwn(tx, id)
    requireVersion(`信息系统“${row.name}”`, row, input.version)
    if (input.projectId !== row.project_id && (await currentAnswers(tx, [id])).length > 0)
      throw new InvalidState('system.project_fixed', `“${row.name}”已有核实结果，不能改挂到其他项目。`, [
        { path: 'projectId', message: '已有核实结果，所属项目不能更改；确有错误的，请告知市大数据中心' },
      ])
    await checkReferences(tx, ports, input)
    const other = await findByName(tx, row.org_id, input.name)
    if (other && other.id !== id) throw duplicateName(input.name)
    const changed = await updateSystem(tx, id, { ...columns(input), project_id: input.projectId })
    await recordAudit(tx, 'system.described', { kind: 'system', id }, { version: changed.version })
    return viewSystem(tx, ports, changed)
  })
}

/** Moves the system on: 规划、建设、运行、关停. Never back. */
export async function changeStatus(ctx: Ctx, ports: SystemsPorts, id: string, input: StatusChange): Promise<System> {
  return inTransaction(ctx, async (tx) => {
    const row = await lockOwn(tx, id)
    requireVersion(`信息系统“${row.name}”`, row, input.version)
    if (statuses.indexOf(input.status) <= statuses.indexOf(row.status))
      throw new InvalidState('system.wrong_status', `“${row.name}”只能由规划、建设、运行到关停依次变更，不能退回。`, [
        { path: 'status', message: '请选择当前状态之后的状态' },
      ])
    const changed = await updateSystem(tx, id, { status: input.status })
    await recordAudit(tx, 'system.status_changed', { kind: 'system', id }, { from: row.status, to: input.status })
    return viewSystem(tx, ports, changed)
  })
}

/** The row, locked, of a system that the actor keeps: 404 for strangers, 403 for readers. */
export async function lockOwn(tx: Ctx, id: string): Promise<SystemRow> {
  const row = await lockReadable(tx, id)
  if (!keepSystem.allows(tx.actor, row)) throw new NotPermitted('system.not_owner', '仅系统所属单位可以办理。')
  return row
}

export async function lockReadable(tx: Ctx, id: string): Promise<SystemRow> {
  const row = await lockSystem(tx, id)
  if (!row || !readSystem.allows(tx.actor, row)) throw notFound('信息系统')
  return row
}

async function checkReferences(tx: Ctx, ports: SystemsPorts, input: Pick<Registration, 'projectId' | 'userUnitOrgId'>): Promise<void> {
  if (input.userUnitOrgId !== null && !(await ports.organisations.organisation(tx, input.userUnitOrgId)))
    throw new InvalidValue('system.unknown_user_unit', '使用单位不在机构名录中，请从名录中选择。', [
      { path: 'userUnitOrgId', message: '不在机构名录中，请从名录中选择' },
    ])
  if (input.projectId === null) return
  const project = await ports.projects.project(tx, input.projectId)
  if (!project)
    throw new InvalidValue('system.unknown_project', '所属项目不存在，或不在当前岗位可查看的范围内。', [
      { path: 'projectId', message: '项目不存在，或不在可查看的范围内' },
    ])
  // A third party could otherwise change what the gate of somebody else's project reads.
  if (project.builderOrgId !== tx.actor.orgId && project.userUnitOrgId !== tx.actor.orgId)
    throw new InvalidValue('system.foreign_project', `本单位不是“${project.name}”的建设单位或用户单位，不能将系统挂接到该项目。`, [
      { path: 'projectId', message: '仅项目的建设单位、用户单位可以挂接' },
    ])
}

function duplicateName(name: string): InvalidState {
  return new InvalidState('system.duplicate_name', `本单位已登记名为“${name}”的信息系统，请核对是否重复登记。`, [
    { path: 'name', message: '本单位已有同名系统' },
  ])
}

function columns(input: Omit<Registration, 'secrecy' | 'projectId'>) {
  return {
    name: input.name,
    user_unit_org_id: input.userUnitOrgId,
    functions: input.functions,
    usage_scope: input.usageScope,
    usage_frequency: input.usageFrequency,
    approving_body: input.approvingBody,
    approved_on: input.approvedOn,
    funding: input.funding,
  }
}
