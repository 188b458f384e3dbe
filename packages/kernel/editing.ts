import { formatChineseDate, todayInShanghai } from './civil-date.ts'
import { InvalidState } from './errors.ts'

/** What a row tells of its last change. */
export interface Edited {
  version: number
  updated_by: string
  updated_at: Date
}

/** Passes when the act was made on what is still there; otherwise a 409 that says who changed the thing and when. */
export function requireVersion(what: string, row: Edited, expected: number): void {
  if (row.version === expected) return
  const time = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const at = `${formatChineseDate(todayInShanghai(row.updated_at))}${time.format(row.updated_at)}`
  throw new InvalidState('subject.changed_meanwhile', `${what}已由${row.updated_by}于${at}更改，请刷新后核对，再重新办理。`)
}
