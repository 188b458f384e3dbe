import { type CaseAct, InvalidValue } from '@tongchou/kernel'

/** Reads an amount in 分 from a step's form; the form's definition has required it. */
export function formFen(act: CaseAct, field: string): number {
  const value = act.form[field]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw missing(field)
  return value
}

/** Reads a text from a step's form. */
export function formText(act: CaseAct, field: string): string {
  const value = act.form[field]
  if (typeof value !== 'string' || value.trim() === '') throw missing(field)
  return value
}

/** Reads a text that may be left out: the empty text then. */
export function formOptional(act: CaseAct, field: string): string {
  const value = act.form[field]
  return typeof value === 'string' ? value.trim() : ''
}

/** Reads a whole number from a step's form. */
export function formCount(act: CaseAct, field: string): number {
  const value = act.form[field]
  if (typeof value !== 'number' || !Number.isInteger(value)) throw missing(field)
  return value
}

/** Reads lines (明细) from a step's form. */
export function formLines(act: CaseAct, field: string): Record<string, unknown>[] {
  const value = act.form[field]
  if (!Array.isArray(value) || value.length === 0) throw missing(field)
  return value as Record<string, unknown>[]
}

function missing(field: string): InvalidValue {
  return new InvalidValue('form.missing', `表单缺少“${field}”，请填写后提交。`, [{ path: field, message: '必须填写' }])
}
