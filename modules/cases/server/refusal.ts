import { type DomainError, InvalidState, InvalidValue, NotPermitted } from '@tongchou/kernel'
import type { Finding } from '@tongchou/procedure'

/** Where on the request the engine's finding belongs, so that the form can show it beside its field. */
const fields: Record<string, string> = {
  'opinion.missing': 'opinion',
  'document.missing': 'documents',
  'document.unknown': 'documents',
  'choice.unknown': 'choices',
  'date.unknown': 'dates',
  'date.invalid': 'dates',
  'date.past': 'dates',
  'date.missing': 'dates',
  'outcome.unknown': 'outcome',
  'code.missing': 'form',
  'until.invalid': 'until',
  'until.early': 'until',
  'party.self': 'to',
  'party.barred': 'to',
  'party.none': 'to',
  'transfer.other_duty': 'to',
  'transfer.bound': 'to',
  'transfer.same': 'to',
  'entrust.no_person': 'to',
  'entrust.other_office': 'to',
  'countersign.nobody': 'to',
  'countersign.twice': 'to',
  'countersign.no_after': 'form',
  'copy.nobody': 'to',
  'merge.self': 'leadingId',
  'merge.other_procedure': 'leadingId',
  'merge.other_subject': 'leadingId',
  'merge.not_running': 'leadingId',
}

/** Somebody else's to do: the actor may read the case, and may not do this. */
const forbidden = new Set([
  ...['task.not_holder', 'task.held_by_other', 'person.is_applicant', 'person.has_decided', 'person.not_parted', 'person.signed_already'],
  ...['urge.not_allowed', 'oversee.not_allowed', 'merge.not_allowed', 'void.not_allowed', 'copy.not_allowed', 'entrust.not_by_actor'],
  ...['ask.not_answering', 'ask.own', 'countersign.not_asked', 'countersign.not_by_actor', 'demand.not_holder', 'demand.not_by_actor'],
])

/** Turns the engine's findings into the refusal a caller can act on: what is wrong first, then its cure. */
export function refusalOf(findings: readonly Finding[]): DomainError {
  const first = findings[0]
  if (!first) throw new Error('a refusal needs a finding')
  const text = `${first.message}。${first.cure}。`
  if (forbidden.has(first.code)) return new NotPermitted(first.code, text)
  const problems = findings.flatMap((f) => (fields[f.code] ? [{ path: fields[f.code] ?? '', message: `${f.message}。${f.cure}。` }] : []))
  return problems.length > 0 ? new InvalidValue(first.code, text, problems) : new InvalidState(first.code, text)
}
