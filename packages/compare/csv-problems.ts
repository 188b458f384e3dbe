import type { CsvFault, CsvFaultKind } from './csv-scan.ts'
import { LONGEST_RECORD } from './csv-scan.ts'
import { ComparisonProblem, sideName } from './problem.ts'
import type { SourceFile } from './source-file.ts'

const words: Readonly<Record<CsvFaultKind, { what: string; cure: string }>> = {
  empty: { what: '为空，没有表头', cure: '请提供第一行为列名的 CSV 文件。' },
  'blank-header': { what: '的第一行为空', cure: '请删去表头之前的空行。' },
  nul: { what: '中有 NUL 字节，不是文本', cure: '请另存为 UTF-8 编码的 CSV 文件。' },
  'quote-inside': { what: '的未加引号的字段中有引号', cure: '请给整个字段加引号，字段内的引号写两次。' },
  'quote-open': { what: '的引号没有结束，文件可能不完整', cure: '请补上引号，或重新导出文件。' },
  'after-quote': { what: '的引号之后还有内容', cure: '字段内的引号应写两次。' },
  columns: { what: '的字段数与表头不一致', cure: '请核对该行的逗号和引号。' },
  'lone-cr': { what: '只以回车（CR）换行', cure: '请把换行统一为 LF 或 CRLF。' },
  'mixed-newlines': { what: '的换行与前文不同', cure: '请把换行统一为 LF 或 CRLF。' },
  'too-long': { what: '过长', cure: `一行不得超过 ${LONGEST_RECORD / 1024 / 1024} MiB；请核对引号是否成对。` },
}

/** The fault of a CSV in the words of officials, with its line. */
export function csvProblem({ side, name }: SourceFile, fault: CsvFault): ComparisonProblem {
  const { what, cure } = words[fault.kind]
  const where = fault.kind === 'empty' || fault.kind === 'blank-header' ? '' : `第 ${fault.line} 行`
  const counts = fault.columns ? `（该行 ${fault.columns.found} 个，表头 ${fault.columns.wanted} 个）` : ''
  return new ComparisonProblem('failure', 'compare.csv', `${sideName[side]}文件“${name}”${where}${what}${counts}。`, cure)
}

/** Neither UTF-8 nor, beyond doubt, any other encoding: to guess would be to compare something else. */
export function notUtf8({ side, name }: SourceFile): ComparisonProblem {
  return new ComparisonProblem(
    'failure',
    'compare.encoding',
    `${sideName[side]}文件“${name}”的编码无法确定：不是 UTF-8，也不能确认为 GB18030 或 UTF-16。`,
    '请另存为 UTF-8 编码；文件可能已损坏或不完整。',
  )
}

const formats: readonly { starts: readonly number[]; name: string; cure: string }[] = [
  { starts: [0x50, 0x4b, 0x03, 0x04], name: 'Excel（xlsx）或 ZIP 文件', cure: '请另存为 CSV（UTF-8）。' },
  { starts: [0xd0, 0xcf, 0x11, 0xe0], name: 'Excel（xls）文件', cure: '请另存为 CSV（UTF-8）。' },
  { starts: [0x1f, 0x8b], name: 'gzip 压缩文件', cure: '请先解压。' },
]

/** The problem of a file that is plainly of another format; undefined for what may be text. */
export function otherFormat(head: Uint8Array): ((file: SourceFile) => ComparisonProblem) | undefined {
  const found = formats.find(({ starts }) => starts.every((byte, at) => head[at] === byte))
  if (!found) return undefined
  return ({ side, name }) =>
    new ComparisonProblem('failure', 'compare.format', `${sideName[side]}“${name}”是${found.name}，不是 CSV 或 Parquet。`, found.cure)
}
