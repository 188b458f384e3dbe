import type { IdentityDb } from './identity.tables.ts'

export interface OidcFlow {
  tokenHash: string
  accountId: string | null
  state: string
  nonce: string
  codeVerifier: string
  redirectUri: string
}

/** Who was sent to the sign-on has this long to come back. */
const flowMs = 10 * 60 * 1000

export async function insertFlow(db: IdentityDb, flow: OidcFlow, at: Date): Promise<void> {
  await db
    .deleteFrom('identity.oidc_flow')
    .where('created_at', '<=', new Date(at.getTime() - flowMs))
    .execute()
  await db
    .insertInto('identity.oidc_flow')
    .values({
      token_hash: flow.tokenHash,
      account_id: flow.accountId,
      state: flow.state,
      nonce: flow.nonce,
      code_verifier: flow.codeVerifier,
      redirect_uri: flow.redirectUri,
      created_at: at,
    })
    .execute()
}

/** Takes a flow that is not too old; nobody comes back twice. */
export async function takeFlow(db: IdentityDb, tokenHash: string, now: Date): Promise<OidcFlow | undefined> {
  const row = await db
    .deleteFrom('identity.oidc_flow')
    .where('token_hash', '=', tokenHash)
    .where('created_at', '>', new Date(now.getTime() - flowMs))
    .returningAll()
    .executeTakeFirst()
  return (
    row && {
      tokenHash: row.token_hash,
      accountId: row.account_id,
      state: row.state,
      nonce: row.nonce,
      codeVerifier: row.code_verifier,
      redirectUri: row.redirect_uri,
    }
  )
}

export async function findBoundAccount(db: IdentityDb, issuer: string, subject: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('identity.oidc_binding')
    .select('account_id')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst()
  return row?.account_id
}

export async function findBinding(db: IdentityDb, accountId: string): Promise<{ boundAt: Date } | undefined> {
  const row = await db.selectFrom('identity.oidc_binding').select('bound_at').where('account_id', '=', accountId).executeTakeFirst()
  return row && { boundAt: row.bound_at }
}

/** False when the account has an identity already, or the identity an account. */
export async function insertBinding(
  db: IdentityDb,
  binding: { accountId: string; issuer: string; subject: string },
  at: Date,
): Promise<boolean> {
  const row = await db
    .insertInto('identity.oidc_binding')
    .values({ account_id: binding.accountId, issuer: binding.issuer, subject: binding.subject, bound_at: at })
    .onConflict((c) => c.doNothing())
    .returning('account_id')
    .executeTakeFirst()
  return row !== undefined
}

export async function deleteBinding(db: IdentityDb, accountId: string): Promise<boolean> {
  const row = await db.deleteFrom('identity.oidc_binding').where('account_id', '=', accountId).returning('account_id').executeTakeFirst()
  return row !== undefined
}
