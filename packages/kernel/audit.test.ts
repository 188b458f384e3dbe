import { testDatabase } from '@tongchou/testing'
import { Type } from 'typebox'
import { beforeEach, describe, expect, test } from 'vitest'
import { auditTrail, recordAudit, recordEvent, recordRead } from './audit.ts'
import { inTransaction } from './context.ts'
import { InvalidState, InvalidValue, NotFound, NotPermitted, PolicyRefusal, StateSecretDeclared, TooManyRequests } from './errors.ts'
import { problems, Strict } from './http/schema.ts'
import { clerk, ctxOf, givenApp } from './kernel.given.ts'

const { db, pool, owner } = await testDatabase()
const ctx = ctxOf(db)
const project = { kind: 'project', id: 'p1' }

beforeEach(async () => {
  await owner.query('truncate kernel.audit_event, kernel.outbox, kernel.setting')
})

const rows = async (table: 'audit_event' | 'outbox' | 'setting') => (await owner.query(`select * from kernel.${table} order by 1`)).rows
const setting = (key: string) => ({ key, value: '{}', updated_at: ctx.now() })

describe('the row of an act', () => {
  test('holds who, in which post of which office, when, in which request and what', async () => {
    await inTransaction(ctx, (tx) => recordAudit(tx, 'project.submitted', project, { stage: 'review' }))
    expect(await rows('audit_event')).toMatchObject([
      {
        at: ctx.now(),
        request_id: 'test',
        account_id: clerk.accountId,
        person_id: clerk.personId,
        person_name: clerk.name,
        post_id: clerk.postId,
        org_id: clerk.orgId,
        org_name: clerk.orgName,
        action: 'project.submitted',
        outcome: 'done',
        subject_kind: 'project',
        subject_id: 'p1',
        detail: { stage: 'review' },
      },
    ])
  })

  test('names whoever was stood in for (受托), beside what was done', async () => {
    const actor = { ...ctx.actor, onBehalfOf: { personId: 'person-head', name: '科长' } }
    await inTransaction({ ...ctx, actor }, (tx) => recordAudit(tx, 'project.submitted', project, { stage: 'review' }))
    expect(await rows('audit_event')).toMatchObject([
      { person_id: clerk.personId, detail: { stage: 'review', onBehalfOf: { personId: 'person-head', name: '科长' } } },
    ])
  })

  test('is written with the change and the event, or none of the three is', async () => {
    const act = (fails: boolean) =>
      inTransaction(ctx, async (tx) => {
        await tx.db.insertInto('kernel.setting').values(setting('a')).execute()
        await recordAudit(tx, 'setting.changed', project)
        await recordEvent(tx, 'setting.changed', project, {})
        if (fails) throw new InvalidState('setting.closed', '不能更改。')
      })
    await expect(act(true)).rejects.toThrow('不能更改')
    expect([await rows('setting'), await rows('audit_event'), await rows('outbox')]).toEqual([[], [], []])
    await act(false)
    expect([await rows('setting'), await rows('audit_event'), await rows('outbox')].map((list) => list.length)).toEqual([1, 1, 1])
  })

  test('is not seen by others before the commit', async () => {
    await inTransaction(ctx, async (tx) => {
      await recordAudit(tx, 'project.submitted', project)
      expect((await auditTrail(ctx, [project])).items).toEqual([])
      expect((await auditTrail(tx, [project])).items).toHaveLength(1)
    })
  })
})

test('a trail holds its subjects and no others, newest first, as many as asked', async () => {
  for (const [kind, id] of [
    ['project', 'p1'],
    ['project', 'p2'],
    ['system', 'p1'],
    ['project', 'p1'],
  ] as const)
    await recordAudit(ctx, `${kind}.${id}`, { kind, id }, { id })
  const actions = async (subjects: Parameters<typeof auditTrail>[1], page = {}) =>
    (await auditTrail(ctx, subjects, page)).items.map(({ action }) => action)
  expect(await actions([project])).toEqual(['project.p1', 'project.p1'])
  const both = [project, { kind: 'system', id: 'p1' }]
  expect(await actions(both)).toEqual(['project.p1', 'system.p1', 'project.p1'])
  expect(await actions([])).toEqual([])
  const first = await auditTrail(ctx, both, { limit: 2 })
  expect(first.items).toHaveLength(2)
  const last = await auditTrail(ctx, both, { limit: 2, cursor: first.nextCursor ?? undefined })
  expect([last.items.length, last.nextCursor]).toEqual([1, null])
  expect([...first.items, ...last.items].map(({ seq }) => seq)).toEqual((await auditTrail(ctx, both)).items.map(({ seq }) => seq))
  await expect(auditTrail(ctx, both, { cursor: 'x' })).rejects.toMatchObject({ code: 'request.bad_cursor' })
  // Who only looked, or was not shown it, is for the auditor.
  await recordRead(ctx, project)
  expect(await actions([project])).toEqual(['project.p1', 'project.p1'])
})

describe('a refused attempt', async () => {
  const typed = '不该留下的正文'
  const refusals: Record<string, () => Error> = {
    state: () => new InvalidState('project.wrong_state', typed),
    value: () => new InvalidValue('project.bad_value', typed, [{ path: typed, message: typed }]),
    missing: () => new NotFound('project.not_found', typed),
    forbidden: () => new NotPermitted('project.not_owner', typed),
    often: () => new TooManyRequests('session.locked', typed, 1),
    secret: () => new StateSecretDeclared(),
    policy: () =>
      new PolicyRefusal('project.refused', [
        {
          rule: 'no-own-infrastructure',
          effect: 'refuse',
          modality: 'must',
          basis: 'text',
          mode: 'enforce',
          article: 'WH23-4',
          text: typed,
          message: typed,
          cure: typed,
          facts: [],
        },
      ]),
    defect: () => new Error(typed),
  }
  const { app } = await givenApp(db)
  const schema = {
    operationId: 'decide',
    tags: ['test'],
    'x-authz': { any: ['applicant'] },
    response: { 200: Type.Object({}), ...problems },
  }
  const body = Strict({ why: Type.String(), text: Type.String() })
  const act = async (request: { ctx: typeof ctx; body: unknown }) => {
    const { why } = request.body as { why: string }
    return inTransaction(request.ctx, async (tx) => {
      await tx.db.insertInto('kernel.setting').values(setting(why)).execute()
      await recordAudit(tx, 'project.decided', project)
      throw refusals[why]?.() ?? new Error(why)
    })
  }
  app.post('/api/v1/things/:id', { schema: { ...schema, params: Strict({ id: Type.String() }), body } }, act)
  app.post('/api/v1/dry-runs', { schema: { ...schema, operationId: 'tryOut', body }, config: { storesNothing: true } }, act)
  app.get('/api/v1/things/:id', { schema: { ...schema, operationId: 'read' } }, async () => {
    throw new NotFound('project.not_found', typed)
  })

  const post = (why: string, { as = 'clerk', url = '/things/p1', extra = {} } = {}) =>
    app.inject({ method: 'POST', url: `/api/v1${url}`, headers: { 'x-as': as }, payload: { why, text: typed, ...extra } })

  test.each([
    ['state', 409, { code: 'project.wrong_state', rules: [] }],
    ['value', 422, { code: 'project.bad_value', rules: [] }],
    ['missing', 404, { code: 'project.not_found', rules: [] }],
    ['forbidden', 403, { code: 'project.not_owner', rules: [] }],
    ['policy', 409, { code: 'project.refused', rules: ['WH23-4/no-own-infrastructure'] }],
  ])('for %s leaves exactly one row, without what was typed; its act is gone', async (why, status, detail) => {
    expect((await post(why)).statusCode).toBe(status)
    const audit = await rows('audit_event')
    expect(audit).toMatchObject([{ action: 'decide', outcome: 'refused', person_id: clerk.personId, subject_id: 'p1', detail }])
    expect(JSON.stringify(audit)).not.toContain(typed)
    expect(await rows('setting')).toEqual([])
  })

  test('for a declared secret leaves who, when and that', async () => {
    await post('secret')
    expect(await rows('audit_event')).toMatchObject([
      { action: 'decide', outcome: 'refused', subject_kind: 'request', subject_id: 'secrecy', detail: { code: 'secrecy.out_of_scope' } },
    ])
  })

  test.each<[string, () => ReturnType<typeof post>, number, string]>([
    ['a form that is wrong', () => post('state', { extra: { unknown: typed } }), 400, 'p1'],
    ['a missing duty', () => post('state', { as: 'officer' }), 404, 'p1'],
    ['an id that no row can hold', () => post('state', { url: '/things/%00' }), 400, '/api/v1/things/:id'],
  ])('before the act began, for %s, leaves one too', async (_why, attempt, status, subject) => {
    expect((await attempt()).statusCode).toBe(status)
    const audit = await rows('audit_event')
    expect(audit).toMatchObject([{ action: 'decide', outcome: 'refused', subject_id: subject }])
    expect(JSON.stringify(audit)).not.toContain(typed)
  })

  test.each<[string, () => Promise<{ statusCode: number }>, number]>([
    ['reading', async () => app.inject({ url: '/api/v1/things/p1', headers: { 'x-as': 'clerk' } }), 404],
    ['nobody signed in', () => post('state', { as: 'nobody' }), 401],
    ['a question that stores nothing', () => post('state', { url: '/dry-runs' }), 409],
    ['too many of them', () => post('often'), 429],
    ['a defect', () => post('defect'), 500],
  ])('leaves none for %s', async (_why, attempt, status) => {
    expect((await attempt()).statusCode).toBe(status)
    expect(await rows('audit_event')).toEqual([])
  })
})

describe('the application role', () => {
  const kept = async () =>
    (
      await owner.query<{ name: string }>(
        `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p') and obj_description(c.oid, 'pg_class') like 'append-only%' order by 1`,
      )
    ).rows.map(({ name }) => name)

  test('cannot change what is kept for good, in any module', async () => {
    const tables = await kept()
    expect(tables).toContain('kernel.audit_event')
    expect(tables.length).toBeGreaterThan(3)
    await recordAudit(ctx, 'project.submitted', project)
    for (const table of tables) {
      const column = (
        await owner.query(`select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and attidentity = '' limit 1`, [
          table,
        ])
      ).rows[0]
      // What one may not give, PostgreSQL only warns of.
      await pool.query(`grant update, delete on ${table} to tongchou_app`)
      for (const attempt of [
        `update ${table} set ${column.attname} = ${column.attname}`,
        `delete from ${table}`,
        `truncate ${table}`,
        `alter table ${table} add column x text`,
        `alter table ${table} disable trigger all`,
        `drop table ${table}`,
        `comment on table ${table} is null`,
      ])
        await expect(pool.query(attempt), attempt).rejects.toMatchObject({ code: '42501' })
    }
    expect(await rows('audit_event')).toHaveLength(1)
  })

  test('can work with every other table, and none is forgotten', async () => {
    const { rows: rights } = await owner.query<{ name: string; rights: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name,
         array_to_string(array(select p from unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) p
           where has_table_privilege('tongchou_app', c.oid, p)), ' ') as rights
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p', 'v', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') order by 1`,
    )
    const forGood = new Set(await kept())
    const due = (name: string) => {
      if (name === 'kernel.schema_migration') return 'select'
      return forGood.has(name) ? 'select insert' : 'select insert update delete'
    }
    expect(rights.length).toBeGreaterThan(20)
    expect(rights).toEqual(rights.map(({ name }) => ({ name, rights: due(name) })))
  })

  test.each([
    'insert into kernel.schema_migration (schema, name, digest) values ($$x$$, $$x$$, $$x$$)',
    'update kernel.schema_migration set digest = $$x$$',
    'delete from kernel.schema_migration',
    'create table kernel.mine (a text)',
    'create table public.mine (a text)',
    'create schema mine',
    'create function kernel.mine() returns int language sql as $$select 1$$',
    'create extension pg_trgm',
    'create role mine',
    'set session_replication_role = replica',
    "select setval('kernel.audit_event_seq_seq', 1)",
    "copy kernel.setting from program 'id'",
    "select pg_read_file('/etc/passwd')",
  ])('may not: %s', async (attempt) => {
    await expect(pool.query(attempt)).rejects.toMatchObject({ code: '42501' })
  })

  test('a number of the log cannot be chosen, so none can be put between others', async () => {
    const forged = `insert into kernel.audit_event (seq, at, request_id, action, outcome, subject_kind, subject_id)
      values (0, now(), 'r', 'a', 'done', 'k', 'i')`
    await expect(pool.query(forged)).rejects.toMatchObject({ code: '428C9' })
  })
})
