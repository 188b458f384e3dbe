// SPDX-License-Identifier: Apache-2.0
import { codesUnder, labelOf } from '../code-list.ts'
import { censusNames, type Entry } from '../entry.ts'
import { isBlank } from '../fold.ts'
import { type Hit, hit } from './finding.ts'

/** 元素7 信息资源格式 and R08: a format, and a type that belongs to it. */
export function formatted({ format, formatType, formatNote }: Entry): Hit[] {
  if (format === null) return [hit('E07', 'format', '没有选择资源格式', '请选择资源格式')]
  // What describes itself has no list of types: it is described.
  if (format === 'self-described') return isBlank(formatNote) ? [hit('E07', 'formatNote', '自描述格式没有说明', '写明格式及其版本')] : []
  if (isBlank(formatType))
    return isBlank(formatNote) ? [hit('E07', 'formatType', '没有选择格式类型', '请选择格式类型；清单中没有的，在其他格式描述中写明')] : []
  if (codesUnder('formatType', format).some(({ value }) => value === formatType)) return []
  return [
    hit(
      'R08',
      'formatType',
      `格式类型“${labelOf('formatType', formatType)}”不属于${labelOf('format', format)}`,
      `改选${labelOf('format', format)}的格式类型，或更改资源格式`,
    ),
  ]
}

const censusWords = {
  storedGb: '数据存储总量',
  recordsWan: '结构化信息记录总数',
  sharedGb: '已共享的数据存储量',
  sharedWan: '已共享的结构化记录数',
  openedGb: '已开放的数据存储量',
  openedWan: '已开放的结构化记录数',
} as const

/** R09 大普查六项: numbers without units; what is shared or opened is a part of the whole. */
export function counted({ census }: Entry): Hit[] {
  if (censusNames.every((name) => isBlank(census[name]))) return []
  const hits: Hit[] = []
  for (const name of censusNames) {
    const text = census[name]
    if (isBlank(text)) hits.push(hit('R09', `census/${name}`, `${censusWords[name]}没有填写`, '不掌握的填0'))
    else if (!isFigure(text ?? ''))
      hits.push(
        hit(
          'R09',
          `census/${name}`,
          `${censusWords[name]}“${text}”不是数字（整数不超过9位，小数不超过4位，不带单位）`,
          '只写数字，不写单位',
        ),
      )
  }
  for (const [part, whole] of parts) {
    const [small, large] = [census[part], census[whole]]
    if (isFigure(small ?? '') && isFigure(large ?? '') && Number(small) > Number(large))
      hits.push(hit('R09', `census/${part}`, `${censusWords[part]}大于${censusWords[whole]}`, '核对两项数据'))
  }
  return hits
}

const parts = [
  ['sharedGb', 'storedGb'],
  ['openedGb', 'storedGb'],
  ['sharedWan', 'recordsWan'],
  ['openedWan', 'recordsWan'],
] as const

const isFigure = (text: string) => /^\d{1,9}(?:\.\d{1,4})?$/.test(text)
