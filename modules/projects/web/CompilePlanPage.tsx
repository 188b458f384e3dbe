// SPDX-License-Identifier: Apache-2.0
import { apiPost, apiPut } from '@tongchou/api-client'
import {
  ActError,
  ArticleChip,
  Empty,
  Forbidden,
  FormRow,
  holdsDuty,
  Money,
  Page,
  QueryView,
  Section,
  Sideways,
  useAct,
  useApi,
  useSession,
} from '@tongchou/ui'
import { Button, Checkbox, Input, Select } from 'antd'
import { useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { planYears } from './PlanEntryList.tsx'
import type { CityPlan, PlanEntry, PlanEntryPage } from './project-api.ts'
import { kindWords } from './words.ts'
import './projects.css'

/** Compiles a new plan of the city (统筹编制，WH23-6). */
export function CompilePlanView() {
  const session = useSession()
  const nextYear = Number(session.now.slice(0, 4)) + 1
  const [year, setYear] = useState(nextYear)
  const years = planYears(session.now)
  return (
    <Page
      title="编制全市年度计划"
      breadcrumb={[{ label: '全市年度计划', href: '/city-plans' }, { label: '编制' }]}
      lead={
        <>
          从初审通过的申报项目中统筹编制 <ArticleChip article="WH23-6" />
        </>
      }
    >
      {holdsDuty(session, ['big-data-center']) ? (
        <>
          <div className="tc-form-row tc-year">
            <label htmlFor="compile-year" className="tc-form-label">
              计划年度
            </label>
            <Select
              id="compile-year"
              value={String(year)}
              options={years}
              style={{ width: 120 }}
              onChange={(value) => setYear(Number(value))}
            />
          </div>
          <Chooser key={year} year={year} plan={null} />
        </>
      ) : (
        <Forbidden duty={['big-data-center']} act="编制全市年度计划" />
      )}
    </Page>
  )
}

/** Changes a plan that is still being compiled. */
export function ChangePlanView() {
  const { id = '' } = useParams()
  const query = useApi<CityPlan>(`/api/v1/city-plans/${id}`)
  return (
    <Page
      title={query.data ? `修改：${query.data.title}` : '修改年度计划'}
      breadcrumb={[
        { label: '全市年度计划', href: '/city-plans' },
        { label: query.data?.title ?? '计划', href: `/city-plans/${id}` },
        { label: '修改' },
      ]}
    >
      <QueryView query={query} what="年度计划">
        {(plan) =>
          plan.acts.includes('change') ? (
            <Chooser key={plan.id} year={plan.year} plan={plan} />
          ) : (
            <div className="tc-state" role="alert">
              <p className="tc-state-title">现在不能修改该计划</p>
              <p>计划已提请联合审查，或者不由当前岗位编制；退回后由市大数据中心修改。</p>
              <Link to={`/city-plans/${plan.id}`}>返回计划</Link>
            </div>
          )
        }
      </QueryView>
    </Page>
  )
}

/** Reads what may be chosen: reviewed entries of the year that no plan holds, and those this plan already holds. */
function Chooser({ year, plan }: { year: number; plan: CityPlan | null }) {
  const query = useApi<PlanEntryPage>('/api/v1/plan-entries', { year, state: 'reviewed', limit: 200 })
  return (
    <QueryView query={query} what="初审通过的申报项目">
      {(page) => {
        const free = page.items.filter((entry) => entry.cityPlanId === null || entry.cityPlanId === plan?.id)
        if (free.length === 0)
          return (
            <Empty
              what={`${year}年度没有可列入的申报项目`}
              hint="申报项目通过市大数据中心初审、且未列入其他计划的，可以在此选择。"
              act={<Link to={`/plans?year=${year}`}>查看申报项目</Link>}
            />
          )
        return <PlanForm year={year} plan={plan} entries={free} more={page.nextCursor !== null} />
      }}
    </QueryView>
  )
}

interface PlanFormProps {
  year: number
  plan: CityPlan | null
  entries: readonly PlanEntry[]
  more: boolean
}

function PlanForm({ year, plan, entries, more }: PlanFormProps) {
  const [title, setTitle] = useState(plan?.title ?? `乌海市${year}年度政务信息化项目预算计划`)
  const [note, setNote] = useState(plan?.note ?? '')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    () => new Set(entries.filter((entry) => plan === null || entry.cityPlanId === plan.id).map((entry) => entry.id)),
  )
  const [attempted, setAttempted] = useState(false)
  const navigate = useNavigate()
  const save = useAct(async (body: { title: string; note: string; entryIds: string[] }, key) => {
    const options = { idempotencyKey: key }
    const saved =
      plan === null
        ? await apiPost<CityPlan>('/api/v1/city-plans', { ...body, year }, options)
        : await apiPut<CityPlan>(`/api/v1/city-plans/${plan.id}`, { ...body, version: plan.version }, options)
    await navigate(`/city-plans/${saved.id}`)
  })
  const lacks = [...(title.trim() === '' ? ['计划名称'] : []), ...(chosen.size === 0 ? ['至少一个列入的项目'] : [])]
  const submit = () => {
    setAttempted(true)
    if (lacks.length === 0) save.mutate({ title, note, entryIds: entries.filter((one) => chosen.has(one.id)).map((one) => one.id) })
  }
  return (
    <>
      <Section title="计划">
        <div className="tc-form">
          <FormRow id="plan-title" label="计划名称" required error={attempted && title.trim() === '' ? '必须填写' : undefined}>
            <Input id="plan-title" value={title} maxLength={200} onChange={(event) => setTitle(event.target.value)} />
          </FormRow>
          <FormRow id="plan-note" label="编制说明">
            <Input.TextArea
              id="plan-note"
              value={note}
              maxLength={4000}
              autoSize={{ minRows: 3, maxRows: 10 }}
              onChange={(event) => setNote(event.target.value)}
            />
          </FormRow>
        </div>
      </Section>
      <Section title="列入项目">
        <EntryChoice entries={entries} chosen={chosen} onChange={setChosen} />
        {more && <p className="tc-field-error">初审通过的项目超过 200 个，只列出最近报送的 200 个；其余的请另行编制。</p>}
      </Section>
      <div className="tc-acts">
        <Button type="primary" loading={save.isPending} onClick={submit}>
          {plan === null ? '保存计划' : '保存修改'}
        </Button>
        {lacks.length > 0 && <span className={attempted ? 'tc-field-error' : 'tc-muted'}>尚缺：{lacks.join('、')}</span>}
      </div>
      <ActError error={save.error} act="保存计划" />
    </>
  )
}

function EntryChoice({
  entries,
  chosen,
  onChange,
}: {
  entries: readonly PlanEntry[]
  chosen: ReadonlySet<string>
  onChange: (chosen: ReadonlySet<string>) => void
}) {
  const taken = entries.filter((entry) => chosen.has(entry.id))
  const sum = (of: (entry: PlanEntry) => number) => taken.reduce((total, entry) => total + of(entry), 0)
  const toggle = (id: string) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    onChange(next)
  }
  const all = taken.length === entries.length
  return (
    <Sideways label="可列入的申报项目">
      <table className="tc-table" aria-label="可列入的申报项目">
        <thead>
          <tr>
            <th scope="col">
              <Checkbox
                aria-label="全部列入"
                checked={all}
                indeterminate={taken.length > 0 && !all}
                onChange={() => onChange(new Set(all ? [] : entries.map((entry) => entry.id)))}
              />
            </th>
            <th scope="col">项目名称</th>
            <th scope="col">类型</th>
            <th scope="col">申报单位</th>
            <th scope="col" className="tc-right">
              申报投资（万元）
            </th>
            <th scope="col" className="tc-right">
              年运维费（万元）
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td>
                <Checkbox aria-label={`列入：${entry.project.name}`} checked={chosen.has(entry.id)} onChange={() => toggle(entry.id)} />
              </td>
              <td>
                <Link to={`/projects/${entry.project.id}`}>{entry.project.name}</Link>
              </td>
              <td>{kindWords[entry.project.kind]}</td>
              <td>{entry.owner.name}</td>
              <td className="tc-right">
                <Money fen={entry.project.budgetFen} unit={false} />
              </td>
              <td className="tc-right">
                <Money fen={entry.project.omCostFen} unit={false} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td />
            <th scope="row" colSpan={3}>
              已选 {taken.length} 个，未选 {entries.length - taken.length} 个
            </th>
            <td className="tc-right">
              <Money fen={sum((entry) => entry.project.budgetFen)} unit={false} />
            </td>
            <td className="tc-right">
              <Money fen={sum((entry) => entry.project.omCostFen)} unit={false} />
            </td>
          </tr>
        </tfoot>
      </table>
    </Sideways>
  )
}
