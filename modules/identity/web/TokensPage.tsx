import { apiDelete, apiPost, type ListPage } from '@tongchou/api-client'
import { CivilDate, type ListColumn, ListTable, Moment, Page, StateWord, useAct, useApi, useListState } from '@tongchou/ui'
import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { ActDialog, Field } from './ActDialog.tsx'
import type { Token } from './identity-api.ts'
import './identity.css'

const columns: readonly ListColumn<Token>[] = [
  { key: 'name', title: '用途', render: (token) => token.name },
  { key: 'post', title: '所用岗位', render: (token) => `${token.post.organisation.name} ${token.post.title}` },
  { key: 'created', title: '签发时间', render: (token) => <Moment at={token.createdAt} /> },
  { key: 'seen', title: '最近使用', render: (token) => (token.lastSeenAt ? <Moment at={token.lastSeenAt} /> : '尚未使用') },
  { key: 'expires', title: '有效期至', render: (token) => <CivilDate value={token.expiresOn} table /> },
  {
    key: 'state',
    title: '状态',
    render: (token) => (token.expired ? <StateWord text="已到期" tone="bad" /> : <StateWord text="有效" tone="good" />),
  },
  { key: 'acts', title: '办理', act: true, render: (token) => <Acts token={token} /> },
]

/** 访问令牌: what machines use to act in one's name. */
export function TokensPage() {
  const [issuing, setIssuing] = useState(false)
  const state = useListState([])
  const tokens = useApi<ListPage<Token>>('/api/v1/tokens', state.query)
  const issue = (
    <Button type="primary" onClick={() => setIssuing(true)}>
      签发令牌
    </Button>
  )
  return (
    <Page title="访问令牌" lead="供业务系统以本人当前岗位的职责调用接口。令牌与口令同等重要，不得写入文档和代码。" actions={issue}>
      <ListTable
        label="令牌列表"
        id="tokens"
        operation="listTokens"
        query={tokens}
        state={state}
        filters={[]}
        columns={columns}
        rowKey={(token) => token.id}
        empty={{ what: '尚未签发令牌', hint: '业务系统需要调用接口时，在此签发。', act: issue }}
      />
      {issuing && <IssueToken onClose={() => setIssuing(false)} />}
    </Page>
  )
}

function IssueToken({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [expiresOn, setExpiresOn] = useState('')
  const [issued, setIssued] = useState<string | null>(null)
  const act = useAct(async (input: { name: string; expiresOn: string }) => {
    setIssued((await apiPost<{ token: string }>('/api/v1/tokens', input)).token)
  })
  if (issued !== null) return <ShownOnce token={issued} onClose={onClose} />
  return (
    <ActDialog
      title="签发访问令牌"
      act="签发令牌"
      lacks={name.trim() === '' ? '请填写用途。' : expiresOn === '' ? '请填写有效期。' : null}
      pending={act.isPending}
      error={act.error}
      onSubmit={() => act.mutate({ name: name.trim(), expiresOn })}
      onClose={onClose}
    >
      <Field label="用途" hint="写明由哪个系统使用，例如 低保核对系统对接。">
        <Input value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label="有效期至" hint="最长一年，当日仍有效。">
        <Input type="date" value={expiresOn} onChange={(event) => setExpiresOn(event.target.value)} />
      </Field>
    </ActDialog>
  )
}

/** The token itself; closing this is the last that anybody sees of it. */
function ShownOnce({ token, onClose }: { token: string; onClose: () => void }) {
  return (
    <Modal open title="令牌已签发" onCancel={onClose} mask={{ closable: false }} footer={<Button onClick={onClose}>已保存，关闭</Button>}>
      <p className="tc-org-secret">{token}</p>
      <p>只显示这一次，请立即存入使用它的系统。遗失的，撤销后重新签发。</p>
    </Modal>
  )
}

function Acts({ token }: { token: Token }) {
  const [open, setOpen] = useState(false)
  const act = useAct(async (_: null) => {
    await apiDelete(`/api/v1/tokens/${token.id}`)
    setOpen(false)
  })
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        撤销
      </Button>
      {open && (
        <ActDialog
          title={`撤销令牌“${token.name}”`}
          act="撤销令牌"
          lacks={null}
          pending={act.isPending}
          error={act.error}
          onSubmit={() => act.mutate(null)}
          onClose={() => setOpen(false)}
        >
          <p>撤销后，使用该令牌的系统立即不能再调用接口。</p>
        </ActDialog>
      )}
    </>
  )
}
