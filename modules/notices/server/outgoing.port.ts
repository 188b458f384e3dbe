/** Ways out of the product: 短信, 邮件. */
export type Channel = 'sms' | 'mail'
export const channels: readonly Channel[] = ['sms', 'mail']

/** What leaves: texts are literal, nothing in them is expanded. */
export interface OutgoingNotice {
  personId: string
  title: string
  body: string
}

/** A gateway of the city (短信网关、邮件服务). None comes with the product; a notice then stays in the product and is marked 未配置. */
export interface OutgoingPort {
  channel: Channel
  /** Hands the notice over, or throws; it is tried again later. `key` is the same for every attempt. */
  send(notice: OutgoingNotice, key: string): Promise<void>
}
