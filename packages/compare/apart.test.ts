import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { givenFolder, namesIn } from './comparison.given.ts'
import { ComparisonProblem, compareSources, sourceOf } from './index.ts'

const folder = givenFolder()
afterAll(folder.remove)

const long = `id,v\n${Array.from({ length: 400_000 }, (_, n) => `${n},${n}\n`).join('')}`
for (const [name, text] of [
  ['a.csv', 'id,v\n1,x\n2,y\n'],
  ['b.csv', 'id,v\n1,x\n2,z\n'],
  ['twice.csv', 'id,v\n1,x\n1,x\n'],
  ['long.csv', long],
] as const)
  writeFileSync(folder.path(name), text)

const out = folder.path('place/out')

function apart(left: string, right: string, signal?: AbortSignal) {
  return compareSources(sourceOf(folder.path(left)), sourceOf(folder.path(right)), { key: ['id'], out, memoryMib: 256, threads: 2 }, signal)
}

/** The process of the comparison under way, by the name of its folder. */
async function processUnderWay(): Promise<number> {
  for (;;) {
    const name = namesIn(folder.path('.')).includes('place')
      ? namesIn(folder.path('place')).find((one) => one.startsWith('.tongchou'))
      : undefined
    const pid = /-(\d+)-[^-]+$/.exec(name ?? '')?.[1]
    if (pid) return Number(pid)
    await sleep(5)
  }
}

test('answers what a comparison in the same process answers, and refuses what it refuses', async () => {
  const summary = await apart('a.csv', 'b.csv')
  expect(summary).toMatchObject({ matched: 2, differing: 1, byField: { v: 1 } })
  expect(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'))).toEqual(summary)
  const refused: unknown = await apart('a.csv', 'twice.csv').catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(ComparisonProblem)
  expect(refused).toMatchObject({ fault: 'failure', code: 'compare.keys', keys: { right: { duplicateKeys: 1 } } })
})

test('a cancelled one ends its process and leaves nothing; one that was cancelled before does not begin', async () => {
  const cancelled = new AbortController()
  const asked = apart('long.csv', 'long.csv', cancelled.signal).catch((error: unknown) => error)
  const pid = await processUnderWay()
  cancelled.abort()
  expect(await asked).toMatchObject({ code: 'compare.cancelled' })
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  expect(namesIn(folder.path('place'))).toEqual(['out'])
  await expect(apart('a.csv', 'b.csv', cancelled.signal)).rejects.toMatchObject({ code: 'compare.cancelled' })
})

test('one that is killed is a failure, what it had written is removed, and the caller lives', async () => {
  const asked = apart('long.csv', 'long.csv').catch((error: unknown) => error)
  process.kill(await processUnderWay(), 'SIGKILL')
  expect(await asked).toMatchObject({ fault: 'failure', code: 'compare.ended', message: expect.stringContaining('SIGKILL') })
  expect(namesIn(folder.path('place'))).toEqual(['out'])
})

test('whoever can compare does not carry the engine', () => {
  const program = `await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))})
    console.log((await import('node:fs')).readFileSync('/proc/self/maps', 'utf8').includes('duckdb'))`
  const answer = execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program])
  expect(answer.toString().trim()).toBe('false')
})
