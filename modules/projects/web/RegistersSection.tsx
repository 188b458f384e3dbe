// SPDX-License-Identifier: Apache-2.0
import { ApiProblem, type ListPage } from '@tongchou/api-client'
import { QueryView, Section, StateWord, type Tone, useApi } from '@tongchou/ui'
import { Link } from 'react-router'
import type { Project } from './project-api.ts'
import { deploymentWords } from './words.ts'

interface SystemLine {
  id: string
  name: string
  status: 'planned' | 'building' | 'running' | 'closed'
  deployment: 'gov-cloud' | 'own' | 'other' | null
  cityBrainConnected: boolean | null
  protectionLevel: number | null
}

const systemStatus: Readonly<Record<SystemLine['status'], { text: string; tone: Tone }>> = {
  planned: { text: '规划', tone: 'plain' },
  building: { text: '建设', tone: 'now' },
  running: { text: '运行', tone: 'good' },
  closed: { text: '关停', tone: 'plain' },
}

/** Systems (系统): what was proposed, and what is registered with the answers of the offices. */
export function SystemsSection({ project }: { project: Project }) {
  const query = useApi<ListPage<SystemLine>>('/api/v1/systems', { projectId: project.id, limit: 50 })
  return (
    <Section title="系统" extra={<Link to={`/systems?projectId=${project.id}`}>信息系统登记</Link>}>
      <p>
        申报拟建：
        {project.systems.length === 0 ? (
          <span className="tc-muted">未列</span>
        ) : (
          project.systems.map((one) => (one.functions === '' ? one.name : `${one.name}（${one.functions}）`)).join('；')
        )}
      </p>
      {!isHidden(query.error) && (
        <QueryView
          query={query}
          what="信息系统登记"
          lines={1}
          isEmpty={({ items }) => items.length === 0}
          empty={<p className="tc-muted">尚未登记信息系统。建设单位登记后，由市大数据中心核实部署和接入情况。</p>}
        >
          {({ items }) => (
            <ul className="tc-plain-list">
              {items.map((one) => (
                <li key={one.id}>
                  <Link to={`/systems/${one.id}`}>{one.name}</Link> <StateWord {...systemStatus[one.status]} />{' '}
                  {one.deployment === null ? '部署位置未核实' : deploymentWords[one.deployment]}，
                  {one.cityBrainConnected === null ? '接入城市大脑未核实' : one.cityBrainConnected ? '已接入城市大脑' : '未接入城市大脑'}，
                  {one.protectionLevel === null ? '等级保护未备案' : `等级保护 ${one.protectionLevel} 级`}
                </li>
              ))}
            </ul>
          )}
        </QueryView>
      )}
    </Section>
  )
}

interface ResourceLine {
  id: string
  name: string
  state: string
  itemCount: number
  registeredOn: string | null
}

/** How far a declared resource is on its way to the platform, as `GET /api/v1/catalog/projects/{id}/resources` gives it. */
interface DeclaredLine {
  id: string
  name: string
  entryId: string | null
  standing: 'no-entry' | 'in-hand' | 'awaits-data' | 'on-platform'
  channels: { id: string; name: string; isInUse: boolean }[]
}

const resourceStates: Readonly<Record<string, { text: string; tone: Tone }>> = {
  draft: { text: '编制中', tone: 'plain' },
  submitted: { text: '已提交审核', tone: 'now' },
  'signed-off': { text: '待保密审查', tone: 'now' },
  'secrecy-reviewed': { text: '待审定', tone: 'now' },
  returned: { text: '退回补正', tone: 'soon' },
  approved: { text: '已审定', tone: 'now' },
  registered: { text: '已注册', tone: 'good' },
}

/** Data resources (资源目录): what was declared, and what stands in the catalog. */
export function ResourcesSection({ project }: { project: Project }) {
  const query = useApi<ListPage<ResourceLine>>('/api/v1/catalog/resources', { projectId: project.id, limit: 100 })
  const standing = useApi<ListPage<DeclaredLine>>(`/api/v1/catalog/projects/${project.id}/resources`, { limit: 100 })
  const waiting = (standing.data?.items ?? []).filter((one) => one.standing === 'awaits-data')
  return (
    <Section title="资源目录" extra={<Link to={`/catalog?projectId=${project.id}`}>资源目录编制</Link>}>
      <p>
        申报拟形成：
        {project.dataResources.length > 0
          ? project.dataResources.map((one) => one.name).join('、')
          : project.noDataReason === ''
            ? '未列'
            : `不形成数据资源。${project.noDataReason}`}
      </p>
      {waiting.length > 0 && <AwaitedData waiting={waiting} />}
      {!isHidden(query.error) && (
        <QueryView
          query={query}
          what="资源目录"
          lines={1}
          isEmpty={({ items }) => items.length === 0}
          empty={<p className="tc-muted">尚未编制资源目录。新建项目验收前须编制、审定并注册到共享平台。</p>}
        >
          {({ items }) => (
            <ul className="tc-plain-list">
              {items.map((one) => (
                <li key={one.id}>
                  <Link to={`/catalog/${one.id}`}>{one.name}</Link> <StateWord {...(resourceStates[one.state] ?? { text: one.state })} />{' '}
                  信息项 {one.itemCount} 个
                </li>
              ))}
            </ul>
          )}
        </QueryView>
      )}
    </Section>
  )
}

/** What acceptance still waits for, long before it is asked for: data that no channel in use has brought (WH23-15). */
function AwaitedData({ waiting }: { waiting: readonly DeclaredLine[] }) {
  return (
    <div role="note" aria-label="尚未归集的数据资源">
      <p>
        <StateWord text="数据未到" tone="soon" /> {waiting.length}{' '}
        项数据资源的目录已登记，尚无在用通道送达的数据。验收前须报送到共享平台（第十五条）。
      </p>
      <ul className="tc-plain-list">
        {waiting.map(({ id, name, entryId, channels }) => (
          <li key={id}>
            {entryId === null ? name : <Link to={`/catalog/${entryId}`}>{name}</Link>}：
            {channels.length === 0
              ? '尚未建立交换通道，请联系市大数据中心建立。'
              : channels.map((channel) => (
                  <span key={channel.id}>
                    <Link to={`/channels/${channel.id}`}>通道“{channel.name}”</Link>
                    {channel.isInUse ? '已建立，尚未收到数据，请检查前置程序。' : '已停用，恢复使用后方可报送。'}
                  </span>
                ))}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** A register that this post may not read says nothing here; what was proposed is shown all the same. */
function isHidden(error: Error | null): boolean {
  return error instanceof ApiProblem && (error.status === 403 || error.status === 404)
}
