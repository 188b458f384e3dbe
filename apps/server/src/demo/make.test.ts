import { createHash, hash, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { firstDuties } from '@tongchou/identity'
import {
  applicationLogin,
  checkSocialCreditCode,
  fixedClock,
  keyRingOf,
  newKeys,
  systemActor,
  todayInShanghai,
  workingDays,
} from '@tongchou/kernel'
import { type Receipt, receiptText } from '@tongchou/libraries'
import { loadDemo } from '@tongchou/resource-packs'
import { testDatabase } from '@tongchou/testing'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resourcePacksFolder, wire } from '../wire.ts'
import { demoCity } from './city.ts'
import { measureOf } from './made.ts'
import { makeDemoCity } from './make.ts'
import { type Performance, performDemoCity } from './perform.ts'
import { openPlay } from './play.ts'
import { type DemoProject, demoPortfolio } from './portfolio.ts'
import type { DemoTarget } from './project-seed.ts'
import { originOf } from './snapshot-file.ts'
import { takeSnapshot } from './take-snapshot.ts'

const PRESENT = '2026-11-22T01:00:00Z'
type Database = Awaited<ReturnType<typeof testDatabase>>

const whole = await testDatabase()
const loaded = await testDatabase()
const later = await testDatabase()
const parts = [await testDatabase(), await testDatabase()]
const folder = mkdtempSync(join(tmpdir(), 'tongchou-demo-test-'))
const snapshot = join(folder, 'city.zst')
afterAll(() => rmSync(folder, { recursive: true }))

/** Fewer people than the demonstration has: their records are what takes the time. */
const recipe = { ...loadDemo(resourcePacksFolder), families: 600 }

async function performs({ db, pool, connection }: Database, options: Performance = {}) {
  const play = await openPlay({ db, pool, owner: connection, application: applicationLogin(connection) }, PRESENT)
  await performDemoCity(play, { recipe, ...options })
  await play.stop()
  return play.city
}

async function puts({ db, connection }: Database, present = PRESENT) {
  const city = await wire({ db, keys: keyRingOf(newKeys()), clock: fixedClock(present), demo: true })
  const notices: string[] = []
  await makeDemoCity({ database: { db, owner: connection }, city, notice: (line) => notices.push(line), snapshot })
  return { city, notices }
}

/** What stands in the tables, without the ids that are drawn anew each time. */
const lines = {
  projects: `select name, kind, stage, version, editable, owner_org_id, builder_org_id, budget_fen, approved_fen, funded_fen, submitted_at,
    accepted_at, updated_by, updated_at from projects.project`,
  entries: `select p.name, e.year, e.state, e.filed_by, e.filed_at, c.title from projects.plan_entry e
    join projects.project p on p.id = e.project_id left join projects.city_plan c on c.id = e.city_plan_id`,
  cases: 'select title, procedure, status, applicant_name, opened_at, ended_at from cases.case_file',
  opinions: `select f.title, e.seq, e.at, e.form, e.body->>'step', e.body->>'outcome', e.body->>'opinion', e.body->'by'->>'name'
    from cases.entry e join cases.case_file f on f.id = e.case_id`,
  tasks: `select f.title, t.step, t.duty, t.org_id, t.since_at, t.due_at, t.closed_at from cases.task t join cases.case_file f on f.id = t.case_id`,
  files: 'select f.title, a.document_kind, a.file_name, a.sha256 from cases.attachment a join cases.case_file f on f.id = a.case_id',
  contracts: `select c.number, c.supplier, e.name, e.uscc, c.amount_fen, c.signed_on from projects.contract c
    join projects.enterprise e on e.id = c.enterprise_id`,
  enterprises: 'select name, uscc, registered_by, registered_at from projects.enterprise',
  relations: `select p.name, r.kind, r.subject_name, r.valid_from, r.granted_by, r.granted_at from identity.relation r
    join identity.person p on p.id = r.person_id`,
  reports: `select c.number, r.about, r.text, r.state, r.submitted_by, r.submitted_at, r.decided_by, r.reason from projects.supplier_report r
    join projects.contract c on c.id = r.contract_id`,
  payments: `select c.number, p.line_no, p.amount_fen, p.state, p.requested_at, p.released_at from projects.payment p
    join projects.contract c on c.id = p.contract_id`,
  milestones: 'select p.name, m.title, m.due_on, m.done_on from projects.milestone m join projects.project p on p.id = m.project_id',
  systems: 'select number, name, org_id, status, version, updated_by from systems.system',
  answers: `select s.name, a.fact, a.value, a.standing, a.person_name, a.at from systems.answer a join systems.system s on s.id = a.system_id`,
  catalog: 'select number, name, org_id, state, provider_code, registered_at, version from catalog.resource',
  items: 'select r.name, r.org_id, i.position, i.name, i.code, i.type from catalog.item i join catalog.resource r on r.id = i.resource_id',
  problems: 'select number, project_name, kind, party, state, found_on, due_on, version from supervision.problem',
  holds: 'select reason, decided_by, decided_at, ended_at from supervision.payment_hold',
  channels: `select c.name, c.org_id, c.state, l.epoch, l.last_number, l.failure->>'code' from exchange.channel c
    left join exchange.lane l on l.channel_id = c.id`,
  batches: `select e.name, b.received_at, b.receipt - 'resource' - 'batchId' - 'digest' from libraries.batch b join catalog.resource e on e.id::text = b.resource`,
  alarms: 'select c.name, a.kind, a.begun_at, a.closed_at from exchange.alarm a join exchange.channel c on c.id = a.channel_id',
  reconciled: `select c.name, r.begun_at, r.ended_at, r.by, r.compared, r.only_source, r.only_center, r.different, r.quarantined, r.repair, r.repaired_at
    from exchange.reconciliation r join exchange.channel c on c.id = r.channel_id`,
  interfaces: 'select title, org_id, state, failures, registered_name, decided_by, updated_at from interfaces.interface',
  calls: 'select at, org_name, grant_number, fault, records from interfaces.call',
  held: 'select e.name, b.text, b.problems, b.state from libraries.bad_line b join catalog.resource e on e.id::text = b.resource',
  found: 'select kind, rule, org_id, record_key, state, outcome, handled_by, found_at from comparison.finding',
  seen: 'select at, title, items, masked, purpose, note, org_id, post_title, ground from libraries.person_look',
  audit: `select seq, at, action, outcome, person_name, org_name, subject_kind from kernel.audit_event`,
}

async function digest(pool: pg.Pool): Promise<Record<string, string>> {
  const digests: Record<string, string> = {}
  for (const [name, query] of Object.entries(lines)) {
    const { rows } = await pool.query<{ line: string }>(`select r::text as line from (${query}) r order by r::text collate "C"`)
    digests[name] = `${rows.length} ${createHash('sha256')
      .update(rows.map(({ line }) => line).join('\n'))
      .digest('hex')}`
  }
  return digests
}

async function values<T extends pg.QueryResultRow>(query: string): Promise<T[]> {
  return (await whole.owner.query<T>(query)).rows
}

interface Standing {
  name: string
  stage: string
  entry: string | null
  open: string[]
  funded: boolean
  contracts: number
  milestones: number
  percent: number
  released: number
  requested: number
  unregistered: number
  problems: string[]
  held: boolean
  evaluation: 'none' | 'open' | 'concluded'
}

/** Where each project stands, from the records alone. */
const standings = `select p.name, p.stage,
  (select e.state from projects.plan_entry e where e.project_id = p.id order by e.year desc, e.filed_at desc limit 1) as entry,
  array(select f.procedure from cases.task t join cases.case_file f on f.id = t.case_id
    where f.subject_id = p.id::text and t.closed_at is null) as open,
  p.funded_at is not null as funded,
  (select count(*)::int from projects.contract c where c.project_id = p.id) as contracts,
  (select count(*)::int from projects.milestone m where m.project_id = p.id) as milestones,
  coalesce((select max(percent) from projects.progress_report r where r.project_id = p.id), 0) as percent,
  (select count(*)::int from projects.payment y where y.project_id = p.id and y.state = 'released') as released,
  (select count(*)::int from projects.payment y where y.project_id = p.id and y.state = 'requested') as requested,
  (select count(*)::int from projects.declared_resource d where d.project_id = p.id and not exists
    (select from catalog.resource r where r.declared_resource_id = d.id::text and r.state = 'registered')) as unregistered,
  array(select b.state from supervision.problem b where b.project_id = p.id::text) as problems,
  exists (select from supervision.payment_hold h where h.project_id = p.id::text and h.ended_at is null) as held,
  (select case when max(v.opened_at) is null then 'none' when max(v.concluded_at) is null then 'open' else 'concluded' end
    from projects.evaluation v where v.project_id = p.id) as evaluation
  from projects.project p`

const openProblem = ({ problems }: Standing) => problems.some((state) => state !== 'confirmed')
const stands: Record<DemoTarget, (s: Standing, p: DemoProject) => boolean> = {
  drafting: (s) => s.stage === 'draft' && s.entry === null,
  'plan-filed': (s) => s.entry === 'filed',
  'plan-returned': (s) => s.entry === 'returned',
  'plan-reviewed': (s) => s.entry === 'reviewed' && s.stage === 'reviewed',
  listed: (s) => s.stage === 'listed' && s.entry === 'listed' && s.open.length === 0,
  'under-argument': (s) => s.stage === 'listed' && s.open.includes('construction-plan'),
  argued: (s) => s.stage === 'argued' && s.open.length === 0,
  establishing: (s) => s.stage === 'argued' && s.open.includes('establishment'),
  established: (s) => s.stage === 'established' && !s.funded,
  funded: (s) => s.stage === 'established' && s.funded && s.open.length === 0,
  tendering: (s) => s.stage === 'tendering' && s.open.includes('tender'),
  contracted: (s) => s.stage === 'building' && s.contracts === 1 && s.milestones === 0,
  building: (s) => s.stage === 'building' && s.percent > 0 && s.percent < 100 && s.released === 1 && !openProblem(s),
  'catalog-pending': (s, p) => s.stage === 'building' && s.percent === 100 && s.unregistered === p.resources.length,
  'in-acceptance': (s) => s.stage === 'in-acceptance' && s.open.includes('acceptance') && s.unregistered === 0,
  accepted: (s) => s.stage === 'accepted' && s.released === 2 && !openProblem(s),
  'handed-over': (s) => s.stage === 'in-operation' && s.released === 3 && s.evaluation === 'none',
  paid: (s) => s.stage === 'in-operation' && s.released === 4 && s.evaluation === 'none',
  'under-evaluation': (s) => s.stage === 'in-operation' && s.evaluation === 'open' && s.open.includes('evaluation'),
  evaluated: (s) => s.stage === 'evaluated' && s.evaluation === 'concluded',
  'under-rectification': (s) => s.stage === 'building' && openProblem(s) && !s.held,
  'payment-held': (s) => s.stage === 'building' && openProblem(s) && s.held && s.requested === 1,
}

beforeAll(async () => {
  const city = await performs(whole)
  const client = await whole.owner.connect()
  try {
    const present = new Date(PRESENT)
    writeFileSync(snapshot, await takeSnapshot(client, await originOf(client, city, measureOf(city), present), present))
  } finally {
    client.release()
  }
}, 600_000)

describe('the made city', () => {
  test('every project stands where the portfolio has it', async () => {
    const found = new Map((await values<Standing>(standings)).map((standing) => [standing.name, standing]))
    const portfolio = demoPortfolio(demoCity())
    expect(found.size).toBe(portfolio.length)
    const wrong = portfolio.flatMap((project) => {
      const standing = found.get(project.name)
      return standing && stands[project.target](standing, project) ? [] : [{ target: project.target, ...standing }]
    })
    expect(wrong).toEqual([])
  })

  test('the plans of three years are approved, that of the next one is at its joint review', async () => {
    const plans = await values(`select c.year, c.state, count(e.id)::int > 0 as filled from projects.city_plan c
      left join projects.plan_entry e on e.city_plan_id = c.id group by c.id order by c.year`)
    expect(plans).toEqual([
      { year: 2024, state: 'approved', filled: true },
      { year: 2025, state: 'approved', filled: true },
      { year: 2026, state: 'approved', filled: true },
      { year: 2027, state: 'submitted', filled: true },
    ])
    const [{ rejected = 0, corrected = 0 } = {}] = await values(`select
      (select count(*)::int from projects.plan_entry where state = 'rejected') as rejected,
      (select count(*)::int from cases.case_file f where procedure = 'plan-entry' and status = 'ended' and exists
        (select from cases.entry e where e.case_id = f.id and e.body->>'kind' = 'return')) as corrected`)
    expect(rejected).toBeGreaterThanOrEqual(3)
    expect(corrected).toBeGreaterThanOrEqual(10)
  })

  test('every case that ended has a signed opinion, and every line of every case its audit row', async () => {
    expect(
      await values(`select title from cases.case_file f where ended_at is not null and not exists
      (select from cases.entry e where e.case_id = f.id and coalesce(e.body->>'opinion', '') <> '')`),
    ).toEqual([])
    expect(
      await values(`select f.title from cases.case_file f
      join lateral (select count(*) as lines from cases.entry e where e.case_id = f.id) l on true
      join lateral (select count(*) as rows from kernel.audit_event a
        where (a.action = 'case.acted' or a.detail ? 'verb') and a.outcome = 'done'
        and a.subject_id = f.subject_id and a.detail->>'caseId' = f.id::text) r on true where l.lines <> r.rows`),
    ).toEqual([])
  })

  test('nobody decided on a paper they handed in', async () => {
    expect(
      await values(`select f.title from cases.case_file f where procedure not in ('rectification', 'evaluation') and exists
      (select from cases.entry e where e.case_id = f.id and e.person_id = f.applicant_person_id and e.body->>'seq' <> '1'
        and e.body->>'step' in ('review', 'argue', 'joint-review', 'city-approval', 'approve', 'release', 'verify', 'conclude'))`),
    ).toEqual([])
  })

  test('every open task waits for somebody who may take it', async () => {
    expect(
      await values(`select f.title, t.step_title, t.duty, t.org_id from cases.task t join cases.case_file f on f.id = t.case_id
      where t.closed_at is null and not exists (select from identity.post p join identity.post_duty d on d.post_id = p.id
        where d.duty = t.duty and (t.org_id is null or p.organisation_id = t.org_id)
        and (f.procedure in ('rectification', 'evaluation') or t.step in ('file', 'submit-plan', 'submit-feasibility', 'submit-design', 'register-contract')
          or p.person_id::text <> f.applicant_person_id))`),
    ).toEqual([])
  })

  test('all of it happened in office hours of working days, in order, before the present', async () => {
    // Limits run out at midnight, when only the platform is at work.
    const rows = await values<{ at: Date }>(`select at from kernel.audit_event where account_id <> '${systemActor.accountId}' order by seq`)
    expect(rows.length).toBeGreaterThan(5000)
    const clock = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    const wrong = rows.filter(({ at }, index) => {
      const time = clock.format(at)
      const isOpen = (time >= '08:30' && time < '12:00') || (time >= '14:30' && time < '17:30')
      return !isOpen || !workingDays.isWorkingDay(todayInShanghai(at)) || at < (rows[index - 1]?.at ?? at) || at >= new Date(PRESENT)
    })
    expect(wrong).toEqual([])
    const alive = rows.filter(({ at }) => at > new Date('2026-11-09T00:00:00Z'))
    expect(alive.length).toBeGreaterThan(100)
  })

  test('limits have run out: cards were issued, reasons given and judged, people told, superiors too', async () => {
    const cards = await values<{ colour: string; verdict: string | null }>(
      `select c.colour, (select coalesce(e.verdict, 'given') from cases.explanation e where e.card_id = c.id order by e.given_at desc limit 1) as verdict
       from cases.card c`,
    )
    expect(new Set(cards.map(({ colour }) => colour))).toEqual(new Set(['yellow', 'red']))
    expect(new Set(cards.map(({ verdict }) => verdict))).toEqual(new Set([null, 'given', 'accepted', 'rejected']))
    const kinds = await values<{ kind: string }>('select distinct kind from notices.notice')
    expect(kinds.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['case.yellow', 'case.red', 'case.escalated', 'card.explained', 'card.reviewed']),
    )
    expect(await values(`select id from cases.deadline where fired_at is null and voided_at is null and fire_at <= '${PRESENT}'`)).toEqual(
      [],
    )
  })

  test('somebody looked, and somebody was refused a look', async () => {
    const rows = await values<{ outcome: string; n: number }>(
      "select outcome, count(*)::int as n from kernel.audit_event where action = 'project.viewed' group by outcome order by outcome",
    )
    expect(rows.map(({ outcome }) => outcome)).toEqual(['looked', 'refused'])
    expect(rows[0]?.n).toBeGreaterThan(50)
  })

  test('registers were held against their sources: the same, repaired, and one that waits for a person', async () => {
    const runs = await values<{ name: string; differing: number; repair: string; mended: boolean; keys: number }>(
      `select c.name, r.only_source + r.only_center + r.different as differing, r.repair, r.repaired_at is not null as mended,
         (select count(*)::int from exchange.reconciliation_difference d where d.reconciliation_id = r.id) as keys
       from exchange.reconciliation r join exchange.channel c on c.id = r.channel_id order by r.number`,
    )
    expect(runs.filter(({ repair }) => repair === 'none').length).toBeGreaterThan(8)
    expect(runs.filter(({ repair }) => repair !== 'none')).toEqual([
      { name: '机动车登记信息归集', differing: 3, repair: 'sent', mended: true, keys: 3 },
      { name: '低保家庭信息归集', differing: 6, repair: 'held', mended: false, keys: 6 },
    ])
    const open = await values<{ name: string; kind: string }>(
      `select c.name, a.kind from exchange.alarm a join exchange.channel c on c.id = a.channel_id
       where a.closed_at is null and a.kind in ('unreconciled', 'reconcile-late') order by 2`,
    )
    expect(open).toEqual([
      { name: '死亡登记信息归集', kind: 'reconcile-late' },
      { name: '低保家庭信息归集', kind: 'unreconciled' },
    ])
  })

  test('one interface is approved, granted and asked in vain, one waits; every hand is another person', async () => {
    const interfaces = await values<{ title: string; state: string; hands: number; address: string }>(
      `select title, state, (select count(distinct h)::int from unnest(array[registered_name, decided_by]) h where h is not null) as hands,
         config->>'address' as address from interfaces.interface order by number`,
    )
    expect(interfaces).toEqual([
      { title: '公积金缴存信息', state: 'approved', hands: 2, address: 'https://jk.gjj.example/api/share/v1/query' },
      { title: '特种设备信息', state: 'submitted', hands: 1, address: 'https://jk.scjg.example/api/share/v1/query' },
    ])
    const calls = await values('select org_name, fault, records from interfaces.call')
    expect(calls).toEqual(Array(2).fill({ org_name: '乌海市民政局', fault: 'name', records: 0 }))
    // What no machine answers nobody has looked at.
    expect(await values("select from libraries.person_look where title = '公积金缴存信息'")).toEqual([])
    expect(
      await values("select from sharing.\"grant\" where title = '公积金缴存信息' and org_id = 'civil-affairs' and state = 'in-force'"),
    ).toHaveLength(1)
  })

  test('problems of all six kinds were found: open, failed and confirmed, and payment is held on some', async () => {
    const problems = await values<{ kind: string; state: string }>('select kind, state from supervision.problem')
    expect(new Set(problems.map(({ kind }) => kind)).size).toBe(6)
    expect(new Set(problems.map(({ state }) => state))).toEqual(new Set(['ordered', 'reported', 'not-accepted', 'confirmed']))
  })

  test('what the rules refused left its audit row and nothing else', async () => {
    const refused = await values<{ action: string; rule: string }>(`select action, jsonb_array_elements_text(detail->'rules') as rule
      from kernel.audit_event where outcome = 'refused'`)
    const rules = new Set(refused.map(({ action, rule }) => `${action} ${rule}`))
    for (const rule of [
      'filePlanEntry WH23-4/no-own-infrastructure',
      'applyForAcceptance WH23-15/catalog-registered',
      'actOnCase WH23-20/decide-on-hold',
      'actOnCase WH23-20/payment-on-hold',
    ])
      expect(rules).toContain(rule)
    expect(await values('select title from cases.case_file f where not exists (select from cases.entry e where e.case_id = f.id)')).toEqual(
      [],
    )
  })

  test('no identifier is invalid', async () => {
    const codes = await values<{ code: string }>(`select uscc as code from identity.organisation where uscc is not null
      union all select provider_code from catalog.resource union all select uscc from projects.enterprise where uscc is not null`)
    expect(codes.length).toBeGreaterThan(100)
    expect(codes.filter(({ code }) => !checkSocialCreditCode(code).ok)).toEqual([])
  })

  test('every duty can be taken up by an account that is ready to use', async () => {
    const duties = await values<{ duty: string }>(`select distinct d.duty from identity.account a
      join identity.post_duty d on d.post_id = a.current_post_id where a.published_password and a.status = 'active'
      union select k.duty from identity.account a join identity.relation r on r.person_id = a.person_id and r.ended_at is null
      join identity.relation_kind k on k.id = r.kind where a.published_password and a.status = 'active'`)
    expect(duties.map(({ duty }) => duty).toSorted()).toEqual([...firstDuties, 'department-head'].toSorted())
  })

  test('every contract is with an enterprise that has a code, and agents have handed in what units accepted, returned and still have', async () => {
    expect(
      await values('select 1 from projects.contract c join projects.enterprise e on e.id = c.enterprise_id where e.uscc is null'),
    ).toEqual([])
    const states = await values<{ state: string }>('select distinct state from projects.supplier_report order by state')
    expect(states.map(({ state }) => state)).toEqual(['accepted', 'returned', 'submitted'])
    expect(await values("select 1 from identity.relation where ended_at is null and kind = 'contractor-agent'")).toHaveLength(2)
  })

  test('files are PDF and their digests those of their content', async () => {
    const files = await values<{ media_type: string; sha256: string; content: Buffer }>(
      'select media_type, sha256, content from cases.attachment where case_id is not null limit 20',
    )
    for (const { media_type, sha256, content } of files) {
      expect(media_type).toBe('application/pdf')
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256)
      const start = Number(/startxref\n(\d+)/.exec(content.toString('latin1'))?.[1])
      expect(content.subarray(start, start + 4).toString('latin1')).toBe('xref')
    }
  })

  test('made once more, it stays as it is', async () => {
    const before = await digest(whole.owner)
    const { notices } = await puts(whole)
    expect(notices).toEqual([])
    expect(await digest(whole.owner)).toEqual(before)
  })
})

describe('making', () => {
  test('is the same every time, apart from ids', async () => {
    // One project of each year's plan: making all of it twice would test no more and last four times as long.
    const targets: readonly DemoTarget[] = ['plan-reviewed', 'argued', 'payment-held', 'evaluated']
    const keys = targets.map((target) => demoPortfolio(demoCity()).find((project) => project.target === target)?.key)
    const chooses = ({ key }: DemoProject) => keys.includes(key)
    for (const part of parts) await performs(part, { chooses })
    const [one, two] = await Promise.all(parts.map((part) => digest(part.owner)))
    expect(one).toEqual(two)
  })

  test('from the snapshot of the install gives the same city', async () => {
    const { notices } = await puts(loaded)
    expect(notices).toEqual([expect.stringContaining('演示数据已装入')])
    expect(await digest(loaded.owner)).toEqual(await digest(whole.owner))
    // Sequences go on behind the last number, so that the next act finds a free one.
    const next = await loaded.pool.query(
      "select nextval(pg_get_serial_sequence('kernel.audit_event', 'seq')) > max(seq) as free from kernel.audit_event",
    )
    expect(next.rows).toEqual([{ free: true }])
  })

  test('from a snapshot of some weeks ago moves every day to the present, in rows and in records alike', async () => {
    await puts(later, '2026-12-09T01:00:00Z')
    const query = `select (select max(at) from kernel.audit_event) as last, (select count(*)::int from cases.case_file
      where (state->>'openedAt')::timestamptz <> opened_at or (state->>'endedAt')::timestamptz is distinct from ended_at) as apart,
      (select count(*)::int from cases.entry where (body->>'at')::timestamptz <> at) as torn,
      (select min(valid_from)::text from identity.organisation) as founded`
    const [before] = (await whole.owner.query(query)).rows
    const [after] = (await later.owner.query(query)).rows
    expect(after).toEqual({ ...before, last: new Date(before.last.getTime() + 14 * 86_400_000), apart: 0, torn: 0, founded: '2010-01-01' })
  })

  test('what attests a receipt attests it as it was moved, and what departments have sent stays what they sent', async () => {
    const kept = `select b.batch_id, b.receipt, encode(l.digest, 'hex') as leaf, l.at from libraries.batch b
      left join kernel.evidence_leaf l on l.kind = 'library-batch' and l.subject = b.resource || '/' || b.batch_id`
    for (const { owner } of [loaded, later]) {
      const { rows } = await owner.query<{ receipt: Receipt; leaf: string | null; at: Date | null }>(kept)
      expect(rows.length).toBeGreaterThan(50)
      for (const { receipt, leaf, at } of rows)
        expect([leaf, at?.toISOString()]).toEqual([hash('sm3', receiptText(receipt), 'hex'), receipt.receivedAt])
    }
    const { rows: tables } = await whole.owner.query<{ name: string }>(
      "select format('library_data.r_%s', number) as name from libraries.resource",
    )
    const sums = async (pool: pg.Pool, name: string) =>
      (await pool.query(`select count(*)::int, md5(string_agg((to_jsonb(r) - 'changed_at')::text, '' order by seq)) from ${name} r`)).rows
    for (const { name } of tables) expect(await sums(later.owner, name)).toEqual(await sums(whole.owner, name))
    const log = "select md5(string_agg(encode(bytes, 'hex'), '' order by resource, seq_to)) from libraries.log_chunk"
    expect((await later.owner.query(log)).rows).toEqual((await whole.owner.query(log)).rows)
  })

  test('leaves a database alone that already holds something', async () => {
    const used = await testDatabaseWithOneAct()
    const { notices } = await puts(used)
    expect(notices.at(-1)).toBe('数据库中已有数据，未另行生成演示数据。')
    expect((await used.owner.query('select from identity.organisation')).rowCount).toBe(0)
  })
})

const spare = await testDatabase()
async function testDatabaseWithOneAct(): Promise<Database> {
  await spare.owner.query(
    "insert into kernel.audit_event (at, request_id, action, outcome, subject_kind, subject_id, detail) values (now(), 'r', 'a', 'done', 'x', $1, '{}')",
    [randomUUID()],
  )
  return spare
}
