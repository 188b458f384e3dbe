// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { fillPaper } from './paper-definition.ts'

const slots = {
  words: { procedure: '年度计划' },
  parts: { basics: { kind: 'lines' as const, lines: [{ label: '事项', value: '低保系统' }] } },
}

test('a paper is filled from the slots of its subject, in the order of its definition', () => {
  const filled = fillPaper({ id: 'p', title: '{procedure}办件单', parts: [{ kind: 'lines', title: '基本情况', slot: 'basics' }] }, slots)
  expect(filled).toEqual({
    title: '年度计划办件单',
    parts: [{ kind: 'lines', title: '基本情况', lines: [{ label: '事项', value: '低保系统' }] }],
  })
})

test('a slot that the subject does not give, or gives as something else, is a mistake and not an empty sheet', () => {
  expect(() => fillPaper({ id: 'p', title: '', parts: [{ kind: 'lines', slot: 'opinions' }] }, slots)).toThrow('paper p asks for opinions')
  expect(() => fillPaper({ id: 'p', title: '', parts: [{ kind: 'prose', slot: 'basics' }] }, slots)).toThrow('paper p asks for basics')
})
