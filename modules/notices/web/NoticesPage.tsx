import { apiPost, type ListPage } from '@tongchou/api-client'
import { ActError, type ListFilter, ListTable, Moment, optionsOf, Page, StateWord, useAct, useApi, useListState } from '@tongchou/ui'
import { Button } from 'antd'
import { Link, useNavigate } from 'react-router'
import { channelWords, deliveryWords, groupWords } from '../words.ts'

interface Notice {
  id: string
  title: string
  body: string
  href: string | null
  sentAt: string
  readAt: string | null
  deliveries: { channel: keyof typeof channelWords; status: keyof typeof deliveryWords }[]
}

const filters: ListFilter[] = [
  { name: 'q', label: '标题或内容', kind: 'text', width: 220 },
  { name: 'state', label: '状态', kind: 'select', options: optionsOf({ unread: '未读', read: '已读' }) },
  { name: 'group', label: '类别', kind: 'select', options: optionsOf(groupWords) },
]

/** 消息: what the platform has told the person, newest first. Opening one marks it as read. */
export function NoticesPage() {
  const state = useListState(filters)
  const query = useApi<ListPage<Notice>>('/api/v1/notices', state.query)
  const unread = useApi<{ unread: number }>('/api/v1/notices/unread')
  const readAll = useAct((_: null, key) => apiPost('/api/v1/notices/read', {}, { idempotencyKey: key }))
  const count = unread.data?.unread ?? 0
  return (
    <Page
      title="消息"
      lead="办件、黄红牌、导出等事项的提醒。"
      actions={
        count > 0 && (
          <Button onClick={() => readAll.mutate(null)} loading={readAll.isPending}>
            全部标为已读（{count}）
          </Button>
        )
      }
    >
      <ActError act="标为已读" error={readAll.error} />
      <ListTable<Notice, ListPage<Notice>>
        label="消息列表"
        id="notices"
        operation="listNotices"
        query={query}
        state={state}
        filters={filters}
        rowKey={(row) => row.id}
        columns={[
          { key: 'title', title: '标题', render: (row) => <Title notice={row} /> },
          { key: 'body', title: '内容', render: (row) => row.body },
          { key: 'sent', title: '时间', render: (row) => <Moment at={row.sentAt} /> },
          {
            key: 'read',
            title: '状态',
            render: (row) => <StateWord text={row.readAt ? '已读' : '未读'} tone={row.readAt ? 'plain' : 'now'} />,
          },
          {
            key: 'out',
            title: '短信和邮件',
            act: true,
            shown: 'hidden',
            render: (row) => row.deliveries.map(({ channel, status }) => `${channelWords[channel]}${deliveryWords[status]}`).join('，'),
          },
        ]}
        empty={{ what: '没有消息', hint: '有事项需要知悉或办理时，会在这里和右上角提醒。' }}
      />
    </Page>
  )
}

function Title({ notice }: { notice: Notice }) {
  const navigate = useNavigate()
  const read = useAct((id: string, key) => apiPost(`/api/v1/notices/${id}/read`, {}, { idempotencyKey: key }))
  const { href, title, readAt } = notice
  const open = () => {
    if (readAt === null) read.mutate(notice.id)
  }
  const text = readAt === null ? <strong>{title}</strong> : title
  if (href !== null)
    return (
      <Link to={href} onClick={open}>
        {text}
      </Link>
    )
  return readAt === null ? (
    <Button type="link" size="small" onClick={() => read.mutate(notice.id, { onSuccess: () => void navigate('.', { replace: true }) })}>
      {text}
    </Button>
  ) : (
    text
  )
}
