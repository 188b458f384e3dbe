import { checkSocialCreditCode, resolveDivision } from '@tongchou/kernel'
import { describe, expect, test } from 'vitest'
import { demoCity } from './city.ts'

const { organisations, people, enterprises, agents, citizens } = demoCity()
const byId = new Map(organisations.map((organisation) => [organisation.id, organisation]))

const ROLES = [
  'applicant',
  'big-data-center',
  'drc',
  'finance',
  'audit',
  'industry',
  'public-security',
  'vice-mayor',
  'city-government',
  'tender-center',
  'expert',
  'supervisor',
  'data-steward',
  'secrecy-reviewer',
  'department-head',
  'district',
  'user-unit',
  'system-admin',
  'security-admin',
  'audit-admin',
]

function holders(duty: string) {
  return people.filter(({ posts }) => posts.some((post) => post.duties.includes(duty)))
}

describe('organisations', () => {
  test('the city has its offices, some forty departments and three districts with bureaus', () => {
    const count = (kind: string) => organisations.filter((organisation) => organisation.kind === kind).length
    expect(count('city-department')).toBeGreaterThanOrEqual(40)
    expect(count('big-data-center')).toBe(1)
    expect(organisations.filter(({ id }) => id.endsWith('-district')).map(({ divisionCode }) => divisionCode)).toEqual([
      '150302',
      '150303',
      '150304',
    ])
    for (const district of ['haibowan', 'hainan', 'wuda'])
      expect(organisations.filter(({ parentId }) => parentId === `${district}-district`).length).toBeGreaterThanOrEqual(3)
    expect(enterprises.length).toBeGreaterThanOrEqual(8)
  })

  test('every code is valid and belongs to nobody, and no two organisations share one', () => {
    const codes = [...organisations, ...enterprises].flatMap(({ uscc }) => uscc ?? [])
    for (const code of codes) {
      expect(checkSocialCreditCode(code), code).toMatchObject({ ok: true, value: { warnings: [] } })
      expect(code.slice(8, 12)).toBe('9000')
    }
    expect(new Set(codes).size).toBe(codes.length)
    expect(organisations.filter(({ uscc }) => !uscc).map(({ id }) => id)).toEqual(['expert-pool'])
  })

  test('every division is one of the city, and the parent comes before its children', () => {
    const seen = new Set<string>()
    for (const { id, divisionCode, parentId } of organisations) {
      const division = resolveDivision(divisionCode)
      expect(division?.state, id).toBe('in-use')
      expect([division?.name, ...(division?.parents ?? []).map((parent) => parent.name)], id).toContain('乌海市')
      if (parentId) expect(seen.has(parentId), id).toBe(true)
      seen.add(id)
    }
  })

  test('ids are slugs and unique, and no two organisations under one parent share a name or a short name', () => {
    expect(byId.size).toBe(organisations.length)
    for (const { id } of organisations) expect(id).toMatch(/^[a-z][a-z0-9-]{0,62}$/)
    const names = organisations.map(({ parentId, name }) => `${parentId}/${name}`)
    expect(new Set(names).size).toBe(names.length)
    const shortNames = organisations.map(({ shortName }) => shortName)
    expect(new Set(shortNames).size).toBe(shortNames.length)
  })

  test('former names are in order and differ from the name of today', () => {
    for (const { name, formerNames } of organisations) {
      expect(formerNames.map(({ untilOn }) => untilOn)).toEqual(formerNames.map(({ untilOn }) => untilOn).sort())
      expect(formerNames.map((former) => former.name)).not.toContain(name)
    }
    expect(byId.get('big-data-center')?.formerNames).toHaveLength(2)
  })
})

describe('people', () => {
  test.each(ROLES)('somebody bears the duty %s', (duty) => {
    expect(holders(duty).length).toBeGreaterThan(0)
  })

  test('no duty is invented', () => {
    expect(new Set(people.flatMap(({ posts }) => posts.flatMap(({ duties }) => duties)))).toEqual(new Set(ROLES))
  })

  test('the offices have enough people for one to decide on what another prepared', () => {
    expect(holders('big-data-center').length).toBeGreaterThanOrEqual(4)
    expect(holders('drc').length).toBeGreaterThanOrEqual(3)
    expect(holders('finance').length).toBeGreaterThanOrEqual(3)
    expect(holders('city-government').length).toBeGreaterThanOrEqual(2)
    expect(holders('expert').length).toBeGreaterThanOrEqual(9)
  })

  test('an office duty stands in one organisation only', () => {
    for (const duty of [
      'big-data-center',
      'drc',
      'finance',
      'audit',
      'industry',
      'public-security',
      'vice-mayor',
      'city-government',
      'tender-center',
      'expert',
      'supervisor',
    ]) {
      const orgs = people.flatMap(({ posts }) => posts.filter(({ duties }) => duties.includes(duty)).map(({ orgId }) => orgId))
      expect(new Set(orgs).size, duty).toBe(1)
    }
  })

  test('every department has two applicants, a data steward, a secrecy reviewer, a head and a user', () => {
    const departments = organisations.filter(({ kind }) => ['city-department', 'big-data-center', 'public-body', 'district'].includes(kind))
    for (const { id } of departments) {
      const duties = people.flatMap(({ posts }) => posts.filter(({ orgId }) => orgId === id).flatMap((post) => post.duties))
      expect(duties.filter((duty) => duty === 'applicant' || duty === 'district').length, id).toBeGreaterThanOrEqual(2)
      expect(duties, id).toEqual(expect.arrayContaining(['data-steward', 'secrecy-reviewer', 'department-head', 'user-unit']))
    }
  })

  test('some people hold posts in two organisations, and every post is in one that exists', () => {
    expect(people.filter(({ posts }) => new Set(posts.map(({ orgId }) => orgId)).size > 1).length).toBeGreaterThanOrEqual(3)
    for (const { username, posts } of people) for (const { orgId } of posts) expect(byId.has(orgId), `${username} ${orgId}`).toBe(true)
  })

  test('the three administrators exclude each other and bear nothing else', () => {
    for (const duty of ['system-admin', 'security-admin', 'audit-admin'])
      for (const { posts } of holders(duty)) expect(posts.flatMap(({ duties }) => duties)).toEqual([duty])
  })

  test('two people outside the offices act for enterprises; nobody in an office does', () => {
    expect(agents.map(({ enterpriseId }) => enterpriseId).every((id) => enterprises.some((one) => one.id === id))).toBe(true)
    expect(agents).toHaveLength(2)
    expect(holders('enterprise')).toEqual([])
  })

  test('user names and names are unique, and every account has the published password', () => {
    const everybody = [...people, ...agents, ...citizens]
    expect(new Set(everybody.map(({ username }) => username)).size).toBe(everybody.length)
    expect(new Set(everybody.map(({ name }) => name)).size).toBe(everybody.length)
    for (const { username, password } of everybody) {
      expect(username).toMatch(/^[a-z][a-z0-9-]{2,62}$/)
      expect(password).toBe('Tongchou-demo-2026')
    }
  })

  test('the city is the same every time', () => {
    expect(demoCity()).toEqual({ organisations, people, enterprises, agents, citizens })
  })
})
