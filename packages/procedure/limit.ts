// SPDX-License-Identifier: Apache-2.0

import type { Case, Deadlines, Finding, Task } from './case.ts'
import { amountOf, deadlineOf } from './instant.ts'
import type { Amount, Limit, Step } from './procedure.ts'
import { finding } from './standing.ts'

/** When, and by whose calendars. */
export interface Clock {
  now: string
  deadlines: Deadlines
}

/** The limit of a step that starts now (办理时限), resolved and with its due instant, as the task keeps it. */
export function limitOf(limit: Limit, kase: Case, clock: Clock, orgId: string | null): Pick<Task, 'limit' | 'due' | 'provisional'> {
  const settled = settle(limit, kase)
  if (settled === null) return { limit: null, due: null, provisional: false }
  if (typeof settled === 'string') return { limit: null, due: settled, provisional: false }
  return { limit: settled, ...clock.deadlines.due(clock.now, settled.amount, settled.unit, orgId) }
}

/** What stands in the way of starting a step: its limit is to be read from the case, and is not there. */
export function missingLimit(step: Step | undefined, kase: Case): Finding[] {
  if (!step || step.limit.kind === 'none' || step.limit.kind === 'fixed' || settle(step.limit, kase) !== null) return []
  if (step.limit.kind === 'from-record')
    return [finding('date.missing', `“${step.title}”的期限须由办理时载明`, '请填写期限后再提交', step.article)]
  const code = own(kase.codes, step.limit.field)
  const said = code === undefined ? '须按代码确定，办件未载明代码' : `没有代码“${code}”的对照`
  const known = Object.keys(step.limit.table).join('、')
  return [finding('code.missing', `“${step.title}”的期限${said}`, `请在以下代码中选择：${known}`, step.article)]
}

/** An amount, or the instant itself where the record names a date; null where there is no limit. */
function settle(limit: Limit, kase: Case): Amount | string | null {
  switch (limit.kind) {
    case 'none':
      return null
    case 'fixed':
      return { amount: limit.amount, unit: limit.unit }
    case 'from-code':
      return own(limit.table, own(kase.codes, limit.field) ?? '') ?? null
    case 'from-record': {
      const value = own(kase.dates, limit.field) ?? ''
      return amountOf(value) ?? deadlineOf(value)
    }
  }
}

function own<T>(of: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(of, key) ? of[key] : undefined
}
