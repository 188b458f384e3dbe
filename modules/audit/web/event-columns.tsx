import { type ListColumn, Moment, NamedLink, StateWord } from '@tongchou/ui'
import { type AuditEvent, outcomeTones, outcomeWords, pageOf } from './audit-api.ts'

const LISTS: readonly string[] = ['list', 'events']

/** The thing that was acted on: a link where it has a page that this post may open. */
export function Thing({ event, linked }: { event: AuditEvent; linked: boolean }) {
  const page = linked ? pageOf(event.subjectKind, event.subjectId) : null
  // A list that was looked at is named by its kind alone.
  const id = !LISTS.includes(event.subjectId) && <span className="tc-audit-id">{event.subjectId}</span>
  return (
    <>
      {page ? <NamedLink to={page} name={event.subjectKindName} hidden="" /> : event.subjectKindName} {id}
    </>
  )
}

export function Outcome({ outcome }: { outcome: AuditEvent['outcome'] }) {
  return <StateWord text={outcomeWords[outcome]} tone={outcomeTones[outcome]} />
}

/** Columns that every list of the log shares. */
export const commonColumns: readonly ListColumn<AuditEvent>[] = [
  { key: 'action', title: '操作', render: (event) => event.title },
  { key: 'outcome', title: '结果', render: (event) => <Outcome outcome={event.outcome} /> },
]

export const requestColumns: readonly ListColumn<AuditEvent>[] = [
  { key: 'request', title: '请求编号', shown: 'hidden', render: (event) => <span className="tc-audit-id">{event.requestId}</span> },
  { key: 'seq', title: '序号', shown: 'hidden', align: 'right', render: (event) => event.seq },
]

export function At({ event }: { event: AuditEvent }) {
  return <Moment at={event.at} />
}
