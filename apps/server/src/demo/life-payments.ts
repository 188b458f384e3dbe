import { actOnCase, openTasksOf } from '@tongchou/cases'
import { requestPayment } from '@tongchou/projects'
import { caseOf, type Life } from './life.ts'
import { opinion } from './opinions.ts'
import { type Act, act } from './scene.ts'

/** How long after what came before a term of the contract is asked for: the last one waits for the end of the warranty. */
const waits: Readonly<Record<number, number>> = { 1: 8, 2: 5, 3: 8, 4: 230 }

/** Asks for a term of the contract; two people of finance pass it. Beyond what the portfolio has paid, it still waits with them. */
export function paid(life: Life, lineNo: number): Act[] {
  const { project, number } = life
  const reviewed = paymentReviewed(life, lineNo)
  const released = act(3, (stage) =>
    stage.decide(caseOf(life, paymentKey(lineNo)), 'finance-treasury', 'release', 'release', { opinion: opinion('paid', number + 1) }),
  )
  const asked = paymentAsked(life, lineNo)
  if (lineNo <= project.paidTermCount) return [asked, reviewed, released]
  return number % 2 === 0 ? [asked] : [asked, reviewed]
}

export function paymentAsked(life: Life, lineNo: number, after = waits[lineNo] ?? 8): Act {
  return act(after, async (stage) => {
    const [contract] = life.page?.contracts ?? []
    if (!contract) throw new Error(`${life.project.name} has no contract`)
    const basis = await stage.paper(life.builder, 'payment-basis', `${life.project.name}第${lineNo}期支付依据`)
    const { caseId } = await requestPayment(stage.as(life.builder), stage.city.projects, life.id, {
      contractId: contract.id,
      lineNo,
      opinion: '合同约定的支付条件已具备。',
      form: {},
      documents: [basis],
    })
    life.cases.set(paymentKey(lineNo), caseId)
  })
}

export function paymentReviewed(life: Life, lineNo: number): Act {
  return act(3, (stage) =>
    stage.decide(caseOf(life, paymentKey(lineNo)), 'finance-budget', 'review', 'agree', { opinion: opinion('paid', life.number) }),
  )
}

/** Finance tries to pay and the rules speak against it (WH23-20); the request stays where it was. */
export function releaseRefused(life: Life, lineNo: number, after: number): Act {
  return act(after, async (stage) => {
    const caseId = caseOf(life, paymentKey(lineNo))
    await stage.refused('finance-treasury', 'actOnCase', caseId, async (ctx) => {
      const [task] = await openTasksOf(ctx, [caseId])
      const said = { opinion: null, form: {}, documents: [], choices: [], dates: {} }
      await actOnCase(ctx, stage.city.cases, caseId, { taskId: task?.task_id ?? '', outcome: 'release', ...said })
    })
  })
}

function paymentKey(lineNo: number): string {
  return `payment-${lineNo}`
}
