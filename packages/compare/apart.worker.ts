import { writeFileSync } from 'node:fs'
import type { Answer, Asked } from './apart.ts'
import { compareHere, explained } from './comparison.ts'
import { compareNamedHere } from './named.ts'
import { ComparisonProblem } from './problem.ts'

// The process of one comparison: told what to compare, answers, ends. Ends too when whoever asked is gone.
const ended = new AbortController()
const end = () => ended.abort()
process.once('SIGTERM', end)
process.once('disconnect', end)
process.once('message', (asked) => {
  void answerTo(asked as Asked).then((answer) => {
    if (process.connected) process.send?.(answer, undefined, undefined, () => process.disconnect())
  })
})
preferToBeKilled()

async function answerTo(asked: Asked): Promise<Answer> {
  try {
    if ('named' in asked) return { result: await compareNamedHere(asked.named, asked.limits, ended.signal) }
    return { summary: await compareHere(asked.left, asked.right, asked.options, ended.signal) }
  } catch (raw) {
    const error = 'named' in asked ? explained(raw, ended.signal) : raw
    if (!(error instanceof ComparisonProblem)) throw error
    const { fault, code, message, cure, keys } = error
    return { problem: { fault, code, message, cure, keys } }
  }
}

/** Where the machine runs out of memory, this process goes before the server and its database. */
function preferToBeKilled(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '800')
  } catch {
    // Not Linux, or not allowed.
  }
}
