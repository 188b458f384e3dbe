import { CivilDate, type ListColumn, Moment, StateWord } from '@tongchou/ui'
import { scopeText } from '../words.ts'
import type { Token } from './identity-api.ts'
import { WithdrawToken } from './TokenActs.tsx'

/** What is shown of a token, whosever it is. */
export const tokenColumns: readonly ListColumn<Token>[] = [
  { key: 'name', title: '用途', render: (token) => token.name },
  { key: 'post', title: '所用岗位', render: (token) => `${token.post.organisation.name} ${token.post.title}` },
  { key: 'scope', title: '权限范围', render: (token) => scopeText(token.scope) },
  { key: 'created', title: '签发时间', render: (token) => <Moment at={token.createdAt} /> },
  { key: 'seen', title: '最近使用', render: (token) => (token.lastSeenAt ? <Moment at={token.lastSeenAt} /> : '尚未使用') },
  { key: 'expires', title: '有效期至', render: (token) => <CivilDate value={token.expiresOn} table /> },
  {
    key: 'state',
    title: '状态',
    render: (token) => (token.expired ? <StateWord text="已到期" tone="bad" /> : <StateWord text="有效" tone="good" />),
  },
  { key: 'acts', title: '办理', act: true, render: (token) => <WithdrawToken token={token} /> },
]
