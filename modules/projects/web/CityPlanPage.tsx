// SPDX-License-Identifier: Apache-2.0
import { apiPost, type ListPage } from '@tongchou/api-client'
import {
  ActError,
  ActLink,
  ArticleChip,
  Empty,
  Figures,
  Money,
  OpinionBox,
  Page,
  type PathEdge,
  type PathStep,
  ProcessPath,
  QueryView,
  Section,
  Sideways,
  StateWord,
  useAct,
  useApi,
} from '@tongchou/ui'
import { Button } from 'antd'
import { useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import type { CaseSummary, CityPlan, PlanEntryPage } from './project-api.ts'
import { cityPlanStateWords, entryStateWords, kindWords } from './words.ts'
import './projects.css'

/** One plan of the city: where it stands, what it holds, and handing it in for joint review (WH23-6). */
export function CityPlanView() {
  const { id = '' } = useParams()
  const query = useApi<CityPlan>(`/api/v1/city-plans/${id}`)
  const plan = query.data
  const navigate = useNavigate()
  return (
    <Page
      title={plan?.title ?? '全市年度计划'}
      state={plan && cityPlanStateWords[plan.state]}
      lead={
        plan && (
          <>
            {plan.compiledBy} 编制 <ArticleChip article="WH23-6" />
          </>
        )
      }
      breadcrumb={[{ label: '全市年度计划', href: '/city-plans' }, { label: plan ? `${plan.year}年` : '计划' }]}
      actions={
        <>
          {plan?.acts.includes('change') && <Button onClick={() => void navigate(`/city-plans/${id}/edit`)}>修改计划</Button>}
          {plan && <ActLink to={`/city-plans/${id}/print`}>打印</ActLink>}
        </>
      }
    >
      <QueryView query={query} what="年度计划">
        {(read) => <PlanContent plan={read} />}
      </QueryView>
    </Page>
  )
}

function PlanContent({ plan }: { plan: CityPlan }) {
  const entries = useApi<PlanEntryPage>('/api/v1/plan-entries', { cityPlanId: plan.id, limit: 200 })
  return (
    <>
      <Figures
        items={[
          { label: '列入项目', value: `${plan.entryCount} 个` },
          { label: '申报投资合计', value: <Money fen={plan.budgetFen} /> },
          { label: '年运维费合计', value: entries.data ? <Money fen={entries.data.totals.omCostFen} /> : '—' },
        ]}
      />
      <PlanStanding plan={plan} />
      {plan.acts.includes('submit') && <Submit plan={plan} />}
      <Section title="列入项目">
        <QueryView
          query={entries}
          what="列入项目"
          isEmpty={(page) => page.items.length === 0}
          empty={<Empty what="尚未列入项目" hint="从初审通过的申报项目中选择。" />}
        >
          {(page) => <EntryTable page={page} />}
        </QueryView>
      </Section>
      <Section title="编制说明">
        <p className="tc-prose">{plan.note === '' ? '未填写' : plan.note}</p>
      </Section>
    </>
  )
}

function PlanStanding({ plan }: { plan: CityPlan }) {
  const cases = useApi<ListPage<CaseSummary>>('/api/v1/cases', { subjectKind: 'city-plan', subjectId: plan.id })
  return (
    <Section title="办理进度">
      <QueryView
        query={cases}
        what="办理进度"
        lines={3}
        isEmpty={(page) => page.items.length === 0}
        empty={<p className="tc-muted">计划正在编制，尚未提请联合审查。</p>}
      >
        {(page) => page.items.map((one) => <PlanPath key={one.caseId} caseId={one.caseId} title={one.title} />)}
      </QueryView>
    </Section>
  )
}

interface CasePath {
  path: {
    steps: (Omit<PathStep, 'decisions'> & {
      sinceAt: string | null
      dueAt: string | null
      decisions: { person: string; organisation: string; outcomeTitle: string; opinion: string | null; at: string }[]
    })[]
    edges: PathEdge[]
  }
}

/** The plan's own path, drawn from its procedure. */
function PlanPath({ caseId, title }: { caseId: string; title: string }) {
  const query = useApi<CasePath>(`/api/v1/cases/${caseId}`)
  return (
    <>
      <p>
        <Link to={`/cases/${caseId}`}>打开办件“{title}”</Link>
      </p>
      <QueryView query={query} what="流程图" lines={3}>
        {({ path }) => <ProcessPath path={{ steps: path.steps.map(toPathStep), edges: path.edges }} label={`${title}的办理流程`} />}
      </QueryView>
    </>
  )
}

function toPathStep(step: CasePath['path']['steps'][number]): PathStep {
  return {
    ...step,
    since: step.sinceAt,
    due: step.dueAt,
    decisions: step.decisions.map(({ person, organisation, outcomeTitle, opinion, at }) => ({
      person,
      organisation,
      outcome: outcomeTitle,
      opinion: opinion ?? '',
      at,
    })),
  }
}

function EntryTable({ page }: { page: PlanEntryPage }) {
  return (
    <>
      <Sideways label="列入项目">
        <table className="tc-table" aria-label="列入项目">
          <thead>
            <tr>
              <th scope="col">项目名称</th>
              <th scope="col">类型</th>
              <th scope="col">申报单位</th>
              <th scope="col">状态</th>
              <th scope="col" className="tc-right">
                申报投资（万元）
              </th>
              <th scope="col" className="tc-right">
                年运维费（万元）
              </th>
            </tr>
          </thead>
          <tbody>
            {page.items.map((entry) => (
              <tr key={entry.id}>
                <td>
                  <Link to={`/projects/${entry.project.id}`}>{entry.project.name}</Link>
                </td>
                <td>{kindWords[entry.project.kind]}</td>
                <td>{entry.owner.name}</td>
                <td>
                  <StateWord {...entryStateWords[entry.state]} />
                </td>
                <td className="tc-right">
                  <Money fen={entry.project.budgetFen} unit={false} />
                </td>
                <td className="tc-right">
                  <Money fen={entry.project.omCostFen} unit={false} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Sideways>
      {page.nextCursor !== null && (
        <p className="tc-muted">
          只列出最近报送的 {page.items.length} 项，共 {page.totals.count} 项。
        </p>
      )}
    </>
  )
}

const phrases = ['现将本年度计划提请联合审查。', '申报项目均已通过初审，提请会同市发改委联合审查。']

function Submit({ plan }: { plan: CityPlan }) {
  const [opinion, setOpinion] = useState('')
  const navigate = useNavigate()
  const submit = useAct(async (text: string, key) => {
    const { caseId } = await apiPost<{ caseId: string }>(
      `/api/v1/city-plans/${plan.id}/submission`,
      { opinion: text },
      { idempotencyKey: key },
    )
    await navigate(`/cases/${caseId}`)
  })
  return (
    <Section title="提请联合审查">
      <div className="tc-form tc-narrow">
        <OpinionBox value={opinion} onChange={setOpinion} phrases={phrases} kind="city-plan-submission" label="提请意见" />
        <div className="tc-acts">
          <Button type="primary" loading={submit.isPending} onClick={() => submit.mutate(opinion)}>
            提请联合审查
          </Button>
          <span className="tc-muted">提请后计划不能修改，退回后可以修改。</span>
        </div>
        <ActError error={submit.error} act="提请联合审查" />
      </div>
    </Section>
  )
}
