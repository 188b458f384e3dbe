/** How far a run is (比对任务状态). */
export const runStateWords = { running: '比对中', done: '已完成', stopped: '已停止', failed: '未完成' } as const

/** What kind of finding it is (结果类别). */
export const findingKindWords = { group: '不符合条件', error: '来源差错' } as const

/** How far a finding is (办理状态). */
export const findingStateWords = { new: '待转办', sent: '办理中', handled: '已办理', gone: '已消除' } as const

/** What was decided on a household, and answered on a doubted record (处理结果、校核答复). */
export const outcomeWords = {
  stop: '停发',
  adjust: '调整',
  keep: '维持',
  corrected: '已在来源更正',
  right: '数据无误',
  undecidable: '无法判定',
} as const
