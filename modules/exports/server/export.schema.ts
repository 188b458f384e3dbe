import { At, Id, Line, listColumns, Nullable, OneOf, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'

/** Where an export stands: 导出中, 已完成, 已停止, 未完成, 已过期. */
export const exportStates = ['running', 'ready', 'cancelled', 'failed', 'expired'] as const

/** What is to be exported: the list, the thing it belongs to, the filters and the columns, all as the screen has them. */
export const NewExport = Strict({
  list: Type.String({ pattern: '^[a-z][A-Za-z]{1,63}$', description: '列表操作的 operationId' }),
  params: Type.Record(Type.String({ pattern: '^[a-z][A-Za-z]{0,39}$' }), Line(100), { maxProperties: 5, additionalProperties: false }),
  query: Type.Record(Type.String({ pattern: '^[a-z][A-Za-z]{0,39}$' }), Line(500), { maxProperties: 30, additionalProperties: false }),
  columns: Type.Array(Line(40), { minItems: 1, maxItems: 100, uniqueItems: true }),
})
export type NewExport = Static<typeof NewExport>

/** An export (导出), as its maker sees it. */
export const Export = Type.Object({
  id: Id,
  list: Type.String(),
  title: Type.String(),
  filters: Type.Array(Type.Object({ title: Type.String(), value: Type.String() })),
  state: OneOf(exportStates),
  totalCount: Nullable(Type.Integer({ description: '列表给出总数时才有' })),
  doneCount: Type.Integer(),
  failure: Nullable(Type.String()),
  fileName: Type.String(),
  byteCount: Nullable(Type.Integer()),
  sha256: Nullable(Type.String()),
  requestedAt: At,
  finishedAt: Nullable(At),
  expiresAt: At,
})
export type Export = Static<typeof Export>

const stateNames = { running: '导出中', ready: '已完成', cancelled: '已停止', failed: '未完成', expired: '已过期' } as const

/** The list of exports, which can itself be taken along. */
export const exportColumns = listColumns(Export, '导出记录', [
  { key: 'title', title: '列表', kind: 'text', read: (e) => e.title },
  { key: 'filters', title: '筛选条件', kind: 'text', read: (e) => e.filters.map((f) => `${f.title}：${f.value}`).join('；') || '无' },
  { key: 'state', title: '状态', kind: 'text', read: (e) => stateNames[e.state] },
  { key: 'rows', title: '条数', kind: 'integer', read: (e) => e.doneCount },
  { key: 'requested', title: '导出时间', kind: 'instant', read: (e) => e.requestedAt },
  { key: 'expires', title: '保留至', kind: 'instant', read: (e) => e.expiresAt },
])
