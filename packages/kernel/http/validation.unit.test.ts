import { type TSchema, Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { At, CivilDate, Fen, Id, Line, Nullable, OneOf, PageQuery, Prose, Strict } from './schema.ts'
import { compileSchema, fieldProblems } from './validation.ts'

function problemsOf(schema: TSchema, value: unknown, part = 'body') {
  const validate = compileSchema(schema, part)
  return validate(value) ? [] : fieldProblems(validate.errors ?? []).map(({ path, message }) => `${path}：${message}`)
}

const form = Strict({ name: Line(5), items: Type.Optional(Type.Array(Strict({ fen: Fen }), { minItems: 1, maxItems: 3 })) })

describe('each rule is said in Chinese at the field it is about', () => {
  test.each<[string, TSchema, unknown, string[]]>([
    ['a missing field', form, {}, ['name：必须填写']],
    ['a missing field inside', form, { name: 'a', items: [{ fen: 1 }, {}] }, ['items/1/fen：必须填写']],
    ['an unknown field', form, { name: 'a', mayor: 1 }, ['mayor：没有这个字段，请删除或更正字段名']],
    ['an unknown field inside', form, { name: 'a', items: [{ fen: 1, x: 1 }] }, ['items/0/x：没有这个字段，请删除或更正字段名']],
    ['another type', form, { name: 5 }, ['name：应为文字']],
    ['a text for an amount', Strict({ fen: Fen }), { fen: '5' }, ['fen：应为整数']],
    ['a fraction of a 分', Strict({ fen: Fen }), { fen: 0.5 }, ['fen：应为整数']],
    ['an amount below zero', Strict({ fen: Fen }), { fen: -1 }, ['fen：不得小于 0']],
    ['an amount beyond all budgets', Strict({ fen: Fen }), { fen: 1e15 }, ['fen：不得大于 10000000000000']],
    ['Infinity where any number goes', Strict({ n: Type.Number() }), { n: Number.POSITIVE_INFINITY }, ['n：应为数字']],
    ['too long, in characters as people count', form, { name: '😀😀😀😀😀😀' }, ['name：不得超过 5 个字']],
    ['nothing', form, { name: '' }, ['name：不能为空']],
    ['only blanks', form, { name: ' \t' }, ['name：不能为空']],
    ['too short', Strict({ a: Type.String({ minLength: 8 }) }), { a: 'x' }, ['a：不得少于 8 个字']],
    ['too few', form, { name: 'a', items: [] }, ['items：不得少于 1 项']],
    ['too many', form, { name: 'a', items: Array(4).fill({ fen: 1 }) }, ['items：不得超过 3 项']],
    ['the same twice', Strict({ a: Type.Array(Type.String(), { uniqueItems: true }) }), { a: ['x', 'x'] }, ['a：不得重复']],
    ['outside the words', Strict({ a: OneOf(['x', 'y']) }), { a: 'z' }, ['a：不在允许的取值之内']],
    ['another constant', Strict({ secrecy: Type.Literal(false) }), { secrecy: 0 }, ['secrecy：应为是或否（true / false）']],
    ['none of several', Strict({ a: Type.Union([Type.Literal('x'), Type.Literal(1)]) }), { a: 2 }, ['a：不在允许的取值之内']],
    ['a pattern', Strict({ a: Type.String({ pattern: '^[A-Z]+$' }) }), { a: 'a' }, ['a：格式不符']],
    ['a step', Strict({ a: Type.Number({ multipleOf: 1 }) }), { a: 0.5 }, ['a：金额以分计，须为整数']],
    ['above and below, exclusively', Strict({ a: Type.Number({ exclusiveMaximum: 3 }) }), { a: 3 }, ['a：不得大于 3']],
    ['no id', Strict({ a: Id }), { a: '1' }, ['a：应为系统生成的编号']],
    ['no instant', Strict({ a: At }), { a: '2026-01-01' }, ['a：应为 RFC 3339 时间']],
    ['too many keys', Type.Record(Type.String(), Type.Boolean(), { maxProperties: 1 }), { a: true, b: true }, ['：不得超过 1 个字段']],
    ['no object at all', form, [], ['：应为对象']],
    ['too long where null goes too', Strict({ a: Nullable(Prose(2)) }), { a: 'xyz' }, ['a：不得超过 2 个字']],
    ['another type where null goes too', Strict({ a: Nullable(Fen) }), { a: 'x' }, ['a：应为整数']],
    [
      'inside what may be null',
      Strict({ a: Nullable(form) }),
      { a: { name: 1, x: 2 } },
      ['a/x：没有这个字段，请删除或更正字段名', 'a/name：应为文字'],
    ],
    [
      'one of two that may be null',
      Strict({ a: Type.Array(Nullable(Fen)) }),
      { a: [1, 'x', null, -1] },
      ['a/1：应为整数', 'a/3：不得小于 0'],
    ],
  ])('%s', (_what, schema, value, problems) => {
    expect(problemsOf(schema, value)).toEqual(problems)
  })
})

test('what is right passes, null where null goes', () => {
  expect(problemsOf(form, { name: 'a', items: [{ fen: 0 }] })).toEqual([])
  expect(problemsOf(Strict({ a: Nullable(Fen) }), { a: null })).toEqual([])
})

test('every field that is wrong is named at once, twenty at most', () => {
  const fields = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${i}`, Type.Integer()]))
  expect(problemsOf(Strict({ a: Type.Integer(), b: Type.Integer() }), { a: 'x', b: 'y' })).toHaveLength(2)
  expect(problemsOf(Strict(fields), {})).toHaveLength(20)
})

test('nothing in a body is taken for something else, and unknown fields are not dropped in silence', () => {
  expect(problemsOf(Strict({ n: Type.Integer() }), { n: '1' })).toEqual(['n：应为整数'])
  expect(problemsOf(Strict({ b: Type.Boolean() }), { b: 'true' })).toEqual(['b：应为是或否（true / false）'])
  expect(problemsOf(Strict({ s: Type.String() }), { s: null })).toEqual(['s：应为文字'])
})

test('a query is text: numbers and yes or no are read from it, and nothing else becomes a number', () => {
  const query = Strict({ ...PageQuery, mine: Type.Optional(Type.Boolean()) })
  const value = { limit: '200', mine: 'true' }
  expect(problemsOf(query, value, 'querystring')).toEqual([])
  expect(value).toEqual({ limit: 200, mine: true })
  expect(problemsOf(query, { limit: 'ten' }, 'querystring')).toEqual(['limit：应为整数'])
  expect(problemsOf(query, { limit: '' }, 'querystring')).toEqual(['limit：应为整数'])
  expect(problemsOf(query, { limit: '1e400' }, 'querystring')).toEqual(['limit：不得大于 200'])
  expect(problemsOf(query, { limit: '0' }, 'querystring')).toEqual(['limit：不得小于 1'])
  expect(problemsOf(query, { limit: '201' }, 'querystring')).toEqual(['limit：不得大于 200'])
  expect(problemsOf(query, { limit: ['1', '2'] }, 'querystring')).toEqual(['limit：应为整数'])
  expect(problemsOf(query, { offset: '1' }, 'querystring')).toEqual(['offset：没有这个字段，请删除或更正字段名'])
})

test.each([
  ['2026-02-28', true],
  ['2024-02-29', true],
  ['2026-02-29', false],
  ['2026-02-30', false],
  ['2026-13-01', false],
  ['2026-00-10', false],
  ['0000-01-01', false],
  ['2026-1-9', false],
  ['2026-01-09T00:00:00Z', false],
  [' 2026-01-09', false],
  ['2026-01-09\n', false],
  ['２０２６-01-09', false],
  ['', false],
])('the civil date %j is one: %s', (text, right) => {
  expect(problemsOf(Strict({ on: CivilDate }), { on: text })).toEqual(right ? [] : ['on：应为存在的日期，格式 YYYY-MM-DD'])
})

describe('a million characters that are all wrong take no more than a moment', () => {
  const many = 100_000
  test.each<[string, TSchema, () => unknown]>([
    ['unknown fields', form, () => Object.fromEntries(Array.from({ length: many }, (_, i) => [`k${i}`, i]))],
    ['items of another type', Strict({ a: Type.Array(Nullable(Line(5)), { maxItems: 3 }) }), () => ({ a: Array(many).fill(1) })],
    [
      'items that repeat',
      Strict({ a: Type.Array(Line(9), { uniqueItems: true }) }),
      () => ({ a: Array.from({ length: many }, (_, i) => `${i}`) }),
    ],
    ['one long text', Strict({ a: Line(5) }), () => ({ a: ' '.repeat(many * 10) })],
  ])('%s', (_what, schema, value) => {
    const validate = compileSchema(schema, 'body')
    const wrong = value()
    const begun = performance.now()
    validate(wrong)
    fieldProblems(validate.errors ?? [])
    expect(performance.now() - begun).toBeLessThan(3000)
  })
})
