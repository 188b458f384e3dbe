import { testDatabase } from '@tongchou/testing'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type CaseAnswer, deskOf, type Refusal } from './testing/desk.ts'
import { type SeatName, smallCity } from './testing/small-city.ts'

const { db, owner } = await testDatabase()
const city = await smallCity(db)
const { act, begin, decide, draft, file, paper, view } = deskOf(city)

async function givenFiled() {
  const project = await draft()
  return { projectId: project.id, ...(await file(project.id)) }
}

/** A construction plan that waits for the center's review. */
async function givenPlan() {
  const project = await draft()
  const caseId = await begin('clerk', project.id, 'construction-plan', { documents: [await paper('clerk', 'construction-plan')] })
  return { projectId: project.id, caseId }
}

interface AuditRow {
  action: string
  outcome: string
  person_name: string
  detail: { code?: string; step?: string }
}

/** Audit rows written while something was done. */
async function auditOf(work: () => Promise<unknown>): Promise<AuditRow[]> {
  // Signing in has a row of its own.
  for (const seat of ['clerk', 'center', 'drc'] as const) await city.as(seat)
  const last = await sql<{ seq: number }>`select coalesce(max(seq), 0)::int as seq from kernel.audit_event`.execute(db)
  await work()
  const rows = await sql<AuditRow>`
    select action, outcome, person_name, detail from kernel.audit_event where seq > ${last.rows[0]?.seq ?? 0} and action not like '%.viewed' order by seq`.execute(
    db,
  )
  return rows.rows
}

test('an act leaves one audit row, and a refused one exactly one too', async () => {
  const { caseId } = await givenFiled()
  const refused = await auditOf(async () => expect((await act('center', caseId, 'return', { opinion: '' })).status).toBe(422))
  expect(refused).toEqual([
    { action: 'actOnCase', outcome: 'refused', person_name: '中心审核员', detail: { code: 'opinion.missing', rules: [] } },
  ])
  const done = await auditOf(() => decide('center', caseId, 'pass'))
  expect(done).toMatchObject([
    { action: 'case.acted', outcome: 'done', person_name: '中心审核员', detail: { step: 'review', outcome: 'pass' } },
  ])
})

test('a stranger learns nothing of a case, a reader without the duty may not decide it', async () => {
  const { projectId, caseId } = await givenFiled()
  const taskId = (await view('center', caseId)).tasks[0]?.id
  const stranger = await city.as('stranger')
  for (const url of [
    `/api/v1/cases/${caseId}`,
    `/api/v1/cases/${caseId}/subject`,
    `/api/v1/cases?subjectKind=project&subjectId=${projectId}`,
  ])
    expect((await stranger.get(url)).status, url).toBe(404)
  expect((await act('stranger', caseId, 'pass', { taskId })).status).toBe(404)
  expect((await stranger.post(`/api/v1/cases/${caseId}/withdrawal`, { opinion: null })).status).toBe(404)
  expect((await stranger.post(`/api/v1/cases/${caseId}/check`, { ...empty, taskId, outcome: 'pass' })).status).toBe(404)
  const reader = await act<Refusal>('auditor', caseId, 'pass', { taskId })
  expect(reader).toMatchObject({ status: 403, body: { code: 'task.not_holder' } })
  expect((await view('auditor', caseId)).tasks).toEqual([])
})

const empty = { opinion: '同意。', form: {}, documents: [], choices: [], dates: {} }

test('nobody decides on their own paper, and is told why beside the task', async () => {
  const { projectId } = await givenFiled()
  await allow(['joint-review', 'fund-only-city-approved', 'fund-only-planned'])
  const caseId = await begin('finance', projectId, 'funding', { form: { amountFen: 100, budgetYear: 2027, channel: 'city-finance' } })
  const own = await city.as('finance')
  const page = await own.get<CaseAnswer & { barred: { title: string; reason: string }[] }>(`/api/v1/cases/${caseId}`)
  expect(page.body.tasks).toEqual([])
  expect(page.body.barred).toMatchObject([{ title: '审定资金安排' }])
  const taskId = (await view('finance2', caseId)).tasks[0]?.id
  expect(await act<Refusal>('finance', caseId, 'approve', { taskId })).toMatchObject({ status: 403, body: { code: 'person.is_applicant' } })
  expect((await decide('finance2', caseId, 'approve')).status).toBe('ended')
  await allow([])
})

/** Lets rules advise for a while, so that a test needs no whole history; the city enforces all others. */
async function allow(rules: string[]): Promise<void> {
  const modes = Object.fromEntries(rules.map((rule) => [rule, 'advise']))
  await owner.query('update policy.mode_setting set rule_modes = $1', [JSON.stringify(modes)])
}

test('of two people on one step at once one wins, and the other is told who did what', async () => {
  for (let round = 0; round < 3; round++) {
    const { caseId } = await givenFiled()
    const taskId = (await view('center', caseId)).tasks[0]?.id
    const answers = await Promise.all([
      act('center', caseId, 'pass', { taskId }),
      act('center2', caseId, 'return', { taskId, opinion: '请补充。' }),
    ])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
    const [won, lost] = answers[0].status === 200 ? ['中心审核员', answers[1]] : ['中心论证员', answers[0]]
    expect(lost?.body.code).toBe('task.closed')
    expect(lost?.body.detail).toContain(won)
    expect(lost?.body.detail).toMatch(/作出“(同意|退回补正)”/)
    const decisions = (await view('auditor', caseId)).history.filter((line) => line.step === 'review')
    expect(decisions).toHaveLength(1)
  }
})

test('what was handed in is taken back as long as nobody acted on it', async () => {
  const { projectId, caseId } = await givenPlan()
  const clerk = await city.as('clerk')
  expect((await view('clerk', caseId)).mayWithdraw).toBe(true)
  expect((await clerk.get<{ acts: string[] }>(`/api/v1/projects/${projectId}`)).body.acts).not.toContain('edit')
  // A colleague of the same duty did not hand it in.
  const colleague = await (await city.as('head')).post<Refusal>(`/api/v1/cases/${caseId}/withdrawal`, { opinion: null })
  expect(colleague).toMatchObject({ status: 409, body: { code: 'withdraw.nothing' } })
  const audit = await auditOf(async () => {
    const answer = await clerk.post<CaseAnswer>(`/api/v1/cases/${caseId}/withdrawal`, { opinion: '方案有误。' })
    expect(answer).toMatchObject({ status: 200, body: { status: 'withdrawn' } })
  })
  expect(audit).toMatchObject([{ action: 'case.withdrawn', outcome: 'done' }])
  expect((await clerk.get<{ acts: string[] }>(`/api/v1/projects/${projectId}`)).body.acts).toContain('edit')
  // The center's task is gone, the paper handed in still counts.
  expect(await act<Refusal>('center', caseId, 'pass')).toMatchObject({ status: 409 })
  expect((await decide('clerk', caseId, 'submit')).status).toBe('running')
  await decide('center', caseId, 'pass')
  const late = await clerk.post<Refusal>(`/api/v1/cases/${caseId}/withdrawal`, { opinion: null })
  expect(late).toMatchObject({ status: 409, body: { code: 'withdraw.too_late' } })
  expect(late.body.detail).toContain('中心审核员')
})

test('of a withdrawal and the next step at once one wins', async () => {
  const { caseId } = await givenPlan()
  const taskId = (await view('center', caseId)).tasks[0]?.id
  const clerk = await city.as('clerk')
  const answers = await Promise.all([
    clerk.post<Refusal>(`/api/v1/cases/${caseId}/withdrawal`, { opinion: null }),
    act<Refusal>('center', caseId, 'pass', { taskId }),
  ])
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
})

test('退回补正 is walked again, and every signed opinion survives it', async () => {
  const { caseId } = await givenPlan()
  await decide('center', caseId, 'return', { opinion: '请补充必要性。' })
  expect((await view('clerk', caseId)).tasks.map((task) => task.step)).toEqual(['submit-plan'])
  expect((await decide('clerk', caseId, 'submit', { opinion: '已补充。' })).status).toBe('running')
  expect((await view('center', caseId)).tasks.map((task) => task.step)).toEqual(['review'])
  await decide('center', caseId, 'pass', { opinion: '符合要求。' })
  const opinions = (await view('clerk', caseId)).history.map((line) => line.opinion)
  expect(opinions).toEqual([null, '请补充必要性。', '已补充。', '符合要求。'])
})

test('退回补正 from the argument comes straight back to it, not through the review again', async () => {
  const { caseId } = await givenPlan()
  await decide('center', caseId, 'pass')
  await decide('center2', caseId, 'return', { opinion: '请补充专家意见。' })
  expect((await view('clerk', caseId)).tasks.map((task) => task.step)).toEqual(['submit-plan'])
  await decide('clerk', caseId, 'submit')
  expect((await view('center2', caseId)).tasks.map((task) => task.step)).toEqual(['argue'])
  await decide('center2', caseId, 'return-to-review', { opinion: '请重新审核。' })
  expect((await view('center', caseId)).tasks.map((task) => task.step)).toEqual(['review'])
  await decide('center', caseId, 'pass')
  expect((await decide('center2', caseId, 'pass')).status).toBe('ended')
})

test('the same Idempotency-Key decides once, and answers the same', async () => {
  const { caseId } = await givenFiled()
  const taskId = (await view('center', caseId)).tasks[0]?.id
  const key = { 'idempotency-key': `once-${caseId}` }
  const body = { taskId, opinion: '同意。' }
  const first = await act('center', caseId, 'pass', body, key)
  expect(first.status).toBe(200)
  expect(await act('center', caseId, 'pass', body, key)).toEqual(first)
  expect((await view('auditor', caseId)).history.filter((line) => line.step === 'review')).toHaveLength(1)
  expect((await act<Refusal>('center', caseId, 'return', body, key)).body.code).toBe('idempotency.other_body')
  // Without the key the second one is told.
  expect((await act<Refusal>('center', caseId, 'pass', body)).body.code).toBe('task.closed')
})

test.each<[string, SeatName, Record<string, unknown>, string, number, string]>([
  ['an opinion that must be signed', 'center', { opinion: ' ' }, 'return', 422, 'opinion'],
  ['an outcome that the step does not have', 'center', {}, 'approve', 422, 'outcome'],
  ['a choice that the step does not have', 'center', { choices: ['call-experts'] }, 'pass', 422, 'choices'],
  ['a limit that the procedure does not use', 'center', { dates: { 'rectification.dueOn': '2026-12-31' } }, 'pass', 422, 'dates'],
  ['a form that the step does not have', 'center', { form: { approvedFen: 1 } }, 'pass', 422, 'approvedFen'],
  [
    'a file that the step does not take',
    'center',
    { documents: [{ kind: 'contract', id: crypto.randomUUID() }] },
    'pass',
    422,
    'documents',
  ],
])('refused with its place: %s', async (_what, seat, more, outcome, status, place) => {
  const { caseId } = await givenFiled()
  const taskId = (await view(seat, caseId)).tasks[0]?.id
  const answer = await act<Refusal>(seat, caseId, outcome, { taskId, ...more })
  expect(answer.status, JSON.stringify(answer.body)).toBe(status)
  expect(JSON.stringify(answer.body.fields)).toContain(place)
  expect((await view('auditor', caseId)).history).toHaveLength(1)
})

test('a required paper must be there, and only one’s own unused upload counts', async () => {
  const project = await draft()
  const clerk = await city.as('clerk')
  const hand = (documents: unknown[]) =>
    clerk.post<Refusal & { caseId: string }>(`/api/v1/projects/${project.id}/construction-plan`, { opinion: '', form: {}, documents })
  expect(await hand([])).toMatchObject({ status: 422, body: { code: 'document.missing' } })
  expect((await hand([])).body.detail).toContain('建设方案')
  const foreign = await paper('stranger', 'construction-plan')
  expect(await hand([foreign])).toMatchObject({ status: 422, body: { code: 'document.not_uploaded' } })
  const own = await paper('clerk', 'construction-plan')
  const first = await hand([own])
  expect(first.status).toBe(201)
  const other = await draft()
  const again = await clerk.post<Refusal>(`/api/v1/projects/${other.id}/construction-plan`, { opinion: '', form: {}, documents: [own] })
  expect(again).toMatchObject({ status: 422, body: { code: 'document.not_uploaded' } })
})

test('a file is read by its uploader, and once handed in by everybody who reads its case; each download leaves its row', async () => {
  const project = await draft()
  const own = await paper('clerk', 'construction-plan')
  const download = async (seat: SeatName) =>
    (await city.as(seat)).get<Refusal>(`/api/v1/attachments/${own.id}`).catch(() => ({ status: 200 }))
  const audit = await auditOf(async () => expect((await download('clerk')).status).toBe(200))
  expect(audit).toMatchObject([{ action: 'attachment.downloaded', outcome: 'done', person_name: '民政申报员' }])
  for (const seat of ['head', 'center', 'stranger', 'admin'] as const) expect((await download(seat)).status, seat).toBe(404)
  await begin('clerk', project.id, 'construction-plan', { documents: [own] })
  for (const seat of ['clerk', 'head', 'center', 'auditor'] as const) expect((await download(seat)).status, seat).toBe(200)
  for (const seat of ['stranger', 'tender', 'district', 'admin'] as const) expect((await download(seat)).status, seat).toBe(404)
})

test('a check of a decision says what the rules say and leaves nothing behind', async () => {
  const project = await draft()
  await allow(['argued-by-center', 'establish-by-plan', 'joint-review', 'reviewed-by-center'])
  const establishment = await begin('clerk', project.id, 'establishment', { documents: [await paper('clerk', 'project-proposal')] }).catch(
    String,
  )
  expect(establishment).toContain('项目尚未申报')
  await file(project.id)
  const caseId = await begin('clerk', project.id, 'establishment', { documents: [await paper('clerk', 'project-proposal')] })
  await allow([])
  for (const kind of ['feasibility-report', 'preliminary-design']) {
    await decide('drc', caseId, 'approve')
    await decide('clerk', caseId, 'submit', { documents: [await paper('clerk', kind)] })
  }
  const drc = await city.as('drc')
  const taskId = (await view('drc', caseId)).tasks[0]?.id
  const deed = { ...empty, taskId, outcome: 'approve', form: { approvedFen: 100, documentNumber: '' } }
  const audit = await auditOf(async () => {
    const checked = await drc.post<Refusal>(`/api/v1/cases/${caseId}/check`, deed)
    expect(checked.status).toBe(200)
    expect(checked.body.findings?.map((one) => one.rule).sort()).toEqual([
      'argued-by-center',
      'establish-by-plan',
      'joint-review',
      'reviewed-by-center',
    ])
  })
  expect(audit).toEqual([])
  expect((await view('drc', caseId)).tasks[0]?.id).toBe(taskId)
  const refused = await drc.post<Refusal>(`/api/v1/cases/${caseId}/acts`, deed)
  expect(refused.status).toBe(409)
  expect(refused.body.findings?.map((one) => one.rule).sort()).toContain('argued-by-center')
})

test('who may not act is not told what the form would have asked for', async () => {
  const project = await draft()
  await file(project.id)
  await allow(['argued-by-center', 'establish-by-plan', 'joint-review', 'reviewed-by-center'])
  const caseId = await begin('clerk', project.id, 'establishment', { documents: [await paper('clerk', 'project-proposal')] })
  for (const kind of ['feasibility-report', 'preliminary-design']) {
    await decide('drc', caseId, 'approve')
    await decide('clerk', caseId, 'submit', { documents: [await paper('clerk', kind)] })
  }
  await allow([])
  const taskId = (await view('drc', caseId)).tasks[0]?.id
  expect(await act<Refusal>('center', caseId, 'approve', { taskId })).toMatchObject({ status: 403, body: { code: 'task.not_holder' } })
  const holder = await act<Refusal>('drc', caseId, 'approve', { taskId })
  expect(holder).toMatchObject({ status: 422, body: { code: 'form.invalid', fields: [{ path: 'form/approvedFen' }] } })
})

interface WorkList {
  items: { caseId: string; taskId: string | null; stepTitle: string | null }[]
  nextCursor: string | null
}

/** All pages of a list, two at a time. */
async function pages<T>(seat: SeatName, url: string, limit = 2): Promise<T[]> {
  const person = await city.as(seat)
  const items: T[] = []
  let cursor: string | null = null
  do {
    const next: string = cursor === null ? '' : `&cursor=${cursor}`
    const page = await person.get<{ items: T[]; nextCursor: string | null }>(`${url}${url.includes('?') ? '&' : '?'}limit=${limit}${next}`)
    expect(page.status, JSON.stringify(page.body)).toBe(200)
    expect(page.body.items.length).toBeLessThanOrEqual(limit)
    items.push(...page.body.items)
    cursor = page.body.nextCursor
  } while (cursor !== null)
  return items
}

test('work lists page without gaps or duplicates though everything happened in one instant', async () => {
  for (let i = 0; i < 5; i++) await givenFiled()
  for (const [seat, box] of [
    ['center', 'todo'],
    ['clerk', 'started'],
    ['center', 'done'],
  ] as const) {
    const url = `/api/v1/tasks?box=${box}`
    const whole = (await (await city.as(seat)).get<WorkList>(`${url}&limit=200`)).body.items
    const paged = await pages<WorkList['items'][number]>(seat, url)
    expect(whole.length, box).toBeGreaterThan(4)
    expect(paged, box).toEqual(whole)
  }
})

test('two tasks of one case that wait for the same person are both listed, on whatever page', async () => {
  const { projectId } = await givenFiled()
  const problem = await (await city.as('center')).post<{ cases: { caseId: string }[] }>('/api/v1/supervision/problems', {
    secrecy: false,
    projectId,
    party: 'builder',
    kind: 'data-not-shared',
    description: '数据未按要求共享。',
    demand: '完成数据对接。',
    foundOn: '2026-03-01',
    dueOn: '2026-12-31',
  })
  const caseId = problem.body.cases[0]?.caseId ?? ''
  await decide('center2', caseId, 'agree')
  await decide('drc', caseId, 'agree')
  // The head of the unit is applicant and user unit: the report may be handed in as either.
  const listed = (await pages<WorkList['items'][number]>('head', '/api/v1/tasks?box=todo', 1)).filter((line) => line.caseId === caseId)
  expect(listed).toHaveLength(2)
  expect(new Set(listed.map((line) => line.taskId)).size).toBe(2)
})

test('the number at 待办 is the length of the list, and what is overdue is counted', async () => {
  for (const seat of ['center', 'head', 'drc', 'stranger'] as const) {
    const person = await city.as(seat)
    const counts = (await person.get<{ open: number; overdue: number }>('/api/v1/tasks/counts')).body
    const list = await pages<WorkList['items'][number]>(seat, '/api/v1/tasks?box=todo', 50)
    expect(counts.open, seat).toBe(list.length)
    expect(counts.overdue, seat).toBe(0)
  }
  await owner.query(`update cases.task set due_at = '2026-02-01' where closed_at is null and duty = 'drc'`)
  const drc = (await (await city.as('drc')).get<{ open: number; overdue: number }>('/api/v1/tasks/counts')).body
  expect(drc.overdue).toBe(drc.open)
})

test('已办 holds what one decided, 我发起 what one handed in', async () => {
  const { caseId } = await givenFiled()
  await decide('center', caseId, 'pass')
  const boxOf = async (seat: SeatName, box: string) =>
    (await (await city.as(seat)).get<WorkList>(`/api/v1/tasks?box=${box}&limit=200`)).body.items.map((line) => line.caseId)
  expect(await boxOf('center', 'done')).toContain(caseId)
  expect(await boxOf('clerk', 'started')).toContain(caseId)
  expect(await boxOf('clerk', 'done')).not.toContain(caseId)
  expect(await boxOf('center2', 'done')).not.toContain(caseId)
  expect(await boxOf('center', 'todo')).not.toContain(caseId)
})

test('a procedure that the pack does not have is a 404, and one that it has says how it begins', async () => {
  const clerk = await city.as('clerk')
  expect((await clerk.get('/api/v1/procedures/no-such')).status).toBe(404)
  const start = await clerk.get<{ step: { id: string; documents: { kind: string; required: boolean }[] } }>(
    '/api/v1/procedures/construction-plan',
  )
  expect(start.body.step).toMatchObject({ id: 'submit-plan', documents: [{ kind: 'construction-plan', required: true }] })
})

test('a case that an earlier version stored, with its procedure, goes on after the upgrade', async () => {
  const { caseId } = await givenFiled()
  const ofCase = ['codes', 'countersigns', 'asks', 'demands', 'kept', 'mergedInto']
  const ofTask = ['limit', 'paused', 'holder', 'entrusted', 'handoffs', 'shelved', 'extensions', 'urgedAt']
  await owner.query(
    `update cases.case_file set state = (state - $2::text[]) || jsonb_build_object(
       'tasks', (select jsonb_agg(task - $3::text[]) from jsonb_array_elements(state -> 'tasks') task),
       'history', (select jsonb_agg(line - 'detail') from jsonb_array_elements(state -> 'history') line)) where id = $1`,
    [caseId, ofCase, ofTask],
  )
  await owner.query(
    `update cases.definition d set body = (body - 'control') || jsonb_build_object('steps',
       (select jsonb_agg(step - array['asks', 'pauses']) from jsonb_array_elements(body -> 'steps') step))
     from cases.case_file f where f.id = $1 and d.procedure = f.procedure and d.procedure_version = f.procedure_version`,
    [caseId],
  )
  expect((await view('center', caseId)).tasks).toHaveLength(1)
  await decide('center', caseId, 'return', { opinion: '请补充依据' })
  expect((await view('clerk', caseId)).status).toBe('returned')
})

test('work that comes to a duty which nobody bears is told to who gives duties, once, and the path says so until somebody bears it', async () => {
  const vacancies = async () => {
    const { body } = await (await city.as('admin')).get<{ items: { title: string; href: string }[] }>('/api/v1/notices')
    return body.items.filter(({ title }) => title.startsWith('无人承办'))
  }
  const remarks = async (caseId: string) => {
    const seen = (await view('clerk', caseId)) as CaseAnswer & { path: { steps: { remarks: string[] }[] } }
    return seen.path.steps.flatMap((step) => step.remarks)
  }
  await givenFiled()
  expect(await vacancies()).toEqual([])
  await owner.query(`update identity.post_duty set duty = 'vacant' where duty = 'big-data-center'`)
  const { caseId } = await givenFiled()
  expect(await vacancies()).toMatchObject([{ title: '无人承办：全市没有人担任“市大数据中心”', href: '/organisations' }])
  expect(await remarks(caseId)).toEqual(['无人承办：全市没有人担任“市大数据中心”，已提醒系统管理员指定'])
  await owner.query(`update identity.post_duty set duty = 'big-data-center' where duty = 'vacant'`)
  expect(await remarks(caseId)).toEqual([])
})
