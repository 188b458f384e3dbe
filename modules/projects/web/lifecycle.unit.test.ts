// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { hasReached, lifeStages, nextChecks, type ProjectCase, type ProjectCases } from './lifecycle.ts'
import type { Contract, PlanEntry, Project } from './project-api.ts'

const at = '2026-03-02T01:00:00Z'
const nothing: ProjectCases = { entries: [], listedAt: null, cases: [] }
const contract = (payment: Contract['terms'][number]['payment']): Contract => ({
  id: 'c',
  number: 'WH-1',
  supplier: '承建单位',
  enterpriseId: 'e1',
  amountFen: 100,
  signedOn: '2026-03-02',
  terms: [{ lineNo: 1, title: '首付款', amountFen: 100, payment }],
})

function project(changes: Partial<Project> = {}): Project {
  const money = { budgetFen: 100, approvedFen: null, fundedFen: null, contractedFen: 0, paidFen: 0, requestedFen: 0, held: false }
  return {
    stage: 'draft',
    submittedAt: null,
    arguedAt: null,
    establishedAt: null,
    fundedAt: null,
    acceptedAt: null,
    handedOverAt: null,
    evaluation: null,
    contracts: [],
    milestones: [],
    progressReports: [],
    money,
    ...changes,
  } as Project
}

function running(procedure: string, overdue = false): ProjectCase {
  const holder = { taskId: 't', step: 's', title: '审核', orgId: 'o', orgName: '市大数据中心', sinceAt: at, dueAt: null, overdue }
  return {
    caseId: `case-${procedure}`,
    procedure,
    title: procedure,
    status: 'running',
    openedAt: at,
    endedAt: null,
    holders: [holder],
    subjectKind: 'project',
    subjectId: 'p',
  }
}

const closed = (procedure: string, status: 'done' | 'rejected'): ProjectCase => ({
  ...running(procedure),
  status,
  endedAt: at,
  holders: [],
})
const states = (read: Project, all: ProjectCases) => Object.fromEntries(lifeStages(read, all).map((stage) => [stage.id, stage.state]))

test('a draft has everything ahead of it', () => {
  const stages = lifeStages(project(), nothing)
  expect(stages.map((stage) => stage.title)).toEqual([
    '年度计划',
    '建设方案论证',
    '立项',
    '资金',
    '招标',
    '建设',
    '验收',
    '交付',
    '支付',
    '绩效评价',
  ])
  expect(new Set(stages.map((stage) => stage.state))).toEqual(new Set(['ahead']))
  expect(stages[0]?.note).toBe('尚未报送')
})

test('who holds a running case is said at its stage, late or not', () => {
  const stage = lifeStages(project({ stage: 'listed' }), { ...nothing, cases: [running('construction-plan', true)] })[1]
  expect(stage).toMatchObject({ state: 'active', holdings: [{ step: '审核', organisation: '市大数据中心', sinceAt: at, overdue: true }] })
})

test('the plan is done when the city has listed the project, not when the review is', () => {
  const entry = (state: PlanEntry['state']) => ({ id: 'e', year: 2027, state, cityPlanId: 'x' }) as PlanEntry
  const reviewed = { ...nothing, entries: [entry('reviewed')], cases: [closed('plan-entry', 'done')] }
  expect(lifeStages(project({ stage: 'reviewed' }), reviewed)[0]).toMatchObject({
    state: 'active',
    doneAt: null,
    note: '已纳入全市计划，待批准',
  })
  const listed = { ...reviewed, entries: [entry('listed')], listedAt: at }
  expect(lifeStages(project({ stage: 'listed' }), listed)[0]).toMatchObject({ state: 'done', doneAt: at, note: '列入2027年度计划' })
})

test('a refused case leaves its stage stopped until it is begun again', () => {
  const cases = [closed('establishment', 'rejected')]
  expect(states(project({ arguedAt: at }), { ...nothing, cases }).establishment).toBe('stopped')
  expect(states(project({ arguedAt: at }), { ...nothing, cases: [...cases, running('establishment')] }).establishment).toBe('active')
})

test('building goes on without a case; payment is done only when every 分 of the contract is paid', () => {
  const building = project({ stage: 'building', contracts: [contract(null)] })
  expect(states(building, nothing)).toMatchObject({ tender: 'done', building: 'active', acceptance: 'ahead', payment: 'ahead' })
  const paid = contract({ id: 'x', state: 'released' })
  const partly = project({ stage: 'building', contracts: [paid], money: { ...building.money, contractedFen: 100, paidFen: 99 } })
  expect(states(partly, nothing).payment).toBe('active')
  expect(states({ ...partly, money: { ...partly.money, paidFen: 100 } }, nothing).payment).toBe('done')
})

test('what the rules are asked next follows from where the project is', () => {
  const asked = (changes: Partial<Project>) => nextChecks(project(changes)).map((one) => one.act)
  expect(asked({})).toEqual(['plan.file'])
  expect(asked({ stage: 'listed' })).toEqual(['project.apply'])
  expect(asked({ stage: 'argued', arguedAt: at })).toEqual(['project.establish', 'funding.schedule'])
  expect(asked({ stage: 'building', arguedAt: at, establishedAt: at, fundedAt: at, contracts: [contract(null)] })).toEqual([
    'project.accept',
    'payment.release',
  ])
  expect(
    asked({
      stage: 'evaluated',
      arguedAt: at,
      establishedAt: at,
      fundedAt: at,
      acceptedAt: at,
      handedOverAt: at,
      contracts: [contract({ id: 'x', state: 'released' })],
    }),
  ).toEqual([])
})

test('a stage counts as reached from itself on', () => {
  expect([hasReached(project({ stage: 'listed' }), 'listed'), hasReached(project({ stage: 'listed' }), 'argued')]).toEqual([true, false])
})
