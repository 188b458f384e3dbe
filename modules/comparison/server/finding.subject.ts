import { type CaseRef, type CaseSubjectPort, type Ctx, InvalidState, notFound, recordAudit, recordEvent } from '@tongchou/kernel'
import { expressionBuilder, sql } from 'kysely'
import { findingKindWords, findingStateWords } from '../words.ts'
import { readFinding } from './comparison.permissions.ts'
import type { ComparisonTables, FindingRow } from './comparison.tables.ts'
import { definitionOf, groundTitle } from './definitions.ts'
import { findingSubjects } from './finding.kinds.ts'
import { findFinding, lockFinding, updateFinding } from './finding.store.ts'
import { groundsOf } from './finding.view.ts'
import type { ComparisonPorts } from './ports.ts'

/** What the events of the procedures write: of the check a proposal first, which the confirmation makes the decision. */
const proposals: Readonly<Record<string, FindingRow['outcome']>> = {
  'finding.stop-proposed': 'stop',
  'finding.adjust-proposed': 'adjust',
  'finding.keep-proposed': 'keep',
}
const answers: Readonly<Record<string, FindingRow['outcome']>> = {
  'correction.corrected': 'corrected',
  'correction.right': 'right',
  'correction.undecidable': 'undecidable',
}

/** What the two procedures do to a finding: the only way that it is decided. */
export const findingSubject = (ports: Pick<ComparisonPorts, 'packs'>, kind: FindingRow['kind']): CaseSubjectPort => ({
  kind: findingSubjects[kind],
  async mayRead(ctx, id) {
    const row = await findFinding(ctx, id)
    return row?.kind === kind && readFinding.allows(ctx.actor, row)
  },
  readable: (actor, id) => {
    const eb = expressionBuilder<ComparisonTables, 'comparison.finding'>()
    return sql<boolean>`exists (select 1 from comparison.finding where comparison.finding.id = ${id}::uuid and ${eb('comparison.finding.kind', '=', kind)} and ${readFinding.where(actor)})`
  },
  async describe(ctx, id) {
    const row = await findFinding(ctx, id)
    if (!row) throw notFound('比对结果')
    const comparison = definitionOf(ports.packs, row.comparison)?.comparison
    const line = (label: string, value: string | null) => ({ label, value, fen: null })
    const proposal = comparison?.errors.find((one) => one.id === row.rule)?.proposal ?? null
    return {
      title: `${row.comparison_title}：${kind === 'group' ? row.record_key : groundTitle(comparison, row.rule)}`,
      href: `/comparison-findings/${id}`,
      facts: [
        line('类别', findingKindWords[row.kind]),
        ...groundsOf(comparison, row).map(({ title, measured }) => line('情形', measured === null ? title : `${title}（${measured}）`)),
        ...(proposal === null ? [] : [line('建议', proposal)]),
        line('办理状态', findingStateWords[row.state]),
        ...(row.gone_run === null ? [] : [line('最近一次比对', '已不再发现')]),
      ],
    }
  },
  async judge(_ctx, _kase, guard) {
    // No article guards a step of these procedures; a guard that a pack adds must not pass unjudged.
    throw new Error(`a finding judges no act, asked for ${guard}`)
  },
  async apply(ctx, kase, event, act) {
    const row = await locked(ctx, kase)
    if (event.startsWith('case.')) return followCase(ctx, row, event)
    if (row.state !== 'sent') throw new InvalidState('comparison.finding_moved', '该结果的办理状态已变化，请刷新后重新办理。')
    const proposed = proposals[event]
    const answered = answers[event]
    const { name } = ctx.actor
    if (proposed)
      await updateFinding(ctx, row.id, { outcome: proposed, outcome_reason: act.opinion, handled_by: name, handled_at: ctx.now() })
    else if (event === 'finding.confirmed') await updateFinding(ctx, row.id, handled(row))
    else if (answered) {
      const written = { outcome: answered, outcome_reason: act.opinion, handled_by: name, handled_at: ctx.now() }
      await updateFinding(ctx, row.id, { ...written, ...handled(row) })
    } else if (event !== 'finding.sent' && event !== 'finding.returned') throw new Error(`a finding knows no event ${event}`)
    const detail = { caseId: kase.caseId, outcome: proposed ?? answered ?? row.outcome }
    await recordAudit(ctx, event, { kind: findingSubjects[kind], id: row.id }, detail)
    await recordEvent(ctx, event, { kind: findingSubjects[kind], id: row.id }, { ...detail, orgId: row.org_id })
  },
  async retract(ctx, kase, event) {
    const row = await locked(ctx, kase)
    if (!proposals[event] || row.state !== 'sent') throw new Error(`a finding cannot take back ${event} in ${row.state}`)
    await updateFinding(ctx, row.id, { outcome: null, outcome_reason: null, handled_by: null, handled_at: null })
    await recordAudit(ctx, 'finding.proposal_withdrawn', { kind: findingSubjects[kind], id: row.id }, { caseId: kase.caseId })
  },
})

/** Decided; what the last run did not find any more is gone with it. */
const handled = ({ gone_run }: FindingRow) => ({ state: gone_run === null ? ('handled' as const) : ('gone' as const), is_again: false })

/** A case that ends without a decision leaves the finding to be handed out again. */
async function followCase(ctx: Ctx, row: FindingRow, event: string): Promise<void> {
  if (row.state === 'sent' && (event === 'case.withdrawn' || event === 'case.voided' || event === 'case.rejected'))
    await updateFinding(ctx, row.id, { state: row.gone_run === null ? 'new' : 'gone', due_on: null, outcome: null, outcome_reason: null })
}

async function locked(ctx: Ctx, kase: CaseRef): Promise<FindingRow> {
  const row = await lockFinding(ctx, kase.subject.id)
  if (!row) throw new Error(`case ${kase.caseId} is about finding ${kase.subject.id}, which does not exist`)
  return row
}
