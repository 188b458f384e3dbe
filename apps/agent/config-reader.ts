import { isMap, isScalar, isSeq, type LineCounter } from 'yaml'
import { AgentProblem } from './problem.ts'

/** A part of the file and the line that it begins in. */
export interface Node {
  value: unknown
  line: number
  lines: LineCounter
}

export function nodeOf(value: unknown, lines: LineCounter): Node {
  const range = (value as { range?: [number, number, number] } | null)?.range
  return { value, line: range ? lines.linePos(range[0]).line : 1, lines }
}

/** Reads the fields of one mapping; what is wrong is said with its line. */
export interface Reader {
  text(name: string): string
  textOr(name: string, fallback: string): string
  numberOr(name: string, fallback: number, least: number, most: number): number
  /** `500ms`, `10s`, `5m`, `1h`, `1d`, in milliseconds. */
  durationOr(name: string, fallback: number): number
  oneOf<const V extends readonly string[]>(name: string, values: V, fallback?: V[number]): V[number]
  list(name: string): Node[]
  /** Nothing where the field is not there. */
  listOr(name: string): Node[]
  child(name: string): Reader
  optional(name: string): Reader | undefined
  pairs(name: string): [string, string][]
  wrong(name: string, what: string, cure: string): AgentProblem
  /** Refuses fields that nobody knows: a slip of the pen would silently change nothing. */
  end(known: readonly string[]): void
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

export function readerOf(node: Node, path: string): Reader {
  const { value, lines } = node
  if (!isMap(value))
    throw new AgentProblem('config.shape', `配置文件第 ${node.line} 行：${path || '内容'}应为“字段: 值”的形式。`, '请对照样例填写。')
  const fields = new Map(
    value.items.map((pair) => [
      isScalar(pair.key) ? String(pair.key.value) : '',
      { ...nodeOf(pair.value, lines), line: nodeOf(pair.key, lines).line },
    ]),
  )
  const nameOf = (name: string) => (path ? `${path}.${name}` : name)
  const problem = (line: number, name: string, what: string, cure: string) =>
    new AgentProblem('config.field', `配置文件第 ${line} 行：${nameOf(name)} ${what}。`, `${cure}。`)
  const wrong = (name: string, what: string, cure: string) => problem(fields.get(name)?.line ?? node.line, name, what, cure)
  const scalar = (name: string): string | undefined => {
    const field = fields.get(name)
    if (field === undefined || field.value === null) return undefined
    if (!isScalar(field.value)) throw wrong(name, '应为一个值', '请写在同一行')
    return field.value.value === null ? undefined : String(field.value.source ?? field.value.value)
  }
  const need = (name: string): Node => {
    const field = fields.get(name)
    if (!field) throw problem(node.line, name, '没有填写', `请在此处补充 ${name}`)
    return field
  }
  const self: Reader = {
    wrong,
    text(name) {
      need(name)
      const text = scalar(name)
      if (text === undefined || text === '') throw wrong(name, '为空', '请填写')
      return text
    },
    textOr: (name, fallback) => scalar(name) ?? fallback,
    numberOr(name, fallback, least, most) {
      const text = scalar(name)
      if (text === undefined) return fallback
      const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
      if (!(number >= least && number <= most)) throw wrong(name, `应为 ${least} 至 ${most} 的整数`, `如 ${fallback}`)
      return number
    },
    durationOr(name, fallback) {
      const text = scalar(name)
      if (text === undefined) return fallback
      const [, number = '', unit = ''] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? []
      const factor = units[unit]
      if (factor === undefined) throw wrong(name, '不是时长', '如 500ms、10s、5m、1h、1d')
      return Number(number) * factor
    },
    oneOf(name, values, fallback) {
      const text = scalar(name) ?? fallback
      if (text === undefined) need(name)
      const found = values.find((one) => one === text)
      if (found === undefined) throw wrong(name, `没有“${text ?? ''}”这个取值`, `可选：${values.join('、')}`)
      return found
    },
    list(name) {
      const { value: list } = need(name)
      if (!isSeq(list) || list.items.length === 0) throw wrong(name, '应为列表，至少一项', '每项以“- ”开头')
      return list.items.map((item) => nodeOf(item, lines))
    },
    listOr: (name) => (fields.has(name) ? self.list(name) : []),
    child: (name) => readerOf(need(name), nameOf(name)),
    optional: (name) => (fields.has(name) ? readerOf(need(name), nameOf(name)) : undefined),
    pairs(name) {
      const inner = need(name)
      const child = readerOf(inner, nameOf(name))
      const names = isMap(inner.value) ? inner.value.items.map((pair) => (isScalar(pair.key) ? String(pair.key.value) : '')) : []
      return names.map((key) => [key, child.text(key)])
    },
    end(known) {
      for (const [name, { line }] of fields)
        if (!known.includes(name)) throw problem(line, name, '不是已知的字段', `可用的字段：${known.join('、')}`)
    },
  }
  return self
}
