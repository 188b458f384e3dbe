import { ApiProblem, apiPost } from '@tongchou/api-client'
import { itemChangeWords } from '@tongchou/metadata'
import {
  ActError,
  ActLink,
  CaseStanding,
  DifferenceTable,
  Facts,
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
import { amendmentKindWords, amendmentStateWords, withdrawalGroundWords } from '../words.ts'
import { type Amendment, actionName, amendmentTones } from './catalog-api.ts'
import { ItemsTable } from './ItemsTable.tsx'
import { FindingsSection } from './RuleFindings.tsx'
import './catalog.css'

/** The page of a change or a withdrawal: where it stands, what it makes different, what stands against it. */
export function AmendmentPage() {
  const { id = '' } = useParams()
  const query = useApi<Amendment>(`/api/v1/catalog/amendments/${id}`)
  return (
    <QueryView query={query} what="目录变更" page>
      {(amendment) => (
        <Page
          title={`${amendmentKindWords[amendment.kind]}“${amendment.entry.name}”`}
          state={{ text: amendmentStateWords[amendment.state], tone: amendmentTones[amendment.state] }}
          lead={`${amendment.org.name} · 编号${amendment.number}`}
          breadcrumb={[
            { label: '资源目录', href: '/catalog' },
            { label: '变更和撤销', href: '/catalog/amendments' },
            { label: amendment.entry.name },
          ]}
          actions={
            amendment.mayDo.includes('edit') ? (
              <ActLink to={`/catalog/amendments/${id}/edit`}>{amendment.kind === 'change' ? '修改变更内容' : '修改撤销申请'}</ActLink>
            ) : undefined
          }
        >
          <Standing amendment={amendment} />
          <Reason amendment={amendment} />
          {amendment.kind === 'change' && (
            <>
              <Changed amendment={amendment} />
              <FindingsSection
                {...amendment}
                edit={amendment.mayDo.includes('edit') ? { to: `/catalog/amendments/${id}/edit`, word: '修改变更内容' } : null}
              />
              {amendment.content && <ItemsTable content={amendment.content} />}
            </>
          )}
          <TrailSection path={`/api/v1/catalog/amendments/${id}/trail`} actionName={actionName} />
        </Page>
      )}
    </QueryView>
  )
}

/** Where it stands, and how it goes on. */
function Standing({ amendment }: { amendment: Amendment }) {
  const path = `/api/v1/catalog/amendments/${amendment.id}`
  const submit = useAct((version: number, key) => apiPost(`${path}/submission`, { version }, { idempotencyKey: key }))
  const abandon = useAct((version: number, key) => apiPost(`${path}/abandonment`, { version }, { idempotencyKey: key }))
  const running = amendment.cases.find((one) => one.status === 'running')
  const waits = amendment.state === 'draft' || amendment.state === 'returned'
  const incomplete = submit.error instanceof ApiProblem && submit.error.code === 'catalog.incomplete' && amendment.gaps.length > 0
  return (
    <Section title="办理情况">
      {amendment.returnedReason && (
        <p>
          <StateWord text="退回修改" tone="soon" /> {amendment.returnedReason}
        </p>
      )}
      <CaseStanding cases={amendment.cases} />
      {amendment.relied.length > 0 && (
        <ul aria-label="仍依赖本目录的事项">
          {amendment.relied.map(({ message, cure }) => (
            <li key={message}>
              <StateWord text="不能撤销" tone="bad" /> {message}。{cure}。
            </li>
          ))}
        </ul>
      )}
      {running && waits && <p className="tc-muted">修改保存后，由数据专员在该办件中重新提交；不再办理的，在该办件中撤回。</p>}
      {incomplete ? (
        <p className="tc-field-error" role="alert">
          提交审核未成：请先修改，补正校验结果所列{amendment.gaps.length}处。
        </p>
      ) : (
        <ActError error={submit.error} act="提交审核" />
      )}
      <ActError error={abandon.error} act="撤回" />
      {!running && waits && (
        <div className="tc-copy-items">
          {amendment.mayDo.includes('submit') && (
            <Button type="primary" loading={submit.isPending} onClick={() => submit.mutate(amendment.version)}>
              提交审核
            </Button>
          )}
          {amendment.mayDo.includes('abandon') && (
            <Button loading={abandon.isPending} onClick={() => abandon.mutate(amendment.version)}>
              {amendment.kind === 'change' ? '撤回变更' : '撤回申请'}
            </Button>
          )}
        </div>
      )}
      {waits && !running && !amendment.mayDo.includes('submit') && <p className="tc-muted">由所属单位的数据专员提交审核。</p>}
    </Section>
  )
}

function Reason({ amendment }: { amendment: Amendment }) {
  const { entry, mergedInto, ground } = amendment
  return (
    <Section title={amendment.kind === 'change' ? '变更理由' : '撤销理由'}>
      <Facts
        items={[
          { label: '现行目录', value: <Link to={`/catalog/${entry.id}`}>{entry.name}</Link> },
          { label: '资源代码', value: entry.code },
          ...(ground ? [{ label: '撤销理由', value: withdrawalGroundWords[ground] }] : []),
          ...(mergedInto ? [{ label: '并入的目录', value: <Link to={`/catalog/${mergedInto.id}`}>{mergedInto.name}</Link> }] : []),
          { label: '情况说明', value: amendment.reason, wide: true },
          { label: '提交时间', value: amendment.submittedAt ? <Moment at={amendment.submittedAt} /> : '尚未提交' },
          ...(amendment.settledAt ? [{ label: '办结时间', value: <Moment at={amendment.settledAt} /> }] : []),
        ]}
      />
    </Section>
  )
}

/** 变更内容 against the version in force; of a published one against what it replaced. */
function Changed({ amendment }: { amendment: Amendment }) {
  if (!amendment.difference) return null
  const { fields, parts } = amendment.difference
  return (
    <Section title="变更内容">
      <DifferenceTable
        difference={{
          title: amendment.state === 'settled' ? '较变更前的目录' : '较现行目录',
          fields,
          parts: parts.map((item) => ({ ...item, changes: item.changes.map((change) => itemChangeWords[change]) })),
        }}
      />
    </Section>
  )
}
