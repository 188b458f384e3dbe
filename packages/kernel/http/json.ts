import { Malformed } from '../errors.ts'

const maxDepth = 32

/**
 * Parses a JSON body strictly: no duplicate keys, no NUL, no lone surrogates, no `__proto__`, no number that a
 * JavaScript number cannot hold, at most 32 levels. JSON.parse alone would keep the last of two equal keys in silence.
 */
export function parseStrictJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Malformed('request.not_json', '请求内容不是有效的 JSON，请检查格式后重新提交。')
  }
  if (!isPlain(value, text)) {
    refuseDuplicateKeys(text)
    refuseHostileText(value, '')
  }
  return value
}

/**
 * Whether a body is beyond doubt, as nearly every one is; the walk through all its characters is for the rest. Without a backslash its
 * texts stand there as they were parsed, and every colon belongs to a key or to a text: as many as the value shows means that no key
 * stood there twice.
 */
function isPlain(value: unknown, text: string): boolean {
  if (text.includes('\\') || text.includes('__proto__')) return false
  return colonsOf(value, maxDepth) === colonsIn(text)
}

/** Colons that a value is written with, NaN where it holds a lost number or more levels than there may be. */
function colonsOf(value: unknown, levels: number): number {
  if (typeof value === 'string') return colonsIn(value)
  if (typeof value === 'number') return lostNumber(value) === undefined ? 0 : Number.NaN
  if (value === null || typeof value !== 'object') return 0
  if (levels === 0) return Number.NaN
  let colons = 0
  if (Array.isArray(value)) for (const item of value) colons += colonsOf(item, levels - 1)
  else for (const key in value) colons += 1 + colonsIn(key) + colonsOf((value as Record<string, unknown>)[key], levels - 1)
  return colons
}

function colonsIn(text: string): number {
  let colons = 0
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) colons += 1
  return colons
}

/** An object or array that is still open, and where in it the walk stands. */
type Open = { keys: Set<string>; at: string } | { keys: null; at: number }

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Walks text that is known to be valid JSON and refuses a key that an object already has, and deep nesting. */
function refuseDuplicateKeys(text: string): void {
  const open: Open[] = []
  let inner: Open | undefined
  let expectsKey = false
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE: {
        const end = endOfString(text, i)
        if (expectsKey && inner?.keys) {
          inner.at = keyOf(text.slice(i + 1, end))
          refuseKey(inner, open)
          inner.keys.add(inner.at)
          expectsKey = false
        }
        i = end
        break
      }
      case 0x7b: // {
      case 0x5b: // [
        if (open.length === maxDepth) throw new Malformed('request.too_deep', `请求内容嵌套超过 ${maxDepth} 层。`)
        expectsKey = text.charCodeAt(i) === 0x7b
        inner = expectsKey ? { keys: new Set(), at: '' } : { keys: null, at: 0 }
        open.push(inner)
        break
      case 0x7d: // }
      case 0x5d: // ]
        open.pop()
        inner = open.at(-1)
        expectsKey = false
        break
      case 0x2c: // ,
        if (inner?.keys === null) inner.at += 1
        expectsKey = inner !== undefined && inner.keys !== null
        break
    }
  }
}

/** Compared as parsed: `"a"` and `"\u0061"` are one key. */
function keyOf(written: string): string {
  return written.includes('\\') ? (JSON.parse(`"${written}"`) as string) : written
}

function refuseKey({ keys, at: key }: { keys: Set<string>; at: string }, open: readonly Open[]): void {
  const path = () => open.map(({ at }) => at).join('/')
  if (key === '__proto__')
    throw new Malformed('request.forbidden_key', '请求内容含有不允许的字段名 __proto__。', [{ path: path(), message: '不允许的字段名' }])
  if (keys.has(key))
    throw new Malformed('request.duplicate_key', `字段“${key}”出现了两次，请只保留一个。`, [{ path: path(), message: '字段重复' }])
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; ; i++) {
    const c = text.charCodeAt(i)
    if (c === BACKSLASH) i++
    else if (c === QUOTE) return i
  }
}

/**
 * Refuses NUL and lone surrogates anywhere: PostgreSQL cannot store them, and no official text has them. And numbers
 * that are another one already when they arrive here: `1e400` is Infinity, 2^53 + 1 is 2^53.
 */
export function refuseHostileText(value: unknown, path: string): void {
  // Nearly everything is harmless; only what is not needs a place to be named by.
  if (!isHarmless(value)) nameHostileText(value, path)
}

function isHarmless(value: unknown): boolean {
  if (typeof value === 'string') return hostileText(value) === undefined
  if (typeof value === 'number') return lostNumber(value) === undefined
  if (Array.isArray(value)) return value.every(isHarmless)
  if (value === null || typeof value !== 'object') return true
  for (const key in value) if (!isHarmless(key) || !isHarmless((value as Record<string, unknown>)[key])) return false
  return true
}

function nameHostileText(value: unknown, path: string): void {
  if (typeof value === 'string') refuse('request.bad_text', hostileText(value), path)
  else if (typeof value === 'number') refuse('request.bad_number', lostNumber(value), path)
  else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      nameHostileText(item, below(path, index))
    })
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      nameHostileText(key, below(path, '(字段名)'))
      nameHostileText(item, below(path, key))
    }
  }
}

function below(path: string, step: string | number): string {
  return path === '' ? String(step) : `${path}/${step}`
}

function refuse(code: string, problem: string | undefined, path: string): void {
  if (problem) throw new Malformed(code, `${path || '请求内容'}：${problem}`, [{ path, message: problem }])
}

function hostileText(value: string): string | undefined {
  if (value.includes('\u0000')) return '含有空字符（NUL），请删除后重新提交'
  if (!value.isWellFormed()) return '含有不完整的字符（孤立代理项），请重新输入'
  return undefined
}

function lostNumber(value: number): string | undefined {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)) ? undefined : '数值过大，请核对后填写'
}
