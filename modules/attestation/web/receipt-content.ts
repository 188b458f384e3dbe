import type { Receipt } from '@tongchou/evidence'

/** A value of a receipt by its name. */
export interface ContentLine {
  label: string
  value: string
}

const rowLabels = [
  '链上位置',
  '序号',
  '时间（UTC）',
  '请求编号',
  '账号',
  '人员编号',
  '人员',
  '岗位',
  '单位编号',
  '单位',
  '操作',
  '结果',
  '对象类别',
  '对象编号',
  '附加内容',
]

const outcomes: Readonly<Record<string, string>> = { done: '已办理', refused: '被拒绝', looked: '已查阅' }

/** What a receipt says happened: of a row of the audit log each column, of anything else its text. */
export function contentOf({ entry }: Pick<Receipt, 'entry'>): ContentLine[] {
  if (!entry) return []
  const values = valuesOf(entry.text)
  if (!values) return [{ label: '内容', value: entry.text }]
  return rowLabels.flatMap((label, index) => {
    const value = values[index]
    if (typeof value !== 'string' || value === '' || value === '{}') return []
    return [{ label, value: label === '结果' ? (outcomes[value] ?? value) : value }]
  })
}

/** The columns of a row of the audit log; undefined for another text. */
function valuesOf(text: string): unknown[] | undefined {
  try {
    const [version, ...values]: unknown[] = JSON.parse(text)
    return version === 'tongchou-audit-1' && values.length === rowLabels.length ? values : undefined
  } catch {
    return undefined
  }
}
