import { columnName, Refused } from './refusals.ts'

/** What Excel holds in one cell. */
const LONGEST = 32_767

// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these cannot stand in XML 1.0, or come back as another character
const ESCAPED = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g
const MARKUP: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** A text for an element of a sheet. What XML cannot hold goes as `_x000D_`, and an underline that would read as that is told apart. */
export function sheetText(text: string): string {
  const told = text.replace(ESCAPED, (sign) => `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
  return told.replace(/[&<>]/g, (sign) => MARKUP[sign] ?? sign)
}

/** A text for an attribute. */
export function attributeText(text: string): string {
  return text.replace(/[&<>]/g, (sign) => MARKUP[sign] ?? sign).replace(/["\t\r\n]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/**
 * A cell that is text whatever it begins with: `=`, `+`, `-`, `@`, TAB and CR make no formula of it. @throws Refused for NUL, halves of surrogate
 * pairs and more than a cell holds: none of them would come back
 */
export function textCell(row: number, column: number, text: string, style: number, prefix = ''): string {
  const place = { row, column }
  if (text.includes('\0')) throw new Refused('table.cannot_write', place, { found: '含有空字符' })
  if (!text.isWellFormed()) throw new Refused('table.cannot_write', place, { found: '含有残缺的代理对' })
  if (text.length > LONGEST) throw new Refused('table.cannot_write', place, { found: `超过 ${LONGEST} 个字符` })
  const t = `${prefix}t`
  const is = `${prefix}is`
  return `<${prefix}c r="${columnName(column)}${row}" s="${style}" t="inlineStr"><${is}><${t} xml:space="preserve">${sheetText(text)}</${t}></${is}></${prefix}c>`
}
