import { expect, test } from 'vitest'
import { contentOf } from './receipt-content.ts'

const proof = { index: 0, size: 1, path: [] }

test('a row of the audit log is told column by column, what is empty is left out', () => {
  const row = ['tongchou-audit-1', '7', '9', '2026-03-02T01:00:00.000000Z', 'r', 'a', 'p', '王某', null, 'civil-affairs', '市民政局']
  const text = JSON.stringify([...row, 'project.drafted', 'done', 'project', 'p1', '{}'])
  const lines = contentOf({ entry: { text, proof } })
  expect(lines).toContainEqual({ label: '人员', value: '王某' })
  expect(lines).toContainEqual({ label: '结果', value: '已办理' })
  expect(lines.map(({ label }) => label)).not.toContain('岗位')
  expect(lines.map(({ label }) => label)).not.toContain('附加内容')
})

test('another text is shown as it is, and a leaf as a whole has none', () => {
  for (const text of ['["tongchou-chain-1","7","ab"]', 'no json', '["tongchou-audit-1","7"]'])
    expect(contentOf({ entry: { text, proof } })).toEqual([{ label: '内容', value: text }])
  expect(contentOf({ entry: null })).toEqual([])
})
