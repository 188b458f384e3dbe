import { doOnCase } from '@tongchou/cases'
import { addDays } from '@tongchou/kernel'
import { sql } from 'kysely'
import type { Scene } from './scene.ts'
import type { Stage } from './stage.ts'
import type { Timeline } from './timeline.ts'

/** What offices do with cases besides deciding them, on the last afternoon before the present: nothing later needs what they hold then. */
export function officeVerbs({ end }: Timeline): Scene[] {
  const plays = [handedOn, asked, shelved, supervised, copied]
  return plays.map((play, index) => ({
    at: end - 0.06 + index * 0.01,
    play: async (stage) => {
      const [waiting] = await waitingAtReview(stage, index)
      if (waiting) await play(stage, waiting)
    },
  }))
}

interface Waiting {
  case_id: string
  task_id: string
}

/** A department's case that waits for the center's review, each verb another one. */
async function waitingAtReview(stage: Stage, nth: number): Promise<Waiting[]> {
  const found = await sql<Waiting>`
    select t.case_id, t.task_id from cases.task t join cases.case_file f on f.id = t.case_id
    where t.closed_at is null and t.kind = 'task' and t.step = 'review' and t.duty = 'big-data-center' and t.person_id is null
      and f.applicant_org_id <> 'big-data-center'
    order by f.title, t.case_id offset ${nth} limit 1`.execute(stage.as('bdc-reviewer').db)
  return found.rows
}

/** 转办. */
async function handedOn(stage: Stage, { case_id, task_id }: Waiting): Promise<void> {
  const to = partyOf(stage, 'bdc-engineer', 'big-data-center')
  await doOnCase(stage.as('bdc-reviewer'), stage.city.cases, case_id, {
    kind: 'transfer',
    taskId: task_id,
    to,
    opinion: '按分工转有关人员办理。',
  })
}

/** 加签. */
async function asked(stage: Stage, { case_id, task_id }: Waiting): Promise<void> {
  const to = [partyOf(stage, 'finance-budget', 'finance'), partyOf(stage, 'drc-reviewer', 'drc')]
  const way = { form: 'before', rule: 'all' } as const
  const opinion = '请就资金来源和立项条件提出意见。'
  await doOnCase(stage.as('bdc-reviewer'), stage.city.cases, case_id, { kind: 'countersign', taskId: task_id, to, ...way, opinion })
}

/** 挂账, with the director's consent. */
async function shelved(stage: Stage, { case_id, task_id }: Waiting): Promise<void> {
  const until = addDays(stage.today(), 60)
  const asking = { kind: 'shelve', taskId: task_id, until, ground: null, opinion: '待自治区统建平台范围明确后办理。' } as const
  await doOnCase(stage.as('bdc-reviewer'), stage.city.cases, case_id, asking)
  const ask = await sql<{ task_id: string }>`
    select task_id from cases.task where case_id = ${case_id} and kind = 'ask' and closed_at is null`.execute(stage.as('bdc-director').db)
  const answer = { kind: 'answer', ref: ask.rows[0]?.task_id ?? '', granted: true, to: null, opinion: '同意。' } as const
  await doOnCase(stage.as('bdc-director'), stage.city.cases, case_id, answer)
}

/** 督办. */
async function supervised(stage: Stage, { case_id }: Waiting): Promise<void> {
  const until = addDays(stage.today(), 10)
  const opinion = '报送已久，请限期办结并回复。'
  await doOnCase(stage.as('supervisor'), stage.city.cases, case_id, { kind: 'oversee', until, opinion })
}

/** 抄送. */
async function copied(stage: Stage, { case_id }: Waiting): Promise<void> {
  const to = [partyOf(stage, 'audit-officer', 'audit'), partyOf(stage, 'vice-mayor', 'vice-mayor')]
  await doOnCase(stage.as('bdc-reviewer'), stage.city.cases, case_id, { kind: 'copy', to, opinion: '请知悉。' })
}

function partyOf(stage: Stage, username: string, duty: string) {
  const { actor } = stage.as(username)
  return { orgId: actor.orgId, duty, personId: actor.personId }
}
