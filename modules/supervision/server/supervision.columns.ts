import { listColumns, sortWords } from '@tongchou/kernel'
import { kindWords, partyWords, recordStateWords, stateWords, withholdingWords } from '../words.ts'
import { ProblemLine, WithheldRecord } from './problem.schema.ts'
import { problemSorts } from './problem.store.ts'

/** Problems with their rectification, column by column as their screen. */
export const problemColumns = listColumns(
  ProblemLine,
  '问题整改清单',
  [
    { key: 'project', title: '项目', kind: 'reference', read: (p) => p.project.name },
    { key: 'kind', title: '问题类型', kind: 'text', read: (p) => kindWords[p.kind] },
    { key: 'responsible', title: '责任单位', kind: 'reference', read: (p) => `${p.responsible.name}（${partyWords[p.party]}）` },
    { key: 'state', title: '状态', kind: 'text', read: (p) => stateWords[p.state] },
    { key: 'due', title: '整改期限', kind: 'date', read: (p) => p.dueOn },
    { key: 'held', title: '支付', kind: 'text', read: (p) => (p.paymentHeld ? '暂缓支付' : '未暂缓') },
    { key: 'found', title: '发现日期', kind: 'date', read: (p) => p.foundOn },
    { key: 'number', title: '编号', kind: 'integer', read: (p) => p.number },
  ],
  {
    q: { title: '项目名称或问题情况' },
    state: { title: '状态', words: stateWords },
    kind: { title: '问题类型', words: kindWords },
    projectId: { title: '项目', reference: 'project' },
    responsibleOrgId: { title: '责任单位', reference: 'organisation' },
    sort: { title: '排序', words: sortWords(problemSorts) },
  },
)

/** Records withheld (拒绝、隐匿、瞒报). */
export const withheldColumns = listColumns(
  WithheldRecord,
  '拒绝、隐匿、瞒报记录',
  [
    { key: 'project', title: '项目', kind: 'reference', read: (r) => r.project.name },
    { key: 'builder', title: '建设单位', kind: 'reference', read: (r) => r.builder.name },
    { key: 'kind', title: '情形', kind: 'text', read: (r) => withholdingWords[r.kind] },
    { key: 'found', title: '发现日期', kind: 'date', read: (r) => r.foundOn },
    { key: 'by', title: '记录人', kind: 'text', read: (r) => r.recordedBy },
    {
      key: 'state',
      title: '状态',
      kind: 'text',
      read: (r) => recordStateWords[r.revocation ? 'revoked' : r.reply ? 'replied' : 'awaiting-reply'],
    },
  ],
  { q: { title: '项目名称或情况' }, projectId: { title: '项目', reference: 'project' } },
)
