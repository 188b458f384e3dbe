import { addClass, changeResource, type NewResource, submitEntry } from '@tongchou/catalog'
import { introduceResource } from '@tongchou/libraries'
import { entryFromPack, type PackResource } from '@tongchou/resource-packs'
import { opinion } from './opinions.ts'
import type { Register } from './registers.ts'
import type { Scene } from './scene.ts'
import type { Stage } from './stage.ts'

/** A register on its way into the catalog and the libraries: the entry, once it is drafted. */
export interface Introduced {
  register: Register
  id: string
}

/** 目 and 细目 that the center has made below the classes which the packs name, by resource. */
const classes: Readonly<Record<string, { subject: [code: string, title: string]; detail: [code: string, title: string] }>> = {
  person: { subject: ['101001', '人口管理'], detail: ['10100101', '户籍登记'] },
  death: { subject: ['101001', '人口管理'], detail: ['10100102', '死亡登记'] },
  enterprise: { subject: ['102001', '市场主体'], detail: ['10200101', '登记注册'] },
  unit: { subject: ['103001', '不动产'], detail: ['10300101', '权利登记'] },
  household: { subject: ['203001', '社会救助'], detail: ['20300101', '最低生活保障'] },
  member: { subject: ['203001', '社会救助'], detail: ['20300101', '最低生活保障'] },
  benefit: { subject: ['203001', '社会救助'], detail: ['20300101', '最低生活保障'] },
  enrolment: { subject: ['203002', '社会保险'], detail: ['20300201', '参保缴费'] },
  pension: { subject: ['203002', '社会保险'], detail: ['20300202', '待遇发放'] },
  vehicle: { subject: ['212001', '道路交通'], detail: ['21200101', '机动车登记'] },
}

/** Who of the office does the business that the register comes from. */
const internalUnits: Readonly<Record<string, string>> = {
  ...{ person: '治安管理支队', vehicle: '交通管理支队', death: '规划信息科', enterprise: '登记注册科' },
  ...{ unit: '不动产登记中心', enrolment: '社会保险中心', pension: '社会保险中心' },
  ...{ household: '社会救助科', member: '社会救助科', benefit: '社会救助科' },
}

/** The center makes the classes; then each department introduces its resources (从资源包引入), completes them, and they are signed off, screened and reviewed. */
export function introductions(begin: number, introduced: readonly Introduced[]): Scene[] {
  return [{ at: begin, play: makeClasses }, ...introduced.flatMap((one, index) => introduction(one, begin + 0.1 + index * 0.3, index))]
}

async function makeClasses(stage: Stage): Promise<void> {
  const all = Object.values(classes).flatMap(({ subject, detail }) => [subject, detail])
  for (const [code, title] of new Map(all.map((one) => [one[0], one])).values()) await addClass(stage.as('bdc-catalog'), { code, title })
}

function introduction(one: Introduced, from: number, turn: number): Scene[] {
  const { orgId, pack, name } = one.register
  const steward = `${orgId}-data`
  let version = 1
  let caseId = ''
  const steps: [after: number, play: Scene['play']][] = [
    [
      0,
      async (stage) => {
        one.id = (await introduceResource(stage.as(steward), stage.city.libraries, pack, name)).id
      },
    ],
    [
      0.2,
      async (stage) => {
        const changed = await changeResource(stage.as(steward), stage.city.catalog, one.id, { ...completed(stage, one.register), version })
        const entered = await submitEntry(stage.as(steward), stage.city.catalog, one.id, changed.version)
        version = entered.version
        caseId = entered.cases.at(-1)?.caseId ?? ''
      },
    ],
    [1, (stage) => stage.decide(caseId, `${orgId}-leader`, 'sign-off', 'sign', { opinion: opinion('catalogSign', turn) })],
    [1.3, (stage) => stage.decide(caseId, `${orgId}-secrecy`, 'secrecy-review', 'pass', { opinion: opinion('secrecyPass', turn) })],
    [3, (stage) => stage.decide(caseId, 'bdc-catalog', 'review', 'approve', { opinion: opinion('catalogPass', turn) })],
    [4, (stage) => stage.decide(caseId, 'bdc-engineer', 'register', 'register', { opinion: '已纳入数据资源共享平台，按所填周期归集。' })],
  ]
  return steps.map(([after, play]) => ({ at: from + after, play }))
}

/** What the pack says, and what only the department knows. */
function completed(stage: Stage, { orgId, pack, name, cycle }: Register): NewResource {
  const { provider: _provider, code: _code, publishedOn: _on, secret: _secret, ...content } = entryFromPack(packResource(stage, pack, name))
  const internalUnit = internalUnits[name] ?? '业务科'
  const bearer = (post: string) => ({ orgId, post })
  return {
    ...content,
    ...{
      secrecy: false,
      providerCode: stage.orgCode(orgId),
      classCode: classes[name]?.detail[0] ?? null,
      internalUnit,
      updateCycle: cycle,
    },
    duties: {
      handledBy: bearer(internalUnit),
      usedBy: bearer(internalUnit),
      managedBy: bearer('数据专员'),
      archivedBy: bearer('办公室'),
      answersFor: bearer('办公室主任'),
    },
  } as NewResource
}

function packResource(stage: Stage, pack: string, name: string): PackResource {
  const found = stage.city.libraries.packs.find(({ manifest }) => manifest.pack === pack)?.resources.find((one) => one.name === name)
  if (!found) throw new RangeError(`资源包${pack}中没有${name}`)
  return found
}
