import { sql } from 'kysely'
import type { AccountStatus, IdentityDb } from './identity.tables.ts'
import { organisationsAsOf } from './organisation.store.ts'
import { dutiesOn } from './post.store.ts'
import { currentRelations } from './relation.store.ts'

export interface AccountRecord {
  id: string
  personId: string
  username: string
  passwordHash: string
  mustChange: boolean
  passwordChangedAt: Date
  publishedPassword: boolean
  status: AccountStatus
  currentPostId: string | null
}

/** False when the username, in whatever case, or the person already has an account. */
export async function insertAccount(
  db: IdentityDb,
  account: Omit<AccountRecord, 'status' | 'passwordChangedAt'>,
  at: Date,
): Promise<boolean> {
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
    // Folded here as the key of the lock-out is: no name may be this account to the one and another to the other.
    .where(sql<boolean>`lower(username) = ${username.toLowerCase()}`)
    .executeTakeFirst()
  return row && toAccount(row)
}

export async function findAccount(db: IdentityDb, id: string): Promise<AccountRecord | undefined> {
  const row = await db.selectFrom('identity.account').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toAccount(row)
}

/** Locks the row until the transaction ends. */
/** The account of a person, where there is one. */
export async function findAccountOfPerson(db: IdentityDb, personId: string): Promise<{ id: string } | undefined> {
  return db.selectFrom('identity.account').select('id').where('person_id', '=', personId).executeTakeFirst()
}

export async function lockAccount(db: IdentityDb, id: string): Promise<AccountRecord | undefined> {
  const row = await db.selectFrom('identity.account').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row && toAccount(row)
}

/** Sets a password and remembers the one that it replaces. */
export async function setPassword(db: IdentityDb, id: string, passwordHash: string, mustChange: boolean, at: Date): Promise<void> {
  await db
    .insertInto('identity.password_history')
    .columns(['account_id', 'password_hash', 'replaced_at'])
    .expression((eb) =>
      eb
        .selectFrom('identity.account')
        .select(['id', 'password_hash', sql<Date>`${at}::timestamptz`.as('replaced_at')])
        .where('id', '=', id),
    )
    .execute()
  await db
    .updateTable('identity.account')
    .set({ password_hash: passwordHash, must_change: mustChange, published_password: false, password_changed_at: at })
    .where('id', '=', id)
    .execute()
}

/** Hashes of the last passwords before the present one, newest first. */
export async function formerPasswords(db: IdentityDb, id: string, count: number): Promise<string[]> {
  const rows = await db
    .selectFrom('identity.password_history')
    .select('password_hash')
    .where('account_id', '=', id)
    .orderBy('seq', 'desc')
    .limit(count)
    .execute()
  return rows.map((row) => row.password_hash)
}

/** Forgets passwords that no rule asks for any more: a hash that is kept can be stolen. */
export async function forgetFormerPasswords(db: IdentityDb, id: string, kept: number): Promise<void> {
  await db
    .deleteFrom('identity.password_history')
    .where('account_id', '=', id)
    .where('seq', 'not in', (eb) =>
      eb.selectFrom('identity.password_history').select('seq').where('account_id', '=', id).orderBy('seq', 'desc').limit(kept),
    )
    .execute()
}

export async function setStatus(db: IdentityDb, id: string, status: AccountStatus): Promise<void> {
  await db.updateTable('identity.account').set({ status }).where('id', '=', id).execute()
}

export async function setCurrentPost(db: IdentityDb, id: string, postId: string): Promise<void> {
  await db.updateTable('identity.account').set({ current_post_id: postId }).where('id', '=', id).execute()
}

/** Active accounts whose password is the published one and all that is asked for, each at the post that a sign-in would give it. */
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
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('identity.second_factor as factor')
            .select('factor.kind')
            .whereRef('factor.account_id', '=', 'account.id')
            .where('factor.confirmed_at', 'is not', null),
        ),
      ),
    )
    .where('account.status', '=', 'active')
    .where('post.valid_from', '<=', today)
    .where((eb) => eb.or([eb('post.valid_to', 'is', null), eb('post.valid_to', '>', today)]))
    .where('organisation.valid_from', '<=', today)
    .where((eb) => eb.or([eb('organisation.valid_to', 'is', null), eb('organisation.valid_to', '>', today)]))
    .orderBy('organisation.sort_order')
    .orderBy('account.username')
    .execute()
}

/** The same of people outside the offices, each at a relation that holds today. */
export async function listDemoAgents(db: IdentityDb, today: string) {
  return currentRelations(db, today)
    .where('account.published_password', '=', true)
    .where('factor.kind', 'is', null)
    .orderBy('relation.subject_name')
    .orderBy('account.username')
    .execute()
}

function toAccount(row: {
  id: string
  person_id: string
  username: string
  password_hash: string
  must_change: boolean
  password_changed_at: Date
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
    passwordChangedAt: row.password_changed_at,
    publishedPassword: row.published_password,
    status: row.status,
    currentPostId: row.current_post_id,
  }
}
