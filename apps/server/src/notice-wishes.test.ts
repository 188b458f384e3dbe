import { systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { expect, test } from 'vitest'
import { smallCity } from './testing/small-city.ts'

const { db, owner } = await testDatabase()
const city = await smallCity(db, undefined, undefined, [{ channel: 'sms', send: async () => undefined }])
const system = { db, now: () => city.clock.now(), requestId: 'test', inside: false, actor: systemActor }

/** How a notice of this kind to 民政申报员 leaves by SMS. */
async function smsOf(kind: string, onceKey: string): Promise<string | undefined> {
  const { rows: people } = await owner.query(`select person_id from identity.account where username = 'clerk'`)
  await city.notices.send(system, {
    ...{ kind, onceKey, title: '提醒', body: '提醒。', href: null },
    ...{ to: [{ personId: people[0]?.person_id }], subject: { kind: 'case', id: '1' } },
  })
  const { rows } = await owner.query(
    `select d.status from notices.delivery d join notices.notice n on n.id = d.notice_id where n.once_key = $1 and d.channel = 'sms'`,
    [onceKey],
  )
  return rows[0]?.status
}

test('who has said nothing is told; who declines a kind by SMS is not told of it that way, and of the rest is', async () => {
  const clerk = await city.as('clerk')
  expect(await smsOf('case.urge', 'a')).toBe('queued')
  const declined = { sms: true, mail: true, declined: { sms: ['urge'], mail: ['yellow'] } }
  expect((await clerk.put('/api/v1/me/preferences', { noticeWishes: declined })).status).toBe(200)
  expect(await smsOf('case.urge', 'b')).toBe('unwanted')
  expect(await smsOf('case.yellow', 'c')).toBe('queued')
  expect((await clerk.get<{ items: { title: string }[] }>('/api/v1/notices')).body.items).toHaveLength(3)
})

test('who wishes no SMS at all is still told of 督办 and 红牌', async () => {
  const clerk = await city.as('clerk')
  await clerk.put('/api/v1/me/preferences', { noticeWishes: { sms: false, mail: true } })
  expect(await smsOf('export.done', 'd')).toBe('unwanted')
  expect(await smsOf('case.oversee', 'e')).toBe('queued')
  expect(await smsOf('case.red', 'f')).toBe('queued')
})
