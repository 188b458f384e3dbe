import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { currentSuccessors, findDivisionsByName, resolveDivision, searchDivisions } from './divisions.ts'

test('the city and its three districts are found under their codes, and there is no 150301', () => {
  expect(resolveDivision('150300')).toMatchObject({
    name: '乌海市',
    level: 'prefecture',
    state: 'in-use',
    parents: [{ code: '150000', name: '内蒙古自治区' }],
  })
  expect(['150302', '150303', '150304'].map((code) => resolveDivision(code)?.name)).toEqual(['海勃湾区', '海南区', '乌达区'])
  expect(resolveDivision('150301')).toBeUndefined()
})

test('格尔木市 is a county of 海西州, with or without the zeros of the 12-digit code', () => {
  const golmud = {
    name: '格尔木市',
    level: 'county',
    parents: [
      { code: '630000', name: '青海省' },
      { code: '632800', name: '海西蒙古族藏族自治州' },
    ],
  }
  expect(resolveDivision('632801')).toMatchObject(golmud)
  expect(resolveDivision('632801000000')).toMatchObject(golmud)
  expect(resolveDivision('632801401001')).toBeUndefined()
})

test('海南区 never turns into 海南省, nor the other way round', () => {
  expect(findDivisionsByName('海南区').map((division) => division.code)).toEqual(['150303'])
  expect(findDivisionsByName('海南省').map((division) => division.code)).toEqual(['460000'])
  expect(findDivisionsByName('海南')).toEqual([])
})

test('a name and a prefecture are those of the day asked about', () => {
  expect(resolveDivision('632801', '1984-06-01')?.parents[1]?.name).toBe('海西蒙古族藏族哈萨克族自治州')
  expect(resolveDivision('632801', '1986-06-01')?.parents[1]?.name).toBe('海西蒙古族藏族自治州')
  expect(resolveDivision('650107', '2000-01-01')?.name).toBe('南泉区')
  expect(resolveDivision('650107')?.name).toBe('达坂城区')
  expect(resolveDivision('650107', '2000-01-01')).toMatchObject({ state: 'in-use', successors: [] })
})

test('an abolished district is in use before, abolished after, and leads to its successor', () => {
  expect(resolveDivision('110103', '2009-12-31')).toMatchObject({ name: '崇文区', state: 'in-use', validToYear: 2010 })
  expect(resolveDivision('110103', '2010-12-31')?.state).toBe('in-use')
  expect(resolveDivision('110103', '2011-01-01')).toMatchObject({
    state: 'abolished',
    successors: [{ code: '110101', name: '东城区' }],
    successorsKnown: true,
  })
  expect(currentSuccessors('110103')).toEqual([{ code: '110101', name: '东城区' }])
})

test('a division split among several names them all, with the year of a part that went earlier', () => {
  expect(resolveDivision('130421')?.successors).toEqual([
    { code: '130404', name: '复兴区', fromYear: 2014 },
    { code: '130402', name: '邯山区' },
    { code: '130403', name: '丛台区' },
  ])
})

test('a part that was split off does not end the division it came from', () => {
  expect(resolveDivision('632800')).toMatchObject({
    state: 'in-use',
    successors: [
      { code: '632802', fromYear: 1988 },
      { code: '632803', fromYear: 2018 },
    ],
  })
})

test('an abolished division whose heirs nobody recorded says so', () => {
  expect(resolveDivision('152100')).toMatchObject({ name: '呼伦贝尔盟', state: 'abolished', successors: [], successorsKnown: false })
  expect(currentSuccessors('152100')).toEqual([])
})

test('a code asked about before it came is not yet in use', () => {
  expect(resolveDivision('632803', '2000-01-01')).toMatchObject({ name: '茫崖市', state: 'not-yet', validFromYear: 2018 })
})

test('every code of the source resolves, and every ended one has existing successors or says none', () => {
  const codes = readFileSync(new URL('./data/divisions/result.csv', import.meta.url), 'utf8')
    .split('\n')
    .slice(1)
    .filter(Boolean)
    .map((line) => line.slice(0, 6))
  expect(new Set(codes).size).toBe(6450)
  const counts = { ended: 0, withoutHeir: 0 }
  for (const code of new Set(codes)) {
    const division = resolveDivision(code)
    expect(division, code).toBeDefined()
    if (!division || division.state === 'in-use') continue
    counts.ended++
    for (const successor of division.successors) expect(successor.name, code).not.toBe('')
    if (division.successorsKnown) expect(currentSuccessors(code).length, code).toBeGreaterThan(0)
    else counts.withoutHeir++
  }
  expect(counts).toEqual({ ended: 3237, withoutHeir: 186 })
})

test('who chooses a division finds it by name, by what it lies in, by the beginning of its code; only those in use, what is meant first', () => {
  const found = (text: string) => searchDivisions(text).map(({ code }) => code)
  expect(found('海勃湾')).toEqual(['150302'])
  expect(found('1503')).toEqual(['150300', '150302', '150303', '150304'])
  expect(found('乌海 海南')).toEqual(['150303'])
  // 海南区 begins with what was typed, 海南省 too and by a smaller code; counties of 海南省 come after both.
  expect(found('海南').slice(0, 2)).toEqual(['150303', '460000'])
  // A city that has offices in 乌海 means its own district by 海, and sees its own places first.
  expect(
    searchDivisions('', ['150303'])
      .slice(0, 4)
      .map(({ code }) => code),
  ).toEqual(['150300', '150302', '150303', '150304'])
  expect(searchDivisions('海', ['150303'])[0]?.code).toBe('150302')
  expect(found('海南').length).toBeGreaterThan(10)
  expect(found('乌海市')[0]).toBe('150300')
  expect(found('没有的地方')).toEqual([])
  // 郊区 are gone in most cities; none that is no more is to be chosen.
  expect(searchDivisions('').every(({ state }) => state === 'in-use')).toBe(true)
  expect(searchDivisions('').length).toBeGreaterThan(3_000)
})
