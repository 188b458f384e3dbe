import { testDatabase } from '@tongchou/testing'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { deskOf, type Refusal } from './testing/desk.ts'
import { goodProposal, type SeatName, seats, smallCity } from './testing/small-city.ts'

const { db, owner } = await testDatabase()
const city = await smallCity(db)
const { act, begin, decide, draft, file, paper, view } = deskOf(city)

interface ProjectAnswer {
  id: string
  version: number
  stage: string
  acts: string[]
  urgency: string
  governmentSystem: boolean | null
  superiorFiledAt: string | null
  superiorReceivedAt: string | null
  milestones: { id: string; title: string; doneOn: string | null }[]
  progressReports: { percent: number; period: string }[]
  contracts: { id: string; terms: { lineNo: number; payment: { id: string; state: string } | null }[] }[]
  money: { contractedFen: number; paidFen: number; requestedFen: number }
}

const at = (id: string) => `/api/v1/projects/${id}`

async function page(seat: SeatName, id: string) {
  return (await city.as(seat)).get<ProjectAnswer & Refusal>(at(id))
}

/** Puts a project into a later state; what led there is another test's. */
async function set(id: string, changes: string): Promise<void> {
  await owner.query(`update projects.project set ${changes} where id = $1`, [id])
}

async function givenBuilding() {
  const { id } = await draft()
  await set(
    id,
    `submitted_at = now(), argued_at = now(), established_at = now(), tender_started_at = now(), building_since = now(), stage = 'building'`,
  )
  return id
}

async function auditActions(work: () => Promise<unknown>): Promise<string[]> {
  for (const seat of ['clerk', 'center'] as const) await city.as(seat)
  const last = await sql<{ seq: number }>`select coalesce(max(seq), 0)::int as seq from kernel.audit_event`.execute(db)
  await work()
  const rows = await sql<{ row: string }>`
    select action || ' ' || outcome as row from kernel.audit_event where seq > ${last.rows[0]?.seq ?? 0} and action not like '%.viewed' order by seq`.execute(
    db,
  )
  return rows.rows.map((one) => one.row)
}

describe('a draft', () => {
  test('belongs to its unit alone until it is handed in', async () => {
    const { id } = await draft({ name: '只有本单位可见的草稿' })
    for (const seat of Object.keys(seats) as SeatName[]) {
      const mayRead = seats[seat].org === 'civil-affairs'
      for (const path of ['', '/check?act=plan.file', '/audit'])
        expect((await (await city.as(seat)).get(`${at(id)}${path}`)).status, `${seat}${path}`).toBe(mayRead ? 200 : 404)
      const list = await (await city.as(seat)).get<{ items: { id: string }[]; totals: { count: number } }>(
        `/api/v1/projects?q=${encodeURIComponent('只有本单位可见的草稿')}`,
      )
      const listed = list.status === 200 && list.body.items.some((item) => item.id === id)
      expect(listed, seat).toBe(mayRead)
      if (list.status === 200) expect(list.body.totals.count, seat).toBe(mayRead ? 1 : 0)
    }
    await file(id)
    for (const seat of ['center', 'drc', 'finance', 'auditor', 'city'] as const) expect((await page(seat, id)).status, seat).toBe(200)
    for (const seat of ['stranger', 'tender', 'district', 'police', 'admin'] as const) expect((await page(seat, id)).status, seat).toBe(404)
  })

  test('is written by applicants of its unit: a stranger gets 404, a colleague without the duty 403', async () => {
    const { id, version } = await draft()
    const change = { ...goodProposal(), version }
    expect((await (await city.as('stranger')).put(at(id), change)).status).toBe(404)
    expect(await (await city.as('user')).put<Refusal>(at(id), change)).toMatchObject({ status: 403, body: { code: 'duty.missing' } })
    expect((await (await city.as('center')).put(at(id), change)).status).toBe(404)
    expect(await (await city.as('auditor')).post<Refusal>('/api/v1/projects', goodProposal())).toMatchObject({ status: 403 })
    const changed = await (await city.as('head')).put<ProjectAnswer>(at(id), change)
    expect(changed).toMatchObject({ status: 200, body: { version: version + 1 } })
  })

  test('leaves one audit row when it is written and one when it is changed, and one when that is refused', async () => {
    const clerk = await city.as('clerk')
    let id = ''
    expect(await auditActions(async () => (id = (await draft()).id))).toEqual(['project.drafted done'])
    expect(await auditActions(() => clerk.put(at(id), { ...goodProposal(), version: 1 }))).toEqual(['project.changed done'])
    expect(await auditActions(() => clerk.put(at(id), { ...goodProposal(), version: 1 }))).toEqual(['changeProposal refused'])
  })

  test('that somebody else changed in between is refused with who and when', async () => {
    const { id, version } = await draft()
    expect((await (await city.as('head')).put(at(id), { ...goodProposal(), version })).status).toBe(200)
    const stale = await (await city.as('clerk')).put<Refusal>(at(id), { ...goodProposal(), version })
    expect(stale).toMatchObject({ status: 409, body: { code: 'project.stale' } })
    expect(stale.body.detail).toContain('民政科长')
    expect(stale.body.detail).toContain('2026年3月2日')
  })

  test('that two people save at once keeps one of them, and the other is told', async () => {
    const { id, version } = await draft()
    const [clerk, head] = [await city.as('clerk'), await city.as('head')]
    const answers = await Promise.all([
      clerk.put<ProjectAnswer & Refusal>(at(id), { ...goodProposal({ summary: '甲' }), version }),
      head.put<ProjectAnswer & Refusal>(at(id), { ...goodProposal({ summary: '乙' }), version }),
    ])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
    expect(answers.find((answer) => answer.status === 409)?.body.code).toBe('project.stale')
    expect((await page('clerk', id)).body.version).toBe(version + 1)
  })

  test('is not changed while an office holds it, and again after a return', async () => {
    const { id } = await draft()
    const { caseId } = await file(id)
    const clerk = await city.as('clerk')
    const version = (await page('clerk', id)).body.version
    const held = await clerk.put<Refusal>(at(id), { ...goodProposal(), version })
    expect(held).toMatchObject({ status: 409, body: { code: 'project.not_editable' } })
    await decide('center', caseId, 'return', { opinion: '请补充。' })
    const returned = (await page('clerk', id)).body
    expect(returned.acts).toContain('edit')
    expect((await clerk.put(at(id), { ...goodProposal(), version: returned.version })).status).toBe(200)
  })
})

describe('年度计划', () => {
  test('a project is filed once a year; the second one is told who filed it, also when both press at once', async () => {
    const { id } = await draft()
    const [clerk, head] = [await city.as('clerk'), await city.as('head')]
    const filing = { year: 2027, opinion: '' }
    const answers = await Promise.all([
      clerk.post<Refusal>(`${at(id)}/plan-entries`, filing),
      head.post<Refusal>(`${at(id)}/plan-entries`, filing),
    ])
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409])
    const winner = answers[0].status === 201 ? '民政申报员' : '民政科长'
    const lost = answers.find((answer) => answer.status === 409)?.body
    expect(lost?.code).toBe('plan.already_filed')
    expect(lost?.detail).toContain(winner)
    expect((await clerk.post(`${at(id)}/plan-entries`, { ...filing, year: 2028 })).status).toBe(201)
  })

  test('the same key files once and answers the same', async () => {
    const { id } = await draft()
    const clerk = await city.as('clerk')
    const send = () => clerk.post(`${at(id)}/plan-entries`, { year: 2027, opinion: '' }, { 'idempotency-key': `file-${id}` })
    const first = await send()
    expect(first.status).toBe(201)
    expect(await send()).toEqual(first)
  })

  test('a stranger cannot file it, a colleague without the duty neither', async () => {
    const { id } = await draft()
    const filing = { year: 2027, opinion: '' }
    expect((await (await city.as('stranger')).post(`${at(id)}/plan-entries`, filing)).status).toBe(404)
    expect((await (await city.as('user')).post(`${at(id)}/plan-entries`, filing)).status).toBe(403)
  })

  test('an entry that was not agreed to may be filed anew', async () => {
    const { id } = await draft()
    const { caseId } = await file(id)
    await decide('center', caseId, 'reject', { opinion: '与已有平台重复。' })
    expect((await page('clerk', id)).body.acts).toContain('edit')
    expect((await file(id)).caseId).not.toBe(caseId)
  })

  test('the city’s plan takes reviewed entries of its year that no other plan holds', async () => {
    const center = await city.as('center')
    const plan = (entryIds: string[], year = 2027) =>
      center.post<Refusal & { id: string }>('/api/v1/city-plans', { year, title: '全市年度计划', note: '', entryIds })
    const { id } = await draft()
    const { caseId, entryId } = await file(id)
    expect(await plan([entryId])).toMatchObject({ status: 422, body: { code: 'city-plan.entries_not_reviewed' } })
    await decide('center', caseId, 'pass')
    expect((await plan([entryId], 2028)).status).toBe(422)
    expect((await plan([entryId])).status).toBe(201)
    expect((await plan([entryId])).status).toBe(422)
    expect(
      (await (await city.as('clerk')).post('/api/v1/city-plans', { year: 2027, title: '甲', note: '', entryIds: [entryId] })).status,
    ).toBe(403)
  })

  test('a plan is handed in once, is not read by departments before it is approved, and lists its projects when it is', async () => {
    const center = await city.as('center')
    const { id } = await draft({ necessity: '' })
    const { caseId, entryId } = await file(id)
    await decide('center', caseId, 'pass')
    const plan = await center.post<{ id: string; version: number }>('/api/v1/city-plans', {
      year: 2027,
      title: '全市年度计划',
      note: '',
      entryIds: [entryId],
    })
    const clerk = await city.as('clerk')
    expect((await clerk.get(`/api/v1/city-plans/${plan.body.id}`)).status).toBe(404)
    const submissions = await Promise.all([
      center.post<Refusal & { caseId: string }>(`/api/v1/city-plans/${plan.body.id}/submission`, { opinion: '' }),
      (await city.as('center2')).post<Refusal & { caseId: string }>(`/api/v1/city-plans/${plan.body.id}/submission`, { opinion: '' }),
    ])
    expect(submissions.map((answer) => answer.status).sort()).toEqual([201, 409])
    const submitted = submissions.find((answer) => answer.status === 201)?.body.caseId ?? ''
    const reviewer = submissions[0].status === 201 ? 'center2' : 'center'
    await decide('drc', submitted, 'return', { opinion: '请核减投资。' })
    const compiling = await center.get<{ state: string; version: number }>(`/api/v1/city-plans/${plan.body.id}`)
    expect(compiling.body.state).toBe('compiling')
    await decide(reviewer === 'center2' ? 'center' : 'center2', submitted, 'submit')
    await decide(reviewer, submitted, 'pass')
    await decide('drc', submitted, 'pass')
    await decide('city', submitted, 'approve')
    expect((await clerk.get<{ state: string }>(`/api/v1/city-plans/${plan.body.id}`)).body.state).toBe('approved')
    const listed = (await page('clerk', id)).body
    expect(listed.stage).toBe('listed')
    // What the construction plan lacks can be written now: article 8 asks for it only there.
    const documents = [await paper('clerk', 'construction-plan')]
    const refused = await clerk.post<Refusal>(`${at(id)}/construction-plan`, { opinion: '', form: {}, documents })
    expect(refused.body.findings?.map((one) => one.article)).toEqual(['WH23-8'])
    expect((await clerk.put(at(id), { ...goodProposal(), version: listed.version })).status).toBe(200)
    expect((await clerk.post(`${at(id)}/construction-plan`, { opinion: '', form: {}, documents })).status).toBe(201)
  })

  test('listing a project does not open a proposal whose construction plan an office holds', async () => {
    const center = await city.as('center')
    const { id } = await draft()
    const { caseId, entryId } = await file(id)
    await decide('center', caseId, 'pass')
    await begin('clerk', id, 'construction-plan', { documents: [await paper('clerk', 'construction-plan')] })
    const plan = await center.post<{ id: string }>('/api/v1/city-plans', {
      year: 2027,
      title: '全市年度计划',
      note: '',
      entryIds: [entryId],
    })
    const submitted = (await center.post<{ caseId: string }>(`/api/v1/city-plans/${plan.body.id}/submission`, { opinion: '' })).body.caseId
    await decide('center2', submitted, 'pass')
    await decide('drc', submitted, 'pass')
    await decide('city', submitted, 'approve')
    const listed = (await page('clerk', id)).body
    expect(listed.stage).toBe('listed')
    expect(listed.acts).not.toContain('edit')
  })
})

describe('备案、紧急和范围', () => {
  const superior = { superiorCoordinated: true, funding: ['superior-finance', 'city-finance'] }

  test('what is coordinated and paid from above is filed by its unit and received by the center, each once (第五条)', async () => {
    const { id } = await draft(superior)
    const [clerk, center] = [await city.as('clerk'), await city.as('center')]
    expect((await center.post(`${at(id)}/superior-filing/receipt`)).status).toBe(404)
    expect((await (await city.as('stranger')).post(`${at(id)}/superior-filing`)).status).toBe(404)
    expect((await (await city.as('user')).post(`${at(id)}/superior-filing`)).status).toBe(403)
    const blocked = await clerk.post<Refusal>(`${at(id)}/plan-entries`, { year: 2027, opinion: '' })
    expect(blocked.body.findings?.map((one) => `${one.article} ${one.effect}`)).toEqual(['WH23-5 require'])
    expect((await clerk.post<ProjectAnswer>(`${at(id)}/superior-filing`)).body.superiorFiledAt).not.toBeNull()
    expect(await clerk.post<Refusal>(`${at(id)}/superior-filing`)).toMatchObject({ status: 409, body: { code: 'project.superior_filed' } })
    // Filed is not received.
    expect((await clerk.post(`${at(id)}/plan-entries`, { year: 2027, opinion: '' })).status).toBe(409)
    expect((await clerk.post(`${at(id)}/superior-filing/receipt`)).status).toBe(403)
    expect((await center.post<ProjectAnswer>(`${at(id)}/superior-filing/receipt`)).body.superiorReceivedAt).not.toBeNull()
    expect(await center.post<Refusal>(`${at(id)}/superior-filing/receipt`)).toMatchObject({
      status: 409,
      body: { code: 'project.superior_received' },
    })
    expect((await file(id)).caseId).toBeTruthy()
  })

  test('what is not both is not filed, and what was not filed is not received', async () => {
    const clerk = await city.as('clerk')
    const { id } = await draft({ superiorCoordinated: true })
    expect(await clerk.post<Refusal>(`${at(id)}/superior-filing`)).toMatchObject({
      status: 409,
      body: { code: 'project.no_superior_filing' },
    })
    await file(id)
    const early = await (await city.as('center')).post<Refusal>(`${at(id)}/superior-filing/receipt`)
    expect(early).toMatchObject({ status: 409, body: { code: 'project.superior_not_filed' } })
  })

  test('urgency is declared by the unit and decided by the center; until then nobody can say, and a yes is outside the measure (第二十二条)', async () => {
    const [clerk, center] = [await city.as('clerk'), await city.as('center')]
    const reason = '黄河凌汛应急处置。'
    // The reason may stand in the draft already; declaring puts it before the center.
    const { id } = await draft({ urgencyReason: reason, deliverables: ['machine-room'] })
    expect((await center.post(`${at(id)}/urgency/decision`, { confirmed: true, reason })).status).toBe(404)
    expect((await page('clerk', id)).body.acts).toContain('declare-urgent')
    expect((await clerk.post(`${at(id)}/urgency`, { reason })).status).toBe(200)
    expect(await clerk.post<Refusal>(`${at(id)}/urgency`, { reason })).toMatchObject({
      status: 409,
      body: { code: 'project.urgency_declared' },
    })
    const waiting = await clerk.post<Refusal>(`${at(id)}/plan-entries`, { year: 2027, opinion: '' })
    expect(waiting.body.findings?.map((one) => `${one.article} ${one.effect}`)).toContain('WH23-22 undecidable')
    expect((await clerk.post(`${at(id)}/urgency/decision`, { confirmed: true, reason })).status).toBe(403)
    expect((await center.post<ProjectAnswer>(`${at(id)}/urgency/decision`, { confirmed: true, reason })).body.urgency).toBe('confirmed')
    expect((await center.post<Refusal>(`${at(id)}/urgency/decision`, { confirmed: false, reason })).body.code).toBe(
      'project.urgency_not_declared',
    )
    expect((await file(id)).caseId).toBeTruthy()
  })

  test('a rejected urgency changes nothing: the measure applies', async () => {
    const [clerk, center] = [await city.as('clerk'), await city.as('center')]
    const { id } = await draft({ deliverables: ['machine-room'] })
    expect((await clerk.post(`${at(id)}/urgency`, { reason: '工期紧。' })).status).toBe(200)
    await center.post(`${at(id)}/urgency/decision`, { confirmed: false, reason: '不属于不可抗力。' })
    const refused = await clerk.post<Refusal>(`${at(id)}/plan-entries`, { year: 2027, opinion: '' })
    expect(refused.body.findings?.map((one) => `${one.article} ${one.effect}`)).toEqual(['WH23-4 refuse'])
    // Editing the proposal does not undo the center's answer.
    const before = (await page('clerk', id)).body
    await clerk.put(at(id), { ...goodProposal({ urgencyReason: '工期紧。' }), version: before.version })
    expect((await page('clerk', id)).body.urgency).toBe('rejected')
  })

  test('whether it is a government system at all is the center’s to say, of what was handed in (第二条)', async () => {
    const [clerk, center] = [await city.as('clerk'), await city.as('center')]
    const { id } = await draft()
    const decision = { inScope: false, reason: '不属于政务信息系统。' }
    expect((await center.post(`${at(id)}/scope`, decision)).status).toBe(404)
    expect((await clerk.post(`${at(id)}/scope`, decision)).status).toBe(403)
    await file(id)
    expect((await center.post<ProjectAnswer>(`${at(id)}/scope`, decision)).body.governmentSystem).toBe(false)
    const checked = await clerk.get<Refusal>(`${at(id)}/check?act=project.accept`)
    expect(checked.body.findings?.map((one) => `${one.article} ${one.effect}`)).toEqual(['WH23-2 exempt'])
  })
})

describe('what begins a procedure on a project', () => {
  test('one case of a procedure runs at a time, also when two people press at once', async () => {
    const { id } = await draft()
    const [clerk, head] = [await city.as('clerk'), await city.as('head')]
    const papers = [await paper('clerk', 'construction-plan'), await paper('head', 'construction-plan')]
    const answers = await Promise.all([
      clerk.post<Refusal>(`${at(id)}/construction-plan`, { opinion: '', form: {}, documents: [papers[0]] }),
      head.post<Refusal>(`${at(id)}/construction-plan`, { opinion: '', form: {}, documents: [papers[1]] }),
    ])
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409])
    expect(answers.find((answer) => answer.status === 409)?.body).toMatchObject({ code: 'project.already_running' })
    expect(answers.find((answer) => answer.status === 409)?.body.detail).toContain('审核')
  })

  test('it leaves one row for the beginning and one for the step, and one when it is refused', async () => {
    const { id } = await draft({ necessity: '' })
    const documents = [await paper('clerk', 'construction-plan')]
    const clerk = await city.as('clerk')
    const hand = () => clerk.post<Refusal>(`${at(id)}/construction-plan`, { opinion: '', form: {}, documents })
    expect(await auditActions(hand)).toEqual(['submitConstructionPlan refused'])
    expect((await page('center', id)).status).toBe(404)
    await clerk.put(at(id), { ...goodProposal(), version: 1 })
    expect(await auditActions(hand)).toEqual(['case.acted done', 'project.construction-plan done'])
  })

  test.each([
    ['establishment', 'clerk'],
    ['funding', 'finance'],
    ['tender', 'clerk'],
    ['project-change', 'clerk'],
    ['acceptance', 'clerk'],
    ['handover', 'clerk'],
    ['evaluation', 'drc'],
  ] as const)('%s: a stranger gets 404, a reader without the duty 403, and the wrong time 409', async (path, seat) => {
    const { id } = await draft()
    await set(id, `submitted_at = now(), stage = 'filed', established_at = now(), funded_at = now(), tender_started_at = now()`)
    const body = { opinion: '', form: {}, documents: [] }
    expect((await (await city.as('stranger')).post(`${at(id)}/${path}`, body)).status).toBe(404)
    expect((await (await city.as('auditor')).post(`${at(id)}/${path}`, body)).status).toBe(403)
    const early = await (await city.as(seat)).post<Refusal>(`${at(id)}/${path}`, body)
    expect(early).toMatchObject({ status: 409, body: { code: 'project.wrong_stage' } })
  })

  test('the trading centre sees a project only from the start of its tender, and no longer when that is withdrawn', async () => {
    const { id } = await draft()
    await set(
      id,
      `submitted_at = now(), stage = 'established', proposal_approved_at = now(), feasibility_approved_at = now(), preliminary_design_approved_at = now()`,
    )
    const tender = await city.as('tender')
    expect((await tender.get(at(id))).status).toBe(404)
    const caseId = await begin('clerk', id, 'tender')
    expect((await tender.get(at(id))).status).toBe(200)
    const clerk = await city.as('clerk')
    expect((await clerk.post(`/api/v1/cases/${caseId}/withdrawal`, { opinion: null })).status).toBe(200)
    expect((await tender.get(at(id))).status).toBe(404)
    expect((await page('clerk', id)).body.stage).toBe('established')
  })
})

describe('建设', () => {
  test('milestones are set by the builder while it builds; what was reached stays', async () => {
    const id = await givenBuilding()
    const clerk = await city.as('clerk')
    const wanted = {
      milestones: [
        { title: '开工', dueOn: '2026-04-01' },
        { title: '试运行', dueOn: '2026-09-30' },
      ],
    }
    expect((await (await city.as('stranger')).put(`${at(id)}/milestones`, wanted)).status).toBe(404)
    expect((await (await city.as('user')).put(`${at(id)}/milestones`, wanted)).status).toBe(403)
    expect((await (await city.as('centerClerk')).put(`${at(id)}/milestones`, wanted)).status).toBe(404)
    const marked = await clerk.put<ProjectAnswer>(`${at(id)}/milestones`, wanted)
    const start = marked.body.milestones.find((one) => one.title === '开工')
    const reach = (milestoneId: string | undefined) =>
      clerk.post<ProjectAnswer & Refusal>(`${at(id)}/milestones/${milestoneId}/reached`, { doneOn: '2026-03-02' })
    expect((await reach(start?.id)).body.milestones.find((one) => one.title === '开工')?.doneOn).toBe('2026-03-02')
    expect(await reach(start?.id)).toMatchObject({ status: 409, body: { code: 'milestone.not_open' } })
    expect((await reach(crypto.randomUUID())).status).toBe(409)
    const changed = await clerk.put<ProjectAnswer>(`${at(id)}/milestones`, { milestones: [{ title: '上线', dueOn: '2026-10-31' }] })
    expect(changed.body.milestones.map((one) => one.title)).toEqual(['开工', '上线'])
    expect((await clerk.put(`${at(id)}/milestones`, { milestones: [{ title: '上线', dueOn: '2026-02-30' }] })).status).toBe(400)
  })

  test('progress does not go back without a word, and is told only while it is built', async () => {
    const id = await givenBuilding()
    const clerk = await city.as('clerk')
    const report = (percent: number) =>
      clerk.post<ProjectAnswer & Refusal>(`${at(id)}/progress-reports`, { period: '2026年一季度', percent, text: '按计划推进。' })
    expect((await report(40)).status).toBe(201)
    expect(await report(30)).toMatchObject({ status: 422, body: { code: 'progress.backwards', fields: [{ path: 'percent' }] } })
    expect((await report(40)).status).toBe(201)
    expect((await report(101)).status).toBe(400)
    expect((await page('clerk', id)).body.progressReports.map((one) => one.percent)).toEqual([40, 40])
    await set(id, `stage = 'in-acceptance'`)
    expect(await report(100)).toMatchObject({ status: 409, body: { code: 'project.not_building' } })
    expect((await page('clerk', id)).body.acts).not.toContain('report-progress')
  })

  const result = { venue: 'other', noticeNumber: 'WH-1', winner: '信安公司', amountFen: 1_000_000, openedOn: '2026-02-20' }
  const contract = {
    number: 'HT-1',
    supplier: '信安公司',
    amountFen: 900_000,
    signedOn: '2026-03-01',
    terms: [
      { title: '首付款', amountFen: 400_000 },
      { title: '验收款', amountFen: 500_000 },
    ],
  }

  async function givenTender() {
    const { id } = await draft()
    await set(
      id,
      `submitted_at = now(), stage = 'established', proposal_approved_at = now(), feasibility_approved_at = now(), preliminary_design_approved_at = now()`,
    )
    const caseId = await begin('clerk', id, 'tender')
    await decide('tender', caseId, 'register', { form: result })
    return { id, caseId }
  }

  test.each([
    ['terms that do not add up', { terms: [{ title: '首付款', amountFen: 400_000 }] }, '不一致'],
    ['more than the tender', { amountFen: 1_100_000, terms: [{ title: '全款', amountFen: 1_100_000 }] }, '超过中标金额'],
    ['nothing at all', { amountFen: 0, terms: [{ title: '全款', amountFen: 0 }] }, '大于零'],
    [
      'a term over nothing',
      {
        terms: [
          { title: '首付款', amountFen: 0 },
          { title: '验收款', amountFen: 900_000 },
        ],
      },
      '大于零',
    ],
    ['no term', { terms: [] }, '至少填写一行'],
    ['a day that does not exist', { signedOn: '2026-02-30' }, '日期'],
  ])('a contract with %s is refused, and nothing of it is kept', async (_what, changes, why) => {
    const { id, caseId } = await givenTender()
    const answer = await act<Refusal>('clerk', caseId, 'register', { form: { ...contract, ...changes } })
    expect(answer.status, JSON.stringify(answer.body)).toBe(422)
    expect(answer.body.detail).toContain(why)
    const after = (await page('clerk', id)).body
    expect(after.contracts).toEqual([])
    expect(after.stage).toBe('tendering')
  })

  async function givenContract() {
    const { id, caseId } = await givenTender()
    await decide('clerk', caseId, 'register', { form: contract })
    const contractId = (await page('clerk', id)).body.contracts[0]?.id ?? ''
    const ask = async (lineNo: number, seat: SeatName = 'clerk', of = contractId) =>
      (await city.as(seat)).post<Refusal & { caseId: string }>(`${at(id)}/payments`, {
        opinion: '',
        form: {},
        documents: [],
        contractId: of,
        lineNo,
      })
    return { id, ask }
  }

  test('a term of the contract is paid once; whoever asks again is told who asked', async () => {
    const { id, ask } = await givenContract()
    expect((await page('clerk', id)).body).toMatchObject({ stage: 'building', money: { contractedFen: 900_000 } })
    const answers = await Promise.all([ask(1), ask(1, 'head')])
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409])
    const lost = answers.find((answer) => answer.status === 409)?.body
    expect(lost?.code).toBe('payment.already_requested')
    expect(lost?.detail).toContain(answers[0].status === 201 ? '民政申报员' : '民政科长')
    const caseId = answers.find((answer) => answer.status === 201)?.body.caseId ?? ''
    await decide('finance', caseId, 'agree')
    expect((await act<Refusal>('finance', caseId, 'release')).status).not.toBe(200)
    await decide('finance2', caseId, 'release')
    expect((await page('clerk', id)).body.money).toMatchObject({ paidFen: 400_000, requestedFen: 0 })
    expect((await ask(1)).body.code).toBe('payment.already_requested')
    expect((await ask(2)).status).toBe(201)
  })

  test('a term that the contract does not have is not paid, nor by who does not build', async () => {
    const { ask } = await givenContract()
    const other = await givenContract()
    const otherContract = (await page('clerk', other.id)).body.contracts[0]?.id
    expect((await ask(3)).body.code).toBe('payment.no_term')
    expect((await ask(1, 'clerk', otherContract)).body.code).toBe('payment.no_term')
    expect((await ask(1, 'stranger')).status).toBe(404)
    expect((await ask(1, 'user')).status).toBe(403)
    expect((await ask(1, 'finance')).status).toBe(403)
  })

  test('what finance refused may be asked for again', async () => {
    const { id, ask } = await givenContract()
    const first = await ask(1)
    await decide('finance', first.body.caseId, 'reject', { opinion: '依据不足。' })
    expect((await page('clerk', id)).body.contracts[0]?.terms[0]?.payment?.state).toBe('refused')
    expect((await ask(1)).status).toBe(201)
  })

  test('a withdrawn request that is handed in again asks for the term again, but not beside another one', async () => {
    const { id, ask } = await givenContract()
    const clerk = await city.as('clerk')
    const first = await ask(1)
    expect((await clerk.post(`/api/v1/cases/${first.body.caseId}/withdrawal`, { opinion: null })).status).toBe(200)
    const second = await ask(1, 'head')
    expect(second.status).toBe(201)
    const again = await act<Refusal>('clerk', first.body.caseId, 'submit')
    expect(again, JSON.stringify(again.body)).toMatchObject({ status: 409, body: { code: 'payment.already_requested' } })
    await decide('finance', second.body.caseId, 'reject', { opinion: '依据不足。' })
    await decide('clerk', first.body.caseId, 'submit')
    expect((await page('clerk', id)).body.money.requestedFen).toBe(400_000)
    expect((await ask(1, 'head')).body.code).toBe('payment.already_requested')
    await decide('finance', first.body.caseId, 'agree')
    await decide('finance2', first.body.caseId, 'release')
    expect((await page('clerk', id)).body.money).toMatchObject({ paidFen: 400_000, requestedFen: 0 })
  })

  test('a change waits for its own case alone: another case that fails does not settle it', async () => {
    const { id } = await givenContract()
    const states = async () =>
      (
        await owner.query<{ state: string }>('select state from projects.project_change where project_id = $1 order by state', [id])
      ).rows.map((row) => row.state)
    const change = { aspect: 'schedule', before: '9月', after: '10月', reason: '设备到货推迟。' }
    const caseId = await begin('clerk', id, 'project-change', { form: change })
    await owner.query(`update policy.mode_setting set pack_mode = 'advise'`)
    const funding = await begin('finance', id, 'funding', { form: { amountFen: 100, budgetYear: 2027, channel: 'city-finance' } })
    await owner.query(`update policy.mode_setting set pack_mode = 'enforce'`)
    await decide('finance2', funding, 'reject', { opinion: '未列入计划。' })
    expect(await states()).toEqual(['filed'])
    await decide('center', caseId, 'return', { opinion: '请说明影响。' })
    await decide('clerk', caseId, 'submit', { form: { ...change, reason: '设备到货推迟，不影响投资。' } })
    await decide('center', caseId, 'record')
    expect(await states()).toEqual(['accepted', 'returned'])
  })

  test('funding keeps within the approved budget', async () => {
    const { id } = await draft()
    await set(id, `submitted_at = now(), stage = 'established', approved_fen = 500000`)
    await owner.query(`update policy.mode_setting set pack_mode = 'advise'`)
    const finance = await city.as('finance')
    const ask = (amountFen: number) =>
      finance.post<Refusal>(`${at(id)}/funding`, {
        opinion: '',
        form: { amountFen, budgetYear: 2027, channel: 'city-finance' },
        documents: [],
      })
    expect((await ask(500_001)).body).toMatchObject({ code: 'form.inconsistent', fields: [{ path: 'amountFen' }] })
    expect((await ask(0)).body).toMatchObject({ code: 'form.inconsistent' })
    expect((await ask(500_000)).status).toBe(201)
    await owner.query(`update policy.mode_setting set pack_mode = 'enforce'`)
  })

  test('acceptance that the user unit returns goes back to building, and is applied for again', async () => {
    const { id } = await givenContract()
    await owner.query(`update policy.mode_setting set pack_mode = 'advise'`)
    const caseId = await begin('clerk', id, 'acceptance')
    expect((await page('clerk', id)).body.stage).toBe('in-acceptance')
    await decide('user', caseId, 'return', { opinion: '核对结果有误。' })
    expect((await page('clerk', id)).body.stage).toBe('building')
    await decide('clerk', caseId, 'submit')
    expect((await page('clerk', id)).body.stage).toBe('in-acceptance')
    await decide('user', caseId, 'agree')
    // The conclusion is another person's.
    const taskId = (await view('head', caseId)).tasks[0]?.id
    expect(await act<Refusal>('clerk', caseId, 'pass', { taskId })).toMatchObject({ status: 403, body: { code: 'person.is_applicant' } })
    await decide('head', caseId, 'fail', { opinion: '功能不全。' })
    expect((await page('clerk', id)).body.stage).toBe('building')
    await owner.query(`update policy.mode_setting set pack_mode = 'enforce'`)
  })
})

describe('lists', () => {
  interface Page {
    items: { id: string }[]
    nextCursor: string | null
    totals: { count: number; budgetFen: number }
  }

  test.each([
    ['/api/v1/projects?q=%E5%90%8C%E4%B8%80%E6%97%B6%E5%88%BB', 7],
    ['/api/v1/plan-entries?year=2031', 7],
  ])('%s pages without gaps or duplicates though all changed in one instant', async (url, count) => {
    if (url.includes('projects')) {
      for (let i = 0; i < count; i++) await file((await draft({ name: `同一时刻${i}` })).id, 'clerk', 2031)
    }
    for (const seat of ['clerk', 'auditor'] as const) {
      const person = await city.as(seat)
      const seen: string[] = []
      let cursor: string | null = null
      do {
        const next: string = cursor === null ? '' : `&cursor=${cursor}`
        const answer = await person.get<Page>(`${url}&limit=3${next}`)
        expect(answer.status).toBe(200)
        expect(answer.body.totals.count).toBe(count)
        seen.push(...answer.body.items.map((item) => item.id))
        cursor = answer.body.nextCursor
      } while (cursor !== null)
      expect(seen).toHaveLength(count)
      expect(new Set(seen).size).toBe(count)
    }
    const stranger = await (await city.as('stranger')).get<Page>(url)
    expect(stranger.body).toMatchObject({ items: [], nextCursor: null, totals: { count: 0 } })
  })
})
