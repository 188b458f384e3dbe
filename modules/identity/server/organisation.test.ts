import { syntheticSocialCreditCode } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { describe, expect, test } from 'vitest'
import { auditOf, browser, givenAccount, givenPlatform, signedIn } from './identity.given.ts'
import { createOrganisation } from './organisation.service.ts'
import { organisationsPort } from './organisations.port.ts'
import { createPost, endPost } from './post.service.ts'

interface ListPage {
  items: { id: string; name: string }[]
  nextCursor: string | null
}

const { db } = await testDatabase()
const { app, clock, ctx } = await givenPlatform(db)
await createOrganisation(ctx, { id: 'city', name: '乌海市人民政府', shortName: '市政府', kind: 'government', sortOrder: 1 })
await createOrganisation(ctx, {
  id: 'civil-affairs',
  name: '乌海市民政局',
  shortName: '民政局',
  kind: 'city-department',
  parentId: 'city',
  sortOrder: 20,
})
await createOrganisation(ctx, {
  id: 'finance',
  name: '乌海市财政局',
  shortName: '财政局',
  kind: 'city-department',
  parentId: 'city',
  sortOrder: 10,
})
const applicant = await givenAccount(ctx, 'applicant', 'civil-affairs', ['applicant', 'data-steward'])
await givenAccount(ctx, 'firm', 'firm', ['enterprise'], 'enterprise')
await givenAccount(ctx, 'firm-mate', 'firm', ['enterprise'], 'enterprise')
await givenAccount(ctx, 'citizen', 'public', ['citizen'], 'other')
await givenAccount(ctx, 'citizen-two', 'public', ['citizen'], 'other')
await givenAccount(ctx, 'admin', 'platform', ['system-admin'], 'other')
const as = (username: string) => signedIn(app, username)

describe('reading organisations', () => {
  test('in official order, page by page, each once', async () => {
    const one = await as('applicant')
    const ids: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: ListPage = (await one.send('GET', `/organisations?limit=2${cursor && `&cursor=${cursor}`}`)).json()
      expect(page.items.length).toBeLessThanOrEqual(2)
      ids.push(...page.items.map((item) => item.id))
      cursor = page.nextCursor
    }
    expect(ids).toEqual(['city', 'finance', 'civil-affairs', 'firm', 'platform', 'public'])
  })

  test('by word, kind and parent; what is typed is no pattern', async () => {
    const one = await as('applicant')
    const list = async (query: string) =>
      (await one.send('GET', `/organisations?${query}`)).json().items.map((item: { id: string }) => item.id)
    expect(await list(`q=${encodeURIComponent('财政')}`)).toEqual(['finance'])
    expect(await list('q=%25')).toEqual([])
    expect(await list('kind=enterprise')).toEqual(['firm'])
    expect(await list('parentId=city')).toEqual(['finance', 'civil-affairs'])
    for (const bad of ['limit=0', 'limit=201', 'kind=x', 'surprise=1', 'q=%00', 'cursor=WzFd'])
      expect((await one.send('GET', `/organisations?${bad}`)).statusCode).toBe(400)
  })

  test('with posts, duties and people for a civil servant', async () => {
    const page = (await (await as('admin')).send('GET', '/organisations/civil-affairs')).json()
    expect(page).toMatchObject({
      name: '乌海市民政局',
      parent: { id: 'city', name: '乌海市人民政府' },
      duties: ['applicant', 'data-steward'],
      posts: [{ id: applicant.postId, person: { name: 'applicant员' }, account: { username: 'applicant', status: 'active' } }],
      postCount: 1,
    })
    const bySomebodyElse = (await (await as('applicant')).send('GET', '/organisations/civil-affairs')).json()
    expect(bySomebodyElse.posts).toMatchObject([{ person: { name: 'applicant员' }, account: null }])
    expect((await (await as('applicant')).send('GET', '/organisations/city')).json().children).toMatchObject([
      { id: 'finance' },
      { id: 'civil-affairs' },
    ])
  })

  test('without the people for an enterprise and a citizen, who see their own only', async () => {
    const names = async (username: string, id: string) => {
      const page = (await (await as(username)).send('GET', `/organisations/${id}`)).json()
      return { names: page.posts.map((post: { person: { name: string } }) => post.person.name).sort(), count: page.postCount }
    }
    expect(await names('firm', 'civil-affairs')).toEqual({ names: [], count: 1 })
    expect(await names('firm', 'firm')).toEqual({ names: ['firm-mate员', 'firm员'], count: 2 })
    expect(await names('citizen', 'civil-affairs')).toEqual({ names: [], count: 1 })
    expect(await names('citizen', 'public')).toEqual({ names: ['citizen员'], count: 2 })
  })

  test('not without a session, and 404 for one that is not there', async () => {
    expect((await browser(app).send('GET', '/organisations')).statusCode).toBe(401)
    expect((await browser(app).send('GET', '/organisations/city')).statusCode).toBe(401)
    expect((await (await as('applicant')).send('GET', '/organisations/nobody')).statusCode).toBe(404)
    expect((await (await as('applicant')).send('GET', '/organisations/..%2Fx')).statusCode).toBe(400)
  })
})

describe('setting up and renaming', () => {
  test('by the system administrator, with an audit row; the old name is kept', async () => {
    const admin = await as('admin')
    const body = {
      id: 'approval-bureau',
      name: '乌海市行政审批局',
      kind: 'city-department',
      parentId: 'city',
      uscc: syntheticSocialCreditCode('11', '150300', 1),
      divisionCode: '150300',
    }
    const made = await admin.send('POST', '/organisations', body)
    expect(made.statusCode).toBe(201)
    expect(made.json()).toMatchObject({ id: 'approval-bureau', shortName: '乌海市行政审批局', validFrom: '2026-03-02', version: 1 })
    const renamed = await admin.send('PATCH', '/organisations/approval-bureau', {
      name: '乌海市行政审批服务局',
      shortName: '审批局',
      version: 1,
    })
    expect(renamed.json()).toMatchObject({ name: '乌海市行政审批服务局', shortName: '审批局', version: 2 })
    expect((await admin.send('GET', '/organisations/approval-bureau')).json().formerNames).toEqual([
      { name: '乌海市行政审批局', untilOn: '2026-03-02' },
    ])
    expect(await auditOf(ctx, 'approval-bureau')).toMatchObject([
      { action: 'organisation.created', person_name: 'admin员', detail: { name: '乌海市行政审批局' } },
      { action: 'organisation.renamed', detail: { from: '乌海市行政审批局', to: '乌海市行政审批服务局' } },
    ])
  })

  test('of two renamings at once one wins', async () => {
    await createOrganisation(ctx, { id: 'raced', name: '旧名', kind: 'public-body' })
    const admin = await as('admin')
    const answers = await Promise.all(['甲', '乙'].map((name) => admin.send('PATCH', '/organisations/raced', { name, version: 1 })))
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 409])
    expect(answers.find((answer) => answer.statusCode === 409)?.json().code).toBe('organisation.changed_meanwhile')
  })

  test.each([
    ['an id that is taken', { id: 'city' }, 409, 'organisation.exists'],
    ['a parent that is not there', { parentId: 'nowhere' }, 422, 'organisation.no_such_parent'],
    ['a wrong check character', { uscc: '11150300MB1234567A' }, 422, 'social_credit_code.check_digit'],
    ['a division that never was', { divisionCode: '999999' }, 422, 'organisation.no_such_division'],
    ['an unknown kind', { kind: 'ministry' }, 400, 'request.invalid'],
    ['an id in capitals', { id: 'Finance' }, 400, 'request.invalid'],
    ['an empty name', { name: '  ' }, 400, 'request.invalid'],
    ['an overlong name', { name: '局'.repeat(101) }, 400, 'request.invalid'],
    ['a NUL in the name', { name: '局\u0000' }, 400, 'request.bad_text'],
    ['an unknown field', { owner: 'me' }, 400, 'request.invalid'],
  ])('%s is refused and nothing is stored', async (_what, change, status, code) => {
    const admin = await as('admin')
    const answer = await admin.send('POST', '/organisations', { id: 'never', name: '某局', kind: 'city-department', ...change })
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
    expect((await admin.send('GET', '/organisations/never')).statusCode).toBe(404)
  })

  test('not by anybody else: what they may read is 403, what is not there 404', async () => {
    const one = await as('applicant')
    const made = await one.send('POST', '/organisations', { id: 'mine', name: '某局', kind: 'city-department' })
    expect([made.statusCode, made.json().code]).toEqual([403, 'duty.missing'])
    expect((await one.send('PATCH', '/organisations/city', { name: 'x', version: 1 })).statusCode).toBe(403)
    expect((await one.send('PATCH', '/organisations/nobody', { name: 'x', version: 1 })).statusCode).toBe(404)
    expect((await browser(app).send('POST', '/organisations', {})).statusCode).toBe(401)
    expect((await auditOf(ctx, 'city')).at(-1)).toMatchObject({
      action: 'renameOrganisation',
      outcome: 'refused',
      person_name: 'applicant员',
    })
  })
})

describe('as of a day', () => {
  test('an organisation is called what it was called then, and its former names keep their order', async () => {
    await createOrganisation(ctx, {
      id: 'dated',
      name: '乌海市卫生健康委员会',
      kind: 'city-department',
      validFrom: '2010-01-01',
      formerNames: [
        { name: '乌海市卫生局', untilOn: '2014-12-01' },
        { name: '乌海市卫生和计划生育委员会', untilOn: '2019-03-01' },
      ],
    })
    const nameOn = async (day: string) => (await organisationsPort.organisationAsOf(ctx, 'dated', day))?.name
    expect(await nameOn('2014-11-30')).toBe('乌海市卫生局')
    expect(await nameOn('2014-12-01')).toBe('乌海市卫生和计划生育委员会')
    expect(await nameOn('2019-03-01')).toBe('乌海市卫生健康委员会')
    // before its beginning it shows its first name, so that a decision of whatever day has one
    expect(await nameOn('1999-01-01')).toBe('乌海市卫生局')
    const admin = await as('admin')
    const then = (await admin.send('GET', `/organisations?asOf=2015-01-01&q=${encodeURIComponent('计划生育')}`)).json()
    expect(then.items).toMatchObject([{ id: 'dated', name: '乌海市卫生和计划生育委员会' }])
    expect((await admin.send('GET', '/organisations?asOf=2009-12-31')).json().items).toEqual([])
    expect((await admin.send('GET', '/organisations/dated')).json().formerNames).toEqual([
      { name: '乌海市卫生和计划生育委员会', untilOn: '2019-03-01' },
      { name: '乌海市卫生局', untilOn: '2014-12-01' },
    ])
  })
})

describe('the superior of an office', () => {
  test('is set by the system administrator, is told to the other modules, and is nobody once the post ends', async () => {
    const head = await givenAccount(ctx, 'head', 'finance', ['finance'])
    const admin = await as('admin')
    expect((await admin.send('PUT', '/organisations/finance/superior', { postId: head.postId })).statusCode).toBe(204)
    expect(await organisationsPort.superiorOf(ctx, 'finance')).toEqual({
      personId: head.personId,
      name: 'head员',
      postId: head.postId,
      postTitle: '科员',
      orgName: '乌海市财政局',
    })
    const listed = (await admin.send('GET', `/superiors?q=${encodeURIComponent('财政')}`)).json()
    expect(listed.items).toMatchObject([{ id: 'finance', superior: { name: 'head员' } }])
    expect((await auditOf(ctx, 'finance')).at(-1)).toMatchObject({
      action: 'organisation.superior_set',
      detail: { from: null, to: head.postId },
    })
    await endPost(ctx, head.postId)
    expect(await organisationsPort.superiorOf(ctx, 'finance')).toBeUndefined()
    const ended = await admin.send('PUT', '/organisations/finance/superior', { postId: head.postId })
    expect([ended.statusCode, ended.json().code]).toEqual([422, 'superior.no_such_post'])
    expect((await admin.send('PUT', '/organisations/finance/superior', { postId: null })).statusCode).toBe(204)
  })

  test('is set by nobody else: 403 for an office one reads, 404 for one that is not there', async () => {
    const one = await as('applicant')
    expect((await one.send('PUT', '/organisations/finance/superior', { postId: null })).statusCode).toBe(403)
    expect((await one.send('PUT', '/organisations/nobody/superior', { postId: null })).statusCode).toBe(404)
    expect((await one.send('GET', '/superiors')).statusCode).toBe(403)
    expect((await (await as('admin')).send('PUT', '/organisations/nobody/superior', { postId: null })).statusCode).toBe(404)
  })
})

describe('what the other modules are told', () => {
  test('who bears a duty, and who holds it; an ended post no longer counts', async () => {
    expect(await organisationsPort.organisation(ctx, 'finance')).toEqual({
      id: 'finance',
      name: '乌海市财政局',
      kind: 'city-department',
      parentId: 'city',
    })
    expect(await organisationsPort.organisation(ctx, 'nobody')).toBeUndefined()
    expect([...(await organisationsPort.organisations(ctx, ['city', 'nobody', 'finance'])).keys()].sort()).toEqual(['city', 'finance'])
    expect(await organisationsPort.bearersOf(ctx, 'drc')).toEqual([])
    const { personId } = applicant
    const early = await createPost(ctx, { personId, organisationId: 'finance', title: '科长', duties: ['drc'] })
    await createPost(ctx, { personId, organisationId: 'city', title: '处长', duties: ['drc'] })
    await createPost(ctx, { personId, organisationId: 'finance', title: '副科长', duties: ['drc'], validFrom: '2026-04-01' })
    expect((await organisationsPort.bearersOf(ctx, 'drc')).map((one) => one.id)).toEqual(['city', 'finance'])
    expect(await organisationsPort.holdersOf(ctx, 'drc', 'finance')).toEqual([{ personId, name: 'applicant员', postTitle: '科长' }])
    await endPost(ctx, early.id)
    expect((await organisationsPort.bearersOf(ctx, 'drc')).map((one) => one.id)).toEqual(['city'])
    clock.set('2026-03-31T16:00:00Z')
    expect(await organisationsPort.holdersOf(ctx, 'drc', 'finance')).toMatchObject([{ postTitle: '副科长' }])
  })
})

test('divisions are found by name and code, those near the offices of the city first; a code that never was is a 404', async () => {
  const admin = await as('admin')
  const found = async (query: string) =>
    (await admin.send('GET', `/divisions?${query}`)).json<{ items: { id: string }[] }>().items.map(({ id }) => id)
  const district = { id: 'haibowan', name: '海勃湾区人民政府', kind: 'district', divisionCode: '150302' }
  expect((await admin.send('POST', '/organisations', district)).statusCode).toBe(201)
  expect(await found('limit=4')).toEqual(['150300', '150302', '150303', '150304'])
  expect(await found(`q=${encodeURIComponent('海勃湾')}`)).toEqual(['150302'])
  const one = (code: string) => admin.send('GET', `/divisions/${code}`)
  expect((await one('150302')).json()).toEqual({ id: '150302', name: '海勃湾区', within: '内蒙古自治区乌海市', inUse: true })
  expect((await one('150301')).statusCode).toBe(404)
  expect((await one('1503')).statusCode).toBe(400)
})
