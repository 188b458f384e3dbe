import { testDatabase } from '@tongchou/testing'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { type CaseAnswer, deskOf, type Refusal } from './testing/desk.ts'
import { type SeatName, seats, smallCity } from './testing/small-city.ts'

const { db, owner } = await testDatabase()
const city = await smallCity(db)
const { act, decide, draft, file } = deskOf(city)

interface Verb {
  kind: string
  taskId: string | null
  ref: string | null
  refused: string | null
}

interface View extends CaseAnswer {
  verbs: Verb[]
  countersigns: { id: string; to: string }[]
  asks: { id: string; kind: string }[]
  demands: { id: string; reply: string | null }[]
  mergedInto: { id: string; outcome: string | null } | null
  copied: string | null
  path: { steps: { id: string; holders: string[]; dueAt: string | null; remarks: string[]; decisions: { act: string }[] }[] }
}

type Office = { orgId: string; duty: string; people: { personId: string; name: string }[] }

async function givenFiled(): Promise<string> {
  const project = await draft()
  return (await file(project.id)).caseId
}

const see = async (seat: SeatName, id: string) => (await (await city.as(seat)).get<View & Refusal>(`/api/v1/cases/${id}`)).body
const taskOf = async (id: string) =>
  (await owner.query(`select task_id from cases.task where case_id = $1 and kind = 'task' and closed_at is null`, [id])).rows[0]?.task_id

/** Presses a verb; the task is the open one unless the body says another. */
async function press(seat: SeatName, id: string, path: string, body: Record<string, unknown> = {}) {
  const onTask = [
    'transfer',
    'entrustment',
    'entrustment/end',
    'not-mine',
    'countersigns',
    'extension',
    'shelving',
    'shelving/end',
    'urging',
  ]
  const sent = { ...(onTask.includes(path) ? { taskId: await taskOf(id) } : {}), opinion: '按分工办理。', ...body }
  return (await city.as(seat)).post<View & Refusal>(`/api/v1/cases/${id}/${path}`, sent)
}

async function pressed(seat: SeatName, id: string, path: string, body: Record<string, unknown> = {}): Promise<View> {
  const answer = await press(seat, id, path, body)
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** A person of the city as a party, found the way a screen finds them. */
async function party(asker: SeatName, id: string, use: string, who: SeatName) {
  const list = await (await city.as(asker)).get<{ items: Office[] }>(
    `/api/v1/cases/${id}/parties?use=${use}${use === 'copy' || use === 'countersign' ? '' : `&taskId=${await taskOf(id)}`}`,
  )
  for (const { orgId, duty, people } of list.body.items) {
    const person = people.find((one) => one.name === seats[who].name)
    if (person) return { orgId, duty, personId: person.personId }
  }
  throw new Error(`${who} is not offered for ${use}`)
}

const titles = (view: View) => view.history.map((line) => line.outcomeTitle)
const boxOf = async (seat: SeatName, box: string) =>
  (
    await (
      await city.as(seat)
    ).get<{ items: { caseId: string; stepTitle: string | null; unread: boolean }[] }>(`/api/v1/tasks?box=${box}&limit=200`)
  ).body.items
const lines = async (seat: SeatName, box: string, id: string) => (await boxOf(seat, box)).filter((line) => line.caseId === id)
const auditOf = async (id: string) =>
  (
    await sql<{ action: string; outcome: string }>`select action, outcome from kernel.audit_event
      where detail ->> 'caseId' = ${id} and action like 'case.%' order by seq`.execute(db)
  ).rows.map((row) => row.action)
const noticesOf = async (seat: SeatName, id: string) =>
  (
    await owner.query(
      `select n.kind from notices.notice n join identity.person p on p.id::text = n.person_id
       where p.name = $1 and n.subject_id = $2 order by n.kind`,
      [seats[seat].name, id],
    )
  ).rows.map((row) => row.kind)

describe('转办和不属本单位', () => {
  test('the task is in the other’s list, in nobody else’s, and goes back the way it came', async () => {
    const id = await givenFiled()
    const view = await pressed('center', id, 'transfer', { to: await party('center', id, 'transfer', 'center2') })
    expect(view.path.steps.find((step) => step.id === 'review')).toMatchObject({
      holders: ['中心论证员'],
      remarks: ['由市大数据中心中心审核员转来'],
    })
    expect(await lines('center2', 'todo', id)).toHaveLength(1)
    expect(await lines('center', 'todo', id)).toHaveLength(0)
    expect(await noticesOf('center2', id)).toEqual(['case.transfer'])
    const refused = await act('center', id, 'pass', { taskId: await taskOf(id) })
    expect([refused.status, refused.body.code]).toEqual([403, 'task.held_by_other'])
    const back = await pressed('center2', id, 'not-mine')
    expect(titles(back).at(-1)).toBe('不属本单位，退回中心审核员')
    expect(await lines('center', 'todo', id)).toHaveLength(1)
    expect(await auditOf(id)).toEqual(['case.acted', 'case.transfer', 'case.not-mine'])
    await decide('center', id, 'pass')
  })

  test('who is of the other side, of another office or of no duty cannot be named', async () => {
    const id = await givenFiled()
    const to = { orgId: 'drc', duty: 'big-data-center', personId: null }
    expect((await press('center', id, 'transfer', { to })).body.code).toBe('party.unknown')
    const drc = { orgId: 'drc', duty: 'drc', personId: null }
    expect((await press('center', id, 'transfer', { to: drc })).body.code).toBe('transfer.other_duty')
    await expect(party('center', id, 'transfer', 'clerk')).rejects.toThrow('not offered')
    expect((await press('center', id, 'transfer', { to: { ...to, orgId: 'big-data-center' }, opinion: null })).status).toBe(422)
  })
})

describe('委托', () => {
  test('a colleague signs for who entrusted; it is taken back by nobody else', async () => {
    const id = await givenFiled()
    await pressed('center', id, 'entrustment', { to: await party('center', id, 'entrust', 'center2') })
    expect((await press('center2', id, 'entrustment/end')).status).toBe(403)
    await pressed('center', id, 'entrustment/end')
    await pressed('center', id, 'entrustment', { to: await party('center', id, 'entrust', 'center2') })
    await decide('center2', id, 'pass')
    expect((await see('clerk', id)).history.at(-1)?.person).toBe('中心论证员（受中心审核员委托）')
  })
})

describe('加签、减签、或签', () => {
  test('the decision waits for the opinion; the signer finds it in the list, signs, and sees no more of the case than before', async () => {
    const id = await givenFiled()
    const to = [await party('center', id, 'countersign', 'finance')]
    await pressed('center', id, 'countersigns', { to, form: 'before', rule: 'all', opinion: '请就资金来源提出意见' })
    expect((await act('center', id, 'pass')).body).toMatchObject({ code: 'countersign.waiting' })
    expect((await lines('finance', 'todo', id)).map((line) => line.stepTitle)).toEqual(['初审（加签）'])
    const seen = await see('finance', id)
    expect(seen.verbs).toContainEqual(expect.objectContaining({ kind: 'sign', refused: null }))
    const ref = seen.countersigns[0]?.id
    expect((await press('drc', id, 'countersigns/signature', { ref })).status).toBe(403)
    const signed = await pressed('finance', id, 'countersigns/signature', { ref, opinion: '资金来源明确。' })
    expect(signed.history.at(-1)).toMatchObject({ outcomeTitle: '签署加签意见', opinion: '资金来源明确。', person: '财政审核员' })
    expect((await press('center', id, 'countersigns/withdrawal', { ref })).body.code).toBe('countersign.signed')
    expect(await noticesOf('center', id)).toContain('case.sign')
    await decide('center', id, 'pass')
  })

  test('any of several suffices, and what nobody signed is taken back', async () => {
    const id = await givenFiled()
    const to = [await party('center', id, 'countersign', 'finance'), await party('center', id, 'countersign', 'drc')]
    const asked = await pressed('center', id, 'countersigns', { to, form: 'before', rule: 'any' })
    await pressed('drc', id, 'countersigns/signature', { ref: asked.countersigns[1]?.id })
    expect((await see('center', id)).countersigns).toEqual([])
    expect(await lines('finance', 'todo', id)).toEqual([])
    const again = await pressed('center', id, 'countersigns', { to: [to[0]], form: 'beside', rule: 'all' })
    const less = await pressed('center2', id, 'countersigns/withdrawal', { ref: again.countersigns[0]?.id })
    expect(titles(less).at(-1)).toBe('减签市财政局财政审核员')
    await decide('center', id, 'pass')
  })

  test('of two who sign for one office at once one wins, and the other is told', async () => {
    const id = await givenFiled()
    const to = [{ orgId: 'finance', duty: 'finance', personId: null }]
    const ref = (await pressed('center', id, 'countersigns', { to, form: 'before', rule: 'all' })).countersigns[0]?.id
    const both = await Promise.all((['finance', 'finance2'] as const).map((seat) => press(seat, id, 'countersigns/signature', { ref })))
    // The second may have lost sight of the case with the first's signature.
    expect(both.map((one) => one.status).filter((status) => status === 200)).toHaveLength(1)
    expect(['countersign.signed', 'case.not_found']).toContain(both.find((one) => one.status !== 200)?.body.code)
  })
})

describe('挂账', () => {
  test('a colleague consents, the case is listed apart and marked, and worked on again', async () => {
    const id = await givenFiled()
    expect((await press('center', id, 'shelving', { until: '2026-02-01', ground: null })).body).toMatchObject({ code: 'until.early' })
    expect((await press('center', id, 'shelving', { until: '2026-06-01', ground: 'holiday' })).body.code).toBe('pause.no_ground')
    const asked = await pressed('center', id, 'shelving', { until: '2026-06-01', ground: null, opinion: '待财政明确资金来源' })
    const ref = asked.asks[0]?.id
    const answer = { ref, granted: true, to: null, opinion: null }
    expect((await press('center', id, 'answers', answer)).body.code).toBe('ask.own')
    expect((await lines('center2', 'todo', id)).map((line) => line.stepTitle)).toContain('初审（挂账申请）')
    const view = await pressed('center2', id, 'answers', answer)
    expect(view.path.steps.find((step) => step.id === 'review')?.remarks).toEqual(['挂账，2026年6月1日复核'])
    expect(await lines('center', 'shelved', id)).toHaveLength(1)
    expect((await press('center2', id, 'answers', answer)).body.code).toBe('ask.answered')
    await pressed('center', id, 'shelving/end', { opinion: null })
    expect(await lines('center', 'shelved', id)).toHaveLength(0)
  })

  test('what the procedure sent by mistake is put to the supervisor, who names another', async () => {
    const id = await givenFiled()
    const asked = await pressed('center', id, 'not-mine')
    const to = { orgId: 'big-data-center', duty: 'big-data-center', personId: null }
    const view = await pressed('supervisor', id, 'answers', { ref: asked.asks[0]?.id, granted: true, to })
    expect(titles(view).at(-1)).toBe('同意退回派发')
  })
})

describe('延期', () => {
  async function givenOrdered(): Promise<string> {
    const project = await draft()
    await file(project.id)
    const problem = await (await city.as('center')).post<{ cases: { caseId: string }[] }>('/api/v1/supervision/problems', {
      ...{ secrecy: false, projectId: project.id, party: 'builder', kind: 'data-not-shared', description: '数据未按要求共享。' },
      ...{ demand: '完成数据对接。', foundOn: '2026-03-01', dueOn: '2026-12-31' },
    })
    const id = problem.body.cases[0]?.caseId ?? ''
    await decide('center2', id, 'agree')
    await decide('drc', id, 'agree')
    return id
  }

  test('the unit asks, the center grants, the limit moves, once', async () => {
    const id = await givenOrdered()
    const { rows } = await owner.query(`select task_id from cases.task where case_id = $1 and duty = 'applicant' and closed_at is null`, [
      id,
    ])
    const taskId = rows[0]?.task_id
    const asked = await pressed('head', id, 'extension', { taskId, until: '2027-03-31', opinion: '对接单位系统升级' })
    expect((await press('clerk', id, 'extension', { taskId, until: '2027-03-31' })).body.code).toBe('ask.waiting')
    expect((await press('drc', id, 'answers', { ref: asked.asks[0]?.id, granted: true, to: null })).status).toBe(403)
    await pressed('center', id, 'answers', { ref: asked.asks[0]?.id, granted: true, to: null, opinion: null })
    const due = await owner.query(`select due_at from cases.task where case_id = $1 and task_id = $2`, [id, taskId])
    expect(due.rows[0]?.due_at.toISOString()).toBe('2027-03-31T15:59:59.999Z')
    expect((await press('head', id, 'extension', { taskId, until: '2027-06-30' })).body.code).toBe('extend.used')
    expect((await see('head', id)).verbs.find((one) => one.kind === 'extend' && one.taskId === taskId)?.refused).toContain('只能延期1次')
  })

  test('a step without a limit has none to extend', async () => {
    const id = await givenFiled()
    expect((await press('center', id, 'extension', { until: '2026-12-31' })).body.code).toBe('extend.not_allowed')
  })
})

describe('并案', () => {
  test('the case ends with a link, and its subject hears the leading one’s outcome', async () => {
    const [first, second] = [await givenFiled(), await givenFiled()]
    const offered = await (await city.as('center')).get<{ items: { id: string }[] }>(`/api/v1/cases/${second}/leading-cases`)
    expect(offered.body.items.map((one) => one.id)).toContain(first)
    const view = await pressed('center', second, 'merger', { leadingId: first, opinion: '建设内容相同，合并审核' })
    expect(view).toMatchObject({ status: 'merged', tasks: [], mergedInto: { id: first, outcome: null } })
    expect(await lines('center', 'todo', second)).toHaveLength(0)
    await decide('center', first, 'pass')
    expect((await see('clerk', second)).mergedInto).toMatchObject({ id: first, outcome: 'ended' })
    const entry = await owner.query(
      `select e.state from projects.plan_entry e join cases.case_file f on f.subject_id = e.id::text where f.id = $1`,
      [second],
    )
    expect(entry.rows[0]?.state).toBe('reviewed')
    expect(await auditOf(second)).toEqual(['case.acted', 'case.merge', 'case.followed'])
  })

  test('not into itself, not into one that is over, not by another duty, not into what one may not see', async () => {
    const [first, second] = [await givenFiled(), await givenFiled()]
    expect((await press('center', first, 'merger', { leadingId: first })).body.code).toBe('merge.self')
    expect((await press('drc', first, 'merger', { leadingId: second })).status).toBe(403)
    expect((await press('center', first, 'merger', { leadingId: '00000000-0000-4000-8000-000000000001' })).status).toBe(404)
    await decide('center', second, 'pass')
    expect((await press('center', first, 'merger', { leadingId: second })).body.code).toBe('merge.not_running')
  })

  test('two cases merged into each other at once: one of the two happens', async () => {
    const [first, second] = [await givenFiled(), await givenFiled()]
    const both = await Promise.all([
      press('center', first, 'merger', { leadingId: second }),
      press('center2', second, 'merger', { leadingId: first }),
    ])
    expect(both.map((one) => one.status).sort()).toEqual([200, 422])
  })
})

describe('作废', () => {
  test('the opener’s office gives up what nobody has decided, and may propose anew', async () => {
    const id = await givenFiled()
    expect((await press('drc', id, 'voiding')).status).toBe(403)
    expect(await pressed('head', id, 'voiding', { opinion: '项目取消' })).toMatchObject({ status: 'voided', tasks: [] })
    const project = await owner.query(
      `select p.editable from projects.project p join projects.plan_entry e on e.project_id = p.id
       join cases.case_file f on f.subject_id = e.id::text where f.id = $1`,
      [id],
    )
    expect(project.rows[0]?.editable).toBe(true)
    expect((await press('head', id, 'voiding')).body.code).toBe('case.over')
  })

  test('the supervisor voids what runs, with a reason', async () => {
    const id = await givenFiled()
    expect((await press('supervisor', id, 'voiding', { opinion: null })).status).toBe(422)
    expect((await pressed('supervisor', id, 'voiding')).status).toBe('voided')
    expect(await noticesOf('clerk', id)).toContain('case.void')
  })
})

describe('催办和督办', () => {
  test('the applicant reminds once a day; the holder is told', async () => {
    const id = await givenFiled()
    await pressed('clerk', id, 'urging', { opinion: null })
    expect(await noticesOf('center', id)).toEqual(['case.urge'])
    const again = await press('clerk', id, 'urging')
    expect([again.status, again.body.code]).toEqual([409, 'urge.too_soon'])
    expect((await press('drc', id, 'urging')).status).toBe(403)
  })

  test('a demand is listed with both, answered before the end, and lifted by who placed it', async () => {
    const id = await givenFiled()
    const until = '2026-03-20'
    expect((await press('center', id, 'oversight', { until })).status).toBe(403)
    const placed = await pressed('supervisor', id, 'oversight', { until, opinion: '本月内办结' })
    const ref = placed.demands[0]?.id
    expect(await lines('center', 'supervised', id)).toHaveLength(1)
    expect(await lines('supervisor', 'overseen', id)).toHaveLength(1)
    expect((await act('center', id, 'pass')).body.code).toBe('demand.waiting')
    await pressed('center', id, 'oversight/reply', { ref, opinion: '已完成初审，今日办结' })
    expect((await press('center', id, 'oversight/end', { ref })).status).toBe(403)
    expect((await pressed('supervisor', id, 'oversight/end', { ref, opinion: null })).demands).toEqual([])
    expect(await lines('center', 'supervised', id)).toHaveLength(0)
  })
})

describe('抄送', () => {
  test('who gets a copy reads the case, has nothing to do, and marks it as read', async () => {
    const id = await givenFiled()
    const reader = await city.as('stranger')
    expect((await reader.get(`/api/v1/cases/${id}`)).status).toBe(404)
    await pressed('clerk', id, 'copies', { to: [{ orgId: 'health', duty: 'applicant', personId: null }], opinion: '请知悉' })
    expect(await lines('stranger', 'copied', id)).toMatchObject([{ unread: true }])
    expect(await see('stranger', id)).toMatchObject({ copied: 'unread', tasks: [], verbs: [] })
    expect(await lines('stranger', 'todo', id)).toHaveLength(0)
    expect((await reader.post(`/api/v1/cases/${id}/copies/reading`)).status).toBe(204)
    expect((await reader.post(`/api/v1/cases/${id}/copies/reading`)).status).toBe(204)
    expect(await lines('stranger', 'copied', id)).toMatchObject([{ unread: false }])
    expect((await press('drc', id, 'copies', { to: [{ orgId: 'drc', duty: 'drc', personId: null }] })).status).toBe(403)
  })
})

test('a stranger learns nothing of a case by any verb, and a refused verb leaves one audit row and nothing else', async () => {
  const id = await givenFiled()
  const before = (await see('center', id)).history.length
  const bodies: Record<string, object> = {
    ...{ transfer: { to: { orgId: 'health', duty: 'applicant', personId: null } }, 'not-mine': {}, voiding: {}, urging: {} },
    ...{ copies: { to: [{ orgId: 'health', duty: 'applicant', personId: null }] }, oversight: { until: '2026-12-01' } },
  }
  for (const [path, body] of Object.entries(bodies)) expect((await press('stranger', id, path, { ...body })).status, path).toBe(404)
  const rows = () => sql<{ n: number }>`select count(*)::int as n from kernel.audit_event`.execute(db).then((one) => one.rows[0]?.n ?? 0)
  const written = await rows()
  expect((await press('drc', id, 'transfer', { to: { orgId: 'drc', duty: 'drc', personId: null } })).status).toBe(403)
  expect(await rows()).toBe(written + 1)
  expect((await see('center', id)).history).toHaveLength(before)
})

test('the same press sent twice with one key is done once', async () => {
  const id = await givenFiled()
  const clerk = await city.as('clerk')
  const body = { taskId: await taskOf(id), opinion: '请尽快办理' }
  const headers = { 'idempotency-key': `urge-${id}` }
  const [one, two] = [
    await clerk.post(`/api/v1/cases/${id}/urging`, body, headers),
    await clerk.post(`/api/v1/cases/${id}/urging`, body, headers),
  ]
  expect([one.status, two.status]).toEqual([200, 200])
  expect((await see('clerk', id)).history.filter((line) => line.outcomeTitle === '催办')).toHaveLength(1)
})

test('the numbers at the boxes are the lengths of their lists', async () => {
  for (const seat of ['center', 'clerk', 'stranger', 'supervisor'] as const) {
    const counts = (await (await city.as(seat)).get<Record<string, number>>('/api/v1/tasks/counts')).body
    for (const [key, box] of Object.entries({ open: 'todo', shelved: 'shelved', drafts: 'drafts', overseen: 'overseen' }))
      expect(counts[key], `${seat} ${box}`).toBe((await boxOf(seat, box)).length)
    expect(counts.copied, seat).toBe((await boxOf(seat, 'copied')).filter((line) => line.unread).length)
  }
})
