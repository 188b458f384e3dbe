import { listColumns, sortWords } from '@tongchou/kernel'
import { differenceWords, mannerWords, repairWords } from '../words.ts'
import { DifferenceLine, ReconciliationLine } from './reconciliation.schema.ts'
import { differenceSorts, reconciliationSorts } from './reconciliation.store.ts'

/** The runs of a channel, column by column as its screen. */
export const reconciliationColumns = listColumns(
  ReconciliationLine,
  '对账清单',
  [
    { key: 'number', title: '对账次序', kind: 'integer', read: (r) => r.number },
    { key: 'begun', title: '开始时间', kind: 'instant', read: (r) => r.begunAt },
    { key: 'ended', title: '完成时间', kind: 'instant', read: (r) => r.endedAt },
    { key: 'seq', title: '比到日志序号', kind: 'integer', read: (r) => r.seq },
    { key: 'compared', title: '来源记录', kind: 'integer', read: (r) => r.compared },
    { key: 'onlySource', title: '只在来源', kind: 'integer', read: (r) => r.onlySource },
    { key: 'onlyCenter', title: '只在中心', kind: 'integer', read: (r) => r.onlyCenter },
    { key: 'different', title: '内容不同', kind: 'integer', read: (r) => r.different },
    { key: 'quarantined', title: '问题数据', kind: 'integer', read: (r) => r.quarantined },
    { key: 'moving', title: '变动中', kind: 'integer', read: (r) => r.moving },
    { key: 'repair', title: '修复', kind: 'text', read: (r) => (r.repair === null ? null : repairWords[r.repair]) },
    { key: 'repaired', title: '修复后一致', kind: 'instant', read: (r) => r.repairedAt },
    { key: 'by', title: '核对方式', kind: 'text', read: (r) => mannerWords[r.by] },
    { key: 'lane', title: '发送线', kind: 'text', read: (r) => r.lane },
    { key: 'bytes', title: '传输字节', kind: 'integer', read: (r) => r.bytes },
  ],
  { sort: { title: '排序', words: sortWords(reconciliationSorts) } },
)

/** Records that differed in a run. */
export const differenceColumns = listColumns(
  DifferenceLine,
  '对账差异清单',
  [
    { key: 'number', title: '次序', kind: 'integer', read: (d) => d.number },
    { key: 'kind', title: '差异', kind: 'text', read: (d) => differenceWords[d.kind] },
    { key: 'key', title: '主键', kind: 'text', read: (d) => d.key },
  ],
  { kind: { title: '差异', words: differenceWords }, sort: { title: '排序', words: sortWords(differenceSorts) } },
)
