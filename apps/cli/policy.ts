import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkPacks, printReport } from '@tongchou/policy'

const USAGE = '用法：tongchou policy check [--json] [制度包文件夹]\n'

/**
 * `tongchou policy check`: loads every pack, runs its examples, prints the coverage by article. Needs no database.
 * Answers with the exit code: 0 all well, 1 findings, 2 wrong usage.
 */
export async function runPolicyCheck(
  args: readonly string[],
  write: (text: string) => void = (text) => process.stdout.write(text),
): Promise<number> {
  const options = args.filter((arg) => arg.startsWith('-'))
  const folders = args.filter((arg) => !arg.startsWith('-'))
  const json = options.includes('--json')
  const directory = folders[0] ?? join(import.meta.dirname, '../../policy-packs')
  const mistake = usageMistake(options, folders, directory)
  if (mistake !== undefined) {
    write(json ? `${JSON.stringify({ code: 'usage', message: mistake })}\n` : `${mistake}。\n\n${USAGE}`)
    return 2
  }
  const report = checkPacks(directory)
  write(json ? `${JSON.stringify(report, null, 2)}\n` : `${printReport(report)}\n`)
  return report.ok ? 0 : 1
}

function usageMistake(options: readonly string[], folders: readonly string[], directory: string): string | undefined {
  const unknown = options.find((option) => option !== '--json')
  if (unknown !== undefined) return `没有“${unknown}”这个选项`
  if (folders.length > 1) return '只能指定一个制度包文件夹'
  return existsSync(directory) ? undefined : `文件夹“${directory}”不存在`
}
