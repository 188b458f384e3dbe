/** What notices are about, by the first part of their kind. */
export const groupWords = {
  case: '办件',
  card: '黄红牌',
  'supplier-report': '承建单位报送',
  sharing: '共享授权',
  export: '导出',
  system: '系统',
} as const
export const channelWords = { sms: '短信', mail: '邮件' } as const
export const deliveryWords = { unconfigured: '未配置', unwanted: '本人未订', queued: '待发', sent: '已发', failed: '未发出' } as const
