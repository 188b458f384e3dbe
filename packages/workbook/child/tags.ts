/**
 * Cuts XML that a parser has already found well-formed into tags and what stands between them, without changing a character: all tokens in their order
 * are the text again. Comments, CDATA and instructions are tokens of their own.
 */
export function tagReader(): { push(piece: string): string[]; end(): string[] } {
  let rest = ''
  return {
    push(piece) {
      const text = rest + piece
      const tokens: string[] = []
      let at = 0
      while (at < text.length) {
        const open = text.indexOf('<', at)
        if (open !== at) tokens.push(text.slice(at, open < 0 ? text.length : open))
        if (open < 0) {
          at = text.length
          break
        }
        at = open
        const end = endOf(text, open)
        if (end < 0) break
        tokens.push(text.slice(open, end))
        at = end
      }
      rest = text.slice(at)
      return tokens
    },
    end: () => (rest === '' ? [] : [rest]),
  }
}

const LONGEST_OPENING = '<![CDATA['.length

/** Where the token that begins here ends; -1 when that is not yet here. */
function endOf(text: string, open: number): number {
  const behind = (sign: string, from: number) => {
    const found = text.indexOf(sign, from)
    return found < 0 ? -1 : found + sign.length
  }
  const second = text[open + 1]
  if (second === '?') return behind('?>', open + 2)
  if (second === '!') {
    if (text.length - open < LONGEST_OPENING) return -1
    return text.startsWith('<!--', open) ? behind('-->', open + 4) : behind(']]>', open + LONGEST_OPENING)
  }
  let quote = ''
  for (let at = open + 1; at < text.length; at++) {
    const sign = text[at] ?? ''
    if (quote !== '') quote = sign === quote ? '' : quote
    else if (sign === '"' || sign === "'") quote = sign
    else if (sign === '>') return at + 1
  }
  return -1
}

/** A tag seen from outside: its name without prefix, and which of the three kinds. */
export interface Tag {
  local: string
  prefix: string
  kind: 'open' | 'close' | 'alone'
}

/** What a token is a tag of; undefined for everything between. */
export function tagOf(token: string): Tag | undefined {
  if (token[0] !== '<' || token[1] === '!' || token[1] === '?') return undefined
  const closes = token[1] === '/'
  const start = closes ? 2 : 1
  let end = start
  while (end < token.length && !isEndOfName(token.charCodeAt(end))) end++
  const name = token.slice(start, end)
  const colon = name.indexOf(':') + 1
  const alone = !closes && token.endsWith('/>')
  return { local: name.slice(colon), prefix: name.slice(0, colon), kind: closes ? 'close' : alone ? 'alone' : 'open' }
}

function isEndOfName(code: number): boolean {
  return code === 0x20 || code === 0x2f || code === 0x3e || code === 0x09 || code === 0x0a || code === 0x0d
}

interface Attribute {
  name: string
  value: string
  /** Where it begins and ends in the tag. */
  from: number
  to: number
}

/** The attributes of a tag that is well-formed, each looked at once. */
function* attributesOf(token: string): Generator<Attribute> {
  let at = 1
  while (at < token.length && !isEndOfName(token.charCodeAt(at))) at++
  for (;;) {
    while (isSpace(token.charCodeAt(at))) at++
    const equals = token.indexOf('=', at)
    if (equals < 0) return
    let open = equals + 1
    while (isSpace(token.charCodeAt(open))) open++
    const close = token.indexOf(token[open] ?? '"', open + 1)
    if (close < 0) return
    yield { name: token.slice(at, equals).trimEnd(), value: token.slice(open + 1, close), from: at, to: close + 1 }
    at = close + 1
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d
}

/** The value of an attribute of a tag; numbers and references only, nothing that needs unescaping. */
export function attributeOf(token: string, name: string): string | undefined {
  for (const attribute of attributesOf(token)) if (attribute.name === name) return attribute.value
  return undefined
}

/** The tag with an attribute set, or taken away; everything else as it was. */
export function withAttribute(token: string, name: string, value: string | undefined): string {
  for (const attribute of attributesOf(token)) {
    if (attribute.name !== name) continue
    const before = token.slice(0, attribute.from)
    const after = token.slice(attribute.to)
    return value === undefined ? before.trimEnd() + after : `${before}${name}="${value}"${after}`
  }
  if (value === undefined) return token
  const end = token.endsWith('/>') ? token.length - 2 : token.length - 1
  return `${token.slice(0, end).trimEnd()} ${name}="${value}"${token.slice(end)}`
}
