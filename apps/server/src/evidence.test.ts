import {
  fromBase64,
  fromHex,
  isConsistent,
  type Receipt,
  receiptFile,
  type SignedHead,
  sm3,
  treeHash,
  verifyReceipt,
} from '@tongchou/evidence'
import { testDatabase } from '@tongchou/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { deskOf } from './testing/desk.ts'
import { type SeatName, smallCity } from './testing/small-city.ts'

const { db, owner } = await testDatabase()
const city = await smallCity(db)
const desk = deskOf(city)
const get = async <T = Receipt & { code: string }>(seat: SeatName, path: string) => (await city.as(seat)).get<T>(`/api/v1/evidence${path}`)

let projectId = ''
let drafted = 0
beforeAll(async () => {
  projectId = (await desk.draft()).id
  drafted = await seqOf("action = 'project.drafted' and subject_id = $1", projectId)
})

async function seqOf(where: string, ...values: unknown[]): Promise<number> {
  const { rows } = await owner.query(`select seq from kernel.audit_event where ${where} order by seq limit 1`, values)
  return Number(rows[0]?.seq)
}

describe('the receipt of an act', () => {
  test('is not there before the act is signed, and then holds offline for the actor and for the auditors', async () => {
    expect(await get('clerk', `/events/${drafted}/receipt`)).toMatchObject({ status: 409, body: { code: 'evidence.not_signed_yet' } })
    await city.sealer.sealNow()
    for (const seat of ['clerk', 'auditAdmin', 'auditor'] as const) {
      const { status, body } = await get(seat, `/events/${drafted}/receipt`)
      expect([seat, status, verifyReceipt(receiptFile(body)).holds]).toEqual([seat, 200, true])
      expect(body.entry?.text).toContain(projectId)
    }
  })

  test.each<SeatName>(['stranger', 'center', 'admin', 'securityAdmin', 'drc'])(
    '%s cannot tell it from one that is not there',
    async (seat) => {
      const hidden = await get(seat, `/events/${drafted}/receipt`)
      const absent = await get(seat, '/events/999999999/receipt')
      expect([hidden.status, hidden.body.code]).toEqual([404, absent.body.code])
    },
  )

  test('what is no number is not there either', async () => {
    for (const id of ['0', '-1', '1.5', 'x', '9'.repeat(30)])
      expect((await get('auditAdmin', `/events/${id}/receipt`)).status, id).toBe(404)
  })

  test('who takes one stands in the log', async () => {
    await get('auditor', `/events/${drafted}/receipt`)
    expect(await seqOf("action = 'receipt.viewed' and subject_id = $1 and person_name = $2", String(drafted), '审计员')).toBeGreaterThan(0)
  })
})

describe('the evidence log', () => {
  interface Leaves {
    items: { position: number; kindTitle: string; subjectTitle: string; signed: boolean }[]
  }

  test('is listed for the auditors, its leaves have receipts, and nobody else has any of it', async () => {
    const { body } = await get<Leaves>('auditor', '/leaves')
    expect(body.items[0]).toMatchObject({
      kindTitle: '审计日志',
      subjectTitle: expect.stringMatching(/^第 \d+ (至 \d+ )?条$/),
      signed: true,
    })
    const leaf = await get('auditor', `/leaves/${body.items[0]?.position}/receipt`)
    expect([leaf.body.entry, verifyReceipt(receiptFile(leaf.body)).holds]).toEqual([null, true])
    expect((await get('auditor', '/leaves/999999/receipt')).status).toBe(404)
    expect((await get('clerk', '/leaves/1/receipt')).status).toBe(404)
    for (const path of ['/status', '/leaves', '/heads', '/consistency?size=1'])
      expect(await get('clerk', path), path).toMatchObject({ status: 403, body: { code: 'duty.missing' } })
  })

  test('a head that is taken is in the log, and an older one is proven to be its beginning', async () => {
    const auditor = await city.as('auditAdmin')
    const { body: early } = await auditor.post<SignedHead>('/api/v1/evidence/heads')
    await desk.draft()
    const { body: late } = await auditor.post<SignedHead>('/api/v1/evidence/heads')
    expect(late.size).toBeGreaterThan(early.size)
    expect(await seqOf("action = 'evidence.head_taken' and subject_id = $1", String(early.size))).toBeGreaterThan(0)
    const { body } = await get<{ head: SignedHead; path: string[] }>('auditAdmin', `/consistency?size=${early.size}`)
    const head = ({ size, root }: SignedHead) => ({ size, root: fromHex(root) })
    expect(isConsistent(treeHash(sm3), head(early), head(body.head), body.path.map(fromBase64))).toBe(true)
    expect(await get('auditAdmin', '/consistency?size=100000')).toMatchObject({ status: 422, body: { code: 'evidence.head_ahead' } })
  })

  test('says how it stands, and by which key', async () => {
    await city.sealer.sealNow()
    const { body } = await get<{ leaves: number; unsigned: number; head: SignedHead; keys: { inUse: boolean }[]; troubles: unknown[] }>(
      'auditor',
      '/status',
    )
    expect(body).toMatchObject({ unsigned: 0, unplaced: 0, troubles: [], head: { size: body.leaves } })
  })

  test('gives no receipt for what was falsified, and says what to do', async () => {
    await owner.query("update kernel.audit_event set person_name = '别人' where seq = $1", [drafted])
    expect(await get('auditAdmin', `/events/${drafted}/receipt`)).toMatchObject({ status: 409, body: { code: 'evidence.broken' } })
  })
})
