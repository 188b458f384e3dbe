import { expect, test } from 'vitest'
import type { Content } from './catalog-api.ts'
import { atField, toContent, toValues } from './fields.ts'

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
