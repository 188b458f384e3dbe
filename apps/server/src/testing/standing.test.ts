import { testDatabase } from '@tongchou/testing'
import { afterAll, expect, test } from 'vitest'
import { openSandbox } from '../differential-sandbox.ts'
import { openStanding } from './standing.ts'

const { connection } = await testDatabase()
const sandbox = openSandbox(connection)
afterAll(() => sandbox.close())
const standing = await openStanding(sandbox)

const addition = `insert into kernel.outbox (at, event, subject_kind, subject_id) values (now(), 'test', 'test', 'test')`

/** What a piece of SQL does to the mark and to the digest, in a transaction of its own that is taken back. */
const changesOf = (statements: readonly string[]) =>
  sandbox.tryOut(async () => {
    const before = await standing.mark()
    for (const statement of statements) await sandbox.query(statement)
    const [after, { digest }] = [await standing.mark(), await standing.read()]
    return { mark: after.written !== before.written, digest: digest !== standing.before.digest, audited: after.audited - before.audited }
  })

test('reading and locking leave mark and digest as they were', async () => {
  const found = await changesOf(['select count(*) from kernel.outbox', 'select * from identity.organisation for update', 'savepoint a'])
  expect(found).toEqual({ mark: false, digest: false, audited: 0 })
})

test('a row that is written, changed or deleted is in the mark', async () => {
  expect(await changesOf([addition])).toEqual({ mark: true, digest: true, audited: 0 })
  expect(await changesOf(['savepoint a', addition, 'release savepoint a'])).toMatchObject({ mark: true, digest: true })
  const key = `insert into kernel.idempotency (account_id, key, request_hash, created_at) values ('a', 'k', 'h', now())`
  expect(await changesOf([key]), 'bookkeeping is no business').toMatchObject({ mark: false, digest: false })
  const written = await sandbox.tryOut(async () => {
    const marks = [await standing.mark()]
    for (const statement of [addition, `update kernel.outbox set event = 'other' where event = 'test'`]) {
      await sandbox.query(statement)
      marks.push(await standing.mark())
    }
    return marks.map((mark) => Number(mark.written))
  })
  expect(written.map((n) => n - (written[0] ?? 0))).toEqual([0, 1, 2])
})

test('a row that was written and taken back is in the mark and no longer in the digest: there the digest decides', async () => {
  const found = await changesOf(['savepoint a', addition, 'rollback to savepoint a'])
  expect(found).toEqual({ mark: true, digest: false, audited: 0 })
})

test('audit rows are counted by themselves, and those that were taken back are none', async () => {
  const audit = `insert into kernel.audit_event (at, request_id, action, outcome, subject_kind, subject_id)
    values (now(), 'r', 'a', 'refused', 's', 's')`
  expect(await changesOf([audit])).toEqual({ mark: false, digest: false, audited: 1 })
  expect(await changesOf(['savepoint a', audit, 'rollback to savepoint a'])).toEqual({ mark: false, digest: false, audited: 0 })
})
