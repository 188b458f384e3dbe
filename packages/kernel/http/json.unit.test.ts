import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Malformed } from '../errors.ts'
import { parseStrictJson, refuseHostileText } from './json.ts'

function refusal(text: string): { code: string; path: string | undefined; message: string } {
  try {
    parseStrictJson(text)
  } catch (thrown) {
    if (!(thrown instanceof Malformed)) throw thrown
    return { code: thrown.code, path: thrown.fields[0]?.path, message: thrown.message }
  }
  throw new Error(`was taken: ${text.slice(0, 80)}`)
}

describe('a key that stands twice is refused with its place', () => {
  test.each([
    ['side by side', '{"a":1,"a":1}', 'a'],
    ['with another between', '{"a":1,"b":{"a":2},"a":3}', 'a'],
    ['in an object inside', '{"a":{"b":1,"b":2}}', 'a/b'],
    ['in a list of objects', '{"rows":[{"id":1},{"id":1,"x":[1,{}],"id":2}]}', 'rows/1/id'],
    ['spelled with an escape', '{"a":1,"\\u0061":2}', 'a'],
    ['spelled with two different escapes', '{"\\/":1,"/":2}', '/'],
    ['the empty key', '{"":1,"":2}', ''],
    ['with colons in it', '{"a:b":1,"a:b":2}', 'a:b'],
    ['with colons in the values', '{"a":"x:y","b":":","a":"::"}', 'a'],
    ['the first time with an object in it', '{"a":{"b":1,"c":":"},"a":1}', 'a'],
    ['with blanks around', '{ "a" :1 ,\n\t"a" : 2}', 'a'],
    ['after a text that looks like JSON', '{"t":"{\\"a\\":1,\\"a\\":2}","k":1,"k":2}', 'k'],
    ['after a text that ends in a backslash', '{"t":"\\\\","k":1,"k":2}', 'k'],
    ['a name that objects have anyway', '{"constructor":1,"constructor":2}', 'constructor'],
  ])('%s', (_how, text, path) => {
    expect(refusal(text)).toMatchObject({ code: 'request.duplicate_key', path })
  })
})

test('the same key in two objects, and a text equal to a key, are no duplicates', () => {
  const text = '{"a":"a","b":{"a":["a","a",{"a":1}]},"c":[{"a":1},{"a":1}]}'
  expect(parseStrictJson(text)).toEqual(JSON.parse(text))
})

test('a text that looks like a key after its quotation mark is a text', () => {
  expect(parseStrictJson('{"k":1,"t":"x\\",\\"k\\":2"}')).toEqual({ k: 1, t: 'x","k":2' })
})

test.each([
  ['plainly', '{"__proto__":{"admin":true}}', '__proto__'],
  ['escaped', '{"rows":[{"\\u005f_proto__":1}]}', 'rows/0/__proto__'],
])('__proto__ is refused: %s', (_how, text, path) => {
  expect(refusal(text)).toMatchObject({ code: 'request.forbidden_key', path })
})

test('constructor and prototype are keys like any other and change nothing', () => {
  const value = parseStrictJson('{"constructor":{"prototype":{"admin":true}}}') as Record<string, unknown>
  expect(Object.hasOwn(value, 'constructor')).toBe(true)
  expect(({} as Record<string, unknown>).admin).toBeUndefined()
})

test.each([
  ['a NUL in a value', '{"a":{"b":["x","\\u0000"]}}', 'request.bad_text', 'a/b/1'],
  ['a NUL in a key', '{"a":{"b\\u0000":1}}', 'request.bad_text', 'a/(字段名)'],
  ['a lone high surrogate', '{"a":"\\ud83d"}', 'request.bad_text', 'a'],
  ['a lone low surrogate', '["\\udc00x"]', 'request.bad_text', '0'],
  ['surrogates the wrong way round', '{"a":"\\udc00\\ud83d"}', 'request.bad_text', 'a'],
  ['a number beyond all numbers', '{"a":1e400}', 'request.bad_number', 'a'],
  ['a negative one', '{"a":[-1e999]}', 'request.bad_number', 'a/0'],
  ['an integer that would change in silence', '{"omCostFen":9007199254740993}', 'request.bad_number', 'omCostFen'],
])('%s is refused with its place', (_what, text, code, path) => {
  expect(refusal(text)).toMatchObject({ code, path })
})

test('a whole surrogate pair, the largest safe integer and a fraction are taken', () => {
  expect(parseStrictJson('["\\ud83d\\ude00", 9007199254740991, -9007199254740991, 0.5, 1e-400]')).toEqual([
    '😀',
    9007199254740991,
    -9007199254740991,
    0.5,
    0,
  ])
})

test('a hostile text itself, without a field, is refused in words', () => {
  expect(() => refuseHostileText('\u0000', '')).toThrow('请求内容：含有空字符（NUL）')
})

test('32 levels are taken, one more is not, whatever they are made of', () => {
  const nested = (levels: number) => '{"a":['.repeat(levels / 2) + ']}'.repeat(levels / 2)
  expect(parseStrictJson(nested(32))).toBeTypeOf('object')
  expect(refusal(`[${nested(32)}]`).code).toBe('request.too_deep')
  expect(refusal('['.repeat(33) + ']'.repeat(33)).code).toBe('request.too_deep')
})

test.each(['', '{', '{"a":1,}', "{'a':1}", '[1 2]', 'NaN', '{"a":1}x', '"', '\u0000'])('what is no JSON is refused: %j', (text) => {
  expect(refusal(text)).toMatchObject({ code: 'request.not_json', message: expect.stringMatching(/不是有效的 JSON/) })
})

describe('a million characters take no more than a moment', () => {
  const million = 1024 * 1024
  const long = (part: (i: number) => string, join = ',') =>
    Array.from({ length: Math.floor(million / part(99_999).length) }, (_, i) => part(i)).join(join)
  test.each([
    ['a list of numbers', `[${long(() => '1')}]`],
    ['a list of texts', `[${long(() => '"数据"')}]`],
    ['many keys', `{${long((i) => `"k${i}":0`)}}`],
    ['many escaped keys', `{${long((i) => `"\\u006b${i}":0`)}}`],
    ['many small objects', `[${long(() => '{"a":{}}')}]`],
    ['one text full of escapes', `"${'\\"'.repeat(million / 2)}"`],
    ['one long key', `{"${'k'.repeat(million)}":1}`],
    ['blanks', `[${' '.repeat(million)}]`],
    ['brackets without end', '['.repeat(million)],
    ['brackets and their ends', '['.repeat(million / 2) + ']'.repeat(million / 2)],
  ])('%s', (_what, text) => {
    const begun = performance.now()
    try {
      parseStrictJson(text)
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(Malformed)
    }
    // Some 50 ms; what grows with the square takes minutes.
    expect(performance.now() - begun).toBeLessThan(3000)
  })
})

const text = fc.string({ unit: 'binary' }).filter((s) => !s.includes('\u0000') && s !== '__proto__')
const number = fc
  .oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }))
  .map((n) => n + 0 || 0)
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5 },
    text,
    number,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('json')),
    fc.dictionary(text, tie('json'), { noNullPrototype: true }),
  ),
}))

test('whatever JSON.stringify writes is read back as it was', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(parseStrictJson(JSON.stringify(value, null, 1))).toEqual(value)
    }),
  )
})

test('a key that stands twice is found whatever stands around it, colons too', () => {
  const plain = fc.string({ unit: fc.constantFrom('a', ':', '{', ','), maxLength: 2 })
  const value = fc.oneof(plain, fc.nat(9), fc.array(plain), fc.dictionary(plain, plain, { noNullPrototype: true }))
  const pair = fc.tuple(plain, value).map(([key, inside]): [string, string] => [key, `${JSON.stringify(key)}:${JSON.stringify(inside)}`])
  const found = { twice: 0, once: 0 }
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 5 }), (pairs) => {
      const text = `{${pairs.map(([, written]) => written).join(',')}}`
      const isTwice = new Set(pairs.map(([key]) => key)).size < pairs.length
      found[isTwice ? 'twice' : 'once']++
      if (isTwice) expect(refusal(text)).toMatchObject({ code: 'request.duplicate_key' })
      else expect(parseStrictJson(text)).toEqual(JSON.parse(text))
    }),
    { numRuns: 2000 },
  )
  expect(Math.min(found.twice, found.once)).toBeGreaterThan(100)
})

test('a second spelling of a key is found wherever it stands', () => {
  const escaped = (key: string) =>
    [...Array(key.length).keys()].map((i) => `\\u${key.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')
  fc.assert(
    fc.property(text, json, json, fc.nat(3), (key, first, second, depth) => {
      const twice = `{${JSON.stringify(key)}:${JSON.stringify(first)},"${escaped(key)}":${JSON.stringify(second)}}`
      const inside = '{"x":['.repeat(depth) + twice + ']}'.repeat(depth)
      expect(refusal(inside)).toMatchObject({ code: 'request.duplicate_key', path: 'x/0/'.repeat(depth) + key })
    }),
  )
})
