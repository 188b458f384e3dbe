import { apiPost } from '@tongchou/api-client'
import {
  ActError,
  CivilDate,
  Facts,
  Page,
  type Preferences,
  type PreferencesState,
  QueryView,
  reasonOf,
  Section,
  Sideways,
  StateWord,
  useAct,
  useApi,
  usePreferences,
  useSession,
} from '@tongchou/ui'
import { Button, Checkbox, Radio, Select } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { NewRecoveryCodes, RemoveFactor } from './SecondFactorActs.tsx'
import './identity.css'

interface FactorState {
  kind: 'totp' | null
  since: string | null
  recoveryCodesLeft: number
  required: boolean
}

/** 个人设置: who one is here, how one gets in, how pages look. */
export function SettingsPage() {
  const session = useSession()
  return (
    <Page title="个人设置" lead="设置随账号保存，在任何一台计算机上登录都相同。">
      <Section title="本人">
        <Facts
          items={[
            { label: '姓名', value: session.person.name },
            { label: '用户名', value: session.account.username },
            {
              label: '岗位',
              wide: true,
              value: session.posts.map((post) => (
                <div key={post.id}>
                  {post.organisation.name} {post.title} {post.current && <StateWord text="当前岗位" />}
                </div>
              )),
            },
          ]}
        />
      </Section>
      <Section title="登录">
        <SignInSettings />
      </Section>
      <PreferenceSections />
    </Page>
  )
}

function SignInSettings() {
  const { account } = useSession()
  const factor = useApi<FactorState>('/api/v1/me/second-factor')
  return (
    <dl className="tc-doors-rows">
      <div className="tc-doors-row">
        <dt>口令</dt>
        <dd>{account.passwordDaysLeft === null ? '长期有效' : `${account.passwordDaysLeft} 天后到期`}</dd>
        <dd>
          <Link to="/password">修改口令</Link>
        </dd>
      </div>
      <div className="tc-doors-row">
        <dt>动态口令</dt>
        {factor.data ? (
          <Factor state={factor.data} />
        ) : (
          <dd className="tc-doors-wide">
            <QueryView query={factor} what="动态口令" lines={1}>
              {() => null}
            </QueryView>
          </dd>
        )}
      </div>
      <SignOn />
      <div className="tc-doors-row">
        <dt>会话与令牌</dt>
        <dd>查看本人在哪些计算机上登录，结束不是本人的登录。</dd>
        <dd>
          <Link to="/tokens">会话与令牌</Link>
        </dd>
      </div>
    </dl>
  )
}

/** The identity at the city's sign-on (统一身份认证), where there is one. */
function SignOn() {
  const { data } = useApi<{ label: string | null; boundAt: string | null }>('/api/v1/me/oidc-binding')
  const start = useAct(async (_: null) => {
    const { url } = await apiPost<{ url: string }>('/api/v1/me/oidc-binding/start')
    sessionStorage.setItem('tongchou.oidc', 'bind')
    window.location.assign(url)
  })
  if (!data?.label) return null
  return (
    <div className="tc-doors-row">
      <dt>{data.label}</dt>
      {data.boundAt ? (
        <dd>
          <StateWord text="已绑定" tone="good" /> 自<CivilDate value={data.boundAt} />
          ，更换的由系统管理员解除后重新绑定
        </dd>
      ) : (
        <>
          <dd>尚未绑定。绑定后可以用{data.label}登录。</dd>
          <dd>
            <Button size="small" loading={start.isPending} onClick={() => start.mutate(null)}>
              绑定
            </Button>
          </dd>
          {start.error && <dd className="tc-field-error">{reasonOf(start.error)}</dd>}
        </>
      )}
    </div>
  )
}

function Factor({ state }: { state: FactorState }) {
  const [open, setOpen] = useState<'remove' | 'codes' | null>(null)
  if (state.kind === null) {
    return (
      <>
        <dd>尚未启用。启用后，口令泄露也不能登录。</dd>
        <dd>
          <Link to="/second-factor">启用动态口令</Link>
        </dd>
      </>
    )
  }
  return (
    <>
      <dd>
        <StateWord text="已启用" tone="good" /> 自<CivilDate value={state.since} />
        ，剩余恢复码 {state.recoveryCodesLeft} 个
      </dd>
      <dd className="tc-org-acts">
        <Button size="small" onClick={() => setOpen('codes')}>
          重新生成恢复码
        </Button>
        {state.required ? (
          <span className="tc-muted">按安全策略须使用</span>
        ) : (
          <Button size="small" onClick={() => setOpen('remove')}>
            停用动态口令
          </Button>
        )}
      </dd>
      {open === 'remove' && <RemoveFactor onClose={() => setOpen(null)} />}
      {open === 'codes' && <NewRecoveryCodes onClose={() => setOpen(null)} />}
    </>
  )
}

function PreferenceSections() {
  const { query, change } = usePreferences()
  return (
    <>
      <QueryView query={query} what="显示和提醒的设置" lines={4}>
        {(preferences) => <Chosen preferences={preferences} change={change} />}
      </QueryView>
      <p role="status">{change.isSuccess && '已保存。'}</p>
      <ActError act="保存设置" error={change.error} />
    </>
  )
}

function Chosen({ preferences, change }: { preferences: Preferences; change: PreferencesState['change'] }) {
  const { posts } = useSession()
  const set = (part: Partial<Preferences>) => change.mutate(part)
  return (
    <>
      <Section title="显示">
        <Choice
          label="字号"
          value={preferences.textSize}
          options={[
            { value: 'normal', label: '标准' },
            { value: 'large', label: '大' },
            { value: 'larger', label: '特大' },
          ]}
          onChange={(textSize) => set({ textSize: textSize as Preferences['textSize'] })}
        />
        <Choice
          label="对比度"
          value={preferences.contrast}
          options={[
            { value: 'normal', label: '标准' },
            { value: 'high', label: '高对比度' },
          ]}
          onChange={(contrast) => set({ contrast: contrast as Preferences['contrast'] })}
        />
      </Section>
      <Section title="提醒">
        <p>提醒总是显示在系统内；全市已接通短信或邮件的，同时按下列选择发送。</p>
        <Wishes wishes={preferences.noticeWishes} onChange={(noticeWishes) => set({ noticeWishes })} />
      </Section>
      {posts.length > 1 && (
        <Section title="登录时的岗位">
          <Select
            aria-label="登录时的岗位"
            className="tc-doors-select"
            value={preferences.defaultPost ?? ''}
            options={[
              { value: '', label: '上次使用的岗位' },
              ...posts.map((post) => ({ value: post.id, label: `${post.organisation.name} ${post.title}` })),
            ]}
            onChange={(post: string) => set({ defaultPost: post === '' ? null : post })}
          />
        </Section>
      )}
    </>
  )
}

function Choice({
  label,
  value,
  options,
  onChange,
}: {
  label: string
  value: string
  options: { value: string; label: string }[]
  onChange: (value: string) => void
}) {
  return (
    <div className="tc-doors-choice">
      <span aria-hidden="true">{label}</span>
      <Radio.Group aria-label={label} value={value} options={options} onChange={(event) => onChange(event.target.value)} />
    </div>
  )
}

type NoticeWishes = Preferences['noticeWishes']
type WishChannel = 'sms' | 'mail'
const wishChannels: readonly { id: WishChannel; title: string }[] = [
  { id: 'sms', title: '短信' },
  { id: 'mail', title: '邮件' },
]
const wishKinds: readonly { id: string; title: string }[] = [
  { id: 'progress', title: '办件进展：转办、加签、答复、抄送、并案、作废等' },
  { id: 'urge', title: '催办' },
  { id: 'yellow', title: '黄牌' },
  { id: 'card', title: '红牌理由的说明和审核' },
  { id: 'export', title: '导出完成' },
]

/** 提醒方式: each kind of notice by each channel; what binds in office (督办、红牌) stands there and cannot be declined. */
function Wishes({ wishes, onChange }: { wishes: NoticeWishes; onChange: (wishes: NoticeWishes) => void }) {
  const declined = wishes.declined ?? { sms: [], mail: [] }
  const wish = (channel: WishChannel, kind: string, wished: boolean) => {
    const others = declined[channel].filter((one) => one !== kind)
    onChange({ ...wishes, declined: { ...declined, [channel]: wished ? others : [...others, kind] } })
  }
  return (
    <Sideways label="提醒方式">
      <table className="tc-table tc-wishes" aria-label="提醒方式">
        <thead>
          <tr>
            <th scope="col">提醒</th>
            {wishChannels.map(({ id, title }) => (
              <th key={id} scope="col">
                <Checkbox checked={wishes[id]} onChange={(event) => onChange({ ...wishes, [id]: event.target.checked })}>
                  {title}
                </Checkbox>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">督办、红牌、逾期报告和逾期未回复</th>
            {wishChannels.map(({ id }) => (
              <td key={id}>必须送达</td>
            ))}
          </tr>
          {wishKinds.map((kind) => (
            <tr key={kind.id}>
              <th scope="row">{kind.title}</th>
              {wishChannels.map(({ id, title }) =>
                wishes[id] ? (
                  <td key={id}>
                    <Checkbox
                      aria-label={`${kind.title}：${title}`}
                      checked={!declined[id].includes(kind.id)}
                      onChange={(event) => wish(id, kind.id, event.target.checked)}
                    />
                  </td>
                ) : (
                  <td key={id} className="tc-muted">
                    不接收
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="tc-muted">督办、红牌等须由本人负责处理，不论作何选择都发送。</p>
    </Sideways>
  )
}
