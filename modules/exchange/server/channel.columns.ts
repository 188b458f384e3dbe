import { listColumns } from '@tongchou/kernel'
import { stateWords } from '../words.ts'
import { ChannelLine } from './channel.schema.ts'

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
    { key: 'last', title: '最近接收', kind: 'instant', read: (c) => c.lastAt },
    { key: 'failed', title: '最近退回', kind: 'instant', read: (c) => c.failedAt },
    { key: 'updated', title: '更新时间', kind: 'instant', read: (c) => c.updatedAt },
  ],
  { state: { title: '状态', words: stateWords }, q: { title: '通道名称' } },
)
