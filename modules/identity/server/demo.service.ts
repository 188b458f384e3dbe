import { type KernelTables, NotFound, todayInShanghai } from '@tongchou/kernel'
import type { Kysely } from 'kysely'
import { listDemoAccounts, listDemoAgents } from './account.store.ts'
import type { IdentityDb } from './identity.tables.ts'
import type { DemoMode } from './session.service.ts'

/** Accounts ready to use: those whose password was changed since are left out, and the duties are those a sign-in gives. */
export async function demoAccounts(db: Kysely<KernelTables>, now: Date, demo: DemoMode) {
  if (demo === null) throw new NotFound('demo.off', '不在演示模式，没有演示账号。')
  const today = todayInShanghai(now)
  const agents = (await listDemoAgents(db as unknown as IdentityDb, today)).map((row) => ({ ...row, organisation_name: row.subject_name }))
  const rows = [...(await listDemoAccounts(db as unknown as IdentityDb, today)), ...agents]
  const items = rows.map((row) => ({
    username: row.username,
    password: demo.password,
    displayName: row.person_name,
    title: row.title,
    organisation: row.organisation_name,
    roles: row.duties,
  }))
  return { items }
}
