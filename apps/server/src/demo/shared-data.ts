import { disputeDecision, draftRequest, proposeDecision, type SharingRequest, submitRequestOf } from '@tongchou/sharing'
import { sql } from 'kysely'
import { housingFund } from './passed-interfaces.ts'
import type { Scene } from './scene.ts'
import type { Stage } from './stage.ts'
import type { Timeline } from './timeline.ts'

/** The office that asks most in the demo city, and the one that is asked most. */
const health = 'health'
const asked = 'civil-affairs'

interface Entry {
  id: string
  org_id: string
  items: string[]
  /** The item that is asked for as it is. */
  found: string | null
}

/** What a scene is about, once it has begun. */
interface Course {
  asking: string
  entry?: Entry
  request?: SharingRequest
  caseId: string
}

/** What is asked for, and with what words. */
interface Wish {
  by?: string
  /**
   * The nth entry that is shared so, of one provider or of any; or the one of this name (of the
   * packs, or of this unit), with the item by which its records are found whole.
   */
  entry: { sharing: string; provider: string; place: number } | { name: string; found: string; orgId?: string }
  way?: 'query' | 'subscription'
  matter: string
  basis?: string
}

type Step = (stage: Stage, course: Course) => Promise<void>

/** What departments ask of each other (共享申请): granted at once, granted, granted in part, refused, in dispute, and waiting at each step. */
export function sharedData({ end }: Timeline): Scene[] {
  const nth = (sharing: string, provider: string, place: number) => ({ sharing, provider, place })
  return [
    ...told(end - 20, { entry: nth('unconditional', '', 0), matter: '便民服务信息比对' }, [handIn]),
    ...told(end - 19, { entry: { name: '低保家庭成员信息', found: '公民身份号码' }, matter: '医疗救助对象身份核对' }, [
      handIn,
      sign,
      grant,
    ]),
    ...told(end - 18, vehiclesForAssistance, [handIn, sign, grant]),
    ...told(end - 18, deathsForPensions, [handIn, sign, grant]),
    ...told(end - 14, savingsForAssistance, [handIn, sign, grant]),
    ...told(end - 17, { entry: nth('conditional', '', 1), matter: '困难群众健康档案核对' }, [handIn, sign, proposeLess, grant]),
    ...told(end - 16, { entry: nth('conditional', '', 2), matter: '健康体检对象筛查' }, [handIn, sign, refuse, dispute]),
    ...told(end - 15, { entry: nth('conditional', '', 0), matter: '疫苗接种对象核对' }, [handIn, sign, refuse, dispute, direct]),
    ...told(end - 6, { entry: nth('conditional', asked, 0), matter: '老年人健康管理' }, [handIn, sign]),
    ...told(end - 3, { entry: nth('conditional', '', 3), matter: '残疾人家庭医生签约' }, [handIn]),
    ...told(end - 2, { entry: nth('conditional', '', 4), matter: '孕产妇救助核对' }, []),
  ]
}

const vehiclesForAssistance: Wish = {
  ...{ by: 'civil-affairs', entry: { name: '机动车登记信息', found: '所有人公民身份号码' } },
  ...{ matter: '社会救助申请家庭财产核对', basis: '《社会救助暂行办法》第五十八条' },
}
/** Answered by the department's own interface (`passed-interfaces.ts`). */
const savingsForAssistance: Wish = {
  ...{ by: 'civil-affairs', entry: { name: housingFund.name, orgId: housingFund.orgId, found: '身份证号' } },
  ...{ matter: '社会救助申请家庭收入核对', basis: '《社会救助暂行办法》第五十八条' },
}
const deathsForPensions: Wish = {
  ...{ by: 'human-resources', entry: { name: '死亡登记信息', found: '公民身份号码' }, way: 'subscription' },
  ...{ matter: '养老待遇领取资格核对', basis: '《中华人民共和国社会保险法》第七十四条' },
}

/** One request: drafted at `from`, then a step a day. */
function told(from: number, wish: Wish, steps: readonly Step[]): Scene[] {
  const { by: asking = health, entry: which, way = 'query', matter, basis = '《中华人民共和国基本医疗卫生与健康促进法》第十五条' } = wish
  const course: Course = { asking, caseId: '' }
  const draft: Scene = {
    at: from + 0.3,
    play: async (stage) => {
      const entry = await entryAt(stage, which)
      if (!entry) return
      course.entry = entry
      const from = stage.today()
      const until = `${Number(from.slice(0, 4)) + 1}${from.slice(4)}`.replace('-02-29', '-02-28')
      course.request = await draftRequest(stage.as(`${asking}-clerk`), stage.city.sharing, {
        ...{ resourceId: entry.id, way, rows: [], purpose: `${matter}，逐人核对，不另作他用`, matter },
        ...{ items: Object.fromEntries(entry.items.map((item) => [item, item === entry.found])), basis },
        ...{
          necessity: '须按人核对，没有其他信息项可以代替。',
          validFrom: from,
          validUntil: until,
          quotaPerDay: way === 'query' ? 500 : null,
        },
      })
    },
  }
  const then = steps.map(
    (step, index): Scene => ({
      at: from + 1 + index + 0.4,
      play: async (stage) => {
        if (course.request) await step(stage, course)
      },
    }),
  )
  return [draft, ...then]
}

/** Of those registered that projects compiled the last by name first, because no scene withdraws them; of those of the resource packs the one that is named. */
async function entryAt(stage: Stage, which: Wish['entry']): Promise<Entry | undefined> {
  const { db } = stage.as('bdc-catalog')
  const items = sql`(select array_agg(i.item_id order by i.position) from catalog.item i where i.resource_id = r.id)`
  if ('name' in which) {
    const named = await sql<Entry>`
      select r.id, r.org_id, ${items} as items, (select i.item_id from catalog.item i where i.resource_id = r.id and i.name = ${which.found}) as found
      from catalog.resource r where r.state = 'registered' and r.name = ${which.name}
        and ((${which.orgId ?? ''} = '' and r.project_id is null) or r.org_id = ${which.orgId ?? ''})`.execute(db)
    return named.rows[0]
  }
  const { sharing, provider, place } = which
  const found = await sql<Entry>`
    select r.id, r.org_id, ${items} as items, null as found
    from catalog.resource r
    where r.state = 'registered' and r.project_id is not null and r.sharing = ${sharing} and r.org_id <> ${health}
      and (${provider} = r.org_id or (${provider} = '' and r.org_id not in (${asked}, 'big-data-center')))
      and not exists (select from catalog.amendment a where a.resource_id = r.id)
      and not exists (select from catalog.item i where i.resource_id = r.id and i.sharing is not null)
    order by r.name desc, r.id offset ${place} limit 1`.execute(db)
  return found.rows[0]
}

const fresh = (request: SharingRequest, more: number) => request.version + more

async function handIn(stage: Stage, course: Course): Promise<void> {
  const { request } = course
  if (!request) return
  course.request = await submitRequestOf(stage.as(`${course.asking}-data`), stage.city.sharing, request.id, request.version)
  course.caseId = course.request.cases.at(-1)?.caseId ?? ''
}

async function sign(stage: Stage, { caseId, asking }: Course): Promise<void> {
  if (caseId !== '') await stage.decide(caseId, `${asking}-leader`, 'sign-off', 'sign', { opinion: '确属履职需要，同意申请。' })
}

async function grant(stage: Stage, { caseId, entry }: Course): Promise<void> {
  if (caseId !== '') await stage.decide(caseId, `${entry?.org_id}-data`, 'answer', 'grant', { opinion: '符合共享条件，同意。' })
}

/** Without the last item, and half as many records a day. */
async function proposeLess(stage: Stage, course: Course): Promise<void> {
  const { request, entry } = course
  if (!request || !entry) return
  const given = request.wanted.slice(0, Math.max(1, request.wanted.length - 1))
  course.request = await proposeDecision(stage.as(`${entry.org_id}-data`), stage.city.sharing, request.id, {
    ...{ version: fresh(request, 1), outcome: 'grant', reason: '核对身份不需要其余信息项。', basisLaw: null, basisClause: null },
    terms: {
      items: Object.fromEntries(given.map(({ id, masking }) => [id, masking])),
      ...{ rows: [], validUntil: request.validUntil, quotaPerDay: 250, use: '不得转提供，办结后三十日内删除。' },
    },
  })
}

async function refuse(stage: Stage, course: Course): Promise<void> {
  const { request, entry, caseId } = course
  if (!request || !entry || caseId === '') return
  await proposeDecision(stage.as(`${entry.org_id}-data`), stage.city.sharing, request.id, {
    ...{ version: fresh(request, 1), outcome: 'refuse', terms: null, reason: '所申请的信息涉及个人隐私，用途未取得同意。' },
    ...{ basisLaw: 'personal-information-protection-law', basisClause: '第二十五条' },
  })
  await stage.decide(caseId, `${entry.org_id}-data`, 'answer', 'refuse', { opinion: '依法不予共享。' })
}

async function dispute(stage: Stage, course: Course): Promise<void> {
  const { request } = course
  if (!request || course.caseId === '') return
  const disputed = await disputeDecision(
    stage.as(`${course.asking}-data`),
    stage.city.sharing,
    request.id,
    fresh(request, 3),
    '核对属法定职责，所申请的信息项已按最小必要选取。',
  )
  course.caseId = disputed.cases.find(({ status }) => status === 'running')?.caseId ?? ''
}

async function direct(stage: Stage, { caseId }: Course): Promise<void> {
  if (caseId !== '') await stage.decide(caseId, 'bdc-catalog', 'review', 'direct', { opinion: '属法定职责所需，按目录脱敏后共享。' })
}
