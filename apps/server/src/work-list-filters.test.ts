import { testDatabase } from '@tongchou/testing'
import { expect, test } from 'vitest'
import { deskOf } from './testing/desk.ts'
import { smallCity } from './testing/small-city.ts'

const { db, pool } = await testDatabase()
const city = await smallCity(db)
const desk = deskOf(city)

const list = async (query: string) =>
  (await (await city.as('center')).get<{ items: { title: string }[]; code: string }>(`/api/v1/tasks?${query}`)) ?? []
const titles = async (query: string) => (await list(query)).body.items.map(({ title }) => title).sort()

test('what waits is narrowed by words, by the kind of procedure and by its limit', async () => {
  for (const name of ['智慧城管平台', '养老服务_100%']) await desk.file((await desk.draft({ name })).id)
  const all = ['2026年度计划：养老服务_100%', '2026年度计划：智慧城管平台'].sort()
  expect((await titles('box=todo')).map((title) => title.replace(/^\d+/, '2026')).sort()).toEqual(all)
  expect(await titles(`box=todo&q=${encodeURIComponent('城管')}`)).toEqual([expect.stringContaining('智慧城管平台')])
  expect(await titles(`box=todo&q=${encodeURIComponent('0%')}`)).toEqual([expect.stringContaining('养老服务')])
  expect(await titles(`box=todo&q=${encodeURIComponent('民政局')}`)).toHaveLength(2)
  expect(await titles('box=todo&procedure=plan-entry')).toHaveLength(2)
  expect(await titles('box=todo&procedure=acceptance')).toEqual([])
  expect(await titles('box=todo&due=overdue')).toEqual([])
  await pool.query(
    `update cases.task set due_at = '2026-03-01T00:00:00Z' where case_id in (select id from cases.case_file where title like '%城管%')`,
  )
  await pool.query(
    `update cases.task set due_at = '2026-03-05T00:00:00Z' where case_id in (select id from cases.case_file where title like '%养老%')`,
  )
  expect(await titles('box=todo&due=overdue')).toEqual([expect.stringContaining('智慧城管平台')])
  expect(await titles('box=todo&due=week')).toEqual([expect.stringContaining('养老服务')])
  expect(await titles(`box=todo&due=week&q=${encodeURIComponent('城管')}`)).toEqual([])
})

test('a box without limits cannot be narrowed by one', async () => {
  expect(await list('box=done&due=week')).toMatchObject({ status: 422, body: { code: 'task.no_limit' } })
  expect(await titles(`box=done&q=${encodeURIComponent('城管')}`)).toEqual([])
})
