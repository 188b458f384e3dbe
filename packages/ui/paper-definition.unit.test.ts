// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { fillPaper, type PaperDefinition } from './paper-definition.ts'

const slots = {
  words: { procedure: '年度计划', responsible: '市民政局', description: '抽查发现 {responsible} 未办理。' },
  parts: { basics: { kind: 'lines' as const, lines: [{ label: '事项', value: '低保系统' }] } },
}
const none = { slot: null, to: null, paragraphs: [] }
const paper = (changes: Partial<PaperDefinition>): PaperDefinition => ({ id: 'p', title: '', issued: null, parts: [], ...changes })

test('a paper is filled from the slots of its subject, in the order of its definition', () => {
  const filled = fillPaper(
    paper({ title: '{procedure}办件单', parts: [{ ...none, kind: 'lines', title: '基本情况', slot: 'basics' }] }),
    slots,
  )
  expect(filled).toEqual({
    title: '年度计划办件单',
    parts: [{ kind: 'lines', title: '基本情况', lines: [{ label: '事项', value: '低保系统' }] }],
  })
})

test('its own prose says what the subject says, word by word; what a person wrote is not expanded', () => {
  const prose = { ...none, kind: 'prose' as const, title: '', to: '{responsible}', paragraphs: ['一、存在的问题。{description}'] }
  expect(fillPaper(paper({ parts: [prose] }), slots).parts).toEqual([
    { kind: 'prose', title: '', to: '市民政局', paragraphs: ['一、存在的问题。抽查发现 {responsible} 未办理。'] },
  ])
})

test('a slot or a word that the subject does not give, or gives as something else, is a mistake and not an empty sheet', () => {
  const asking = (kind: 'lines' | 'prose', slot: string) => paper({ parts: [{ ...none, kind, title: '', slot }] })
  expect(() => fillPaper(asking('lines', 'opinions'), slots)).toThrow('paper p asks for opinions')
  expect(() => fillPaper(asking('prose', 'basics'), slots)).toThrow('paper p asks for basics')
  expect(() => fillPaper(paper({ title: '{project}' }), slots)).toThrow('paper p asks for the word project')
})
