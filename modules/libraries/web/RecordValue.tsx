import { CivilDate, formatYuan, Moment } from '@tongchou/ui'
import type { SeenItem } from './libraries-api.ts'

const flags: Readonly<Record<string, string>> = { true: '是', false: '否' }
const numbers = new Set(['integer', 'money', 'decimal', 'double'])

/** Whether values of an item stand to the right, digit below digit. */
export const isNumber = ({ kind }: SeenItem): boolean => numbers.has(kind)

/** What an item's column is called: amounts are shown in 元, whatever unit the register keeps them in. */
export const headingOf = ({ title, kind, masked }: SeenItem): string =>
  kind === 'money' && !masked ? title.replace(/（分([/）])/, (_all, end: string) => `（元${end}`) : title

/** A value as people read it: a code by its name, an amount in 元, an instant as elsewhere. What is masked stays as it came. */
export function RecordValue({ item, value }: { item: SeenItem; value: string | null }) {
  if (value === null) return <span className="tc-muted">空</span>
  if (item.masked) return value
  switch (item.kind) {
    case 'money':
      return formatYuan(Number(value))
    case 'instant':
      return <Moment at={value} />
    case 'date':
      return <CivilDate value={value} table />
    case 'month':
      return <span className="tc-num">{value}</span>
    case 'flag':
      return flags[value] ?? value
    default:
      return item.codes?.[value] ?? value
  }
}
