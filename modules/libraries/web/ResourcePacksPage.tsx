import { apiPost } from '@tongchou/api-client'
import {
  ActError,
  Empty,
  Forbidden,
  holdsDuty,
  OUTSIDE_DUTIES,
  Page,
  QueryView,
  Section,
  Sideways,
  useAct,
  useAllPages,
  useSession,
} from '@tongchou/ui'
import { Button } from 'antd'
import { useNavigate } from 'react-router'
import { kindWords } from '../words.ts'
import { introducers, type PackLine, type PackResourceLine } from './libraries-api.ts'

const title = '资源包'

/** 资源包: base libraries and business resources that a department may begin its catalog entries from. */
export function ResourcePacksPage() {
  const session = useSession()
  const query = useAllPages<PackLine>('/api/v1/resource-packs')
  if (holdsDuty(session, OUTSIDE_DUTIES))
    return (
      <Page title={title}>
        <Forbidden duty={introducers} act="查看资源包" />
      </Page>
    )
  return (
    <Page
      title={title}
      lead="资源包给出基础库和业务资源的信息项、主键、共享属性、分级和质量规则。引入后成为本单位的目录草稿，补齐提供方代码、分类细目和五项责任后，照常审签、保密审查和审核登记。"
      breadcrumb={[{ label: '资源目录', href: '/catalog' }, { label: title }]}
    >
      <QueryView
        query={query}
        what={title}
        isEmpty={(packs) => packs.length === 0}
        empty={<Empty what="尚无资源包" hint="资源包随系统提供，放在 resource-packs 文件夹中。" />}
      >
        {(packs) => packs.map((pack) => <PackSection key={pack.pack} pack={pack} mayIntroduce={holdsDuty(session, introducers)} />)}
      </QueryView>
    </Page>
  )
}

function PackSection({ pack, mayIntroduce }: { pack: PackLine; mayIntroduce: boolean }) {
  const navigate = useNavigate()
  const introducing = useAct(async (resource: PackResourceLine, idempotencyKey) => {
    const path = `/api/v1/resource-packs/${pack.pack}/resources/${resource.name}/drafts`
    const { id } = await apiPost<{ id: string }>(path, {}, { idempotencyKey })
    await navigate(`/catalog/${id}`)
  })
  return (
    <Section title={`${pack.title}（${pack.version}）`}>
      <p className="tc-muted">{pack.summary}</p>
      <ActError act="引入" error={introducing.error} />
      <Sideways label={pack.title}>
        <table className="tc-table" aria-label={pack.title}>
          <thead>
            <tr>
              <th scope="col">资源</th>
              <th scope="col">内容</th>
              <th scope="col">通常的提供方</th>
              <th scope="col">更新方式</th>
              <th scope="col" className="tc-right">
                信息项
              </th>
              <th scope="col" className="tc-right">
                质量规则
              </th>
              {mayIntroduce && (
                <th scope="col">
                  <span className="tc-hidden">办理</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {pack.resources.map((resource) => (
              <tr key={resource.name}>
                <td>{resource.title}</td>
                <td>{resource.abstract}</td>
                <td>{resource.provider}</td>
                <td>{kindWords[resource.kind]}</td>
                <td className="tc-right">{resource.itemCount}</td>
                <td className="tc-right">{resource.ruleCount}</td>
                {mayIntroduce && (
                  <td className="tc-row-acts">
                    <Button
                      size="small"
                      loading={introducing.isPending && introducing.variables.name === resource.name}
                      disabled={introducing.isPending}
                      onClick={() => introducing.mutate(resource)}
                      aria-label={`引入为目录草稿：${resource.title}`}
                    >
                      引入为目录草稿
                    </Button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Sideways>
    </Section>
  )
}
