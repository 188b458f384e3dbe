// SPDX-License-Identifier: Apache-2.0
import { codeLists, readCode } from './code-list.ts'
import { dutyNames, type Entry, type EntryItem, entryOf, gradingDegrees, gradingObjects, type Impact, itemOf } from './entry.ts'
import { entryFields, type FieldSpec, itemFields } from './fields.ts'
import { isBlank } from './fold.ts'
import { type Finding, type Hit, hit, report } from './rules/finding.ts'

/** What was read, as far as it can be, and every place that cannot. */
export interface ReadEntry {
  entry: Entry
  findings: Finding[]
}

/**
 * Reads an entry that comes from outside, with the field names of the API: codes by value, code or label. What cannot be read is named with its
 * place and left out; nothing is guessed.
 */
export function readEntry(raw: unknown): ReadEntry {
  if (!isObject(raw))
    return { entry: entryOf({ name: '' }), findings: report([hit('S00', '', '资源不是对象', '按接口说明的字段填写')]).findings }
  const reader = new Reader()
  const flat = { ...flattened(raw, 'census'), ...flattened(raw, 'ext') }
  const values = reader.fields(
    entryFields.filter(({ kind, id }) => kind !== 'reference' || !id.startsWith('duties/')),
    { ...raw, ...flat },
    '',
    [
      ...['items', 'grading', 'duties', 'census', 'ext', 'secrecy', 'secret', 'provider', 'code', 'publishedOn', 'id', 'version'],
      ...Object.keys(flat),
    ],
  )
  const entry = entryOf({
    ...(nested(values) as Partial<Entry>),
    name: String(values.name ?? ''),
    abstract: String(values.abstract ?? ''),
    relatedCodes: (values.relatedCodes as string[] | undefined) ?? [],
    containsPersonal: values.containsPersonal === true,
    containsSensitive: values.containsSensitive === true,
    items: reader.lines(raw.items, 'items', (line, at) => reader.item(line, at)),
    grading: reader.lines(raw.grading, 'grading', (line, at) => reader.impact(line, at)),
    duties: reader.duties(raw.duties),
    provider: reader.optional(raw, 'provider'),
    code: reader.optional(raw, 'code'),
    publishedOn: reader.optional(raw, 'publishedOn'),
    secret: raw.secret === true || raw.secrecy === true || readCodeOf(raw.secret) === 'secret',
  })
  return { entry, findings: report(reader.hits).findings }
}

const readCodeOf = (value: unknown) => (typeof value === 'string' && value.trim() === '涉密' ? 'secret' : undefined)

class Reader {
  readonly hits: Hit[] = []

  fields(specs: readonly FieldSpec[], raw: Record<string, unknown>, at: string, others: readonly string[]): Record<string, unknown> {
    const known = new Set([...specs.map(({ id }) => id), ...others])
    for (const key of Object.keys(raw))
      if (!known.has(key)) this.hits.push(hit('S00', `${at}${key}`, `没有“${key}”这个字段`, '按接口说明的字段名填写，或删去'))
    return Object.fromEntries(specs.map((spec) => [spec.id, this.value(spec, raw[spec.id], `${at}${spec.id}`)]))
  }

  value(spec: FieldSpec, value: unknown, path: string): unknown {
    if (value === null || value === undefined || value === '') return null
    switch (spec.kind) {
      case 'choice':
        return this.choice(spec, value, path)
      case 'yes-no':
        return this.yesNo(spec, value, path)
      case 'integer':
        return this.integer(spec, value, path)
      case 'texts':
        return this.texts(spec, value, path)
      default:
        if (typeof value === 'string') return value
        return typeof value === 'number' ? String(value) : this.unreadable(spec, path, '应为文字', '按文字填写')
    }
  }

  choice(spec: FieldSpec, value: unknown, path: string): unknown {
    if (!spec.list) return value
    const read = typeof value === 'string' || typeof value === 'number' ? readCode(spec.list, String(value)) : undefined
    if (read !== undefined) return read
    // The tables of format types are open: what is not in them is described in words, and judged with its format.
    if (spec.id === 'formatType' && typeof value === 'string') return value
    const labels = codeLists[spec.list].entries.map(({ label }) => label)
    return this.unreadable(spec, path, `“${String(value)}”不在代码表内`, `填写${labels.join('、')}之一`)
  }

  yesNo(spec: FieldSpec, value: unknown, path: string): unknown {
    if (typeof value === 'boolean') return value
    if (value === 1 || (typeof value === 'string' && ['是', '1', 'y', 'Y'].includes(value.trim()))) return true
    if (value === 0 || (typeof value === 'string' && ['否', '0', 'n', 'N'].includes(value.trim()))) return false
    return this.unreadable(spec, path, `“${String(value)}”不是“是”或“否”`, '填写是或否')
  }

  integer(spec: FieldSpec, value: unknown, path: string): unknown {
    const number = typeof value === 'string' && /^\d{1,9}$/.test(value.trim()) ? Number(value.trim()) : value
    if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number
    return this.unreadable(spec, path, `“${String(value)}”不是整数`, '填写整数')
  }

  texts(spec: FieldSpec, value: unknown, path: string): unknown {
    const list = typeof value === 'string' ? value.split(/[、,，;；\s]+/).filter((one) => one !== '') : value
    if (Array.isArray(list) && list.every((one) => typeof one === 'string')) return list
    return this.unreadable(spec, path, '应为一组文字', '每个代码一项')
  }

  unreadable(spec: FieldSpec, path: string, problem: string, fix: string): null {
    this.hits.push(hit('S00', path, `${spec.title}${problem}`, fix))
    return null
  }

  lines<T>(raw: unknown, path: string, read: (line: Record<string, unknown>, at: string) => T | undefined): T[] {
    if (raw === null || raw === undefined) return []
    if (!Array.isArray(raw)) {
      this.hits.push(hit('S00', path, `“${path}”应为列表`, '每项一个对象'))
      return []
    }
    return raw.flatMap((line, index) => {
      const at = `${path}/${index}/`
      if (isObject(line)) return read(line, at) ?? []
      this.hits.push(hit('S00', `${path}/${index}`, '不是对象', '按接口说明的字段填写'))
      return []
    })
  }

  item(line: Record<string, unknown>, at: string): EntryItem {
    const values = this.fields(itemFields, line, at, ['id', 'secret'])
    return itemOf({
      ...(values as Partial<EntryItem>),
      ...(typeof line.id === 'string' ? { id: line.id } : {}),
      name: String(values.name ?? ''),
      code: String(values.code ?? ''),
      isKey: values.isKey === true,
      isTimestamp: values.isTimestamp === true,
      sensitivity: (values.sensitivity ?? 'general') as EntryItem['sensitivity'],
      secret: line.secret === true || readCodeOf(line.secret) === 'secret',
    })
  }

  impact(line: Record<string, unknown>, at: string): Impact | undefined {
    const object = this.choice({ id: 'object', title: '影响对象', kind: 'choice', list: 'gradingObject' }, line.object ?? '', `${at}object`)
    const degree = this.choice({ id: 'degree', title: '影响程度', kind: 'choice', list: 'gradingDegree' }, line.degree ?? '', `${at}degree`)
    if (!isOneOf(gradingObjects, object) || !isOneOf(gradingDegrees, degree)) return undefined
    return { object, degree, reason: typeof line.reason === 'string' ? line.reason : '' }
  }

  duties(raw: unknown): Entry['duties'] {
    const given = isObject(raw) ? raw : {}
    return Object.fromEntries(
      dutyNames.map((name) => {
        const bearer = given[name]
        if (!isObject(bearer) || typeof bearer.orgId !== 'string' || isBlank(bearer.orgId)) return [name, null]
        return [name, { orgId: bearer.orgId, post: typeof bearer.post === 'string' ? bearer.post : null }]
      }),
    ) as Entry['duties']
  }

  /** A field that may be left out: then it is the account's or the system's. */
  optional(raw: Record<string, unknown>, key: string): string | null | undefined {
    if (!(key in raw)) return undefined
    return this.value({ id: key, title: key, kind: 'text' }, raw[key], key) as string | null
  }
}

const isOneOf = <V extends readonly string[]>(values: V, value: unknown): value is V[number] => values.includes(value as V[number])

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `{ census: { storedGb } }` as `{ 'census/storedGb' }`. */
function flattened(raw: Record<string, unknown>, key: string): Record<string, unknown> {
  const inner = raw[key]
  return isObject(inner) ? Object.fromEntries(Object.entries(inner).map(([name, value]) => [`${key}/${name}`, value])) : {}
}

function nested(values: Record<string, unknown>): Record<string, unknown> {
  const whole: Record<string, unknown> = {}
  for (const [path, value] of Object.entries(values)) {
    const [group = '', name] = path.split('/')
    whole[group] = name === undefined ? value : { ...(whole[group] as object | undefined), [name]: value }
  }
  return whole
}
