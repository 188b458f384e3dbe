import type { Fault } from './server/fault.ts'
import type { InterfaceStanding } from './server/interface.schema.ts'

/** How an interface stands, in the words of lists. */
export const standingWords: Readonly<Record<InterfaceStanding, string>> = {
  submitted: '待核准',
  'in-use': '在用',
  paused: '暂停调用',
  refused: '未予核准',
  stopped: '停用',
}

export const methodWords = { GET: 'GET', POST: 'POST（JSON）' } as const

export const opWords = { is: '等于', from: '起始', to: '截止' } as const

/** Each fault in a word, for lists. */
export const faultWords: Readonly<Record<Fault, string>> = {
  address: '地址不在允许范围',
  name: '地址无法解析',
  connection: '不能连接',
  tls: '证书未通过校验',
  timeout: '超时',
  redirect: '转往其他地址',
  denied: '不接受凭据',
  status: '未受理查询',
  unavailable: '接口出错',
  'too-large': '答复过大',
  'too-many': '记录过多',
  encoding: '编码无法识别',
  'not-json': '不是 JSON',
  'not-list': '没有记录列表',
}
