import {
  changeProposal,
  checkAct,
  createProposal,
  filePlanEntry,
  fileSuperior,
  type Proposal,
  readProjectPage,
  receiveSuperior,
} from '@tongchou/projects'
import type { Life } from './life.ts'
import { approval } from './life-approval.ts'
import { building } from './life-building.ts'
import { opinion } from './opinions.ts'
import { calendarYearOf, planCalendar, type ReviewedEntries } from './plan-years.ts'
import type { DemoProject } from './portfolio.ts'
import { DEMO_SEED, drawFrom } from './random.ts'
import { type Act, act, lengthOf, placed, type Scene } from './scene.ts'
import type { Timeline } from './timeline.ts'

/** Slower than this no project goes; it begins later instead. */
const SLOWEST = 1.35

/** Everything that happens to one project, from its draft to where the portfolio has it. */
export function projectLife(project: DemoProject, number: number, timeline: Timeline, reviewed: ReviewedEntries): Scene[] {
  const draw = drawFrom(DEMO_SEED + number)
  const life: Life = {
    project,
    number,
    draw,
    owner: `${project.ownerOrgId}-clerk`,
    builder: `${project.builderOrgId}-clerk`,
    userUnit: `${project.userUnitOrgId}-user`,
    id: '',
    planCase: '',
    entryId: '',
    cases: new Map(),
    systems: [],
    problemId: '',
    page: undefined,
    stretch: 1,
  }
  return [...planning(life, timeline, reviewed), ...afterListing(life, timeline)]
}

function planning(life: Life, timeline: Timeline, reviewed: ReviewedEntries): Scene[] {
  const { project, draw } = life
  const { end, pace } = timeline
  const filingOf = (planYear: number) =>
    timeline.positionOf(planCalendar.filing(calendarYearOf(planYear, timeline))) + draw.integer(12) * pace
  const filing = filingOf(project.planYear)
  switch (project.target) {
    case 'drafting':
      return placed([drafted(life), ...triedInVain(life)], end - 14 + draw.integer(10), 1, draw)
    case 'plan-filed':
      return placed([drafted(life), ...superior(life), filed(life, 2)], end - 16 + draw.integer(10), 1, draw)
    case 'plan-returned':
      return placed([drafted(life), ...superior(life), filed(life, 2), returned(life, 8 + draw.integer(10))], filing, pace, draw)
    default: {
      const way = [...(life.number % 6 === 3 ? corrected(life) : []), passed(life, reviewed)]
      if (!wasRejectedBefore(life, timeline)) return placed([drafted(life), ...superior(life), filed(life, 2), ...way], filing, pace, draw)
      const before = filingOf(project.planYear - 1)
      return [
        ...placed([drafted(life), filed(life, 2, project.planYear - 1), rejected(life)], before, pace, draw),
        ...placed([filed(life, 0), ...way], filing, pace, draw),
      ]
    }
  }
}

/** Some were turned down in one year and filed again in the next, better reasoned. */
function wasRejectedBefore({ project, number }: Life, timeline: Timeline): boolean {
  const isRepeatable = project.kind === 'new' && !project.superiorCoordinated
  return number % 7 === 5 && isRepeatable && project.planYear > timeline.lastPlanYear - 3
}

function drafted(life: Life): Act {
  return act(0, async (stage) => {
    life.page = await createProposal(stage.as(life.owner), stage.city.projects, proposalOf(life.project))
    life.id = life.page.id
  })
}

/** Coordinated by the state or the region and paid by it: filed with the center first (WH23-5). */
function superior(life: Life): Act[] {
  if (!life.project.superiorCoordinated || !life.project.funding.includes('superior-finance')) return []
  return [
    act(1, async (stage) => void (await fileSuperior(stage.as(life.owner), stage.city.projects, life.id))),
    act(1, async (stage) => void (await receiveSuperior(stage.as('bdc-planner'), stage.city.projects, life.id))),
  ]
}

function filed(life: Life, after: number, year = life.project.planYear): Act {
  return act(after, async (stage) => {
    const { caseId, entryId } = await filePlanEntry(stage.as(life.owner), stage.city.projects, life.id, {
      year,
      opinion: '经本单位研究，申报列入年度计划。',
    })
    life.planCase = caseId
    life.entryId = entryId
  })
}

function returned(life: Life, after: number): Act {
  const reason = life.project.returnReason ?? '未说明与已建系统的关系，请补充可复用的共享能力后重新报送'
  return act(after, (stage) => stage.decide(life.planCase, 'bdc-planner', 'review', 'return', { opinion: `${reason}。` }))
}

/** Returned, corrected by the unit and handed in again. */
function corrected(life: Life): Act[] {
  return [
    returned(life, 3),
    act(2, async (stage) => {
      const ctx = stage.as(life.owner)
      const { version } = await readProjectPage(ctx, stage.city.projects, life.id)
      const proposal = proposalOf(life.project)
      const summary = `${proposal.summary}已按初审意见补充：复用市级统一身份认证、电子证照和共享交换能力，不重复建设。`
      life.page = await changeProposal(ctx, stage.city.projects, life.id, { ...proposal, summary, version })
    }),
    act(1, (stage) => stage.decide(life.planCase, life.owner, 'file', 'submit', { opinion: '已按意见补正，重新报送。' })),
  ]
}

function passed(life: Life, reviewed: ReviewedEntries): Act {
  return act(4, async (stage) => {
    await stage.decide(life.planCase, 'bdc-reviewer', 'review', 'pass', { opinion: opinion('planPass', life.number) })
    const { planYear } = life.project
    reviewed.set(planYear, [...(reviewed.get(planYear) ?? []), life.entryId])
  })
}

function rejected(life: Life): Act {
  return act(5, (stage) => stage.decide(life.planCase, 'bdc-reviewer', 'review', 'reject', { opinion: opinion('planReject', life.number) }))
}

/** Whoever drafted what the rules speak against has tried to file it, and was told why not. */
function triedInVain(life: Life): Act[] {
  return [
    act(1, async (stage) => {
      const ctx = stage.as(life.owner)
      const findings = await checkAct(ctx, stage.city.projects, life.id, 'plan.file')
      if (!findings.some(({ effect, mode }) => mode === 'enforce' && effect !== 'warn')) return
      const input = { year: life.project.planYear, opinion: '' }
      await stage.refused(life.owner, 'filePlanEntry', life.id, (tx) => filePlanEntry(tx, stage.city.projects, life.id, input))
    }),
  ]
}

/** From the construction plan on. The last act lies days before the present; what has more time than it needs begins later. */
function afterListing(life: Life, timeline: Timeline): Scene[] {
  const acts = [...approval(life), ...building(life)]
  if (acts.length === 0) return []
  const listed = timeline.positionOf(planCalendar.approved(calendarYearOf(life.project.planYear, timeline))) + 6
  const last = timeline.end - 2 - life.draw.integer(12)
  const length = lengthOf(acts)
  life.stretch = Math.min(SLOWEST, (last - listed) / Math.max(1, length))
  return placed(acts, last - length * life.stretch, life.stretch, life.draw)
}

function proposalOf(project: DemoProject): Proposal {
  return {
    secrecy: false,
    name: project.name,
    kind: project.kind,
    summary: project.summary,
    planBasis: project.planBasis,
    builder: project.builder,
    userUnitOrgId: project.userUnitOrgId,
    reach: project.reach,
    deliverables: project.deliverables,
    funding: project.funding,
    superiorCoordinated: project.superiorCoordinated,
    appStage: project.appStage,
    standardInterface: project.standardInterface,
    necessity: project.necessity,
    plannedDeployment: project.plannedDeployment,
    omCostFen: project.omCostFen,
    responsiblePerson: project.responsiblePerson,
    noDataReason: project.noDataReason,
    urgencyReason: '',
    budgetLines: project.budgetLines,
    systems: project.systems.map(({ name, functions }) => ({ name, functions })),
    dataResources: project.resources.map(({ name }) => ({ name })),
  }
}
