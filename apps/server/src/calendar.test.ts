import { testDatabase } from '@tongchou/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { smallCity } from './testing/small-city.ts'

const { db, owner } = await testDatabase()
const city = await smallCity(db)
const admin = await city.as('admin')
const clerk = await city.as('clerk')

const day = (date: string, isOffDay = true) => ({ name: '元旦', date, isOffDay })
const notice = (changes: object = {}) => ({
  year: 2027,
  papers: ['https://www.gov.cn/zhengce/zhengceku/202611/content_1.htm'],
  days: [day('2027-01-01'), day('2027-01-02'), day('2027-01-03'), day('2027-01-09', false)],
  ...changes,
})
const week = {
  '1': [
    { from: '08:30', to: '12:00' },
    { from: '14:30', to: '18:00' },
  ],
}
const hours = (changes: object = {}) => ({ orgId: null, validFrom: '2026-06-01', validTo: '2026-09-01', week, ...changes })

beforeEach(() => owner.query('truncate kernel.holiday_notice, kernel.office_hours, kernel.outbox'))

describe('a year’s notice on holidays', () => {
  test('is loaded by the system administrator as holiday-cn writes it, audited, and told to who counts by it', async () => {
    const $schema = 'https://raw.githubusercontent.com/NateScarlet/holiday-cn/master/schema.json'
    expect((await admin.post('/api/v1/calendar/notices', notice({ $schema }))).status).toBe(204)
    const { items } = (await clerk.get<{ items: { year: number }[] }>('/api/v1/calendar/notices')).body
    expect(items[0]).toMatchObject({
      year: 2027,
      isPublished: true,
      offDayCount: 3,
      workedDayCount: 1,
      version: 1,
      loadedBy: '系统管理员',
      papers: notice().papers,
    })
    const shipped = items.find(({ year }) => year === 2026)
    expect(shipped).toMatchObject({ loadedBy: null, papers: [expect.stringContaining('gov.cn')] })
    const { rows } = await owner.query('select event, subject_id from kernel.outbox')
    expect(rows).toEqual([{ event: 'calendar.published', subject_id: '2027' }])
    const { rows: audit } = await owner.query(`select detail->>'days' as days from kernel.audit_event where action = 'calendar.published'`)
    expect(audit).toEqual([{ days: '4' }])
  })

  test('may be loaded again, and then the newer one counts', async () => {
    await admin.post('/api/v1/calendar/notices', notice())
    await Promise.all([1, 2].map(() => admin.post('/api/v1/calendar/notices', notice({ days: [day('2027-01-04')] }))))
    const { items } = (await clerk.get<{ items: object[] }>('/api/v1/calendar/notices')).body
    expect(items[0]).toMatchObject({ year: 2027, offDayCount: 1, version: 3 })
  })

  test.each([
    ['a day that does not exist', { days: [day('2027-02-30')] }, 'days/0/date'],
    ['a day of another year', { days: [day('2027-01-01'), day('2028-01-01')] }, 'days/1/date'],
    ['a day twice', { days: [day('2027-01-01'), day('2027-01-01')] }, 'days/1/date'],
    ['a Wednesday that is worked instead', { days: [day('2027-01-01'), day('2027-01-06', false)] }, 'days/1/date'],
    ['no holiday at all', { days: [day('2027-01-09', false)] }, 'days'],
    ['a paper of somebody else', { papers: ['https://example.com/'] }, 'papers/0'],
  ])('with %s is refused with its place', async (_what, changes, path) => {
    const answer = await admin.post<{ fields: { path: string }[] }>('/api/v1/calendar/notices', notice(changes))
    expect(answer.status).toBe(422)
    expect(answer.body.fields.map((field) => field.path)).toContain(path)
    expect((await owner.query('select from kernel.holiday_notice')).rowCount).toBe(0)
  })

  test('is loaded by nobody else', async () => {
    expect((await clerk.post('/api/v1/calendar/notices', notice())).status).toBe(403)
  })
})

describe('working hours', () => {
  test('are entered for the city or an organisation, read by everybody, and changed on the version that was read', async () => {
    const entered = await admin.post<{ id: string; version: number }>('/api/v1/calendar/office-hours', hours())
    expect(entered.status).toBe(201)
    expect((await admin.post('/api/v1/calendar/office-hours', hours({ orgId: 'civil-affairs' }))).status).toBe(201)
    const { items } = (await clerk.get<{ items: { orgName: string | null }[] }>('/api/v1/calendar/office-hours')).body
    expect(items.map(({ orgName }) => orgName)).toEqual(expect.arrayContaining(['市民政局', null]))
    const url = `/api/v1/calendar/office-hours/${entered.body.id}`
    expect((await admin.put(url, { ...hours({ validTo: '2026-10-01' }), version: 1 })).body).toMatchObject({
      validTo: '2026-10-01',
      version: 2,
    })
    expect((await admin.put(url, { ...hours(), version: 1 })).status).toBe(409)
    const { rows } = await owner.query(
      `select action from kernel.audit_event where subject_kind = 'office-hours' and outcome = 'done' order by seq`,
    )
    expect(rows.map(({ action }) => action)).toEqual(['office-hours.entered', 'office-hours.entered', 'office-hours.changed'])
  })

  test.each([
    ['overlap others', {}, 'validFrom'],
    ['end before they begin', { validFrom: '2027-01-01', validTo: '2026-12-01' }, 'validTo'],
    [
      'overlap themselves',
      {
        validFrom: '2027-01-01',
        validTo: null,
        week: {
          '2': [
            { from: '09:00', to: '12:00' },
            { from: '11:00', to: '13:00' },
          ],
        },
      },
      'week/2',
    ],
    ['are never worked', { validFrom: '2027-01-01', validTo: null, week: {} }, 'week/1'],
    ['belong to no organisation', { orgId: 'nowhere' }, 'orgId'],
  ])('that %s are refused with the place', async (_what, changes, path) => {
    await admin.post('/api/v1/calendar/office-hours', hours())
    const answer = await admin.post<{ fields: { path: string }[] }>('/api/v1/calendar/office-hours', hours(changes))
    expect(answer).toMatchObject({ status: 422, body: { fields: [{ path }] } })
  })

  test('of two that overlap and are entered at once one is', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => admin.post('/api/v1/calendar/office-hours', hours())))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422])
  })

  test('are kept by the system administrator alone', async () => {
    expect((await clerk.post('/api/v1/calendar/office-hours', hours())).status).toBe(403)
    expect((await clerk.put('/api/v1/calendar/office-hours/00000000-0000-4000-8000-000000000001', { ...hours(), version: 1 })).status).toBe(
      404,
    )
  })
})
