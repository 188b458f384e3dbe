// SPDX-License-Identifier: Apache-2.0
import type { KeyboardEvent, ReactNode } from 'react'
import { Link } from 'react-router'
import { CivilDate } from './Dates.tsx'
import { TimeLeft, type TimeLeftProps } from './TimeLeft.tsx'

/** One task (待办), as one line. */
export interface WorkTask {
  id: string
  /** Where it is done. */
  href: string
  /** What: 审核建设方案. */
  what: string
  /** Of what: the project's name. */
  subject?: string | undefined
  /** From whom. */
  from: string
  fromOrganisation?: string | undefined
  sinceAt: string
  time: TimeLeftProps
  /** The act as a verb: 审核, 受理, 查看. */
  act: string
}

export interface WorkListProps {
  tasks: readonly WorkTask[]
  /** 待办事项, 已办事项, 我发起的事项. */
  label: string
  /** Heading of the time column: 收到 for tasks, 发起 for own cases. */
  sinceLabel?: string
  /** Shown when there is none. */
  empty: ReactNode
}

/** Tasks, one line each. Up and down move between them, Enter opens. */
export function WorkList({ tasks, label, sinceLabel = '收到', empty }: WorkListProps) {
  if (tasks.length === 0) return <>{empty}</>
  return (
    <table className="tc-table tc-work" aria-label={label} onKeyDown={moveFocus}>
      <thead>
        <tr>
          <th scope="col">事项</th>
          <th scope="col">来自</th>
          <th scope="col">{sinceLabel}</th>
          <th scope="col">时限</th>
          <th scope="col">
            <span className="tc-hidden">办理</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {tasks.map((task) => (
          <WorkLine key={task.id} task={task} sinceLabel={sinceLabel} />
        ))}
      </tbody>
    </table>
  )
}

function WorkLine({ task, sinceLabel }: { task: WorkTask; sinceLabel: string }) {
  return (
    <tr>
      <td className="tc-work-what">
        <Link to={task.href} data-work-line="">
          {task.subject ?? task.what}
        </Link>
        {task.subject && <small className="tc-work-kind">{task.what}</small>}
      </td>
      <td>
        {task.from}
        {task.fromOrganisation && <span className="tc-muted"> {task.fromOrganisation}</span>}
      </td>
      <td data-label={sinceLabel}>
        <CivilDate value={task.sinceAt} table />
      </td>
      <td>
        <TimeLeft {...task.time} />
      </td>
      <td className="tc-work-act">
        <Link className="tc-act" to={task.href} tabIndex={-1} aria-label={`${task.act}：${task.subject ?? task.what}`}>
          {task.act}
        </Link>
      </td>
    </tr>
  )
}

function moveFocus(event: KeyboardEvent<HTMLTableElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step === undefined && event.key !== 'Home' && event.key !== 'End') return
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-work-line]')]
  const row = (event.target as HTMLElement).closest('tr')
  const now = links.findIndex((link) => row?.contains(link))
  const next = event.key === 'Home' ? 0 : event.key === 'End' ? links.length - 1 : now + (step ?? 0)
  const target = links[Math.min(Math.max(next, 0), links.length - 1)]
  if (!target) return
  event.preventDefault()
  target.focus()
}
