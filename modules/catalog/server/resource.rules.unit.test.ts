import { expect, test } from 'vitest'
import { entry } from './catalog.given.ts'
import { gapsOf } from './resource.rules.ts'
import type { Content } from './resource.schema.ts'

const gaps = (over: object = {}) => gapsOf(entry(over) as unknown as Content).map((gap) => gap.path)
const item = (over: object = {}) => ({ ...(entry().items[0] as object), ...over })

test('a complete entry has no gap', () => {
  expect(gaps()).toEqual([])
})

test('every missing part is named with its field, all at once', () => {
  const empty = {
    providerCode: null,
    abstract: ' ',
    class: null,
    format: null,
    updateCycle: null,
    duties: { handledBy: null, usedBy: null, managedBy: null, archivedBy: null, answersFor: null },
    sharing: null,
    opening: null,
    grade: null,
    items: [],
  }
  expect(gaps(empty)).toEqual([
    'class',
    'format',
    'updateCycle',
    'grade',
    'abstract',
    'providerCode',
    'duties/handledBy',
    'duties/usedBy',
    'duties/managedBy',
    'duties/archivedBy',
    'duties/answersFor',
    'sharing',
    'opening',
    'items',
  ])
})

test('有条件共享 needs a condition', () => {
  expect(gaps({ sharingCondition: ' ' })).toEqual(['sharingCondition'])
  expect(gaps({ sharing: 'unconditional', sharingCondition: null })).toEqual([])
})

test('不予共享 needs a law of the list and its clause; free text is no basis', () => {
  const none = { sharing: 'none', sharingCondition: null }
  expect(gaps(none)).toEqual(['basisLaw', 'basisClause'])
  expect(gaps({ ...none, basisLaw: '本单位规定', basisClause: '第三条' })).toEqual(['basisLaw'])
  expect(gaps({ ...none, basisLaw: 'data-security-law', basisClause: '第三十八条' })).toEqual([])
})

test('what may not be shared freely is not opened freely', () => {
  const basis = { basisLaw: 'data-security-law', basisClause: '第三十八条' }
  expect(gaps({ sharing: 'none', ...basis, opening: 'conditional', openingCondition: '实名' })).toEqual(['opening'])
  expect(gaps({ opening: 'unconditional' })).toEqual(['opening'])
  expect(gaps({ opening: 'conditional' })).toEqual(['openingCondition'])
  expect(gaps({ sharing: 'unconditional', opening: 'unconditional' })).toEqual([])
})

test('sensitive items need masking, and the entry says that it holds them', () => {
  expect(gaps({ items: [item({ masking: null })] })).toEqual(['items/0/masking'])
  expect(gaps({ containsPersonal: false, containsSensitive: false, maskingRule: null })).toEqual(['containsPersonal', 'containsSensitive'])
  expect(gaps({ maskingRule: '' })).toEqual(['maskingRule'])
  expect(gaps({ items: [item({ sensitivity: 'personal', masking: null })], containsSensitive: false, maskingRule: null })).toEqual([])
})

test('there is a key, a text has a length, and no item is there twice or wider than its resource', () => {
  expect(gaps({ items: [item({ isKey: false })] })).toEqual(['items'])
  expect(gaps({ items: [item({ length: null })] })).toEqual(['items/0/length'])
  expect(gaps({ items: [item(), item({ name: '公民身份号码 ', code: 'gmsfhm' })] })).toEqual(['items/1/name', 'items/1/code'])
  expect(gaps({ items: [item({ sharing: 'unconditional' })] })).toEqual(['items/0/sharing'])
  expect(gaps({ items: [item({ sharing: 'none' })] })).toEqual([])
})

test('the provider code is checked to its last digit', () => {
  const code = entry().providerCode
  const wrong = `${code.slice(0, 17)}${code.endsWith('A') ? 'B' : 'A'}`
  const [gap] = gapsOf(entry({ providerCode: wrong }) as unknown as Content)
  expect(gap).toMatchObject({ path: 'providerCode', message: expect.stringContaining('校验码') })
})
