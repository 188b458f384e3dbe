// SPDX-License-Identifier: Apache-2.0
import { ActLink } from './Page.tsx'
import { StateWord } from './StateWord.tsx'

/** A case on a thing, as its page shows it: who holds it now. */
export interface CaseBrief {
  caseId: string
  title: string
  status: 'running' | 'done' | 'rejected' | 'withdrawn'
  holders: readonly { title: string; orgName: string }[]
}

/** Where the running case on a thing is (在办环节) and the way to it; nothing when none runs. */
export function RunningCase({ cases }: { cases: readonly CaseBrief[] }) {
  const running = cases.find((one) => one.status === 'running')
  if (!running) return null
  const steps = [...new Set(running.holders.map((holder) => `${holder.title}（${holder.orgName}）`))]
  return (
    <p className="tc-running">
      <StateWord text="在办" tone="now" />
      <span>
        {running.title}，当前环节：{steps.join('、')}
      </span>
      <ActLink to={`/cases/${running.caseId}`}>办理或查看进度</ActLink>
    </p>
  )
}
