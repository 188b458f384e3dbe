import { itemOf } from '@tongchou/metadata'
import { expect, test } from 'vitest'
import type { Content } from './catalog-api.ts'
import { atField, toContent, toValues } from './content-values.ts'
import { resourceFields } from './fields.ts'
import { toItem, toLine } from './item-fields.ts'

const bearer = { orgId: 'civil-affairs', post: '信息科' }
const one = (name: string, code: string, id: string) => ({ ...itemOf({ name, code }), id })
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
  internalUnit: null,
  classCode: '30700101',
  formatType: null,
  formatNote: null,
  sharingChannel: 'platform',
  sharingForm: 'interface',
  openLevel: null,
  relatedCodes: ['30700101/000001', '30700101/000002#i1'],
  grading: [{ object: 'individual', degree: 'serious', reason: '泄露影响当事人' }],
  census: { storedGb: '12.5', recordsWan: '300', sharedGb: '0', sharedWan: '0', openedGb: '0', openedWan: null },
  spatialScope: 'city',
  scenario: null,
  ext: {
    ...{ smallestUnit: null, serviceArea: null, servedParties: '困难群众', origin: null, carrier: null, contactName: null },
    ...{ contactPhone: null, storagePlace: null, matter: null, coveredPeriod: null },
  },
  items: [
    { ...one('姓名', 'XM', 'i1'), type: 'C', length: 50, isKey: true, sensitivity: 'personal' },
    { ...one('金额', 'JE', 'i4'), type: 'Y', precision: 2, isOwn: false, masking: 'full', sharing: 'none', sharingReason: '内部核算' },
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
  classes: [
    { code: '307', title: '省及下级', active: true },
    { code: '307001', title: '民政', active: true },
    { code: '30700101', title: '社会救助', active: true },
    { code: '30700199', title: '旧分类', active: false },
    { code: '101001', title: '户籍', active: true },
  ],
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

test('classes are offered below the chosen 类 with their path; one out of use only where it stands already', () => {
  const offered = (values: Record<string, unknown>) => {
    const field = resourceFields(values, choices).find(({ id }) => id === 'classCode')
    return field?.type === 'choice' ? field.choices.map(({ title }) => title) : []
  }
  expect(offered({ class: 'department' })).toEqual(['307001 省及下级 / 民政', '30700101 省及下级 / 民政 / 社会救助'])
  expect(offered({ class: 'department', classCode: '30700199' })).toHaveLength(3)
  expect(offered({})).toHaveLength(3)
})

test('format types and forms of sharing are those of what was chosen before', () => {
  expect(asked({ format: 'self-described' })).not.toContain('formatType')
  expect(asked({ format: 'database' })).toContain('formatType')
  expect(asked({ sharing: 'none' })).not.toContain('sharingChannel')
  expect(asked({ sharing: 'conditional', sharingChannel: 'mail' })).not.toContain('sharingForm')
  expect(asked({ sharing: 'conditional', sharingChannel: 'media' })).toContain('sharingForm')
})

test('an item keeps its id in the form, and one that is copied from another entry comes without', () => {
  const [item = one('', '', '')] = content.items
  expect(toItem(toLine(item))).toEqual(item)
  expect(toItem(toLine(item, false))).not.toHaveProperty('id')
})
