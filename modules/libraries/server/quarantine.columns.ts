import { listColumns, sortWords } from '@tongchou/kernel'
import { quarantineWords } from '../words.ts'
import { QuarantineLine } from './quarantine.api.ts'
import { quarantineSorts } from './quarantine.store.ts'

/** The quarantine, column by column as its screen. */
export const quarantineColumns = listColumns(
  QuarantineLine,
  '问题数据清单',
  [
    { key: 'resource', title: '资源名称', kind: 'text', read: (line) => line.resource.title },
    { key: 'org', title: '提供方', kind: 'reference', read: (line) => line.org.name },
    { key: 'key', title: '主键', kind: 'text', read: (line) => line.key },
    { key: 'items', title: '信息项', kind: 'text', read: (line) => line.problems.map(({ itemTitle }) => itemTitle).join('；') },
    { key: 'problems', title: '问题', kind: 'text', read: (line) => line.problems.map(({ message }) => message).join('；') },
    { key: 'source', title: '来源', kind: 'text', read: (line) => line.source },
    { key: 'batch', title: '批次号', kind: 'text', read: (line) => line.batchId },
    { key: 'line', title: '批次中的行', kind: 'integer', read: (line) => line.line },
    { key: 'at', title: '接收时间', kind: 'instant', read: (line) => line.at },
    { key: 'state', title: '状态', kind: 'text', read: (line) => quarantineWords[line.state] },
    { key: 'closed', title: '处理时间', kind: 'instant', read: (line) => line.closedAt },
    { key: 'closing', title: '处理情况', kind: 'text', read: (line) => line.closing },
    { key: 'number', title: '接收次序', kind: 'integer', read: (line) => line.number },
  ],
  {
    state: { title: '状态', words: { ...quarantineWords, all: '全部' } },
    orgId: { title: '提供方', reference: 'organisation' },
    resourceId: { title: '资源标识' },
    batchId: { title: '批次号' },
    rule: { title: '问题' },
    sort: { title: '排序', words: sortWords(quarantineSorts) },
  },
)
