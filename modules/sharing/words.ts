import { codeLists } from '@tongchou/metadata'

export const wayWords = { query: '接口查询', subscription: '数据订阅（库表交换）', file: '文件（比对）' } as const
export const requestStateWords = {
  draft: '草稿',
  submitted: '本部门审签中',
  'signed-off': '待提供方答复',
  returned: '退回补正',
  granted: '已授权',
  'granted-less': '部分授权',
  refused: '不予共享',
  disputed: '争议复核中',
  directed: '复核后授权',
  upheld: '复核维持原决定',
  abandoned: '已撤回',
} as const
export const outcomeWords = {
  granted: '同意共享',
  'granted-less': '同意部分共享',
  refused: '不予共享',
  directed: '要求共享',
  upheld: '维持原决定',
} as const
export const decidedAsWords = { system: '系统按目录所定共享类型', provider: '提供方', center: '市大数据中心' } as const
/** A grant as it stands today: its state, and whether its term has begun or is over. */
export const standingWords = {
  'in-force': '有效',
  coming: '未到起始日',
  expired: '已到期',
  suspended: '已暂停',
  revoked: '已收回',
} as const
const words = (list: 'sharing' | 'masking'): Readonly<Record<string, string>> =>
  Object.fromEntries(codeLists[list].entries.map(({ value, label }) => [value, label]))
export const sharingWords = words('sharing')
export const maskingWords = words('masking')
/** Which requests a list shows: those of one's own unit, those that others make of it. */
export const sideWords = { mine: '本单位申请的', ours: '向本单位申请的' } as const
