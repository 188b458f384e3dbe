/** What a verb does, in one line, and the words an office uses for it. */
export interface VerbWords {
  says: string
  /** Label of the text, and whether it has to be written. */
  text: string
  required: boolean
  phrases: readonly string[]
}

const plain = (says: string, text: string, required: boolean, phrases: readonly string[] = []): VerbWords => ({
  says,
  text,
  required,
  phrases,
})

export const verbWords: Readonly<Record<string, VerbWords>> = {
  transfer: plain('任务转给所选单位或人员办理，时限继续计算。', '转办理由', true, ['按分工转有关人员办理。', '本人外出，转请办理。']),
  entrust: plain('由所选人员代为办理，签署时注明受委托，可随时收回。', '委托说明', false, ['本人外出期间委托办理。']),
  'take-back': plain('收回后由本人办理。', '说明', false),
  'not-mine': plain('退回转来的人员；流程直接送达的，提请改派。时限继续计算。', '不属本单位的理由', true, ['该事项不属本单位职责。']),
  countersign: plain('请所选人员或单位签署意见。', '请其说明的问题', false, ['请提出意见。', '请就资金来源提出意见。']),
  uncountersign: plain('撤销尚未签署的加签。', '减签理由', true, ['无需再征求意见。']),
  sign: plain('签署后不能撤销。', '意见', true, ['无意见。', '同意。', '建议补充说明。']),
  extend: plain('经同意后改按新的期限办理。', '延期理由', true, ['情况复杂，需要进一步核实。', '需协调有关单位。']),
  shelve: plain('经同意后列入挂账，到复核日期再作处理。', '挂账理由', true, ['待有关条件具备后办理。', '待上级明确后办理。']),
  unshelve: plain('不再挂账，继续办理。', '说明', false),
  answer: plain('同意后立即生效；不同意须写明理由。', '答复意见', false, ['同意。', '理由不充分，不同意。']),
  pause: plain('时限停止计算，恢复后接续计算。', '理由', true),
  resume: plain('时限按剩余时间接续计算。', '说明', false),
  merge: plain('本办件并入所选办件，任务关闭，结果随其结果。', '并案理由', true, ['内容相同，合并审核。']),
  void: plain('办件作废，不再办理。', '作废理由', true, ['项目取消。', '申报有误，另行申报。']),
  urge: plain('提醒当前办理人。', '催办说明', false, ['请抓紧办理。']),
  oversee: plain('办理人须回复，回复前不能办结。', '督办要求', true, ['请限期办结并回复。', '请说明办理进展。']),
  reply: plain('回复后由督办人解除督办。', '回复内容', true, ['正在办理，将按期办结。']),
  lift: plain('解除后不再列入督办。', '说明', false),
  copy: plain('所选人员和单位可以查看本办件，无需办理。', '抄送说明', false, ['请知悉。']),
}

/** Where a verb is sent. */
export const verbPaths: Readonly<Record<string, string>> = {
  ...{ transfer: 'transfer', entrust: 'entrustment', 'take-back': 'entrustment/end', 'not-mine': 'not-mine' },
  ...{ countersign: 'countersigns', uncountersign: 'countersigns/withdrawal', sign: 'countersigns/signature' },
  ...{ extend: 'extension', shelve: 'shelving', unshelve: 'shelving/end', answer: 'answers', pause: 'pause', resume: 'pause/end' },
  ...{
    merge: 'merger',
    void: 'voiding',
    urge: 'urging',
    oversee: 'oversight',
    reply: 'oversight/reply',
    lift: 'oversight/end',
    copy: 'copies',
  },
}
