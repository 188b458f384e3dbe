import { apiPost, type ListPage } from '@tongchou/api-client'
import {
  ActError,
  ActLink,
  Empty,
  Forbidden,
  holdsDuty,
  Moment,
  Page,
  QueryView,
  Section,
  Sideways,
  useAct,
  useApi,
  useSession,
} from '@tongchou/ui'
import { Button } from 'antd'
import { SettingsForm } from './SecuritySettingsForm.tsx'
import { type SettingsInForce, SettingsTable } from './SecuritySettingsTable.tsx'
import './identity.css'

interface LockedName {
  account: { id: string; username: string }
  person: { id: string; name: string }
  lockedAt: string
  lockedUntilAt: string
}

/** 安全管理: who is shut out, and the rules by which one gets in. The audit administrator reads the rules. */
export function SecurityPage() {
  const session = useSession()
  const guards = holdsDuty(session, ['security-admin'])
  const reads = guards || holdsDuty(session, ['audit-admin'])
  const settings = useApi<SettingsInForce>(reads ? '/api/v1/security-settings' : null)
  const acts = (
    <>
      <ActLink to="/security/sessions">在线会话</ActLink>
      <ActLink to="/security/tokens">访问令牌</ActLink>
      <ActLink to="/security/second-factors">动态口令</ActLink>
    </>
  )
  return (
    <Page title="安全管理" lead="谁可以进入系统、怎样进入、可以停留多久。" actions={guards && acts}>
      {!reads && <Forbidden duty={['security-admin', 'audit-admin']} act="查看安全策略" />}
      {guards && (
        <Section title="登录暂停">
          <LockOuts />
        </Section>
      )}
      {reads && (
        <Section title="安全策略">
          <QueryView query={settings} what="安全策略" lines={8}>
            {(inForce) => (guards ? <SettingsForm key={inForce.version} inForce={inForce} /> : <SettingsTable inForce={inForce} />)}
          </QueryView>
        </Section>
      )}
    </Page>
  )
}

function LockOuts() {
  const locked = useApi<ListPage<LockedName>>('/api/v1/lock-outs', { limit: 200 })
  const unlock = useAct((id: string, key) => apiPost(`/api/v1/accounts/${id}/unlock`, undefined, { idempotencyKey: key }))
  return (
    <QueryView
      query={locked}
      what="登录暂停的账号"
      lines={2}
      isEmpty={({ items }) => items.length === 0}
      empty={<Empty what="没有登录暂停的账号" hint="连续输错口令的账号列在这里，到时自动解除，也可以提前解除。" />}
    >
      {({ items }) => (
        <>
          <Sideways label="登录暂停的账号">
            <table className="tc-table" aria-label="登录暂停的账号">
              <thead>
                <tr>
                  {['姓名', '用户名', '暂停时间', '自动解除时间', '办理'].map((title) => (
                    <th key={title} scope="col">
                      {title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {items.map(({ account, person, lockedAt, lockedUntilAt }) => (
                  <tr key={account.id}>
                    <td>{person.name}</td>
                    <td>{account.username}</td>
                    <td>
                      <Moment at={lockedAt} />
                    </td>
                    <td>
                      <Moment at={lockedUntilAt} />
                    </td>
                    <td>
                      <Button size="small" loading={unlock.isPending} onClick={() => unlock.mutate(account.id)}>
                        解除暂停
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Sideways>
          <ActError act="解除暂停" error={unlock.error} />
        </>
      )}
    </QueryView>
  )
}
