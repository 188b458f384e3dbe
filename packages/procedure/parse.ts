// SPDX-License-Identifier: Apache-2.0

import type { Amount, Asks, Choice, Control, DocumentNeed, Holder, Limit, LimitUnit, Outcome, Pause, Procedure, Step } from './procedure.ts'

/** What is wrong with a procedure: where in the data, what, and what cures it. */
export interface Problem {
  path: string
  message: string
  cure: string
}

/**
 * Reads a procedure from parsed YAML, strictly: an unknown key, a missing one or a wrong type is a problem with its path.
 * What may be left out: lists, `control`, `asks`, `pauses`, `form`, `note`, `guard`, `mode`, `separation`, an outcome's own `article`, `requiresOpinion` (no).
 */
export function parseProcedure(raw: unknown): { procedure: Procedure } | { problems: Problem[] } {
  const problems: Problem[] = []
  const procedure = readProcedure(new Reader(raw, '', problems))
  return problems.length > 0 ? { problems } : { procedure }
}

function readProcedure(at: Reader): Procedure {
  at.only('id', 'title', 'version', 'subject', 'initiation', 'articles', 'basis', 'note', 'control', 'steps')
  return {
    id: at.id('id'),
    title: at.text('title'),
    version: at.count('version'),
    subject: at.id('subject'),
    initiation: at.oneOf('initiation', ['application', 'ex-officio']),
    articles: at.texts('articles'),
    basis: at.oneOf('basis', ['text', 'inference', 'local']),
    note: at.optional('note', () => at.text('note')),
    control: at.optional('control', () => readControl(at.child('control'))) ?? NO_CONTROL,
    steps: at.each('steps', readStep),
  }
}

function readStep(at: Reader): Step {
  const who = ['holders', 'quorum', 'joins', 'notBy', 'separation']
  at.only('id', 'title', 'kind', ...who, 'limit', 'pauses', 'asks', 'documents', 'form', 'choices', 'article', 'basis', 'note', 'outcomes')
  return {
    id: at.id('id'),
    title: at.text('title'),
    kind: at.oneOf('kind', ['start', 'submit', 'decide']),
    holders: at.each('holders', readHolder),
    quorum: at.oneOf('quorum', ['one', 'all', 'any']),
    joins: at.optional('joins', () => at.ids('joins')) ?? [],
    limit: readLimit(at.child('limit')),
    pauses: at.optional('pauses', () => at.each('pauses', readPause)) ?? [],
    asks: at.optional('asks', () => readAsks(at.child('asks'))) ?? NO_ASKS,
    documents: at.optional('documents', () => at.each('documents', readDocument)) ?? [],
    form: at.optional('form', () => at.id('form')),
    choices: at.optional('choices', () => at.each('choices', readChoice)) ?? [],
    notBy: at.optional('notBy', () => at.ids('notBy')) ?? [],
    separation: at.optional('separation', () => at.text('separation')),
    article: at.text('article'),
    basis: at.oneOf('basis', ['text', 'inference', 'local']),
    note: at.optional('note', () => at.text('note')),
    outcomes: at.each('outcomes', readOutcome),
  }
}

function readHolder(at: Reader): Holder {
  at.only('duty', 'resolve')
  return { duty: at.id('duty'), resolve: at.id('resolve') }
}

function readLimit(at: Reader): Limit {
  // `days` is how packs wrote a fixed limit before there were other units.
  const kind = at.oneOf('kind', ['fixed', 'days', 'none', 'from-record', 'from-code'])
  if (kind === 'fixed' || kind === 'days') {
    at.only('kind', 'amount', 'unit', 'source', 'verified')
    const source = at.optional('source', () => at.text('source'))
    const verified = at.optional('verified', () => at.flag('verified')) ?? true
    return { kind: 'fixed', ...readAmount(at), ...(source === null ? {} : { source, verified }) }
  }
  if (kind === 'from-code') {
    at.only('kind', 'field', 'table')
    const amount = (row: Reader) => {
      row.only('amount', 'unit')
      return readAmount(row)
    }
    return { kind, field: at.text('field'), table: at.map('table', amount) }
  }
  if (kind === 'none') {
    at.only('kind', 'reason')
    return { kind, reason: at.text('reason') }
  }
  at.only('kind', 'field')
  return { kind, field: at.text('field') }
}

const UNITS: readonly [LimitUnit, ...LimitUnit[]] = ['work-hour', 'hour', 'work-day', 'day', 'month']

function readAmount(at: Reader): Amount {
  return { amount: at.count('amount'), unit: at.oneOf('unit', UNITS) }
}

/** Where a step says nothing: nothing may be asked for there. */
export const NO_ASKS: Asks = { extend: null, extendTimes: 1, extendLate: false, shelve: null, 'not-mine': null }

/** Where a procedure says nothing: nobody intervenes, a task may be urged once a day. */
export const NO_CONTROL: Control = { supervise: [], void: [], merge: [], urgeHours: 24 }

function readAsks(at: Reader): Asks {
  at.only('extend', 'extendTimes', 'extendLate', 'shelve', 'not-mine')
  return {
    extend: at.optional('extend', () => at.id('extend')),
    extendTimes: at.optional('extendTimes', () => at.count('extendTimes')) ?? NO_ASKS.extendTimes,
    extendLate: at.optional('extendLate', () => at.flag('extendLate')) ?? NO_ASKS.extendLate,
    shelve: at.optional('shelve', () => at.id('shelve')),
    'not-mine': at.optional('not-mine', () => at.id('not-mine')),
  }
}

function readControl(at: Reader): Control {
  at.only('supervise', 'void', 'merge', 'urgeHours')
  return {
    supervise: at.optional('supervise', () => at.ids('supervise')) ?? [],
    void: at.optional('void', () => at.ids('void')) ?? [],
    merge: at.optional('merge', () => at.ids('merge')) ?? [],
    urgeHours: at.optional('urgeHours', () => at.count('urgeHours')) ?? NO_CONTROL.urgeHours,
  }
}

function readPause(at: Reader): Pause {
  at.only('ground', 'title', 'article', 'basis')
  return {
    ground: at.oneOf('ground', ['supplement', 'publicity', 'expert-review']),
    title: at.text('title'),
    article: at.text('article'),
    basis: at.oneOf('basis', ['text', 'inference', 'local']),
  }
}

function readDocument(at: Reader): DocumentNeed {
  at.only('kind', 'title', 'required')
  return { kind: at.id('kind'), title: at.text('title'), required: at.flag('required') }
}

function readChoice(at: Reader): Choice {
  at.only('id', 'title', 'article')
  return { id: at.id('id'), title: at.text('title'), article: at.text('article') }
}

function readOutcome(at: Reader): Outcome {
  at.only('id', 'title', 'kind', 'next', 'mode', 'guard', 'emits', 'article', 'requiresOpinion')
  return {
    id: at.id('id'),
    title: at.text('title'),
    kind: at.oneOf('kind', ['forward', 'return', 'reject', 'end']),
    next: at.optional('next', () => at.ids('next')) ?? [],
    mode: at.optional('mode', () => at.oneOf('mode', ['again', 'straight-back'])),
    guard: at.optional('guard', () => at.text('guard')),
    emits: at.optional('emits', () => at.texts('emits')) ?? [],
    article: at.optional('article', () => at.text('article')),
    requiresOpinion: at.optional('requiresOpinion', () => at.flag('requiresOpinion')) ?? false,
  }
}

const ID = /^[a-z][a-z0-9-]{0,63}$/

/** One object of the data. It notes every problem with its path and reads on with an empty value, so that all are told at once. */
class Reader {
  readonly #fields: ReadonlyMap<string, unknown>
  readonly #path: string
  readonly #problems: Problem[]

  constructor(raw: unknown, path: string, problems: Problem[]) {
    const plain = typeof raw === 'object' && raw !== null && !Array.isArray(raw)
    this.#fields = new Map(plain ? Object.entries(raw) : [])
    this.#path = path
    this.#problems = problems
    if (!plain) this.#note(path, '应为一个对象', '请按“键: 值”的形式填写')
  }

  /** Every key that is allowed here; any other is a problem. */
  only(...keys: string[]): void {
    for (const key of this.#fields.keys())
      if (!keys.includes(key)) this.#note(this.#at(key), `不认识的键“${key}”`, `请删除，或改为 ${keys.join('、')} 之一`)
  }

  id(key: string): string {
    return this.#asId(this.#fields.get(key), this.#at(key))
  }

  ids(key: string): string[] {
    return this.#list(key).map((value, index) => this.#asId(value, this.#at(key, index)))
  }

  text(key: string): string {
    return this.#asText(this.#fields.get(key), this.#at(key))
  }

  texts(key: string): string[] {
    return this.#list(key).map((value, index) => this.#asText(value, this.#at(key, index)))
  }

  count(key: string): number {
    const value = this.#fields.get(key)
    if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
    this.#note(this.#at(key), '应为正整数', '请填写大于零的整数')
    return 1
  }

  flag(key: string): boolean {
    const value = this.#fields.get(key)
    if (typeof value !== 'boolean') this.#note(this.#at(key), '应为 true 或 false', '请填写 true 或 false')
    return value === true
  }

  oneOf<T extends string>(key: string, allowed: readonly [T, ...T[]]): T {
    const value = this.#fields.get(key)
    const found = allowed.find((one) => one === value)
    if (found === undefined) this.#note(this.#at(key), `${shown(value)}不在允许的取值内`, `请在 ${allowed.join('、')} 中选择`)
    return found ?? allowed[0]
  }

  each<T>(key: string, read: (at: Reader) => T): T[] {
    return this.#list(key).map((value, index) => read(new Reader(value, this.#at(key, index), this.#problems)))
  }

  /** An object whose keys are the pack's own, such as codes. */
  map<T>(key: string, read: (at: Reader) => T): Record<string, T> {
    const inner = this.child(key)
    return Object.fromEntries([...inner.#fields.keys()].map((name) => [name, read(inner.child(name))]))
  }

  child(key: string): Reader {
    return new Reader(this.#fields.get(key), this.#at(key), this.#problems)
  }

  /** Null where the key is absent or null; YAML writes both for "none". */
  optional<T>(key: string, read: () => T): T | null {
    const value = this.#fields.get(key)
    return value === undefined || value === null ? null : read()
  }

  #list(key: string): readonly unknown[] {
    const value = this.#fields.get(key)
    if (Array.isArray(value)) return value
    this.#note(this.#at(key), '应为列表', '请以列表形式填写')
    return []
  }

  #asId(value: unknown, path: string): string {
    if (typeof value === 'string' && ID.test(value)) return value
    this.#note(path, `${shown(value)}不是有效的标识`, '请使用小写英文字母、数字和连字符，以字母开头')
    return ''
  }

  #asText(value: unknown, path: string): string {
    if (typeof value === 'string' && value.trim() !== '') return value
    this.#note(path, '应为文字，不能为空', '请填写文字')
    return ''
  }

  #at(key: string, index?: number): string {
    const path = this.#path === '' ? key : `${this.#path}.${key}`
    return index === undefined ? path : `${path}[${index}]`
  }

  #note(path: string, message: string, cure: string): void {
    this.#problems.push({ path, message, cure })
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `“${value}”` : '该值'
}
