import { type Ctx, TooManyRequests } from '@tongchou/kernel'
import { identityDb } from './identity.tables.ts'
import type { CommonSettings } from './security-settings.schema.ts'
import { claimAttempt } from './sign-in-failure.store.ts'

/** Counts an attempt under a name, of a password or of a code, before it is looked at; throws when the name is closed. `last` when a failure closes it. */
export async function beginAttempt(ctx: Ctx, settings: CommonSettings, username: string): Promise<{ last: boolean }> {
  const { count, lockedUntil } = await claimAttempt(identityDb(ctx), settings, username, ctx.now())
  if (!lockedUntil) return { last: count >= settings.lockOutAttempts }
  const seconds = Math.max(1, Math.ceil((lockedUntil.getTime() - ctx.now().getTime()) / 1000))
  throw new TooManyRequests(
    'session.locked',
    `连续错误 ${settings.lockOutAttempts} 次，登录已暂停。请于 ${Math.ceil(seconds / 60)} 分钟后再试，或联系管理员解除。`,
    seconds,
  )
}
