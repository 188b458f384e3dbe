import { compileCityPlan, submitCityPlan } from '@tongchou/projects'
import type { Draw } from './random.ts'
import { type Act, act, placed, type Scene } from './scene.ts'
import type { Timeline } from './timeline.ts'

/** Entries that passed the center's review, by the year they are filed for. */
export type ReviewedEntries = Map<number, string[]>

/** Days of the calendar on which each year's plan is made; `year` is the one before the planned one. */
export const planCalendar = {
  filing: (year: number) => `${year}-09-18`,
  compiling: (year: number) => `${year}-11-12`,
  approved: (year: number) => `${year}-12-08`,
}

/** The year of the calendar in which a plan is made. */
export function calendarYearOf(planYear: number, timeline: Timeline): number {
  return 2026 - (timeline.lastPlanYear - planYear)
}

/** The four plans of the city (全市年度计划): three approved, the last one still at its joint review. */
export function cityPlans(timeline: Timeline, reviewed: ReviewedEntries, draw: Draw): Scene[] {
  return [3, 2, 1, 0].flatMap((ago) => {
    const planYear = timeline.lastPlanYear - ago
    // A long holiday before the present must not push the last plan beyond it.
    const from = Math.min(timeline.positionOf(planCalendar.compiling(calendarYearOf(planYear, timeline))), timeline.end - 4)
    return placed(cityPlan(planYear, reviewed, ago > 0), from, timeline.pace, draw)
  })
}

function cityPlan(planYear: number, reviewed: ReviewedEntries, isApproved: boolean): Act[] {
  let planId = ''
  let caseId = ''
  const compiling = [
    act(0, async (stage) => {
      const plan = await compileCityPlan(stage.as('bdc-planner'), {
        year: planYear,
        title: `乌海市${planYear}年度政务信息化项目预算计划`,
        note: '按照统筹规划、集约建设、共享共用的要求，由各单位初审通过的申报项目汇总编制。',
        entryIds: reviewed.get(planYear) ?? [],
      })
      planId = plan.id
    }),
    act(0, async (stage) => {
      const { projects } = stage.city
      ;({ caseId } = await submitCityPlan(stage.as('bdc-planner'), projects, planId, '已汇总各单位申报项目，提请联合审查。'))
    }),
    act(2, (stage) =>
      stage.decide(caseId, 'bdc-director', 'joint-review', 'pass', {
        opinion: '所列项目均已初审，未发现重复建设，同意。',
        choices: planYear % 2 === 0 ? ['call-experts'] : [],
      }),
    ),
  ]
  if (!isApproved) return compiling
  return [
    ...compiling,
    act(3, (stage) => stage.decide(caseId, 'drc-director', 'joint-review', 'pass', { opinion: '与重点项目安排相衔接，同意。' })),
    act(7, (stage) => stage.decide(caseId, 'mayor-office', 'city-approval', 'approve', { opinion: '经市政府研究，批准。' })),
  ]
}
