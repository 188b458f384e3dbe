// SPDX-License-Identifier: Apache-2.0

/** The trail without the case's echo: an act that the register itself wrote down stands there once, in its own words. */
export function withoutEcho<Line extends { at: string; personName: string | null; action: string }>(lines: readonly Line[]): Line[] {
  const isEcho = ({ action }: Line) => action.startsWith('case.')
  const told = new Set(lines.filter((line) => !isEcho(line)).map((line) => `${line.at} ${line.personName}`))
  return lines.filter((line) => !isEcho(line) || !told.has(`${line.at} ${line.personName}`))
}

/** What happens to any subject through its cases, cards, papers and files; each register knows the names of its own acts. */
export const sharedActions: Readonly<Record<string, string>> = {
  'case.acted': '办理',
  'case.opened': '发起办件',
  'case.withdrawn': '撤回办件',
  'case.copy_read': '已阅抄送',
  'case.followed': '并案随主案办结',
  'case.escalated': '逾期报告上级负责人',
  'case.due-recomputed': '重新计算办理期限',
  'case.unanswered': '逾期未答复',
  'case.transfer': '转办',
  'case.entrust': '委托',
  'case.take-back': '收回委托',
  'case.not-mine': '不属本单位',
  'case.countersign': '加签',
  'case.uncountersign': '减签',
  'case.sign': '签署意见',
  'case.extend': '申请延期',
  'case.shelve': '申请挂账',
  'case.unshelve': '恢复办理',
  'case.answer': '答复',
  'case.pause': '中止计时',
  'case.resume': '恢复计时',
  'case.merge': '并案',
  'case.void': '作废',
  'case.urge': '催办',
  'case.oversee': '督办',
  'case.reply': '回复督办',
  'case.lift': '解除督办',
  'case.copy': '抄送',
  'card.yellow': '发出黄牌',
  'card.red': '发出红牌',
  'card.explained': '对黄红牌作出说明',
  'card.reviewed': '审核黄红牌说明',
  'document.numbered': '编发文字号',
  'attachment.uploaded': '上传材料',
  'attachment.downloaded': '下载材料',
}

/** The register's own word for an action, the shared one, or that something was done: an id is never shown to a reader. */
export function nameOfAction(action: string, own: string): string {
  return own === action ? (sharedActions[action] ?? '其他办理') : own
}
