import { listColumns } from '@tongchou/kernel'
import { WorkLine } from './case.schema.ts'

/** Work lists (待办、已办、我发起), column by column as their screen. */
export const workColumns = listColumns(
  WorkLine,
  '办件列表',
  [
    { key: 'subject', title: '事项', kind: 'text', read: (w) => w.title },
    { key: 'what', title: '环节', kind: 'text', read: (w) => w.stepTitle },
    { key: 'procedure', title: '办理事项类型', kind: 'text', read: (w) => w.procedureTitle },
    { key: 'status', title: '办件状态', kind: 'text', read: (w) => statusNames[w.status] },
    { key: 'from', title: '来自', kind: 'text', read: (w) => w.fromName ?? `${w.applicant.organisation} ${w.applicant.name}` },
    { key: 'since', title: '收到或最近进展', kind: 'instant', read: (w) => w.sinceAt },
    { key: 'due', title: '时限', kind: 'instant', read: (w) => w.dueAt },
  ],
  {
    box: {
      title: '范围',
      words: {
        todo: '待办',
        done: '已办',
        started: '我发起',
        copied: '抄送',
        drafts: '草稿',
        shelved: '挂账',
        supervised: '督办',
        overseen: '我督办',
      },
    },
    q: { title: '名称或来自' },
    procedure: { title: '办理事项类型' },
    due: { title: '时限', words: { overdue: '已逾期', week: '七天内到期' } },
  },
)

/** States of a case, in words. */
export const statusNames = {
  draft: '草稿',
  running: '办理中',
  returned: '退回补正',
  withdrawn: '已撤回',
  ended: '已办结',
  rejected: '未通过',
  merged: '已并案',
  voided: '已作废',
} as const
