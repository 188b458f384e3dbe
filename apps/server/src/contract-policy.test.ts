import { testDatabase } from '@tongchou/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { clientOf } from './testing/client.ts'
import { expectProblem } from './testing/expect-problem.ts'
import { goodOrder } from './testing/good-order.ts'
import { type SeatName, seats, smallCity } from './testing/small-city.ts'

const { db, owner } = await testDatabase()
const city = await smallCity(db, '2026-11-22T01:00:00Z')
const { ask } = clientOf(city)

const readable = ['golmud-2018', 'urumqi-2007', 'wuhai-2010', 'wuhai-2012']

const question = (payload: unknown, pack = 'wuhai-2023', seat: SeatName | undefined = 'clerk') =>
  ask({ method: 'POST', url: `/api/v1/policy-packs/${pack}/evaluate`, payload: payload as object }, seat)

interface Finding {
  rule: string
  effect: string
  article: string
  text: string
  message: string
  cure: string
  mode: string
  facts: string[]
}

interface Evaluation {
  decision: string
  regulated: boolean
  findings: Finding[]
}

async function evaluate(act: string, changes: Record<string, unknown> = {}, unset: readonly string[] = []): Promise<Evaluation> {
  const facts = Object.fromEntries(Object.entries({ ...goodOrder, ...changes }).filter(([name]) => !unset.includes(name)))
  const answer = await question({ act, facts })
  expect(answer.status, answer.text).toBe(200)
  return JSON.parse(answer.text)
}

describe('packs are public, as law is', () => {
  test('the list, a pack and an article need nobody', async () => {
    const list = JSON.parse((await ask({ url: '/api/v1/policy-packs' })).text)
    expect(list.items.map(({ id }: { id: string }) => id).sort()).toEqual([...readable, 'wuhai-2023'].sort())
    expect(list.nextCursor).toBeNull()
    const pack = JSON.parse((await ask({ url: '/api/v1/policy-packs/wuhai-2023' })).text)
    expect(pack.articles.map(({ id }: { id: string }) => id)).toEqual(Array.from({ length: 24 }, (_, n) => `WH23-${n + 1}`))
  })

  test('an article has its text, its rules and its coverage', async () => {
    const article = JSON.parse((await ask({ url: '/api/v1/policy-packs/wuhai-2023/articles/WH23-4' })).text)
    expect(article.text).toContain('市直各政务部门不再自建数据中心、信息机房、视频平台、物联网平台')
    expect(article.rules.map(({ id }: { id: string }) => id)).toContain('no-own-infrastructure')
    expect(article.coverage.length).toBeGreaterThan(0)
  })

  test.each([...readable, 'wuhai-2023'])('every article of %s can be opened by the id that the list gives it', async (pack) => {
    const { articles } = JSON.parse((await ask({ url: `/api/v1/policy-packs/${pack}` })).text)
    expect(articles.length).toBeGreaterThan(0)
    for (const { id } of articles) {
      const answer = await ask({ url: `/api/v1/policy-packs/${pack}/articles/${id}` })
      expect(answer.status, `${pack} ${id}`).toBe(200)
      expect(JSON.parse(answer.text)).toMatchObject({ id, rules: expect.any(Array), coverage: expect.any(Array) })
    }
  })

  test.each([
    '/api/v1/policy-packs/wuhai-1999',
    '/api/v1/policy-packs/WUHAI-2023',
    '/api/v1/policy-packs/__proto__',
    '/api/v1/policy-packs/constructor',
    '/api/v1/policy-packs/',
    `/api/v1/policy-packs/${'x'.repeat(150)}`,
    `/api/v1/policy-packs/${'x'.repeat(1500)}`,
    '/api/v1/policy-packs/..%2F..%2Fetc',
    '/api/v1/policy-packs/wuhai-2023/articles/WH23-25',
    '/api/v1/policy-packs/wuhai-2023/articles/WH23-04',
    '/api/v1/policy-packs/wuhai-2023/articles/wh23-4',
    '/api/v1/policy-packs/wuhai-2012/articles/WH23-4',
    '/api/v1/policy-packs/wuhai-1999/articles/WH23-4',
    `/api/v1/policy-packs/wuhai-2023/articles/${'x'.repeat(150)}`,
  ])('%s is not known: 404', async (url) => {
    expectProblem(await ask({ url }), 404)
  })
})

describe('evaluate', () => {
  test('the published example gets the published answer', async () => {
    const answer = await question({
      act: 'project.apply',
      asOf: '2026-11-22',
      facts: { ...goodOrder, 'project.organisation': 'city-department', 'project.deliverables': ['machine-room'] },
    })
    expect([answer.status, answer.contentType]).toEqual([200, 'application/json; charset=utf-8'])
    const evaluation: Evaluation = JSON.parse(answer.text)
    expect(Object.keys(evaluation)).toEqual(['decision', 'regulated', 'findings'])
    expect(evaluation).toMatchObject({ decision: 'refuse', regulated: true })
    expect(evaluation.findings).toHaveLength(1)
    expect(evaluation.findings[0]).toMatchObject({
      rule: 'no-own-infrastructure',
      effect: 'refuse',
      modality: 'must',
      basis: 'text',
      mode: 'enforce',
      article: 'WH23-4',
      text: expect.stringContaining('市直各政务部门不再自建'),
      message: expect.stringMatching(/[\u4e00-\u9fff]/),
      cure: expect.stringMatching(/[\u4e00-\u9fff]/),
      facts: ['project.organisation', 'project.deliverables'],
    })
  })

  test('is open to everybody who is signed in, whatever their duty, and to nobody else', async () => {
    const asked = { act: 'project.apply', facts: goodOrder }
    for (const seat of Object.keys(seats) as SeatName[]) expect((await question(asked, 'wuhai-2023', seat)).status, seat).toBe(200)
    const url = '/api/v1/policy-packs/wuhai-2023/evaluate'
    expectProblem(await ask({ method: 'POST', url, payload: asked }), 401)
  })

  test('is pure: the same question has the same answer, and it stores nothing, not even that it was refused', async () => {
    await question({ act: 'line.lease', facts: {} })
    const { rows: tables } = await owner.query<{ name: string }>(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
    )
    expect(tables.length).toBeGreaterThan(30)
    const everyTable = tables.map(({ name }) => `select '${name}' as name, count(*)::int as n from ${name}`).join(' union all ')
    const count = async () => (await owner.query(`${everyTable} order by name`)).rows
    const before = await count()
    expect(await evaluate('project.apply', { 'project.deployment': 'own' })).toEqual(
      await evaluate('project.apply', { 'project.deployment': 'own' }),
    )
    expectProblem(await question({ act: 'no.such', facts: {} }), 422)
    expect(await count()).toEqual(before)
  })

  test('the decision is the strictest of all findings, and every finding is there', async () => {
    // refer < undecidable < refuse, and a warning beside them
    const refer = { 'project.deliverables': ['public-app'], 'project.appStage': 'new' }
    const require = { 'project.necessityShown': false }
    expect((await evaluate('project.apply', require)).decision).toBe('require')
    expect((await evaluate('project.apply', { ...require, ...refer })).decision).toBe('refer')
    expect((await evaluate('project.apply', { ...require, ...refer }, ['project.reach'])).decision).toBe('undecidable')
    const all = await evaluate('project.apply', { ...require, ...refer, 'project.deployment': 'own' }, ['project.emergency'])
    expect(all.decision).toBe('refuse')
    expect(all.findings.map(({ effect }) => effect).sort()).toEqual(['refer', 'refuse', 'require', 'undecidable'])
    const exempt = await evaluate('project.apply', { ...require, ...refer, 'project.deployment': 'own', 'project.emergency': true })
    expect(exempt.decision).toBe('exempt')
    expect(exempt.findings.map(({ article }) => article)).toEqual(['WH23-22'])
  })

  test('a warning never changes the decision', async () => {
    const warned = await evaluate('payment.release', { 'builder.recordsWithheld': true })
    expect(warned).toMatchObject({ decision: 'allow', regulated: true, findings: [{ effect: 'warn', article: 'WH23-18' }] })
    const both = await evaluate('payment.release', {
      ...{ 'builder.recordsWithheld': true, 'rectification.open': true, 'rectification.failed': true },
    })
    expect(both.decision).toBe('require')
    expect(both.findings).toHaveLength(2)
  })

  test('an exemption that holds silences one that cannot be decided, and the rest', async () => {
    const { findings } = await evaluate('project.apply', { 'project.stateSecret': true }, ['project.emergency', 'project.deployment'])
    expect(findings.map(({ article, effect }) => `${article} ${effect}`)).toEqual(['WH23-21 exempt'])
  })

  test('an exemption that cannot be decided is undecidable, and a proven refusal still decides', async () => {
    const open = await evaluate('project.apply', {}, ['project.emergency'])
    expect(open.decision).toBe('undecidable')
    expect(open.findings).toMatchObject([{ article: 'WH23-22', effect: 'undecidable', facts: ['project.emergency'] }])
    const refused = await evaluate('project.apply', { 'project.deployment': 'own' }, ['project.emergency'])
    expect(refused.decision).toBe('refuse')
    expect(refused.findings.map(({ effect }) => effect).sort()).toEqual(['refuse', 'undecidable'])
  })

  test('an undecidable finding names the absent facts it needs, and only those', async () => {
    const both = await evaluate('plan.file', { 'project.funding': ['superior-finance'] }, [
      'project.superiorCoordinated',
      'project.filedWithCenter',
    ])
    expect(both.findings).toMatchObject([
      { article: 'WH23-5', effect: 'undecidable', facts: ['project.superiorCoordinated', 'project.filedWithCenter'] },
    ])
    expect(both.findings[0]?.message).toMatch(/不能判定/)
    // False and unknown is false: what is not paid from above needs neither.
    expect((await evaluate('plan.file', {}, ['project.superiorCoordinated', 'project.filedWithCenter'])).decision).toBe('allow')
    // The known part is not named, though the rule reads it.
    const one = await evaluate('payment.release', { 'rectification.open': true, 'rectification.failed': true }, ['payment.holdOrdered'])
    expect(one.findings.map(({ effect, facts }) => [effect, facts])).toEqual([
      ['undecidable', ['payment.holdOrdered']],
      ['undecidable', ['payment.holdOrdered']],
    ])
  })

  test('any other finding names every fact that its rule reads', async () => {
    const { findings } = await evaluate('payment.release', { 'rectification.open': true, 'rectification.failed': true })
    expect(findings[0]?.facts).toEqual(['rectification.party', 'rectification.failed', 'payment.holdOrdered'])
    const across = await evaluate('project.apply', { 'project.reach': 'cross-level' })
    expect(across.findings[0]?.facts).toEqual(['project.reach', 'project.builder'])
  })

  test('mode is as the city set it, and changes nothing of the finding', async () => {
    const facts = { 'project.deployment': 'own' }
    const { findings: enforced } = await evaluate('project.apply', facts)
    const put = (mode: string, version: number) =>
      ask({ method: 'PUT', url: '/api/v1/policy-packs/wuhai-2023/modes', payload: { mode, rules: {}, version } }, 'center')
    const modes = JSON.parse((await ask({ url: '/api/v1/policy-packs/wuhai-2023/modes' }, 'center')).text)
    expect((await put('advise', modes.version)).status).toBe(200)
    const advised = await evaluate('project.apply', facts)
    expect(advised).toMatchObject({ decision: 'refuse', regulated: true })
    expect(enforced.map(({ mode }) => mode)).toEqual(['enforce'])
    expect(advised.findings).toEqual(enforced.map((finding) => ({ ...finding, mode: 'advise' })))
    expect((await put('enforce', modes.version + 1)).status).toBe(200)
  })

  test.each([
    ['an unknown act', { act: 'project.fly', facts: {} }, 'act', 'project.fly'],
    ['an empty act', { act: '', facts: {} }, 'act', ''],
    ['an act of ten thousand letters', { act: 'a'.repeat(10_000), facts: {} }, 'act', ''],
    ['an act in other letters', { act: 'Project.Apply', facts: {} }, 'act', 'Project.Apply'],
    ['an unknown fact', { act: 'project.apply', facts: { 'project.colour': 'red' } }, 'facts.project.colour', 'project.colour'],
    ['a fact that every object has', { act: 'project.apply', facts: { constructor: true } }, 'facts.constructor', 'constructor'],
    ['a fact without its namespace', { act: 'project.apply', facts: { kind: 'new' } }, 'facts.kind', 'kind'],
    [
      'a text for a bool',
      { act: 'project.apply', facts: { 'project.emergency': 'false' } },
      'facts.project.emergency',
      'project.emergency',
    ],
    ['a number for a bool', { act: 'project.apply', facts: { 'project.emergency': 0 } }, 'facts.project.emergency', 'project.emergency'],
    ['a value outside an enum', { act: 'project.apply', facts: { 'project.kind': 'huge' } }, 'facts.project.kind', 'project.kind'],
    ['a list for an enum', { act: 'project.apply', facts: { 'project.kind': ['new'] } }, 'facts.project.kind', 'project.kind'],
    [
      'a word for a set',
      { act: 'project.apply', facts: { 'project.funding': 'city-finance' } },
      'facts.project.funding',
      'project.funding',
    ],
    [
      'a stranger in a set',
      { act: 'project.apply', facts: { 'project.funding': ['lottery'] } },
      'facts.project.funding',
      'project.funding',
    ],
    ['null in a set', { act: 'project.apply', facts: { 'project.funding': [null] } }, 'facts.project.funding', 'project.funding'],
    ['a fraction for an int', { act: 'plan.file', facts: { 'project.formStampedCopies': 1.5 } }, 'facts.project.formStampedCopies', ''],
    ['a text for an int', { act: 'plan.file', facts: { 'project.expertMeetingDays': '3' } }, 'facts.project.expertMeetingDays', ''],
    ['null', { act: 'project.apply', facts: { 'project.emergency': null } }, 'facts.project.emergency', 'project.emergency'],
    [
      'failed while not open',
      { act: 'payment.release', facts: { 'rectification.open': false, 'rectification.failed': true } },
      '',
      'rectification',
    ],
    [
      'failed without open',
      { act: 'payment.release', facts: { 'rectification.failed': true } },
      'facts.rectification.failed',
      'rectification.open',
    ],
    ['a date before any version', { act: 'project.apply', asOf: '2023-09-06', facts: {} }, 'asOf', '2023-09-06'],
  ])('%s is a 422 that names it', async (_what, body, path, named) => {
    const problem = expectProblem(await question(body), 422)
    expect(problem.detail).toContain(named)
    if (path) expect(problem.fields?.map((field) => field.path)).toContain(path)
  })

  test('every mistake of a question is named, not the first alone', async () => {
    const facts = { 'project.colour': 1, 'project.kind': 'huge', 'project.emergency': null }
    const { fields } = expectProblem(await question({ act: 'project.fly', facts }), 422)
    expect(fields?.map(({ path }) => path)).toEqual(['act', 'facts.project.colour', 'facts.project.kind', 'facts.project.emergency'])
  })

  test.each([
    ['nothing', {}],
    ['no facts', { act: 'project.apply' }],
    ['no act', { facts: {} }],
    ['an act that is no text', { act: 7, facts: {} }],
    ['facts that are a list', { act: 'project.apply', facts: [] }],
    ['facts that are null', { act: 'project.apply', facts: null }],
    ['a date that does not exist', { act: 'project.apply', asOf: '2026-02-30', facts: {} }],
    ['an instant for a date', { act: 'project.apply', asOf: '2026-11-22T00:00:00Z', facts: {} }],
    ['an unknown field', { act: 'project.apply', facts: {}, explain: true }],
  ])('%s is malformed: 400', async (_what, body) => {
    expectProblem(await question(body), 400)
  })

  test('an empty list is known and empty', async () => {
    const { decision, findings } = await evaluate('project.apply', { 'project.deliverables': [], 'project.funding': [] })
    expect([decision, findings]).toEqual(['allow', []])
  })

  test('asOf is today when it is not given, and the first day of the pack is its own', async () => {
    const facts = { ...goodOrder, 'project.deployment': 'own' }
    const today = await question({ act: 'project.apply', facts })
    expect(today.text).toBe((await question({ act: 'project.apply', asOf: '2026-11-22', facts })).text)
    expect((await question({ act: 'project.apply', asOf: '2023-09-07', facts })).status).toBe(200)
    const at = city.clock.now()
    onTestFinished(() => void city.clock.set(at))
    // 15:59 in Greenwich on the 6th is still the day before the measure in Wuhai, a minute later it is not.
    const earlySession = async (instant: string) => {
      city.clock.set(instant)
      const early = await clientOf(city).ask(
        { method: 'POST', url: '/api/v1/policy-packs/wuhai-2023/evaluate', payload: { act: 'project.apply', facts } },
        'clerk',
      )
      return early.status
    }
    expect(await earlySession('2023-09-06T15:59:00Z')).toBe(422)
    expect(await earlySession('2023-09-06T16:00:00Z')).toBe(200)
  })

  test.each(readable)('%s has no rules yet: 409 and never allow', async (pack) => {
    for (const act of ['project.apply', 'funding.schedule', 'line.lease'])
      expectProblem(await question({ act, facts: goodOrder }, pack), 409, 'policy.rules_not_loaded')
    expectProblem(await question({ act: 'no.such', facts: { nonsense: null } }, pack), 409, 'policy.rules_not_loaded')
  })

  test('an unknown pack is a 404', async () => {
    expectProblem(await question({ act: 'project.apply', facts: {} }, 'wuhai-1999'), 404)
  })
})

// The vocabulary as published: names, types and values, in the words of the public page.
const published: Record<string, readonly string[] | 'bool' | 'int'> = {
  'project.kind': ['new', 'expansion', 'continuation', 'operation', 'purchase'],
  'project.organisation': ['city-department', 'big-data-center', 'district', 'public-body', 'enterprise'],
  'project.builder': ['big-data-center', 'department', 'district'],
  'project.reach': ['single-department', 'cross-department', 'cross-level'],
  'project.deliverables': [
    ...['business-system', 'data-center', 'machine-room', 'video-platform', 'iot-platform', 'other-shared-infrastructure', 'public-app'],
    ...['cloud-center', 'egov-network', 'city-brain', 'cim', 'e-archive', 'exchange-platform', 'city-app', 'security-infrastructure'],
    ...['application-platform', 'reusable-business-system', 'video-surveillance', 'data-collection', 'iot-sensing', 'basic-network'],
    'smart-community',
  ],
  'project.funding': ['own-income', 'city-finance', 'district-finance', 'superior-finance', 'social-investment'],
  'project.appStage': ['none', 'new', 'in-build', 'built'],
  'project.deployment': ['gov-cloud', 'own', 'other'],
  'project.expertReview': ['none', 'passed', 'failed'],
  'project.tenderVenue': ['public-resource-trading-center', 'other', 'none'],
  'project.filing': [
    ...['name', 'builder', 'investment', 'om-cost', 'funding-channel', 'data-resources', 'application-systems', 'protection-grade'],
  ],
  'rectification.party': ['builder', 'user-unit'],
  'system.usage': ['low', 'normal', 'high'],
  'network.usage': ['low', 'normal', 'high'],
  ...Object.fromEntries(['project.expertMeetingDays', 'project.formStampedCopies'].map((name) => [name, 'int'])),
  ...Object.fromEntries(
    [
      ...['superiorCoordinated', 'governmentSystem', 'necessityShown', 'stateSecret', 'emergency', 'cityBrainConnected'],
      ...['standardInterface', 'dataShared', 'securityAssured', 'filedWithCenter', 'reviewedByCenter', 'arguedByCenter'],
      ...['jointReviewPassed', 'cityApproved', 'inAnnualPlan', 'viceMayorReviewed', 'proposalApproved', 'feasibilityApproved'],
      ...['preliminaryDesignApproved', 'implementationPlanFiled', 'responsiblePersonNamed', 'electronicCopy'],
    ].map((field) => [`project.${field}`, 'bool']),
  ),
  ...Object.fromEntries(
    [
      ...[
        'catalog.compiled',
        'catalog.approved',
        'catalog.registered',
        'payment.holdOrdered',
        'rectification.open',
        'rectification.failed',
      ],
      ...['builder.recordsWithheld', 'system.zombie', 'system.island', 'system.integrated', 'network.dedicated', 'line.duplicate'],
      'line.throughCenter',
    ].map((name) => [name, 'bool']),
  ),
}
const sets = ['project.deliverables', 'project.funding', 'project.filing']

describe('the vocabulary', () => {
  test.each(Object.entries(published))('%s takes every published value, and no other', async (name, type) => {
    const open = name === 'rectification.failed' ? { 'rectification.open': true } : {}
    const taken = async (value: unknown) =>
      (await question({ act: 'line.lease', facts: { ...goodOrder, ...open, [name]: value } })).status === 200
    const values = type === 'bool' ? [true, false] : type === 'int' ? [0, 1, 365] : type
    for (const value of values) expect(await taken(sets.includes(name) ? [value] : value), String(value)).toBe(true)
    for (const value of ['', 'no-such-value', {}, 3.5])
      expect(await taken(sets.includes(name) ? [value] : value), String(value)).toBe(false)
    if (sets.includes(name)) expect(await taken(values)).toBe(true)
  })

  test('the published list is whole, and so is the one of acts', async () => {
    expect(Object.keys(published).sort()).toEqual(Object.keys(goodOrder).sort())
    const acts = [
      ...['plan.file', 'project.apply', 'project.establish', 'project.tender', 'project.accept', 'project.handover'],
      ...['payment.release', 'funding.schedule', 'system.operate', 'line.lease'],
    ]
    for (const act of acts) expect(await evaluate(act), act).toEqual({ decision: 'allow', regulated: true, findings: [] })
    const vocabulary = JSON.parse((await ask({ url: '/api/v1/policy-vocabulary' })).text)
    expect(vocabulary.acts.map(({ id }: { id: string }) => id).sort()).toEqual(acts.sort())
    expect(vocabulary.facts.map(({ name }: { name: string }) => name).sort()).toEqual(Object.keys(published).sort())
  })
})
