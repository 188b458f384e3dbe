import { readFileSync } from 'node:fs'
import { sumFen } from '@tongchou/kernel'
import { describe, expect, test } from 'vitest'
import { demoCity } from './city.ts'
import { type DemoProject, demoPortfolio } from './portfolio.ts'
import { demoTargets } from './project-seed.ts'

const city = demoCity()
const projects = demoPortfolio(city)
const organisations = new Map(city.organisations.map((organisation) => [organisation.id, organisation]))

/** The values that the fact vocabulary lists for a fact. */
function vocabulary(fact: string): string[] {
  const file = readFileSync(new URL('../../../../policy-packs/vocabulary.yaml', import.meta.url), 'utf8')
  const section = file.split(`\n  ${fact}:\n`)[1]?.split(/\n {2}\S/)[0] ?? ''
  const values = section.split('values:')[1] ?? ''
  return [...values.matchAll(/([a-z][a-z-]*): /g)].map((match) => match[1] ?? '')
}

function kindOf(orgId: string) {
  return organisations.get(orgId)?.kind
}

describe('the portfolio', () => {
  test('holds what the guidance of 2010 names and about a hundred more', () => {
    const named = projects.filter(({ portfolio }) => portfolio === 'wuhai-2010').map(({ name }) => name)
    for (const subject of [
      '数字乌海地理空间框架',
      '市数据平台',
      '电子政务城域网',
      '门户网站',
      '行政审批和电子监察',
      '五险合一',
      '低保',
      '廉租房',
      '市民健康',
      '数字城管',
      '数字校园',
      '一卡通',
      '农牧业',
    ])
      expect(
        named.filter((name) => name.includes(subject)),
        subject,
      ).toHaveLength(1)
    expect(projects.length - named.length).toBeGreaterThanOrEqual(100)
    expect(projects.length - named.length).toBeLessThanOrEqual(120)
  })

  test('has projects at every state, and every kind, reach and source of money', () => {
    for (const target of demoTargets)
      expect(projects.filter((project) => project.target === target).length, target).toBeGreaterThanOrEqual(2)
    const seen = (values: (project: DemoProject) => string[]) => new Set(projects.flatMap(values))
    expect(seen(({ kind }) => [kind])).toEqual(new Set(vocabulary('project.kind')))
    expect(seen(({ reach }) => [reach])).toEqual(new Set(vocabulary('project.reach')))
    expect(seen(({ funding }) => funding)).toEqual(new Set(vocabulary('project.funding')))
    expect(seen(({ builder }) => [builder])).toEqual(new Set(vocabulary('project.builder')))
    expect(seen(({ deliverables }) => deliverables)).toEqual(new Set(vocabulary('project.deliverables')))
    expect(seen(({ appStage }) => [appStage])).toEqual(new Set(vocabulary('project.appStage')))
    for (const { plannedDeployment } of projects) expect(vocabulary('project.deployment')).toContain(plannedDeployment)
  })

  test('every value is in the fact vocabulary', () => {
    expect(vocabulary('project.deliverables')).toHaveLength(22)
    for (const project of projects) {
      expect(vocabulary('project.kind'), project.name).toContain(project.kind)
      for (const deliverable of project.deliverables) expect(vocabulary('project.deliverables'), project.name).toContain(deliverable)
      expect(new Set(project.deliverables).size, project.name).toBe(project.deliverables.length)
      expect(new Set(project.funding).size, project.name).toBe(project.funding.length)
    }
  })

  test('keys and names are unique, and every organisation and responsible person exists', () => {
    expect(new Set(projects.map(({ key }) => key)).size).toBe(projects.length)
    expect(new Set(projects.map(({ name }) => name)).size).toBe(projects.length)
    const names = new Set(city.people.map(({ name }) => name))
    for (const project of projects) {
      for (const orgId of [project.ownerOrgId, project.builderOrgId, project.userUnitOrgId])
        expect(organisations.has(orgId), `${project.name} ${orgId}`).toBe(true)
      for (const { supplierId } of project.contracts)
        expect(
          city.enterprises.some(({ id }) => id === supplierId),
          `${project.name} ${supplierId}`,
        ).toBe(true)
      expect(names.has(project.responsiblePerson), project.name).toBe(true)
    }
  })

  test('most departments have a project', () => {
    const owners = new Set(projects.map(({ ownerOrgId }) => ownerOrgId))
    expect([...organisations.values()].filter(({ kind, id }) => kind === 'city-department' && !owners.has(id))).toEqual([])
  })

  test('the portfolio is the same every time', () => {
    expect(demoPortfolio(demoCity())).toEqual(projects)
  })
})

describe('money', () => {
  test('budget lines add up, the approval is within the budget and the contracts within the approval', () => {
    for (const project of projects) {
      expect(sumFen(project.budgetLines.map(({ amountFen }) => amountFen)), project.name).toBe(project.budgetFen)
      for (const { amountFen } of project.budgetLines) expect(amountFen, project.name).toBeGreaterThan(0)
      expect(project.approvedFen).toBeLessThanOrEqual(project.budgetFen)
      expect(sumFen(project.contracts.map(({ amountFen }) => amountFen)), project.name).toBeLessThanOrEqual(project.approvedFen)
      expect(project.omCostFen).toBeGreaterThan(0)
    }
  })

  test('the terms of every contract add up to it, and no more of them are paid than there are', () => {
    for (const { contracts, paidTermCount, name } of projects)
      for (const contract of contracts) {
        expect(sumFen(contract.terms.map(({ amountFen }) => amountFen)), name).toBe(contract.amountFen)
        for (const { amountFen } of contract.terms) expect(amountFen, name).toBeGreaterThan(0)
        expect(paidTermCount).toBeLessThanOrEqual(contract.terms.length)
      }
  })

  test('contract numbers and notices are unique', () => {
    const numbers = projects.flatMap(({ contracts }) => contracts.map(({ number }) => number))
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(new Set(projects.map(({ tenderNoticeNumber }) => tenderNoticeNumber)).size).toBe(projects.length)
  })
})

describe('data', () => {
  test('every project declares resources with typed items and one key, or says why it makes none', () => {
    for (const { name, resources, noDataReason } of projects) {
      expect(resources.length > 0, name).toBe(noDataReason === '')
      expect(new Set(resources.map((resource) => resource.name)).size, name).toBe(resources.length)
      for (const { items, shareType, shareCondition, name: resource } of resources) {
        expect(items.length, resource).toBeGreaterThanOrEqual(3)
        expect(new Set(items.map((item) => item.name)).size, resource).toBe(items.length)
        expect(
          items.filter(({ isKey }) => isKey),
          resource,
        ).toHaveLength(1)
        expect(shareCondition !== '', resource).toBe(shareType === 'conditional')
        for (const item of items) expect(item.length !== undefined, `${resource} ${item.name}`).toBe(item.type === 'C')
      }
    }
  })

  test('whatever names a person is shared under a condition and not opened', () => {
    for (const { resources } of projects)
      for (const { items, shareType, openType, name } of resources)
        if (items.some((item) => /身份证号|姓名/.test(item.name))) expect([shareType, openType], name).toEqual(['conditional', 'not-open'])
  })

  test('some resources are open to the public, most are not', () => {
    const resources = projects.flatMap((project) => project.resources)
    const open = resources.filter(({ openType }) => openType === 'open').length
    expect(open).toBeGreaterThan(20)
    expect(open).toBeLessThan(resources.length / 2)
  })

  test('amounts, days and instants are typed as such', () => {
    const items = projects.flatMap(({ resources }) => resources.flatMap((resource) => resource.items))
    const types = (pattern: RegExp) => new Set(items.filter(({ name }) => pattern.test(name)).map(({ type }) => type))
    expect(types(/金额$/)).toEqual(new Set(['Y']))
    expect(types(/日期$/)).toEqual(new Set(['D']))
    expect(types(/时间$/)).toEqual(new Set(['T']))
    expect(types(/(人数|面积)$/)).toEqual(new Set(['N']))
  })
})

describe('the measure of 2023', () => {
  const centerOnly = [
    'cloud-center',
    'egov-network',
    'city-brain',
    'cim',
    'e-archive',
    'exchange-platform',
    'city-app',
    'security-infrastructure',
  ]
  const notByDepartments = ['data-center', 'machine-room', 'video-platform', 'iot-platform', 'other-shared-infrastructure']

  function objections(project: DemoProject): string[] {
    const has = (values: string[]) => project.deliverables.some((deliverable) => values.includes(deliverable))
    return [
      kindOf(project.ownerOrgId) === 'city-department' && has(notByDepartments) ? 'WH23-4' : '',
      has(['public-app']) && project.appStage === 'new' ? 'WH23-4' : '',
      ['in-build', 'built'].includes(project.appStage) && project.standardInterface !== true ? 'WH23-4' : '',
      project.plannedDeployment === 'gov-cloud' ? '' : 'WH23-4',
      project.reach === 'single-department' || project.builder === 'big-data-center' ? '' : 'WH23-8',
      project.reach === 'single-department' && project.builder === 'department' && project.necessity === '' ? 'WH23-8' : '',
      has(centerOnly) && project.builder !== 'big-data-center' ? 'WH23-9' : '',
      project.builder === 'district' && has(['application-platform', 'reusable-business-system', ...notByDepartments]) ? 'WH23-10' : '',
    ].filter(Boolean)
  }

  test('lets pass every project that got beyond a draft', () => {
    for (const project of projects) if (project.target !== 'drafting') expect(objections(project), project.name).toEqual([])
  })

  test('speaks against several drafts, each for a reason of its own', () => {
    const articles = projects.filter(({ target }) => target === 'drafting').flatMap(objections)
    expect(new Set(articles)).toEqual(new Set(['WH23-4', 'WH23-8', 'WH23-10']))
    expect(articles.length).toBeGreaterThanOrEqual(6)
  })

  test('is kept by who builds: the center, the department or the district itself', () => {
    for (const { builder, builderOrgId, ownerOrgId, name } of projects) {
      expect(builderOrgId, name).toBe(builder === 'big-data-center' ? 'big-data-center' : ownerOrgId)
      expect(kindOf(builderOrgId) === 'district', name).toBe(builder === 'district')
    }
  })

  test('the center is not the subject of its own rectification notice, whatever the seed', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const supervised = demoPortfolio(city, seed).filter(({ problem }) => problem)
      expect(supervised.length).toBeGreaterThanOrEqual(6)
      for (const { builderOrgId, name } of supervised) expect(builderOrgId, name).not.toBe('big-data-center')
    }
  })
})

describe('states', () => {
  test('years fit the state: plans of 2027 are still plans, finished projects were planned for 2024', () => {
    expect(new Set(projects.map(({ planYear }) => planYear))).toEqual(new Set([2024, 2025, 2026, 2027]))
    for (const { target, planYear, name } of projects) {
      if (target.startsWith('plan-') || target === 'drafting') expect(planYear, name).toBe(2027)
      if (target === 'evaluated') expect(planYear, name).toBe(2024)
    }
  })

  test('a return has its reason, a held payment its failed rectification, an evaluation its score', () => {
    for (const { target, returnReason, problem, evaluation, paidTermCount, progress, name } of projects) {
      expect(returnReason !== undefined, name).toBe(target === 'plan-returned')
      if (target === 'payment-held') expect(problem?.outcome, name).toBe('failed')
      expect(evaluation !== undefined, name).toBe(target === 'under-evaluation' || target === 'evaluated')
      if (evaluation) expect(evaluation.score).toBeLessThanOrEqual(100)
      expect(progress, name).toEqual(progress.toSorted((a, b) => a - b))
      if (target === 'paid' || target === 'evaluated') expect(paidTermCount, name).toBe(4)
      if (progress.length === 0) expect(paidTermCount, name).toBe(0)
    }
  })
})
