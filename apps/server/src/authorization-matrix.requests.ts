import { sm2Fingerprint } from '@tongchou/evidence'
import { syntheticCitizenId, syntheticSocialCreditCode } from '@tongchou/kernel'
import type { InjectOptions } from 'fastify'
import type { Thing } from './authorization-matrix.table.ts'
import {
  type Asker,
  catalogFile,
  channelKey,
  collected,
  departmentInterface,
  exportOf,
  type Instance,
  officeHours,
  registration,
  resourceEntry,
  secondKey,
  sharingRequest,
  upload,
} from './authorization-matrix.world.ts'
import { DEMO_PASSWORD } from './demo/people.ts'
import type { Operation } from './testing/document.ts'
import { type Hints, sampleOf } from './testing/sample.ts'
import { goodProposal } from './testing/small-city.ts'

/** What is not there: an id that no row has. */
export const nobodysId = '00000000-0000-4000-8000-00000000dead'
/** Of things that are not known by a number. */
const absent: Partial<Record<Thing, string>> = { organisation: 'no-such-office', pack: 'no-such-pack', 'catalog-class': '399' }

type Body = (instance: Instance | undefined, asker: Asker, known?: Hints) => unknown

const waitingTask: Body = (instance, asker) => {
  const { act = {}, tasks = [] } = (instance?.facts ?? {}) as {
    act?: Record<string, unknown>
    tasks?: { task_id: string; duty: string; org_id: string | null }[]
  }
  // A duty that the case waits for acts on its own task; everybody else tries the first one.
  const task = tasks.find(({ duty }) => duty === asker.role) ?? tasks[0]
  return { taskId: task?.task_id ?? 'none', opinion: null, form: {}, documents: [], choices: [], dates: {}, outcome: 'pass', ...act }
}

/** A verb on the task that waits for the asker's duty, or on the first one. */
const onWaitingTask =
  (more: Record<string, unknown> = {}): Body =>
  (instance, asker) => ({ taskId: (waitingTask(instance, asker) as { taskId: string }).taskId, opinion: '按分工办理。', ...more })

const auditOffice = { orgId: 'audit', duty: 'audit', personId: null }

const begin =
  (form: Record<string, unknown> = {}, document?: string): Body =>
  (_instance, asker) => ({ opinion: '', form, documents: document && asker.fileId ? [{ kind: document, id: asker.fileId }] : [] })

/** An order for a day to come: the offices of the world stay what they are. */
const comingRename = (organisationId: string) => ({
  ...{ kind: 'rename', organisationIds: [organisationId], name: '另一名称', reason: '机构改革' },
  ...{ documentNumber: '乌海党办发〔2026〕3号', effectiveOn: '2026-12-01' },
})

const withdrawal = { ground: 'other', reason: '不再产生', mergedIntoId: null }

/** Bodies that the schema alone does not give; every other one is made from it. */
const bodies: Readonly<Record<string, Body>> = {
  signIn: () => ({ username: 'clerk', password: DEMO_PASSWORD }),
  setAuditRetention: () => ({ days: 365, reason: '市级要求' }),
  switchPost: (_instance, asker) => ({ postId: asker.postId || nobodysId }),
  changePassword: () => ({ currentPassword: DEMO_PASSWORD, newPassword: 'Another-2026-secret' }),
  changeSecuritySettings: () => ({
    settings: {
      ...{ passwordMaxAgeDays: 0, passwordHistory: 5, passwordMinLength: 10, passwordMinClasses: 2, tokenMaxDays: 366 },
      ...{ lockOutAttempts: 5, lockOutMinutes: 10, idleMinutes: 120, sessionHours: 12, maxSessions: 1000 },
      secondFactorForAdministrators: false,
      ...{ addressSignInFailures: 300, addressExpensivePerMinute: 3000, trustedProxies: [] },
    },
    version: 0,
  }),
  beginSecondFactor: () => ({ password: DEMO_PASSWORD }),
  removeSecondFactor: () => ({ password: DEMO_PASSWORD, code: '000000' }),
  signInByOidc: () => ({ query: '?code=none' }),
  bindOidc: () => ({ query: '?code=none' }),
  createProposal: () => goodProposal({ name: '另一项目' }),
  changeProposal: (instance) => ({ ...goodProposal({ name: '改名项目' }), version: instance?.facts.version ?? 1 }),
  submitConstructionPlan: begin({}, 'construction-plan'),
  applyForEstablishment: begin({}, 'project-proposal'),
  fileProjectChange: begin({ aspect: 'content', before: '原', after: '新', reason: '政策调整' }),
  scheduleFunding: begin({ amountFen: 1, budgetYear: 2027, channel: 'city-finance' }),
  openEvaluation: begin({ requirement: '请报送。' }),
  actOnCase: waitingTask,
  checkCaseAct: waitingTask,
  transferTask: (instance, asker) => onWaitingTask({ to: { orgId: asker.org, duty: asker.role, personId: null } })(instance, asker),
  entrustTask: (instance, asker) => onWaitingTask({ to: { orgId: asker.org, duty: asker.role, personId: null } })(instance, asker),
  takeBackTask: onWaitingTask(),
  returnTaskNotMine: onWaitingTask(),
  askCountersign: onWaitingTask({ to: [auditOffice], form: 'before', rule: 'all' }),
  askExtension: onWaitingTask({ until: '2026-12-31' }),
  askShelving: onWaitingTask({ until: '2026-12-31', ground: null }),
  endShelving: onWaitingTask(),
  pauseClock: onWaitingTask({ ground: 'expert-review' }),
  resumeClock: onWaitingTask(),
  urgeTask: onWaitingTask(),
  overseeCase: () => ({ until: '2026-12-31', opinion: '请限期办结。' }),
  mergeCase: (instance) => ({ leadingId: instance?.id ?? nobodysId, opinion: '内容相同。' }),
  copyCase: () => ({ to: [auditOffice], opinion: '请知悉。' }),
  lookAtQuarantineLine: () => ({}),
  judgeCorrection: () => ({ values: { i1: 'B' } }),
  correctQuarantineLine: () => ({ values: { i1: 'B' }, note: '经核对' }),
  discardQuarantineLine: () => ({ reason: '测试数据' }),
  lookAtReconciliationDifferences: () => ({ numbers: [1] }),
  beginReconciliation: () => ({ id: nobodysId, follows: null, by: 'hashes' }),
  askReconciliation: () => ({ wants: 'digests', nonce: '0'.repeat(32), by: 'hashes', bits: 8, within: null }),
  createChannel: () => ({ name: '另一通道', orgId: 'civil-affairs', resource: collected }),
  changeChannelState: (instance) => ({
    ...(instance?.state === 'suspended' ? { state: 'in-use', reason: null } : { state: 'suspended', reason: '来源库迁移' }),
    version: instance?.facts.version ?? 1,
  }),
  registerChannelKey: (instance) => ({ publicKey: secondKey, version: instance?.facts.version ?? 1 }),
  withdrawChannelKey: (instance) => ({ fingerprint: sm2Fingerprint(channelKey), reason: '轮换', version: instance?.facts.version ?? 1 }),
  registerInterface: (instance) => ({ ...departmentInterface, version: instance?.facts.version ?? 0 }),
  decideInterface: (instance) => ({ outcome: 'approve', reason: null, version: instance?.facts.version ?? 1 }),
  changeInterfaceState: (instance) => ({ act: 'stop', reason: '来源迁移', version: instance?.facts.version ?? 1 }),
  permitInterfaceAddress: () => ({ address: '10.20.3.4:8443', network: null, reason: '测试' }),
  draftSharingRequest: (_instance, _asker, known) => ({ resourceId: known?.sharedId ?? nobodysId, ...sharingRequest }),
  editSharingRequest: (instance) => ({ ...sharingRequest, version: instance?.facts.version ?? 1 }),
  disputeSharingDecision: (instance) => ({ reason: '法定职责所需。', version: instance?.facts.version ?? 1 }),
  proposeSharingDecision: (instance) => ({
    ...{ outcome: 'grant', terms: null, reason: null, basisLaw: null, basisClause: null },
    version: instance?.facts.version ?? 1,
  }),
  changeSharingGrant: (instance) => ({ state: 'suspended', reason: '超出用途', version: instance?.facts.version ?? 1 }),
  renewSharingGrant: () => ({}),
  registerSystem: () => registration('另一系统'),
  describeSystem: (instance) => ({ ...registration('改名系统'), version: instance?.facts.version ?? 1 }),
  changeSystemStatus: (instance) => ({ status: instance?.facts.status ?? 'running', version: instance?.facts.version ?? 1 }),
  addCatalogClass: () => ({ code: '307002', title: '另一分类' }),
  changeCatalogClass: (instance) => ({ title: '改名分类', active: true, version: instance?.facts.version ?? 1 }),
  validateCatalog: () => ({ resources: [{ name: '待校验' }] }),
  startComparison: () => ({ comparison: 'social-assistance/dibao-economic-status', note: '季度核对' }),
  queryRecords: () => ({ purpose: { kind: 'quality', note: '核对数据质量' } }),
  aggregateRecords: () => ({}),
  searchPersonLooks: () => ({ identifier: '150302196410210000' }),
  draftResource: () => resourceEntry('另一目录'),
  changeResource: (instance) => ({ ...resourceEntry('改名目录'), version: instance?.facts.version ?? 1 }),
  openCatalogChange: () => ({ secrecy: false, reason: '口径调整' }),
  openCatalogWithdrawal: () => withdrawal,
  editCatalogChange: (instance) => ({ ...resourceEntry('变更中目录'), reason: '口径调整', version: instance?.facts.version ?? 1 }),
  editCatalogWithdrawal: (instance) => ({ ...withdrawal, version: instance?.facts.version ?? 1 }),
  recordSystemProtection: (instance) => ({
    ...{ level: 2, filingNumber: '15030000001-26001', nextEvaluationOn: null, evidence: '备案证明' },
    version: instance?.facts.version ?? 1,
  }),
  previewReorganisation: () => comingRename('audit'),
  orderReorganisation: () => comingRename('audit'),
  setSuperior: () => ({ postId: null }),
  startExport: (_instance, asker) => exportOf(asker.role),
  beginProposalDraft: () => ({ secrecy: false }),
  saveProposalDraft: (instance) => ({ secrecy: false, version: instance?.facts.version ?? 1, content: { name: '新名' }, copied: [] }),
  loadHolidayNotice: () => ({ year: 2028, papers: [], days: [{ name: '元旦', date: '2028-01-01', isOffDay: true }] }),
  enterOfficeHours: () => ({ ...officeHours, orgId: 'finance' }),
  changeOfficeHours: (instance) => ({ ...officeHours, version: instance?.facts.version ?? 1 }),
  grantRelation: (_instance, asker, known) =>
    asker.role === 'public-security'
      ? {
          kind: 'data-subject',
          identifier: syntheticCitizenId('150302', '1970-01-01'),
          document: 'id-card',
          name: '新来市民',
          username: 'another-citizen',
        }
      : { kind: 'contractor-agent', subjectId: known?.enterpriseId, name: '新经办人', username: 'another-agent' },
  endRelation: () => ({ reason: '更换经办人' }),
  registerEnterprise: () => ({ name: '新登记公司', uscc: syntheticSocialCreditCode('91', '150300', 7) }),
  identifyEnterprise: () => ({ uscc: syntheticSocialCreditCode('91', '150300', 8) }),
  submitSupplierReport: (instance, asker) => ({
    ...{ secrecy: false, text: '进展正常。', files: asker.fileId ? [asker.fileId] : [] },
    ...(instance ? { milestoneId: instance.facts.milestoneId } : {}),
  }),
  decideSupplierReport: () => ({ outcome: 'accept' }),
  evaluatePolicy: () => ({ act: 'project.apply', facts: {} }),
  requestPayment: (instance) => ({ opinion: '', form: {}, documents: [], contractId: instance?.facts.contractId ?? nobodysId, lineNo: 2 }),
}

/** Values of queries and bodies by name that make sense in the world. */
const usual: Hints = {
  secrecy: false,
  organisationId: 'health',
  subjectKind: 'project',
  act: 'plan.file',
  duties: ['applicant'],
  q: '立项',
  expiresOn: '2026-12-31',
  year: 2030,
  duty: 'data-steward',
  dutyId: 1,
  validFrom: '2026-05-04',
  validTo: '2026-06-04',
  foundOn: '2026-03-01',
  dueOn: '2026-12-01',
  doneOn: '2026-03-02',
  username: 'newcomer',
  pack: 'wuhai-2023',
  paper: 'case-record',
  sha256: 'a'.repeat(64),
  article: 'WH23-4',
  resourcePack: 'vehicles',
  packResource: 'vehicle',
  lane: 'main',
  number: 1,
}

/** What an operation on no one thing is asked about. */
const named: Readonly<Record<string, string>> = {
  readProcedureStart: 'tender',
  createOrganisation: 'new-office',
  getDivision: '150302',
}

/** The request of one cell: the operation on a thing, or on what does not exist when only the kind of thing is given. */
export function requestOf(operation: Operation, asker: Asker, about: Instance | Thing | undefined, known: Hints): InjectOptions {
  const instance = typeof about === 'string' ? undefined : about
  const id = typeof about === 'string' ? { id: absent[about] ?? nobodysId, pack: absent[about] ?? usual.pack } : { id: named[operation.id] }
  const hints: Hints = { ...usual, ...known, ...id, ...instance?.facts, subjectId: instance?.id ?? nobodysId }
  const url = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(parameterOf(name, instance, hints)))
  const query = operation.parameters.filter((one) => one.in === 'query' && one.required)
  const search = new URLSearchParams(Object.fromEntries(query.map(({ name, schema }) => [name, String(sampleOf(schema, hints, name))])))
  const headers = { ...asker.headers }
  const options: InjectOptions = { method: operation.method, url: query.length > 0 ? `${url}?${search}` : url, headers }
  if (operation.multipart) {
    headers['content-type'] = 'multipart/form-data; boundary=matrix'
    return { ...options, payload: operation.id === 'uploadCatalogImport' ? upload('matrix', catalogFile) : upload('matrix') }
  }
  if (!operation.body) return options
  const body = bodies[operation.id]?.(instance, asker, hints) ?? sampleOf(operation.body, hints)
  return { ...options, payload: body as object }
}

function parameterOf(name: string, instance: Instance | undefined, hints: Hints): string {
  if (instance && (name === 'id' || name === 'pack')) return instance.id
  return String(hints[name] ?? nobodysId)
}
