/** Chinese words in what the server itself says: gaps, and what a reviewer reads beside the form. */
export const classWords = { base: '基础信息资源', theme: '主题信息资源', department: '部门信息资源' } as const
export const cycleWords = {
  realtime: '实时',
  daily: '每日',
  weekly: '每周',
  monthly: '每月',
  quarterly: '每季度',
  'half-yearly': '每半年',
  yearly: '每年',
  irregular: '不定期',
} as const
export const sharingWords = { unconditional: '无条件共享', conditional: '有条件共享', none: '不予共享' } as const
export const openingWords = { unconditional: '无条件开放', conditional: '有条件开放', none: '不予开放' } as const
export const gradeWords = { general: '一般数据', important: '重要数据', core: '核心数据' } as const
export const dutyWords = { handledBy: '经手', usedBy: '使用', managedBy: '管理', archivedBy: '归档', answersFor: '负责' } as const
