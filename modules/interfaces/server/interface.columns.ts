import { listColumns } from '@tongchou/kernel'
import { faultWords, methodWords, standingWords } from '../words.ts'
import { AddressLine, InterfaceLine } from './interface.schema.ts'

/** 接口清单, column by column. */
export const interfaceColumns = listColumns(
  InterfaceLine,
  '部门接口清单',
  [
    { key: 'number', title: '接口编号', kind: 'integer', read: (i) => i.number },
    { key: 'title', title: '数据资源', kind: 'text', read: (i) => i.title },
    { key: 'org', title: '提供单位', kind: 'reference', read: (i) => i.org.name },
    { key: 'standing', title: '状态', kind: 'text', read: (i) => standingWords[i.standing] },
    { key: 'method', title: '方式', kind: 'text', read: (i) => methodWords[i.method] },
    { key: 'address', title: '接口地址', kind: 'text', read: (i) => i.address },
    { key: 'calls', title: '今日调用', kind: 'integer', read: (i) => i.callsToday },
    { key: 'faults', title: '今日故障', kind: 'integer', read: (i) => i.faultsToday },
    { key: 'last', title: '最近调用', kind: 'instant', read: (i) => i.lastAt },
    { key: 'fault', title: '最近调用的故障', kind: 'text', read: (i) => (i.lastFault === null ? null : faultWords[i.lastFault]) },
    { key: 'updated', title: '更新时间', kind: 'instant', read: (i) => i.updatedAt },
  ],
  {
    standing: { title: '状态', words: standingWords },
    orgId: { title: '提供单位', reference: 'organisation' },
    resourceId: { title: '目录' },
  },
)

/** 接口允许地址, column by column. */
export const addressColumns = listColumns(AddressLine, '接口允许地址', [
  { key: 'address', title: '地址', kind: 'text', read: (a) => a.address },
  { key: 'network', title: '网段', kind: 'text', read: (a) => a.network },
  { key: 'reason', title: '事由', kind: 'text', read: (a) => a.reason },
  { key: 'addedBy', title: '登记人', kind: 'text', read: (a) => a.addedBy },
  { key: 'added', title: '登记时间', kind: 'instant', read: (a) => a.addedAt },
])
