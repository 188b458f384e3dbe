import { expect, test } from 'vitest'
import type { Content } from './catalog-api.ts'
import { atField, resourceFields, toContent, toValues } from './fields.ts'

const bearer = { orgId: 'civil-affairs', post: '信息科' }
const content: Content = {
  name: '低保家庭信息',
  projectId: null,
  declaredResourceId: null,
  systemId: null,
  providerCode: null,
  abstract: '摘要',
  class: 'department',
  format: null,
  updateCycle: 'monthly',
  duties: { handledBy: bearer, usedBy: null, managedBy: { orgId: 'archive', post: null }, archivedBy: null, answersFor: bearer },
  sharing: 'conditional',
  sharingCondition: '用于核对',
  basisLaw: null,
  basisClause: null,
  opening: 'none',
  openingCondition: null,
  grade: null,
  containsPersonal: true,
  containsSensitive: false,
  maskingRule: null,
  items: [
    { name: '姓名', code: 'XM', type: 'C', length: 50, isKey: true, sensitivity: 'personal', masking: null, sharing: null },
    { name: '金额', code: 'JE', type: 'Y', length: null, isKey: false, sensitivity: 'general', masking: 'full', sharing: 'none' },
  ],
}

test('an entry that is opened in the form and saved unchanged stays the same', () => {
  expect(toContent(toValues(content))).toEqual(content)
})

test('an empty form is an empty draft, not an invalid one', () => {
  expect(toContent({ name: '草稿' })).toMatchObject({ name: '草稿', abstract: '', sharing: null, items: [], containsPersonal: false })
})

test('a problem with the organisation of a duty is shown at that duty', () => {
  expect(atField('duties/archivedBy/orgId')).toBe('duties/archivedBy')
  expect(atField('items/0/code')).toBe('items/0/code')
})

const choices = {
  laws: [{ id: 'law', title: '《中华人民共和国保守国家秘密法》', rank: 'law' as const }],
  declared: [{ id: 'r1', name: '低保家庭信息' }],
}
const asked = (values: Record<string, unknown>, given = choices) => resourceFields(values, given).map((one) => one.id)

test('a condition is asked for only where the answer calls for one', () => {
  expect(asked({})).not.toContain('sharingCondition')
  expect(asked({ sharing: 'conditional' })).toContain('sharingCondition')
  expect(asked({ sharing: 'conditional' })).not.toContain('basisLaw')
  expect(asked({ sharing: 'none' })).toEqual(expect.arrayContaining(['basisLaw', 'basisClause']))
  expect(asked({ opening: 'conditional' })).toContain('openingCondition')
  expect(asked({ containsSensitive: 'no' })).not.toContain('maskingRule')
  expect(asked({ containsSensitive: 'yes' })).toContain('maskingRule')
})

test('the declared resource of a saved entry stays on the form while the project is still being read', () => {
  const none = { ...choices, declared: [] }
  expect(asked({}, none)).not.toContain('declaredResourceId')
  expect(asked({ declaredResourceId: 'r1' }, none)).toContain('declaredResourceId')
  expect(asked({})).toContain('declaredResourceId')
})
