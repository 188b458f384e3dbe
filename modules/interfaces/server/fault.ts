import { DomainError } from '@tongchou/kernel'

/** What can go wrong with an interface of a department (接口故障). */
export const faults = [
  ...(['address', 'name', 'connection', 'tls', 'timeout', 'redirect', 'denied', 'status', 'unavailable'] as const),
  ...(['too-large', 'too-many', 'encoding', 'not-json', 'not-list'] as const),
] as const
export type Fault = (typeof faults)[number]

/** Each fault as the caller is told it: what it is and what cures it, and nothing of what is inside the department. */
export const faultTexts: Readonly<Record<Fault, string>> = {
  address: '提供方的接口地址未在允许范围内，没有连接。请联系提供方和市大数据中心核对接口登记。',
  name: '提供方的接口地址无法解析。请稍后重试；持续出现的，请联系提供方。',
  connection: '不能连接提供方的接口。请稍后重试；持续出现的，请联系提供方。',
  tls: '提供方接口的证书未通过校验，没有发送查询。请联系提供方更换证书。',
  timeout: '提供方的接口没有在规定时间内答完。请缩小查询范围或者稍后重试。',
  redirect: '提供方的接口转往其他地址，没有跟随。请联系提供方核对接口登记。',
  denied: '提供方的接口不接受平台的凭据。请联系提供方更新凭据。',
  status: '提供方的接口没有受理这次查询。请核对查询条件；持续出现的，请联系提供方。',
  unavailable: '提供方的接口暂时不能使用。请稍后重试；持续出现的，请联系提供方。',
  'too-large': '提供方的接口答复的内容过大，没有采用。请增加查询条件后重试。',
  'too-many': '提供方的接口答复的记录过多，没有采用。请增加查询条件后重试。',
  encoding: '提供方的接口答复的编码无法识别，没有采用。请联系提供方。',
  'not-json': '提供方的接口答复的不是 JSON，没有采用。请联系提供方。',
  'not-list': '提供方的接口答复中没有登记的记录列表，没有采用。请联系提供方核对接口登记。',
}

/** Faults that say nothing of how the interface does: they come of what was asked, or of the city's own list. They pause nothing. */
const harmless: ReadonlySet<Fault> = new Set(['address', 'status', 'too-large', 'too-many'])
export const countsAgainst = (fault: Fault): boolean => !harmless.has(fault)

/** A call that failed at the department's side. `cause` is for the department and the center alone. */
export class InterfaceFault extends DomainError {
  readonly status: number
  readonly fault: Fault
  readonly told: string | null
  override readonly retryAfter: number | undefined
  constructor(fault: Fault, told: string | null = null) {
    super(`interfaces.${fault.replace('-', '_')}`, faultTexts[fault])
    this.status = fault === 'timeout' ? 504 : 502
    this.fault = fault
    this.told = told
    this.retryAfter = undefined
  }
}

/** The interface is not asked now: it is paused after faults, or has as many calls under way as it may. */
export class InterfaceBusy extends DomainError {
  readonly status = 503
  override readonly retryAfter: number
  constructor(code: 'interfaces.paused' | 'interfaces.busy', message: string, retryAfter: number) {
    super(code, message)
    this.retryAfter = retryAfter
  }
}
