import { testDatabase } from '@tongchou/testing'
import { expect, test } from 'vitest'
import { beginEpoch, consumerStanding, systemEpoch } from './epoch.ts'

const { db } = await testDatabase()
const ctx = { db, now: () => new Date('2026-03-02T01:00:00Z') }
const people = 'libraries/people'
const standing = (epoch: string, position: number, stream = people) => consumerStanding(ctx, { stream, epoch, position })

test('a consumer goes on under the epoch it read in; of another system it stops', async () => {
  const first = await systemEpoch(ctx)
  expect(first).toMatch(/^1-[0-9a-f]{12}$/)
  expect(await standing(first, 90)).toBe('same')
  expect(await standing('1-000000000000', 0)).toBe('ahead')
})

test('after a restore, who has read no further than the backup goes on, who is ahead stops, for ever', async () => {
  const first = await systemEpoch(ctx)
  const second = await beginEpoch(ctx, { digest: 'a' }, [{ stream: people, position: 80 }])
  expect(second).toMatch(/^2-[0-9a-f]{12}$/)
  expect(await systemEpoch(ctx)).toBe(second)
  expect(await standing(first, 80)).toBe('earlier')
  expect(await standing(first, 81)).toBe('ahead')
  expect(await standing(second, 200)).toBe('same')
  // A stream that the backup did not know had nothing to go on from.
  expect(await standing(first, 0, 'libraries/vehicles')).toBe('earlier')
  expect(await standing(first, 1, 'libraries/vehicles')).toBe('ahead')

  // Restored once more, from a backup of later: what the first restore had lost stays lost.
  const third = await beginEpoch(ctx, { digest: 'b' }, [{ stream: people, position: 150 }])
  expect(await standing(first, 81)).toBe('ahead')
  expect(await standing(second, 150)).toBe('earlier')
  expect(await standing(second, 151)).toBe('ahead')
  expect(await standing(third, 151)).toBe('same')
})

test('the application may begin epochs and never unmake them', async () => {
  await expect(db.updateTable('kernel.system_epoch').set({ id: '1-000000000000' }).execute()).rejects.toMatchObject({ code: '42501' })
  await expect(db.deleteFrom('kernel.epoch_position').execute()).rejects.toMatchObject({ code: '42501' })
})
