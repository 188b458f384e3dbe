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
  if (options.some((option) => option !== '--json') || folders.length > 1) {
    write(USAGE)
    return 2
  }
  const directory = folders[0] ?? join(import.meta.dirname, '../../policy-packs')
  const report = checkPacks(directory)
  write(options.includes('--json') ? `${JSON.stringify(report, null, 2)}\n` : `${printReport(report)}\n`)
  return report.ok ? 0 : 1
}
