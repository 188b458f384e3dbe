import { listColumns, sortWords } from '@tongchou/kernel'
import { awaitingWords, deploymentWords, statusWords } from '../words.ts'
import { SystemLine } from './system.schema.ts'
import { systemSorts } from './system.store.ts'

/** The register of systems, column by column as its screen. */
export const systemColumns = listColumns(
  SystemLine,
  '信息系统清单',
  [
    { key: 'name', title: '系统名称', kind: 'text', read: (s) => s.name },
    { key: 'org', title: '所属单位', kind: 'reference', read: (s) => s.org.name },
    { key: 'status', title: '状态', kind: 'text', read: (s) => statusWords[s.status] },
    {
      key: 'deployment',
      title: '部署位置',
      kind: 'text',
      read: (s) => (s.deployment === null ? '尚未核实' : deploymentWords[s.deployment]),
    },
    { key: 'brain', title: '接入城市大脑', kind: 'text', read: (s) => yesNo(s.cityBrainConnected, '已接入', '未接入') },
    {
      key: 'protection',
      title: '保护等级',
      kind: 'text',
      read: (s) => (s.protectionLevel === null ? '未登记' : `第${s.protectionLevel}级`),
    },
    {
      key: 'awaits',
      title: '待办',
      kind: 'text',
      read: (s) => [s.awaitsConfirmation && '待核实', s.awaitsProtection && '待确认等级'].filter(Boolean).join('、') || '无',
    },
    { key: 'number', title: '编号', kind: 'integer', read: (s) => s.number },
    { key: 'updated', title: '更新时间', kind: 'instant', read: (s) => s.updatedAt },
  ],
  {
    q: { title: '系统名称或功能' },
    status: { title: '状态', words: statusWords },
    projectId: { title: '所属项目', reference: 'project' },
    orgId: { title: '所属单位', reference: 'organisation' },
    sort: { title: '排序', words: sortWords(systemSorts) },
    awaiting: { title: '待办', words: awaitingWords },
  },
)

function yesNo(value: boolean | null, yes: string, no: string): string {
  return value === null ? '尚未核实' : value ? yes : no
}
