import { testDatabase } from '@tongchou/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { clockedCases, definitionOfClasses } from './clock.given.ts'
import { fireDeadline, recomputeProvisional, refreshClocks } from './clock.service.ts'
import { dueDeadlines } from './clock.store.ts'
import { doOnCase } from './verb.service.ts'

const { db, owner } = await testDatabase()
const superior = { personId: 'chief', name: '王局', postId: 'post-chief', postTitle: '局长', orgName: '市office' }
const { clock, told, waiting, ports, system, file, decide, fireAll } = clockedCases(db, { superior })

beforeEach(async () => {
  clock.set('2026-03-02T01:00:00Z')
  told.length = 0
  await owner.query(
    `truncate kernel.holiday_notice, kernel.outbox, kernel.audit_event; update cases.deadline set voided_at = now() where fired_at is null and voided_at is null`,
  )
})

const at = (text: string) => clock.set(`${text}+08:00`)
const local = (instant: Date | null) => instant && new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(0, 16)

async function deadlinesOf(caseId: string) {
  const { rows } = await owner.query(
    `select kind, fire_at, fired_at is not null as fired, voided_at is not null as void from cases.deadline where case_id = $1 order by kind, due_at`,
    [caseId],
  )
  return rows.map(
    ({ kind, fire_at, fired, void: voided }) => `${kind} ${local(fire_at) ?? 'waits'}${fired ? ' fired' : ''}${voided ? ' void' : ''}`,
  )
}

async function cardsOf(caseId: string) {
  const { rows } = await owner.query(
    'select colour, issued_at, explain_by, escalated_to_name from cases.card where case_id = $1 order by issued_at',
    [caseId],
  )
  return rows.map((row) => ({ ...row, issued_at: local(row.issued_at), explain_by: local(row.explain_by) }))
}

describe('a task with a limit', () => {
  test.each([
    ['short', 'yellow 2026-03-02T14:12', 'red 2026-03-02T15:00', 'escalation 2026-03-03T09:00'],
    ['urgent', 'yellow 2026-03-03T04:12', 'red 2026-03-03T09:00', 'escalation 2026-03-04T09:00'],
    ['usual', 'yellow 2026-03-12T09:00', 'red 2026-03-17T00:00', 'escalation 2026-03-17T09:00'],
    ['plain', 'yellow 2026-03-14T00:00', 'red 2026-03-18T00:00', 'escalation 2026-03-18T09:00'],
    ['long', 'yellow 2026-04-21T09:00', 'red 2026-05-03T00:00', 'escalation 2026-05-06T09:00'],
  ] as const)('of class %s has its yellow, its red and its report', async (kind, yellow, red, escalation) => {
    expect(await deadlinesOf(await file(kind))).toEqual([escalation, red, yellow])
  })

  test('turns yellow, then red with a reason to be given, and at last the named superior is told; each once', async () => {
    const caseId = await file('usual')
    expect(await fireAll()).toBe(0)
    at('2026-03-12T08:59:59')
    expect(await fireAll()).toBe(0)
    at('2026-03-12T09:00:00')
    expect([await fireAll(), await fireAll()]).toEqual([1, 0])
    at('2026-03-16T23:59:59.999')
    expect(await fireAll()).toBe(0)
    at('2026-03-17T00:00:00')
    expect([await fireAll(), await fireAll()]).toEqual([1, 0])
    at('2026-03-17T09:00:00')
    expect([await fireAll(), await fireAll()]).toEqual([1, 0])
    expect(await cardsOf(caseId)).toEqual([
      { colour: 'yellow', issued_at: '2026-03-12T09:00', explain_by: null, escalated_to_name: null },
      { colour: 'red', issued_at: '2026-03-17T00:00', explain_by: '2026-03-20T23:59', escalated_to_name: '市office 局长 王局' },
    ])
    expect(told.map(({ kind, to }) => [kind, to])).toEqual([
      ['case.yellow', [{ duty: 'handler', orgId: null }]],
      ['case.red', [{ duty: 'handler', orgId: null }]],
      ['case.escalated', [{ personId: 'chief' }]],
    ])
    expect(told[1]?.body).toBe(
      `《${await titleOf(caseId)}》的“处理”环节已于2026年3月16日期满而未办结，请尽快办理，并于2026年3月20日前说明理由。`,
    )
    const { rows } = await owner.query(
      `select action, outcome from kernel.audit_event where action like 'card.%' or action = 'case.escalated' order by seq`,
    )
    expect(rows.map(({ action }) => action)).toEqual(['card.yellow', 'card.red', 'case.escalated'])
  })

  test('that is decided in time has no card, and one decided after the yellow no red', async () => {
    const quick = await file('usual')
    await decide('handler', quick, 'close')
    const late = await file('usual')
    at('2026-03-13T10:00:00')
    await fireAll()
    await decide('handler', late, 'close')
    at('2026-06-01T10:00:00')
    expect(await fireAll()).toBe(0)
    expect(await cardsOf(quick)).toEqual([])
    expect(await cardsOf(late)).toMatchObject([{ colour: 'yellow' }])
  })

  test('that is sent back and handed in again has a new limit; the cards of the old one stay', async () => {
    const caseId = await file('usual')
    at('2026-03-20T10:00:00')
    expect(await fireAll()).toBe(3)
    await decide('handler', caseId, 'return')
    at('2026-03-23T10:00:00')
    await decide('clerk', caseId, 'submit', { class: 'usual' })
    at('2026-04-30T10:00:00')
    expect(await fireAll()).toBe(3)
    expect((await cardsOf(caseId)).map(({ colour }) => colour)).toEqual(['yellow', 'red', 'yellow', 'red'])
  })

  test('whose cards all came due while no server ran has its report after its red card, whichever is fired first', async () => {
    const caseId = await file('usual')
    at('2026-04-01T10:00:00')
    for (const { id } of (await dueDeadlines(system, 10)).toReversed()) await fireDeadline(system, ports, id)
    expect((await cardsOf(caseId)).map(({ colour, escalated_to_name }) => [colour, escalated_to_name !== null])).toEqual(
      expect.arrayContaining([
        ['yellow', false],
        ['red', true],
      ]),
    )
    expect(told.map(({ kind }) => kind).indexOf('case.red')).toBeLessThan(told.map(({ kind }) => kind).indexOf('case.escalated'))
  })

  test('without a named superior is reported to the supervisors, who learn why', async () => {
    const alone = clockedCases(db)
    alone.clock.set('2026-05-11T01:00:00Z')
    await alone.file('urgent')
    alone.clock.set('2026-05-14T01:00:00Z')
    await alone.fireAll()
    expect(alone.told.at(-1)).toMatchObject({ to: [{ duty: 'supervisor', orgId: null }], title: '逾期报告：承办单位未设上级岗位' })
  })
})

describe('a deadline', () => {
  test('that two servers fire at once fires once', async () => {
    const caseId = await file('urgent')
    at('2026-03-03T05:00:00')
    const [due] = await dueDeadlines(system, 10)
    const fired = await Promise.all([1, 2, 3, 4].map(() => fireDeadline(system, ports, due?.id ?? '')))
    expect(fired.filter(Boolean)).toHaveLength(1)
    expect(await cardsOf(caseId)).toHaveLength(1)
  })

  test('does not fire before its time, whoever wakes it', async () => {
    const caseId = await file('usual')
    const { rows } = await owner.query('select id from cases.deadline where case_id = $1', [caseId])
    for (const { id } of rows) expect(await fireDeadline(system, ports, id)).toBe(false)
    expect(await cardsOf(caseId)).toEqual([])
    expect((await deadlinesOf(caseId)).filter((one) => / (fired|void)$/.test(one))).toEqual([])
  })

  test('and the decision that makes it void, at once: either the card or none, never a card on nothing', async () => {
    for (let round = 0; round < 5; round++) {
      at('2026-03-02T09:00:00')
      const caseId = await file('urgent')
      at('2026-03-03T05:00:00')
      const [due] = await dueDeadlines(system, 10)
      const [fired] = await Promise.all([fireDeadline(system, ports, due?.id ?? ''), decide('handler', caseId, 'close')])
      expect(await cardsOf(caseId)).toHaveLength(fired ? 1 : 0)
      expect((await deadlinesOf(caseId)).filter((one) => !/ (fired|void)$/.test(one))).toEqual([])
    }
  })

  test('whose notice cannot be written has not fired, and fires when it can', async () => {
    const caseId = await file('urgent')
    at('2026-03-03T05:00:00')
    const [due] = await dueDeadlines(system, 10)
    const send = async () => {
      throw new Error('no notices')
    }
    await expect(fireDeadline(system, { ...ports, notices: { send } }, due?.id ?? '')).rejects.toThrow('no notices')
    expect(await cardsOf(caseId)).toEqual([])
    expect(await fireAll()).toBe(1)
    expect(await cardsOf(caseId)).toHaveLength(1)
  })
})

describe('a limit that is paused and extended by acts', () => {
  const handling = {
    pauses: [{ ground: 'publicity', title: '公示', article: 'T-1', basis: 'local' }],
    asks: { extend: 'supervisor' },
  }
  // A running case keeps what it began under, so what allows more is another version.
  const definition = { ...definitionOfClasses(handling), packVersion: '2' }
  const busy = clockedCases(db, { definition: () => definition })

  test('has as many deadlines as it has ends, and every end it ever had can be looked up with who moved it', async () => {
    busy.clock.set('2026-03-02T01:00:00Z')
    const caseId = await busy.file('usual')
    const { rows } = await owner.query('select task_id from cases.task where case_id = $1 and closed_at is null', [caseId])
    const about = { taskId: rows[0]?.task_id, opinion: '按规定办理。' }
    const on = (day: string) => busy.clock.set(`${day}T09:00:00+08:00`)
    on('2026-03-04')
    await doOnCase(busy.as('handler'), busy.ports, caseId, { kind: 'pause', ground: 'publicity', ...about })
    expect((await deadlinesOf(caseId)).filter((one) => !one.endsWith(' void'))).toEqual([])
    on('2026-03-10')
    await doOnCase(busy.as('handler'), busy.ports, caseId, { kind: 'resume', ...about })
    await doOnCase(busy.as('handler'), busy.ports, caseId, { kind: 'extend', until: '2026-04-10', ...about })
    const asked = (await owner.query(`select state->'asks'->0->>'id' as ref from cases.case_file where id = $1`, [caseId])).rows[0]?.ref
    await doOnCase(busy.as('supervisor'), busy.ports, caseId, { kind: 'answer', ref: asked, granted: true, to: null, opinion: null })
    const open = (await deadlinesOf(caseId)).filter((one) => !one.endsWith(' void'))
    expect(open).toEqual(['escalation 2026-04-13T09:00', 'red 2026-04-11T00:00', 'yellow 2026-04-08T09:00'])
    const changes = await owner.query('select cause, was_due_at, due_at, by_name from cases.due_change where case_id = $1 order by seq', [
      caseId,
    ])
    expect(changes.rows.map(({ cause, was_due_at, due_at, by_name }) => [cause, local(was_due_at), local(due_at), by_name])).toEqual([
      ['paused', '2026-03-16T23:59', null, 'handler'],
      ['resumed', null, '2026-03-20T23:59', 'handler'],
      ['changed', '2026-03-20T23:59', '2026-04-10T23:59', 'supervisor'],
    ])
  })
})

describe('a provisional limit', () => {
  const publish = (year: number, ...days: string[]) =>
    owner.query(
      `insert into kernel.holiday_notice (year, version, days, papers, loaded_by, loaded_at) values ($1, 1, $2, '[]', 'test', now())`,
      [year, JSON.stringify(days.map((date) => ({ name: '元旦', date, isOffDay: true })))],
    )

  test('is worked out again once the calendar is published; the former end stays, and the holder is told', async () => {
    at('2026-12-24T10:00:00')
    const caseId = await file('usual')
    expect(await deadlinesOf(caseId)).toContain('provisional-recompute waits')
    expect(await deadlinesOf(caseId)).toContain('red 2027-01-08T00:00')
    await publish(2027, '2027-01-01')
    await recomputeProvisional(system, ports, 2027)
    expect([await fireAll(), await fireAll()]).toEqual([1, 0])
    expect(await deadlinesOf(caseId)).toEqual([
      'escalation 2027-01-08T09:00 void',
      'escalation 2027-01-11T09:00',
      'provisional-recompute 2026-12-24T10:00 fired',
      'red 2027-01-08T00:00 void',
      'red 2027-01-09T00:00',
      'yellow 2027-01-05T09:00 void',
      'yellow 2027-01-06T09:00',
    ])
    const { rows } = await owner.query(
      'select cause, was_due_at, was_provisional, due_at, provisional from cases.due_change where case_id = $1',
      [caseId],
    )
    expect(rows.map((row) => ({ ...row, was_due_at: local(row.was_due_at), due_at: local(row.due_at) }))).toEqual([
      { cause: 'recomputed', was_due_at: '2027-01-07T23:59', was_provisional: true, due_at: '2027-01-08T23:59', provisional: false },
    ])
    const { rows: task } = await owner.query('select due_at, provisional from cases.task where case_id = $1 and closed_at is null', [
      caseId,
    ])
    expect(task.map((row) => [local(row.due_at), row.provisional])).toEqual([['2027-01-08T23:59', false]])
    expect(told.map(({ kind, body }) => [kind, body])).toEqual([
      ['case.recomputed', expect.stringContaining('由2027年1月7日改为2027年1月8日，不再暂定')],
    ])
  })

  test('through a second year that is not published waits on', async () => {
    at('2027-12-20T10:00:00')
    const caseId = await file('long')
    const other = await file('usual')
    expect(await deadlinesOf(caseId)).not.toContain('provisional-recompute waits')
    await publish(2027, '2027-01-01')
    await recomputeProvisional(system, ports, 2027)
    await fireAll()
    expect(await deadlinesOf(other)).toContain('provisional-recompute waits')
    await publish(2028, '2028-01-03')
    await recomputeProvisional(system, ports, 2028)
    await fireAll()
    expect((await deadlinesOf(other)).filter((one) => one.startsWith('provisional'))).toEqual([
      'provisional-recompute 2027-12-20T10:00 fired',
    ])
  })

  test('that ends before the year is no provisional one, but its superior is told on a day at work of the calendar that came later', async () => {
    at('2028-10-31T10:00:00')
    const caseId = await file('long')
    await file('usual')
    const escalation = async () => (await deadlinesOf(caseId)).filter((one) => one.startsWith('escalation'))
    expect(await escalation()).toEqual(['escalation 2029-01-01T09:00'])
    await publish(2029, '2029-01-01')
    waiting.length = 0
    await recomputeProvisional(system, ports, 2029)
    expect(waiting.filter(([kind]) => kind === 'cases.refresh-clocks')).toEqual([['cases.refresh-clocks', { id: caseId }]])
    await refreshClocks(system, ports, caseId)
    expect(await escalation()).toEqual(['escalation 2029-01-02T09:00'])
    expect(await deadlinesOf(caseId)).toContain('red 2029-01-01T00:00')
  })
})

async function titleOf(caseId: string): Promise<string> {
  return (await owner.query('select title from cases.case_file where id = $1', [caseId])).rows[0]?.title
}
