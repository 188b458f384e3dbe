// SPDX-License-Identifier: Apache-2.0
import { CivilDate, StateWord, TimeLeft, type Tone } from '@tongchou/ui'
import { Link } from 'react-router'
import type { Holding, LifeStage } from './lifecycle.ts'

const words: Readonly<Record<LifeStage['state'], { text: string; tone: Tone; mark: string }>> = {
  done: { text: '已完成', tone: 'good', mark: '✓' },
  active: { text: '进行中', tone: 'now', mark: '●' },
  ahead: { text: '未到', tone: 'plain', mark: '○' },
  stopped: { text: '未通过', tone: 'plain', mark: '×' },
}

/** The life of a project in its ten stages: one glance says where it is, who has it and since when. */
export function LifePath({ stages }: { stages: readonly LifeStage[] }) {
  return (
    <ol className="tc-life" aria-label="建设程序">
      {stages.map((stage) => (
        <Stage key={stage.id} stage={stage} />
      ))}
    </ol>
  )
}

function Stage({ stage }: { stage: LifeStage }) {
  const late = stage.holdings.some((one) => one.overdue)
  const { text, tone, mark } = words[stage.state]
  const last = stage.cases.at(-1)
  return (
    <li className={`tc-life-stage tc-life-stage--${stage.state}`} aria-current={stage.state === 'active' ? 'step' : undefined}>
      <div className="tc-life-head">
        <span aria-hidden="true" className="tc-life-mark">
          {mark}
        </span>
        {last ? <Link to={`/cases/${last.caseId}`}>{stage.title}</Link> : <span>{stage.title}</span>}
        <StateWord text={late ? '逾期' : text} tone={late ? 'bad' : tone} />
      </div>
      {stage.doneAt !== null && (
        <p>
          <CivilDate value={stage.doneAt} table />
        </p>
      )}
      {stage.holdings.map((one) => (
        <HoldingLines key={`${one.step} ${one.organisation} ${one.sinceAt}`} holding={one} />
      ))}
      {stage.note !== null && <p className="tc-muted">{stage.note}</p>}
      {stage.cases.length > 1 && (
        <p className="tc-life-cases">
          办件 {stage.cases.length} 个：
          {stage.cases.map((one, index) => (
            <Link key={one.caseId} to={`/cases/${one.caseId}`} aria-label={`${one.title}第 ${index + 1} 件`}>
              {index + 1}
            </Link>
          ))}
        </p>
      )}
    </li>
  )
}

function HoldingLines({ holding }: { holding: Holding }) {
  return (
    <p>
      {holding.step}：{holding.organisation}
      <br />自 <CivilDate value={holding.sinceAt} table /> {holding.dueAt !== null && <TimeLeft dueOn={holding.dueAt} />}
    </p>
  )
}
