import { formatChineseDate, todayInShanghai } from '@tongchou/kernel'
import type { Case, Countersign, PathStep, Procedure, Task } from '@tongchou/procedure'
import type { CaseView } from './case.schema.ts'

/** What waits in a case beside its tasks: opinions asked for, answers asked for, demands, and on which grounds clocks may stand still. */
export function waitingOf(procedure: Procedure, kase: Case): Pick<CaseView, 'countersigns' | 'asks' | 'demands' | 'grounds'> {
  return {
    countersigns: kase.countersigns.map((one) => ({
      ...{
        id: one.id,
        step: one.step,
        to: nameOf(one.to),
        from: `${one.by.orgName}${one.by.name}`,
        question: one.question,
        open: one.open,
      },
    })),
    asks: kase.asks.map((one) => ({
      ...{ id: one.id, kind: one.kind, taskId: one.taskId, step: one.step },
      ...{ from: `${one.by.orgName}${one.by.name}`, reason: one.reason, until: one.until },
    })),
    demands: kase.demands.map((one) => ({
      ...{ id: one.id, from: `${one.by.orgName}${one.by.name}`, demand: one.demand, until: one.until },
      reply: kase.history.find((line) => line.seq === one.reply)?.opinion ?? null,
    })),
    grounds: kase.tasks.flatMap((task) => {
      const step = procedure.steps.find((one) => one.id === task.step)
      return (step?.pauses ?? []).map(({ ground, title }) => ({ taskId: task.id, ground, title }))
    }),
  }
}

/** What holds or waits beside a step, in sentences: as the picture shows it. */
export function remarksOf(step: PathStep): string[] {
  return [
    ...step.active.flatMap(remarksOfTask),
    ...step.countersigns.map((one) => `${formWords[one.form]}：${nameOf(one.to)}${one.open ? '待签署' : '在办理后签署'}`),
    ...step.asks.map((one) => `${one.by.name}申请${askWords[one.kind]}，待答复`),
  ]
}

function remarksOfTask(task: Task): string[] {
  const from = task.handoffs.at(-1)?.by
  return [
    ...(from ? [`由${from.orgName}${from.name}转来`] : []),
    ...(task.entrusted ? [`受${task.entrusted.by.name}委托办理`] : []),
    ...(task.paused ? [`${dayOf(task.paused.since)}起中止计时`] : []),
    ...(task.shelved ? [`挂账，${dayOf(task.shelved.until)}复核`] : []),
    ...(task.extensions > 0 ? [`已延期${task.extensions}次`] : []),
    ...(task.urgedAt ? [`${dayOf(task.urgedAt)}催办`] : []),
  ]
}

const formWords = { before: '前加签', beside: '并加签', after: '后加签' } as const
const askWords = { extend: '延期', shelve: '挂账', 'not-mine': '退回派发' } as const

function nameOf(to: Countersign['to']): string {
  return to.person ? `${to.orgName}${to.person.name}` : to.orgName
}

function dayOf(at: string): string {
  return formatChineseDate(todayInShanghai(new Date(at)))
}
