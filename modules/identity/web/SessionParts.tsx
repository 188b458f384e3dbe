import { apiDelete } from '@tongchou/api-client'
import { type ListColumn, Moment, StateWord, useAct } from '@tongchou/ui'
import { Button } from 'antd'
import { useState } from 'react'
import { ActDialog } from './ActDialog.tsx'
import type { SessionLine } from './identity-api.ts'

/** What is shown of a session, whosever it is. */
export const sessionColumns: readonly ListColumn<SessionLine>[] = [
  { key: 'browser', title: '浏览器', render: (session) => <Browser session={session} /> },
  { key: 'address', title: '登录地址', render: (session) => <span className="tc-num">{session.address}</span> },
  { key: 'post', title: '所用岗位', render: ({ post }) => `${post.organisation.name} ${post.title}` },
  { key: 'started', title: '登录时间', render: (session) => <Moment at={session.startedAt} /> },
  { key: 'seen', title: '最近使用', render: (session) => <Moment at={session.lastSeenAt} /> },
  { key: 'by', title: '登录方式', shown: 'hidden', render: ({ signedInBy }) => (signedInBy === 'oidc' ? '统一身份认证' : '口令') },
  { key: 'acts', title: '办理', act: true, render: (session) => <EndSession session={session} /> },
]

function Browser({ session }: { session: SessionLine }) {
  return (
    <>
      {session.browser} {session.current && <StateWord text="本次登录" tone="good" />}
    </>
  )
}

function EndSession({ session }: { session: SessionLine }) {
  const [open, setOpen] = useState(false)
  const act = useAct(async (_: null) => {
    await apiDelete(`/api/v1/sessions/${session.id}`)
    setOpen(false)
  })
  if (session.current) return <span className="tc-muted">用右上角“退出”结束</span>
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        结束登录
      </Button>
      {open && (
        <ActDialog
          title={`结束${session.person.name}的登录`}
          act="结束登录"
          lacks={null}
          pending={act.isPending}
          error={act.error}
          onSubmit={() => act.mutate(null)}
          onClose={() => setOpen(false)}
        >
          <p>
            {session.browser}（{session.address}）上的登录立即结束，须重新登录才能继续办理。
          </p>
        </ActDialog>
      )}
    </>
  )
}
