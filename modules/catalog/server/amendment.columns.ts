import { listColumns } from '@tongchou/kernel'
import { amendmentKindWords, amendmentStateWords, withdrawalGroundWords } from '../words.ts'
import { AmendmentLine } from './amendment.schema.ts'

/** Changes and withdrawals, column by column as their screen. */
export const amendmentColumns = listColumns(
  AmendmentLine,
  '目录变更和撤销清单',
  [
    { key: 'entry', title: '资源名称', kind: 'text', read: (r) => r.entry.name },
    { key: 'code', title: '资源代码', kind: 'text', read: (r) => r.entry.code },
    { key: 'org', title: '提供方', kind: 'reference', read: (r) => r.org.name },
    { key: 'kind', title: '事项', kind: 'text', read: (r) => amendmentKindWords[r.kind] },
    { key: 'state', title: '状态', kind: 'text', read: (r) => amendmentStateWords[r.state] },
    { key: 'ground', title: '撤销理由', kind: 'text', read: (r) => r.ground && withdrawalGroundWords[r.ground] },
    { key: 'reason', title: '说明', kind: 'text', read: (r) => r.reason },
    { key: 'submitted', title: '提交时间', kind: 'instant', read: (r) => r.submittedAt },
    { key: 'settled', title: '办结时间', kind: 'instant', read: (r) => r.settledAt },
    { key: 'number', title: '编号', kind: 'integer', read: (r) => r.number },
  ],
  {
    kind: { title: '事项', words: amendmentKindWords },
    state: { title: '状态', words: amendmentStateWords },
    orgId: { title: '提供方', reference: 'organisation' },
    resourceId: { title: '目录' },
  },
)
