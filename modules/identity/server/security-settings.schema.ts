import { At, Nullable, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'

const between = (minimum: number, maximum: number, description: string) => Type.Integer({ minimum, maximum, description })

/** 安全策略: who gets in, how, and for how long. Read at each use, so that a change holds from the next request on, in every process. */
export const SecuritySettings = Strict({
  passwordMaxAgeDays: between(0, 365, '口令有效天数，0 为不限'),
  passwordHistory: between(0, 12, '不得重复使用的最近口令个数'),
  passwordMinLength: between(8, 32, '口令最少字符数'),
  passwordMinClasses: between(1, 4, '口令须含的字符类别数'),
  lockOutAttempts: between(3, 10, '连续错误几次后暂停登录'),
  lockOutMinutes: between(5, 1440, '暂停登录的分钟数'),
  idleMinutes: between(5, 480, '无操作自动退出的分钟数'),
  sessionHours: between(1, 24, '一次登录最长小时数'),
  maxSessions: between(1, 1000, '同一账号同时登录数'),
  secondFactorForAdministrators: Type.Boolean({ description: '三员登录须使用动态口令' }),
  tokenMaxDays: between(1, 366, '访问令牌最长天数'),
  addressSignInFailures: between(20, 100_000, '同一地址每 10 分钟最多登录失败次数'),
  addressExpensivePerMinute: between(60, 1_000_000, '同一地址每分钟最多查询、统计、导出次数'),
  trustedProxies: Type.Array(Type.String({ minLength: 2, maxLength: 50 }), {
    maxItems: 32,
    uniqueItems: true,
    description: '可信代理的地址或网段；只有来自它们的 X-Forwarded-For 才予采信',
  }),
})
export type SecuritySettings = Static<typeof SecuritySettings>

/**
 * As long as no proxy is named, a whole city may come from the one address of its gateway: three thousand officials, one in ten of whom mistypes once in the ten
 * minutes before office hours, and each of whom searches once a minute. With a proxy named an office is what stands behind an address, and less will do.
 */
const addressDefaults = { addressSignInFailures: 300, addressExpensivePerMinute: 3000, trustedProxies: [] as string[] }

/** What a city begins with. In the demo city many people share an account whose password is public: age, second factor and number of sessions are open there. */
export function defaultSettings(demo: boolean): SecuritySettings {
  return {
    passwordMaxAgeDays: demo ? 0 : 90,
    passwordHistory: 5,
    passwordMinLength: 10,
    passwordMinClasses: 2,
    lockOutAttempts: 5,
    lockOutMinutes: 10,
    idleMinutes: 120,
    sessionHours: 12,
    maxSessions: demo ? 1000 : 5,
    secondFactorForAdministrators: !demo,
    tokenMaxDays: 366,
    ...addressDefaults,
  }
}

/** Those whose default is the same in every city. */
export type CommonSettings = Omit<SecuritySettings, 'passwordMaxAgeDays' | 'maxSessions' | 'secondFactorForAdministrators'>

export const ChangeSettings = Strict({ settings: SecuritySettings, version: Type.Integer({ minimum: 0 }) })
export type ChangeSettings = Static<typeof ChangeSettings>

/** The settings in force, beside what a new city has. */
export const SettingsInForce = Type.Object({
  settings: SecuritySettings,
  defaults: SecuritySettings,
  version: Type.Integer({ description: '0：尚未更改' }),
  changedBy: Nullable(Type.String()),
  changedAt: Nullable(At),
})
export type SettingsInForce = Static<typeof SettingsInForce>
