/** What offices write on papers (办理意见): the usual words, one for each occasion in turn. */
export const opinions = {
  planPass: [
    '经初审，建设内容与部门职责相符，预算测算基本合理，同意列入备选。',
    '初审通过。运维经费按实际支出核定，建设时应优先复用已有共享能力。',
    '材料齐全，数据资源已列明，同意进入联合审查。',
  ],
  planReject: [
    '与已建系统功能重复，本年度不予列入，请先行整合现有系统后再申报。',
    '建设必要性不足，本年度不予列入，待业务需求明确后另行申报。',
  ],
  reviewPass: [
    '经审核，建设方案符合第八条要求，系统部署和数据共享安排明确，同意提交论证。',
    '建设内容、技术路线符合全市统一规划，审核通过。',
  ],
  reviewReturn: [
    '部署方案未写明所需政务云资源，请补充后重新报送。',
    '数据资源清单缺少共享范围和更新周期，请补正。',
    '等级保护定级依据不完整，请补充定级报告。',
  ],
  arguePass: [
    '经论证，技术方案可行，投资估算合理，论证通过。',
    '论证通过。实施中应严格按照统一接口标准与城市大脑平台对接。',
    '专家意见已逐条采纳，论证通过。',
  ],
  argueReturn: ['请按专家意见补充与已有共享平台的接口设计后再行论证。', '投资估算中集成费用偏高，请核减并说明测算依据。'],
  proposalPass: ['项目建议书内容完整，同意。', '同意项目建议书，请抓紧编制可行性研究报告。'],
  feasibilityPass: ['可行性研究报告论证充分，同意。', '同意。初步设计阶段应进一步优化投资。'],
  designPass: ['同意初步设计方案，概算按核定数执行。', '同意立项，概算不得突破。'],
  feasibilityReturn: ['效益分析缺少量化指标，请补充后重新报送。'],
  funded: ['按市政府批准的年度计划安排，同意。', '已列入年度预算，同意安排。'],
  userPass: ['试用三个月，功能满足业务需要，同意验收。', '主要业务已在系统办理，运行稳定，同意验收。'],
  acceptPass: ['建设内容全部完成，资源目录已登记，验收通过。', '符合批复和合同要求，档案齐全，验收通过。'],
  received: ['移交材料齐全，同意接收。', '已完成使用人员培训，同意接收。'],
  paid: ['支付条件已具备，同意。', '经核对合同约定和支付依据，同意。'],
  countersigned: ['情况属实，同意下达整改。', '同意。请责任单位按期整改。'],
  rectified: ['经现场核查，整改到位，予以确认。', '整改材料齐全，问题已解决，予以确认。'],
  notRectified: ['迁移记录不完整，仍有部分环境未按要求整改，请继续整改。'],
  catalogSign: ['目录内容属实，五项责任已落实，同意报审。', '同意报市大数据中心审核。'],
  secrecyPass: ['不涉及国家秘密和工作秘密，审查通过。', '已核对信息项，无涉密内容，审查通过。'],
  catalogPass: ['信息项完整，分级准确，审核通过。', '五项责任明确，共享条件合理，审核通过。'],
  catalogReturn: ['更新周期与业务实际不符，请核实后修改。', '资源摘要未说明数据来源，请补充。'],
} as const satisfies Record<string, readonly [string, ...string[]]>

export type Occasion = keyof typeof opinions

/** The words for an occasion; the same number gives the same ones. */
export function opinion(occasion: Occasion, number: number): string {
  const words: readonly string[] = opinions[occasion]
  return words[number % words.length] ?? ''
}
