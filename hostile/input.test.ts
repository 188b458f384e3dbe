import { testDatabase } from '@tongchou/testing'
import { afterAll, expect, test } from 'vitest'
import { deskOf } from '../apps/server/src/testing/desk.ts'
import { smallCity } from '../apps/server/src/testing/small-city.ts'
import { throwInput } from './input.ts'

const { db } = await testDatabase()
const city = await smallCity(db)
const desk = deskOf(city)
const address = await city.app.listen({ port: 0, host: '127.0.0.1' })
afterAll(() => city.app.close())

// The long run starts the platform as a process of its own, and looks at its memory: `npm run hostile -- input --n 100000`.
test('three thousand bad inputs: none is answered with a 5xx, every refusal is a problem in Chinese that names its place', async () => {
  await desk.file((await desk.draft({ name: '已申报项目' })).id)
  await desk.draft({ name: '草稿' })
  const report = await throwInput(address, { seed: 20_260_302, from: 0, count: 3000, ended: () => undefined })
  expect(report.faults).toEqual([])
  // The draws reach what they are meant to reach: refusals of every kind, and inputs that are taken.
  for (const status of [200, 201, 400, 403, 404, 409, 422]) expect(report.statuses.get(status) ?? 0, String(status)).toBeGreaterThan(2)
}, 300_000)
