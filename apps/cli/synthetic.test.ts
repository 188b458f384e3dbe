import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testDatabase } from '@tongchou/testing'
import { afterAll, expect, test } from 'vitest'
import { runSynthetic } from './synthetic.ts'

const { owner } = await testDatabase()
const folder = mkdtempSync(join(tmpdir(), 'tongchou-synthetic-'))
afterAll(() => rmSync(folder, { recursive: true }))

const { host, port, user, database } = owner.options
const address = `postgres://${user}@/${database}?host=${encodeURIComponent(String(host))}&port=${port}`
const small = ['--families', '60', '--seed', '5']

async function run(...args: string[]) {
  const said: string[] = []
  const code = await runSynthetic(args, { write: (text) => said.push(text), complain: (text) => said.push(text) })
  return { code, said: said.join('') }
}

test('a department’s tables as CSV and in a PostgreSQL of its own hold the same rows', async () => {
  expect(await run('--department', 'civil-affairs', '--out', folder, ...small)).toMatchObject({ code: 0 })
  expect(readdirSync(folder).sort()).toEqual(['db_cyxx.csv', 'db_ffxx.csv', 'db_jtxx.csv'])
  expect(await run('--department', 'civil-affairs', '--into', address, '--schema', 'mzj', ...small)).toMatchObject({ code: 0 })
  const { rows } = await owner.query('select jtbh, gmsfhm, xm, nrbz from mzj.db_cyxx')
  const lines = readFileSync(join(folder, 'db_cyxx.csv'), 'utf8').trimEnd().split('\r\n')
  expect(rows.map(({ jtbh, gmsfhm, xm, nrbz }) => `${jtbh},${gmsfhm},${xm},${nrbz ? 1 : 0}`).sort()).toEqual(
    lines
      .slice(1)
      .map((line) => {
        const [jtbh, gmsfhm, xm, , nrbz] = line.split(',')
        return `${jtbh},${gmsfhm},${xm},${nrbz}`
      })
      .sort(),
  )
  const { rows: comments } = await owner.query("select obj_description('mzj.db_cyxx'::regclass) as said")
  expect(comments[0].said).toBe('低保家庭成员信息（演示数据）')
})

test('a table that is there is left alone, and nothing of the run stays', async () => {
  await owner.query('create schema taken; create table taken.db_jtxx (mine text)')
  const found = await run('--department', 'civil-affairs', '--into', address, '--schema', 'taken', ...small, '--json')
  expect([found.code, JSON.parse(found.said).code]).toEqual([3, 'table_exists'])
  const { rows } = await owner.query("select table_name from information_schema.tables where table_schema = 'taken'")
  expect(rows).toEqual([{ table_name: 'db_jtxx' }])
})

test.each([
  [['--department', 'civil-affairs'], '--out 或 --into'],
  [['--department', 'nobody', '--out', folder], 'civil-affairs（民政部门）'],
  [['--department', 'all', '--out', folder, '--into', address], '二者选一'],
  [['--department', 'all', '--out', folder, '--seed', '-1'], '正整数'],
  [['--department', 'all', '--out', folder, '--families', '1000000000000'], '最多可生成'],
  [['--department', 'all', '--out', folder, '--on', '2026-02-30'], '不是存在的日期'],
  [['--department', 'all', '--into', 'mysql://x'], 'postgres://'],
  [['--what'], '选项无法识别'],
])('%j is wrong usage', async (args, says) => {
  const { code, said } = await run(...args)
  expect(code).toBe(2)
  expect(said).toContain(says)
})

test('a database that cannot be reached is a failure and no trace of a program', async () => {
  const { code, said } = await run('--department', 'all', '--into', 'postgres://nobody@127.0.0.1:1/none', ...small)
  expect(code).toBe(3)
  expect(said).toMatch(/^不能写入：/)
})
