/** What the screens and the exports call things. */
export const colourWords = { yellow: '黄牌', red: '红牌' } as const
export const cardStateWords = {
  none: '不需说明',
  due: '待说明理由',
  given: '待审核',
  accepted: '已接受',
  rejected: '未接受',
} as const
export const standingWords = {
  late: '已逾期',
  soon: '将到期',
  'in-time': '时限内',
  paused: '计时暂停',
  'no-limit': '无办理时限',
  'done-in-time': '按时办结',
  'done-late': '逾期办结',
} as const
export type Standing = keyof typeof standingWords
export const unitWords = { 'work-hour': '个工作小时', hour: '小时', 'work-day': '个工作日', day: '天', month: '个月' } as const
