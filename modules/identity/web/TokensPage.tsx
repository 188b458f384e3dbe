import { apiPost, type ListPage } from '@tongchou/api-client'
import { ActError, ListTable, Page, QueryView, Section, Sideways, useAct, useApi, useListState, useSession } from '@tongchou/ui'
import { Button } from 'antd'
import { useState } from 'react'
import type { SessionLine, Token } from './identity-api.ts'
import { sessionColumns } from './SessionParts.tsx'
import { IssueToken } from './TokenActs.tsx'
import { tokenColumns } from './token-columns.tsx'
import './identity.css'

/** 会话与令牌: where one is signed in, and what machines use to act in one's name. */
export function TokensPage() {
  // Machines act at posts: who has none has no tokens.
  if (useSession().relation !== null)
    return (
      <Page title="登录会话" lead="本人在哪些计算机上登录。">
        <OwnSessions />
      </Page>
    )
  return <SessionsAndTokens />
}

function SessionsAndTokens() {
  const [issuing, setIssuing] = useState(false)
  const state = useListState([])
  const tokens = useApi<ListPage<Token>>('/api/v1/tokens', state.query)
  const issue = (
    <Button type="primary" onClick={() => setIssuing(true)}>
      签发令牌
    </Button>
  )
  return (
    <Page title="会话与令牌" lead="本人在哪些计算机上登录，哪些业务系统以本人名义调用接口。" actions={issue}>
      <Section title="登录会话">
        <OwnSessions />
      </Section>
      <Section title="访问令牌">
        <p>供业务系统以本人当前岗位的职责调用接口。令牌与口令同等重要，不得写入文档和代码。</p>
        <ListTable
          label="令牌列表"
          id="tokens"
          operation="listTokens"
          query={tokens}
          state={state}
          filters={[]}
          columns={tokenColumns}
          rowKey={(token) => token.id}
          empty={{ what: '尚未签发令牌', hint: '业务系统需要调用接口时，在此签发。', act: issue }}
        />
      </Section>
      {issuing && <IssueToken onClose={() => setIssuing(false)} />}
    </Page>
  )
}

function OwnSessions() {
  const sessions = useApi<ListPage<SessionLine>>('/api/v1/sessions', { limit: 200 })
  const endOthers = useAct((_: null) => apiPost('/api/v1/sessions/end-others'))
  const columns = sessionColumns.filter((column) => column.shown !== 'hidden')
  return (
    <QueryView query={sessions} what="登录会话" lines={3}>
      {({ items }) => (
        <>
          <Sideways label="登录会话">
            <table className="tc-table" aria-label="登录会话">
              <thead>
                <tr>
                  {columns.map((column) => (
                    <th key={column.key} scope="col">
                      {column.title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {items.map((session) => (
                  <tr key={session.id}>
                    {columns.map((column) => (
                      <td key={column.key}>{column.render(session)}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </Sideways>
          {items.length > 1 && (
            <p>
              <Button onClick={() => endOthers.mutate(null)} loading={endOthers.isPending}>
                结束其他全部登录
              </Button>
            </p>
          )}
          <ActError act="结束其他全部登录" error={endOthers.error} />
        </>
      )}
    </QueryView>
  )
}
