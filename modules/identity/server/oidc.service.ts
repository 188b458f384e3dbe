import { type Ctx, InvalidState, inTransaction, NotPermitted, recordAudit, recordRefusal } from '@tongchou/kernel'
import { lockOther } from './account.service.ts'
import { findAccount, lockAccount } from './account.store.ts'
import type { Credential } from './authenticate.ts'
import { identityDb } from './identity.tables.ts'
import type { OidcProvider } from './oidc.provider.ts'
import { deleteBinding, findBinding, findBoundAccount, insertBinding, insertFlow, type OidcFlow, takeFlow } from './oidc.store.ts'
import { newSecret } from './secret.ts'
import type { DemoMode } from './session.service.ts'
import { findSessionStart } from './session.store.ts'
import { admit, type SignInOrigin, type SignInStep } from './sign-in.service.ts'

/** The sign-on, or the refusal where the city has none. */
export function configured(provider: OidcProvider | null): OidcProvider {
  if (!provider) throw new InvalidState('oidc.off', '本系统没有接入统一身份认证，请使用账号口令登录。')
  return provider
}

/** Sends a browser to the sign-on (统一身份认证登录). The secret goes into its cookie: only this browser can come back. */
export async function beginFlow(
  ctx: Ctx,
  provider: OidcProvider,
  redirectUri: string,
  accountId: string | null,
): Promise<{ url: string; secret: string }> {
  const { url, checks } = await provider.begin(redirectUri)
  const { secret, digest } = newSecret()
  await insertFlow(identityDb(ctx), { ...checks, tokenHash: digest, accountId, redirectUri }, ctx.now())
  return { url, secret }
}

/** Signs in who comes back from the sign-on, as the account that is bound to them. No account is made, and none is found by name or mail. */
export async function signInByOidc(
  ctx: Ctx,
  demo: DemoMode,
  provider: OidcProvider,
  came: { flow: string | undefined; query: string },
  origin: SignInOrigin,
): Promise<SignInStep> {
  const flow = await flowOf(ctx, came.flow)
  if (flow.accountId !== null) throw flowOver()
  const subject = await provider.finish(flow.redirectUri, came.query, flow)
  const id = await findBoundAccount(identityDb(ctx), provider.settings.issuer, subject)
  const account = id === undefined ? undefined : await findAccount(identityDb(ctx), id)
  if (!account) {
    await recordRefusal(ctx, 'session.started', { kind: 'account', id: 'unknown' }, { code: 'oidc.not_bound' })
    throw new NotPermitted(
      'oidc.not_bound',
      '该统一身份尚未绑定本系统的账号。请先用账号口令登录，在“个人设置”中绑定，或联系系统管理员绑定。',
    )
  }
  return admit(ctx, demo, account, 'oidc', origin)
}

/** Binds the identity of who comes back to the own account (绑定统一身份), once; only an administrator takes it away again. */
export async function bindOwn(ctx: Ctx, provider: OidcProvider, came: { flow: string | undefined; query: string }): Promise<void> {
  const flow = await flowOf(ctx, came.flow)
  if (flow.accountId !== ctx.actor.accountId) throw flowOver()
  const subject = await provider.finish(flow.redirectUri, came.query, flow)
  await inTransaction(ctx, async (tx) => {
    await lockAccount(identityDb(tx), tx.actor.accountId)
    await bind(tx, provider, tx.actor.accountId, subject)
  })
}

/** Binds an identity to somebody's account, or takes the present one away (`subject` null). */
export async function setBinding(ctx: Ctx, known: OidcProvider | null, id: string, subject: string | null): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    await lockOther(tx, id, '不得办理本人的统一身份绑定。请在“个人设置”中绑定，或由另一名系统管理员办理。')
    const provider = configured(known)
    if (subject !== null) return bind(tx, provider, id, subject.trim())
    if (!(await deleteBinding(identityDb(tx), id))) throw new InvalidState('oidc.none', '该账号没有绑定统一身份，无须解除。')
    await recordAudit(tx, 'oidc.unbound', { kind: 'account', id })
  })
}

async function bind(ctx: Ctx, provider: OidcProvider, accountId: string, subject: string): Promise<void> {
  const { issuer } = provider.settings
  if (!(await insertBinding(identityDb(ctx), { accountId, issuer, subject }, ctx.now())))
    throw new InvalidState('oidc.bound_already', '该账号已绑定统一身份，或该统一身份已绑定其他账号。如需更换，请联系系统管理员解除原绑定。')
  await recordAudit(ctx, 'oidc.bound', { kind: 'account', id: accountId })
}

/** Whether the own account is bound, and since when. */
export async function ownBinding(ctx: Ctx, provider: OidcProvider | null) {
  const binding = provider && (await findBinding(identityDb(ctx), ctx.actor.accountId))
  return { label: provider?.settings.label ?? null, boundAt: binding?.boundAt.toISOString() ?? null }
}

/** Where to go on to after signing out here; null where the session did not come from the sign-on, or that is down. */
export async function signOutUrl(ctx: Ctx, provider: OidcProvider | null, credential: Credential, backTo: string): Promise<string | null> {
  if (!provider || (await findSessionStart(identityDb(ctx), credential.digest)) !== 'oidc') return null
  return provider.signOutUrl(backTo).catch(() => null)
}

async function flowOf(ctx: Ctx, digest: string | undefined): Promise<OidcFlow> {
  const flow = digest === undefined ? undefined : await takeFlow(identityDb(ctx), digest, ctx.now())
  if (!flow) throw flowOver()
  return flow
}

function flowOver(): InvalidState {
  return new InvalidState('oidc.flow_over', '此次统一身份认证已超时或已使用。请重新登录。')
}
