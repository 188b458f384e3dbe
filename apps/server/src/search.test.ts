import { foldForSearch } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { deskOf } from './testing/desk.ts'
import { type SeatName, seats, smallCity } from './testing/small-city.ts'

const { db, pool, owner } = await testDatabase()
const city = await smallCity(db)
const desk = deskOf(city)

interface Hit {
  kind: string
  id: string
  title: string
  note: string | null
  href: string
}
interface Found {
  items: Hit[]
  nextCursor: string | null
  groups: { kind: string; title: string; count: number; more: boolean }[]
  words: string[]
}

const ask = async (seat: SeatName, q: string, more = '') =>
  (await city.as(seat)).get<Found & { code: string }>(`/api/v1/search?q=${encodeURIComponent(q)}${more}`)
const found = async (seat: SeatName, q: string, kind: string) =>
  (await ask(seat, q, `&kinds=${kind}`)).body.items.map(({ title }) => title).sort()

const names = ['低保家庭经济状况核对系统', '殡葬服务ＡＰＰ（二期）', '民政50%补贴_核算', '养老服务平台']

beforeAll(async () => {
  for (const name of names) await desk.draft({ name })
  const filed = await desk.draft({ name: '婚姻登记智能预约系统' })
  await desk.file(filed.id)
  await pool.query(
    `with firm as (insert into projects.enterprise (name, registered_by, registered_at) values ('内蒙古数科有限公司', 'x', now()) returning id)
     insert into projects.contract (project_id, number, supplier, enterprise_id, amount_fen, signed_on, registered_by, registered_at)
     select $1, '乌海大数据采〔2026〕17号', '内蒙古数科有限公司', id, 100, '2026-01-05', 'x', now() from firm`,
    [filed.id],
  )
  await pool.query(
    `insert into projects.tender_result (project_id, venue, notice_number, winner, amount_fen, opened_on, registered_by, registered_at)
     values ($1, '市公共资源交易中心', 'WHZC-2026-G-031', '内蒙古数科有限公司', 100, '2026-01-04', 'x', now())`,
    [filed.id],
  )
  const center = await city.as('center')
  const proposed = await center.post<{ cases: { caseId: string }[] }>('/api/v1/supervision/problems', {
    ...{ secrecy: false, projectId: filed.id, party: 'builder', kind: 'not-on-cloud' },
    ...{ description: '未上云', demand: '迁移上云', foundOn: '2026-02-27', dueOn: '2026-04-10' },
  })
  const caseId = proposed.body.cases[0]?.caseId ?? ''
  await desk.decide('center2', caseId, 'agree')
  await desk.decide('drc', caseId, 'agree')
})

describe('words', () => {
  test.each([
    ['one character', '殡', ['殡葬服务ＡＰＰ（二期）']],
    ['two characters', '养老', ['养老服务平台']],
    ['three characters', '核对系', ['低保家庭经济状况核对系统']],
    ['several words, all of them', '服务 平台', ['养老服务平台']],
    ['the same pairs in another order are no word', '况状', []],
    ['letters in any case and width', 'app', ['殡葬服务ＡＰＰ（二期）']],
    ['brackets of any form', '[二期]', ['殡葬服务ＡＰＰ（二期）']],
    ['full-width digits', '５０', ['民政50%补贴_核算']],
    ['a percent sign is a percent sign', '%', ['民政50%补贴_核算']],
    ['an underscore is an underscore', '_', ['民政50%补贴_核算']],
    ['neither stands for anything', '养%台', []],
    ['a backslash is nothing else', '\\', []],
  ])('%s', async (_, q, titles) => expect(await found('clerk', q, 'project')).toEqual(titles.sort()))

  test.each(['[2026]17', '(2026)17', '（2026）17', '【2026】17', '〔2026〕17', '〖2026〗 17号', '［２０２６］１７号'])(
    'a document number is found however its brackets are typed: %s',
    async (q) => {
      const { body } = await ask('clerk', q, '&kinds=contract')
      expect(body.items).toMatchObject([{ title: '乌海大数据采〔2026〕17号', note: '内蒙古数科有限公司 · 婚姻登记智能预约系统' }])
    },
  )

  test('are folded alike by the program and by the database', async () => {
    const texts = ['ＡbＣ１２（三）［4］【5】〖6〗{7}〔8〕', 'Ａ＝Ｂ　Ｃ', '﹝９﹞', 'Ⅳ級①', 'ÀÉ', '殡葬服务ＡＰＰ', '\u{20000}字']
    for (const text of texts) {
      const { rows } = await pool.query('select kernel.search_fold($1) as folded', [text])
      expect(rows[0].folded, text).toBe(foldForSearch(text))
    }
  })

  test('a question without any word finds nothing; none at all is refused', async () => {
    expect(await ask('clerk', '　 ')).toMatchObject({ status: 400 })
    expect(await ask('clerk', 'x'.repeat(101))).toMatchObject({ status: 400 })
    expect(await ask('clerk', '养老', '&kinds=secret')).toMatchObject({ status: 422, body: { code: 'search.unknown_kind' } })
    expect(await ask('clerk', '养老', '&cursor=x')).toMatchObject({ status: 400, body: { code: 'request.bad_cursor' } })
  })
})

describe('kinds', () => {
  test('all at once, each with its count', async () => {
    const { body } = await ask('clerk', '婚姻登记')
    expect(body.groups).toContainEqual({ kind: 'project', title: '项目', count: 1, more: false })
    expect(body.groups).toContainEqual({ kind: 'case', title: '办件', count: 2, more: false })
    expect(body.items.map(({ kind }) => kind)).toEqual(['project', 'case', 'case', 'problem'])
  })

  test('articles by their words, organisations by their name', async () => {
    expect((await ask('clerk', '信息机房 不再自建', '&kinds=article')).body.items).toContainEqual(
      expect.objectContaining({ id: 'WH23-4', href: '/policy/wuhai-2023/WH23-4' }),
    )
    expect(await found('clerk', '民政局', 'organisation')).toEqual(['市民政局'])
  })

  test('an issued paper by its document number and a tender by its notice or the winner, each with what it is about', async () => {
    for (const q of ['乌数整〔2026〕1号', '[2026]1号', '数整']) {
      const [hit, ...more] = (await ask('clerk', q, '&kinds=document')).body.items
      expect(more, q).toEqual([])
      expect(hit, q).toMatchObject({ title: '乌数整〔2026〕1号', note: expect.stringContaining('婚姻登记智能预约系统') })
      expect(hit?.href, q).toMatch(/^\/problems\//)
    }
    for (const q of ['whzc-2026-g-031', '数科'])
      expect((await ask('clerk', q, '&kinds=tender')).body.items, q).toMatchObject([
        { title: 'WHZC-2026-G-031', note: '内蒙古数科有限公司 · 婚姻登记智能预约系统' },
      ])
  })

  test('people are found by civil servants, and by nobody outside', async () => {
    expect(await found('stranger', '民政申报员', 'person')).toEqual(['民政申报员'])
    await pool.query(
      `update identity.post_duty set duty = 'citizen' where post_id = (select p.id from identity.post p join identity.person n on n.id = p.person_id where n.name = '交易中心登记员')`,
    )
    expect(await found('tender', '民政申报员', 'person')).toEqual([])
  })

  test('one kind goes on page by page, each thing once', async () => {
    const seen: string[] = []
    let cursor = ''
    do {
      const { body } = await ask('clerk', '服务', `&kinds=project&limit=1${cursor}`)
      seen.push(...body.items.map(({ id }) => id))
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`
    } while (cursor !== '')
    expect(seen.length).toBe(2)
    expect(new Set(seen).size).toBe(2)
  })
})

describe('what may not be read', () => {
  test('cannot be told from what does not exist: lines, counts, pages and words are the same', async () => {
    const there = await ask('stranger', '低保家庭经济状况')
    const nowhere = await ask('stranger', '不存在的经济状况')
    expect({ ...there.body, words: [] }).toEqual({ ...nowhere.body, words: [] })
    for (const kind of ['project', 'case', 'contract', 'system', 'resource', 'problem', 'document', 'tender'])
      for (const q of ['登记', '2026', '数']) expect(await found('stranger', q, kind), `${kind} ${q}`).toEqual([])
  })

  test('whatever anybody finds, they may open', async () => {
    for (const seat of Object.keys(seats) as SeatName[]) {
      if (seat === 'tender') continue
      const person = await city.as(seat)
      for (const kind of ['project', 'case', 'contract', 'document', 'tender'])
        for (const q of ['系统', '服务', '2026', '登记'])
          for (const { href } of (await ask(seat, q, `&kinds=${kind}`)).body.items)
            expect((await person.get(`/api/v1${href.replace('/problems/', '/supervision/problems/')}`)).status, `${seat} ${href}`).toBe(200)
    }
  })

  test('whatever case anybody may open, they find: as applicant, holder, colleague, overseer, by a copy, by its subject', async () => {
    const { rows } = await pool.query(`select id, title from cases.case_file`)
    await city.as('stranger')
    await pool.query(
      `insert into cases.copy (case_id, seq, holder_key, from_name, note, sent_at)
       select id, 1, (select 'p:' || a.person_id || '@health' from identity.account a where a.username = 'stranger'), 'x', null, now() from cases.case_file`,
    )
    await pool.query(
      `update cases.case_file set overseers = array[(select a.person_id::text from identity.account a where a.username = 'police')]`,
    )
    const opening = new Set<boolean>()
    for (const seat of Object.keys(seats) as SeatName[])
      for (const { id } of rows) {
        const opened = (await (await city.as(seat)).get(`/api/v1/cases/${id}`)).status === 200
        const hits = (await ask(seat, '婚姻登记', '&kinds=case')).body.items.map((hit) => hit.id)
        expect(hits.includes(id), seat).toBe(opened)
        opening.add(opened)
      }
    expect(opening).toEqual(new Set([true, false]))
  })
})

test('the index is used, also for words of one and of two characters', async () => {
  await pool.query(
    `insert into projects.project (name, kind, stage, owner_org_id, owner_org_kind, builder_org_id, user_unit_org_id, summary, plan_basis, builder, reach,
       deliverables, funding, superior_coordinated, app_stage, necessity, planned_deployment, om_cost_fen, budget_fen, responsible_person,
       no_data_reason, urgency, urgency_reason, created_by, created_at, updated_by, updated_at)
     select '第' || n || '期平台', 'new', 'draft', 'health', 'city-department', 'health', 'health', '', '', 'department', 'single-department', '{}', '{}',
       false, 'none', '', 'gov-cloud', 0, n, '', '', 'none', '', 'x', now(), 'x', now()
     from generate_series(1, 3000) n`,
  )
  await owner.query('analyze projects.project')
  for (const [word, grams] of [
    ['殡', ['殡']],
    ['养老', ['养老']],
  ] as const) {
    const { rows } = await pool.query(
      `explain select 1 from projects.project where kernel.search_grams(name) @> $1::text[] and kernel.search_fold(name) like all ($2::text[])`,
      [grams, [`%${word}%`]],
    )
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('project_search_idx')
  }
})
