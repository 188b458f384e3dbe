import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type ChainBreak, type ChainHead, type ChainReport, chainHeads, verifyChain } from '@tongchou/kernel'
import { type DatabaseLocation, withDatabase } from './database.ts'

const usage = `用法：tongchou audit verify [--heads 文件] [--json]
      tongchou audit heads [--json]

  verify            重新计算审计日志链，指出第一个不成立的位置
  --heads 文件      外部保存的链头，每行一个 {"position":…,"hash":"…"}；与之逐一比对
  heads             输出已保存的链头，每行一个，供外部保存
`

/** Where the command writes; a test gives its own. */
export interface AuditTerminal {
  write: (text: string) => void
  complain: (text: string) => void
}

const terminal: AuditTerminal = {
  write: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
}

const here = (): DatabaseLocation => ({ databaseUrl: process.env.DATABASE_URL, dataDir: process.env.TONGCHOU_DATA })

/**
 * `tongchou audit verify`: recomputes the chain of the log and names the first position that does not hold. Works while the platform runs,
 * and starts the embedded database itself when it does not. Answers with the exit code: 0 holds, 1 does not, 2 wrong usage.
 */
export async function runAuditVerify(args: readonly string[], { write, complain } = terminal, location = here()): Promise<number> {
  const options = optionsOf(args)
  const heads = typeof options === 'string' ? options : readHeads(options.heads)
  if (typeof options === 'string' || typeof heads === 'string') {
    const message = typeof options === 'string' ? options : String(heads)
    complain(args.includes('--json') ? `${JSON.stringify({ code: 'usage', message })}\n` : `${message}。\n\n${usage}`)
    return 2
  }
  const report = await withDatabase(location, (db) => verifyChain(db, { heads }))
  write(options.json ? `${JSON.stringify(report, null, 2)}\n` : textOf(report))
  return report.ok ? 0 : 1
}

/** `tongchou audit heads`: prints every head that was kept, for somebody else to hold. */
export async function runAuditHeads(args: readonly string[], { write, complain } = terminal, location = here()): Promise<number> {
  if (args.some((arg) => arg !== '--json')) {
    complain(usage)
    return 2
  }
  await withDatabase(location, async (db) => {
    for await (const head of chainHeads(db)) write(`${JSON.stringify(head)}\n`)
  })
  return 0
}

function optionsOf(args: readonly string[]): { heads: string | undefined; json: boolean } | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { heads: { type: 'string' }, json: { type: 'boolean', default: false } },
    })
    return { heads: values.heads, json: values.json }
  } catch {
    return '选项无法识别'
  }
}

/** Heads as `audit heads` and the page print them: one JSON object a line, or a list, or the answer of the API. */
function readHeads(file: string | undefined): ChainHead[] | string {
  if (file === undefined) return []
  try {
    const text = readFileSync(file, 'utf8').trim()
    const values = text.startsWith('{"position"') ? text.split('\n').map((line) => JSON.parse(line)) : JSON.parse(text)
    const list: unknown[] = Array.isArray(values) ? values : values.items
    return list.every(isHead) && list.length > 0 ? list : `链头文件“${file}”中没有链头，或格式不符`
  } catch {
    return `链头文件“${file}”无法读取，或格式不符`
  }
}

function isHead(value: unknown): value is ChainHead {
  if (typeof value !== 'object' || value === null || !('position' in value) || !('hash' in value)) return false
  return Number.isSafeInteger(value.position) && typeof value.hash === 'string' && /^[0-9a-f]{64}$/i.test(value.hash)
}

const reasons: Readonly<Record<ChainBreak, string>> = {
  'missing-seal': '该位置缺失',
  'missing-row': '该位置的记录已被删除',
  hash: '该位置的记录与散列值不符',
  'kept-head': '与库内保存的链头不符',
  'outside-head': '与外部保存的链头不符',
  'before-cut': '归档位置之前仍有记录',
}

function textOf({ firstBad, verified, head, outsideHeads, cut, unsealed, late }: ChainReport): string {
  const lines = firstBad
    ? [`审计日志不成立：位置 ${firstBad.position}，${reasons[firstBad.reason]}。`, `此前 ${verified} 条成立。`]
    : [`审计日志成立，共校验 ${verified} 条。`]
  if (head) lines.push(`${firstBad ? '最后成立的位置' : '链头'}：${head.position} ${head.hash}`)
  lines.push(`比对外部链头 ${outsideHeads.compared} 个${outsideHeads.compared === 0 ? '；没有外部链头时，整体改写和截尾无法发现' : ''}。`)
  if (outsideHeads.beforeCut > 0) lines.push(`归档位置之前的外部链头 ${outsideHeads.beforeCut} 个，须用归档包比对。`)
  if (cut) lines.push(`位置 ${cut.position} 及以前已归档，归档包 SM3：${cut.packageDigest}`)
  if (unsealed > 0) lines.push(`尚未入链 ${unsealed} 条。`)
  if (late.count > 0) lines.push(`记录时间早于前一条十五分钟以上的 ${late.count} 条，首条位置 ${late.firstPosition}。`)
  return `${lines.join('\n')}\n`
}
