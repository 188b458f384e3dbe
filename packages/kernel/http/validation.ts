import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { parseCivilDate } from '../civil-date.ts'
import type { FieldProblem } from '../errors.ts'

const options = { removeAdditional: false, useDefaults: true, allErrors: true, strict: false } as const
// Bodies are taken as they are; what comes in a query string or a path is text and has to be read as a number where one is asked for.
const bodyAjv = withFormats(new Ajv({ ...options, coerceTypes: false, strictNumbers: true }))
// With strict numbers a coerced Infinity would escape its `maximum`.
const textAjv = withFormats(new Ajv({ ...options, coerceTypes: true, strictNumbers: false }))

function withFormats(ajv: Ajv): Ajv {
  addFormats.default(ajv, ['uuid', 'date-time'])
  ajv.addFormat('civil-date', { type: 'string', validate: (text: string) => parseCivilDate(text) !== undefined })
  return ajv
}

/** Compiles a schema for one part of a request. */
export function compileSchema(schema: object, part: string | undefined): ValidateFunction {
  return (part === 'body' ? bodyAjv : textAjv).compile(schema)
}

/** Says in Chinese which field breaks which rule. At most 20, the first ones. */
export function fieldProblems(errors: readonly ErrorObject[]): FieldProblem[] {
  const kept = withoutAlternatives(errors.slice(0, 100))
  // Of a value of another type nothing else is worth saying.
  const mistyped = new Set(kept.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath))
  const told = kept
    .filter(({ keyword, instancePath }) => keyword === 'type' || !mistyped.has(instancePath))
    .map((error) => ({ path: fieldPath(error), message: ruleText(error) }))
  const distinct = new Map(told.map((problem) => [`${problem.path}\n${problem.message}`, problem]))
  return [...distinct.values()].slice(0, 20)
}

/**
 * Of a value that fits no alternative, ajv tells what is wrong with each of them. A person is told one thing: what is wrong
 * with the value where the other alternative is only null, else that it is none of those allowed.
 */
function withoutAlternatives(errors: readonly ErrorObject[]): ErrorObject[] {
  return errors
    .filter((error) => error.keyword === 'anyOf')
    .reduce(
      (kept, whole) => {
        const inside = kept.filter((error) => error.schemaPath.startsWith(`${whole.schemaPath}/`))
        const orNull = inside.find((error) => error.keyword === 'type' && error.params.type === 'null')
        const dropped = new Set(orNull && inside.length > 1 ? [orNull, whole] : inside)
        return kept.filter((error) => !dropped.has(error))
      },
      [...errors],
    )
}

function fieldPath({ instancePath, keyword, params }: ErrorObject): string {
  const extra = keyword === 'additionalProperties' ? params.additionalProperty : keyword === 'required' ? params.missingProperty : undefined
  return `${instancePath}${extra === undefined ? '' : `/${extra}`}`.replace(/^\//, '')
}

function ruleText({ keyword, params }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return '必须填写'
    case 'additionalProperties':
      return '没有这个字段，请删除或更正字段名'
    case 'type':
      return `应为${typeNames[String(params.type)] ?? String(params.type)}`
    case 'enum':
    case 'const':
    case 'anyOf':
      return '不在允许的取值之内'
    case 'maxLength':
      return `不得超过 ${params.limit} 个字`
    case 'minLength':
      return Number(params.limit) <= 1 ? '不能为空' : `不得少于 ${params.limit} 个字`
    case 'maximum':
    case 'exclusiveMaximum':
      return `不得大于 ${params.limit}`
    case 'minimum':
    case 'exclusiveMinimum':
      return `不得小于 ${params.limit}`
    case 'maxItems':
      return `不得超过 ${params.limit} 项`
    case 'minItems':
      return `不得少于 ${params.limit} 项`
    case 'uniqueItems':
      return '不得重复'
    case 'multipleOf':
      return '金额以分计，须为整数'
    case 'maxProperties':
      return `不得超过 ${params.limit} 个字段`
    case 'minProperties':
      return `不得少于 ${params.limit} 个字段`
    case 'propertyNames':
      return `字段名“${params.propertyName}”不符合要求`
    case 'pattern':
      return params.pattern === '\\S' ? '不能为空' : '格式不符'
    case 'format':
      return formatNames[String(params.format)] ?? '格式不符'
    default:
      return '不符合要求'
  }
}

const typeNames: Record<string, string> = {
  string: '文字',
  integer: '整数',
  number: '数字',
  boolean: '是或否（true / false）',
  array: '列表',
  object: '对象',
  null: '空（null）',
}

const formatNames: Record<string, string> = {
  uuid: '应为系统生成的编号',
  'civil-date': '应为存在的日期，格式 YYYY-MM-DD',
  'date-time': '应为 RFC 3339 时间',
}
