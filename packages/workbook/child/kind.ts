import { Refused } from '../refusals.ts'
import type { TableKind } from '../table.ts'

const starts = (bytes: Buffer, ...head: number[]) => head.every((byte, at) => bytes[at] === byte)

/** Files that are often sent by mistake, by how they begin. */
const others: readonly (readonly [string, (bytes: Buffer) => boolean])[] = [
  ['PDF', (bytes) => bytes.subarray(0, 5).toString('latin1') === '%PDF-'],
  ['图片', (bytes) => starts(bytes, 0x89, 0x50, 0x4e, 0x47) || starts(bytes, 0xff, 0xd8, 0xff) || starts(bytes, 0x47, 0x49, 0x46, 0x38)],
  ['RAR 压缩包', (bytes) => starts(bytes, 0x52, 0x61, 0x72, 0x21, 0x1a, 0x07)],
  ['7z 压缩包', (bytes) => starts(bytes, 0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c)],
  ['gzip 压缩包', (bytes) => starts(bytes, 0x1f, 0x8b)],
  ['富文本（RTF）', (bytes) => bytes.subarray(0, 5).toString('latin1') === '{\\rtf'],
]

/** What the file is by its content, whatever its name says. Everything that cannot be read is refused by its own name. */
export function recogniseKind(bytes: Buffer, name: string | undefined, asked: TableKind | undefined): TableKind {
  if (bytes.length === 0) throw new Refused('table.empty_file')
  if (starts(bytes, 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)) throw compoundFile(bytes, name)
  if (starts(bytes, 0x50, 0x4b, 0x03, 0x04) || starts(bytes, 0x50, 0x4b, 0x05, 0x06)) return 'xlsx'
  // BIFF2 to BIFF5 without a compound file around it: Excel 2 to 4.
  if (
    bytes[0] === 0x09 &&
    [0x00, 0x02, 0x04, 0x08].includes(bytes[1] ?? -1) &&
    (bytes[2] === 0x04 || bytes[2] === 0x06 || bytes[2] === 0x08)
  )
    throw new Refused('table.old_excel')
  const other = others.find(([, is]) => is(bytes))
  if (other) throw new Refused('table.not_table', {}, { found: other[0] })
  if (isMarkup(bytes)) throw new Refused('table.web_page')
  if (/\.xlsx$/i.test(name ?? '')) throw new Refused('table.damaged')
  if (asked === 'xlsx') throw new Refused('table.not_table')
  return 'csv'
}

/** Old systems export a web page or SpreadsheetML 2003 and call it .xls. */
function isMarkup(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 1024).toString('latin1').replace(/\0/g, '')
  return /^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)?\s*<(?:!doctype html|html|head|table|\?xml|meta|style)[\s>/?]/i.test(head)
}

const ENTRY = 128

/**
 * A compound file (OLE) is told by the names in its directory: entries of 128 bytes with the name in UTF-16, its length and a type. Looked for at every
 * place an entry may stand, so that no chain of sectors has to be followed.
 */
function compoundFile(bytes: Buffer, name: string | undefined): Refused {
  const names = new Set<string>()
  for (let at = 512; at + ENTRY <= bytes.length; at += ENTRY) {
    const length = bytes.readUInt16LE(at + 64)
    const type = bytes[at + 66]
    if (length >= 4 && length <= 64 && length % 2 === 0 && (type === 1 || type === 2 || type === 5))
      names.add(bytes.toString('utf16le', at, at + length - 2))
  }
  if (names.has('EncryptedPackage') || names.has('EncryptionInfo')) return new Refused('table.encrypted')
  if (names.has('WordDocument') || names.has('PowerPoint Document')) return new Refused('table.other_office')
  if (/\.ett?$/i.test(name ?? '') || names.has('ETExtData')) return new Refused('table.wps_et')
  if (names.has('Workbook') || names.has('Book') || /\.xlt?$/i.test(name ?? '')) return new Refused('table.old_excel')
  return new Refused('table.not_table', {}, { found: 'OLE 复合文档' })
}
