import { type Choice, choicesOf, type FormField, field } from '@tongchou/ui'
import { maskingWords, sharingWords, wayWords } from '../words.ts'
import type { Offer } from './sharing-api.ts'

type OfferedItem = Offer['offered'][number]

const itemChoice = ({ id, name, sharing, sensitive }: OfferedItem): Choice => ({
  value: id,
  title: `${name}（${sharingWords[sharing]}${sensitive ? '，敏感' : ''}）`,
})

/** 数据范围: conditions that every record fulfils, by items that can be one. */
export const rowsField = (items: readonly OfferedItem[]): FormField => ({
  ...{ id: 'rows', title: '数据范围', type: 'lines', required: false, maxLines: 5 },
  help: '只用其中一部分数据的，写明条件，例如区划为本区；多个条件须同时符合。不填为全部数据。',
  fields: [
    field('item', '信息项', {
      type: 'choice',
      search: true,
      choices: items.filter(({ canFilter }) => canFilter).map(({ id, name }) => ({ value: id, title: name })),
    }),
    field('is', '等于', { type: 'text', maxLength: 200 }),
  ],
})

export const quotaField: FormField = field('quotaPerDay', '每日限额（条）', {
  ...{ type: 'count', minimum: 1, maximum: 10_000_000, required: false, half: true },
  help: '每日最多取用的数据条数，不填为不限。',
})

/** What is asked for (共享申请), as its form. */
export function requestFields({ offered: items }: Offer): readonly FormField[] {
  const masked = items.filter(({ masking, sharing }) => masking !== null && sharing !== 'none')
  return [
    field('items', '申请的信息项', {
      type: 'choices',
      choices: items.map(itemChoice),
      help: '只选办理事项必需的。不予共享的信息项单独申请，由系统按目录所列依据答复。',
      group: '申请什么',
    }),
    ...(masked.length === 0
      ? []
      : [
          field('whole', '其中不脱敏的', {
            ...{ type: 'choices', required: false },
            choices: masked.map(({ id, name, masking }) => ({
              value: id,
              title: `${name}（目录所定脱敏方式：${masking === null ? '' : (maskingWords[masking] ?? masking)}）`,
            })),
            help: '不选的按目录所定方式脱敏，已脱敏的不能用于筛选和检索。不脱敏的须由提供方决定。',
          }),
        ]),
    rowsField(items),
    field('way', '方式', { type: 'choice', choices: choicesOf(wayWords), inSight: true }),
    field('purpose', '用途', { type: 'prose', maxLength: 500, help: '写明用数据做什么；查阅时以此为用途留痕。', group: '为什么' }),
    field('matter', '办理事项', { type: 'text', maxLength: 200, help: '例如：医疗救助资格审核。' }),
    field('basis', '依据', { type: 'prose', maxLength: 500, help: '法律法规的条款，或文件名称和文号。' }),
    field('necessity', '最小必要说明', {
      ...{ type: 'prose', maxLength: 1000, required: false },
      help: '申请敏感信息项的必填：为何必需、不能以其他信息项代替。',
    }),
    field('validFrom', '起始日期', { type: 'date', half: true, group: '用多久、用多少' }),
    field('validUntil', '截止日期', { type: 'date', half: true, help: '一次不超过三年，到期前可以续期。' }),
    quotaField,
  ]
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

/** What is filled in, as the API takes it. */
export function requestBody(data: Readonly<Record<string, unknown>>) {
  const { items, whole, rows, necessity, quotaPerDay, ...rest } = data
  const wanted = texts(whole)
  return {
    ...rest,
    items: Object.fromEntries(texts(items).map((id) => [id, wanted.includes(id)])),
    rows: rows ?? [],
    necessity: necessity ?? null,
    quotaPerDay: quotaPerDay ?? null,
  }
}

/** Where a path of the server is shown in the form: items stand in one field. */
export const fieldAt = (path: string): string => (path.startsWith('items') ? 'items' : path)
