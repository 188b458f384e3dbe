import { listColumns } from '@tongchou/kernel'
import { attentionWords, subscriptionWords } from '../words.ts'
import { SubscriptionLine } from './feed.schema.ts'

/** The register of subscriptions, column by column as its screen. */
export const subscriptionColumns = listColumns(
  SubscriptionLine,
  '数据订阅清单',
  [
    { key: 'number', title: '订阅编号', kind: 'integer', read: (s) => s.number },
    { key: 'org', title: '接收单位', kind: 'reference', read: (s) => s.org.name },
    { key: 'provider', title: '提供单位', kind: 'reference', read: (s) => s.provider.name },
    { key: 'resource', title: '数据资源', kind: 'text', read: (s) => s.resource.title },
    { key: 'state', title: '状态', kind: 'text', read: (s) => subscriptionWords[s.state] },
    { key: 'valid', title: '授权有效期至', kind: 'date', read: (s) => s.validUntil },
    { key: 'seen', title: '最近接收', kind: 'instant', read: (s) => s.seenAt },
    { key: 'position', title: '已接收变更', kind: 'integer', read: (s) => s.position },
    { key: 'behind', title: '待接收变更', kind: 'integer', read: (s) => s.behind },
    { key: 'refusal', title: '停止原因', kind: 'text', read: (s) => s.refusal?.message ?? null },
  ],
  {
    resource: { title: '数据资源' },
    orgId: { title: '接收单位', reference: 'organisation' },
    providerId: { title: '提供单位', reference: 'organisation' },
    attention: { title: '需关注', words: attentionWords },
  },
)
