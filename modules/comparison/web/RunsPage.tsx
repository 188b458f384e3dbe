import { apiPost, type ListPage } from '@tongchou/api-client'
import {
  ActForm,
  Empty,
  Forbidden,
  holdsDuty,
  type ListFilter,
  ListTable,
  Moment,
  optionsOf,
  Page,
  QueryView,
  Section,
  StateWord,
  type Tone,
  useApi,
  useListState,
  useSession,
} from '@tongchou/ui'
import { Button } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { runStateWords } from '../words.ts'
import { type ComparisonLine, type Run, readers } from './comparison-api.ts'
import './comparison.css'

export const runTones: Readonly<Record<Run['state'], Tone>> = { running: 'now', done: 'good', stopped: 'plain', failed: 'bad' }

/** 比对任务: which comparisons there are, starting one, and the runs that were made. */
export function RunsPage() {
  const session = useSession()
  if (!holdsDuty(session, readers))
    return (
      <Page title="比对任务">
        <Forbidden duty={readers} act="查看比对任务" />
      </Page>
    )
  return (
    <Page
      title="比对任务"
      lead="专题比对由资源包规定：比哪些登记、什么算不符合条件、什么算来源差错。每次比对写明发起人、事由和依据，按同一时刻的数据进行。"
    >
      <Comparisons />
      <Runs />
    </Page>
  )
}

function Comparisons() {
  const query = useApi<ListPage<ComparisonLine>>('/api/v1/comparisons')
  return (
    <Section title="专题">
      <QueryView
        query={query}
        what="专题比对"
        isEmpty={({ items }) => items.length === 0}
        empty={<Empty what="没有专题比对" hint="资源包写明专题比对后列在这里。" />}
      >
        {({ items }) => items.map((line) => <Comparison key={line.comparison} line={line} />)}
      </QueryView>
    </Section>
  )
}

function Comparison({ line }: { line: ComparisonLine }) {
  const [isOpen, setOpen] = useState(false)
  const navigate = useNavigate()
  return (
    <section className="tc-comparison" aria-label={line.title}>
      <h3>{line.title}</h3>
      <p>{line.summary}</p>
      <p>
        依据：{line.basis.text}
        {!line.basis.verified && <span className="tc-muted">（未核对原文）</span>}
      </p>
      <p className="tc-muted">
        核查情形：{line.reasons.map(({ title }) => title).join('；')}。校核情形：{line.errors.map(({ title }) => title).join('；')}。
      </p>
      {line.missing.length > 0 && <p>尚未建库，不能比对：{line.missing.join('、')}。目录登记、建库后再发起。</p>}
      {line.runningId !== null && (
        <p>
          正在比对，<Link to={`/comparison-runs/${line.runningId}`}>查看进度</Link>
        </p>
      )}
      {line.mayRun && (
        <Button type={isOpen ? 'default' : 'primary'} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? '收起' : '发起比对'}
        </Button>
      )}
      {line.mayRun && isOpen && (
        <ActForm
          act="发起比对"
          fields={[{ id: 'note', title: '事由', type: 'text', maxLength: 200, required: true, help: '如：2026年第四季度低保复核' }]}
          send={async (data, idempotencyKey) => {
            const run = await apiPost<Run>('/api/v1/comparison-runs', { comparison: line.comparison, ...data }, { idempotencyKey })
            navigate(`/comparison-runs/${run.id}`)
          }}
        >
          <p className="tc-muted">发起人、事由和依据记入审计日志。查看每户、每人的记录另行留痕。</p>
        </ActForm>
      )}
    </section>
  )
}

function Runs() {
  const filters: ListFilter[] = [{ name: 'state', label: '状态', kind: 'select', options: optionsOf(runStateWords) }]
  const state = useListState(filters)
  const query = useApi<ListPage<Run>>('/api/v1/comparison-runs', state.query)
  return (
    <Section title="任务">
      <ListTable<Run, ListPage<Run>>
        label="比对任务"
        id="comparison-runs"
        operation="listComparisonRuns"
        query={query}
        state={state}
        filters={filters}
        rowKey={(run) => run.id}
        columns={[
          { key: 'number', title: '任务号', align: 'right', render: (run) => run.number },
          { key: 'title', title: '专题', render: (run) => <Link to={`/comparison-runs/${run.id}`}>{run.title}</Link> },
          { key: 'org', title: '核查单位', render: (run) => run.org.name },
          { key: 'state', title: '状态', render: (run) => <StateWord text={runStateWords[run.state]} tone={runTones[run.state]} /> },
          {
            key: 'found',
            title: '不符合条件（户）',
            align: 'right',
            render: (run) => run.counts?.found ?? <span className="tc-muted">无</span>,
          },
          {
            key: 'errors',
            title: '来源差错（条）',
            align: 'right',
            render: (run) => run.counts?.errors ?? <span className="tc-muted">无</span>,
          },
          { key: 'fresh', title: '新增', align: 'right', render: (run) => run.counts?.fresh ?? <span className="tc-muted">无</span> },
          { key: 'note', title: '事由', render: (run) => run.note },
          { key: 'requestedBy', title: '发起人', render: (run) => run.requestedBy },
          { key: 'requestedAt', title: '发起时间', render: (run) => <Moment at={run.requestedAt} /> },
        ]}
        empty={{ what: '尚未比对', hint: '在上面的专题中发起比对，进度和结果列在这里。' }}
      />
    </Section>
  )
}
