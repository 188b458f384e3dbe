import { describe, expect, test } from 'vitest'
import { readHere, verdictOn } from './workbook.given.ts'

/** 统一,编码 / 民政局,001 as a program on Windows writes it. */
const gb = Buffer.from([
  0xcd, 0xb3, 0xd2, 0xbb, 0x2c, 0xb1, 0xe0, 0xc2, 0xeb, 0x0a, 0xc3, 0xf1, 0xd5, 0xfe, 0xbe, 0xd6, 0x2c, 0x30, 0x30, 0x31, 0x0a,
])
const text = '统一,编码\n民政局,001\n'

async function textsOf(bytes: Buffer | string): Promise<string[][]> {
  const { sheets } = await readHere(Buffer.from(bytes))
  return (sheets[0]?.rows ?? []).map(({ cells }) => cells.map((cell) => cell.text))
}

async function refusalOf(bytes: Buffer | string): Promise<unknown> {
  return readHere(Buffer.from(bytes)).catch(({ code, place }) => ({ code, place }))
}

describe('encodings', () => {
  test.each([
    ['utf-8', Buffer.from(text)],
    ['utf-8', Buffer.from(`\ufeff${text}`)],
    ['utf-16le', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['utf-16be', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['gb18030', gb],
  ])('%s', async (encoding, bytes) => {
    expect(await textsOf(bytes)).toEqual([
      ['统一', '编码'],
      ['民政局', '001'],
    ])
    expect((await readHere(bytes)).encoding).toBe(encoding)
  })

  test('characters of four bytes and of the supplementary planes', async () => {
    // 𠮷 in GB18030.
    expect(await textsOf(Buffer.concat([gb, Buffer.from([0x95, 0x34, 0xb2, 0x35])]))).toContainEqual(['\u{20BB7}'])
    expect(await textsOf('名\u{20BB7}\n')).toEqual([['名\u{20BB7}']])
  })

  test('a mixture is refused at the byte where the other encoding begins, whichever comes first', async () => {
    expect(await refusalOf(Buffer.concat([Buffer.from('统一,编码\n'), gb]))).toEqual({
      code: 'table.mixed_encoding',
      place: { row: 2, byte: 19 },
    })
    expect(await refusalOf(Buffer.concat([gb, Buffer.from('乌海市,001\n')]))).toEqual({
      code: 'table.mixed_encoding',
      place: { row: 3, byte: gb.length },
    })
  })

  test.each([
    ['a byte that is neither', Buffer.concat([gb, Buffer.from([0xff, 0x0a])]), 'table.encoding', gb.length, 3],
    ['cut in the middle of a character', gb.subarray(0, 1), 'table.encoding', 0, 1],
    ['a mark of UTF-8 before something else', Buffer.concat([Buffer.from('\ufeff'), gb]), 'table.encoding', 8, 1],
    ['half a pair in UTF-16', Buffer.from('\ufeffa\n\ud800c', 'utf16le'), 'table.encoding', 6, 2],
    ['UTF-7', Buffer.from('+/v8-,+TgBX-'), 'table.encoding', 0, 1],
    ['NUL', Buffer.from('a,b\0\n'), 'table.nul', 3, 1],
    ['a control character', Buffer.from('a,b\nc\u0001d\n'), 'table.control_character', 5, 2],
    ['NUL in UTF-16', Buffer.from('\ufeffab\0', 'utf16le'), 'table.nul', 6, 1],
    ['UTF-16 without a mark', Buffer.from('ab', 'utf16le'), 'table.nul', 1, 1],
  ])('%s is refused with its byte', async (_what, bytes, code, byte, row) => {
    expect(await refusalOf(bytes)).toEqual({ code, place: { row, byte } })
  })
})

describe('fields', () => {
  test.each([
    [
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a\tb\nc\td',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a;b\n"c;1";d\n',
      [
        ['a', 'b'],
        ['c;1', 'd'],
      ],
    ],
    [
      'a,b\rc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      '"a ""quoted"" one","line\r\nbreak"\nc,d',
      [
        ['a "quoted" one', 'line\r\nbreak'],
        ['c', 'd'],
      ],
    ],
    [
      '5" disk,b\nc,d',
      [
        ['5" disk', 'b'],
        ['c', 'd'],
      ],
    ],
    [' a , b \n', [[' a ', ' b ']]],
    ["=1+1,+86,-3,@x,'0\n", [['=1+1', '+86', '-3', '@x', "'0"]]],
  ])('%j', async (csv, expected) => {
    expect(await textsOf(csv)).toEqual(expected)
  })

  test('a record is a row, also when it has line ends inside; blank lines count', async () => {
    const { sheets } = await readHere(Buffer.from('a,b\n\n"c\nc",d\n,,\ne,f'))
    expect(sheets[0]?.rows.map(({ row }) => row)).toEqual([1, 3, 5])
  })

  test('a quote that is not closed names the row and column where it was opened', async () => {
    expect(await refusalOf('a,b\nc,"d\ne,f\n')).toEqual({ code: 'table.open_quote', place: { row: 2, column: 2 } })
    expect(await refusalOf('a,b\n"c"d,e\n')).toEqual({ code: 'table.text_after_quote', place: { row: 2, column: 1 } })
    const long = `a,b\nc,"${'d'.repeat(40_000)}"`
    expect(await refusalOf(long)).toEqual({ code: 'table.cell_too_long', place: { row: 2, column: 2 } })
  })

  test('numbers that a spreadsheet has shortened when it saved the CSV are flagged', async () => {
    const { sheets } = await readHere(Buffer.from('a,1.50302E+17\nb,1.5E+3\n'))
    expect(sheets[0]?.rows.map(({ cells }) => cells[1]?.flags)).toEqual([['lost-digits'], []])
  })

  test.each(['', '\n\n', '\ufeff', ',,,\n,,,'])('nothing in it is an error and not an empty table: %j', async (csv) => {
    expect(await verdictOn(Buffer.from(csv))).toBe(csv === '' ? 'table.empty_file' : 'table.no_content')
  })
})
