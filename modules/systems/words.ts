/** Chinese words of the register, as screens show them. */
export const statusWords = { planned: '规划', building: '建设', running: '运行', closed: '关停' } as const
export const frequencyWords = { daily: '每日', weekly: '每周', monthly: '每月', rarely: '少于每月', unused: '无人使用' } as const
export const fundingWords = {
  'own-income': '自有收入',
  'city-finance': '市级财政',
  'district-finance': '区级财政',
  'superior-finance': '上级财政',
  'social-investment': '社会投资',
} as const
export const deploymentWords = { 'gov-cloud': '政务云', own: '自建机房', other: '其他' } as const
export const factWords = {
  deployment: '部署位置',
  cityBrainConnected: '接入城市大脑',
  standardInterface: '预留标准化接口',
  dataShared: '按要求共享数据',
  securityAssured: '网络和数据安全保障',
  closureVerified: '关停核实',
} as const
export const awaitingWords = { confirmation: '待核实', protection: '待确认保护等级' } as const
