import { describe, expect, test } from 'vitest'
import { lacksOf, type OrderDraft, orderOf } from './reorganisation-draft.ts'

const draft: OrderDraft = {
  kind: 'rename',
  organisationIds: ['a', 'b'],
  successors: [{ id: 'c', name: '丙局' }],
  assignments: [{ kind: 'project', id: 'p', to: 'c' }],
  documentNumber: ' 乌海党办发〔2026〕3号 ',
  reason: '机构改革',
  effectiveOn: '2026-03-02',
  name: '甲局',
  shortName: '',
  parentId: 'd',
}

describe('an order holds what its kind asks for and nothing else', () => {
  test.each([
    ['rename', { organisationIds: ['a'], name: '甲局' }],
    ['transfer', { organisationIds: ['a'], parentId: 'd' }],
    ['merge', { organisationIds: ['a', 'b'], successors: draft.successors }],
    ['split', { organisationIds: ['a'], successors: draft.successors, assignments: draft.assignments }],
    ['abolish', { organisationIds: ['a'], successors: draft.successors }],
  ] as const)('%s', (kind, rest) => {
    const common = { kind, documentNumber: '乌海党办发〔2026〕3号', reason: '机构改革', effectiveOn: '2026-03-02' }
    expect(orderOf({ ...draft, kind })).toEqual({ ...common, ...rest })
  })
})

test.each([
  [{ organisationIds: [] }, '请选择机构。'],
  [{ name: ' ' }, '请填写新名称。'],
  [{ kind: 'transfer', parentId: undefined }, '请选择新的上级机构。'],
  [{ kind: 'split' }, '拆分应至少列出两个承接机构。'],
  [{ kind: 'merge', successors: [] }, '请指定承接机构。'],
  [{ documentNumber: '' }, '请填写文号。'],
  [{ reason: '' }, '请填写事由。'],
  [{ effectiveOn: '' }, '请填写生效日期。'],
  [{}, null],
] as const)('%o lacks %s', (change, lacks) => {
  expect(lacksOf({ ...draft, ...change } as OrderDraft)).toBe(lacks)
})
