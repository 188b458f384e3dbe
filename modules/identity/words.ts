/** What kinds of operations are called, by their tag in the API's description. */
const tagNames: Readonly<Record<string, string>> = {
  identity: '组织、人员与本人账号',
  security: '安全管理',
  policy: '制度与规则',
  cases: '待办与流程',
  projects: '项目',
  plans: '年度计划',
  systems: '信息系统',
  catalog: '数据资源目录',
  libraries: '基础库与数据查询',
  interfaces: '部门接口',
  comparison: '数据比对',
  exchange: '数据交换通道',
  sharing: '共享申请与授权',
  'exchange-intake': '数据报送（前置程序）',
  'exchange-feed': '数据接收（前置程序）',
  supervision: '监督整改',
  oversight: '电子监察',
  notices: '消息提醒',
  calendar: '工作日历',
  jobs: '后台任务',
  audit: '审计',
  attestation: '存证',
  exports: '导出',
  search: '检索',
  overview: '领导一页',
}

/** The Chinese name of a kind of operation. */
export function tagName(tag: string): string {
  return tagNames[tag] ?? tag
}

/** A token's scope in one line (权限范围). */
export function scopeText(scope: { access: 'read' | 'write'; tags: string[] } | null): string {
  if (scope === null) return '与本人相同'
  return `${scope.access === 'read' ? '只读' : '读写'}：${scope.tags.map(tagName).join('、')}`
}
