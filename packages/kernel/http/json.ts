import { Malformed } from '../errors.ts'

const maxDepth = 32

/**
 * Parses a JSON body strictly: no duplicate keys, no NUL, no lone surrogates, no `__proto__`, at most 32 levels.
 * JSON.parse alone would keep the last of two equal keys in silence.
 */
export function parseStrictJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Malformed('request.not_json', '请求内容不是有效的 JSON，请检查格式后重新提交。')
  }
  refuseDuplicateKeys(text)
  refuseHostileText(value, '')
  return value
}

/** Walks text that is known to be valid JSON and refuses a key that an object already has, and deep nesting. */
function refuseDuplicateKeys(text: string): void {
  const keys: (Set<string> | null)[] = []
  let expectsKey = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '"') {
      const end = endOfString(text, i)
      const open = keys.at(-1)
      if (expectsKey && open) {
        const key = JSON.parse(text.slice(i, end + 1)) as string
        if (key === '__proto__') throw new Malformed('request.forbidden_key', '请求内容含有不允许的字段名 __proto__。')
        if (open.has(key))
          throw new Malformed('request.duplicate_key', `字段“${key}”出现了两次，请只保留一个。`, [{ path: key, message: '字段重复' }])
        open.add(key)
        expectsKey = false
      }
      i = end
    } else if (c === '{' || c === '[') {
      keys.push(c === '{' ? new Set() : null)
      expectsKey = c === '{'
      if (keys.length > maxDepth) throw new Malformed('request.too_deep', `请求内容嵌套超过 ${maxDepth} 层。`)
    } else if (c === '}' || c === ']') {
      keys.pop()
      expectsKey = false
    } else if (c === ',') {
      expectsKey = keys.at(-1) !== null
    }
  }
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; ; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i
  }
}

/** Refuses NUL and lone surrogates anywhere: PostgreSQL cannot store them, and no official text has them. */
export function refuseHostileText(value: unknown, path: string): void {
  if (typeof value === 'string') {
    const problem = hostileText(value)
    if (problem) throw new Malformed('request.bad_text', `${path || '请求内容'}：${problem}`, [{ path, message: problem }])
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      refuseHostileText(item, `${path}/${index}`)
    })
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      refuseHostileText(key, `${path}/(字段名)`)
      refuseHostileText(item, `${path}/${key}`)
    }
  }
}

function hostileText(value: string): string | undefined {
  if (value.includes('\u0000')) return '含有空字符（NUL），请删除后重新提交'
  if (!value.isWellFormed()) return '含有不完整的字符（孤立代理项），请重新输入'
  return undefined
}
