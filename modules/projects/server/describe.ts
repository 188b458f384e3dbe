import { type Ctx, NotFound, type SubjectDescription } from '@tongchou/kernel'
import type { ProjectsPorts } from '../ports.ts'
import { appStageNames, builderNames, deliverableNames, deploymentNames, fundingNames, kindNames, reachNames } from '../words.ts'
import { findPayment } from './money.store.ts'
import { cityPlanTotals, findCityPlan } from './plan.store.ts'
import { findProject, readBelongings } from './project.store.ts'
import { named } from './project.view.ts'

type Line = SubjectDescription['facts'][number]

const text = (label: string, value: string): Line => ({ label, value, fen: null })
const money = (label: string, fen: number | null): Line => (fen === null ? text(label, '未核定') : { label, value: null, fen })

/** A project as the reviewer reads it: what it is, who builds it, what it makes, what it costs. */
export async function describeProject(ctx: Ctx, ports: ProjectsPorts, id: string): Promise<SubjectDescription> {
  const project = await findProject(ctx, id)
  if (!project) throw new NotFound('project.not_found', '项目不存在')
  const orgs = await ports.organisations.organisations(ctx, [project.owner_org_id, project.builder_org_id, project.user_unit_org_id])
  const { systems, resources, budgetLines } = await readBelongings(ctx, id)
  return {
    title: project.name,
    href: `/projects/${id}`,
    facts: [
      text('申报单位', named(orgs, project.owner_org_id).name),
      text('建设单位', `${named(orgs, project.builder_org_id).name}（${builderNames[project.builder]}）`),
      text('用户单位', named(orgs, project.user_unit_org_id).name),
      text('项目类型', kindNames[project.kind]),
      text('应用范围', reachNames[project.reach]),
      text('建设内容', project.deliverables.map((d) => deliverableNames[d]).join('、')),
      text('部署方式', deploymentNames[project.planned_deployment]),
      text('面向公众应用', appStageNames[project.app_stage]),
      text('资金来源', project.funding.map((f) => fundingNames[f]).join('、')),
      money('申报投资', project.budget_fen),
      money('年运维费', project.om_cost_fen),
      money('核定概（预）算', project.approved_fen),
      text('投资明细', budgetLines.map((l) => l.title).join('、')),
      text('拟建系统', systems.map((s) => s.name).join('、') || '无'),
      text('拟形成数据资源', resources.map((r) => r.name).join('、') || project.no_data_reason || '未说明'),
      text('建设内容和规模', project.summary),
      text('规划依据', project.plan_basis),
      text('单独建设的必要性', project.necessity),
    ],
  }
}

/** The city's plan as the joint reviewers and the city read it. */
export async function describeCityPlan(ctx: Ctx, id: string): Promise<SubjectDescription> {
  const plan = await findCityPlan(ctx, id)
  if (!plan) throw new NotFound('city-plan.not_found', '年度计划不存在')
  const totals = (await cityPlanTotals(ctx, [id])).get(id)
  return {
    title: plan.title,
    href: `/city-plans/${id}`,
    facts: [
      text('年度', String(plan.year)),
      text('编制人', plan.compiled_by),
      text('列入项目', `${totals?.entryCount ?? 0} 个`),
      money('申报投资合计', totals?.budgetFen ?? 0),
      text('编制说明', plan.note),
    ],
  }
}

/** A payment as finance reads it: which term of which contract, and what was paid before. */
export async function describePayment(ctx: Ctx, ports: ProjectsPorts, id: string): Promise<SubjectDescription> {
  const payment = await findPayment(ctx, id)
  const project = payment && (await findProject(ctx, payment.project_id))
  if (!payment || !project) throw new NotFound('payment.not_found', '支付申请不存在')
  const { contracts, terms, payments } = await readBelongings(ctx, project.id)
  const contract = contracts.find((c) => c.id === payment.contract_id)
  const term = terms.find((t) => t.contract_id === payment.contract_id && t.line_no === payment.line_no)
  const paid = payments.filter((p) => p.state === 'released').reduce((sum, p) => sum + p.amount_fen, 0)
  return {
    title: project.name,
    href: `/projects/${project.id}`,
    facts: [
      text('合同', contract ? `${contract.number}（${contract.supplier}）` : ''),
      text('期次', term?.title ?? ''),
      money('本次申请', payment.amount_fen),
      money('合同金额', contract?.amount_fen ?? 0),
      money('已支付', paid),
      money('已安排资金', project.funded_fen),
      text('暂缓支付', (await ports.isHeld(ctx, project.id)) ? '已决定暂缓支付' : '无'),
    ],
  }
}
