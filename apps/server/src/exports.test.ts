import { readWorkbook } from '@tongchou/exports'
import { sessionCookie } from '@tongchou/identity'
import { testDatabase } from '@tongchou/testing'
import { describe, expect, test, vi } from 'vitest'
import { clientOf } from './testing/client.ts'
import { goodProposal, smallCity } from './testing/small-city.ts'

const { db, pool } = await testDatabase()
const city = await smallCity(db)
const client = clientOf(city)

interface Made {
  id: string
  state: string
  doneCount: number
  totalCount: number | null
  failure: string | null
  filters: { title: string; value: string }[]
  fileName: string
}

const projectsWish = (changes: Record<string, unknown> = {}) => ({
  list: 'listProjects',
  params: {},
  query: {},
  columns: ['name', 'owner', 'stage', 'budget', 'approved', 'updated'],
  ...changes,
})

async function sheetOf(seat: Parameters<typeof city.as>[0], id: string) {
  const { answer } = await client.ask({ method: 'GET', url: `/api/v1/exports/${id}/file` }, seat)
  expect(answer.statusCode).toBe(200)
  const [list, about] = await readWorkbook(answer.rawPayload)
  return { list: list?.rows ?? [], about: about?.rows ?? [], name: list?.name, answer }
}

const auditOf = async (id: string) =>
  (await pool.query(`select action, outcome, person_name, detail from kernel.audit_event where subject_id = $1 order by seq`, [id])).rows

describe('a short list', () => {
  test('is exported cell by cell as the API shows it, in the chosen columns and in their order', async () => {
    const clerk = await city.as('clerk')
    await clerk.post('/api/v1/projects', goodProposal({ name: '=HYPERLINK("http://x","低保核对")' }))
    city.clock.tick(1000)
    await clerk.post('/api/v1/projects', goodProposal({ name: '殡葬服务系统', systems: [] }))
    const shown = await clerk.get<{ items: { name: string; owner: { name: string }; budgetFen: number; updatedAt: string }[] }>(
      '/api/v1/projects',
    )
    const made = await clerk.post<Made>('/api/v1/exports', projectsWish())
    expect(made).toMatchObject({ status: 201, body: { state: 'ready', doneCount: 2, filters: [] } })
    const { list, about, name, answer } = await sheetOf('clerk', made.body.id)
    expect(name).toBe('项目列表')
    expect(answer.headers['content-disposition']).toContain(encodeURIComponent('项目列表_20260302_0900.xlsx'))
    expect(list[0]?.map((cell) => cell.value)).toEqual(['项目名称', '申报单位', '阶段', '申报投资（元）', '批复概算（元）', '更新时间'])
    const local = (at: string) => new Date(new Date(at).getTime() + 8 * 3_600_000)
    expect(list.slice(1).map((row) => row.map((cell) => cell.value))).toEqual(
      shown.body.items.map((p) => [
        p.name.startsWith('=') ? `'${p.name}` : p.name,
        p.owner.name,
        '草稿',
        p.budgetFen / 100,
        null,
        local(p.updatedAt),
      ]),
    )
    expect(list[1]?.[3]?.format).toBe('#,##0.00')
    const facts = Object.fromEntries(about.map((row) => [row[0]?.value, row[1]?.value]))
    expect(facts).toMatchObject({
      列表: '项目列表',
      筛选条件: '无',
      条数: '2',
      导出人: '市民政局 工作人员 民政申报员',
      导出时间: '2026-03-02 09:00',
    })
    expect(await auditOf(made.body.id)).toMatchObject([
      { action: 'export.made', outcome: 'done', person_name: '民政申报员', detail: { list: 'listProjects', rows: 2 } },
      { action: 'export.downloaded' },
    ])
  })

  test('has the filters of the screen, named in words, and columns in another order', async () => {
    const clerk = await city.as('clerk')
    const wish = projectsWish({ query: { q: '殡葬', stage: 'draft', ownerOrgId: 'civil-affairs' }, columns: ['stage', 'name'] })
    const made = await clerk.post<Made>('/api/v1/exports', wish)
    expect(made.body.filters).toEqual([
      { title: '项目名称', value: '殡葬' },
      { title: '阶段', value: '草稿' },
      { title: '申报单位', value: '市民政局' },
    ])
    const { list } = await sheetOf('clerk', made.body.id)
    expect(list.map((row) => row.map((cell) => cell.value))).toEqual([
      ['阶段', '项目名称'],
      ['草稿', '殡葬服务系统'],
    ])
  })

  test('has the order of the screen, page by page as well', async () => {
    const clerk = await city.as('clerk')
    await clerk.post(
      '/api/v1/projects',
      goodProposal({ name: '小额项目', budgetLines: [{ title: '软件', category: 'software', amountFen: 1 }] }),
    )
    for (const sort of ['budget', '-budget', 'updated', '-updated']) {
      const seen: string[] = []
      let cursor = ''
      do {
        const { body } = await clerk.get<{ items: { name: string }[]; nextCursor: string | null }>(
          `/api/v1/projects?sort=${sort}&limit=1${cursor}`,
        )
        seen.push(...body.items.map(({ name }) => name))
        cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`
      } while (cursor !== '')
      expect(new Set(seen).size, sort).toBe(3)
      if (sort.endsWith('budget')) expect(seen.at(sort === 'budget' ? 0 : -1), sort).toBe('小额项目')
      const made = await clerk.post<Made>('/api/v1/exports', projectsWish({ query: { sort }, columns: ['name'] }))
      const { list } = await sheetOf('clerk', made.body.id)
      expect(
        list.slice(1).map((row) => String(row[0]?.value).replace(/^'/, '')),
        sort,
      ).toEqual(seen)
    }
  })

  test('holds what the maker may read and nothing else', async () => {
    const made = await (await city.as('stranger')).post<Made>('/api/v1/exports', projectsWish())
    expect(made.body).toMatchObject({ state: 'ready', doneCount: 0 })
  })

  test('asked for twice under one key is made once', async () => {
    const clerk = await city.as('clerk')
    const headers = { 'idempotency-key': 'once' }
    const [one, two] = [
      await clerk.post<Made>('/api/v1/exports', projectsWish(), headers),
      await clerk.post<Made>('/api/v1/exports', projectsWish(), headers),
    ]
    expect(two.body.id).toBe(one.body.id)
  })
})

describe('what is refused', () => {
  test.each([
    ['a list that there is not', { list: 'listSecrets' }, 422, 'export.unknown_list'],
    ['a column that the list does not have', { columns: ['name', 'secret'] }, 422, 'export.unknown_column'],
    ['a filter that the list does not have', { query: { owner: 'x' } }, 400, 'request.invalid'],
    ['a value that the filter does not know', { query: { stage: 'finished' } }, 400, 'request.invalid'],
  ])('%s', async (_, change, status, code) => {
    const refused = await (await city.as('clerk')).post('/api/v1/exports', projectsWish(change))
    expect(refused).toMatchObject({ status, body: { code } })
  })

  test('a list that the duty does not open, with who could; one audit row says so', async () => {
    const before = await pool.query(`select count(*)::int as n from kernel.audit_event where outcome = 'refused'`)
    const wish = { list: 'listPeople', params: {}, query: {}, columns: ['name'] }
    const refused = await (await city.as('clerk')).post('/api/v1/exports', wish)
    expect(refused).toMatchObject({ status: 403, body: { code: 'duty.missing', duties: ['system-admin'] } })
    const after = await pool.query(`select count(*)::int as n from kernel.audit_event where outcome = 'refused'`)
    expect(after.rows[0].n).toBe(before.rows[0].n + 1)
  })

  test('the file of somebody else: not to be known, whatever duty asks', async () => {
    const made = await (await city.as('clerk')).post<Made>('/api/v1/exports', projectsWish())
    for (const seat of ['head', 'center', 'admin'] as const)
      for (const path of ['', '/file']) {
        const answer = await (await city.as(seat)).get(`/api/v1/exports/${made.body.id}${path}`)
        expect(answer, `${seat}${path}`).toMatchObject({ status: 404 })
      }
    expect(await (await city.as('head')).post(`/api/v1/exports/${made.body.id}/cancellation`)).toMatchObject({ status: 404 })
    expect((await (await city.as('head')).get<{ items: unknown[] }>('/api/v1/exports')).body.items).toEqual([])
  })

  test('to stop what has ended', async () => {
    const clerk = await city.as('clerk')
    const made = await clerk.post<Made>('/api/v1/exports', projectsWish())
    expect(await clerk.post(`/api/v1/exports/${made.body.id}/cancellation`)).toMatchObject({
      status: 409,
      body: { code: 'export.not_running' },
    })
  })

  test('a file whose time is over; the runner forgets its content', async () => {
    const clerk = await city.as('clerk')
    const made = await clerk.post<Made>('/api/v1/exports', projectsWish())
    await pool.query(`update exports.export set expires_at = '2026-03-01T00:00:00Z' where id = $1`, [made.body.id])
    expect(await clerk.get(`/api/v1/exports/${made.body.id}/file`)).toMatchObject({ status: 409, body: { code: 'export.expired' } })
    expect(await clerk.get(`/api/v1/exports/${made.body.id}`)).toMatchObject({ body: { state: 'expired' } })
    const runner = await city.runner.start({ pool, db, clock: city.clock, onError: (error) => expect.unreachable(String(error)) })
    await vi.waitFor(
      async () => expect((await pool.query('select 1 from exports.export_piece where export_id = $1', [made.body.id])).rowCount).toBe(0),
      { timeout: 20_000, interval: 50 },
    )
    await runner.stop()
  })

  test('without a session, 401', async () => {
    const answer = await city.app.inject({
      method: 'POST',
      url: '/api/v1/exports',
      payload: projectsWish(),
      cookies: { [sessionCookie]: 'x'.repeat(40) },
    })
    expect(answer.statusCode).toBe(401)
  })
})

/** Lets the runner work until an export has ended. */
async function untilEnded(id: string) {
  const runner = await city.runner.start({ pool, db, clock: city.clock, onError: (error) => expect.unreachable(String(error)) })
  try {
    await vi.waitFor(
      async () => {
        const { rows } = await pool.query(`select 1 from exports.export where id = $1 and state <> 'running'`, [id])
        expect(rows).toHaveLength(1)
      },
      { timeout: 20_000, interval: 50 },
    )
  } finally {
    await runner.stop()
  }
}

describe('a long list', () => {
  const rows = 7000
  test('is exported in the background, whole, and tells when it is ready', async () => {
    await pool.query(
      `insert into projects.project (name, kind, stage, owner_org_id, owner_org_kind, builder_org_id, user_unit_org_id, summary, plan_basis, builder, reach,
         deliverables, funding, superior_coordinated, app_stage, necessity, planned_deployment, om_cost_fen, budget_fen, responsible_person,
         no_data_reason, urgency, urgency_reason, created_by, created_at, updated_by, updated_at)
       select '长表' || n, 'new', 'draft', 'health', 'city-department', 'health', 'health', '', '', 'department', 'single-department', '{}', '{}', false, 'none', '',
         'gov-cloud', 0, n, '', '', 'none', '', 'x', now(), 'x', '2026-01-01'::timestamptz + n * interval '1 second'
       from generate_series(1, ${rows}) n`,
    )
    const stranger = await city.as('stranger')
    const begun = await stranger.post<Made>('/api/v1/exports', projectsWish({ columns: ['name', 'budget'] }))
    expect(begun).toMatchObject({ status: 201, body: { state: 'running', totalCount: rows, doneCount: 0 } })
    expect(await stranger.get(`/api/v1/exports/${begun.body.id}/file`)).toMatchObject({ status: 409, body: { code: 'export.not_ready' } })
    await untilEnded(begun.body.id)
    const ended = await stranger.get<Made>(`/api/v1/exports/${begun.body.id}`)
    expect(ended.body).toMatchObject({ state: 'ready', doneCount: rows })
    const { list } = await sheetOf('stranger', begun.body.id)
    expect(new Set(list.slice(1).map((row) => row[0]?.value)).size).toBe(rows)
    expect(list[1]?.map((cell) => cell.value)).toEqual([`长表${rows}`, rows / 100])
    const notices = await pool.query(`select kind, title from notices.notice where subject_id = $1`, [begun.body.id])
    expect(notices.rows).toEqual([{ kind: 'export.ready', title: '“项目列表”已导出' }])
    expect((await auditOf(begun.body.id)).map((line) => line.action)).toEqual(['export.requested', 'export.made', 'export.downloaded'])
  })

  test('stops when told to; nothing is left of the file', async () => {
    const stranger = await city.as('stranger')
    const begun = await stranger.post<Made>('/api/v1/exports', projectsWish())
    const stopped = await stranger.post<Made>(`/api/v1/exports/${begun.body.id}/cancellation`)
    expect(stopped.body.state).toBe('cancelled')
    await untilEnded(begun.body.id)
    expect((await stranger.get<Made>(`/api/v1/exports/${begun.body.id}`)).body.state).toBe('cancelled')
    expect((await pool.query('select 1 from exports.export_piece where export_id = $1', [begun.body.id])).rowCount).toBe(0)
    expect((await auditOf(begun.body.id)).map((line) => line.action)).toEqual(['export.requested', 'export.cancelled'])
  })

  test('fails with the reason when the post was lost meanwhile', async () => {
    const stranger = await city.as('stranger')
    const begun = await stranger.post<Made>('/api/v1/exports', projectsWish())
    await pool.query(`update identity.account set status = 'disabled' where username = 'stranger'`)
    await untilEnded(begun.body.id)
    await pool.query(`update identity.account set status = 'active' where username = 'stranger'`)
    const { rows: ended } = await pool.query('select state, failure from exports.export where id = $1', [begun.body.id])
    expect(ended).toEqual([{ state: 'failed', failure: '导出人已不在原岗位，或账号已停用，导出没有完成。' }])
  })

  test('of five that one account begins at once three go on', async () => {
    const stranger = await city.as('stranger')
    const begun = await Promise.all([1, 2, 3, 4, 5].map(() => stranger.post<{ code?: string }>('/api/v1/exports', projectsWish())))
    expect(begun.map(({ status, body }) => body.code ?? status).sort()).toEqual([201, 201, 201, 'export.too_many', 'export.too_many'])
  })
})
