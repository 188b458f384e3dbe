/** Chinese words of projects and plans that screens, exported lists and the server's own texts share; those of facts as the vocabulary has them. */
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

/** Who builds (建设主体). */
export const builderNames = { 'big-data-center': '市大数据中心建设', department: '本部门建设', district: '区建设' } as const

/** How far it reaches (应用范围). */
export const reachNames = { 'single-department': '单个部门', 'cross-department': '跨部门', 'cross-level': '跨层级' } as const

/** Where it is to run (部署位置). */
export const deploymentNames = { 'gov-cloud': '市政务云计算中心', own: '自有机房', other: '其他' } as const

/** How far a public app is (线上服务类APP的建设状态). */
export const appStageNames = { none: '不涉及', new: '新建', 'in-build': '在建', built: '已建' } as const

/** Where the money comes from (资金来源). */
export const fundingNames = {
  'city-finance': '市级财政',
  'superior-finance': '上级财政',
  'own-income': '自有收入',
  'district-finance': '区级财政',
  'social-investment': '社会投资',
} as const

/** What is built (建设内容). */
export const deliverableNames = {
  'business-system': '业务应用系统',
  'data-center': '数据中心',
  'machine-room': '信息机房',
  'video-platform': '视频平台',
  'iot-platform': '物联网平台',
  'other-shared-infrastructure': '其他基础性、全局性、复用性项目',
  'public-app': '面向公众的线上服务类APP',
  'cloud-center': '云计算中心',
  'egov-network': '电子政务外网',
  'city-brain': '城市大脑平台',
  cim: '城市信息模型（CIM）',
  'e-archive': '电子文件线上归档',
  'exchange-platform': '数据共享交换平台',
  'city-app': '城市APP',
  'security-infrastructure': '信息安全基础设施',
  'application-platform': '信息化应用平台',
  'reusable-business-system': '复用业务系统',
  'video-surveillance': '公共场所视频监控',
  'data-collection': '基础信息采集',
  'iot-sensing': '物联感知',
  'basic-network': '基础网络',
  'smart-community': '智慧小区',
} as const

/** States of what an enterprise's agent handed in (承建单位报送). */
export const reportStateNames = { submitted: '待审核', accepted: '已接收', returned: '退回' } as const

/** What a contract's term has come to. */
export const termStateNames = { open: '未申请', requested: '申请中', released: '已支付', refused: '未同意' } as const
