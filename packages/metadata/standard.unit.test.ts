// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { cityClasses, cleanEntry } from './entry.given.ts'
import {
  catalogRules,
  classPath,
  classSeed,
  codeLists,
  codeScheme,
  codesUnder,
  cycles,
  dragFilled,
  entryFields,
  foldName,
  formats,
  gradeOfImpact,
  grades,
  gradingDegrees,
  gradingObjects,
  highestGrade,
  isPartlyUnshared,
  isVerified,
  itemFields,
  itemTypes,
  labelOf,
  leastGrade,
  levelOf,
  maskings,
  openings,
  openLevels,
  parentOf,
  readCode,
  readEntry,
  scenarios,
  seedTree,
  sensitivities,
  sharingChannels,
  sharingForms,
  sharings,
  spatialScopes,
  tidyName,
  valueAt,
  withdrawalGrounds,
} from './index.ts'

test('a code is read by its value, its number, its label or another name of it, however it is typed', () => {
  for (const text of ['conditional', '2', '有条件共享', ' 有条件共享 ', '有条件', '２'])
    expect(readCode('sharing', text), text).toBe('conditional')
  expect(readCode('itemType', 'ｃ')).toBe('C')
  expect(readCode('itemType', '字符型C')).toBe('C')
  expect(readCode('grade', '核心')).toBe('core')
  expect(readCode('sharing', '内部共享')).toBeUndefined()
})

test('update cycles are read by name only: three systems number them in three ways', () => {
  expect(readCode('updateCycle', '每月')).toBe('monthly')
  for (const number of ['1', '2', '4']) expect(readCode('updateCycle', number)).toBeUndefined()
})

test('within a list no name stands for two codes, and every code says where it comes from', () => {
  for (const [name, { entries }] of Object.entries(codeLists)) {
    const names = entries.flatMap(({ value, code, label, also = [] }) => [
      ...new Set([value, label, ...also, ...(code === undefined ? [] : [code])]),
    ])
    expect(new Set(names).size, name).toBe(names.length)
    for (const { mark } of entries) expect(['S', 'I', 'M', 'J', 'local']).toContain(mark)
  }
  expect(isVerified(codeLists.gradingDegree.entries[0] ?? { mark: 'S' })).toBe(false)
  expect(isVerified(codeLists.sharing.entries[0] ?? { mark: 'M' })).toBe(true)
})

test('the words that programs use are the values of the lists', () => {
  const values = { format: formats, updateCycle: cycles, sharing: sharings, sharingChannel: sharingChannels, sharingForm: sharingForms }
  const more = {
    opening: openings,
    openLevel: openLevels,
    itemType: itemTypes,
    grade: grades,
    sensitivity: sensitivities,
    masking: maskings,
  }
  const last = {
    spatialScope: spatialScopes,
    scenario: scenarios,
    gradingObject: gradingObjects,
    gradingDegree: gradingDegrees,
    withdrawalGround: withdrawalGrounds,
  }
  for (const [name, given] of Object.entries({ ...values, ...more, ...last }))
    expect(
      codeLists[name as keyof typeof values].entries.map(({ value }) => value),
      name,
    ).toEqual([...given])
  for (const { under } of codeLists.formatType.entries) expect(formats).toContain(under)
  expect(codesUnder('sharingForm', 'media').map(({ label }) => label)).toEqual(['纸质报表', '电子文档'])
})

test('classes come with the product to 项, unverified; a city adds 目 and 细目 below', () => {
  expect(classSeed.map(({ code }) => levelOf(code)).every((level) => level === '类' || level === '项')).toBe(true)
  expect(classSeed.some(isVerified)).toBe(false)
  for (const { code } of classSeed) expect(seedTree.find(parentOf(code, seedTree) ?? code), code).toBeDefined()
  expect(levelOf('3070')).toBeUndefined()
  expect(levelOf('407001')).toBeUndefined()
  expect(parentOf('30700101', cityClasses)).toBe('307001')
  expect(parentOf('3070010102', cityClasses)).toBe('30700101')
  expect(classPath('30700101', cityClasses)).toBe('部门信息资源 / 省（自治区、直辖市）及下级 / 民政 / 社会事务')
})

test('a resource code is its class and its place there, and says its class again; a scheme we do not hold is refused', () => {
  const scheme = codeScheme('national-1272')
  const code = scheme.code({ classCode: '30700101', sequence: 7, providerCode: null })
  expect(code).toBe('30700101/000007')
  expect([scheme.isCode(code), scheme.classOf(code)]).toEqual([true, '30700101'])
  expect(scheme.code({ classCode: '307001', sequence: 1_234_567, providerCode: null })).toBe('307001/1234567')
  for (const text of ['307001', '30700/1', '407001/1', '307001/', '307001/1a', ' 307001/1']) expect(scheme.isCode(text), text).toBe(false)
  expect(scheme.verified).toBe(false)
  expect(() => codeScheme('db15t-1875')).toThrow('没有编码方案')
})

test('the grade follows from whom it harms and how much, and the highest wins', () => {
  expect(gradeOfImpact({ object: 'national-security', degree: 'ordinary' })).toBe('important')
  expect(gradeOfImpact({ object: 'social-order', degree: 'especially-serious' })).toBe('core')
  expect(gradeOfImpact({ object: 'individual', degree: 'especially-serious' })).toBe('general')
  for (const object of gradingObjects) {
    const places = gradingDegrees.map((degree) => grades.indexOf(gradeOfImpact({ object, degree })))
    expect(
      [...places].sort((a, b) => a - b),
      object,
    ).toEqual(places)
  }
  expect(highestGrade(['general', 'core', null, 'important'])).toBe('core')
  expect(highestGrade([null])).toBeNull()
  const entry = cleanEntry(7)
  expect(leastGrade(entry)).toBe('important')
  expect(isPartlyUnshared(entry)).toBe(true)
  expect(isPartlyUnshared(cleanEntry(0))).toBe(false)
})

test('names are compared without width, case, spaces and punctuation; what a spreadsheet counted on is noticed', () => {
  expect(foldName('低保 家庭（ＡＢ）')).toBe(foldName('低保家庭(ab)'))
  expect(tidyName(' 低保  家庭\u200b')).toBe('低保 家庭')
  expect(dragFilled(['电话1', '电话2', '电话3', '姓名'])).toEqual([1, 2])
  expect(dragFilled(['电话1', '电话2'])).toEqual([])
  expect(dragFilled(['2024', '2025', '2026'])).toEqual([])
  expect(dragFilled(['甲1', '乙2', '丙3'])).toEqual([])
})

test('an entry of the API is read as it is, whether its codes stand there as values, numbers or labels', () => {
  for (let number = 0; number < 16; number += 1) {
    const entry = cleanEntry(number)
    const { secret: _secret, ...read } = readEntry(JSON.parse(JSON.stringify(entry))).entry
    expect(JSON.parse(JSON.stringify({ ...read, items: read.items.map(({ secret: _, ...item }) => item) }))).toEqual(
      JSON.parse(JSON.stringify(entry)),
    )
  }
  const worded = {
    name: '低保家庭',
    sharing: '有条件共享',
    updateCycle: '每日',
    items: [{ name: '姓名', code: 'XM', type: '字符型', length: '50', isKey: '是' }],
  }
  expect(readEntry(worded)).toMatchObject({
    entry: { sharing: 'conditional', updateCycle: 'daily', items: [{ type: 'C', length: 50, isKey: true, sensitivity: 'general' }] },
    findings: [],
  })
})

test('what cannot be read is named with its place and what may stand there, and the rest is read', () => {
  const raw = {
    ...{ name: '低保家庭', sharing: '内部', updateCycle: 2, containsPersonal: '有', colour: 'red', relatedCodes: [1] },
    items: ['姓名', { name: '金额', code: 'JE', type: 'Q', length: 'x', extra: 1 }],
    grading: [{ object: '国家', degree: '严重', reason: '' }],
  }
  const { entry, findings } = readEntry(raw)
  expect(findings.map(({ rule, path }) => `${rule} ${path}`).sort()).toEqual(
    [
      'colour',
      'containsPersonal',
      'grading/0/object',
      'items/0',
      'items/1/extra',
      'items/1/length',
      'items/1/type',
      'relatedCodes',
      'sharing',
      'updateCycle',
    ].map((path) => `S00 ${path}`),
  )
  expect(findings.find(({ path }) => path === 'sharing')?.fix).toBe('填写无条件共享、有条件共享、不予共享之一')
  expect(entry).toMatchObject({ name: '低保家庭', sharing: null, items: [{ name: '金额', type: null }] })
  for (const nothing of [null, 'x', 3, []]) expect(readEntry(nothing).findings).toHaveLength(1)
})

test('every field of an entry and of an item has its words, each once', () => {
  const entry = cleanEntry(0)
  for (const { id } of entryFields) expect(valueAt(entry, id), id).not.toBeUndefined()
  const item = entry.items[0] ?? {}
  expect(itemFields.map(({ id }) => id).sort()).toEqual(
    Object.keys(item)
      .filter((key) => key !== 'id')
      .sort(),
  )
  expect(new Set(entryFields.map(({ id }) => id)).size).toBe(entryFields.length)
  expect(labelOf('sharing', 'none')).toBe('不予共享')
  expect([...catalogRules.keys()].filter((id) => id.startsWith('R'))).toEqual(
    Array.from({ length: 16 }, (_, n) => `R${String(n + 1).padStart(2, '0')}`),
  )
})
