import { createHash } from 'node:crypto'
import { createOrganisation, handOverAgain } from '@tongchou/identity'
import { type Ctx, systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { describe, expect, test } from 'vitest'
import { carriedToItsEnd, casesOf, consentTo, mixture, openMany } from './reorganisation.given.ts'
import { deskOf } from './testing/desk.ts'
import { goodProposal, seats, smallCity } from './testing/small-city.ts'

const { db, owner } = await testDatabase()
const city = await smallCity(db)
const desk = deskOf(city)
const ctx: Ctx = { db, actor: systemActor, now: () => city.clock.now(), requestId: 'test', inside: false }
const today = '2026-03-02'
const order = { documentNumber: '乌海党办发〔2026〕3号', reason: '按照机构改革方案调整。', effectiveOn: today }

interface Moved {
  id: string
  state: string
  moved: number
  moves: { kind: string; id: string; role: string; from: { name: string }; to: { name: string } }[]
  names: { id: string; before: string | null; after: string | null }[]
  stays: { what: string; count: number }[]
}

const rows = async <T>(sql: string, values: unknown[] = []) => (await owner.query(sql, values)).rows as T[]
const admin = () => city.as('admin')
const preview = async (body: object) => (await admin()).post<Moved>('/api/v1/reorganisations/preview', body)
const reorganise = async (body: object) => (await admin()).post<Moved>('/api/v1/reorganisations', body)

/** Everything that was signed, as one digest: the bytes of every line and form. */
async function signed(): Promise<string> {
  const lines = await rows<{ line: string }>(
    `select case_id::text || seq::text || body::text || form::text as line from cases.entry order by case_id, seq`,
  )
  return createHash('sha256')
    .update(lines.map(({ line }) => line).join('\n'))
    .digest('hex')
}

const openTasks = () =>
  rows<{ case_id: string; task_id: string; duty: string; org_id: string | null }>(
    `select case_id, task_id, duty, org_id from cases.task where closed_at is null order by case_id, task_id`,
  )

interface State {
  tasks: {
    id: string
    step: string
    due: string | null
    paused: unknown
    shelved: { until: string; reason: string } | null
    holder: unknown
    entrusted: { by: { personId: string; orgId: string } } | null
    handoffs: { by: { personId: string; orgId: string } }[]
  }[]
  countersigns: { id: string; question: string; to: { duty: string; orgId: string }; by: { personId: string; orgId: string } }[]
  asks: { id: string; kind: string; until: string; by: { personId: string } }[]
  demands: { id: string; demand: string; until: string; reply: number | null }[]
}

/** Everything that waits in every open case, its clocks, and who is asked for it; offices apart. */
async function waiting(): Promise<unknown[]> {
  const found = await rows<{ id: string; state: State }>('select id, state from cases.case_file where ended_at is null order by id')
  const clocks = await rows(
    `select case_id, about, kind, due_at, fire_at, fired_at from cases.deadline where voided_at is null order by case_id, about, kind, due_at`,
  )
  const stands = found.map(({ id, state }) => [
    id,
    state.tasks.map(({ entrusted, handoffs, ...task }) => ({
      ...{ ...task, orgId: undefined, entrusted: entrusted?.by.personId },
      handoffs: handoffs.map(({ by }) => by.personId),
    })),
    state.countersigns.map(({ to, by, ...one }) => ({ ...one, duty: to.duty, by: by.personId })),
    state.asks.map(({ by, ...one }) => ({ ...one, by: by.personId })),
    state.demands,
  ])
  return [...stands, clocks]
}

const stateOf = async (caseId: string | undefined) =>
  (await rows<{ state: State }>('select state from cases.case_file where id = $1', [caseId]))[0]?.state

/** Tasks that nobody holds today. */
async function orphans(): Promise<unknown[]> {
  return rows(
    `select t.case_id, t.step, t.duty, t.org_id from cases.task t where t.closed_at is null and not exists (
       select from identity.post p join identity.post_duty d on d.post_id = p.id
       join identity.organisation o on o.id = p.organisation_id
       where d.duty = t.duty and (t.org_id is null or t.org_id = p.organisation_id)
         and p.valid_from <= $1 and (p.valid_to is null or p.valid_to > $1) and d.valid_from <= $1 and (d.valid_to is null or d.valid_to > $1)
         and o.valid_from <= $1 and (o.valid_to is null or o.valid_to > $1))`,
    [city.clock.now().toISOString().slice(0, 10)],
  )
}

/** Columns of the whole database that still name an organisation as the one that answers. */
async function stillNamed(orgId: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {}
  for (const [what, sql] of [
    ['projects', 'select count(*)::int n from projects.project where $1 in (owner_org_id, builder_org_id, user_unit_org_id)'],
    ['drafts', 'select count(*)::int n from projects.proposal_draft where owner_org_id = $1'],
    ['systems', 'select count(*)::int n from systems.system where org_id = $1 or user_unit_org_id = $1'],
    ['resources', 'select count(*)::int n from catalog.resource where org_id = $1 or user_unit_org_id = $1'],
    ['problems', 'select count(*)::int n from supervision.problem where $1 in (builder_org_id, user_unit_org_id, responsible_org_id)'],
    ['tasks', 'select count(*)::int n from cases.task where closed_at is null and org_id = $1'],
    ['cases', 'select count(*)::int n from cases.case_file where applicant_now_org_id = $1'],
    ['posts', 'select count(*)::int n from identity.post where organisation_id = $1 and valid_to is null'],
  ] as const)
    found[what] = (await rows<{ n: number }>(sql, [orgId]))[0]?.n ?? 0
  return found
}

const nothing = { projects: 0, drafts: 0, systems: 0, resources: 0, problems: 0, tasks: 0, cases: 0, posts: 0 }

describe('a merger with fifty open cases', () => {
  let cases: string[] = []
  const merger = {
    ...order,
    kind: 'merge',
    organisationIds: ['civil-affairs', 'health'],
    successors: [{ id: 'social-affairs', name: '乌海市民政和卫生健康局' }],
  }

  test('finds them at every kind of step', async () => {
    cases = await openMany(city)
    expect(cases).toHaveLength(Object.values(mixture).reduce((sum, n) => sum + n, 0))
    expect(cases.length).toBeGreaterThanOrEqual(50)
    expect(await orphans()).toEqual([])
  }, 120_000)

  test('finds them in the midst of every verb too', async () => {
    const first = async (stand: Parameters<typeof casesOf>[1]) => stateOf(casesOf(cases, stand)[0])
    expect((await first('paused'))?.tasks).toContainEqual(
      expect.objectContaining({ due: null, paused: expect.objectContaining({ unit: 'day' }) }),
    )
    expect((await first('shelved'))?.tasks).toContainEqual(expect.objectContaining({ paused: null, shelved: expect.anything() }))
    expect((await first('entrusted'))?.tasks).toContainEqual(expect.objectContaining({ entrusted: expect.anything() }))
    expect((await first('handed'))?.tasks).toContainEqual(
      expect.objectContaining({ handoffs: [expect.anything()], holder: expect.anything() }),
    )
    expect((await first('extending'))?.asks).toMatchObject([{ kind: 'extend' }])
    expect((await first('asked'))?.countersigns).toMatchObject([{ to: { orgId: 'civil-affairs' } }])
    expect((await first('asking'))?.countersigns).toMatchObject([{ by: { orgId: 'civil-affairs' } }])
    expect((await first('overseen'))?.demands).toMatchObject([{ reply: null }])
  })

  test('is looked at before: what would move and what would stay, and nothing of it is kept', async () => {
    const [signedBefore, tasksBefore] = [await signed(), await openTasks()]
    const seen = await preview(merger)
    expect(seen.status, JSON.stringify(seen.body)).toBe(200)
    const kinds = Map.groupBy(seen.body.moves, (move) => move.kind)
    expect(kinds.get('case')?.length).toBeGreaterThanOrEqual(cases.length)
    expect(kinds.get('post')?.length).toBe(Object.values(seats).filter((seat) => ['civil-affairs', 'health'].includes(seat.org)).length)
    expect(kinds.get('project')?.length).toBeGreaterThan(40)
    expect(seen.body.stays.map((one) => one.what)).toEqual(expect.arrayContaining(['审计记录', '已签署的意见']))
    expect(seen.body.names).toEqual(
      expect.arrayContaining([
        { id: 'civil-affairs', before: '市民政局', after: null, parentBefore: null, parentAfter: null },
        { id: 'social-affairs', before: null, after: '乌海市民政和卫生健康局', parentBefore: null, parentAfter: null },
      ]),
    )
    expect(await signed()).toBe(signedBefore)
    expect(await openTasks()).toEqual(tasksBefore)
    expect(await rows(`select from identity.reorganisation`)).toEqual([])
    expect(await rows(`select from identity.organisation where id = 'social-affairs'`)).toEqual([])
  })

  test('loses nothing: as many tasks as before, each with a holder, and every signature as it was', async () => {
    const [signedBefore, tasksBefore, waitingBefore] = [await signed(), await openTasks(), await waiting()]
    const looked = await preview(merger)
    const done = await reorganise(merger)
    expect(done.status, JSON.stringify(done.body)).toBe(201)
    expect(done.body).toMatchObject({ state: 'done', documentNumber: '乌海党办发〔2026〕3号' })
    // What the preview said is what was done.
    expect(done.body.moved).toBe(looked.body.moves.length)
    const after = await openTasks()
    const renamed = (orgId: string | null) => (orgId === 'civil-affairs' || orgId === 'health' ? 'social-affairs' : orgId)
    expect(after).toEqual(tasksBefore.map((task) => ({ ...task, org_id: renamed(task.org_id) })))
    expect(await signed()).toBe(signedBefore)
    // No pause, review, consent, opinion, demand or clock began, ended or moved.
    expect(await waiting()).toEqual(waitingBefore)
    expect(await orphans()).toEqual([])
    for (const gone of ['civil-affairs', 'health']) expect(await stillNamed(gone)).toEqual(nothing)
  })

  test('people go on where they were: signed in, with their duties, under the new name', async () => {
    const me = await (await city.as('clerk')).get<{ post: { organisation: { id: string; name: string } }; roles: string[] }>('/api/v1/me')
    expect(me.status).toBe(200)
    expect(me.body).toMatchObject({
      post: { organisation: { id: 'social-affairs', name: '乌海市民政和卫生健康局' } },
      roles: ['applicant'],
    })
  })

  test('old lines keep the old name, and the path shows the new one', async () => {
    const returned = cases[mixture.filed] ?? ''
    const view = await (await city.as('clerk')).get<{
      applicant: { organisation: string }
      history: { organisation: string; person: string }[]
      path: { steps: { state: string; organisation: string }[] }
    }>(`/api/v1/cases/${returned}`)
    expect(view.status).toBe(200)
    expect(view.body.applicant.organisation).toBe('市民政局')
    expect(view.body.history.map((line) => line.organisation)).toEqual(['市民政局', '市大数据中心'])
    expect(view.body.path.steps.find((step) => step.state === 'active')?.organisation).toBe('乌海市民政和卫生健康局')
    const then = await (await admin()).get<{ items: { id: string; name: string }[] }>('/api/v1/organisations?asOf=2026-03-01&limit=200')
    expect(then.body.items.map((one) => one.id)).toContain('civil-affairs')
    expect(then.body.items.map((one) => one.id)).not.toContain('social-affairs')
  })

  test('what the office had asked for is granted to its successor', async () => {
    for (const caseId of casesOf(cases, 'extending')) {
      await consentTo(city, caseId)
      expect((await stateOf(caseId))?.tasks.map((task) => task.due)).toContain('2027-01-31T15:59:59.999Z')
    }
  })

  test('every case is carried to its end', async () => {
    const ends: string[] = []
    for (const caseId of cases) ends.push(await carriedToItsEnd(city, caseId))
    expect(ends.filter((end) => end !== 'ended')).toEqual([])
  }, 240_000)

  test('what had begun in the old name is finished in the new one: each line under the name of its day', async () => {
    const names = async (stand: Parameters<typeof casesOf>[1], act: string) => {
      const ids = casesOf(cases, stand)
      const lines = await rows<{ name: string; person: string; for: string | null }>(
        `select body->'by'->>'orgName' as name, body->'by'->>'name' as person, body->'by'->'onBehalfOf'->>'name' as for
         from cases.entry where case_id = any($1) and body->>'act' = $2 and body->>'seq' <> '1' order by case_id, seq`,
        [ids, act],
      )
      expect(lines.length, `${stand} ${act}`).toBeGreaterThanOrEqual(ids.length)
      return [...new Set(lines.map((line) => `${line.name} ${line.person}${line.for ? `受${line.for}委托` : ''}`))]
    }
    const [old, now] = ['市民政局', '乌海市民政和卫生健康局']
    expect(await names('paused', 'shelve')).toEqual([`${old} 民政申报员`])
    expect(await names('paused', 'unshelve')).toEqual([`${now} 民政申报员`])
    expect(await names('entrusted', 'entrust')).toEqual([`${old} 民政申报员`])
    expect(await names('entrusted', 'decide')).toContain(`${now} 民政科长受民政申报员委托`)
    expect(await names('handed', 'decide')).toContain(`${now} 民政科长`)
    expect(await names('asked', 'sign')).toEqual([`${now} 民政科长`])
    expect(await names('asking', 'countersign')).toEqual([`${old} 民政申报员`])
    expect(await names('overseen', 'reply')).toEqual([`${now} 民政申报员`])
  })
})

describe('a split', () => {
  test('takes each thing where it was assigned, the rest to the first, and leaves nothing without an owner', async () => {
    const ids = await Promise.all(
      [0, 1, 2, 3].map(async (n) => {
        const project = await desk.draft({ name: `拆分项目${n}`, userUnitOrgId: 'social-affairs' }, 'clerk')
        return { project: project.id, ...(await desk.file(project.id, 'clerk', 2028)) }
      }),
    )
    const hers = (
      await rows<{ id: string }>(
        `select p.id from identity.post p join identity.person q on q.id = p.person_id where q.name = '卫健申报员' and p.valid_to is null`,
      )
    )[0]?.id
    const split = {
      ...order,
      documentNumber: '乌海党办发〔2026〕4号',
      kind: 'split',
      organisationIds: ['social-affairs'],
      successors: [
        { id: 'civil-bureau', name: '乌海市民政局' },
        { id: 'health-bureau', name: '乌海市卫生健康委员会' },
      ],
      assignments: [
        { kind: 'project', id: ids[0]?.project, to: 'health-bureau' },
        { kind: 'case', id: ids[1]?.caseId, to: 'health-bureau' },
        { kind: 'post', id: hers, to: 'health-bureau' },
      ],
    }
    const signedBefore = await signed()
    const before = await openTasks()
    const done = await reorganise(split)
    expect(done.status, JSON.stringify(done.body)).toBe(201)
    expect(await stillNamed('social-affairs')).toEqual(nothing)
    expect((await openTasks()).length).toBe(before.length)
    expect(await signed()).toBe(signedBefore)
    expect(await orphans()).toEqual([])
    const ownerOf = async (id: string | undefined) =>
      (await rows<{ owner_org_id: string }>('select owner_org_id from projects.project where id = $1', [id]))[0]?.owner_org_id
    expect(await ownerOf(ids[0]?.project)).toBe('health-bureau')
    expect(await ownerOf(ids[2]?.project)).toBe('civil-bureau')
    const partOf = async (id: string | undefined) =>
      (await rows<{ org: string }>(`select applicant_now_org_id as org from cases.case_file where id = $1`, [id]))[0]?.org
    // A filing goes where its project goes; what is assigned itself goes there.
    expect(await partOf(ids[0]?.caseId)).toBe('health-bureau')
    expect(await partOf(ids[1]?.caseId)).toBe('health-bureau')
    expect(await partOf(ids[3]?.caseId)).toBe('civil-bureau')
    const me = async (seat: 'clerk' | 'stranger') =>
      (await (await city.as(seat)).get<{ post: { organisation: { id: string } } }>('/api/v1/me')).body.post.organisation.id
    expect([await me('clerk'), await me('stranger')]).toEqual(['civil-bureau', 'health-bureau'])
    // Nobody gains: what went to the other office is not hers any more.
    expect((await (await city.as('clerk')).get(`/api/v1/projects/${ids[0]?.project}`)).status).toBe(404)
    expect((await (await city.as('stranger')).get(`/api/v1/projects/${ids[0]?.project}`)).status).toBe(200)
    for (const { caseId } of ids) expect(await carriedToItsEnd(city, caseId)).toBe('ended')
  }, 120_000)
})

describe('信息办, then 大数据中心, then 数据管理局', () => {
  test('three names of one duty: no task is lost and each decision shows the name of its day', async () => {
    const bodyOf = (more: object) => ({ ...order, ...more })
    const renamed = async (name: string, serial: number) =>
      reorganise(bodyOf({ kind: 'rename', organisationIds: ['big-data-center'], name, documentNumber: `乌海政发〔2026〕${serial}号` }))
    expect((await renamed('乌海市人民政府信息化办公室', 11)).status).toBe(201)
    const decided = async (n: number) => {
      const project = await desk.draft({ name: `更名项目${n}`, userUnitOrgId: 'civil-bureau' }, 'clerk')
      const { caseId } = await desk.file(project.id, 'clerk', 2029)
      await desk.decide('center', caseId, 'return', { opinion: '请补充。' })
      return caseId
    }
    const first = await decided(1)
    expect((await renamed('乌海市大数据中心', 12)).status).toBe(201)
    await desk.decide('clerk', first, 'submit', { opinion: null })
    await desk.decide('center2', first, 'return', { opinion: '请再补充。' })
    await desk.decide('clerk', first, 'submit', { opinion: null })
    const open = await openTasks()
    // A merger with the approval bureau on a day to come: until then nothing changes, from the first request of that day on all of it has.
    const future = await reorganise(
      bodyOf({
        kind: 'merge',
        organisationIds: ['big-data-center', 'tender-center'],
        successors: [{ id: 'data-bureau', name: '乌海市行政审批政务服务与数据管理局', kind: 'city-department' }],
        documentNumber: '乌海党办发〔2026〕20号',
        effectiveOn: '2026-04-01',
      }),
    )
    expect(future.status, JSON.stringify(future.body)).toBe(201)
    expect(future.body).toMatchObject({ state: 'coming', moved: 0 })
    const nameOf = async (day: string) =>
      (await (await admin()).get<{ items: { id: string; name: string }[] }>(`/api/v1/organisations?asOf=${day}&limit=200`)).body.items.find(
        (one) => ['big-data-center', 'data-bureau'].includes(one.id),
      )?.name
    expect(await nameOf('2026-02-01')).toBe('市大数据中心')
    expect(await nameOf('2026-03-31')).toBe('乌海市大数据中心')
    expect(await nameOf('2026-04-01')).toBe('乌海市行政审批政务服务与数据管理局')
    const me = async () =>
      (await (await city.as('center')).get<{ post: { organisation: { name: string } }; roles: string[] }>('/api/v1/me')).body
    expect((await me()).post.organisation.name).toBe('乌海市大数据中心')
    city.clock.set('2026-03-31T16:00:01Z')
    await city.signInAgain()
    expect(await me()).toMatchObject({ post: { organisation: { name: '乌海市行政审批政务服务与数据管理局' } }, roles: ['big-data-center'] })
    expect((await openTasks()).map(({ task_id, case_id }) => case_id + task_id)).toEqual(
      open.map(({ task_id, case_id }) => case_id + task_id),
    )
    expect(await orphans()).toEqual([])
    await desk.decide('center', first, 'pass')
    const view = await (await city.as('clerk')).get<{ status: string; history: { organisation: string }[] }>(`/api/v1/cases/${first}`)
    expect(view.body.status).toBe('ended')
    expect(view.body.history.map((line) => line.organisation)).toEqual([
      '乌海市民政局',
      '乌海市人民政府信息化办公室',
      '乌海市民政局',
      '乌海市大数据中心',
      '乌海市民政局',
      '乌海市行政审批政务服务与数据管理局',
    ])
  }, 60_000)
})

describe('acts at the same time', () => {
  test('an act and a merger: the act stands or is refused, and whatever it left with the old office follows', async () => {
    const work = [0, 1, 2, 3, 4, 5].map((n) =>
      (async () => {
        const clerk = await city.as('clerk')
        return clerk.post('/api/v1/projects', {
          ...goodProposal({ name: `同时项目${n}`, userUnitOrgId: 'civil-bureau' }),
        })
      })(),
    )
    const merged = reorganise({
      ...order,
      kind: 'abolish',
      organisationIds: ['civil-bureau'],
      successors: [{ id: 'health-bureau' }],
      documentNumber: '乌海党办发〔2026〕30号',
      effectiveOn: '2026-04-01',
    })
    const answers = await Promise.all([...work, merged])
    expect(answers.map((answer) => answer.status).filter((status) => ![201, 401, 403, 404, 409, 422].includes(status))).toEqual([])
    expect((await merged).status).toBe(201)
    await handOverAgain(ctx, city.reorganisation, (await merged).body.id)
    expect(await stillNamed('civil-bureau')).toEqual(nothing)
    expect(await handOverAgain(ctx, city.reorganisation, (await merged).body.id)).toBe(0)
  }, 60_000)
})

describe('what is not ordered rightly is refused', () => {
  test.each([
    ['no document number', { documentNumber: '口头通知' }, 422, 'reorganisation.incomplete'],
    ['a day that has passed', { effectiveOn: '2026-03-31' }, 422, 'reorganisation.incomplete'],
    ['a successor that is not there', { kind: 'abolish', successors: [{ id: 'nowhere' }] }, 422, 'reorganisation.incomplete'],
    ['an office that is no more', { organisationIds: ['civil-affairs'] }, 409, 'reorganisation.not_standing'],
    ['an office that never was', { organisationIds: ['nobody'] }, 404, 'subject.not_found'],
    ['a split into one', { kind: 'split', successors: [{ id: 'audit' }] }, 422, 'reorganisation.incomplete'],
    ['a rename to the same name', { name: '市财政局', shortName: '市财政局' }, 422, 'reorganisation.incomplete'],
    ['a transfer below itself', { kind: 'transfer', parentId: 'finance' }, 422, 'reorganisation.incomplete'],
  ])('%s', async (_what, change, status, code) => {
    const digest = await rows('select * from identity.organisation_version order by organisation_id, seq')
    const answer = await reorganise({
      ...order,
      kind: 'rename',
      organisationIds: ['finance'],
      name: '市财政和国资局',
      effectiveOn: '2026-04-01',
      ...change,
    })
    expect([answer.status, (answer.body as unknown as { code: string }).code]).toEqual([status, code])
    expect(await rows('select * from identity.organisation_version order by organisation_id, seq')).toEqual(digest)
  })

  test('of two that would close a circle of offices at once one is carried out', async () => {
    const office = (id: string, parentId?: string) =>
      createOrganisation(ctx, { id, name: id, kind: 'public-body', validFrom: '2023-01-01', ...(parentId ? { parentId } : {}) })
    for (const round of [1, 2, 3, 4]) {
      const [a, b, below] = ['a', 'b', 'c'].map((letter) => `office-${letter}${round}`) as [string, string, string]
      await office(a)
      await office(b)
      await office(below, b)
      const transfer = (id: string, parentId: string) => {
        const change = { kind: 'transfer', organisationIds: [id], parentId, documentNumber: '乌海党办发〔2026〕35号' }
        return reorganise({ ...order, ...change, effectiveOn: '2026-04-01' })
      }
      const answers = await Promise.all([transfer(a, below), transfer(b, a)])
      expect(answers.map((answer) => answer.status).sort()).toEqual([201, 422])
    }
  })

  test('by anybody but the system administrator; what was moved is shown to the auditor of the platform too', async () => {
    const body = { ...order, kind: 'rename', organisationIds: ['finance'], name: '市财政和国资局', effectiveOn: '2026-04-01' }
    for (const path of ['', '/preview'])
      expect((await (await city.as('drc')).post(`/api/v1/reorganisations${path}`, body)).status).toBe(403)
    expect((await (await city.as('drc')).get('/api/v1/reorganisations')).status).toBe(403)
  })

  test('one that has not come is taken back, and the offices stay as they were; a second one on top of it is refused', async () => {
    const future = {
      ...order,
      kind: 'merge',
      organisationIds: ['finance', 'audit'],
      successors: [{ id: 'money-bureau', name: '乌海市财政审计局' }],
      documentNumber: '乌海党办发〔2026〕40号',
      effectiveOn: '2026-06-01',
    }
    const planned = await reorganise(future)
    expect(planned.status, JSON.stringify(planned.body)).toBe(201)
    const sooner = {
      ...future,
      kind: 'rename',
      organisationIds: ['finance'],
      name: '财局',
      successors: undefined,
      effectiveOn: '2026-05-01',
    }
    const second = await reorganise(sooner)
    expect([second.status, (second.body as unknown as { code: string }).code]).toEqual([409, 'reorganisation.already_coming'])
    const list = async (day: string) =>
      (await (await admin()).get<{ items: { id: string }[] }>(`/api/v1/organisations?asOf=${day}&limit=200`)).body.items.map(
        (one) => one.id,
      )
    expect(await list('2026-06-01')).toContain('money-bureau')
    const cancelled = await (await admin()).post<Moved>(`/api/v1/reorganisations/${planned.body.id}/cancel`)
    expect([cancelled.status, cancelled.body.state]).toEqual([200, 'cancelled'])
    expect(await list('2026-06-01')).toEqual(await list('2026-05-31'))
    expect(await list('2026-06-01')).toEqual(expect.arrayContaining(['finance', 'audit']))
    const twice = await (await admin()).post(`/api/v1/reorganisations/${planned.body.id}/cancel`)
    expect(twice.status).toBe(409)
    expect((await reorganise(sooner)).status).toBe(201)
  })
})
