import { ComparisonProblem, quoted, sideName } from './problem.ts'
import type { Side } from './side.ts'

/** Which columns of the two sides are put beside each other, by position. */
export interface Pairing {
  key: readonly Pair[]
  fields: readonly Pair[]
  /** Columns that only one side has, when no fields were asked for. */
  leftOnlyFields: readonly string[]
  rightOnlyFields: readonly string[]
}

export interface Pair {
  name: string
  left: number
  right: number
}

/**
 * Pairs columns by name, letter for letter. Without `fields`: all that both sides have beside the key, in the order of the left.
 * @throws ComparisonProblem naming the column that a side lacks, and one that is only spelt otherwise
 */
export function pairColumns(left: Side, right: Side, key: readonly string[], fields?: readonly string[]): Pairing {
  if (key.length === 0) throw usage('没有指定主键', '请用主键的列名指定，多列以逗号分隔。')
  for (const names of [key, fields ?? []]) {
    const twice = names.find((name, index) => names.indexOf(name) !== index)
    if (twice !== undefined) throw usage(`列${quoted(twice)}重复指定`, '每列只指定一次。')
  }
  const pair = (name: string, what: string, code: string): Pair => ({
    name,
    left: positionOf(left, name, what, code),
    right: positionOf(right, name, what, code),
  })
  const keyPairs = key.map((name) => pair(name, '主键列', 'compare.key_absent'))
  const shared = left.names.filter((name) => right.names.includes(name) && !key.includes(name))
  const fieldPairs = (fields ?? shared).map((name) => pair(name, '列', 'compare.field_absent'))
  requireExact(left, right, [...keyPairs, ...fieldPairs])
  return {
    key: keyPairs,
    fields: fieldPairs,
    leftOnlyFields: fields ? [] : left.names.filter((name) => !right.names.includes(name)),
    rightOnlyFields: fields ? [] : right.names.filter((name) => !left.names.includes(name)),
  }
}

/** The digits of a floating-point number that PostgreSQL writes are at times others than the engine's: what is equal would be called different. */
function requireExact(left: Side, right: Side, pairs: readonly Pair[]): void {
  if (left.kind === right.kind) return
  const name = pairs.map((pair) => pair.name).find((one) => left.floating?.includes(one) || right.floating?.includes(one))
  if (name === undefined) return
  const message = `Parquet 的列${quoted(name)}是浮点数，不能与文本逐字比对。`
  throw new ComparisonProblem(
    'failure',
    'compare.type',
    message,
    '请在导出时把该列转换为定点数（decimal）或文本，或用 --fields 不比对该列。',
  )
}

function positionOf(side: Side, name: string, what: string, code: string): number {
  const position = side.names.indexOf(name)
  if (position >= 0) return position
  const near = side.names.find((one) => one.trim().toLowerCase() === name.trim().toLowerCase())
  const hint = near === undefined ? separatorHint(side) : `有${quoted(near)}，大小写或空格不同。`
  throw new ComparisonProblem(
    'usage',
    code,
    `${sideName[side.of]}没有${what}${quoted(name)}。`,
    hint ?? `${sideName[side.of]}的列：${listed(side.names)}。`,
  )
}

function separatorHint({ kind, names: [first = '', ...others] }: Side): string | undefined {
  return kind === 'csv' && others.length === 0 && /[;\t|]/.test(first) ? '表头中没有逗号，请以逗号分隔各列。' : undefined
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, 20).map(quoted).join('、')}${names.length > 20 ? `等 ${names.length} 列` : ''}`
}

function usage(what: string, cure: string): ComparisonProblem {
  return new ComparisonProblem('usage', 'compare.usage', `${what}。`, cure)
}
