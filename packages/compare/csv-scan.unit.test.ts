import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CsvFault, CsvScanner, fieldsOf, LONGEST_RECORD } from './csv-scan.ts'
import { hasUtf8Mark } from './text-encoding.ts'

/** The shape, or the fault and its line. */
function scanned(text: string | Uint8Array, pieceBytes = Number.POSITIVE_INFINITY) {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const scanner = new CsvScanner(hasUtf8Mark(bytes) ? 3 : 0)
  try {
    for (let at = 0; at < bytes.length; at += Math.min(pieceBytes, bytes.length)) scanner.read(bytes.subarray(at, at + pieceBytes))
    return scanner.end()
  } catch (error) {
    if (!(error instanceof CsvFault)) throw error
    return `${error.kind} ${error.line}`
  }
}

describe('what is CSV', () => {
  test.each([
    ['rows behind the header', 'a,b\n1,2\n3,4\n', { rows: 2, bodyAt: 4, quoted: false, crlf: false }],
    ['without a last line end', 'a,b\n1,2', { rows: 1 }],
    ['CRLF', 'a,b\r\n1,2\r\n', { rows: 1, bodyAt: 5, crlf: true }],
    ['a header alone', 'a,b\n', { rows: 0 }],
    ['a header alone without line end', 'a,b', { rows: 0, bodyAt: 3 }],
    ['a byte order mark', '\ufeffa,b\n1,2\n', { rows: 1, bodyAt: 7 }],
    ['marks around a name behind a byte order mark', '\ufeff"a",b\n1,2\n', { rows: 1, quoted: false }],
    ['commas, marks and line ends within marks', 'a,b\n"1,""\n\r\n\r",2\n', { rows: 1, quoted: true, brokenHeader: false }],
    ['a line end within a name', '"a\n",b\n1,2\n', { rows: 1, bodyAt: 7, brokenHeader: true }],
    ['a carriage return within a name', '"a\r",b\n1,2\n', { rows: 1, brokenHeader: true }],
    ['empty last fields', 'a,b\n1,\n,\n,""', { rows: 3 }],
    ['blank lines between records', 'a,b\n\n1,2\n\n\n3,4\n\n', { rows: 2 }],
    ['a blank line of a single column is a NULL', 'a\n1\n\n2\n', { rows: 3 }],
  ])('%s', (_, text, shape) => {
    expect(scanned(text)).toMatchObject(shape)
    for (const pieceBytes of [1, 2, 3, 5]) expect(scanned(text, pieceBytes)).toEqual(scanned(text))
  })
})

describe('what is none, and in which line', () => {
  test.each([
    ['nothing', '', 'empty 1'],
    ['a byte order mark alone', '\ufeff', 'empty 1'],
    ['a blank line before the header', '\na,b\n', 'blank-header 1'],
    ['NUL', 'a,b\n1,\u0000\n', 'nul 2'],
    ['NUL within marks', 'a,b\n1,"\u0000"\n', 'nul 2'],
    ['a mark within a field', 'a,b\n1,2\n3,4"5\n', 'quote-inside 3'],
    ['a mark behind a blank', 'a,b\n1, "2"\n', 'quote-inside 2'],
    ['something behind a closing mark', 'a,b\n1,"2"3\n', 'after-quote 2'],
    ['a mark that is not closed, by the line where it opens', 'a,b\n1,2\n3,"4\n5,6\n', 'quote-open 3'],
    ['a field too few', 'a,b\n1,2\n3\n', 'columns 3'],
    ['a field too many', 'a,b\n1,2,3\n', 'columns 2'],
    ['a comma at the end of a record, but not of the header', 'a,b\n1,2,\n', 'columns 2'],
    ['the first line of a record that has several', 'a,b\n1,2\n"3\n\n",4,5\n', 'columns 3'],
    ['carriage returns alone', 'a,b\r1,2\r', 'lone-cr 1'],
    ['a carriage return within a field without marks', 'a,b\n1,2\r3\n', 'lone-cr 2'],
    ['a carriage return at the very end', 'a,b\n1,2\r', 'lone-cr 2'],
    ['LF behind CRLF', 'a,b\r\n1,2\n', 'mixed-newlines 2'],
    ['CRLF behind LF', 'a,b\n1,2\n3,4\r\n', 'mixed-newlines 3'],
  ])('%s', (_, text, fault) => {
    expect(scanned(text)).toBe(fault)
    for (const pieceBytes of [1, 2, 3, 5]) expect(scanned(text, pieceBytes)).toBe(fault)
  })

  test('a record longer than the engine may hold, whether it ends or not', () => {
    const long = 'x'.repeat(LONGEST_RECORD)
    expect(scanned(`a,b\n1,${long}`, 1 << 20)).toBe('too-long 2')
    expect(scanned(`a,b\n1,${long}\n`)).toBe('too-long 2')
    expect(scanned(`a,b\n1,${long.slice(3)}\n`)).toMatchObject({ rows: 1, longestRecord: LONGEST_RECORD })
  })
})

test('the fields of a record are what was written into it: nothing is NULL, "" is the empty string', () => {
  expect(fieldsOf('')).toEqual([null])
  expect(fieldsOf('a,,"",",","""","\n"')).toEqual(['a', null, '', ',', '"', '\n'])
  const field = fc.oneof(fc.constant(null), fc.string({ unit: fc.constantFrom(',', '"', '\n', '\r', 'a', '中') }))
  const written = (value: string | null) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`)
  const check = fc.property(fc.array(field, { minLength: 1, maxLength: 5 }), (fields) => {
    expect(fieldsOf(fields.map(written).join(','))).toEqual(fields)
  })
  fc.assert(check, { numRuns: 300 })
})

test('a long text is cut where a record ends, however its pieces are cut', () => {
  const text = `a,b\n${Array.from({ length: 40 }, (_, n) => `${n},"x\n${n},y"\n`).join('')}`
  for (const pieceBytes of [1, 7, 1000]) {
    const scanner = new CsvScanner(0, 64)
    for (let at = 0; at < text.length; at += pieceBytes) scanner.read(Buffer.from(text.slice(at, at + pieceBytes)))
    const { cuts } = scanner.end()
    expect(cuts.length).toBeGreaterThan(5)
    for (const cut of cuts) expect(text.slice(0, cut)).toMatch(/y"\n$/)
  }
})
