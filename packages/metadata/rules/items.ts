// SPDX-License-Identifier: Apache-2.0
import { labelOf } from '../code-list.ts'
import { type Entry, type EntryItem, grades, sharings } from '../entry.ts'
import { foldName, isBlank } from '../fold.ts'
import { type Hit, hit, warn } from './finding.ts'
import { refusal } from './sharing.ts'

/** 元素8 信息项 and R15: at least one where the format has fields, with keys and at most one time stamp; each as it should be. */
export function itemised(entry: Entry): Hit[] {
  const { items, format } = entry
  const hasFields = format === null || ['database', 'spreadsheet', 'service'].includes(format)
  if (items.length === 0) return hasFields ? [hit('E08', 'items', '没有信息项', '至少填写一个信息项')] : []
  const hits: Hit[] = []
  if (format === 'database' && !items.some((item) => item.isKey)) hits.push(hit('R15', 'items', '没有信息项为主键', '至少标明一个主键'))
  const stamps = items.flatMap((item, index) => (item.isTimestamp ? [index] : []))
  for (const index of stamps.slice(1))
    hits.push(hit('R15', `items/${index}/isTimestamp`, `${nth(items, index)}：时间戳多于一个`, '只标明一个时间戳'))
  return [...hits, ...items.flatMap((item, index) => itemHits(entry, item, index))]
}

function itemHits(entry: Entry, item: EntryItem, index: number): Hit[] {
  const at = (field: keyof EntryItem) => `items/${index}/${field}`
  const say = (hits: readonly Hit[]) => hits.map((one) => ({ ...one, message: `${nth(entry.items, index)}：${one.message}` }))
  return say([
    ...nameHits(entry, item, index, at),
    ...typeHits(item, at),
    ...sharingHits(entry, item, at, `items/${index}/`),
    ...gradeHits(entry, item, at),
  ])
}

/** How an item is called in a message: 第3项“姓名”. */
export function nth(items: readonly Pick<EntryItem, 'name'>[], index: number): string {
  const name = items[index]?.name ?? ''
  return isBlank(name) ? `第${index + 1}项` : `第${index + 1}项“${name.trim()}”`
}

type At = (field: keyof EntryItem) => string

function nameHits(entry: Entry, item: EntryItem, index: number, at: At): Hit[] {
  const hits: Hit[] = []
  const before = entry.items.slice(0, index)
  if (isBlank(item.name)) hits.push(hit('E08', at('name'), '没有名称', '填写信息项名称'))
  else if (item.name.length > 100) hits.push(hit('E08', at('name'), '名称超过100个字', '缩短名称'))
  else if (before.some((other) => foldName(other.name) === foldName(item.name)))
    hits.push(hit('E08', at('name'), '与前面的信息项重名', '改名或删去'))
  if (isBlank(item.code)) hits.push(hit('E08', at('code'), '没有英文名', '填写数据表中的字段名'))
  else if (before.some((other) => foldCode(other.code) === foldCode(item.code)))
    hits.push(hit('E08', at('code'), '与前面的信息项英文名相同', '改为不同的字段名'))
  else if (!/^[A-Za-z_][A-Za-z0-9_$]*$/.test(item.code.trim()))
    hits.push(warn('E08', at('code'), `英文名“${item.code}”不是字段名的写法`, '以字母开头，只用字母、数字和下划线'))
  return hits
}

/** Field names differ in width, spaces and letters' case only: they are one field. */
const foldCode = (text: string) => text.normalize('NFKC').replaceAll(/\s/gu, '').toLowerCase()

/** Types that have a length, and the longest. */
const longest: Readonly<Partial<Record<NonNullable<EntryItem['type']>, number>>> = { C: 65_535, N: 38, Y: 38 }

function typeHits(item: EntryItem, at: At): Hit[] {
  const { type, length, precision } = item
  if (type === null) return [hit('E08', at('type'), '没有数据类型', '请选择数据类型')]
  const hits: Hit[] = []
  const most = longest[type]
  if ((type === 'C' || type === 'N') && length === null)
    hits.push(hit('E08', at('length'), `${labelOf('itemType', type)}没有长度`, '填写长度'))
  if (length !== null && most !== undefined && (length < 1 || length > most))
    hits.push(hit('R15', at('length'), `${labelOf('itemType', type)}的长度应为1至${most}`, '改正长度'))
  if (precision !== null && precision > (length ?? 38)) hits.push(hit('R15', at('precision'), '小数位数多于长度', '改正长度或小数位数'))
  if (precision !== null && precision > 0 && !['N', 'Y', 'B', 'F'].includes(type))
    hits.push(hit('R15', at('precision'), `${labelOf('itemType', type)}没有小数位`, '删去小数位数，或更改数据类型'))
  if (item.isTimestamp && !['D', 'T'].includes(type))
    hits.push(hit('R15', at('isTimestamp'), '时间戳不是日期或日期时间型', '更改数据类型，或不标为时间戳'))
  return hits
}

/** R03, R01, R02 and R04 of one item that is shared otherwise than its resource. */
function sharingHits(entry: Entry, item: EntryItem, at: At, path: string): Hit[] {
  const { sharing } = item
  const hits: Hit[] = []
  if (sharing !== null && entry.sharing !== null && sharing !== entry.sharing) {
    if (sharings.indexOf(sharing) < sharings.indexOf(entry.sharing))
      hits.push(hit('R03', at('sharing'), '信息项的共享类型宽于资源的共享类型', '改为与资源相同或更严，或放宽资源的共享类型'))
    else if (isBlank(item.sharingReason)) hits.push(hit('R03', at('sharingReason'), '共享类型与资源不同，没有写明理由', '写明该项为何从严'))
    if (sharing === 'conditional' && isBlank(item.sharingCondition))
      hits.push(hit('R01', at('sharingCondition'), '有条件共享没有写明共享条件', '写明共享条件'))
    if (sharing === 'none') hits.push(...refusal(item, path))
  }
  const opening = item.opening ?? entry.opening
  const shares = sharing ?? entry.sharing
  if (item.opening !== null && shares === 'none' && opening !== 'none')
    hits.push(hit('R04', at('opening'), '不予共享的信息项只能不予开放', '改选不予开放'))
  if (item.opening === null && sharing === 'none' && entry.sharing !== 'none' && opening !== null && opening !== 'none')
    hits.push(hit('R04', at('opening'), '不予共享的信息项须注明不予开放', '该项改选不予开放'))
  if (item.opening !== null && shares === 'conditional' && opening === 'unconditional')
    hits.push(hit('R04', at('opening'), '有条件共享的信息项不能无条件开放', '改选有条件开放或不予开放'))
  return hits
}

/** R03: the resource is graded at least as its strictest item. */
function gradeHits(entry: Entry, { grade, gradeReason }: EntryItem, at: At): Hit[] {
  if (grade === null) return []
  const hits: Hit[] = []
  if (entry.grade !== null && grades.indexOf(grade) > grades.indexOf(entry.grade))
    hits.push(
      hit(
        'R03',
        at('grade'),
        `分级为${labelOf('grade', grade)}，高于资源的${labelOf('grade', entry.grade)}`,
        `资源就高定为${labelOf('grade', grade)}`,
      ),
    )
  if (isBlank(gradeReason)) hits.push(hit('R03', at('gradeReason'), '单独定级没有写明理由', '写明定级理由'))
  return hits
}

/** Whether some items are not shared though the resource is (部分信息项不予共享). */
export function isPartlyUnshared({ sharing, items }: Pick<Entry, 'sharing' | 'items'>): boolean {
  return sharing !== null && sharing !== 'none' && items.some((item) => item.sharing === 'none')
}
