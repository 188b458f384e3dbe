import { apiPost } from '@tongchou/api-client'
import { ActForm, Empty, Forbidden, field, holdsDuty, Page, QueryView, useAllPages, useSession } from '@tongchou/ui'
import { Link, useNavigate } from 'react-router'
import { type Channel, keepers } from './exchange-api.ts'

interface Collected {
  id: string
  title: string
  org: { id: string; name: string }
  structure: number | null
}

/** 建立通道: one department's machine, one resource that is collected. */
export function NewChannelPage() {
  const session = useSession()
  const mayKeep = holdsDuty(session, keepers)
  return (
    <Page title="建立通道" breadcrumb={[{ label: '交换通道', href: '/channels' }, { label: '建立通道' }]}>
      {mayKeep ? <NewChannel /> : <Forbidden duty={keepers} act="建立交换通道" />}
    </Page>
  )
}

function NewChannel() {
  const navigate = useNavigate()
  const libraries = useAllPages<Collected>('/api/v1/libraries')
  return (
    <QueryView
      query={libraries}
      what="已建库的资源"
      isEmpty={(lines) => lines.every(({ structure }) => structure === null)}
      empty={
        <Empty
          what="没有已建库的资源"
          hint="以库表方式共享的目录登记后自动建库，建库后才能建立通道。"
          act={<Link to="/libraries">查看基础库</Link>}
        />
      }
    >
      {(lines) => (
        <ActForm
          act="建立通道"
          fields={[
            field('resource', '数据资源', {
              type: 'choice',
              search: true,
              choices: lines.flatMap(({ id, title, org, structure }) =>
                structure === null ? [] : [{ value: id, title: `${title}（${org.name}）` }],
              ),
              help: '只列已建库的资源。',
            }),
            field('orgId', '报送单位', { type: 'reference', of: 'organisation', help: '由哪个单位的前置程序报送，一般是资源的提供方。' }),
            field('name', '通道名称', { type: 'text', maxLength: 100, help: '同一单位的通道不重名，例如 民政低保家庭通道。' }),
          ]}
          send={async (data, key) => {
            const made = await apiPost<Channel>('/api/v1/channels', data, { idempotencyKey: key })
            await navigate(`/channels/${made.id}`)
          }}
        >
          <p className="tc-muted">建立后登记前置程序的公钥，由报送单位的数据专员签发报送令牌，即可开始报送。</p>
        </ActForm>
      )}
    </QueryView>
  )
}
