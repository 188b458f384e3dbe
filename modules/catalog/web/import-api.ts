import type { Tone } from '@tongchou/ui'
import type { CatalogImport, ImportFinding, ImportLine } from '../server/import.schema.ts'

export type { CatalogImport, ImportFinding, ImportLine }

export const importsPath = '/api/v1/catalog/imports'

export const importStateWords: Readonly<Record<CatalogImport['state'], { text: string; tone: Tone }>> = {
  checking: { text: '核对中', tone: 'now' },
  ready: { text: '待确认', tone: 'soon' },
  writing: { text: '写入中', tone: 'now' },
  written: { text: '已导入', tone: 'good' },
  discarded: { text: '已放弃', tone: 'plain' },
  failed: { text: '未完成', tone: 'bad' },
}

export const verdictWords: Readonly<Record<ImportLine['verdict'], { text: string; tone: Tone }>> = {
  new: { text: '新增', tone: 'good' },
  changed: { text: '修改', tone: 'now' },
  unchanged: { text: '无变化', tone: 'plain' },
  refused: { text: '不能导入', tone: 'bad' },
}

export const profileWords: Readonly<Record<'national' | 'two-sheet', string>> = {
  national: '国家目录模板（一行一个信息项）',
  'two-sheet': '目录与信息项两表模板',
}

/** A cell as a spreadsheet calls it: K12; a whole row by its number. */
export function placeOf({ row, column }: Pick<ImportFinding, 'row' | 'column'>): string {
  if (column === null) return `第${row}行`
  let letters = ''
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26)) letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters
  return `${letters}${row}`
}
