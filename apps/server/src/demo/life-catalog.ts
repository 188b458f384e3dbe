import { changeResource, draftResource, type NewResource, submitEntry } from '@tongchou/catalog'
import type { DemoItem, DemoResource } from './demo-resources.ts'
import type { Life } from './life.ts'
import { opinion } from './opinions.ts'
import { type Act, act } from './scene.ts'
import type { Stage } from './stage.ts'

/** Compiled by the unit that uses the system, signed off and reviewed for secrecy there, then by the center, and registered (WH23-14, 15). */
export function catalogued(life: Life, until: 'registered' | 'halfway'): Act[] {
  return life.project.resources.flatMap((resource, index) => {
    const acts = entry(life, resource, index, until === 'registered')
    // Where the gate still waits for the catalog, entries stand at all their stations.
    return until === 'registered' ? acts : acts.slice(0, [1, 2, 4, acts.length - 1][(life.number + index) % 4])
  })
}

function entry(life: Life, resource: DemoResource, index: number, isAccepted: boolean): Act[] {
  const { project, number } = life
  const steward = `${project.userUnitOrgId}-data`
  const turn = number + index
  let id = ''
  let version = 1
  let caseId = ''
  const compiled = act(2, async (stage) => {
    const drafted = await draftResource(stage.as(steward), stage.city.catalog, content(stage, life, resource, turn, isAccepted))
    ;({ id, version } = drafted)
  })
  const submitted = act(1, async (stage) => {
    const entered = await submitEntry(stage.as(steward), stage.city.catalog, id, version)
    caseId = entered.cases.at(-1)?.caseId ?? ''
    version = entered.version
  })
  const signed = act(0, (stage) =>
    stage.decide(caseId, `${project.userUnitOrgId}-leader`, 'sign-off', 'sign', { opinion: opinion('catalogSign', turn) }),
  )
  const screened = act(1, (stage) =>
    stage.decide(caseId, `${project.userUnitOrgId}-secrecy`, 'secrecy-review', 'pass', { opinion: opinion('secrecyPass', turn) }),
  )
  const reviewed = act(2, (stage) => stage.decide(caseId, 'bdc-catalog', 'review', 'approve', { opinion: opinion('catalogPass', turn) }))
  const registered = act(1, (stage) =>
    stage.decide(caseId, 'bdc-engineer', 'register', 'register', { opinion: '已纳入数据资源共享平台。' }),
  )
  if (turn % 6 !== 1) return [compiled, submitted, signed, screened, reviewed, registered]
  const returned = act(2, (stage) => stage.decide(caseId, 'bdc-catalog', 'review', 'return', { opinion: opinion('catalogReturn', turn) }))
  const corrected = act(1, async (stage) => {
    const whole = content(stage, life, resource, turn, isAccepted)
    const abstract = `${whole.abstract}数据由业务系统办理过程自动形成，按所填周期更新。`
    // Signature, secrecy review and return each moved the entry on by one version.
    await changeResource(stage.as(steward), stage.city.catalog, id, { ...whole, abstract, version: version + 3 })
    await stage.decide(caseId, steward, 'compile', 'submit', { opinion: '已按意见修改。' })
  })
  return [compiled, submitted, signed, screened, returned, corrected, signed, screened, reviewed, registered]
}

/** What departments of the city run on. */
const databases = ['kingbasees', 'dm', 'mysql', 'postgresql'] as const

const personalImpacts: NonNullable<NewResource['grading']> = [
  { object: 'individual', degree: 'serious', reason: '泄露或者非法使用影响当事人权益。' },
  { object: 'social-order', degree: 'serious', reason: '汇集后涉及人员较多，泄露影响社会秩序。' },
]

const cycles = { 实时: 'realtime', 每日: 'daily', 每周: 'weekly', 每月: 'monthly', 每季度: 'quarterly', 每年: 'yearly' } as const

function content(stage: Stage, life: Life, resource: DemoResource, turn: number, isAccepted: boolean): NewResource {
  const { userUnitOrgId } = life.project
  const personal = resource.items.some(({ isSensitive }) => isSensitive)
  const bearer = (post: string) => ({ orgId: userUnitOrgId, post })
  return {
    secrecy: false,
    name: resource.name,
    projectId: life.id,
    declaredResourceId: life.page?.dataResources.find(({ name }) => name === resource.name)?.id ?? null,
    systemId: life.systems[0]?.id ?? null,
    providerCode: stage.orgCode(userUnitOrgId),
    abstract: resource.summary,
    class: 'department',
    classCode: stage.classOf(userUnitOrgId, resource.openType === 'open'),
    internalUnit: '业务科',
    format: 'database',
    formatType: databases[turn % databases.length] ?? 'postgresql',
    sharingChannel: 'platform',
    // What is shared as a table is accepted once a channel has brought it; none did in those years.
    sharingForm: isAccepted || resource.updateCycle === '实时' || turn % 2 === 0 ? 'interface' : 'database',
    spatialScope: 'city',
    scenario: resource.openType === 'open' ? 'public-services' : 'government-services',
    grading: personal ? personalImpacts : [{ object: 'public-interest', degree: 'ordinary', reason: '篡改、丢失影响相关业务办理。' }],
    updateCycle: cycles[resource.updateCycle],
    duties: {
      handledBy: bearer('业务科'),
      usedBy: bearer('业务科'),
      managedBy: bearer('数据专员'),
      archivedBy: bearer('办公室'),
      answersFor: bearer('办公室主任'),
    },
    sharing: resource.shareType,
    sharingCondition: resource.shareCondition || null,
    basisLaw: null,
    basisClause: null,
    opening: resource.openType === 'open' ? 'unconditional' : 'none',
    openingCondition: null,
    grade: personal ? 'important' : 'general',
    containsPersonal: personal,
    containsSensitive: personal,
    maskingRule: personal ? '对外提供和页面展示时，个人信息按信息项所列方式脱敏。' : null,
    items: resource.items.map(toItem),
  }
}

function toItem({ name, type, length, isKey, isSensitive }: DemoItem, index: number): NewResource['items'][number] {
  return {
    name,
    code: `ITEM_${String(index + 1).padStart(2, '0')}`,
    type,
    length: type === 'N' ? 18 : (length ?? null),
    isKey,
    sensitivity: isSensitive ? 'sensitive-personal' : 'general',
    masking: isSensitive ? (/姓名$/.test(name) ? 'keep-ends' : 'middle') : null,
    sharing: null,
  }
}
