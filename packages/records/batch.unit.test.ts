import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BatchProblem, prepareBatch } from './batch.ts'
import { changesOf, toChunks } from './chunk.ts'
import { definitionProblems, type ResourceDefinition } from './definition.ts'
import { copyField } from './row.ts'

const definition: ResourceDefinition = {
  resource: 'household',
  version: 2,
  title: '低保家庭',
  kind: 'state',
  key: ['i1'],
  items: [
    { id: 'i1', title: '家庭编号', type: { kind: 'text', length: 15 }, required: true },
    { id: 'i2', title: '户主', type: { kind: 'text', length: 60 }, required: true },
    { id: 'i4', title: '月收入', type: { kind: 'money' }, required: false },
  ],
}
const header = (items: readonly string[] = ['i1', 'i2', 'i4'], schema = 2) => JSON.stringify({ format: 1, schema, items })
const batch = (...lines: unknown[]) =>
  [header(), ...lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))].join('\n')

describe('a batch is read line by line', () => {
  test('good lines are taken and bad ones set aside with their number, key and reasons', () => {
    const found = prepareBatch(batch(['A1', '甲', 100], ['A2', '', 'x'], '{"oops', ['A3', '丙'], ['A4', '丁', null]), definition)
    expect(found.upserts.keys).toEqual(['A1', 'A4'])
    expect(found.upserts.copies).toEqual(['A1\t甲\t100', 'A4\t丁\t\\N'])
    expect(found.bad.map(({ line, key, problems }) => [line, key, problems.map((one) => `${one.item} ${one.rule}`)])).toEqual([
      [3, 'A2', ['i2 required', 'i4 type']],
      [4, null, [' shape']],
      [5, null, [' shape']],
    ])
  })

  test('of several lines about one key the last counts, also when it says that the record is gone', () => {
    const found = prepareBatch(batch(['A1', '甲', 1], ['A2', '乙', 1], ['A1', '甲二', 2], { delete: ['A2'] }), definition)
    expect(found.upserts).toMatchObject({ keys: ['A1'], logs: ['["u","A1","甲二","2"]'] })
    expect(found.deletes).toEqual({ keys: ['A2'], logs: ['["d","A2"]'], lines: [5] })
    expect(found).toMatchObject({ rows: 4, superseded: 2 })
  })

  test('the order in which the sender names the items does not matter, and an item that it does not know is empty', () => {
    const turned = [header(['i2', 'i1']), JSON.stringify(['甲', 'A1'])].join('\n')
    const [hash] = prepareBatch(turned, definition).upserts.hashes
    expect(prepareBatch(batch(['A1', '甲', null]), definition).upserts.hashes).toEqual([hash])
  })

  test('an item that is added later and empty changes no hash', () => {
    const wider = {
      ...definition,
      items: [...definition.items, { id: 'i5', title: '备注', type: { kind: 'note' as const }, required: false }],
    }
    const text = batch(['A1', '甲', 1])
    expect(prepareBatch(text, wider).upserts.hashes).toEqual(prepareBatch(text, definition).upserts.hashes)
  })

  test.each([
    ['没有首行', '', 'header'],
    ['首行是记录', '["A1"]', 'header'],
    ['别的格式', '{"format":2,"schema":2,"items":["i1"]}', 'format'],
    ['不认识的信息项', `${header(['i1', 'i2', 'i3'])}\n["A1","甲",1]`, 'unknown-item'],
    ['没有主键', `${header(['i2'])}\n["甲"]`, 'no-key'],
    ['信息项重复', `${header(['i1', 'i1'])}\n["A1","A1"]`, 'header'],
    ['过多', [header(), ...Array.from({ length: 20_001 }, () => '["A","甲",1]')].join('\n'), 'too-many-rows'],
  ])('%s：整批退回', (_, text, code) => {
    expect(() => prepareBatch(text, definition)).toThrow(expect.objectContaining({ code }))
    expect(() => prepareBatch(text, definition)).toThrow(BatchProblem)
  })

  test('whatever lines come, each is taken, replaced or set aside, and the batch never fails', () => {
    const line = fc.oneof(fc.json(), fc.string(), fc.constantFrom('["A","甲",1]', '{"delete":["A"]}', '["B","乙",null]'))
    const lines = fc.array(
      line.filter((one) => !one.includes('\n') && one !== ''),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(lines, (all) => {
        const found = prepareBatch([header(), ...all].join('\n'), definition)
        const { upserts, deletes, bad, superseded } = found
        expect(upserts.keys.length + deletes.keys.length + bad.length + superseded).toBe(all.length)
        expect(found.rows).toBe(all.length)
      }),
    )
  })

  test('two records that differ in any value have different hashes, however the values are cut', () => {
    const values = fc.tuple(
      fc.string({ minLength: 1, maxLength: 5, unit: 'grapheme-ascii' }),
      fc.string({ minLength: 1, maxLength: 5, unit: 'grapheme-ascii' }),
    )
    fc.assert(
      fc.property(values, values, ([a, b], [c, d]) => {
        const hash = (one: string, two: string) => prepareBatch(batch([one, two, null]), definition).upserts.hashes[0]
        expect(hash(a, b) === hash(c, d)).toBe(a === c && b === d)
      }),
    )
  })
})

test('chunks of the log give back what was put in, numbered without a gap', async () => {
  const logs = Array.from({ length: 4500 }, (_, i) =>
    i % 7 === 0 ? JSON.stringify(['d', `K${i}`]) : JSON.stringify(['u', `K${i}`, '甲\n"', null]),
  )
  const chunks = await toChunks(logs, 11, 3)
  expect(chunks.map(({ seqFrom, seqTo, codec }) => [seqFrom, seqTo, codec])).toEqual([
    [11, 2010, 'zstd'],
    [2011, 4010, 'zstd'],
    [4011, 4510, 'zstd'],
  ])
  const changes = chunks.flatMap(changesOf)
  expect(changes.map(({ seq }) => seq)).toEqual(logs.map((_, i) => i + 11))
  expect(changes[0]).toEqual({ seq: 11, op: 'delete', values: ['K0'] })
  expect(changes[1]).toEqual({ seq: 12, op: 'upsert', values: ['K1', '甲\n"', null] })
  const [broken] = await toChunks(logs.slice(0, 3), 1, 3)
  expect(() => broken && changesOf({ ...broken, seqTo: 4 })).toThrow('holds 3 changes')
})

test('a field of COPY is what PostgreSQL reads back', () => {
  expect(copyField('a\tb\\c\nd\r')).toBe('a\\tb\\\\c\\nd\\r')
  expect(copyField(null)).toBe('\\N')
  expect(copyField('\\N')).toBe('\\\\N')
})

test('a definition that no table could be made of says why', () => {
  expect(definitionProblems(definition)).toEqual([])
  const wrong = {
    ...definition,
    key: ['i9', 'i4'] as const,
    items: [...definition.items, { id: 'x', title: '长', type: { kind: 'text' as const, length: 0 }, required: false }],
  }
  expect(definitionProblems(wrong)).toEqual([
    '主键信息项 i9 不存在',
    '主键信息项“月收入”须为必填',
    '信息项标识“x”不合规则',
    '信息项“长”的长度应为 1 至 65535',
  ])
})
