import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { testDatabase } from '@tongchou/testing'
import { from as copyFrom } from 'pg-copy-streams'
import { afterAll, expect, test } from 'vitest'
import { inOneGo } from './one-go.ts'

const { owner } = await testDatabase()
const client = await owner.connect()
afterAll(() => client.release())

test('statements in one go are executed in their order, and each has its own answer', async () => {
  await client.query('create temporary table told (n integer)')
  const [, one, two] = await inOneGo(client, () => [
    client.query('insert into told values (1)'),
    client.query('select n from told'),
    client.query({ name: 'told', text: 'insert into told select n + $1 from told returning n', values: [10] }),
  ])
  expect([one.rows, two.rows]).toEqual([[{ n: 1 }], [{ n: 11 }]])
  // What cannot be sent in one go can be sent afterwards.
  await pipeline(Readable.from(['5\n']), client.query(copyFrom('copy told from stdin')))
  expect((await client.query('select count(*)::int as n from told')).rows).toEqual([{ n: 3 }])
})

test('what fails first is thrown, nothing behind it is done, and the connection is usable', async () => {
  await client.query('create temporary table once (n integer primary key)')
  const going = inOneGo(client, () => [
    client.query('begin'),
    client.query('insert into once values (1)'),
    client.query('insert into once values (1)'),
    client.query('insert into once values (2)'),
  ])
  await expect(going).rejects.toMatchObject({ code: '23505' })
  await client.query('rollback')
  expect((await client.query('select n from once')).rows).toEqual([])
})
