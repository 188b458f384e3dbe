import { ApiProblem, apiPost } from '@tongchou/api-client'
import {
  ActError,
  ActLink,
  CaseStanding,
  Figures,
  Moment,
  Page,
  QueryView,
  Section,
  StateWord,
  TrailSection,
  useAct,
  useApi,
} from '@tongchou/ui'
import { Button } from 'antd'
import { Link, useParams } from 'react-router'
import { cycleWords, sharingWords, stateWords, withdrawalGroundWords } from '../words.ts'
import { actionName, type Resource, stateTones } from './catalog-api.ts'
import { ExportCatalog } from './ExportCatalog.tsx'
import { ItemsTable } from './ItemsTable.tsx'
import { Described, Duties, Extended, Shared } from './ResourceFacts.tsx'
import { RuleFindings } from './RuleFindings.tsx'
import { Versions } from './Versions.tsx'
import './catalog.css'

/** The page of one entry: where it stands, what is missing, what it is, who did what. */
export function ResourcePage() {
  const { id = '' } = useParams()
  const query = useApi<Resource>(`/api/v1/catalog/resources/${id}`)
  return (
    <QueryView query={query} what="资源目录" page>
      {(resource) => (
        <Page
          title={resource.content.name}
          state={{ text: stateWords[resource.state], tone: stateTones[resource.state] }}
          lead={`${resource.org.name} · 编号${resource.number}`}
          breadcrumb={[{ label: '资源目录', href: '/catalog' }, { label: resource.content.name }]}
          actions={
            <>
              <ExportCatalog query={{ id }} label="导出本目录" />
              <Acts resource={resource} />
            </>
          }
        >
          <Figures
            items={[
              { label: '共享类型', value: word(sharingWords, resource.content.sharing) || '未填写' },
              { label: '信息项', value: `${resource.content.items.length} 项` },
              { label: '更新周期', value: word(cycleWords, resource.content.updateCycle) || '未填写' },
            ]}
          />
          <Amended resource={resource} />
          <Standing resource={resource} />
          {resource.showsWorkings && resource.state !== 'withdrawn' && <RuleFindings resource={resource} />}
          <Described resource={resource} />
          <Shared resource={resource} />
          <ItemsTable content={resource.content} />
          <Duties resource={resource} />
          <Extended content={resource.content} />
          {resource.showsWorkings && <Versions id={id} />}
          {resource.showsWorkings && <TrailSection path={`/api/v1/catalog/resources/${id}/trail`} actionName={actionName} />}
        </Page>
      )}
    </QueryView>
  )
}

function Acts({ resource: { id, mayDo, state, content } }: { resource: Resource }) {
  return (
    <>
      {state === 'registered' && <ActLink to={`/market/${id}`}>申请共享</ActLink>}
      {/* Who may withdraw it is the data steward of the department that provides it. */}
      {state === 'registered' && content.sharingForm === 'interface' && mayDo.includes('open-withdrawal') && (
        <ActLink to={`/interfaces/${id}/registration`}>登记接口</ActLink>
      )}
      {mayDo.includes('change') && <ActLink to={`/catalog/${id}/edit`}>修改目录</ActLink>}
      {mayDo.includes('open-change') && <ActLink to={`/catalog/${id}/change`}>变更目录</ActLink>}
      {mayDo.includes('open-withdrawal') && <ActLink to={`/catalog/${id}/withdrawal`}>申请撤销</ActLink>}
    </>
  )
}

/** What is under way on a published entry, or that it is withdrawn: before anything that one might rely on. */
function Amended({ resource: { amendment, withdrawal, withdrawnAt } }: { resource: Resource }) {
  if (withdrawnAt && withdrawal)
    return (
      <Section title="撤销情况">
        <p>
          <StateWord text="已撤销" tone="bad" /> <Moment at={withdrawnAt} /> 撤销，理由：{withdrawalGroundWords[withdrawal.ground]}
          {withdrawal.mergedInto && (
            <>
              ，并入<Link to={`/catalog/${withdrawal.mergedInto.id}`}>{withdrawal.mergedInto.name}</Link>
            </>
          )}
          。以下为撤销前的内容，资源代码不再使用。
        </p>
      </Section>
    )
  if (!amendment) return null
  const word = amendment.kind === 'change' ? '变更' : '撤销申请'
  return (
    <Section title={`${word}情况`}>
      <p className="tc-running">
        <StateWord text={`${word}在办`} tone="now" />
        <span>以下为现行目录，{amendment.kind === 'change' ? '变更发布' : '撤销生效'}前继续有效。</span>
        <ActLink to={`/catalog/amendments/${amendment.id}`}>查看{word}</ActLink>
      </p>
    </Section>
  )
}

/** Where the entry stands, and how it goes on. */
function Standing({ resource }: { resource: Resource }) {
  const submit = useAct((version: number, key) =>
    apiPost(`/api/v1/catalog/resources/${resource.id}/submission`, { version }, { idempotencyKey: key }),
  )
  const incomplete = submit.error instanceof ApiProblem && submit.error.code === 'catalog.incomplete' && resource.gaps.length > 0
  const isPublished = resource.state === 'registered' || resource.state === 'withdrawn'
  const running = resource.cases.find((one) => one.status === 'running')
  if (resource.cases.length === 0 && isPublished) return null
  return (
    <Section title="办理情况">
      {resource.returnedReason && (
        <p>
          <StateWord text="退回修改" tone="soon" /> {resource.returnedReason}
        </p>
      )}
      <CaseStanding cases={resource.cases} />
      {running && resource.state === 'returned' && <p className="tc-muted">修改保存后，由数据专员在该办件中重新提交。</p>}
      {resource.mayDo.includes('submit') && (
        <>
          {incomplete ? (
            <p className="tc-field-error" role="alert">
              提交审核未成：请先修改目录，补正校验结果所列{resource.gaps.length}处。
            </p>
          ) : (
            <ActError error={submit.error} act="提交审核" />
          )}
          <Button type="primary" loading={submit.isPending} onClick={() => submit.mutate(resource.version)}>
            提交审核
          </Button>
        </>
      )}
      {!running && !isPublished && !resource.mayDo.includes('submit') && <p className="tc-muted">由所属单位的数据专员提交审核。</p>}
    </Section>
  )
}

function word(words: Readonly<Record<string, string>>, value: string | null): string {
  return value === null ? '' : (words[value] ?? value)
}
