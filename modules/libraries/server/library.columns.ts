import { listColumns } from '@tongchou/kernel'
import { installationWords } from '../words.ts'
import { LibraryLine } from './library.api.ts'

/** The collected resources, column by column as their screen. */
export const libraryColumns = listColumns(
  LibraryLine,
  '基础库建库情况',
  [
    { key: 'title', title: '资源名称', kind: 'text', read: (line) => line.title },
    { key: 'org', title: '提供方', kind: 'reference', read: (line) => line.org.name },
    { key: 'state', title: '建库情况', kind: 'text', read: (line) => installationWords[line.state] },
    { key: 'reasons', title: '原因', kind: 'text', read: (line) => line.reasons.join('；') },
    { key: 'changes', title: '变更序号', kind: 'integer', read: (line) => line.changes },
    { key: 'tries', title: '建库次数', kind: 'integer', read: (line) => line.tries },
    { key: 'triedAt', title: '最近一次', kind: 'instant', read: (line) => line.triedAt },
  ],
  {
    state: { title: '建库情况', words: installationWords },
    orgId: { title: '提供方', reference: 'organisation' },
  },
)
