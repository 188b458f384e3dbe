import { AgentProblem } from './problem.ts'
import type { SourceParts } from './source.ts'

/** A column as the catalog of the database has it. */
export interface Column {
  name: string
  type: string
}

/** @throws AgentProblem `source.column_missing` with the columns that are there */
export function requireColumns(table: string, wanted: readonly string[], found: readonly Column[]): void {
  const lacking = wanted.filter((name) => !found.some((column) => column.name === name))
  if (lacking.length > 0)
    throw new AgentProblem(
      'source.column_missing',
      `来源表 ${table} 没有列：${lacking.join('、')}。`,
      `来源结构可能已变更，请修改配置中的 items；表中现有的列：${found.map(({ name }) => name).join('、')}。`,
    )
}

/** Says in the log which columns have another type than when the table was read before (结构变更): values that no longer fit are set aside at the center. */
export function noteTypes({ layout, spool, say }: SourceParts, found: readonly Column[]): void {
  const before = spool.recall<Record<string, string>>('types') ?? {}
  const now = Object.fromEntries(found.filter(({ name }) => layout.columns.includes(name)).map(({ name, type }) => [name, type]))
  for (const [name, type] of Object.entries(now)) {
    const old = before[name]
    if (old !== undefined && old !== type) say(`来源列 ${name} 的类型由 ${old} 变为 ${type}；不合资源结构的值将进入中心隔离区，请核对`)
  }
  spool.remember('types', now)
}
