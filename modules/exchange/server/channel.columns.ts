import { listColumns, sortWords } from '@tongchou/kernel'
import { alarmWords, differing, stateWords } from '../words.ts'
import { ChannelLine } from './channel.schema.ts'
import { channelSorts } from './channel.store.ts'

/** The register of channels, column by column as its screen. */
export const channelColumns = listColumns(
  ChannelLine,
  '交换通道清单',
  [
    { key: 'number', title: '通道编号', kind: 'integer', read: (c) => c.number },
    { key: 'name', title: '通道名称', kind: 'text', read: (c) => c.name },
    { key: 'org', title: '提供单位', kind: 'reference', read: (c) => c.org.name },
    { key: 'resource', title: '数据资源', kind: 'text', read: (c) => c.resource.title },
    { key: 'state', title: '状态', kind: 'text', read: (c) => stateWords[c.state] },
    { key: 'alarms', title: '告警', kind: 'text', read: (c) => c.alarms.map(({ kind }) => alarmWords[kind]).join('；') },
    { key: 'rows', title: '今日行数', kind: 'integer', read: (c) => c.rowsToday },
    { key: 'open', title: '问题数据', kind: 'integer', read: (c) => c.openLines },
    { key: 'refused', title: '今日退回批次', kind: 'integer', read: (c) => c.refusedToday },
    { key: 'cycle', title: '更新周期', kind: 'text', read: (c) => c.cycle },
    { key: 'due', title: '应更新时间', kind: 'instant', read: (c) => c.dueAt },
    { key: 'confirmed', title: '最近更新', kind: 'instant', read: (c) => c.confirmedAt },
    { key: 'reconciled', title: '最近对账', kind: 'instant', read: (c) => c.reconciliation?.endedAt ?? null },
    { key: 'differing', title: '对账差异', kind: 'integer', read: (c) => differing(c.reconciliation) },
    { key: 'last', title: '最近接收', kind: 'instant', read: (c) => c.lastAt },
    { key: 'failed', title: '退回自', kind: 'instant', read: (c) => c.failedAt },
    { key: 'updated', title: '更新时间', kind: 'instant', read: (c) => c.updatedAt },
  ],
  {
    state: { title: '状态', words: stateWords },
    alarm: { title: '告警', words: alarmWords },
    orgId: { title: '提供单位', reference: 'organisation' },
    q: { title: '通道名称' },
    sort: { title: '排序', words: sortWords(channelSorts) },
  },
)
