/** Chinese words of supervision, as screens and reviewers read them. The kinds are those of 第二十条. */
export const kindWords = {
  'against-approval': '与国家、自治区以及我市有关规定或批复要求不符',
  'not-on-cloud': '未基于市政务云计算中心建设',
  'not-connected': '未按要求接入全市城市大脑综合管理平台',
  'data-not-shared': '未按要求进行数据资源共享',
  'security-not-assured': '未按要求做好网络和数据安全保障',
  'against-other-rules': '与其他相关规定不符',
} as const
export const partyWords = { builder: '项目建设单位', 'user-unit': '用户单位' } as const
export const stateWords = {
  draft: '退回修改',
  proposed: '会签中',
  ordered: '整改中',
  reported: '已报告待核查',
  confirmed: '整改符合要求',
  'not-accepted': '整改不符合要求',
  overdue: '逾期未整改',
} as const
export const holdDutyWords = { 'big-data-center': '市大数据中心', drc: '市发改委' } as const
export const withholdingWords = { refused: '拒绝提供', hid: '隐匿', misreported: '瞒报' } as const
export const recordStateWords = { revoked: '已撤销', replied: '单位已说明', 'awaiting-reply': '待单位说明' } as const

/** The paper that orders a rectification (责令整改通知书); how it reads and under which agency word it is numbered says the pack. */
export const noticePaper = 'rectification-notice'
