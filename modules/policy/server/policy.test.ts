import { join } from 'node:path'
import { type Actor, blocking, buildApp, type Ctx, fixedClock, inTransaction, systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { setModes } from './mode-setting.service.ts'
import { readExamples } from './pack-examples.ts'
import { loadPacks } from './pack-library.ts'
import { policyRoutes } from './policy.routes.ts'
import { judge, judgePort } from './policy.service.ts'

const library = loadPacks(join(import.meta.dirname, '../../../policy-packs'))
const pack = library.packs.get('wuhai-2023')?.[0]
const inOrder = Object.fromEntries((pack && readExamples(pack).find(({ id }) => id === 'in-order/project.apply')?.facts) ?? [])

const { db, owner } = await testDatabase()
const clock = fixedClock('2026-11-22T01:00:00Z')

function actorOf(role: string, name: string): Actor {
  return {
    ...systemActor,
    personId: '00000000-0000-4000-8000-000000000001',
    orgId: role,
    orgName: `${role}机构`,
    name,
    roles: new Set([role]),
  }
}
const actors: Record<string, Actor> = {
  center: actorOf('big-data-center', '王敏'),
  colleague: actorOf('big-data-center', '李强'),
  applicant: actorOf('applicant', '赵丽'),
}
const app = await buildApp({ db, now: clock.now, authenticate: async (request) => actors[String(request.headers['x-as'])] ?? null })
await app.register(policyRoutes, { prefix: '/api/v1', library, db, now: clock.now })
await app.ready()
afterAll(() => app.close())
beforeEach(async () => {
  await owner.query('delete from policy.mode_setting')
})

function ctxOf(actor: Actor): Ctx {
  return { db, actor, now: clock.now, requestId: 'test', inside: false }
}

async function get(path: string, as = '') {
  return app.inject({ method: 'GET', url: `/api/v1${path}`, headers: { 'x-as': as } })
}

async function evaluateOn(packId: string, body: object, as = 'applicant') {
  return app.inject({ method: 'POST', url: `/api/v1/policy-packs/${packId}/evaluate`, headers: { 'x-as': as }, payload: body })
}

async function put(body: object, as = 'center', packId = 'wuhai-2023') {
  return app.inject({ method: 'PUT', url: `/api/v1/policy-packs/${packId}/modes`, headers: { 'x-as': as }, payload: body })
}

async function rowsOf(table: string): Promise<number> {
  const { rows } = await owner.query(`select count(*)::int as n from ${table}`)
  return rows[0].n
}

describe('the library is open to everybody, as law is', () => {
  test('the list shows every pack, page by page', async () => {
    const whole = await get('/policy-packs')
    expect(whole.statusCode).toBe(200)
    expect(whole.json().items.map((item: { id: string }) => item.id)).toEqual([
      'golmud-2018',
      'urumqi-2007',
      'wuhai-2010',
      'wuhai-2012',
      'wuhai-2023',
    ])
    const first = (await get('/policy-packs?limit=2')).json()
    expect(first.items).toHaveLength(2)
    const second = (await get(`/policy-packs?limit=2&cursor=${first.nextCursor}`)).json()
    expect(second.items.map((item: { id: string }) => item.id)).toEqual(['wuhai-2010', 'wuhai-2012'])
    const last = (await get(`/policy-packs?limit=2&cursor=${second.nextCursor}`)).json()
    expect(last).toMatchObject({
      items: [{ id: 'wuhai-2023', short: 'WH23', status: 'draft', mode: 'advise', rulesLoaded: true }],
      nextCursor: null,
    })
    for (const bad of ['limit=0', 'limit=201', 'cursor=x', 'surprise=1']) expect((await get(`/policy-packs?${bad}`)).statusCode).toBe(400)
  })

  test('a pack shows what it rests on, what is damaged, and every article with what carries it', async () => {
    const detail = (await get('/policy-packs/wuhai-2023')).json()
    expect(detail.articles).toHaveLength(24)
    expect(detail.legalBasis).toContainEqual({ title: '《政务信息系统定义和范围》', held: false, note: '第二条以其确定适用范围。' })
    expect(detail.digest).toMatch(/^[0-9a-f]{64}$/)
    const damaged = (await get('/policy-packs/golmud-2018')).json()
    expect(damaged).toMatchObject({ rulesLoaded: false, damage: expect.arrayContaining([expect.stringContaining('丢失部分标点')]) })
  })

  test('an article shows its words, its rules and the steps and duties it creates', async () => {
    const article = (await get('/policy-packs/wuhai-2023/articles/WH23-12')).json()
    expect(article).toMatchObject({ id: 'WH23-12', label: '第十二条', chapter: '第四章 审批建设管理' })
    expect(article.text).toContain('未经过市大数据中心论证的项目不予立项')
    expect(article.rules.map((rule: { id: string }) => rule.id)).toEqual([
      'argued-by-center',
      'establish-by-plan',
      'tender-after-proposal',
      'tender-after-feasibility',
      'tender-after-design',
    ])
    expect(article.rules[0]).toMatchObject({
      acts: ['project.establish'],
      effect: 'refuse',
      modality: 'must',
      basis: 'text',
      mode: 'advise',
    })
    expect(article.rules[0].facts).toEqual(['project.arguedByCenter'])
    expect(article.steps).toContainEqual(
      expect.objectContaining({ procedure: 'establishment', step: 'approve-proposal', title: '审批项目建议书', duties: ['drc'] }),
    )
    expect(article.coverage.map((entry: { kind: string }) => entry.kind)).toContain('unspecified')
    const all = (await get('/policy-packs/wuhai-2023/articles/WH23-21')).json()
    expect(all.rules[0].acts).toBeNull()
  })

  test('a step is found by the article of a choice or an outcome too', async () => {
    const steps = (await get('/policy-packs/wuhai-2023/articles/WH23-15')).json().steps
    expect(steps).toContainEqual(expect.objectContaining({ procedure: 'acceptance', step: 'conclude' }))
  })

  test.each([
    '/policy-packs/wuhai-2099',
    '/policy-packs/wuhai-2099/articles/WH23-4',
    '/policy-packs/wuhai-2023/articles/WH23-99',
    '/policy-packs/wuhai-2023/articles/WH12-4',
  ])('%s is not there', async (path) => {
    const answer = await get(path)
    expect(answer.statusCode).toBe(404)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.json().code).toMatch(/^policy\.(pack|article)_not_found$/)
  })

  test('search finds words in all packs or one, with the words around them', async () => {
    const found = (await get(`/policy-packs/search?q=${encodeURIComponent('城市大脑')}`)).json()
    expect(found.items.map((item: { article: string }) => item.article)).toEqual(['WH23-4', 'WH23-9', 'WH23-20'])
    expect(found.items[0].excerpt).toMatch(/^….*须接入城市大脑平台.*…$/)
    const everywhere = (await get(`/policy-packs/search?q=${encodeURIComponent('专家')}`)).json().items
    expect(new Set(everywhere.map((item: { pack: string }) => item.pack)).size).toBeGreaterThan(2)
    const one = (await get(`/policy-packs/search?q=${encodeURIComponent('专家')}&pack=wuhai-2023`)).json().items
    expect(one.map((item: { article: string }) => item.article)).toEqual(['WH23-6'])
    const page = (await get(`/policy-packs/search?q=${encodeURIComponent('城市大脑')}&limit=2`)).json()
    const rest = (await get(`/policy-packs/search?q=${encodeURIComponent('城市大脑')}&limit=2&cursor=${page.nextCursor}`)).json()
    expect([...page.items, ...rest.items]).toEqual(found.items)
    expect(rest.nextCursor).toBeNull()
    expect((await get(`/policy-packs/search?q=${encodeURIComponent('没有这句话')}`)).json()).toEqual({ items: [], nextCursor: null })
    expect((await get('/policy-packs/search?q=.*')).json().items).toEqual([])
    for (const bad of ['', '?q=', '?q=%20', `?q=${'长'.repeat(101)}`, '?q=%00'])
      expect((await get(`/policy-packs/search${bad}`)).statusCode).toBe(400)
    expect((await get('/policy-packs/search?q=x&pack=none')).statusCode).toBe(404)
  })

  test('the vocabulary names acts, facts, who answers for them, and cures', async () => {
    const vocabulary = (await get('/policy-vocabulary')).json()
    expect(vocabulary.acts).toHaveLength(10)
    expect(vocabulary.roles).toContainEqual({ id: 'drc', title: '市发改委' })
    expect(vocabulary.facts).toContainEqual(
      expect.objectContaining({ name: 'project.deployment', type: 'enum', title: '部署位置', answeredBy: ['big-data-center'] }),
    )
    expect(vocabulary.facts.find((fact: { name: string }) => fact.name === 'rectification.party').values).toEqual([
      { value: 'builder', title: '项目建设单位' },
      { value: 'user-unit', title: '用户单位' },
    ])
  })
})

describe('evaluate', () => {
  test('answers as the contract shows', async () => {
    const answer = await evaluateOn('wuhai-2023', {
      act: 'project.apply',
      asOf: '2026-11-22',
      facts: { ...inOrder, 'project.deliverables': ['machine-room'] },
    })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({
      decision: 'refuse',
      regulated: true,
      findings: [
        {
          rule: 'no-own-infrastructure',
          effect: 'refuse',
          modality: 'must',
          basis: 'text',
          mode: 'advise',
          article: 'WH23-4',
          text: pack?.articles[3]?.text,
          message: '市直各政务部门不再自建数据中心、信息机房、视频平台、物联网平台等基础性、全局性、复用性信息化项目。',
          cure: '从建设内容中删去上述各项，改用市政务云计算中心和已有共享平台的能力。',
          facts: ['project.organisation', 'project.deliverables'],
          cureAct: 'project.edit',
        },
      ],
    })
  })

  test('keeps what a requirement asks for and whom a referral goes to', async () => {
    const facts = { ...inOrder, 'project.necessityShown': false, 'project.deliverables': ['public-app'], 'project.appStage': 'new' }
    const { findings } = (await evaluateOn('wuhai-2023', { act: 'project.apply', facts })).json()
    expect(findings).toMatchObject([
      { effect: 'refer', refersTo: 'big-data-center' },
      { effect: 'require', requires: { kind: 'document', value: 'construction-plan' } },
    ])
  })

  test('asks for today when no date is given, and is open to every account but to nobody else', async () => {
    expect((await evaluateOn('wuhai-2023', { act: 'project.apply', facts: inOrder })).json().decision).toBe('allow')
    expect((await evaluateOn('wuhai-2023', { act: 'project.apply', facts: {} })).json().decision).toBe('undecidable')
    expect((await evaluateOn('wuhai-2023', { act: 'project.apply', facts: {} }, '')).statusCode).toBe(401)
  })

  test('stores nothing', async () => {
    const before = await Promise.all(['kernel.audit_event', 'kernel.outbox', 'kernel.idempotency', 'policy.mode_setting'].map(rowsOf))
    const headers = { 'x-as': 'applicant', 'idempotency-key': 'k1' }
    const url = '/api/v1/policy-packs/wuhai-2023/evaluate'
    const answers = await Promise.all(
      ['own', 'gov-cloud'].map((deployment) =>
        app.inject({
          method: 'POST',
          url,
          headers,
          payload: { act: 'project.apply', facts: { ...inOrder, 'project.deployment': deployment } },
        }),
      ),
    )
    expect(answers.map((one) => one.json().decision)).toEqual(['refuse', 'allow'])
    expect(await Promise.all(['kernel.audit_event', 'kernel.outbox', 'kernel.idempotency', 'policy.mode_setting'].map(rowsOf))).toEqual(
      before,
    )
  })

  test.each(['golmud-2018', 'urumqi-2007', 'wuhai-2010', 'wuhai-2012'])('%s can be read but not judged by', async (id) => {
    const answer = await evaluateOn(id, { act: 'project.apply', facts: inOrder })
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'policy.rules_not_loaded'])
    expect(answer.json()).not.toHaveProperty('decision')
  })

  test.each<[string, object, string, string]>([
    ['an unknown act', { act: 'project.aply', facts: {} }, 'policy.unknown_act', 'act'],
    ['an unknown fact', { act: 'project.apply', facts: { 'project.knid': 'new' } }, 'policy.unknown_fact', 'facts.project.knid'],
    [
      'a fact of another type',
      { act: 'project.apply', facts: { 'project.emergency': 'no' } },
      'policy.wrong_type',
      'facts.project.emergency',
    ],
    ['a value that is none', { act: 'project.apply', facts: { 'project.kind': 'novel' } }, 'policy.wrong_type', 'facts.project.kind'],
    ['null', { act: 'project.apply', facts: { 'project.kind': null } }, 'policy.wrong_type', 'facts.project.kind'],
    [
      'a failed rectification that is not open',
      { act: 'payment.release', facts: { 'rectification.failed': true } },
      'policy.contradiction',
      'facts.rectification.failed',
    ],
    ['a date before the pack', { act: 'project.apply', asOf: '2023-09-06', facts: {} }, 'policy.no_version', 'asOf'],
  ])('%s is well-formed but not in the vocabulary', async (_, body, code, path) => {
    const answer = await evaluateOn('wuhai-2023', body)
    expect([answer.statusCode, answer.json().code]).toEqual([422, code])
    expect(answer.json().fields.map((field: { path: string }) => field.path)).toEqual([path])
  })

  test('the first day of the pack can be asked', async () => {
    expect((await evaluateOn('wuhai-2023', { act: 'project.apply', asOf: '2023-09-07', facts: inOrder })).statusCode).toBe(200)
  })

  test.each<[string, object]>([
    ['no act', { facts: {} }],
    ['no facts', { act: 'project.apply' }],
    ['facts as a list', { act: 'project.apply', facts: [] }],
    ['an act that is no text', { act: 1, facts: {} }],
    ['an unknown field', { act: 'project.apply', facts: {}, fact: {} }],
    ['a date that does not exist', { act: 'project.apply', facts: {}, asOf: '2026-02-30' }],
    ['a null date', { act: 'project.apply', facts: {}, asOf: null }],
    ['NUL in a fact', { act: 'project.apply', facts: { 'project.kind': 'a\u0000' } }],
  ])('%s is malformed', async (_, body) => {
    expect((await evaluateOn('wuhai-2023', body)).statusCode).toBe(400)
  })

  test('a pack that is not there', async () => {
    expect((await evaluateOn('nowhere', { act: 'project.apply', facts: {} })).statusCode).toBe(404)
  })
})

describe('the city sets 提示 or 拦截', () => {
  test('per pack and per rule; the finding is the same, its mode follows', async () => {
    const empty = await get('/policy-packs/wuhai-2023/modes', 'applicant')
    expect(empty.json()).toEqual({ mode: null, defaultMode: 'advise', rules: {}, version: 0, updatedBy: null, updatedAt: null })
    const set = await put({ mode: 'enforce', rules: { 'government-cloud': 'advise' }, version: 0 })
    expect(set.statusCode).toBe(200)
    expect(set.json()).toEqual({
      mode: 'enforce',
      defaultMode: 'advise',
      rules: { 'government-cloud': 'advise' },
      version: 1,
      updatedBy: 'big-data-center机构王敏',
      updatedAt: '2026-11-22T01:00:00.000Z',
    })
    const facts = { ...inOrder, 'project.deployment': 'own', 'project.reach': 'cross-level' }
    const { decision, findings } = (await evaluateOn('wuhai-2023', { act: 'project.apply', facts })).json()
    expect(decision).toBe('refuse')
    expect(findings.map((finding: { rule: string; mode: string }) => [finding.rule, finding.mode])).toEqual([
      ['government-cloud', 'advise'],
      ['center-builds-across', 'enforce'],
    ])
    expect((await get('/policy-packs')).json().items.at(-1).mode).toBe('enforce')
    const article = (await get('/policy-packs/wuhai-2023/articles/WH23-4')).json()
    expect(article.rules.find((rule: { id: string }) => rule.id === 'government-cloud').mode).toBe('advise')
    expect((await put({ mode: null, rules: {}, version: 1 })).json()).toMatchObject({ mode: null, rules: {}, version: 2 })
  })

  test('writes who, before and after to the audit log', async () => {
    await put({ mode: 'enforce', rules: {}, version: 0 })
    const { rows } = await owner.query(
      "select person_name, detail from kernel.audit_event where action = 'policy.modes_set' order by seq desc limit 1",
    )
    expect(rows).toEqual([{ person_name: '王敏', detail: { before: { mode: null, rules: {} }, after: { mode: 'enforce', rules: {} } } }])
  })

  test('only the big-data center may; others may read what is set; strangers may not', async () => {
    const refused = await put({ mode: 'enforce', rules: {}, version: 0 }, 'applicant')
    expect(refused.statusCode).toBe(403)
    expect(await rowsOf('policy.mode_setting')).toBe(0)
    expect((await put({ mode: 'enforce', rules: {}, version: 0 }, '')).statusCode).toBe(401)
    expect((await get('/policy-packs/wuhai-2023/modes')).statusCode).toBe(401)
    expect((await put({ mode: 'enforce', rules: {}, version: 0 }, 'applicant', 'nowhere')).statusCode).toBe(404)
    expect((await put({ mode: 'enforce', rules: {}, version: 0 }, 'center', 'nowhere')).statusCode).toBe(404)
    expect((await get('/policy-packs/nowhere/modes', 'center')).statusCode).toBe(404)
  })

  test.each<[string, object, number]>([
    ['a rule that the pack does not have', { mode: null, rules: { 'no-such-rule': 'advise' }, version: 0 }, 422],
    ['a mode that is none', { mode: 'block', rules: {}, version: 0 }, 400],
    ['a rule mode that is none', { mode: null, rules: { 'government-cloud': 'off' }, version: 0 }, 400],
    ['no version', { mode: null, rules: {} }, 400],
    ['an unknown field', { mode: null, rules: {}, version: 0, note: '' }, 400],
  ])('%s is refused and nothing is stored', async (_, body, status) => {
    expect((await put(body)).statusCode).toBe(status)
    expect(await rowsOf('policy.mode_setting')).toBe(0)
  })

  test('two people at once: one wins, the other is told who and when', async () => {
    const answers = await Promise.all([
      put({ mode: 'enforce', rules: {}, version: 0 }, 'center'),
      put({ mode: 'advise', rules: {}, version: 0 }, 'colleague'),
    ])
    expect(answers.map((one) => one.statusCode).sort()).toEqual([200, 409])
    const lost = answers.find((one) => one.statusCode === 409)?.json()
    expect(lost.code).toBe('subject.changed_meanwhile')
    expect(lost.detail).toMatch(/已由big-data-center机构(王敏|李强)于2026年11月22日09:00更改/)
    expect((await get('/policy-packs/wuhai-2023/modes', 'center')).json().version).toBe(1)
  })
})

describe('other modules judge their acts by the same engine', () => {
  test('the findings are those of evaluate, with the city’s mode', async () => {
    await setModes(ctxOf(actors.center ?? systemActor), library, 'wuhai-2023', { mode: 'enforce', rules: {}, version: 0 })
    const facts = { ...inOrder, 'catalog.approved': false }
    const findings = await judgePort(library, 'wuhai-2023').judge(ctxOf(systemActor), 'project.accept', facts)
    expect(findings).toEqual((await evaluateOn('wuhai-2023', { act: 'project.accept', facts })).json().findings)
    expect(findings).toMatchObject([{ article: 'WH23-15', mode: 'enforce' }])
    expect(blocking(findings)).toHaveLength(1)
  })

  test('inside a transaction it sees what that transaction set', async () => {
    await inTransaction(ctxOf(actors.center ?? systemActor), async (tx) => {
      await setModes(tx, library, 'wuhai-2023', { mode: 'enforce', rules: {}, version: 0 })
      const [finding] = await judge(tx, library, 'wuhai-2023', 'project.accept', { ...inOrder, 'catalog.approved': false })
      expect(finding?.mode).toBe('enforce')
    })
  })

  test('wrong live facts are a defect, not a refusal that a user could cure', async () => {
    const ctx = ctxOf(systemActor)
    await expect(judge(ctx, library, 'wuhai-2023', 'project.accept', { 'project.knid': 'new' })).rejects.toThrow(/live facts do not fit/)
    await expect(judge(ctx, library, 'wuhai-2023', 'project.acept', {})).rejects.toThrow(/live facts do not fit/)
  })

  test('a pack without rules judges nothing', async () => {
    await expect(judge(ctxOf(systemActor), library, 'wuhai-2012', 'project.tender', {})).rejects.toMatchObject({
      code: 'policy.rules_not_loaded',
    })
  })
})
