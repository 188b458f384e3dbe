import { addDays } from '@tongchou/kernel'
import { beginProcedure, type Project, reachMilestone, reportProgress, setMilestones } from '@tongchou/projects'
import { begin, caseOf, hasReached, type Life } from './life.ts'
import { catalogued } from './life-catalog.ts'
import { paid } from './life-payments.ts'
import { problemCured, problemStanding, withheldRecord } from './life-supervision.ts'
import { systemAnswered, systemRegistered, systemRunning } from './life-systems.ts'
import { opinion } from './opinions.ts'
import { type Act, act } from './scene.ts'

/** From the contract to the evaluation (WH23-13, 15, 18), as far as the portfolio has the project. */
export function building(life: Life): Act[] {
  const { project, number } = life
  if (!hasReached(project, 'contracted')) return []
  if (project.target === 'contracted') return number % 2 === 0 ? systemRegistered(life) : []
  const begun = [...systemRegistered(life), milestonesSet(life), ...paid(life, 1)]
  if (project.progress.length < 3) return [...begun, ...underWay(life)]
  return [...begun, ...built(life), ...ending(life)]
}

/** Still being built: some reports, some milestones, now and then a change or a record against the builder. */
function underWay(life: Life): Act[] {
  const { project, number } = life
  const steps = project.progress.flatMap((percent, index) => [reported(life, 25, percent), reached(life, 5, index)])
  if (project.problem) return [...steps, ...problemStanding(life, project.problem)]
  return [
    ...steps,
    ...(number % 3 === 0 ? changeFiled(life, number % 2 === 0) : []),
    ...(number % 4 === 1 ? withheldRecord(life) : []),
    ...(number % 3 === 1 ? systemAnswered(life, 'requested') : []),
  ]
}

function built(life: Life): Act[] {
  const { project } = life
  const [first = 20, second = 50, last = 100] = project.progress
  const many = project.milestones.length
  // Five milestones of a system, three of a service: the first ones, what lies between, the last.
  const [one, ...others] = project.milestones.map((_, index) => index)
  const between = others.slice(0, -1)
  return [
    reached(life, 12, one ?? 0),
    reported(life, 20, first),
    ...(project.problem?.outcome === 'cured' ? problemCured(life, project.problem) : []),
    ...between.slice(0, 1).map((index) => reached(life, 20, index)),
    reported(life, 30, second),
    ...between.slice(1, 2).map((index) => reached(life, 35, index)),
    ...paid(life, 2),
    ...systemAnswered(life, 'answered'),
    ...between.slice(2).map((index) => reached(life, 30, index)),
    reported(life, 15, last),
    reached(life, 10, many - 1),
  ]
}

function ending(life: Life): Act[] {
  const { project } = life
  if (project.target === 'catalog-pending') return [...acceptanceRefused(life), ...catalogued(life, 'halfway')]
  return [
    ...catalogued(life, 'registered'),
    ...acceptance(life),
    ...(hasReached(project, 'accepted') ? paid(life, 3) : []),
    ...(hasReached(project, 'handed-over') ? handover(life) : []),
    ...(hasReached(project, 'paid') ? paid(life, 4) : []),
    ...(hasReached(project, 'under-evaluation') ? evaluation(life) : []),
  ]
}

function milestonesSet(life: Life): Act {
  return act(3, async (stage) => {
    const milestones = life.project.milestones.map(({ title, afterDays }) => ({
      title,
      dueOn: addDays(stage.today(), Math.round(afterDays * life.stretch)),
    }))
    life.page = await setMilestones(stage.as(life.builder), stage.city.projects, life.id, milestones)
  })
}

function reached(life: Life, after: number, index: number): Act {
  return act(after, async (stage) => {
    const title = life.project.milestones[index]?.title
    const milestone = pageOf(life).milestones.find((one) => one.title === title)
    if (!milestone) throw new Error(`${life.project.name} has no milestone ${index}`)
    life.page = await reachMilestone(stage.as(life.builder), stage.city.projects, life.id, milestone.id, stage.today())
  })
}

function reported(life: Life, after: number, percent: number): Act {
  return act(after, async (stage) => {
    const [year, month = ''] = stage.today().split('-')
    const text =
      percent === 100 ? '建设内容全部完成，试运行期间未发生影响业务的故障。' : `累计完成建设内容的百分之${percent}，进度与计划基本一致。`
    const report = { period: `${year}年${Number(month)}月`, percent, text }
    life.page = await reportProgress(stage.as(life.builder), stage.city.projects, life.id, report)
  })
}

/** The gate wants the catalog first (WH23-15): who tried before it was registered was told so. */
function acceptanceRefused(life: Life): Act[] {
  if (life.project.kind !== 'new') return []
  return [
    act(5, (stage) =>
      stage.refused(life.builder, 'applyForAcceptance', life.id, (tx) =>
        beginProcedure(tx, stage.city.projects, 'acceptance', life.id, { opinion: '', form: {}, documents: [] }),
      ),
    ),
  ]
}

function acceptance(life: Life): Act[] {
  const { project, number, builder } = life
  const acts = [
    act(8, async (stage) => {
      const report = await stage.paper(builder, 'acceptance-report', `${project.name}验收报告`)
      await begin(stage, life, builder, 'acceptance', { opinion: '建设内容已完成，申请验收。', documents: [report] })
    }),
    act(4, (stage) =>
      stage.decide(caseOf(life, 'acceptance'), life.userUnit, 'user-opinion', 'agree', { opinion: opinion('userPass', number) }),
    ),
    // Another person of the building unit than the one who applied.
    act(3, (stage) =>
      stage.decide(caseOf(life, 'acceptance'), `${project.builderOrgId}-head`, 'conclude', 'pass', {
        opinion: opinion('acceptPass', number),
      }),
    ),
  ]
  return project.target === 'in-acceptance' ? acts.slice(0, 1 + (number % 2)) : acts
}

function handover(life: Life): Act[] {
  const { project, number, builder } = life
  return [
    act(6, async (stage) => {
      const list = await stage.paper(builder, 'handover-list', `${project.name}移交清单`)
      await begin(stage, life, builder, 'handover', { opinion: '系统、文档和账号一并移交。', documents: [list] })
    }),
    act(4, (stage) =>
      stage.decide(caseOf(life, 'handover'), life.userUnit, 'receive', 'receive', { opinion: opinion('received', number) }),
    ),
    ...systemRunning(life),
  ]
}

function evaluation(life: Life): Act[] {
  const { project, number, builder } = life
  const { selfReport, score, conclusion } = project.evaluation ?? { selfReport: '', score: 0, conclusion: '' }
  const acts = [
    act(20, (stage) =>
      begin(stage, life, 'drc-officer', 'evaluation', {
        form: { requirement: '对照批复目标自评，如实提供使用率、数据共享和运维支出资料。' },
      }),
    ),
    act(12, async (stage) => {
      const report = await stage.paper(builder, 'self-evaluation', `${project.name}绩效自评报告`)
      await stage.decide(caseOf(life, 'evaluation'), builder, 'report', 'submit', { form: { selfReport }, documents: [report] })
    }),
    act(10, (stage) =>
      stage.decide(caseOf(life, 'evaluation'), 'drc-reviewer', 'conclude', 'conclude', {
        opinion: conclusion,
        form: { score, grade: score >= 90 ? 'excellent' : score >= 80 ? 'good' : 'fair' },
      }),
    ),
  ]
  return project.target === 'under-evaluation' ? acts.slice(0, 1 + (number % 2)) : acts
}

function changeFiled(life: Life, isRecorded: boolean): Act[] {
  const change = {
    aspect: 'content',
    before: '按初步设计建设统计报表模块。',
    after: '统计报表改用市级报表共享能力，核减自建模块。',
    reason: '市级共享能力已上线，避免重复建设。',
  }
  return [
    act(4, async (stage) => {
      const note = await stage.paper(life.builder, 'change-note', `${life.project.name}变更说明`)
      await begin(stage, life, life.builder, 'project-change', { form: change, documents: [note] })
    }),
    ...(isRecorded
      ? [
          act(4, (stage) =>
            stage.decide(caseOf(life, 'project-change'), 'bdc-engineer', 'record', 'record', { opinion: '变更有利于集约建设，准予备案。' }),
          ),
        ]
      : []),
  ]
}

function pageOf(life: Life): Project {
  if (!life.page) throw new Error(`${life.project.name} was not drafted`)
  return life.page
}
