import type { ListPage } from '@tongchou/api-client'
import {
  Forbidden,
  holdsDuty,
  type ListColumn,
  type ListFilter,
  ListTable,
  Page,
  StateWord,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Button } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { BindIdentity, ChangeStatus, OpenAccount, RegisterPerson, RenamePerson, ResetPassword } from './AccountActs.tsx'
import type { Person } from './identity-api.ts'
import './identity.css'

const filters: readonly ListFilter[] = [{ name: 'q', label: '姓名或用户名', kind: 'text', width: 220 }]

const columns: readonly ListColumn<Person>[] = [
  { key: 'name', title: '姓名', render: (person) => person.name },
  { key: 'posts', title: '岗位', render: (person) => <Posts person={person} /> },
  { key: 'username', title: '用户名', render: (person) => person.account?.username ?? <span className="tc-muted">未开通</span> },
  { key: 'status', title: '账号状态', render: (person) => <Status person={person} /> },
  { key: 'acts', title: '办理', act: true, render: (person) => <Acts person={person} /> },
]

/** 人员与账号: the system administrator's list. */
export function PeoplePage() {
  const [registering, setRegistering] = useState(false)
  const allowed = holdsDuty(useSession(), ['system-admin'])
  const state = useListState(filters)
  const people = useApi<ListPage<Person>>(allowed ? '/api/v1/people' : null, state.query)
  const register = (
    <Button type="primary" onClick={() => setRegistering(true)}>
      登记人员
    </Button>
  )
  return (
    <Page title="人员与账号" lead="登记人员，开通、停用账号，重置口令。任职和职责在机构页面办理。" actions={allowed && register}>
      {allowed ? (
        <ListTable
          label="人员列表"
          id="people"
          operation="listPeople"
          query={people}
          state={state}
          filters={filters}
          columns={columns}
          rowKey={(person) => person.id}
          empty={{ what: '尚未登记人员', hint: '登记后在机构页面办理任职，再开通账号。', act: register }}
        />
      ) : (
        <Forbidden duty={['system-admin']} act="管理人员与账号" />
      )}
      {registering && <RegisterPerson onClose={() => setRegistering(false)} />}
    </Page>
  )
}

function Posts({ person }: { person: Person }) {
  if (person.posts.length === 0) return <span className="tc-muted">尚无岗位</span>
  return person.posts.map((post) => (
    <div key={post.id}>
      <Link to={`/organisations/${post.organisation.id}`}>{post.organisation.name}</Link> {post.title}
    </div>
  ))
}

function Status({ person: { account } }: { person: Person }) {
  if (!account) return <span className="tc-muted">未开通</span>
  if (account.status === 'disabled') return <StateWord text="已停用" tone="bad" />
  return account.mustChangePassword ? <StateWord text="待修改初始口令" tone="soon" /> : <StateWord text="正常" tone="good" />
}

type Open = 'rename' | 'account' | 'password' | 'status' | 'identity' | null

function Acts({ person }: { person: Person }) {
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const { account } = person
  const options = useApi<{ oidc: object | null }>('/api/v1/sign-in-options')
  const own = useSession().person.id === person.id
  return (
    <span className="tc-org-acts">
      <Button size="small" onClick={() => setOpen('rename')}>
        更改姓名
      </Button>
      {!account && (
        <Button size="small" onClick={() => setOpen('account')}>
          开通账号
        </Button>
      )}
      {account && !own && (
        <Button size="small" onClick={() => setOpen('password')}>
          重置口令
        </Button>
      )}
      {account && !own && (
        <Button size="small" onClick={() => setOpen('status')}>
          {account.status === 'active' ? '停用' : '启用'}
        </Button>
      )}
      {account && !own && options.data?.oidc && (
        <Button size="small" onClick={() => setOpen('identity')}>
          统一身份
        </Button>
      )}
      {own && <span className="tc-muted">本人账号由另一名管理员办理</span>}
      {open === 'rename' && <RenamePerson person={person} onClose={close} />}
      {open === 'account' && <OpenAccount person={person} onClose={close} />}
      {open === 'password' && account && <ResetPassword person={person} account={account} onClose={close} />}
      {open === 'identity' && account && <BindIdentity person={person} account={account} onClose={close} />}
      {open === 'status' && account && <ChangeStatus person={person} account={account} onClose={close} />}
    </span>
  )
}
