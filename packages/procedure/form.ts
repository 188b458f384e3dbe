// SPDX-License-Identifier: Apache-2.0

/** One field of a step's form (表单项). Amounts are integer 分, dates civil dates `YYYY-MM-DD`. */
export type FormField =
  | { id: string; title: string; type: 'text' | 'prose'; required: boolean; maxLength: number; help: string | null }
  /** 企业, by name as it is signed; `code` is the field of the same form that takes its 统一社会信用代码. */
  | { id: string; title: string; type: 'enterprise'; required: boolean; maxLength: number; code: string; help: string | null }
  | { id: string; title: string; type: 'money' | 'date'; required: boolean; help: string | null }
  | { id: string; title: string; type: 'identifier'; of: NumberKind; required: boolean; help: string | null }
  | { id: string; title: string; type: 'count'; required: boolean; minimum: number; maximum: number; help: string | null }
  | {
      id: string
      title: string
      type: 'choice'
      required: boolean
      choices: readonly { value: string; title: string }[]
      help: string | null
    }
  | { id: string; title: string; type: 'lines'; required: boolean; fields: readonly FormField[]; maxLines: number; help: string | null }

/** Numbers that name something outside the system (证件号码、代码、文号); the caller knows how each is checked. */
const numberKinds = ['social-credit-code', 'citizen-id', 'organisation-code', 'document-number'] as const
type NumberKind = (typeof numberKinds)[number]

/** What this package leaves to its caller: it has neither a calendar nor check digits of its own. */
export interface FormChecks {
  isCivilDate: (text: string) => boolean
  /** What is wrong with a number; undefined when nothing is. */
  numberProblem: (of: NumberKind, text: string) => string | undefined
}

/** What a step asks for besides opinion and documents, as data of a policy pack. A form without fields says where its content stands. */
export interface Form {
  id: string
  title: string
  version: number
  note: string | null
  fields: readonly FormField[]
}

/** A mistake in a form's definition or in what was filled in: where, and what would be right. */
export interface FormProblem {
  path: string
  message: string
}

/** Parses a form of a pack strictly: what it does not know is a problem, never ignored. */
export function parseForm(raw: unknown): { form: Form } | { problems: FormProblem[] } {
  const problems: FormProblem[] = []
  if (!isObject(raw)) return { problems: [{ path: '', message: '表单应为对象' }] }
  refuseUnknown(raw, ['id', 'title', 'version', 'note', 'fields'], '', problems)
  const { id, title, version, note } = raw
  if (typeof id !== 'string' || id === '') problems.push({ path: 'id', message: '须写明表单编号' })
  if (typeof title !== 'string' || title === '') problems.push({ path: 'title', message: '须写明表单名称' })
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    problems.push({ path: 'version', message: '版本应为正整数' })
  const fields = parseFields(raw.fields, 'fields', problems, true)
  if (problems.length > 0) return { problems }
  return { form: { id: String(id), title: String(title), version: Number(version), note: typeof note === 'string' ? note : null, fields } }
}

/**
 * What is wrong with a form as it was filled in; empty when it is right. Unknown fields are wrong too.
 */
export function checkForm(form: Form, data: Readonly<Record<string, unknown>>, checks: FormChecks): FormProblem[] {
  return checkFields(form.fields, data, '', checks)
}

function checkFields(fields: readonly FormField[], data: Readonly<Record<string, unknown>>, at: string, checks: FormChecks): FormProblem[] {
  const strange = Object.keys(data).filter((key) => !fields.some((field) => field.id === key))
  return [
    ...strange.map((key) => ({ path: `${at}${key}`, message: '表单没有这一项，请删除' })),
    ...fields.flatMap((field) => checkField(field, Object.hasOwn(data, field.id) ? data[field.id] : undefined, `${at}${field.id}`, checks)),
  ]
}

function checkField(field: FormField, value: unknown, path: string, checks: FormChecks): FormProblem[] {
  const wrong = (message: string): FormProblem[] => [{ path, message: `${field.title}：${message}` }]
  if (value === undefined || value === null || value === '') return field.required ? wrong('必须填写') : []
  switch (field.type) {
    case 'text':
    case 'prose':
    case 'enterprise':
      if (typeof value !== 'string') return wrong('应为文字')
      if (field.required && value.trim() === '') return wrong('必须填写')
      return value.length > field.maxLength ? wrong(`不得超过 ${field.maxLength} 个字`) : []
    case 'money':
      return isCount(value) && value >= 0 && value <= 10_000_000_000_000 ? [] : wrong('金额以分计，应为不小于零的整数')
    case 'date':
      return typeof value === 'string' && checks.isCivilDate(value) ? [] : wrong('应为存在的日期，格式 YYYY-MM-DD')
    case 'count':
      return isCount(value) && value >= field.minimum && value <= field.maximum
        ? []
        : wrong(`应为 ${field.minimum} 至 ${field.maximum} 的整数`)
    case 'identifier': {
      const problem = typeof value === 'string' ? checks.numberProblem(field.of, value) : '应为文字'
      return problem === undefined ? [] : wrong(problem)
    }
    case 'choice':
      return field.choices.some((choice) => choice.value === value) ? [] : wrong('不在可选范围之内')
    case 'lines':
      return checkLines(field, value, path, wrong, checks)
  }
}

function checkLines(
  field: Extract<FormField, { type: 'lines' }>,
  value: unknown,
  path: string,
  wrong: (message: string) => FormProblem[],
  checks: FormChecks,
): FormProblem[] {
  if (!Array.isArray(value)) return wrong('应为明细列表')
  if (field.required && value.length === 0) return wrong('至少填写一行')
  if (value.length > field.maxLines) return wrong(`不得超过 ${field.maxLines} 行`)
  return value.flatMap((line, index) =>
    isObject(line)
      ? checkFields(field.fields, line, `${path}/${index}/`, checks).map((p) => ({ ...p, message: `第 ${index + 1} 行${p.message}` }))
      : wrong(`第 ${index + 1} 行应为一组填写项`),
  )
}

const common = ['id', 'title', 'type', 'required', 'help']
const own: Record<string, readonly string[]> = {
  text: ['maxLength'],
  prose: ['maxLength'],
  enterprise: ['maxLength', 'code'],
  money: [],
  date: [],
  identifier: ['of'],
  count: ['minimum', 'maximum'],
  choice: ['choices'],
  lines: ['fields', 'maxLines'],
}

function parseFields(raw: unknown, path: string, problems: FormProblem[], linesAllowed: boolean): FormField[] {
  if (!Array.isArray(raw)) {
    problems.push({ path, message: '应为填写项列表' })
    return []
  }
  const fields = raw.flatMap((one, index) => parseField(one, `${path}/${index}`, problems, linesAllowed))
  const ids = fields.map((field) => field.id)
  for (const field of fields)
    if (
      field.type === 'enterprise' &&
      !fields.some((one) => one.id === field.code && one.type === 'identifier' && one.of === 'social-credit-code')
    )
      problems.push({ path, message: `“${field.id}”的统一社会信用代码应填入本表单的“${field.code}”，没有这一项` })
  for (const id of new Set(ids.filter((one, index) => ids.indexOf(one) !== index))) problems.push({ path, message: `填写项“${id}”重复` })
  return fields
}

function parseField(raw: unknown, path: string, problems: FormProblem[], linesAllowed: boolean): FormField[] {
  const before = problems.length
  if (!isObject(raw)) return push(problems, path, '应为对象')
  const type = String(raw.type)
  const keys = own[type]
  if (!keys || (type === 'lines' && !linesAllowed)) return push(problems, `${path}/type`, `没有“${type}”这种填写项`)
  refuseUnknown(raw, [...common, ...keys], `${path}/`, problems)
  if (typeof raw.id !== 'string' || !/^[a-z][A-Za-z0-9]*$/.test(raw.id)) push(problems, `${path}/id`, '编号应为小写字母开头的字母和数字')
  if (typeof raw.title !== 'string' || raw.title === '') push(problems, `${path}/title`, '须写明名称')
  const base = {
    id: String(raw.id),
    title: String(raw.title),
    required: raw.required !== false,
    help: typeof raw.help === 'string' ? raw.help : null,
  }
  const field = typed(type, raw, base, path, problems)
  return problems.length > before ? [] : [field]
}

type Base = { id: string; title: string; required: boolean; help: string | null }

function typed(type: string, raw: Record<string, unknown>, base: Base, path: string, problems: FormProblem[]): FormField {
  switch (type) {
    case 'text':
    case 'prose':
      return { ...base, type, maxLength: isCount(raw.maxLength) ? raw.maxLength : type === 'text' ? 200 : 4000 }
    case 'enterprise':
      if (typeof raw.code !== 'string' || raw.code === '') push(problems, `${path}/code`, '须写明填写统一社会信用代码的填写项')
      return { ...base, type, maxLength: isCount(raw.maxLength) ? raw.maxLength : 200, code: String(raw.code) }
    case 'count':
      return { ...base, type, minimum: isCount(raw.minimum) ? raw.minimum : 0, maximum: isCount(raw.maximum) ? raw.maximum : 1_000_000 }
    case 'identifier': {
      const of = numberKinds.find((one) => one === raw.of)
      if (of === undefined) push(problems, `${path}/of`, `应为 ${numberKinds.join('、')} 之一`)
      return { ...base, type, of: of ?? 'document-number' }
    }
    case 'choice':
      return { ...base, type, choices: parseChoices(raw.choices, `${path}/choices`, problems) }
    case 'lines':
      return {
        ...base,
        type,
        fields: parseFields(raw.fields, `${path}/fields`, problems, false),
        maxLines: isCount(raw.maxLines) ? raw.maxLines : 100,
      }
    default:
      return { ...base, type: type === 'money' ? 'money' : 'date' }
  }
}

function parseChoices(raw: unknown, path: string, problems: FormProblem[]): { value: string; title: string }[] {
  if (!Array.isArray(raw) || raw.length === 0) {
    problems.push({ path, message: '须列明可选值' })
    return []
  }
  return raw.flatMap((one, index) => {
    if (isObject(one) && typeof one.value === 'string' && typeof one.title === 'string') return [{ value: one.value, title: one.title }]
    problems.push({ path: `${path}/${index}`, message: '每个可选值须有 value 和 title' })
    return []
  })
}

function refuseUnknown(raw: Record<string, unknown>, known: readonly string[], at: string, problems: FormProblem[]): void {
  for (const key of Object.keys(raw))
    if (!known.includes(key)) problems.push({ path: `${at}${key}`, message: `没有“${key}”这一项，请删除或更正` })
}

function push(problems: FormProblem[], path: string, message: string): [] {
  problems.push({ path, message })
  return []
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value)
}
