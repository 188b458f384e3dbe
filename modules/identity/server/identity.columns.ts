import { listColumns } from '@tongchou/kernel'
import { Delegation } from './delegation.schema.ts'
import { OfficeWithSuperior, Organisation } from './organisation.schema.ts'
import { Person } from './post.schema.ts'
import { Relation } from './relation.schema.ts'
import { Move, Reorganisation } from './reorganisation.schema.ts'
import { EnrolledAccount } from './second-factor.schema.ts'
import { SessionLine } from './session.schema.ts'
import { type Scope, Token } from './token.schema.ts'

const organisationKindWords = {
  'city-department': '市直部门',
  'big-data-center': '大数据中心',
  district: '区',
  'public-body': '事业单位',
  enterprise: '企业',
  government: '政府',
  other: '其他',
} as const

const whoseWords = { title: '范围', words: { own: '本人', all: '全部' } }

/** People with their posts and accounts, as the administrator sees them. */
export const personColumns = listColumns(
  Person,
  '人员列表',
  [
    { key: 'name', title: '姓名', kind: 'text', read: (p) => p.name },
    { key: 'posts', title: '岗位', kind: 'text', read: (p) => p.posts.map((one) => `${one.organisation.name} ${one.title}`).join('；') },
    { key: 'username', title: '用户名', kind: 'text', read: (p) => p.account?.username ?? null },
    { key: 'status', title: '账号状态', kind: 'text', read: accountState },
  ],
  { q: { title: '姓名或用户名' } },
)

function accountState({ account }: { account: { status: string; mustChangePassword: boolean } | null }): string {
  if (!account) return '未开通'
  if (account.status === 'disabled') return '已停用'
  return account.mustChangePassword ? '待修改初始口令' : '正常'
}

/** Tokens, of one's own or of all. */
export const tokenColumns = listColumns(
  Token,
  '令牌列表',
  [
    { key: 'person', title: '持有人', kind: 'text', read: (t) => t.person.name },
    { key: 'name', title: '用途', kind: 'text', read: (t) => t.name },
    { key: 'post', title: '所用岗位', kind: 'text', read: (t) => `${t.post.organisation.name} ${t.post.title}` },
    { key: 'scope', title: '权限范围', kind: 'text', read: (t) => scopeText(t.scope) },
    { key: 'created', title: '签发时间', kind: 'instant', read: (t) => t.createdAt },
    { key: 'seen', title: '最近使用', kind: 'instant', read: (t) => t.lastSeenAt },
    { key: 'expires', title: '有效期至', kind: 'date', read: (t) => t.expiresOn },
    { key: 'state', title: '状态', kind: 'text', read: (t) => (t.expired ? '已到期' : '有效') },
  ],
  { q: { title: '姓名、用户名或用途' }, whose: whoseWords },
)

function scopeText(scope: Scope | null): string {
  return scope === null ? '与本人相同' : `${scope.access === 'read' ? '只读' : '读写'}：${scope.tags.join('、')}`
}

/** Sessions (登录会话), of one's own or of all. */
export const sessionColumns = listColumns(
  SessionLine,
  '登录会话',
  [
    { key: 'person', title: '姓名', kind: 'text', read: (s) => s.person.name },
    { key: 'username', title: '用户名', kind: 'text', read: (s) => s.account.username },
    { key: 'browser', title: '浏览器', kind: 'text', read: (s) => s.browser },
    { key: 'address', title: '登录地址', kind: 'text', read: (s) => s.address },
    { key: 'post', title: '所用岗位', kind: 'text', read: (s) => `${s.post.organisation.name} ${s.post.title}` },
    { key: 'started', title: '登录时间', kind: 'instant', read: (s) => s.startedAt },
    { key: 'seen', title: '最近使用', kind: 'instant', read: (s) => s.lastSeenAt },
    { key: 'by', title: '登录方式', kind: 'text', read: (s) => (s.signedInBy === 'oidc' ? '统一身份认证' : '口令') },
  ],
  { q: { title: '姓名或用户名' }, whose: whoseWords },
)

const relationStateWords = { standing: '有效', coming: '未生效', ended: '已终止' } as const

export const documentWords = { 'id-card': '居民身份证', 'temporary-id-card': '临时居民身份证', 'household-register': '居民户口簿' } as const

/** People outside the offices (外部经办人) and what they act for. */
export const relationColumns = listColumns(
  Relation,
  '外部经办人',
  [
    { key: 'person', title: '姓名', kind: 'text', read: (r) => r.person.name },
    { key: 'username', title: '用户名', kind: 'text', read: (r) => r.person.username },
    { key: 'kind', title: '类别', kind: 'text', read: (r) => r.kind.title },
    { key: 'subject', title: '单位或本人', kind: 'text', read: (r) => r.subject.name },
    { key: 'within', title: '范围', kind: 'text', read: (r) => (r.within ? `仅限${r.within.name}` : '全部') },
    { key: 'validFrom', title: '生效日期', kind: 'date', read: (r) => r.validFrom },
    { key: 'validTo', title: '终止日期', kind: 'date', read: (r) => r.validTo },
    { key: 'state', title: '状态', kind: 'text', read: (r) => relationStateWords[r.state] },
    { key: 'grantedBy', title: '授权人', kind: 'text', read: (r) => r.grantedBy },
    { key: 'document', title: '核验证件', kind: 'text', read: (r) => (r.verification ? documentWords[r.verification.document] : null) },
    { key: 'verifiedBy', title: '核验人', kind: 'text', read: (r) => r.verification?.by ?? null },
    { key: 'verifiedAt', title: '核验时间', kind: 'instant', read: (r) => r.verification?.at ?? null },
    { key: 'endReason', title: '终止原因', kind: 'text', read: (r) => r.endReason },
  ],
  {
    q: { title: '姓名、用户名或单位' },
    subjectId: { title: '单位' },
    state: { title: '状态', words: relationStateWords },
  },
)

/** Accounts with a second factor (动态口令). */
export const secondFactorColumns = listColumns(
  EnrolledAccount,
  '动态口令',
  [
    { key: 'person', title: '姓名', kind: 'text', read: (e) => e.person.name },
    { key: 'username', title: '用户名', kind: 'text', read: (e) => e.account.username },
    { key: 'since', title: '启用日期', kind: 'instant', read: (e) => e.since },
  ],
  { q: { title: '姓名或用户名' } },
)

/** Organisations (机构). */
export const organisationColumns = listColumns(
  Organisation,
  '机构列表',
  [
    { key: 'name', title: '机构名称', kind: 'text', read: (o) => o.name },
    { key: 'shortName', title: '简称', kind: 'text', read: (o) => o.shortName },
    { key: 'kind', title: '类别', kind: 'text', read: (o) => organisationKindWords[o.kind] },
    { key: 'uscc', title: '统一社会信用代码', kind: 'text', read: (o) => o.uscc },
    { key: 'divisionCode', title: '行政区划代码', kind: 'text', read: (o) => o.divisionCode },
    { key: 'validFrom', title: '存续自', kind: 'date', read: (o) => o.validFrom },
    { key: 'validTo', title: '不再存续自', kind: 'date', read: (o) => o.validTo },
  ],
  {
    q: { title: '机构名称' },
    kind: { title: '类别', words: organisationKindWords },
    parentId: { title: '上级机构', reference: 'organisation' },
  },
)

const reorganisationWords = { rename: '更名', transfer: '改隶', merge: '合并', split: '拆分', abolish: '撤销' } as const
const stateWords = { coming: '待生效', done: '已生效', cancelled: '已撤销' } as const
const names = (sides: readonly { name: string }[]) => sides.map((side) => side.name).join('、')

/** Past and coming reorganisations. */
export const reorganisationColumns = listColumns(Reorganisation, '组织调整', [
  { key: 'effective', title: '生效日期', kind: 'date', read: (r) => r.effectiveOn },
  { key: 'kind', title: '方式', kind: 'text', read: (r) => reorganisationWords[r.kind] },
  { key: 'from', title: '原机构', kind: 'text', read: (r) => names(r.from) },
  { key: 'to', title: '调整后', kind: 'text', read: (r) => names(r.to) },
  { key: 'document', title: '文号', kind: 'text', read: (r) => r.documentNumber },
  { key: 'reason', title: '事由', kind: 'text', read: (r) => r.reason },
  { key: 'state', title: '状态', kind: 'text', read: (r) => stateWords[r.state] },
  { key: 'moved', title: '移交事项', kind: 'integer', read: (r) => r.moved },
  { key: 'by', title: '办理人', kind: 'text', read: (r) => r.plannedBy },
])

/** What a reorganisation moved. */
export const moveColumns = listColumns(Move, '组织调整移交清单', [
  { key: 'title', title: '事项', kind: 'text', read: (m) => m.title },
  { key: 'role', title: '移交为', kind: 'text', read: (m) => m.role },
  { key: 'from', title: '原机构', kind: 'text', read: (m) => m.from.name },
  { key: 'to', title: '承接机构', kind: 'text', read: (m) => m.to.name },
])

/** Offices with whom they answer to. */
export const superiorColumns = listColumns(
  OfficeWithSuperior,
  '上级岗位',
  [
    { key: 'name', title: '机构', kind: 'text', read: (o) => o.name },
    { key: 'kind', title: '类别', kind: 'text', read: (o) => organisationKindWords[o.kind] },
    {
      key: 'superior',
      title: '上级岗位',
      kind: 'text',
      read: (o) => (o.superior ? `${o.superior.orgName} ${o.superior.postTitle}` : null),
    },
    { key: 'person', title: '姓名', kind: 'text', read: (o) => o.superior?.name ?? null },
  ],
  { q: { title: '机构名称' } },
)

const delegationWords = { coming: '待开始', standing: '有效', ended: '已结束' } as const
const partyWords = (party: { organisation: string; title: string; name: string }) => `${party.organisation} ${party.title} ${party.name}`

/** One's own delegations, of one side. */
export const delegationColumns = listColumns(
  Delegation,
  '委托代理',
  [
    { key: 'from', title: '委托人', kind: 'text', read: (d) => partyWords(d.from) },
    { key: 'to', title: '受托人', kind: 'text', read: (d) => partyWords(d.to) },
    { key: 'duties', title: '职责', kind: 'text', read: (d) => d.duties?.join('、') ?? '全部' },
    { key: 'validFrom', title: '开始日期', kind: 'date', read: (d) => d.validFrom },
    { key: 'validTo', title: '结束日期', kind: 'date', read: (d) => d.validTo },
    { key: 'reason', title: '事由', kind: 'text', read: (d) => d.reason },
    { key: 'state', title: '状态', kind: 'text', read: (d) => delegationWords[d.state] },
  ],
  { box: { title: '范围', words: { given: '我委托的', received: '委托我的' } } },
)
