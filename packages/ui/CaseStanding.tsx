// SPDX-License-Identifier: Apache-2.0
import { ActLink } from './Page.tsx'
import { StateWord, type Tone } from './StateWord.tsx'

/** A case on a thing, as its page shows it: who holds it now. */
export interface CaseBrief {
  caseId: string
  title: string
  status: 'running' | 'done' | 'rejected' | 'withdrawn' | 'merged' | 'voided'
  holders: readonly { title: string; orgName: string }[]
}

/** Where the case on a thing is (在办环节) and the way to it; once it is done, the way to what was said. Nothing without a case. */
export function CaseStanding({ cases }: { cases: readonly CaseBrief[] }) {
  const running = cases.find((one) => one.status === 'running')
  const last = cases.at(-1)
  if (running) {
    const steps = [...new Set(running.holders.map((holder) => `${holder.title}（${holder.orgName}）`))]
    return <Line brief={running} text={`，当前环节：${steps.join('、')}`} link="办理或查看进度" />
  }
  return last ? <Line brief={last} text="" link="查看办理过程" /> : null
}

const statusWords: Readonly<Record<CaseBrief['status'], { text: string; tone: Tone }>> = {
  running: { text: '在办', tone: 'now' },
  done: { text: '已办结', tone: 'good' },
  rejected: { text: '不同意', tone: 'bad' },
  withdrawn: { text: '已撤回', tone: 'plain' },
  merged: { text: '已并案', tone: 'plain' },
  voided: { text: '已作废', tone: 'plain' },
}

function Line({ brief, text, link }: { brief: CaseBrief; text: string; link: string }) {
  return (
    <p className="tc-running">
      <StateWord {...statusWords[brief.status]} />
      <span>
        {brief.title}
        {text}
      </span>
      <ActLink to={`/cases/${brief.caseId}`}>{link}</ActLink>
    </p>
  )
}
