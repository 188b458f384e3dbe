import { existsSync, readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'
import { PackMistake } from './pack-problem.ts'

/**
 * A value of a pack's YAML file that knows its place, so that each mistake can be named with file and path.
 * Every reader refuses what it does not expect: a key nobody reads would be a rule nobody applies.
 */
export class YamlValue {
  readonly file: string
  readonly path: string
  readonly raw: unknown

  constructor(file: string, path: string, raw: unknown) {
    this.file = file
    this.path = path
    this.raw = raw
  }

  mistake(message: string, cure: string): PackMistake {
    return new PackMistake({ file: this.file, path: this.path, message, cure })
  }

  text(): string {
    if (typeof this.raw !== 'string' || this.raw.trim() === '') throw this.mistake('此处应为非空文本', '填写文本')
    return this.raw
  }

  truth(): boolean {
    if (typeof this.raw !== 'boolean') throw this.mistake('此处应为 true 或 false', '填写 true 或 false')
    return this.raw
  }

  integer(): number {
    if (!Number.isSafeInteger(this.raw)) throw this.mistake('此处应为整数', '填写整数')
    return this.raw as number
  }

  date(): string {
    const text = this.text()
    const instant = new Date(`${text}T00:00:00Z`)
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== text) {
      throw this.mistake(`“${text}”不是存在的日期`, '按 YYYY-MM-DD 填写')
    }
    return text
  }

  oneOf<const T extends string>(allowed: readonly T[]): T {
    const found = allowed.find((value) => value === this.raw)
    if (found === undefined) throw this.mistake(`“${String(this.raw)}”不在可用值之内`, `可用值：${allowed.join('、')}`)
    return found
  }

  list(): YamlValue[] {
    if (!Array.isArray(this.raw)) throw this.mistake('此处应为列表', '以“- ”逐项列出')
    return this.raw.map((item, index) => new YamlValue(this.file, `${this.path}[${index}]`, item))
  }

  texts(): string[] {
    return this.list().map((item) => item.text())
  }

  /** The entries of a mapping whose keys are data. */
  entries(): [key: string, value: YamlValue][] {
    if (typeof this.raw !== 'object' || this.raw === null || Array.isArray(this.raw)) {
      throw this.mistake('此处应为键值表', '以“键: 值”逐行填写')
    }
    return Object.entries(this.raw).map(([key, value]) => [key, this.child(key, value)])
  }

  /** A mapping with fixed keys; an unknown key or a missing one is a mistake. */
  record<const R extends string, const O extends string = never>(
    required: readonly R[],
    optional: readonly O[] = [],
  ): Record<R, YamlValue> & Partial<Record<O, YamlValue>> {
    const known: readonly string[] = [...required, ...optional]
    const found = new Map<string, YamlValue>()
    for (const [key, value] of this.entries()) {
      if (!known.includes(key)) throw value.mistake(`“${key}”不是已知的键`, `可用的键：${known.join('、')}`)
      if (value.raw !== undefined) found.set(key, value)
    }
    for (const key of required) {
      if (!found.has(key)) throw this.child(key, undefined).mistake(`缺少“${key}”`, `补上“${key}”`)
    }
    return Object.fromEntries(found) as Record<R, YamlValue> & Partial<Record<O, YamlValue>>
  }

  private child(key: string, raw: unknown): YamlValue {
    return new YamlValue(this.file, this.path === '' ? key : `${this.path}.${key}`, raw)
  }
}

/** The text of a file that a pack must have. */
export function readPackFile(absolutePath: string, shownAs: string): string {
  if (!existsSync(absolutePath)) throw new PackMistake({ file: shownAs, path: '', message: '缺少该文件', cure: '补上文件' })
  return readFileSync(absolutePath, 'utf8')
}

/** Reads one YAML file. Doubled keys, unknown tags and unresolved anchors are mistakes, named by line. */
export function readYaml(absolutePath: string, shownAs: string): YamlValue {
  const document = parseDocument(readPackFile(absolutePath, shownAs), { uniqueKeys: true, strict: true, stringKeys: true })
  const error = [...document.errors, ...document.warnings][0]
  if (error) {
    const line = error.linePos?.[0].line ?? 1
    throw new PackMistake({
      file: shownAs,
      path: `第 ${line} 行`,
      message: `不是有效的 YAML：${error.message.split('\n')[0]}`,
      cure: '改正该行的书写',
    })
  }
  // Few aliases only: a file of nested anchors must not unfold into gigabytes.
  return new YamlValue(shownAs, '', document.toJS({ maxAliasCount: 20 }))
}
