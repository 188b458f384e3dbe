import { verbTitles } from '@tongchou/procedure'

/** An action that is written to the log (审计事件), as the catalogue knows it. */
export interface AuditAction {
  /** What the auditor reads. */
  title: string
  /** The module that writes it. */
  module: string
  /** What the detail may hold, by key. Nothing else, and never a secret or a text that somebody typed into a form. */
  detail: readonly string[]
  /** Whether it is about a person: name, account, post. */
  personal?: true
}

type Row = readonly [action: string, title: string, detail?: string]

const of = (module: string, personal: boolean, rows: readonly Row[]): [string, AuditAction][] =>
  rows.map(([action, title, detail = '']) => [
    action,
    { title, module, detail: detail.split(' ').filter(Boolean), ...(personal ? { personal: true as const } : {}) },
  ])

// A look that was repeated says how often and since when; a refused one its code.
const viewed = (kind: string, title: string): Row => [`${kind}.viewed`, `查阅${title}`, 'count since code filters']

// What officials do with a case besides deciding it (转办、加签……) is called what the procedure calls it.
const verbs: readonly Row[] = Object.entries(verbTitles).map(([kind, title]) => [
  `case.${kind}`,
  title,
  'caseId procedure step verb title clocks',
])

/** Every action that the modules write, by its id. A refused act stands under its operation's id, whose title is the operation's. */
export const auditActions: ReadonlyMap<string, AuditAction> = new Map([
  ...of('identity', true, [
    ['session.started', '登录', 'code locked by secondFactor'],
    ['session.ended', '退出登录'],
    ['session.revoked', '结束他处登录', 'session'],
    ['session.others_revoked', '结束本人其他登录', 'ended'],
    ['session.post_switched', '切换岗位', 'from to'],
    ['account.created', '开通账号', 'username person'],
    ['account.password_changed', '修改口令'],
    ['account.password_reset', '重置口令'],
    ['account.disabled', '停用账号'],
    ['account.enabled', '启用账号'],
    ['account.unlocked', '解除登录暂停'],
    ['second_factor.begun', '开始启用动态口令'],
    ['second_factor.enabled', '启用动态口令'],
    ['second_factor.disabled', '停用动态口令'],
    ['second_factor.reset', '重置动态口令', 'reason'],
    ['second_factor.codes_renewed', '重新生成恢复码'],
    ['oidc.bound', '绑定统一身份'],
    ['oidc.unbound', '解除统一身份绑定'],
    ['account.preferences_changed', '修改个人设置', 'parts'],
    ['person.created', '登记人员', 'name'],
    ['person.renamed', '更改姓名', 'from to'],
    ['post.created', '任职', 'person organisation title duties'],
    ['post.changed', '变更岗位', 'person organisation title duties'],
    ['post.ended', '免去岗位', 'person organisation title endsOn'],
    ['post.duty_given', '赋予职责', 'duty area validFrom validTo id post'],
    ['post.duty_ended', '终止职责', 'duty area validTo'],
    ['delegation.created', '委托代理', 'post to duties validFrom validTo'],
    ['delegation.ended', '结束委托', 'post to'],
    ['token.issued', '签发访问令牌', 'name expiresOn scope'],
    ['token.withdrawn', '撤销访问令牌', 'name'],
    viewed('person', '人员名册'),
    viewed('token', '访问令牌'),
    viewed('session', '登录会话'),
    viewed('second-factor', '动态口令名单'),
    viewed('lock-out', '登录暂停名单'),
  ]),
  ...of('identity', false, [
    ['security_settings.changed', '修改安全策略', 'changed'],
    ['organisation.created', '设立机构', 'name'],
    ['organisation.renamed', '机构更名', 'from to validFrom'],
    ['organisation.superior_set', '指定上级负责人', 'from to'],
    ['organisation.reorganisation_ordered', '办理机构调整', 'kind documentNumber effectiveOn from to'],
    ['organisation.reorganised', '机构调整', 'kind documentNumber effectiveOn from to name'],
    ['organisation.reorganisation_done', '机构调整生效', 'from to moved'],
    ['organisation.reorganisation_cancelled', '撤销机构调整', 'documentNumber'],
    ['organisation.handed_over', '随机构调整移交', 'reorganisation documentNumber role from to'],
    viewed('organisation', '机构'),
    viewed('reorganisation', '机构调整'),
  ]),
  ...of('kernel', false, [
    ['read.refused_often', '多次查阅被拒绝', 'count since'],
    ['job.retried', '重新执行后台任务', 'job'],
  ]),
  ...of('policy', false, [['policy.modes_set', '设置规则执行方式', 'before after']]),
  ...of('projects', false, [
    ['proposal_draft.begun', '开始填写项目草稿', 'copiedFrom'],
    ['proposal_draft.saved', '保存项目草稿', 'version'],
    ['proposal_draft.settled', '草稿保存为项目申报', 'projectId confirmed'],
    ['proposal_draft.discarded', '删除项目草稿'],
    ['project.drafted', '起草项目', 'name'],
    ['project.changed', '修改项目申报', 'version caseId'],
    ['project.urgency_declared', '申报紧急项目', 'reason'],
    ['project.urgency_decided', '认定紧急项目', 'confirmed reason'],
    ['project.scope_decided', '认定是否属于政务信息系统', 'inScope reason'],
    ['project.superior_filed', '报送上级统筹项目备案'],
    ['project.superior_received', '接收上级统筹项目备案'],
    ['project.construction-plan', '提交建设方案', 'caseId'],
    ['project.establishment', '申请立项', 'caseId'],
    ['project.funding', '安排资金', 'caseId'],
    ['project.tender', '启动招标', 'caseId'],
    ['project.project-change', '备案项目变更', 'caseId'],
    ['project.acceptance', '申请验收', 'caseId'],
    ['project.handover', '移交项目', 'caseId'],
    ['project.evaluation', '启动效益评价', 'caseId'],
    ['project.milestones_set', '制定进度计划', 'count'],
    ['project.milestone_reached', '登记节点完成', 'milestoneId doneOn'],
    ['project.progress_reported', '报告建设进度', 'period percent'],
    ['payment.requested', '申请支付', 'paymentId amountFen'],
    ['plan.filed', '申报年度计划', 'year entryId'],
    ['city-plan.compiled', '编制全市年度计划', 'year entries'],
    ['city-plan.changed', '修改全市年度计划', 'entries'],
    ['city-plan.submitted', '提交全市年度计划'],
    viewed('project', '项目'),
    viewed('city-plan', '全市年度计划'),
  ]),
  ...of('cases', false, [
    ['case.acted', '办理办件', 'caseId procedure step outcome pack warnings'],
    ['case.opened', '发起办件', 'caseId procedure pack step outcome warnings'],
    ['case.withdrawn', '撤回办件', 'caseId procedure'],
    ['case.copy_read', '已阅抄送', 'caseId'],
    ['case.followed', '并案随主案办结', 'caseId leading outcome'],
    ['document.numbered', '编发文字号', 'paper number'],
    ['card.explained', '对黄红牌作出说明', 'caseId cardId'],
    ['card.reviewed', '审核黄红牌说明', 'caseId cardId accepted'],
    ['card.yellow', '发出黄牌', 'caseId step dueAt orgId'],
    ['card.red', '发出红牌', 'caseId step dueAt orgId'],
    ['case.escalated', '逾期报告上级负责人', 'caseId step orgId to'],
    ['case.due-recomputed', '重新计算办理期限', 'caseId taskId was due provisional'],
    ['case.unanswered', '逾期未答复', 'caseId about'],
    ['calendar.published', '公布工作日历', 'year days number'],
    ['office-hours.entered', '登记工作时间', 'before after'],
    ['office-hours.changed', '修改工作时间', 'before after'],
    ['attachment.uploaded', '上传材料', 'sha256 size'],
    ['attachment.downloaded', '下载材料', 'caseId'],
    viewed('case', '办件和意见'),
    viewed('card', '黄红牌'),
    viewed('attachment', '材料'),
  ]),
  ...of('cases', false, verbs),
  ...of('catalog', false, [
    ['catalog.drafted', '开始编制目录', 'name projectId'],
    ['catalog.changed', '修改目录', 'version'],
    ['catalog.submitted', '目录提交审核', 'caseId version'],
    ['catalog.secrecy-reviewed', '目录保密审查通过', 'caseId version'],
    ['catalog.approved', '目录审核通过', 'caseId version'],
    ['catalog.registered', '目录登记纳入共享平台', 'caseId version'],
    ['catalog.returned', '目录退回修改', 'caseId version'],
    ['catalog.voided', '目录办件作废', 'caseId'],
    ['catalog.withdrawn', '撤回目录', 'caseId'],
    viewed('catalog-entry', '资源目录'),
  ]),
  ...of('systems', false, [
    ['system.registered', '登记信息系统', 'name projectId'],
    ['system.described', '修改系统登记', 'version'],
    ['system.status_changed', '变更系统状态', 'from to'],
    ['system.confirmation_requested', '提请确认系统情况'],
    ['system.confirmation_returned', '退回系统情况确认'],
    ['system.answered', '确认系统情况', 'cityBrainConnected dataShared deployment securityAssured standardInterface'],
    ['system.protection_declared', '申报保护等级', 'level filingNumber nextEvaluationOn'],
    ['system.protection_confirmed', '确认保护等级', 'level filingNumber nextEvaluationOn'],
    viewed('system', '信息系统'),
  ]),
  ...of('supervision', false, [
    ['problem.proposed', '提出问题', 'projectId kind party caseId'],
    ['problem.changed', '修改问题', 'version'],
    ['problem.ordered', '会签下达整改', 'caseId projectId dueOn'],
    ['problem.reported', '报告整改情况', 'caseId projectId dueOn'],
    ['problem.report_withdrawn', '撤回整改报告', 'caseId'],
    ['problem.confirmed', '核查整改符合要求', 'caseId projectId dueOn'],
    ['problem.not-accepted', '核查整改不符合要求', 'caseId projectId dueOn'],
    ['payment.hold_ordered', '决定暂缓支付', 'projectId duty basis'],
    ['payment.hold_ended', '暂缓支付结束', 'projectId'],
    ['withheld.recorded', '记录拒绝、隐匿、瞒报', 'projectId kind'],
    ['withheld.replied', '对记录作出说明'],
    ['withheld.revoked', '撤销拒绝、隐匿、瞒报记录'],
    viewed('problem', '问题整改'),
    viewed('withheld-record', '拒绝、隐匿、瞒报记录'),
  ]),
  ...of('exports', false, [
    ['export.requested', '申请导出列表', 'list filters columns'],
    ['export.made', '导出列表', 'list filters columns rows sha256'],
    ['export.cancelled', '停止导出', 'list rows'],
    ['export.failed', '导出未完成', 'list code personName'],
    ['export.downloaded', '下载导出文件', 'list rows sha256'],
    viewed('export', '导出文件'),
  ]),
  ...of('audit', false, [
    ['audit.verification_requested', '校验审计日志', 'heads'],
    ['audit.verification_stopped', '停止校验审计日志'],
    ['audit.verified', '审计日志校验完成', 'ok verified position firstBad'],
    ['audit.heads_taken', '取得链头', 'count'],
    ['audit.retention_set', '设置日志保存期限', 'from to reason'],
    ['audit.archived', '归档审计日志', 'fromPosition toPosition rows digest beforeOn reason'],
    ['audit.package_downloaded', '下载归档包', 'digest'],
    ['audit.archive_removed', '移除已归档日志', 'toPosition rows digest'],
    viewed('audit', '审计日志'),
    viewed('audit-event', '审计日志详情'),
  ]),
])
