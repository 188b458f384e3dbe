import { type Ctx, inTransaction, systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { expect, test } from 'vitest'
import { casesDb } from './case.tables.ts'
import { numbersPort } from './document-number.service.ts'

const { db } = await testDatabase()
const ctx: Ctx = { db, actor: systemActor, now: () => new Date('2026-12-31T15:59:00Z'), requestId: 'test', inside: false }
const issue = (id: string, agencyWord: string, within: Ctx = ctx) =>
  inTransaction(within, (tx) => numbersPort.issue(tx, { paper: 'notice', agencyWord, subject: { kind: 'problem', id } }))

async function serialsOf(agencyWord: string): Promise<number[]> {
  const rows = await casesDb(ctx)
    .selectFrom('cases.document_number')
    .select('serial')
    .where('agency_word', '=', agencyWord)
    .orderBy('serial')
    .execute()
  return rows.map((row) => row.serial)
}

test('papers of one agency word count on without gap, also when twenty are issued at once and some come to nothing', async () => {
  const settled = await Promise.allSettled(
    Array.from({ length: 20 }, (_, at) =>
      inTransaction(ctx, async (tx) => {
        const number = await numbersPort.issue(tx, { paper: 'notice', agencyWord: '乌数整', subject: { kind: 'problem', id: `p${at}` } })
        if (at % 4 === 3) throw new Error('the act is refused after all')
        return number
      }),
    ),
  )
  expect(settled.filter((one) => one.status === 'fulfilled')).toHaveLength(15)
  expect(await serialsOf('乌数整')).toEqual(Array.from({ length: 15 }, (_, at) => at + 1))
})

test('a paper has one number: a second issue for the same subject is refused and takes none', async () => {
  expect(await issue('twice', '乌数函')).toBe('乌数函〔2026〕1号')
  await expect(issue('twice', '乌数函')).rejects.toThrow()
  expect(await issue('other', '乌数函')).toBe('乌数函〔2026〕2号')
  expect(await numbersPort.numberOf(ctx, 'notice', { kind: 'problem', id: 'twice' })).toBe('乌数函〔2026〕1号')
  expect(await numbersPort.numberOf(ctx, 'notice', { kind: 'problem', id: 'never' })).toBeNull()
})

test('each agency word and each year of the city counts from one; midnight is the city’s', async () => {
  expect(await issue('old-year', '乌发改字')).toBe('乌发改字〔2026〕1号')
  const later: Ctx = { ...ctx, now: () => new Date('2026-12-31T16:01:00Z') }
  expect(await issue('new-year', '乌发改字', later)).toBe('乌发改字〔2027〕1号')
})

test('who issued which number stands in the audit log', async () => {
  await issue('audited', '乌数批')
  const rows = await db.selectFrom('kernel.audit_event').select(['action', 'detail']).where('subject_id', '=', 'audited').execute()
  expect(rows).toMatchObject([{ action: 'document.numbered', detail: { number: '乌数批〔2026〕1号' } }])
})
