/** How far building a collected resource is (建库情况). */
export const installationWords = { installed: '已建库', refused: '不能建库', failed: '建库未完成' } as const

/** Kinds of resources by how their records live. */
export const kindWords = { state: '可更新', event: '只追加' } as const

/** Why records were open to who looked (查阅依据). */
export const groundWords = {
  provider: '数据提供单位履行本单位职责',
  keeper: '市大数据中心管理数据平台，敏感内容脱敏',
  grant: '依提供单位的授权，按授权的信息项和用途查阅',
  task: '办理比对结果，限办理所需的信息项，敏感内容脱敏',
} as const

/** How an item is filtered by. */
export const filterWords = { is: '等于', from: '不小于', to: '不大于', contains: '包含', empty: '为空' } as const

/** How a line of the quarantine stands (问题数据). */
export const quarantineWords = {
  open: '待处理',
  resent: '来源已更正',
  removed: '来源已删除',
  superseded: '后又报送',
  corrected: '已更正重投',
  discarded: '已作废',
} as const
