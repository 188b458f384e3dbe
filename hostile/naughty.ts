/** A value as it stands in JSON, already written: some of them no JSON library would write. */
export type Written = string

const text = (value: string): Written => JSON.stringify(value)

/** Texts that systems have fallen over, or shown as something else. */
export const naughtyTexts: readonly string[] = [
  ...['', ' ', '\t\n', '　', '\u00a0', '\u200b', 'null', 'undefined', 'NaN', 'true', '0', '-1', '[]', '{}'],
  ...["'", '"', "' or '1'='1", "'; drop table projects.project; --", '%', '_', '%%%%%%%%%%', '\\', '\\%', `$\{7*7}`, '{{7*7}}', '<%= 7 %>'],
  ...[
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    'javascript:alert(1)',
    '../../../../etc/passwd',
    'C:\\con',
    '/dev/null',
  ],
  ...['=1+1', '+1', '-1+1', '@SUM(1)', '＝1+1', '\t=1', '\r=1', '=HYPERLINK("http://x","y")', '|cmd', '%0a%0d', '\r\nSet-Cookie: a=b'],
  ...[
    '市',
    '巿',
    '⻩',
    '黄',
    '豈',
    '臺',
    '台',
    '１２３',
    '２０２６-０１-０１',
    'ＡＢＣ',
    '①',
    'ﬁ',
    'İ',
    'ß',
    'ẞ',
    '\u202e反',
    '\u2066x\u2069',
    'e\u0301',
    '👩‍👩‍👧',
    '𠮷',
    '\ufeffx',
  ],
  ...[
    '1986-05-04',
    '1991-09-15T00:30:00',
    '1900-01-00',
    '1927-12-31',
    '0000-01-01',
    '9999-12-31',
    '10000-01-01',
    '2026-02-29',
    '2026-12-31T24:00:00Z',
  ],
  ...[
    '2016-12-31T23:59:60Z',
    '2026-13-01',
    '2026-1-1',
    '24:00',
    '25:61',
    '-0001-01-01',
    '2026-01-01T00:00:00+99:99',
    '2026-W01',
    '20260101',
  ],
  ...[
    '00000000-0000-0000-0000-000000000000',
    '00000000-0000-4000-8000-00000000000g',
    '11010119900307002x',
    '11010119900307002Ｘ',
    '1101011990\u200b0307002X',
  ],
  ...[
    '91150300MA0000000X',
    'a'.repeat(201),
    '汉'.repeat(4001),
    'a\u0300'.repeat(500),
    '\u{10ffff}',
    '\uffff',
    '\u0001',
    '\u007f',
    '\u0085',
    '\u2028',
  ],
]

/** What no field expects. */
const wrongValues: readonly Written[] = [
  ...[
    'null',
    'true',
    'false',
    '0',
    '-0',
    '-1',
    '1.5',
    '1e400',
    '-1e400',
    '1e-400',
    '9007199254740993',
    '123456789012345678901234567890',
    '0.1e1',
  ],
  ...[
    '[]',
    '{}',
    '[[]]',
    '[null]',
    '{"a":1}',
    '{"__proto__":{"admin":true}}',
    '{"constructor":{"prototype":{}}}',
    '{"":""}',
    '{"toString":1}',
  ],
  ...['"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udfff\\ud800"', '"\\ud83d"', '{"length":1e9}', '["a","a"]', `[${'0,'.repeat(999)}0]`],
  ...[`${'['.repeat(200)}${']'.repeat(200)}`, `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`, '{"a":1,"a":2}', '{"$ref":"#"}', '{"then":1}'],
]

/** Bodies that are none. */
export const brokenBodies: readonly (string | Buffer)[] = [
  ...[
    '',
    ' ',
    '{',
    '}',
    '[',
    '{"a"',
    '{"a":}',
    '{a:1}',
    "{'a':1}",
    '{"a":1,}',
    '01',
    '+1',
    '.5',
    'NaN',
    'Infinity',
    '//',
    '/* */{}',
    '{}{}',
    'nul',
  ],
  ...['\ufeff{}', '"\\x"', '"\\u12"', '"a\nb"', '[1,2', `${'['.repeat(100_000)}`, `${'{"a":'.repeat(50_000)}`, '"', '\u0000', '{}\u0000'],
  ...[
    Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
    Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
    Buffer.from([0x80]),
  ],
  ...[Buffer.from('{"a":"\xb0\xa1"}', 'latin1'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from([0xf8, 0x88, 0x80, 0x80, 0x80])],
]

export const contentTypes: readonly string[] = [
  ...[
    'application/json',
    'application/json; charset=gbk',
    'application/json; charset=utf-16',
    'APPLICATION/JSON',
    'application/x-www-form-urlencoded',
  ],
  ...[
    'text/plain',
    'text/html',
    'application/xml',
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=b',
    '',
  ],
  ...['application/json, text/plain', 'application/merge-patch+json', '*/*', 'a', 'a/b/c', 'application/json;'.padEnd(2000, 'x')],
]

/** What an id in an address may be instead. */
export const naughtyIds: readonly string[] = [
  ...[
    '0',
    '-1',
    '1e9',
    'null',
    'undefined',
    '..',
    '.',
    '../..',
    '..%2f..',
    '%2e%2e%2f',
    '%00',
    'a%00b',
    '%ff',
    '%c0%af',
    '%25',
    '%',
    '%zz',
    '*',
  ],
  ...[
    '00000000-0000-0000-0000-000000000000',
    '00000000-0000-4000-8000-00000000dead',
    '{00000000-0000-4000-8000-000000000000}',
    'a'.repeat(150),
  ],
  ...[
    '00000000-0000-4000-8000-000000000000%20',
    '%e2%80%8b00000000-0000-4000-8000-000000000000',
    '%EF%BC%90',
    "1'--",
    '1;2',
    '~',
    '$ne',
    '[]',
  ],
  ...['00000000-0000-4000-8000-000000000000/../../me', '%F0%9F%98%80', '__proto__', 'constructor', 'toString', 'a'.repeat(5000)],
]

/** One value that is wrong somewhere, as JSON. */
export function naughtyValue(next: () => number): Written {
  const kind = next()
  if (kind < 0.5) return text(pick(naughtyTexts, next))
  if (kind < 0.9) return pick(wrongValues, next)
  return text(
    pick(naughtyTexts, next)
      .repeat(1 + Math.floor(next() * 2000))
      .slice(0, 200_000),
  )
}

export function pick<T>(items: readonly T[], next: () => number): T {
  return items[Math.floor(next() * items.length)] as T
}
