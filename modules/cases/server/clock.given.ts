import { randomUUID } from 'node:crypto'
import {
  type CaseSubjectPort,
  type ClockRules,
  type Ctx,
  calendarOf,
  fixedClock,
  type JobsPort,
  type KernelTables,
  type Notice,
  type OrganisationsPort,
  type SuperiorView,
  systemActor,
} from '@tongchou/kernel'
import { parseForm, parseProcedure } from '@tongchou/procedure'
import { type Kysely, sql } from 'kysely'
import type { CasesPorts, Definition } from '../ports.ts'
import { actOnCase, openCaseFor } from './act.service.ts'
import { fireDeadline } from './clock.service.ts'
import { dueDeadlines } from './clock.store.ts'

/** Limits by class, one for each unit. */
export const classes = {
  short: { amount: 4, unit: 'work-hour' },
  urgent: { amount: 24, unit: 'hour' },
  usual: { amount: 10, unit: 'work-day' },
  plain: { amount: 15, unit: 'day' },
  long: { amount: 2, unit: 'month' },
} as const
export type Class = keyof typeof classes

const outcome = (id: string, title: string, kind: string, next: string[]) => ({ id, title, kind, ...(next.length > 0 && { next }) })
const step = { quorum: 'one', article: 'T-1', basis: 'local' }

/** Hand in, then one office handles it within the limit of its class; it may send it back. */
const procedure = {
  id: 'handle',
  title: '处置',
  version: 1,
  subject: 'thing',
  initiation: 'application',
  articles: ['T-1'],
  basis: 'local',
  note: '测试流程。',
  control: { supervise: ['supervisor'] },
  steps: [
    {
      ...step,
      id: 'file',
      title: '上报',
      kind: 'start',
      holders: [{ duty: 'applicant', resolve: 'duty' }],
      limit: { kind: 'none', reason: '未规定' },
      form: 'filing',
      outcomes: [outcome('submit', '提交', 'forward', ['handle'])],
    },
    {
      ...step,
      id: 'handle',
      title: '处理',
      kind: 'decide',
      holders: [{ duty: 'handler', resolve: 'duty' }],
      limit: { kind: 'from-code', field: 'class', table: classes },
      outcomes: [
        outcome('close', '办结', 'end', []),
        { ...outcome('return', '退回', 'return', ['file']), mode: 'again', requiresOpinion: true },
      ],
    },
  ],
}

const filing = {
  id: 'filing',
  title: '上报',
  version: 1,
  note: null,
  fields: [
    {
      id: 'class',
      title: '类别',
      type: 'choice',
      required: true,
      help: null,
      choices: Object.keys(classes).map((value) => ({ value, title: value })),
    },
  ],
}

/** The procedure with its form, as a pack would bring it. `handling` and `control` are what the step and the procedure allow besides. */
export function definitionOfClasses(handling: object = {}, control: object = {}): Definition {
  const steps = procedure.steps.map((one) => (one.id === 'handle' ? { ...one, ...handling } : one))
  const parsed = parseProcedure({ ...procedure, steps, ...(Object.keys(control).length > 0 ? { control } : {}) })
  const form = parseForm(filing)
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems))
  if ('problems' in form) throw new Error(JSON.stringify(form.problems))
  return { pack: 'test', packVersion: '1', procedure: parsed.procedure, forms: { filing: form.form } }
}

export const rules: ClockRules = { yellow: { share: 0.8 }, explanationDays: 3, escalationDays: 1, answerDays: 2 }

/** Things that anybody may read and no rule speaks of. */
export const subjectOfThings: CaseSubjectPort = {
  kind: 'thing',
  mayRead: async () => true,
  readable: () => sql<boolean>`true`,
  judge: async () => [],
  apply: async () => undefined,
  retract: async () => undefined,
}

const officer = (id: string, orgId: string, ...duties: string[]) => ({
  accountId: `account-${id}`,
  personId: id,
  name: id,
  postId: `post-${id}`,
  postTitle: '科员',
  orgId,
  orgName: `市${orgId}`,
  roles: new Set(duties),
})

/** A clerk, the office that handles, its second person, somebody of elsewhere, and who supervises. */
export const people = {
  clerk: officer('clerk', 'clerks', 'applicant'),
  handler: officer('handler', 'office', 'handler'),
  other: officer('other', 'elsewhere', 'other'),
  supervisor: officer('supervisor', 'inspectors', 'supervisor'),
  chief: officer('chief', 'city', 'other'),
}

/** Cases over a test database, with a clock that the test moves, and what people were told. */
export function clockedCases(db: Kysely<KernelTables>, changes: Partial<CasesPorts> & { superior?: SuperiorView } = {}) {
  const clock = fixedClock('2026-03-02T01:00:00Z')
  const told: Notice[] = []
  const definitions = definitionOfClasses()
  const view = (id: string) => ({ id, name: `市${id}`, kind: 'city-department', parentId: null })
  const organisations: OrganisationsPort = {
    organisation: async (_ctx, id) => view(id),
    organisations: async (_ctx, ids) => new Map(ids.map((id) => [id, view(id)])),
    organisationAsOf: async (_ctx, id) => view(id),
    bearersOf: async (_ctx, duty) => (['handler', 'applicant'].includes(duty) ? [view('office')] : []),
    holdersOf: async () => [{ personId: 'somebody', name: '承办人', postTitle: '科员' }],
    superiorOf: async () => changes.superior,
  }
  const waiting: [kind: string, payload: unknown][] = []
  const jobs: JobsPort = { enqueue: async (_tx, kind, payload) => void waiting.push([kind, payload]) }
  const ports: CasesPorts = {
    fileSubjects: new Map(),
    organisations,
    definition: () => definitions,
    stepDuties: () => ['handler'],
    subjects: new Map([['thing', subjectOfThings]]),
    calendar: calendarOf,
    clocks: () => rules,
    notices: { send: async (_ctx, notice) => void told.push(notice) },
    jobs,
    officeDuties: () => [],
    dutyTitle: (duty) => duty,
    ...changes,
  }
  const as = (who: keyof typeof people): Ctx => ({ db, actor: people[who], now: clock.now, requestId: 'test', inside: false })
  const system: Ctx = { ...as('clerk'), actor: systemActor }

  /** Files a case of a class now; `orgs` are the offices that its steps name. */
  async function file(kind: Class, orgs: Readonly<Record<string, string>> = {}): Promise<string> {
    const id = randomUUID()
    const act = { outcome: 'submit', opinion: null, form: { class: kind }, documents: [], choices: [], dates: {} }
    const { caseId } = await openCaseFor(as('clerk'), ports, {
      procedure: 'handle',
      subject: { kind: 'thing', id, version: 1 },
      title: `事项${id.slice(0, 4)}`,
      orgs,
      act,
    })
    return caseId
  }

  async function decide(who: 'clerk' | 'handler', caseId: string, chosen: string, form: Record<string, unknown> = {}): Promise<void> {
    const { rows } = await sql<{ task_id: string }>`select task_id from cases.task where case_id = ${caseId} and closed_at is null`.execute(
      db,
    )
    const taskId = rows[0]?.task_id ?? ''
    const act = { taskId, outcome: chosen, opinion: '请补正。', form, documents: [], choices: [], dates: {} }
    await actOnCase(as(who), ports, caseId, act)
  }

  /** Fires what is due, one after the other, as the job runner would. Returns how many did something. */
  async function fireAll(): Promise<number> {
    let fired = 0
    for (const { id } of await dueDeadlines(system, 10_000)) if (await fireDeadline(system, ports, id)) fired++
    return fired
  }

  return { clock, told, waiting, ports, as, system, file, decide, fireAll }
}
