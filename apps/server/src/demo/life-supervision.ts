import { addDays } from '@tongchou/kernel'
import { findProblem, type NewProblem, orderPaymentHold, proposeProblem, recordWithheld, replyToWithheld } from '@tongchou/supervision'
import { caseOf, type Life } from './life.ts'
import { paymentAsked, paymentReviewed, releaseRefused } from './life-payments.ts'
import { opinion } from './opinions.ts'
import type { DemoProblem } from './portfolio.ts'
import { type Act, act } from './scene.ts'

const kinds: Readonly<Record<DemoProblem['clause'], NewProblem['kind']>> = {
  1: 'against-approval',
  2: 'not-on-cloud',
  3: 'not-connected',
  4: 'data-not-shared',
  5: 'security-not-assured',
  6: 'against-other-rules',
}

/** A problem of article 20 that is still open, and what it does to the next payment. */
export function problemStanding(life: Life, problem: DemoProblem): Act[] {
  if (problem.outcome === 'open') {
    const party = life.number % 2 === 0 ? 'builder' : 'user-unit'
    // The limit lies behind the present: as many days as a month of work, counted from shortly before it.
    return [...ordered(life, problem, party, 45), ...(life.number % 3 === 2 ? [rectificationReported(life, party, 6)] : [])]
  }
  const failing = [...ordered(life, problem, 'builder', 18), ...(life.number % 2 === 0 ? notAccepted(life) : [])]
  const asked = [paymentAsked(life, 2, 16), paymentReviewed(life, 2), releaseRefused(life, 2, 2)]
  return life.project.target === 'payment-held'
    ? [...failing, ...asked, paymentHeld(life), releaseRefused(life, 2, 5)]
    : [...failing, ...asked]
}

/** A problem found, rectified and confirmed long before acceptance; every other one only at the second look. */
export function problemCured(life: Life, problem: DemoProblem): Act[] {
  return [
    ...ordered(life, problem, 'builder', 30),
    ...(life.number % 4 === 0 ? notAccepted(life) : []),
    rectificationReported(life, 'builder', 5),
    act(4, (stage) =>
      stage.decide(caseOf(life, 'rectification'), 'bdc-supervision', 'verify', 'accept', { opinion: opinion('rectified', life.number) }),
    ),
  ]
}

/** Proposed by the center, countersigned by the center and the DRC (会签). */
function ordered(life: Life, problem: DemoProblem, party: NewProblem['party'], withinDays: number): Act[] {
  return [
    act(8, async (stage) => {
      const { id, cases } = await proposeProblem(stage.as('bdc-supervision'), stage.city.supervision, {
        secrecy: false,
        projectId: life.id,
        party,
        kind: kinds[problem.clause],
        description: `${problem.finding}。`,
        demand: `${problem.requirement}。`,
        foundOn: stage.today(),
        dueOn: addDays(stage.today(), Math.max(3, Math.round(withinDays * life.stretch))),
      })
      life.problemId = id
      life.cases.set('rectification', cases[0]?.caseId ?? '')
    }),
    countersigned(life, 'bdc-director', 1),
    countersigned(life, 'drc-reviewer', 2),
  ]
}

function countersigned(life: Life, username: string, after: number): Act {
  return act(after, (stage) =>
    stage.decide(caseOf(life, 'rectification'), username, 'countersign', 'agree', { opinion: opinion('countersigned', after) }),
  )
}

function rectificationReported(life: Life, party: NewProblem['party'], after: number): Act {
  const who = party === 'builder' ? `${life.project.builderOrgId}-head` : life.userUnit
  return act(after, async (stage) => {
    const report = await stage.paper(who, 'rectification-report', `${life.project.name}整改情况报告`)
    await stage.decide(caseOf(life, 'rectification'), who, 'report', 'submit', {
      opinion: '已按要求完成整改，请核查。',
      form: { measures: '成立整改专班，逐项对照要求整改，责任到人。', result: '所列问题已完成整改，相关记录和截图附后。' },
      documents: [report],
    })
  })
}

function notAccepted(life: Life): Act[] {
  return [
    rectificationReported(life, 'builder', 5),
    act(3, (stage) =>
      stage.decide(caseOf(life, 'rectification'), 'bdc-supervision', 'verify', 'not-accept', {
        opinion: opinion('notRectified', life.number),
      }),
    ),
  ]
}

/** 可暂缓支付 (WH23-20): a recorded decision, with its reason. */
function paymentHeld(life: Life): Act {
  return act(4, async (stage) => {
    const ctx = stage.as(life.number % 2 === 0 ? 'bdc-director' : 'drc-director')
    const problem = await findProblem(ctx, life.problemId)
    await orderPaymentHold(ctx, stage.city.supervision, life.problemId, {
      secrecy: false,
      version: problem?.version ?? 0,
      reason: '建设单位未按期完成整改，依据第二十条暂缓支付后续资金，整改落实后恢复。',
    })
  })
}

/** A builder was slow to show its records (WH23-18: 不得拒绝、隐匿、瞒报), and explains itself. */
export function withheldRecord(life: Life): Act[] {
  let id = ''
  let version = 1
  return [
    act(3, async (stage) => {
      const record = await recordWithheld(stage.as('audit-officer'), stage.city.supervision, {
        secrecy: false,
        projectId: life.id,
        kind: 'refused',
        description: '审计调取监理日志和设备到货清单，建设单位两次未在约定时间内提供。',
        foundOn: stage.today(),
      })
      ;({ id, version } = record)
    }),
    act(4, async (stage) => {
      const reply = '资料由监理单位保管，交接人员变动致未及时提供，现已全部补交。'
      await replyToWithheld(stage.as(`${life.project.builderOrgId}-head`), stage.city.supervision, id, { secrecy: false, version, reply })
    }),
  ]
}
