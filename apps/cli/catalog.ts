import { existsSync, readFileSync } from 'node:fs'
import { todayInShanghai } from '@tongchou/kernel'
import { codeScheme, seedTree, type Validation, validateEntries } from '@tongchou/metadata'

const USAGE = '用法：tongchou catalog validate [--json] 目录文件.json\n'

/**
 * `tongchou catalog validate FILE`: reads `{ "resources": [ … ] }` and asks every rule of the catalog. Needs no database; what only a city's
 * registers know is listed as not decided. Answers with the exit code: 0 nothing found, 1 findings, 2 wrong usage, 3 cannot be read.
 */
export async function runCatalogValidate(
  args: readonly string[],
  write: (text: string) => void = (text) => process.stdout.write(text),
): Promise<number> {
  const json = args.includes('--json')
  const files = args.filter((arg) => !arg.startsWith('-'))
  const mistake = usageMistake(args, files)
  if (mistake !== undefined) {
    write(json ? `${JSON.stringify({ code: 'usage', message: mistake })}\n` : `${mistake}。\n\n${USAGE}`)
    return 2
  }
  const read = resourcesOf(readFileSync(files[0] ?? '', 'utf8'))
  if (typeof read === 'string') {
    write(json ? `${JSON.stringify({ code: 'catalog.unreadable', message: read })}\n` : `${read}。\n`)
    return 3
  }
  const context = { classes: seedTree, scheme: codeScheme('national-1272'), today: todayInShanghai(new Date()) }
  const validation = validateEntries(read, () => context)
  write(json ? `${JSON.stringify(validation, null, 2)}\n` : printed(validation))
  return validation.findings.length === 0 ? 0 : 1
}

function usageMistake(args: readonly string[], files: readonly string[]): string | undefined {
  const unknown = args.find((arg) => arg.startsWith('-') && arg !== '--json')
  if (unknown !== undefined) return `没有“${unknown}”这个选项`
  const [file, ...more] = files
  if (file === undefined) return '没有指定目录文件'
  if (more.length > 0) return '只能指定一个目录文件'
  if (!existsSync(file)) return `文件“${file}”不存在`
  return /\.json$/i.test(file) ? undefined : `“${file}”不是 JSON 文件`
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
