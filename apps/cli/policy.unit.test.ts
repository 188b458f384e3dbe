import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runPolicyCheck } from './policy.ts'

async function run(...args: string[]): Promise<{ code: number; output: string }> {
  let output = ''
  const code = await runPolicyCheck(args, (text) => {
    output += text
  })
  return { code, output }
}

test('policy check passes on the packs as shipped and prints the coverage', async () => {
  const { code, output } = await run()
  expect(code).toBe(0)
  expect(output).toContain('wuhai-2023 乌海市政务信息化项目建设管理暂行办法（征求意见稿）\n  条文覆盖 24/24')
  expect(output).toMatch(/wuhai-2012 .*\n {2}条文覆盖 19\/19；规则未装载/)
})

test('policy check --json prints the same report for machines', async () => {
  const { code, output } = await run('--json')
  expect(code).toBe(0)
  const report = JSON.parse(output)
  expect(report.ok).toBe(true)
  expect(report.packs.find((pack: { id: string }) => pack.id === 'wuhai-2023')).toMatchObject({
    articles: 24,
    covered: 24,
    rulesLoaded: true,
    failures: [],
  })
})

test('policy check answers 1 for findings and 2 for wrong usage', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'packs-'))
  expect(await run(empty)).toEqual({ code: 1, output: expect.stringContaining('vocabulary.yaml') })
  expect((await run('--jsno')).code).toBe(2)
  expect((await run('one', 'two')).code).toBe(2)
  rmSync(empty, { recursive: true })
})
