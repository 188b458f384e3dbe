import { listColumns, sortWords } from '@tongchou/kernel'
import { cycleWords, gradeWords, openingWords, sharingWords, stateWords } from '../words.ts'
import { ResourceLine } from './resource.schema.ts'
import { resourceSorts } from './resource.store.ts'

/** The catalog, column by column as its screen. */
export const resourceColumns = listColumns(
  ResourceLine,
  '资源目录清单',
  [
    { key: 'name', title: '资源名称', kind: 'text', read: (r) => r.name },
    { key: 'code', title: '资源代码', kind: 'text', read: (r) => r.code },
    { key: 'org', title: '提供方', kind: 'reference', read: (r) => r.org.name },
    { key: 'state', title: '状态', kind: 'text', read: (r) => stateWords[r.state] },
    { key: 'sharing', title: '共享类型', kind: 'text', read: (r) => r.sharing && sharingWords[r.sharing] },
    { key: 'opening', title: '开放类型', kind: 'text', read: (r) => r.opening && openingWords[r.opening] },
    { key: 'grade', title: '数据分级', kind: 'text', read: (r) => r.grade && gradeWords[r.grade] },
    { key: 'cycle', title: '更新周期', kind: 'text', read: (r) => r.updateCycle && cycleWords[r.updateCycle] },
    { key: 'items', title: '信息项', kind: 'integer', read: (r) => r.itemCount },
    { key: 'registered', title: '登记日期', kind: 'date', read: (r) => r.registeredOn },
    { key: 'number', title: '编号', kind: 'integer', read: (r) => r.number },
  ],
  {
    q: { title: '资源名称或摘要' },
    code: { title: '资源代码' },
    state: { title: '状态', words: stateWords },
    sharing: { title: '共享类型', words: sharingWords },
    projectId: { title: '所属项目', reference: 'project' },
    systemId: { title: '所属系统', reference: 'system' },
    orgId: { title: '提供方', reference: 'organisation' },
    sort: { title: '排序', words: sortWords(resourceSorts) },
  },
)
