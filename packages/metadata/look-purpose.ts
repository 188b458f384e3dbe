/** What a look at personal records is for (查阅用途). */
export const purposes = ['case', 'verification', 'quality', 'supervision', 'request'] as const
export type Purpose = (typeof purposes)[number]

/** A purpose in the words of the screens. */
export const purposeWords: Readonly<Record<Purpose, string>> = {
  case: '办理具体事项',
  verification: '资格核对',
  quality: '核对数据质量',
  supervision: '监督检查',
  request: '本人申请',
}
