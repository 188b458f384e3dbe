import { listColumns } from '@tongchou/kernel'
import { purposeWords } from '@tongchou/metadata'
import { groundWords, installationWords } from '../words.ts'
import { LibraryLine } from './library.api.ts'
import { OwnLook } from './query.api.ts'

/** The collected resources, column by column as their screen. */
export const libraryColumns = listColumns(
  LibraryLine,
  '基础库建库情况',
  [
    { key: 'title', title: '资源名称', kind: 'text', read: (line) => line.title },
    { key: 'org', title: '提供方', kind: 'reference', read: (line) => line.org.name },
    { key: 'state', title: '建库情况', kind: 'text', read: (line) => installationWords[line.state] },
    { key: 'reasons', title: '原因', kind: 'text', read: (line) => line.reasons.join('；') },
    { key: 'changes', title: '变更序号', kind: 'integer', read: (line) => line.changes },
    { key: 'tries', title: '建库次数', kind: 'integer', read: (line) => line.tries },
    { key: 'triedAt', title: '最近一次', kind: 'instant', read: (line) => line.triedAt },
  ],
  {
    state: { title: '建库情况', words: installationWords },
    orgId: { title: '提供方', reference: 'organisation' },
  },
)

/** Who looked at one's own records, column by column as the page says it. */
export const ownLookColumns = listColumns(
  OwnLook,
  '谁查看了我的数据',
  [
    { key: 'at', title: '时间', kind: 'instant', read: (look) => look.at },
    { key: 'org', title: '查阅单位', kind: 'text', read: (look) => look.orgName },
    { key: 'post', title: '岗位', kind: 'text', read: (look) => look.postTitle },
    { key: 'duties', title: '职责', kind: 'text', read: (look) => look.duties },
    { key: 'resource', title: '数据资源', kind: 'text', read: (look) => look.resource },
    { key: 'items', title: '信息项', kind: 'text', read: (look) => look.items.join('、') },
    { key: 'masked', title: '号码显示', kind: 'text', read: (look) => (look.masked ? '已脱敏' : '全部显示') },
    { key: 'purpose', title: '用途', kind: 'text', read: (look) => purposeWords[look.purpose] },
    { key: 'note', title: '事由', kind: 'text', read: (look) => look.note },
    { key: 'ground', title: '依据', kind: 'text', read: (look) => look.ground && groundWords[look.ground] },
  ],
  {
    org: { title: '查阅单位' },
    purpose: { title: '用途', words: purposeWords },
    from: { title: '开始日期' },
    to: { title: '截止日期' },
  },
)
