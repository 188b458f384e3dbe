import { Moment } from '@tongchou/ui'

export interface Settings {
  passwordMaxAgeDays: number
  passwordHistory: number
  passwordMinLength: number
  passwordMinClasses: number
  lockOutAttempts: number
  lockOutMinutes: number
  idleMinutes: number
  sessionHours: number
  maxSessions: number
  secondFactorForAdministrators: boolean
  tokenMaxDays: number
  addressSignInFailures: number
  addressExpensivePerMinute: number
  trustedProxies: string[]
}

export interface SettingsInForce {
  settings: Settings
  defaults: Settings
  version: number
  changedBy: string | null
  changedAt: string | null
}

export interface SettingLine {
  name: Exclude<keyof Settings, 'secondFactorForAdministrators' | 'trustedProxies'>
  label: string
  unit: string
  min: number
  max: number
  hint?: string
}

/** The settings in the order an auditor asks for them, with the bounds that the server holds them to. */
export const settingGroups: readonly { title: string; lines: readonly SettingLine[] }[] = [
  {
    title: '口令',
    lines: [
      { name: 'passwordMaxAgeDays', label: '口令有效期', unit: '天', min: 0, max: 365, hint: '0 为不限' },
      { name: 'passwordHistory', label: '不得与最近使用的口令相同', unit: '个', min: 0, max: 12 },
      { name: 'passwordMinLength', label: '口令最少', unit: '个字符', min: 8, max: 32 },
      { name: 'passwordMinClasses', label: '口令须含', unit: '类字符', min: 1, max: 4, hint: '大写字母、小写字母、数字、其他字符' },
    ],
  },
  {
    title: '登录',
    lines: [
      { name: 'lockOutAttempts', label: '连续错误几次后暂停登录', unit: '次', min: 3, max: 10 },
      { name: 'lockOutMinutes', label: '暂停登录', unit: '分钟', min: 5, max: 1440 },
      { name: 'idleMinutes', label: '无操作自动退出', unit: '分钟', min: 5, max: 480 },
      { name: 'sessionHours', label: '一次登录最长', unit: '小时', min: 1, max: 24 },
      { name: 'maxSessions', label: '同一账号同时登录', unit: '处', min: 1, max: 1000, hint: '超出的，最久未用的登录自动结束' },
    ],
  },
  { title: '令牌', lines: [{ name: 'tokenMaxDays', label: '访问令牌最长有效期', unit: '天', min: 1, max: 366 }] },
  {
    title: '来源地址',
    lines: [
      {
        name: 'addressSignInFailures',
        label: '同一地址每 10 分钟最多登录失败',
        unit: '次',
        min: 20,
        max: 100_000,
        hint: '登录成功的不计；未列出可信代理时，全市可能同为网关一个地址',
      },
      { name: 'addressExpensivePerMinute', label: '同一地址每分钟最多查询、统计、导出', unit: '次', min: 60, max: 1_000_000 },
    ],
  },
]

/** The settings to read (安全策略). */
export function SettingsTable({ inForce: { settings, ...inForce } }: { inForce: SettingsInForce }) {
  return (
    <>
      <dl className="tc-doors-rows">
        {settingGroups.flatMap(({ lines }) =>
          lines.map(({ name, label, unit }) => (
            <div key={name} className="tc-doors-row">
              <dt>{label}</dt>
              <dd>
                {settings[name] === 0 ? '不限' : `${settings[name]} ${unit}`}
                {settings[name] !== inForce.defaults[name] && (
                  <span className="tc-muted">（默认{inForce.defaults[name] === 0 ? '不限' : ` ${inForce.defaults[name]}`}）</span>
                )}
              </dd>
            </div>
          )),
        )}
        <div className="tc-doors-row">
          <dt>可信代理</dt>
          <dd>{settings.trustedProxies.length === 0 ? '无' : settings.trustedProxies.join('、')}</dd>
        </div>
        <div className="tc-doors-row">
          <dt>三员登录须使用动态口令</dt>
          <dd>{settings.secondFactorForAdministrators ? '是' : '否'}</dd>
        </div>
      </dl>
      <LastChange inForce={{ settings, ...inForce }} />
    </>
  )
}

export function LastChange({ inForce: { changedAt, changedBy } }: { inForce: SettingsInForce }) {
  if (changedAt === null) return <p className="tc-muted">尚未更改，各项均为默认值。</p>
  return (
    <p className="tc-muted">
      {changedBy} 于 <Moment at={changedAt} text /> 最近一次修改。
    </p>
  )
}
