import { expect, test } from 'vitest'
import { prepareBatch } from './batch.ts'
import { definitionProblems, type QualityRule, type ResourceDefinition } from './definition.ts'

const definition = (rules: QualityRule[]): ResourceDefinition => ({
  resource: 'r',
  version: 1,
  title: '人员',
  kind: 'state',
  key: ['i1'],
  items: [
    { id: 'i1', title: '公民身份号码', type: { kind: 'citizen-id' }, required: true },
    { id: 'i2', title: '出生日期', type: { kind: 'date' }, required: false },
    { id: 'i3', title: '面积', type: { kind: 'decimal', digits: 10, scale: 2 }, required: false },
    { id: 'i4', title: '止于', type: { kind: 'date' }, required: false },
    { id: 'i5', title: '状态', type: { kind: 'code', codes: ['1', '2'] }, required: false },
  ],
  rules,
})
const rules: QualityRule[] = [
  { id: 'q1', rule: 'birth', item: 'i2', of: 'i1', title: '出生日期与号码不一致' },
  { id: 'q2', rule: 'range', item: 'i3', least: 1, most: 100, title: '面积不在范围' },
  { id: 'q3', rule: 'order', first: 'i2', last: 'i4', title: '止于早于出生' },
  { id: 'q4', rule: 'required-when', item: 'i4', when: 'i5', is: '2', title: '没有止于' },
]
const id = '150302196410210000'
const bad = (...values: unknown[]) => {
  const header = JSON.stringify({ format: 1, schema: 1, items: ['i1', 'i2', 'i3', 'i4', 'i5'] })
  return prepareBatch(`${header}\n${JSON.stringify(values)}`, definition(rules)).bad.flatMap(({ problems }) =>
    problems.map(({ rule }) => rule),
  )
}

test.each([
  [[id, '1964-10-21', '1', '1964-10-21', '1'], []],
  [[id, null, null, null, null], []],
  [[id, '1964-10-22', null, null, null], ['q1']],
  [[id, '1964-10-21', '0.99', null, null], ['q2']],
  [[id, '1964-10-21', '100.01', null, null], ['q2']],
  [[id, '1964-10-21', null, '1964-10-20', null], ['q3']],
  [[id, null, null, null, '2'], ['q4']],
  [
    [id, '1964-10-22', 0, '1964-01-01', '2'],
    ['q1', 'q2', 'q3'],
  ],
  // What is no value at all is told alone: the rules are about values that are each in order.
  [[id, '昨天', 0, null, '2'], ['date']],
])('%j', (values, expected) => {
  expect(bad(...values)).toEqual(expected)
})

test('a rule about an item that is not there, of another type, or twice is refused with the definition', () => {
  expect(definitionProblems(definition([{ id: 'q1', rule: 'range', item: 'i9', title: '甲' }]))).toEqual([
    '质量规则“甲”所指的信息项 i9 不存在',
  ])
  expect(definitionProblems(definition([{ id: 'q1', rule: 'range', item: 'i2', title: '甲' }]))).toEqual([
    '质量规则“甲”不适用于信息项“出生日期”的类型',
  ])
  expect(definitionProblems(definition([rules[0], rules[0]] as QualityRule[]))).toEqual(['质量规则标识重复'])
})
