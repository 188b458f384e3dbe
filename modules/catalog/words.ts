/** Chinese words of the catalog, as screens, gaps and reviewers read them. */
export const classWords = { base: '基础信息资源', theme: '主题信息资源', department: '部门信息资源' } as const
export const formatWords = {
  file: '电子文件',
  spreadsheet: '电子表格',
  database: '数据库',
  image: '图形图像',
  stream: '流媒体',
  'self-described': '自描述格式',
} as const
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
export const typeWords = {
  C: '字符型C',
  N: '数值型N',
  Y: '货币型Y',
  D: '日期型D',
  T: '日期时间型T',
  L: '逻辑型L',
  M: '备注型M',
  G: '通用型G',
  B: '双精度型B',
  I: '整型I',
  F: '浮点型F',
} as const
export const sensitivityWords = {
  general: '一般',
  personal: '个人信息',
  'sensitive-personal': '敏感个人信息',
  sensitive: '其他敏感数据',
} as const
export const maskingWords = {
  full: '全部遮盖',
  'keep-ends': '保留首尾',
  middle: '遮盖中间',
  range: '取区间',
  pseudonym: '假名替换',
} as const
export const stateWords = {
  draft: '草稿',
  submitted: '保密审查中',
  'secrecy-reviewed': '目录审核中',
  approved: '待登记',
  registered: '已登记',
  returned: '退回修改',
} as const
export const dutyWords = { handledBy: '经手', usedBy: '使用', managedBy: '管理', archivedBy: '归档', answersFor: '负责' } as const
