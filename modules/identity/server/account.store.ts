import { sql } from 'kysely'
import type { AccountStatus, IdentityDb } from './identity.tables.ts'
import { organisationsAsOf } from './organisation.store.ts'
import { dutiesOn } from './post.store.ts'

export interface AccountRecord {
  id: string
  personId: string
  username: string
  passwordHash: string
  mustChange: boolean
  publishedPassword: boolean
  status: AccountStatus
  currentPostId: string | null
}

/** False when the username, in whatever case, or the person already has an account. */
export async function insertAccount(db: IdentityDb, account: Omit<AccountRecord, 'status'>, at: Date): Promise<boolean> {
  const row = await db
    .insertInto('identity.account')
    .values({
      id: account.id,
      person_id: account.personId,
      username: account.username,
      password_hash: account.passwordHash,
      password_changed_at: at,
      must_change: account.mustChange,
      published_password: account.publishedPassword,
      current_post_id: account.currentPostId,
      created_at: at,
    })
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function findAccountByUsername(db: IdentityDb, username: string): Promise<AccountRecord | undefined> {
  const row = await db
    .selectFrom('identity.account')
    .selectAll()
    .where(sql<boolean>`lower(username) = lower(${username})`)
    .executeTakeFirst()
  return row && toAccount(row)
}

export async function findAccount(db: IdentityDb, id: string): Promise<AccountRecord | undefined> {
  const row = await db.selectFrom('identity.account').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toAccount(row)
}

/** Locks the row until the transaction ends. */
export async function lockAccount(db: IdentityDb, id: string): Promise<AccountRecord | undefined> {
  const row = await db.selectFrom('identity.account').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row && toAccount(row)
}

export async function setPassword(db: IdentityDb, id: string, passwordHash: string, mustChange: boolean, at: Date): Promise<void> {
  await db
    .updateTable('identity.account')
    .set({ password_hash: passwordHash, must_change: mustChange, published_password: false, password_changed_at: at })
    .where('id', '=', id)
    .execute()
}

export async function setStatus(db: IdentityDb, id: string, status: AccountStatus): Promise<void> {
  await db.updateTable('identity.account').set({ status }).where('id', '=', id).execute()
}

export async function setCurrentPost(db: IdentityDb, id: string, postId: string): Promise<void> {
  await db.updateTable('identity.account').set({ current_post_id: postId }).where('id', '=', id).execute()
}

/** Active accounts whose password is the published one, each at the post that a sign-in would give it. */
export async function listDemoAccounts(db: IdentityDb, today: string) {
  return db
    .selectFrom('identity.account as account')
    .innerJoin('identity.person as person', 'person.id', 'account.person_id')
    .innerJoin('identity.post as post', (join) =>
      join.onRef('post.id', '=', 'account.current_post_id').onRef('post.person_id', '=', 'person.id'),
    )
    .innerJoin(organisationsAsOf(today), 'organisation.id', 'post.organisation_id')
    .select(['account.username', 'person.name as person_name', 'post.title', 'organisation.name as organisation_name', dutiesOn(today)])
    .where('account.published_password', '=', true)
    .where('account.status', '=', 'active')
    .where('post.valid_from', '<=', today)
    .where((eb) => eb.or([eb('post.valid_to', 'is', null), eb('post.valid_to', '>', today)]))
    .where('organisation.valid_from', '<=', today)
    .where((eb) => eb.or([eb('organisation.valid_to', 'is', null), eb('organisation.valid_to', '>', today)]))
    .orderBy('organisation.sort_order')
    .orderBy('account.username')
    .execute()
}

function toAccount(row: {
  id: string
  person_id: string
  username: string
  password_hash: string
  must_change: boolean
  published_password: boolean
  status: AccountStatus
  current_post_id: string | null
}): AccountRecord {
  return {
    id: row.id,
    personId: row.person_id,
    username: row.username,
    passwordHash: row.password_hash,
    mustChange: row.must_change,
    publishedPassword: row.published_password,
    status: row.status,
    currentPostId: row.current_post_id,
  }
}
