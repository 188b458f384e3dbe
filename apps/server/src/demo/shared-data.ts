import { disputeDecision, draftRequest, proposeDecision, type SharingRequest, submitRequestOf } from '@tongchou/sharing'
import { sql } from 'kysely'
import type { Scene } from './scene.ts'
import type { Stage } from './stage.ts'
import type { Timeline } from './timeline.ts'

/** The office that asks in the demo city, and the one that is asked most. */
const asking = 'health'
const asked = 'civil-affairs'

interface Entry {
  id: string
  org_id: string
  items: string[]
}

/** What a scene is about, once it has begun. */
interface Course {
  entry?: Entry
  request?: SharingRequest
  caseId: string
}

type Step = (stage: Stage, course: Course) => Promise<void>

/** What departments ask of each other (共享申请): granted at once, granted, granted in part, refused, in dispute, and waiting at each step. */
export function sharedData({ end }: Timeline): Scene[] {
  return [
    ...told(end - 20, 'unconditional', '', 0, '便民服务信息比对', [handIn]),
    ...told(end - 19, 'conditional', asked, 0, '医疗救助对象身份核对', [handIn, sign, grant]),
    ...told(end - 17, 'conditional', '', 1, '困难群众健康档案核对', [handIn, sign, proposeLess, grant]),
    ...told(end - 16, 'conditional', '', 2, '健康体检对象筛查', [handIn, sign, refuse, dispute]),
    ...told(end - 15, 'conditional', '', 0, '疫苗接种对象核对', [handIn, sign, refuse, dispute, direct]),
    ...told(end - 6, 'conditional', asked, 0, '老年人健康管理', [handIn, sign]),
    ...told(end - 3, 'conditional', '', 3, '残疾人家庭医生签约', [handIn]),
    ...told(end - 2, 'conditional', '', 4, '孕产妇救助核对', []),
  ]
}

/** One request: drafted at `from`, then a step a day. */
function told(from: number, sharing: string, provider: string, place: number, matter: string, steps: readonly Step[]): Scene[] {
  const course: Course = { caseId: '' }
  const draft: Scene = {
    at: from + 0.3,
    play: async (stage) => {
      const entry = await entryAt(stage, sharing, provider, place)
      if (!entry) return
      course.entry = entry
      const from = stage.today()
      const until = `${Number(from.slice(0, 4)) + 1}${from.slice(4)}`.replace('-02-29', '-02-28')
      course.request = await draftRequest(stage.as(`${asking}-clerk`), stage.city.sharing, {
        ...{ resourceId: entry.id, way: 'query', rows: [], purpose: `${matter}，逐人核对，不另作他用。`, matter },
        ...{
          items: Object.fromEntries(entry.items.map((item) => [item, false])),
          basis: '《中华人民共和国基本医疗卫生与健康促进法》第十五条',
        },
        ...{ necessity: '须按人核对，没有其他信息项可以代替。', validFrom: from, validUntil: until, quotaPerDay: 500 },
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

/** The nth registered entry that is shared so, of one provider or of any other than who asks, those last by name first: no scene withdraws them. */
async function entryAt(stage: Stage, sharing: string, provider: string, place: number): Promise<Entry | undefined> {
  const found = await sql<Entry>`
    select r.id, r.org_id, (select array_agg(i.item_id order by i.position) from catalog.item i where i.resource_id = r.id) as items
    from catalog.resource r
    where r.state = 'registered' and r.sharing = ${sharing} and r.org_id <> ${asking}
      and (${provider} = r.org_id or (${provider} = '' and r.org_id not in (${asked}, 'big-data-center')))
      and not exists (select from catalog.amendment a where a.resource_id = r.id)
      and not exists (select from catalog.item i where i.resource_id = r.id and i.sharing is not null)
    order by r.name desc, r.id offset ${place} limit 1`.execute(stage.as('bdc-catalog').db)
  return found.rows[0]
}

const fresh = (request: SharingRequest, more: number) => request.version + more

async function handIn(stage: Stage, course: Course): Promise<void> {
  const { request } = course
  if (!request) return
  course.request = await submitRequestOf(stage.as(`${asking}-data`), stage.city.sharing, request.id, request.version)
  course.caseId = course.request.cases.at(-1)?.caseId ?? ''
}

async function sign(stage: Stage, { caseId }: Course): Promise<void> {
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
    stage.as(`${asking}-data`),
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
