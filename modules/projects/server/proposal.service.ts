import {
  type Ctx,
  type Finding,
  InvalidState,
  InvalidValue,
  inTransaction,
  NotFound,
  NotPermitted,
  recordAudit,
  StateSecretDeclared,
  todayInShanghai,
} from '@tongchou/kernel'
import type { ProjectsPorts } from '../ports.ts'
import { columnsSoFar, gatherFacts, proposedFacts, withoutAbsent } from './facts.ts'
import { isEditable, mayDeclareUrgent, needsSuperiorFiling } from './lifecycle.ts'
import { settleDraft } from './own-draft.ts'
import { applicantDuties, bears, editProposal, readProject } from './project.permissions.ts'
import type { Project, Proposal, ProposalChange, ProposalSoFar } from './project.schema.ts'
import { findProject, insertProject, lockProject, proposalColumns, replaceLines, updateProject } from './project.store.ts'
import type { ProjectRow } from './project.tables.ts'
import { projectView } from './project.view.ts'

/** Writes a new proposal (项目申报草稿). Nothing is kept before the secrecy question is answered with no (WH23-21). */
export async function createProposal(ctx: Ctx, ports: ProjectsPorts, proposal: Proposal): Promise<Project> {
  refuseSecrets(proposal)
  if (!bears(ctx.actor, ...applicantDuties)) throw new NotPermitted('project.not_applicant', '当前岗位无申报职责，请切换到申报岗位。')
  const owner = await ports.organisations.organisation(ctx, ctx.actor.orgId)
  if (!owner || hasEnded(owner, ctx)) throw new NotPermitted('project.no_organisation', '当前岗位所在机构不在机构名录中，不能申报。')
  const builderOrgId = await resolveBuilder(ctx, ports, proposal, owner)
  return inTransaction(ctx, async (tx) => {
    const at = tx.now()
    const by = `${tx.actor.orgName} ${tx.actor.name}`
    const row = await insertProject(tx, {
      ...proposalColumns(proposal, builderOrgId),
      owner_org_id: owner.id,
      owner_org_kind: owner.kind,
      created_by: by,
      created_at: at,
      updated_by: by,
      updated_at: at,
    })
    await replaceLines(tx, row.id, proposal)
    if (proposal.draft !== undefined) await settleDraft(tx, proposal.draft, row.id)
    await recordAudit(tx, 'project.drafted', subjectOf(row), { name: row.name })
    return projectView(tx, ports, row)
  })
}

/** Changes a proposal while no office holds it. Somebody else's change in between is refused with who and when. */
export async function changeProposal(ctx: Ctx, ports: ProjectsPorts, id: string, change: ProposalChange): Promise<Project> {
  refuseSecrets(change)
  return inTransaction(ctx, async (tx) => {
    const project = await readable(tx, ports, id)
    if (!editProposal.allows(tx.actor, project)) throw new NotPermitted('project.not_owner', '仅申报单位的申报人员可以修改项目申报。')
    if (!isEditable(project))
      throw new InvalidState('project.not_editable', '项目正在办理或已通过论证，不能修改。退回补正或撤回后可以修改。')
    refuseStale(project, change.version)
    const owner = await ports.organisations.organisation(tx, project.owner_org_id)
    if (!owner) throw new NotFound('project.not_found', '项目不存在')
    const columns = proposalColumns(change, await resolveBuilder(tx, ports, change, owner))
    // The center's answer to a declared urgency stands as long as the stated reason is the same.
    const sameReason = change.urgencyReason === project.urgency_reason
    const row = await updateProject(tx, id, { ...columns, ...(sameReason ? { urgency: project.urgency } : {}) })
    await replaceLines(tx, id, change)
    await recordAudit(tx, 'project.changed', subjectOf(row), { version: row.version })
    return projectView(tx, ports, row)
  })
}

/** What the rules say of a proposal that is still being typed (边填边查). What is not filled in yet is unknown, not false. Stores nothing. */
export async function checkUnsaved(
  ctx: Ctx,
  ports: ProjectsPorts,
  act: 'plan.file' | 'project.apply',
  proposal: ProposalSoFar,
): Promise<Finding[]> {
  refuseSecrets(proposal)
  const owner = await ports.organisations.organisation(ctx, ctx.actor.orgId)
  const facts = proposedFacts({ ...columnsSoFar(proposal), owner_org_kind: owner?.kind ?? 'public-body' })
  return ports.policy.judge(ctx, act, withoutAbsent(facts))
}

/** What the rules say of an act on a stored project, before it is done (预检): the same engine and facts as the act itself. */
export async function checkAct(ctx: Ctx, ports: ProjectsPorts, id: string, act: string): Promise<Finding[]> {
  const project = await findProject(ctx, id)
  if (!project || !(await mayRead(ctx, ports, project))) throw new NotFound('project.not_found', '项目不存在')
  return ports.policy.judge(ctx, act, await gatherFacts(ctx, project, ports.registers, act))
}

/** The page of one project. */
export async function readProjectPage(ctx: Ctx, ports: ProjectsPorts, id: string): Promise<Project> {
  const project = await findProject(ctx, id)
  if (!project || !(await mayRead(ctx, ports, project))) throw new NotFound('project.not_found', '项目不存在')
  return projectView(ctx, ports, project)
}

/** Declares an urgent project (第二十二条): outside the measure once the center has confirmed it. */
export async function declareUrgent(ctx: Ctx, ports: ProjectsPorts, id: string, reason: string): Promise<Project> {
  return change(ctx, ports, id, 'project.urgency_declared', { reason }, (tx, project) => {
    if (!editProposal.allows(tx.actor, project)) throw new NotPermitted('project.not_owner', '仅申报单位的申报人员可以申报紧急项目。')
    if (!mayDeclareUrgent(project)) throw new InvalidState('project.urgency_declared', '本项目已申报为紧急项目。')
    // The center has to see it to decide on it.
    return { urgency: 'declared', urgency_reason: reason, submitted_at: project.submitted_at ?? tx.now() }
  })
}

/** The center says whether the project is urgent in the sense of 第二十二条. */
export async function decideUrgency(ctx: Ctx, ports: ProjectsPorts, id: string, confirmed: boolean, reason: string): Promise<Project> {
  return change(ctx, ports, id, 'project.urgency_decided', { confirmed, reason }, (tx, project) => {
    if (!bears(tx.actor, 'big-data-center')) throw new NotPermitted('project.not_center', '紧急项目由市大数据中心认定。')
    if (project.urgency !== 'declared') throw new InvalidState('project.urgency_not_declared', '本项目没有待认定的紧急项目申报。')
    return { urgency: confirmed ? 'confirmed' : 'rejected' }
  })
}

/** The center says whether it is a government information system at all (第二条). */
export async function decideScope(ctx: Ctx, ports: ProjectsPorts, id: string, inScope: boolean, reason: string): Promise<Project> {
  return change(ctx, ports, id, 'project.scope_decided', { inScope, reason }, (tx, project) => {
    if (!bears(tx.actor, 'big-data-center')) throw new NotPermitted('project.not_center', '是否属于政务信息系统由市大数据中心认定。')
    if (project.submitted_at === null) throw new InvalidState('project.not_submitted', '项目尚未申报。')
    return { government_system: inScope }
  })
}

/** Files a project that is coordinated and paid from above with the center (第五条：同步报送备案). */
export async function fileSuperior(ctx: Ctx, ports: ProjectsPorts, id: string): Promise<Project> {
  return change(ctx, ports, id, 'project.superior_filed', {}, (tx, project) => {
    if (!editProposal.allows(tx.actor, project)) throw new NotPermitted('project.not_owner', '仅申报单位可以报送备案。')
    if (!needsSuperiorFiling(project))
      throw new InvalidState('project.no_superior_filing', '只有国家、自治区统筹建设并使用上级财政资金的项目需要报送备案。')
    if (project.superior_filed_at !== null) throw new InvalidState('project.superior_filed', '本项目已报送备案。')
    return { superior_filed_at: tx.now(), submitted_at: project.submitted_at ?? tx.now() }
  })
}

/** The center receives that filing. */
export async function receiveSuperior(ctx: Ctx, ports: ProjectsPorts, id: string): Promise<Project> {
  return change(ctx, ports, id, 'project.superior_received', {}, (tx, project) => {
    if (!bears(tx.actor, 'big-data-center')) throw new NotPermitted('project.not_center', '备案由市大数据中心接收。')
    if (project.superior_filed_at === null) throw new InvalidState('project.superior_not_filed', '建设单位尚未报送备案。')
    if (project.superior_received_at !== null) throw new InvalidState('project.superior_received', '备案已接收。')
    return { superior_received_at: tx.now() }
  })
}

async function change(
  ctx: Ctx,
  ports: ProjectsPorts,
  id: string,
  action: string,
  detail: Record<string, unknown>,
  decide: (tx: Ctx, project: ProjectRow) => Parameters<typeof updateProject>[2],
): Promise<Project> {
  return inTransaction(ctx, async (tx) => {
    const project = await readable(tx, ports, id)
    const row = await updateProject(tx, id, decide(tx, project))
    await recordAudit(tx, action, subjectOf(row), detail)
    return projectView(tx, ports, row)
  })
}

/** Locks a project the actor may read; anybody else learns nothing. */
export async function readable(tx: Ctx, ports: Pick<ProjectsPorts, 'cases'>, id: string): Promise<ProjectRow> {
  const project = await lockProject(tx, id)
  if (!project || !(await mayRead(tx, ports, project))) throw new NotFound('project.not_found', '项目不存在')
  return project
}

/** Who holds a task on a project sees it too, as long as it waits for them. */
export async function mayRead(ctx: Ctx, ports: Pick<ProjectsPorts, 'cases'>, project: ProjectRow): Promise<boolean> {
  return readProject.allows(ctx.actor, project) || (await ports.cases.subjectsAwaiting(ctx, 'project')).includes(project.id)
}

export function subjectOf(project: { id: string }): { kind: 'project'; id: string } {
  return { kind: 'project', id: project.id }
}

function refuseSecrets(proposal: { secrecy: boolean }): void {
  if (proposal.secrecy) throw new StateSecretDeclared()
}

function refuseStale(project: ProjectRow, version: number): void {
  if (project.version !== version)
    throw new InvalidState('project.stale', `${project.updated_by} 已于 ${shanghaiTime(project.updated_at)} 修改过本项目，请刷新后再修改。`)
}

function shanghaiTime(at: Date): string {
  return new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', dateStyle: 'long', timeStyle: 'short' }).format(at)
}

/** An office that is no more takes nothing on. */
function hasEnded({ endsOn }: { endsOn?: string }, ctx: Ctx): boolean {
  return endsOn !== undefined && endsOn <= todayInShanghai(ctx.now())
}

/** Who builds, as an organisation: the center, or the proposing unit itself (第八至十条). */
async function resolveBuilder(ctx: Ctx, ports: ProjectsPorts, proposal: Proposal, owner: { id: string; kind: string }): Promise<string> {
  const userUnit = await ports.organisations.organisation(ctx, proposal.userUnitOrgId)
  if (!userUnit) throw invalid('userUnitOrgId', '用户单位不在机构名录中，请从名录中选择。')
  if (hasEnded(userUnit, ctx)) throw invalid('userUnitOrgId', `用户单位${userUnit.name}已撤销，请从现有机构中选择。`)
  if (proposal.builder === 'big-data-center') {
    const [center] = await ports.organisations.bearersOf(ctx, 'big-data-center')
    if (!center) throw invalid('builder', '机构名录中没有承担市大数据中心职责的机构。')
    return center.id
  }
  if (owner.kind === 'big-data-center') throw invalid('builder', '市大数据中心申报的项目由市大数据中心建设。')
  if ((proposal.builder === 'district') !== (owner.kind === 'district'))
    throw invalid('builder', '各区申报的项目由各区或市大数据中心建设，市直部门申报的项目由本部门或市大数据中心建设。')
  return owner.id
}

function invalid(path: string, message: string): InvalidValue {
  return new InvalidValue('project.invalid', message, [{ path, message }])
}
