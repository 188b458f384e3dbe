import { listColumns, sortWords } from '@tongchou/kernel'
import { cardStateWords, colourWords, standingWords } from '../words.ts'
import { Card } from './card.schema.ts'
import { cardSortKeys } from './card.store.ts'
import { OfficeStanding, OverseenTask, RecomputedDeadline } from './oversight.schema.ts'

/** 电子监察: the overseen tasks, column by column as the screen. */
export const overseenColumns = listColumns(
  OverseenTask,
  '电子监察清单',
  [
    { key: 'title', title: '办件', kind: 'text', read: (t) => t.title },
    { key: 'procedure', title: '流程', kind: 'text', read: (t) => t.procedureTitle },
    { key: 'step', title: '环节', kind: 'text', read: (t) => t.stepTitle },
    { key: 'org', title: '承办单位', kind: 'reference', read: (t) => t.orgName },
    { key: 'since', title: '收到', kind: 'instant', read: (t) => t.sinceAt },
    { key: 'due', title: '期限', kind: 'instant', read: (t) => t.dueAt },
    { key: 'standing', title: '状态', kind: 'text', read: (t) => standingWords[t.standing] },
    { key: 'left', title: '剩余或逾期', kind: 'text', read: (t) => t.leftText },
    { key: 'yellow', title: '黄牌', kind: 'integer', read: (t) => t.yellowCount },
    { key: 'red', title: '红牌', kind: 'integer', read: (t) => t.redCount },
    { key: 'reason', title: '说明理由', kind: 'text', read: (t) => t.reason && cardStateWords[t.reason] },
  ],
  {
    q: { title: '办件' },
    standing: { title: '状态', words: standingWords },
    orgId: { title: '承办单位', reference: 'organisation' },
    procedure: { title: '流程' },
    from: { title: '办结自' },
    to: { title: '办结至' },
    sort: { title: '排序', words: { due: '期限从早到晚', '-due': '期限从晚到早', since: '收到从早到晚', '-since': '收到从晚到早' } },
  },
)

/** 黄红牌, column by column as the screen. */
export const cardColumns = listColumns(
  Card,
  '黄红牌清单',
  [
    { key: 'case', title: '办件', kind: 'text', read: (c) => c.caseTitle },
    { key: 'colour', title: '牌', kind: 'text', read: (c) => colourWords[c.colour] },
    { key: 'step', title: '环节', kind: 'text', read: (c) => c.stepTitle },
    { key: 'org', title: '承办单位', kind: 'reference', read: (c) => c.orgName },
    { key: 'issued', title: '发出', kind: 'instant', read: (c) => c.issuedAt },
    { key: 'due', title: '期限', kind: 'instant', read: (c) => c.dueAt },
    { key: 'state', title: '说明理由', kind: 'text', read: (c) => cardStateWords[c.state] },
    { key: 'explainBy', title: '说明期限', kind: 'instant', read: (c) => c.explainBy },
    { key: 'escalated', title: '报告上级', kind: 'text', read: (c) => c.escalatedToName },
  ],
  {
    box: { title: '范围', words: { mine: '本岗位的', all: '全部' } },
    colour: { title: '牌', words: colourWords },
    state: { title: '说明理由', words: cardStateWords },
    orgId: { title: '承办单位', reference: 'organisation' },
    sort: { title: '排序', words: sortWords(cardSortKeys) },
  },
)

/** 单位办理时限排名, column by column as the screen. */
export const rankingColumns = listColumns(
  OfficeStanding,
  '单位办理时限排名',
  [
    { key: 'org', title: '单位', kind: 'text', read: (o) => o.orgName },
    { key: 'rank', title: '名次', kind: 'integer', read: (o) => o.rank },
    {
      key: 'share',
      title: '按时率',
      kind: 'text',
      read: (o) => (o.inTimePermille === null ? null : `${(o.inTimePermille / 10).toFixed(1)}%`),
    },
    { key: 'inTime', title: '按时办结', kind: 'integer', read: (o) => o.doneInTime },
    { key: 'late', title: '逾期办结', kind: 'integer', read: (o) => o.doneLate },
    { key: 'days', title: '平均用时（工作日）', kind: 'text', read: (o) => (o.averageDays === null ? null : String(o.averageDays)) },
    { key: 'lateNow', title: '目前逾期', kind: 'integer', read: (o) => o.lateNow },
    { key: 'yellow', title: '黄牌', kind: 'integer', read: (o) => o.yellowCount },
    { key: 'red', title: '红牌', kind: 'integer', read: (o) => o.redCount },
  ],
  { from: { title: '自' }, to: { title: '至' } },
)

/** 重新计算的期限, column by column as the screen. */
export const recomputedColumns = listColumns(
  RecomputedDeadline,
  '重新计算的期限',
  [
    { key: 'title', title: '办件', kind: 'text', read: (r) => r.title },
    { key: 'step', title: '环节', kind: 'text', read: (r) => r.stepTitle },
    { key: 'org', title: '承办单位', kind: 'reference', read: (r) => r.orgName },
    { key: 'was', title: '原期限', kind: 'instant', read: (r) => r.wasDueAt },
    { key: 'due', title: '新期限', kind: 'instant', read: (r) => r.dueAt },
    { key: 'provisional', title: '是否暂定', kind: 'text', read: (r) => (r.provisional ? '仍为暂定' : '不再暂定') },
    { key: 'at', title: '重新计算', kind: 'instant', read: (r) => r.at },
    { key: 'open', title: '办理状态', kind: 'text', read: (r) => (r.isOpen ? '在办' : '已办结') },
  ],
  { year: { title: '年度' }, orgId: { title: '承办单位', reference: 'organisation' } },
)
