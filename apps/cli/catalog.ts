import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type PlacedTableFinding, readFilledCatalog, type TableValidation, validateCatalog } from '@tongchou/catalog-tables'
import { DomainError, todayInShanghai } from '@tongchou/kernel'
import { codeScheme, seedTree, type Validation, validateEntries } from '@tongchou/metadata'
import { columnName, markTable, readTable } from '@tongchou/workbook'

const USAGE = '用法：tongchou catalog validate [--json] [--out 标注后的文件.xlsx] 目录文件.xlsx|.csv|.json\n'

type Write = (text: string) => void

/**
 * `tongchou catalog validate FILE`: reads a workbook in one of the catalog's profiles, or `{ "resources": [ … ] }`, and asks every rule of the catalog. Needs
 * no database; what only a city's registers know is listed as not decided. Answers with the exit code: 0 nothing found, 1 findings, 2 wrong
 * usage, 3 cannot be read or written.
 */
export async function runCatalogValidate(args: readonly string[], write: Write = (text) => process.stdout.write(text)): Promise<number> {
  const json = args.includes('--json')
  const asked = askedOf(args)
  if ('mistake' in asked) {
    write(json ? `${JSON.stringify({ code: 'usage', message: asked.mistake })}\n` : `${asked.mistake}。\n\n${USAGE}`)
    return 2
  }
  try {
    return await (/\.json$/i.test(asked.file) ? validateJson(asked.file, json, write) : validateTable(asked, json, write))
  } catch (error) {
    if (!(error instanceof DomainError) && !isFileProblem(error)) throw error
    const code = error instanceof DomainError ? error.code : 'catalog.unwritable'
    write(json ? `${JSON.stringify({ code, message: error.message })}\n` : `${error.message}\n`)
    return 3
  }
}

const isFileProblem = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'syscall' in error

const context = () => ({ classes: seedTree, scheme: codeScheme('national-1272'), today: todayInShanghai(new Date()) })

async function validateJson(file: string, json: boolean, write: Write): Promise<number> {
  const read = resourcesOf(readFileSync(file, 'utf8'))
  if (typeof read === 'string') {
    write(json ? `${JSON.stringify({ code: 'catalog.unreadable', message: read })}\n` : `${read}。\n`)
    return 3
  }
  const known = context()
  const validation = validateEntries(read, () => known)
  write(json ? `${JSON.stringify(validation, null, 2)}\n` : printed(validation))
  return validation.findings.length === 0 ? 0 : 1
}

async function validateTable({ file, out }: { file: string; out: string | undefined }, json: boolean, write: Write): Promise<number> {
  const bytes = readFileSync(file)
  const catalog = readFilledCatalog(await readTable(bytes, { name: file }))
  const known = context()
  const validation = validateCatalog(catalog, () => known)
  if (out !== undefined) writeFileSync(out, await markTable(bytes, validation.findings, { name: file, headRows: catalog.headRows }))
  write(json ? `${JSON.stringify(forMachines(validation), null, 2)}\n` : printedTable(validation, out))
  return validation.findings.length === 0 ? 0 : 1
}

/** The same shape as `POST /catalog/validate` answers. */
function forMachines({ rows, findings, undecided }: TableValidation) {
  const line = ({ title, ...finding }: PlacedTableFinding) => ({ ...finding, column: title })
  return { rows, findings: findings.map(line), undecided: undecided.map(line).map(({ severity: _severity, ...rest }) => rest) }
}

function printedTable({ rows, findings, undecided }: TableValidation, out: string | undefined): string {
  const line = ({ sheet, row, column, title, rule, message, fix }: PlacedTableFinding) =>
    `  ${sheet} ${column === undefined ? `第${row}行` : `${columnName(column)}${row}`}${title === '' ? '' : ` ${title}`} ${rule} ${message}。${fix}。`
  return [
    `共${rows}项资源，${findings.length === 0 ? '没有发现问题' : `发现${findings.length}处问题`}${undecided.length === 0 ? '' : `，${undecided.length}处无法判定`}。`,
    ...findings.map((one) => `${one.severity === 'error' ? '错误' : '提示'}${line(one)}`),
    ...undecided.map((one) => `未定${line(one)}`),
    ...(out === undefined ? [] : [`已写出标注后的文件“${out}”。`]),
    '',
  ].join('\n')
}

interface Asked {
  file: string
  out: string | undefined
}

function askedOf(args: readonly string[]): Asked | { mistake: string } {
  const rest: string[] = []
  let out: string | undefined
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? ''
    if (arg === '--out') {
      at += 1
      out = args[at]
      if (out === undefined || out.startsWith('-')) return { mistake: '--out 后面没有文件名' }
    } else if (arg.startsWith('-') && arg !== '--json') return { mistake: `没有“${arg}”这个选项` }
    else if (arg !== '--json') rest.push(arg)
  }
  const [file, ...more] = rest
  if (file === undefined) return { mistake: '没有指定目录文件' }
  if (more.length > 0) return { mistake: '只能指定一个目录文件' }
  if (!existsSync(file)) return { mistake: `文件“${file}”不存在` }
  if (out !== undefined && /\.json$/i.test(file)) return { mistake: '--out 只用于表格文件' }
  if (out !== undefined && resolve(out) === resolve(file)) return { mistake: '--out 不能是原文件，请另取文件名' }
  return { file, out }
}

function resourcesOf(text: string): unknown[] | string {
  let read: unknown
  try {
    read = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    return `文件不是 JSON：${error instanceof Error ? error.message : String(error)}`
  }
  const resources = Array.isArray(read) ? read : (read as { resources?: unknown } | null)?.resources
  if (!Array.isArray(resources)) return '文件中没有 resources 列表'
  // An empty answer to a file that is not empty would look like a pass.
  return resources.length === 0 ? 'resources 列表是空的' : resources
}

function printed({ rows, findings, undecided }: Validation): string {
  const line = ({ row, column, rule, message, fix }: Validation['undecided'][number]) =>
    `  第${row}项 ${column} ${rule} ${message}。${fix}。`
  return [
    `共${rows}项资源，${findings.length === 0 ? '没有发现问题' : `发现${findings.length}处问题`}${undecided.length === 0 ? '' : `，${undecided.length}处无法判定`}。`,
    ...findings.map((one) => `${one.severity === 'error' ? '错误' : '提示'}${line(one)}`),
    ...undecided.map((one) => `未定${line(one)}`),
    '',
  ].join('\n')
}
