import type { Project } from './project.schema.ts'

/** Words of the regulations for the values of a project, for texts that the server writes. */
export const builderNames: Readonly<Record<Project['builder'], string>> = {
  'big-data-center': '市大数据中心建设',
  department: '本部门建设',
  district: '区建设',
}

export const reachNames: Readonly<Record<Project['reach'], string>> = {
  'single-department': '单个部门',
  'cross-department': '跨部门',
  'cross-level': '跨层级',
}

export const deploymentNames: Readonly<Record<Project['plannedDeployment'], string>> = {
  'gov-cloud': '市政务云计算中心',
  own: '自建机房',
  other: '其他',
}

export const appStageNames: Readonly<Record<Project['appStage'], string>> = {
  none: '不涉及',
  new: '新建',
  'in-build': '在建',
  built: '已建',
}

export const fundingNames: Readonly<Record<Project['funding'][number], string>> = {
  'own-income': '自有收入',
  'city-finance': '市本级财政',
  'district-finance': '区财政',
  'superior-finance': '上级财政',
  'social-investment': '社会投资',
}

export const deliverableNames: Readonly<Record<Project['deliverables'][number], string>> = {
  'business-system': '业务应用系统',
  'data-center': '数据中心',
  'machine-room': '信息机房',
  'video-platform': '视频平台',
  'iot-platform': '物联网平台',
  'other-shared-infrastructure': '其他基础性、全局性、复用性项目',
  'public-app': '面向公众的服务类APP',
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
}
