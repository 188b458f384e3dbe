import { type KeyRing, keyRingOf, newKeys, personDigest, type RelationSubjectPort, syntheticCitizenId, withNewKey } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { auditOf, browser, givenAccount, givenPlatform, signedIn } from './identity.given.ts'
import { identityDb } from './identity.tables.ts'
import { readRelation } from './relation.permissions.ts'
import { carryPersonSubjects, endLostRelations, relationsPort } from './relation.service.ts'

const firms: Readonly<Record<string, string>> = { one: '甲公司', two: '乙公司', nameless: '无码公司' }
const dealings = new Set(['bureau one', 'ended one'])

/** Enterprises as another module keeps them: one without a code, and one that the bureau has a contract with. */
const enterprises: RelationSubjectPort = {
  kind: 'enterprise',
  nameOf: async (_ctx, id) => firms[id],
  obstacle: async (_ctx, id, within) => {
    if (id === 'nameless') return '该单位没有统一社会信用代码。'
    return within === null || dealings.has(`${within} ${id}`) ? undefined : '本单位与该单位没有合同。'
  },
}

const { db, owner } = await testDatabase()
/** Persons as another module tells them: by what stands for the number. */
const digestKeys = keyRingOf(newKeys())
const persons: RelationSubjectPort = {
  kind: 'person',
  nameOf: async () => undefined,
  obstacle: async () => undefined,
  identified: (identifier) => ({ id: personDigest(digestKeys, identifier), name: `公民身份号码${identifier.slice(0, 3)}＊＊＊` }),
}

const subjects = new Map([enterprises, persons].map((port) => [port.kind, port]))
const { app, clock, ctx } = await givenPlatform(db, null, undefined, null, { subjects })
const clerk = await givenAccount(ctx, 'clerk', 'bureau', ['applicant'])
await givenAccount(ctx, 'other', 'health', ['applicant'])
await givenAccount(ctx, 'center', 'center', ['big-data-center'], 'big-data-center')
await givenAccount(ctx, 'auditor', 'audit', ['audit'])
await givenAccount(ctx, 'user', 'bureau', ['user-unit'])
await givenAccount(ctx, 'police', 'police', ['public-security'])
await givenAccount(ctx, 'admin', 'bureau', ['system-admin'])

async function granted(by: string, username: string, more: object = {}) {
  const answer = await (await signedIn(app, by)).send('POST', '/relations', {
    ...{ kind: 'contractor-agent', subjectId: 'one' },
    ...('personId' in more ? {} : { name: `${username}员`, username }),
    ...more,
  })
  return { status: answer.statusCode, body: answer.json() }
}

/** A citizen who was verified at the window of the police (窗口核验). */
const verified = (username: string, bornOn: string, more: object = {}, by = 'police') =>
  granted(by, username, {
    ...{ kind: 'data-subject', subjectId: undefined, identifier: syntheticCitizenId('150302', bornOn), document: 'id-card' },
    ...more,
  })

/** An agent who has changed the first password, in a browser of their own. */
async function agent(by: string, username: string, more: object = {}) {
  const { body } = await granted(by, username, more)
  const one = browser(app)
  const started = await one.send('POST', '/sessions', { username, password: body.initialPassword })
  expect(started.statusCode).toBe(201)
  const changed = await one.send('POST', '/me/password', { currentPassword: body.initialPassword, newPassword: 'Wuhai-2026-agent' })
  expect(changed.statusCode).toBe(204)
  return { ...one, id: body.id as string }
}

describe('a person outside the offices', () => {
  test('signs in by a relation, changes the first password first, and stands at the relation in place of a post', async () => {
    const { status, body } = await granted('center', 'agent-first')
    expect(status).toBe(201)
    const one = browser(app)
    const started = await one.send('POST', '/sessions', { username: 'agent-first', password: body.initialPassword })
    expect(started.json().user).toMatchObject({
      unfinished: 'initial-password',
      post: { id: body.id, title: '承建单位经办人', organisation: { id: 'enterprise:one', name: '甲公司', kind: 'enterprise' } },
      roles: ['enterprise'],
      relation: { id: body.id, kind: 'contractor-agent', subject: { kind: 'enterprise', id: 'one' }, withinOrgId: null },
    })
    expect((await one.send('GET', '/sessions')).json().code).toBe('password.change_required')
    await one.send('POST', '/me/password', { currentPassword: body.initialPassword, newPassword: 'Wuhai-2026-agent' })
    expect((await one.send('GET', '/sessions')).json().items).toMatchObject([
      { post: { title: '承建单位经办人', organisation: { id: 'enterprise:one', name: '甲公司' } }, current: true },
    ])
    expect(await auditOf(ctx, body.id)).toMatchObject([
      {
        action: 'relation.granted',
        outcome: 'done',
        person_name: 'center员',
        detail: { subject: { kind: 'enterprise', id: 'one' }, within: null },
      },
    ])
  })

  test('is opened nothing by being signed in: the directory, people, tokens and delegations stay closed', async () => {
    const one = await agent('center', 'agent-shut')
    for (const path of ['/organisations', '/tokens', '/token-choices', '/me/delegations', '/me/delegates', '/people', '/relations'])
      expect([path, (await one.send('GET', path)).statusCode]).toEqual([path, 403])
    expect((await one.send('GET', '/organisations')).json()).toMatchObject({ code: 'relation.not_open' })
    expect((await one.send('GET', '/organisations/bureau')).statusCode).toBe(404)
    expect((await one.send('POST', '/tokens', { name: '对账', expiresOn: '2026-12-31' })).statusCode).toBe(403)
  })

  test('is out within five seconds when the relation ends, and is told why at the next sign-in', async () => {
    const one = await agent('center', 'agent-ended')
    expect((await one.send('GET', '/me')).statusCode).toBe(200)
    const center = await signedIn(app, 'center')
    const ended = await center.send('POST', `/relations/${one.id}/end`, { reason: '人员离职' })
    expect(ended.statusCode).toBe(204)
    expect((await one.send('GET', '/me')).statusCode).toBe(401)
    const again = await browser(app).send('POST', '/sessions', { username: 'agent-ended', password: 'Wuhai-2026-agent' })
    expect(again.json()).toMatchObject({ status: 403, code: 'account.no_relation' })
    expect((await auditOf(ctx, one.id)).at(-1)).toMatchObject({ action: 'relation.ended', detail: { reason: '人员离职' } })
    expect((await center.send('POST', `/relations/${one.id}/end`, { reason: '再次' })).json()).toMatchObject({ code: 'relation.ended' })
    const listed = (await center.send('GET', '/relations?state=ended')).json().items
    expect(listed).toMatchObject([{ id: one.id, state: 'ended', endReason: '人员离职', endedBy: 'center局 center员', mayEnd: false }])
  })

  test('is out when the account is disabled or the day has come', async () => {
    const one = await agent('center', 'agent-until', { validTo: '2026-03-04' })
    clock.set('2026-03-03T15:30:00Z')
    expect((await one.send('GET', '/me')).statusCode).toBe(401)
    const again = browser(app)
    expect((await again.send('POST', '/sessions', { username: 'agent-until', password: 'Wuhai-2026-agent' })).statusCode).toBe(201)
    clock.set('2026-03-03T16:00:01Z')
    expect((await again.send('GET', '/me')).statusCode).toBe(401)
    clock.set('2026-03-02T01:00:00Z')
    const other = await agent('center', 'agent-disabled')
    const { id } = await identityDb(ctx)
      .selectFrom('identity.account')
      .select('id')
      .where('username', '=', 'agent-disabled')
      .executeTakeFirstOrThrow()
    expect((await (await signedIn(app, 'admin')).send('POST', `/accounts/${id}/disable`)).statusCode).toBe(200)
    expect((await other.send('GET', '/me')).statusCode).toBe(401)
  })

  test('takes no post in an office while the relation holds, and an official takes no relation', async () => {
    const { id } = await agent('center', 'agent-official')
    const { person_id } = await identityDb(ctx)
      .selectFrom('identity.relation')
      .select('person_id')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    const admin = await signedIn(app, 'admin')
    const post = { personId: person_id, organisationId: 'bureau', title: '科员', duties: ['applicant'] }
    expect((await admin.send('POST', '/posts', post)).json()).toMatchObject({ status: 409, code: 'post.outsider' })
    const official = await granted('center', 'x', { personId: clerk.personId })
    expect(official).toMatchObject({ status: 422, body: { code: 'relation.no_such_person' } })
  })
})

describe('granting', () => {
  test('a unit grants within its own contracts only, the center for the whole enterprise', async () => {
    expect((await granted('clerk', 'agent-within')).status).toBe(201)
    expect(await granted('other', 'agent-foreign')).toMatchObject({ status: 409, body: { code: 'relation.not_grantable' } })
    expect(await granted('center', 'agent-nameless', { subjectId: 'nameless' })).toMatchObject({ status: 409 })
    const people = async (orgId: string) =>
      (await relationsPort.peopleOf(ctx, { kind: 'enterprise', id: 'one' }, orgId)).map(({ name }) => name)
    expect(await people('bureau')).toContain('agent-within员')
    expect(await people('health')).not.toContain('agent-within员')
  })

  test('is refused to those without the duty, for what does not exist, and when it was done before', async () => {
    for (const who of ['auditor', 'user', 'admin']) expect([who, (await granted(who, 'nobody')).status]).toEqual([who, 403])
    expect(await granted('center', 'nobody', { subjectId: 'three' })).toMatchObject({
      status: 422,
      body: { code: 'relation.no_such_subject' },
    })
    expect(await granted('center', 'nobody', { kind: 'other' })).toMatchObject({ status: 422, body: { code: 'relation.no_such_kind' } })
    expect(await granted('center', 'nobody', { validTo: '2026-03-02' })).toMatchObject({
      status: 422,
      body: { code: 'relation.bad_period' },
    })
    const first = await granted('center', 'agent-twice')
    const { person_id } = await identityDb(ctx)
      .selectFrom('identity.relation')
      .select('person_id')
      .where('id', '=', first.body.id)
      .executeTakeFirstOrThrow()
    expect(await granted('center', 'x', { personId: person_id })).toMatchObject({ status: 409, body: { code: 'relation.exists' } })
    expect(await granted('center', 'x', { personId: person_id, subjectId: 'two' })).toMatchObject({
      status: 201,
      body: { username: null, initialPassword: null },
    })
  })

  test('a stranger cannot tell a foreign relation from none; who reads it and may not end it is told so', async () => {
    const one = await agent('clerk', 'agent-mine')
    const end = async (who: string, id = one.id) =>
      (await (await signedIn(app, who)).send('POST', `/relations/${id}/end`, { reason: '试' })).statusCode
    expect(await end('other')).toBe(404)
    expect(await end('other', '00000000-0000-4000-8000-00000000dead')).toBe(404)
    expect(await end('auditor')).toBe(403)
    expect(await end('clerk')).toBe(204)
  })

  test('what a unit that is abolished had granted counts for its successor', async () => {
    await givenAccount(ctx, 'last-clerk', 'ended', ['applicant'])
    const { body } = await granted('last-clerk', 'agent-handed-over')
    const admin = await signedIn(app, 'admin')
    const order = { kind: 'abolish', organisationIds: ['ended'], successors: [{ id: 'bureau' }], reason: '机构改革' }
    const ordered = await admin.send('POST', '/reorganisations', {
      ...order,
      ...{ documentNumber: '乌海党办发〔2026〕2号', effectiveOn: '2026-03-02' },
    })
    expect(ordered.statusCode).toBe(201)
    const listed = (await (await signedIn(app, 'clerk')).send('GET', '/relations?q=agent-handed-over')).json().items
    expect(listed).toMatchObject([{ id: body.id, within: { id: 'bureau' }, grantedBy: 'ended局 last-clerk员', mayEnd: true }])
    expect((await auditOf(ctx, body.id)).map(({ action }) => action)).toEqual(['relation.granted', 'organisation.handed_over'])
  })

  test('the permission as SQL and as a function give the same list', async () => {
    await granted('clerk', 'agent-listed')
    await verified('citizen-listed', '1990-03-07')
    const everything = () =>
      identityDb(ctx).selectFrom('identity.relation as relation').innerJoin('identity.relation_kind as kind', 'kind.id', 'relation.kind')
    const rows = await everything()
      .select(['relation.id', 'relation.within_org_id', 'kind.granted_everywhere_by', 'kind.granted_within_by'])
      .execute()
    const seen = new Set<number>()
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(['applicant', 'big-data-center', 'public-security', 'audit', 'user-unit', 'enterprise', 'finance']),
        fc.constantFrom('bureau', 'health', 'center'),
        fc.boolean(),
        async (roles, orgId, outside) => {
          const relation = { id: 'r', kind: 'k', subject: { kind: 'enterprise', id: 'one' }, withinOrgId: null }
          const actor = { ...ctx.actor, orgId, roles: new Set(roles), ...(outside ? { relation } : {}) }
          const listed = await everything().select('relation.id').where(readRelation.where(actor)).execute()
          const allowed = rows.filter((row) => readRelation.allows(actor, row))
          expect(listed.map(({ id }) => id).sort()).toEqual(allowed.map(({ id }) => id).sort())
          seen.add(listed.length)
        },
      ),
      { numRuns: 100, seed: 1 },
    )
    expect(seen.size).toBeGreaterThanOrEqual(4)
  })
})

describe('a citizen (本人)', () => {
  const relation = async (id: string) =>
    identityDb(ctx).selectFrom('identity.relation').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

  test('is verified at the window, with the document, by whom and when; the number is written down nowhere', async () => {
    const { status, body } = await verified('citizen-first', '1980-05-06')
    expect(status).toBe(201)
    const one = browser(app)
    const started = await one.send('POST', '/sessions', { username: 'citizen-first', password: body.initialPassword })
    expect(started.json().user).toMatchObject({
      post: { title: '本人', organisation: { name: '公民身份号码150＊＊＊', kind: 'person' } },
      roles: ['citizen'],
      relation: { kind: 'data-subject', subject: { kind: 'person' }, withinOrgId: null },
    })
    const [listed] = (await (await signedIn(app, 'police')).send('GET', '/relations?q=citizen-first')).json().items
    const verification = { document: 'id-card', by: 'police局 police员', at: clock.now().toISOString() }
    expect(listed).toMatchObject({ id: body.id, subject: { name: '公民身份号码150＊＊＊' }, verification, mayEnd: true })
    const number = syntheticCitizenId('150302', '1980-05-06')
    const { rows } = await owner.query<{ text: string }>(`select r::text as text from identity.relation r
      union all select e::text from kernel.audit_event e union all select s::text from identity.session s`)
    expect(rows.filter(({ text }) => text.includes(number))).toEqual([])
    expect([started.body, JSON.stringify(listed)].join('')).not.toContain(number)
    expect(await auditOf(ctx, body.id)).toMatchObject([{ action: 'relation.granted', detail: { document: 'id-card' } }])
  })

  test('is granted by who verifies identities and nobody else, only with a document and a number', async () => {
    for (const who of ['clerk', 'center', 'auditor', 'user', 'admin'])
      expect([who, (await verified('nobody', '1980-05-07', {}, who)).status]).toEqual([who, 403])
    expect(await verified('nobody', '1980-05-07', { document: undefined })).toMatchObject({
      status: 422,
      body: { code: 'relation.not_verified' },
    })
    expect(await verified('nobody', '1980-05-07', { identifier: undefined })).toMatchObject({
      status: 422,
      body: { code: 'relation.no_identifier' },
    })
    expect((await verified('nobody', '1980-05-07', { document: 'library-card' })).status).toBe(400)
    // The police do not grant what the offices of a contract grant.
    expect((await granted('police', 'nobody')).status).toBe(403)
    const kinds = async (who: string) => (await (await signedIn(app, who)).send('GET', '/relation-kinds')).json().kinds
    expect(await kinds('police')).toMatchObject([
      { id: 'contractor-agent', mayGrant: false },
      { id: 'data-subject', mayGrant: true },
    ])
  })

  test('has one account at a time; who comes again after the end keeps it, with a first password made anew', async () => {
    const first = await verified('citizen-again', '1981-01-01')
    expect(await verified('citizen-other', '1981-01-01')).toMatchObject({ status: 409, body: { code: 'relation.exists' } })
    const police = await signedIn(app, 'police')
    const sessions = browser(app)
    await sessions.send('POST', '/sessions', { username: 'citizen-again', password: first.body.initialPassword })
    expect((await police.send('POST', `/relations/${first.body.id}/end`, { reason: '本人申请注销' })).statusCode).toBe(204)
    expect((await sessions.send('GET', '/me')).statusCode).toBe(401)
    const again = await verified('citizen-other', '1981-01-01', { validTo: '2026-03-04' })
    expect(again).toMatchObject({ status: 201, body: { username: 'citizen-again' } })
    expect((await relation(again.body.id)).person_id).toBe((await relation(first.body.id)).person_id)
    const signIn = async (password: string) =>
      (await browser(app).send('POST', '/sessions', { username: 'citizen-again', password })).statusCode
    expect(await signIn(first.body.initialPassword)).toBe(401)
    expect(await signIn(again.body.initialPassword)).toBe(201)
    // What has run out is ended when the person is verified once more.
    clock.set('2026-03-05T01:00:00Z')
    expect(await verified('citizen-third', '1981-01-01')).toMatchObject({ status: 201, body: { username: 'citizen-again' } })
    expect(await relation(again.body.id)).toMatchObject({ end_reason: '已到期，重新核验后授予' })
    clock.set('2026-03-02T01:00:00Z')
  })

  test('is out within five seconds when the relation ends or has run out', async () => {
    const { body } = await verified('citizen-until', '1982-01-01', { validTo: '2026-03-04' })
    const one = browser(app)
    await one.send('POST', '/sessions', { username: 'citizen-until', password: body.initialPassword })
    clock.set('2026-03-03T15:59:58Z')
    const again = browser(app)
    expect((await again.send('POST', '/sessions', { username: 'citizen-until', password: body.initialPassword })).statusCode).toBe(201)
    clock.set('2026-03-03T16:00:01Z')
    expect((await again.send('GET', '/me')).statusCode).toBe(401)
    clock.set('2026-03-02T01:00:00Z')
  })

  test('is known to who verifies, audits and keeps accounts; to other offices the relation does not exist', async () => {
    const { body } = await verified('citizen-hidden', '1983-01-01')
    for (const who of ['clerk', 'center', 'other']) {
      const one = await signedIn(app, who)
      expect([who, (await one.send('GET', '/relations?q=citizen-hidden')).json().items]).toEqual([who, []])
      expect([who, (await one.send('POST', `/relations/${body.id}/end`, { reason: '试' })).statusCode]).toEqual([who, 404])
    }
    expect((await (await signedIn(app, 'auditor')).send('POST', `/relations/${body.id}/end`, { reason: '试' })).statusCode).toBe(403)
  })

  test('whose key was lost is told by nobody any more: the relation ends; under a new key beside the former it goes on', async () => {
    const { body } = await verified('citizen-keyed', '1984-01-01')
    const before = (await relation(body.id)).subject_id
    const stored = withNewKey(newKeys(), 'digest')
    const rotated = { ...digestKeys, digest: chained(digestKeys, keyRingOf(stored)) }
    expect(await carryPersonSubjects(ctx, rotated)).toBeGreaterThan(0)
    const after = (await relation(body.id)).subject_id
    expect(after).not.toBe(before)
    expect(after).toBe(personDigest(rotated, syntheticCitizenId('150302', '1984-01-01')))
    expect(await endLostRelations(ctx, rotated)).toBe(0)
    expect(await endLostRelations(ctx, keyRingOf(newKeys()))).toBeGreaterThan(0)
    expect(await relation(body.id)).toMatchObject({ end_reason: '密钥文件已丢失，须重新核验身份' })
  })
})

/** One ring's key for digests, and after it another's. */
function chained(first: KeyRing, second: KeyRing): NonNullable<KeyRing['digest']> {
  if (!first.digest || !second.digest) throw new Error('no key for digests')
  const added = second.digest.byId.get(second.digest.current)
  if (!added) throw new Error('no key in use')
  return { current: second.digest.current, byId: new Map([...first.digest.byId, [second.digest.current, added]]) }
}
