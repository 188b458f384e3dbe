import { type Profile, readTable, readWith, type TableFinding, TableRefused } from '@tongchou/workbook'
import { type FileRecord, folderSource } from './folder-source.ts'
import { AgentProblem } from './problem.ts'
import type { Layout } from './sink.ts'
import type { Source, SourceParts } from './source.ts'
import type { ExcelConfig } from './source-config.ts'

/** A folder of workbooks, each read in a child process with limits: what an office is sent nobody has to trust. */
export function excelSource(config: ExcelConfig, parts: SourceParts): Source {
  const { layout, stopped, say } = parts
  // A column is known by what the configuration calls it, and by the item's id.
  const columns = layout.items.map((item, i) => {
    const kind = layout.kinds[i] === 'date' ? ('date' as const) : ('text' as const)
    return { item, title: layout.columns[i] ?? item, aliases: [item], required: true, kind }
  })
  const profile: Profile = { sheet: config.sheet ?? '', columns }
  const read = async (path: string, name: string) => {
    try {
      const table = await readTable(path, { kind: 'xlsx', name, signal: stopped })
      return readWith(profile, table, config.sheet === undefined ? {} : { sheet: config.sheet })
    } catch (error) {
      throw error instanceof TableRefused ? refusedFile(error, name) : error
    }
  }
  const each = async (path: string, name: string, take: (record: FileRecord) => Promise<void>) => {
    const { rows, findings } = await read(path, name)
    const faults = new Map<number, TableFinding[]>()
    for (const finding of findings) if (isFault(finding)) faults.set(finding.row, [...(faults.get(finding.row) ?? []), finding])
    for (const { row, values } of rows) {
      const own = layout.items.map((item) => (values[item]?.trim() ? (values[item] ?? null) : null))
      const wrong = faults.get(row)
      await take(wrong ? spoilt(row, wrong, own, layout) : { values: own })
    }
    const notes = new Set(findings.filter((finding) => finding.severity === 'warning' && isTold(finding)).map(({ message }) => message))
    if (notes.size > 0) say(`文件“${name}”：${[...notes].slice(0, MOST_NOTES).join('；')}`)
    return rows.length
  }
  return folderSource(config, { check: async (path, name) => void (await read(path, name)), each }, parts)
}

const MOST_NOTES = 5

/** An empty cell is the center's to judge by its rules; what cannot be read as it was meant is wrong whatever they say. */
const isFault = ({ severity, rule }: TableFinding) => severity === 'error' && rule !== 'table.required' && rule !== 'table.header_again'
/** Columns that were not asked for are no news. */
const isTold = ({ rule }: TableFinding) => rule !== 'table.unknown_column'

function spoilt(row: number, faults: readonly TableFinding[], values: (string | null)[], { keyPositions }: Layout): FileRecord {
  const key = keyPositions.map((position) => values[position] ?? null)
  const reasons = faults.map(({ value, message, fix }) => `${value === '' ? '' : `“${value}”`}${message}（${fix}）`).join('；')
  const text = `第 ${row} 行：${reasons}。其他内容：${values.filter((value) => value !== null).join('，')}`
  return key.includes(null) ? { spoilt: text } : { spoilt: text, key }
}

const codes: Readonly<Record<string, string>> = {
  'table.no_header': 'source.column_missing',
  'table.columns_missing': 'source.column_missing',
  'table.columns_ambiguous': 'source.column_twice',
  'table.no_content': 'source.empty',
}

function refusedFile({ code, message, cure }: TableRefused, name: string): AgentProblem {
  const what = message.endsWith(cure) ? message.slice(0, -cure.length) : message
  return new AgentProblem(codes[code] ?? `source.${code}`, `文件“${name}”：${what}`, `${cure}${cure.endsWith('。') ? '' : '。'}`)
}
