import { fork } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { ComparisonOptions } from './comparison.ts'
import type { NamedLimits, NamedPlan, NamedResult } from './named.ts'
import { ComparisonProblem, type KeyFaults } from './problem.ts'
import { sweep } from './result-folder.ts'
import type { Source } from './source.ts'
import type { ComparisonSummary } from './summary.ts'

/** What the process of a comparison is told; over its channel, never on its command line, where a password would be seen. */
export type Asked = { left: Source; right: Source; options: ComparisonOptions } | { named: NamedPlan; limits: NamedLimits }

/** What it answers. */
export type Answer =
  | { summary: ComparisonSummary }
  | { result: NamedResult }
  | { problem: { fault: 'usage' | 'failure'; code: string; message: string; cure: string; keys: KeyFaults | undefined } }

const patienceMs = 10_000

/**
 * Compares two sources in a process of its own (比对), for callers that serve others: neither their memory nor their event loop feels it, and when it is
 * killed they live. It ends with its caller. Aborting ends it; so does whatever kills it, and then nothing of it stays.
 * @throws ComparisonProblem as `compareHere` does
 */
export async function compareSources(
  left: Source,
  right: Source,
  options: ComparisonOptions,
  signal?: AbortSignal,
): Promise<ComparisonSummary> {
  const answer = await askApart({ left, right, options }, signal, () => sweep(dirname(resolve(options.out))).catch(() => undefined))
  if ('summary' in answer) return answer.summary
  throw new Error('a comparison of two sources was answered with something else')
}

/**
 * Makes a named comparison (专题比对) in a process of its own, as `compareSources` does.
 * @throws ComparisonProblem as `compareNamedHere` does
 */
export async function compareNamed(plan: NamedPlan, limits: NamedLimits, signal?: AbortSignal): Promise<NamedResult> {
  const answer = await askApart({ named: plan, limits }, signal)
  if ('result' in answer) return answer.result
  throw new Error('a named comparison was answered with something else')
}

async function askApart(
  asked: Asked,
  signal?: AbortSignal,
  clear: () => Promise<unknown> = async () => undefined,
): Promise<Exclude<Answer, { problem: unknown }>> {
  if (signal?.aborted) throw ended('compare.cancelled', '比对已取消，没有结果。')
  const child = fork(join(import.meta.dirname, 'apart.worker.ts'), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: environment(),
    execArgv: ['--disable-warning=ExperimentalWarning', '--max-old-space-size=512'],
  })
  let answer: Answer | undefined
  let late: NodeJS.Timeout | undefined
  const cancel = () => {
    child.kill('SIGTERM')
    late = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  }
  signal?.addEventListener('abort', cancel, { once: true })
  child.once('message', (message) => {
    answer = message as Answer
  })
  const how = await new Promise<string>((settle) => {
    child.once('error', (error) => settle(error.message))
    child.once('exit', (code, by) => settle(by ?? String(code)))
    child.once('spawn', () => yieldToCaller(child.pid))
    child.send(asked, () => undefined)
  })
  clearTimeout(late)
  signal?.removeEventListener('abort', cancel)
  if (answer && 'problem' in answer) throw problemOf(answer.problem)
  if (answer) return answer
  await clear()
  throw signal?.aborted
    ? ended('compare.cancelled', '比对已取消，没有结果。')
    : ended('compare.ended', `比对进程意外结束（${how}），可能是内存不足。`)
}

/** The caller goes first where both want a core. */
function yieldToCaller(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It has ended already.
  }
}

/** What the driver and the file system need, and no secret of the caller's. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(?:PATH|HOME|LANG|LC_.*|TZ|TMPDIR|PG.*)$/.test(name)))
}

function problemOf({ fault, code, message, cure, keys }: Extract<Answer, { problem: unknown }>['problem']): ComparisonProblem {
  return new ComparisonProblem(fault, code, message, cure, keys ? { keys } : {})
}

function ended(code: string, message: string): ComparisonProblem {
  return new ComparisonProblem('failure', code, message, '请重新比对；仍然如此的，请降低内存上限或增加内存。')
}
