import { availableParallelism, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import {
  type ComparisonOptions,
  ComparisonProblem,
  type ComparisonSummary,
  compareHere,
  fieldsOf,
  isSame,
  type Source,
  sourceOf,
} from '@tongchou/compare'

const usage = `用法：tongchou compare --left 来源 --right 来源 --key 列[,列] [--fields 列,列] --out 文件夹 [--memory MiB] [--json]

  来源              CSV 文件，Parquet 文件，或 postgres://用户@主机/库?table=模式.表
  --key 列[,列]     主键，两侧同名；列名中有逗号的加双引号
  --fields 列,列    只比对这些列；不指定的，比对两侧都有的列
  --out 文件夹      输出 summary.json、only-left.csv、only-right.csv、differing.csv
  --memory MiB      比对引擎的内存上限，超出的写入磁盘

退出码：0 相同，1 有差异，2 用法有误或没有主键列，3 执行失败，或主键重复、为空。
`

/** Where the command writes; a test gives its own. */
interface Terminal {
  write: (text: string) => void
  complain: (text: string) => void
}

const terminal: Terminal = {
  write: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
}

interface Request {
  left: Source
  right: Source
  options: ComparisonOptions
}

/**
 * `tongchou compare`: two sources, row by row by their key. Exit code: 0 the same, 1 differences, 2 wrong usage or a key column absent, 3 failure, or
 * duplicate or empty keys. A command that is ended leaves no result.
 */
export async function runCompare(args: readonly string[], { write, complain } = terminal): Promise<number> {
  const json = args.includes('--json')
  const ended = new AbortController()
  const end = () => ended.abort()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end)
  try {
    const { left, right, options } = requestOf(args)
    const summary = await compareHere(left, right, options, ended.signal)
    write(json ? `${JSON.stringify(summary, null, 2)}\n` : textOf(summary, options.out))
    return isSame(summary) ? 0 : 1
  } catch (error) {
    if (!(error instanceof ComparisonProblem)) throw error
    const { code, message, cure, keys, fault } = error
    if (json) write(`${JSON.stringify({ code, message, cure, ...(keys ? { keys } : {}) })}\n`)
    else complain(`${message}\n${cure}\n${code === 'usage' ? `\n${usage}` : ''}`)
    return fault === 'usage' ? 2 : 3
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, end)
  }
}

function requestOf(args: readonly string[]): Request {
  const given = optionsOf(args)
  if (given.fuzzy) throw wrong('模糊比对（--fuzzy）尚未提供')
  const { left, right, key, out } = given
  if (!left || !right || !key || !out) throw wrong('--left、--right、--key、--out 均须指定')
  const memoryMib = given.memory === undefined ? usualMemoryMib() : Number(given.memory)
  if (!Number.isInteger(memoryMib) || memoryMib < LEAST_MEMORY_MIB) throw wrong(`--memory 应为不小于 ${LEAST_MEMORY_MIB} 的整数，单位 MiB`)
  return {
    left: sourceOf(left),
    right: sourceOf(right),
    options: {
      key: namesIn(key, '--key'),
      ...(given.fields === undefined ? {} : { fields: namesIn(given.fields, '--fields') }),
      out,
      memoryMib,
      threads: availableParallelism(),
    },
  }
}

function optionsOf(args: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  try {
    const options = { left: text, right: text, key: text, fields: text, out: text, memory: text, fuzzy: flag, json: flag }
    return parseArgs({ args: [...args], options }).values
  } catch {
    throw wrong('选项无法识别')
  }
}

/** Names as a record of CSV: one that holds a comma or a quotation mark stands in quotation marks. */
function namesIn(text: string, option: string): string[] {
  const names = fieldsOf(text)
  if (!/^(?:"(?:[^"]|"")*"|[^",]*)(?:,(?:"(?:[^"]|"")*"|[^",]*))*$/s.test(text) || names.some((name) => !name))
    throw wrong(`${option} 中的列名无法识别`)
  return names.map(String)
}

const LEAST_MEMORY_MIB = 128
const MOST_MEMORY_MIB = 2560

/** A share of what the machine or the container has, because the process needs up to half as much again and others live there too. */
function usualMemoryMib(): number {
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY
  const share = (0.4 * Math.min(totalmem(), limit)) / 2 ** 20
  return Math.max(LEAST_MEMORY_MIB, Math.min(MOST_MEMORY_MIB, Math.floor(share)))
}

function wrong(what: string): ComparisonProblem {
  return new ComparisonProblem('usage', 'usage', `${what}。`, '请按用法重新执行。')
}

function textOf(summary: ComparisonSummary, out: string): string {
  const { leftRows, rightRows, matched, onlyLeft, onlyRight, differing, byField, leftOnlyFields, rightOnlyFields, left, right } = summary
  const encoding = (side: typeof left) => (side.encoding && side.encoding !== 'utf-8' ? `（按 ${side.encoding.toUpperCase()} 读取）` : '')
  const changed = Object.entries(byField).filter(([, count]) => count > 0)
  const lines = [
    isSame(summary) ? '两侧相同。' : '两侧有差异。',
    `左侧 ${leftRows} 行${encoding(left)}，右侧 ${rightRows} 行${encoding(right)}，主键相同的 ${matched} 行。`,
    `仅左侧有 ${onlyLeft} 行，仅右侧有 ${onlyRight} 行，内容不同 ${differing} 行。`,
    ...(changed.length > 0 ? [`不同的列：${changed.map(([name, count]) => `${name} ${count} 处`).join('，')}。`] : []),
    ...(leftOnlyFields.length > 0 ? [`仅左侧有的列，未比对：${leftOnlyFields.join('、')}。`] : []),
    ...(rightOnlyFields.length > 0 ? [`仅右侧有的列，未比对：${rightOnlyFields.join('、')}。`] : []),
    `结果已输出到“${out}”。`,
  ]
  return `${lines.join('\n')}\n`
}
