import { applicationRole } from '@tongchou/kernel'
import { expect, test } from 'vitest'
import { testDatabase } from './index.ts'

const { pool, owner } = await testDatabase()

test('a test file finds every migration applied and works as the application role', async () => {
  const { rows } = await pool.query<{ role: string; applied: number }>(
    'select current_user as role, count(*)::int as applied from kernel.schema_migration',
  )
  expect(rows[0]?.role).toBe(applicationRole)
  expect(rows[0]?.applied).toBeGreaterThan(0)
})

test('the application role cannot change what the audit log holds, the owner can', async () => {
  await pool.query(
    "insert into kernel.audit_event (at, request_id, action, outcome, subject_kind, subject_id) values (now(), 'r', 'a', 'done', 'k', 'i')",
  )
  await expect(pool.query("update kernel.audit_event set action = 'b'")).rejects.toThrow(/permission denied/)
  expect((await owner.query("update kernel.audit_event set action = 'b'")).rowCount).toBe(1)
})
