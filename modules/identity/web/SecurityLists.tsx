import { apiPost, type ListPage } from '@tongchou/api-client'
import {
  CivilDate,
  Forbidden,
  holdsDuty,
  type ListColumn,
  type ListFilter,
  ListTable,
  Page,
  useAct,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Button } from 'antd'
import { useState } from 'react'
import { ActDialog, TextField } from './ActDialog.tsx'
import type { SessionLine, Token } from './identity-api.ts'
import { sessionColumns } from './SessionParts.tsx'
import { tokenColumns } from './token-columns.tsx'
import './identity.css'

const above = [{ label: '安全管理', href: '/security' }]
const filters: readonly ListFilter[] = [{ name: 'q', label: '姓名或用户名', kind: 'text', width: 220 }]

/** 在线会话: everybody's, for the security administrator. */
export function AllSessionsPage() {
  const columns: readonly ListColumn<SessionLine>[] = [
    { key: 'person', title: '姓名', render: ({ person }) => person.name },
    { key: 'username', title: '用户名', render: ({ account }) => account.username },
    ...sessionColumns,
  ]
  return (
    <SecurityList<SessionLine>
      title="在线会话"
      lead="正在使用系统的登录。结束的，该浏览器的下一次操作即被拒绝。"
      id="all-sessions"
      path="/api/v1/sessions"
      operation="listSessions"
      columns={columns}
      empty={{ what: '没有在线会话' }}
    />
  )
}

/** 访问令牌: everybody's, for the security administrator. */
export function AllTokensPage() {
  const columns: readonly ListColumn<Token>[] = [{ key: 'person', title: '持有人', render: ({ person }) => person.name }, ...tokenColumns]
  return (
    <SecurityList<Token>
      title="全部访问令牌"
      lead="业务系统以哪些人的名义调用接口。"
      id="all-tokens"
      path="/api/v1/tokens"
      operation="listTokens"
      columns={columns}
      empty={{ what: '尚未签发令牌' }}
    />
  )
}

interface Enrolled {
  id?: string
  account: { id: string; username: string }
  person: { id: string; name: string }
  since: string
}

/** 动态口令: who has one, and the reset for who has lost the device. */
export function SecondFactorsPage() {
  const columns: readonly ListColumn<Enrolled>[] = [
    { key: 'person', title: '姓名', render: ({ person }) => person.name },
    { key: 'username', title: '用户名', render: ({ account }) => account.username },
    { key: 'since', title: '启用日期', render: ({ since }) => <CivilDate value={since} table /> },
    { key: 'acts', title: '办理', act: true, render: (enrolled) => <ResetFactor enrolled={enrolled} /> },
  ]
  return (
    <SecurityList<Enrolled>
      title="动态口令"
      lead="已启用动态口令的账号。手机和恢复码都遗失的，当面核实本人后重置。"
      id="second-factors"
      path="/api/v1/second-factors"
      operation="listSecondFactors"
      columns={columns}
      empty={{ what: '尚无账号启用动态口令' }}
    />
  )
}

interface SecurityListProps<T> {
  title: string
  lead: string
  id: string
  path: string
  operation: string
  columns: readonly ListColumn<T>[]
  empty: { what: string }
}

function SecurityList<T extends { id?: string; account: { id: string } }>({
  title,
  lead,
  id,
  path,
  operation,
  columns,
  empty,
}: SecurityListProps<T>) {
  const guards = holdsDuty(useSession(), ['security-admin'])
  const state = useListState(filters)
  const fixed: Record<string, string> = path === '/api/v1/second-factors' ? {} : { whose: 'all' }
  const query = useApi<ListPage<T>>(guards ? path : null, { ...state.query, ...fixed })
  return (
    <Page title={title} lead={lead} breadcrumb={above}>
      {guards ? (
        <ListTable
          label={title}
          id={id}
          operation={operation}
          fixed={fixed}
          query={query}
          state={state}
          filters={filters}
          columns={columns}
          rowKey={(row) => row.id ?? row.account.id}
          empty={empty}
        />
      ) : (
        <Forbidden duty={['security-admin']} act={`查看${title}`} />
      )}
    </Page>
  )
}

function ResetFactor({ enrolled: { account, person } }: { enrolled: Enrolled }) {
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const act = useAct(async (input: { reason: string }, key) => {
    await apiPost(`/api/v1/accounts/${account.id}/second-factor-reset`, input, { idempotencyKey: key })
    setOpen(false)
  })
  if (useSession().account.id === account.id) return <span className="tc-muted">本人的由另一名安全管理员办理</span>
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        重置
      </Button>
      {open && (
        <ActDialog
          title={`重置${person.name}的动态口令`}
          act="重置动态口令"
          lacks={reason.trim() === '' ? '请填写理由。' : null}
          pending={act.isPending}
          error={act.error}
          onSubmit={() => act.mutate({ reason: reason.trim() })}
          onClose={() => setOpen(false)}
        >
          <p>重置后，账号“{account.username}”的登录全部结束，下次登录只凭口令，须重新启用动态口令。</p>
          <TextField
            label="理由"
            hint="记入审计日志，例如 手机遗失，已当面核实身份。"
            maxLength={200}
            value={reason}
            onChange={setReason}
          />
        </ActDialog>
      )}
    </>
  )
}
