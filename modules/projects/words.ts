/** Chinese words of projects and plans that screens and exported lists share. */
export const kindNames = {
  new: '新建',
  expansion: '改扩建',
  continuation: '续建',
  operation: '运行维护',
  purchase: '购买服务',
} as const

/** Stages (项目阶段). */
export const stageNames = {
  draft: '草稿',
  filed: '已报年度计划',
  reviewed: '初审通过',
  listed: '列入年度计划',
  argued: '论证通过',
  established: '已立项',
  tendering: '招标采购',
  building: '建设中',
  'in-acceptance': '验收中',
  accepted: '已验收',
  'in-operation': '已交付使用',
  evaluated: '已评价',
} as const

/** States of an entry in a year's plan. */
export const entryStateNames = {
  filed: '待初审',
  returned: '退回补正',
  reviewed: '初审通过',
  rejected: '未通过',
  withdrawn: '已撤回',
  listed: '列入年度计划',
} as const

/** States of the city's plan. */
export const cityPlanStateNames = {
  compiling: '编制中',
  submitted: '联合审查中',
  'joint-reviewed': '待市政府审定',
  approved: '市政府已批准',
  rejected: '未获批准',
} as const
