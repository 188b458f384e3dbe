import { describe, expect, test } from 'vitest'
import { TableRefused } from './index.ts'
import { type RefusalCode, Refused, refusals } from './refusals.ts'
import { givenBook, givenParts, textRows, verdictOn, zipOf, zipParts } from './workbook.given.ts'

/** A compound file with these names in its directory. */
function compoundFile(...names: string[]): Buffer {
  const entry = (name: string) => {
    const bytes = Buffer.alloc(128)
    bytes.write(name, 'utf16le')
    bytes.writeUInt16LE((name.length + 1) * 2, 64)
    bytes[66] = name === 'Root Entry' ? 5 : 2
    return bytes
  }
  const head = Buffer.alloc(512)
  Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]).copy(head)
  return Buffer.concat([head, Buffer.alloc(512, 0xff), ...['Root Entry', ...names].map(entry)])
}

const sheets = [{ rows: textRows([['a']]) }]
const openDocument = (type: string) => zipOf([{ name: 'mimetype', data: `application/vnd.oasis.opendocument.${type}`, stored: true }])
const withType = (mainType: string) => givenBook({ sheets, mainType })

describe('every other kind of file is recognised by its content and refused by its name', () => {
  test.each<[RefusalCode, string, Buffer]>([
    ['table.old_excel', '台账.xls', compoundFile('Workbook', '\u0005SummaryInformation')],
    ['table.old_excel', '台账.xlsx', compoundFile('Book')],
    ['table.old_excel', '旧.xls', Buffer.from([0x09, 0x04, 0x06, 0x00, 0x00, 0x00, 0x10, 0x00])],
    ['table.encrypted', '台账.xlsx', compoundFile('EncryptionInfo', 'EncryptedPackage')],
    ['table.wps_et', '台账.et', compoundFile('Workbook')],
    ['table.other_office', '公文.doc', compoundFile('WordDocument')],
    ['table.not_table', 'x', compoundFile('Contents')],
    ['table.ods', '台账.ods', openDocument('spreadsheet')],
    ['table.other_office', '公文.odt', openDocument('text')],
    ['table.binary_workbook', '台账.xlsb', withType('application/vnd.ms-excel.sheet.binary.macroEnabled.main')],
    ['table.macros', '台账.xlsm', withType('application/vnd.ms-excel.sheet.macroEnabled.main+xml')],
    ['table.other_office', '公文.docx', withType('application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml')],
    ['table.not_workbook', '附件.zip', zipOf([{ name: 'a.txt', data: 'a' }])],
    ['table.not_workbook', '附件.xlsx', withType('text/plain')],
    ['table.web_page', '导出.xls', Buffer.from('<html><table><tr><td>1</td></tr></table></html>')],
    ['table.web_page', '导出.xls', Buffer.from('\ufeff<?xml version="1.0"?><Workbook/>')],
    ['table.web_page', '导出.xls', Buffer.from('\ufeff<table>', 'utf16le')],
    ['table.not_table', '批复.pdf', Buffer.from('%PDF-1.7\n')],
    ['table.not_table', '照片.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a])],
    ['table.empty_file', '空.xlsx', Buffer.alloc(0)],
  ])('%s: %s', async (code, name, bytes) => {
    expect(await verdictOn(bytes, { name })).toBe(code)
  })

  test('a text that is asked to be a workbook is refused, and not read as CSV', async () => {
    expect(await verdictOn(Buffer.from('a,b\n'), { kind: 'xlsx', name: '台账.xlsx' })).toBe('table.damaged')
    expect(await verdictOn(Buffer.from('a,b\n'), { name: '台账.XLSX' })).toBe('table.damaged')
    expect(await verdictOn(Buffer.from('a,b\n'), { kind: 'xlsx' })).toBe('table.not_table')
  })

  test('a workbook is a workbook also when it is called something else or asked to be CSV', async () => {
    expect(await verdictOn(givenBook({ sheets }), { name: '台账.csv', kind: 'csv' })).toBe('read')
  })

  test('parts that an encrypting packer has locked', async () => {
    const parts = [...givenParts({ sheets })].map(([name, data]) => ({ name, data, claims: { flags: 0x801 } }))
    expect(await verdictOn(zipOf(parts))).toBe('table.encrypted')
    expect(await verdictOn(zipParts(givenParts({ sheets })))).toBe('read')
  })
})

test('every refusal has a place, a sentence and a cure in Chinese, and a status that HTTP knows', () => {
  for (const [code, { status }] of Object.entries(refusals)) {
    const refused = new TableRefused(
      new Refused(code as RefusalCode, { sheet: '目录', row: 12, column: 28 }, { limit: 1000, found: '某处' }),
    )
    expect(refused.message, code).toMatch(/^工作表“目录”AB12 单元格：.+。请.+。$/)
    expect(refused.message, code).toContain(refused.cure)
    expect(refused.cure, code).toMatch(/^请/)
    expect([400, 413, 415, 422, 429], code).toContain(status)
    expect(refused.retryAfter === undefined, code).toBe(status !== 429)
  }
})
