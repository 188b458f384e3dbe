import { listColumns } from '@tongchou/kernel'
import { requestStateWords, sideWords, standingWords, wayWords } from '../words.ts'
import { GrantLine, RequestLine } from './sharing.schema.ts'

/** 供需对接清单 (WH23-15), column by column as its screens. */
export const requestColumns = listColumns(
  RequestLine,
  '数据资源供需对接清单',
  [
    { key: 'number', title: '申请编号', kind: 'integer', read: (r) => r.number },
    { key: 'resource', title: '数据资源', kind: 'text', read: (r) => r.resource.name },
    { key: 'org', title: '需求方', kind: 'reference', read: (r) => r.org.name },
    { key: 'provider', title: '提供方', kind: 'reference', read: (r) => r.provider.name },
    { key: 'matter', title: '办理事项', kind: 'text', read: (r) => r.matter },
    { key: 'way', title: '方式', kind: 'text', read: (r) => wayWords[r.way] },
    { key: 'state', title: '状态', kind: 'text', read: (r) => requestStateWords[r.state] },
    { key: 'submitted', title: '提交时间', kind: 'instant', read: (r) => r.submittedAt },
    { key: 'decided', title: '答复时间', kind: 'instant', read: (r) => r.decidedAt },
    { key: 'days', title: '历时（天）', kind: 'integer', read: (r) => r.days },
  ],
  {
    side: { title: '范围', words: sideWords },
    state: { title: '状态', words: requestStateWords },
    orgId: { title: '需求方', reference: 'organisation' },
    providerId: { title: '提供方', reference: 'organisation' },
    resourceId: { title: '目录' },
    q: { title: '数据资源' },
  },
)

/** 授权清单, column by column as its screen. */
export const grantColumns = listColumns(
  GrantLine,
  '数据资源授权清单',
  [
    { key: 'number', title: '授权编号', kind: 'integer', read: (g) => g.number },
    { key: 'resource', title: '数据资源', kind: 'text', read: (g) => g.resource.name },
    { key: 'org', title: '使用单位', kind: 'reference', read: (g) => g.org.name },
    { key: 'provider', title: '提供方', kind: 'reference', read: (g) => g.provider.name },
    { key: 'way', title: '方式', kind: 'text', read: (g) => wayWords[g.way] },
    { key: 'items', title: '信息项', kind: 'integer', read: (g) => g.itemCount },
    { key: 'purpose', title: '用途', kind: 'text', read: (g) => g.purpose },
    { key: 'standing', title: '状态', kind: 'text', read: (g) => standingWords[g.standing] },
    { key: 'from', title: '起始日期', kind: 'date', read: (g) => g.validFrom },
    { key: 'until', title: '截止日期', kind: 'date', read: (g) => g.validUntil },
    { key: 'queries', title: '查询次数', kind: 'integer', read: (g) => g.queries },
    { key: 'records', title: '提供条数', kind: 'integer', read: (g) => g.records },
    { key: 'used', title: '最近使用', kind: 'instant', read: (g) => g.lastUsedAt },
  ],
  {
    side: { title: '范围', words: sideWords },
    standing: { title: '状态', words: standingWords },
    orgId: { title: '使用单位', reference: 'organisation' },
    providerId: { title: '提供方', reference: 'organisation' },
    resourceId: { title: '目录' },
    until: { title: '截止日期不晚于' },
  },
)
