import { listColumns } from '@tongchou/kernel'
import { findingKindWords, findingStateWords, outcomeWords, runStateWords } from '../words.ts'
import { FindingLine } from './finding.schema.ts'
import { Run } from './run.schema.ts'

/** Runs, column by column as their screen. */
export const runColumns = listColumns(
  Run,
  '比对任务清单',
  [
    { key: 'number', title: '任务号', kind: 'integer', read: (run) => run.number },
    { key: 'title', title: '专题', kind: 'text', read: (run) => run.title },
    { key: 'org', title: '核查单位', kind: 'reference', read: (run) => run.org.name },
    { key: 'state', title: '状态', kind: 'text', read: (run) => runStateWords[run.state] },
    { key: 'found', title: '不符合条件（户）', kind: 'integer', read: (run) => run.counts?.found ?? null },
    { key: 'errors', title: '来源差错（条）', kind: 'integer', read: (run) => run.counts?.errors ?? null },
    { key: 'fresh', title: '新增', kind: 'integer', read: (run) => run.counts?.fresh ?? null },
    { key: 'note', title: '事由', kind: 'text', read: (run) => run.note },
    { key: 'requestedBy', title: '发起人', kind: 'text', read: (run) => run.requestedBy },
    { key: 'requestedAt', title: '发起时间', kind: 'instant', read: (run) => run.requestedAt },
  ],
  { comparison: { title: '专题' }, state: { title: '状态', words: runStateWords } },
)

/** Findings, column by column as their screen. */
export const findingColumns = listColumns(
  FindingLine,
  '比对结果清单',
  [
    { key: 'number', title: '结果号', kind: 'integer', read: (f) => f.number },
    { key: 'comparison', title: '专题', kind: 'text', read: (f) => f.comparison.title },
    { key: 'kind', title: '类别', kind: 'text', read: (f) => findingKindWords[f.kind] },
    { key: 'key', title: '家庭编号', kind: 'text', read: (f) => f.key },
    { key: 'grounds', title: '情形', kind: 'text', read: (f) => f.grounds.map(({ title }) => title).join('；') },
    { key: 'org', title: '办理单位', kind: 'reference', read: (f) => f.org.name },
    { key: 'state', title: '办理状态', kind: 'text', read: (f) => findingStateWords[f.state] },
    { key: 'outcome', title: '处理结果', kind: 'text', read: (f) => f.outcome && outcomeWords[f.outcome] },
    { key: 'due', title: '办理期限', kind: 'date', read: (f) => f.dueOn },
    { key: 'found', title: '首次发现', kind: 'instant', read: (f) => f.foundAt },
  ],
  {
    comparison: { title: '专题' },
    kind: { title: '类别', words: findingKindWords },
    ground: { title: '情形' },
    state: { title: '办理状态', words: findingStateWords },
    outcome: { title: '处理结果', words: outcomeWords },
    orgId: { title: '办理单位', reference: 'organisation' },
    runId: { title: '比对任务' },
  },
)
