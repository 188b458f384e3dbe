import { type Ctx, inTransaction, NotFound, recordAudit, recordEvent } from '@tongchou/kernel'
import { act, type Case, type Effect, type LeadingCase, mayDo, type Party, type Verb } from '@tongchou/procedure'
import type { CasesPorts } from '../ports.ts'
import { emptyAct, refOf, settle, signerOn, subjectPort } from './act.settle.ts'
import { holderKey } from './case.permissions.ts'
import { definitionOf, lockCases } from './case.store.ts'
import type { CaseRow } from './case.tables.ts'
import { caseNotFound, mayReadCase } from './case-reading.ts'
import { deadlinesOf } from './deadlines.ts'
import { followLeading } from './merger.service.ts'
import { sendNotices } from './notice.service.ts'
import { refusalOf } from './refusal.ts'
import { partyOf } from './verb.parties.ts'
import type { VerbInput } from './verb.schema.ts'
import { insertCopies } from './work-list.store.ts'

/** Does a verb on a case (转办、加签……): lock, may, name the people, the engine, record, tell. One of two who press at once wins. */
export async function doOnCase(ctx: Ctx, ports: CasesPorts, caseId: string, input: VerbInput): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const { row, leading } = await lockedFor(tx, ports, caseId, input)
    const definition = await definitionOf(tx, row)
    const actor = signerOn(tx.actor, row.state)
    const now = tx.now().toISOString()
    // Who may not do it learns that, and nothing of whom could be named.
    const target = { ...('taskId' in input ? { taskId: input.taskId } : {}), ...('ref' in input ? { ref: input.ref } : {}) }
    const barred = mayDo(definition.procedure, row.state, input.kind, actor, target, now)
    if (barred.length > 0) throw refusalOf(barred)
    if (input.kind === 'merge' && !(leading && (await mayReadCase(tx, ports, leading))))
      throw new NotFound('case.leading_not_found', '要并入的办件不存在，或不在当前岗位可查看的范围内。')
    const deed = await deedOf(tx, ports, row, input, leading)
    const result = act(definition.procedure, row.state, deed, now, await deadlinesOf(tx, ports))
    if ('findings' in result) throw refusalOf(result.findings)
    await settle(tx, ports, definition, result.case, row.state)
    await sendCopies(tx, result.case, deed)
    await tellStanding(tx, ports, row, result.case)
    await sendNotices(tx, ports, result.case, row.title, result.effects)
    await recordVerb(tx, row, result.case, result.effects)
  })
}

async function lockedFor(
  tx: Ctx,
  ports: CasesPorts,
  caseId: string,
  input: VerbInput,
): Promise<{ row: CaseRow; leading: CaseRow | undefined }> {
  const leadingId = input.kind === 'merge' ? input.leadingId : undefined
  const rows = await lockCases(tx, leadingId === undefined ? [caseId] : [caseId, leadingId])
  const row = rows.get(caseId)
  if (!row || !(await mayReadCase(tx, ports, row))) throw caseNotFound()
  return { row, leading: leadingId === undefined ? undefined : rows.get(leadingId) }
}

/** The verb as the engine takes it: the signer, and the parties by the names the city knows them by. */
async function deedOf(tx: Ctx, ports: CasesPorts, row: CaseRow, input: VerbInput, leading: CaseRow | undefined): Promise<Verb> {
  const common = { actor: signerOn(tx.actor, row.state), opinion: input.opinion ?? '' }
  switch (input.kind) {
    case 'transfer':
    case 'entrust':
      return { ...input, ...common, to: await partyOf(tx, ports, input.to) }
    case 'countersign':
    case 'copy':
      return { ...input, ...common, to: await partiesOf(tx, ports, input.to) }
    case 'answer':
      return { ...input, ...common, to: input.to ? await partyOf(tx, ports, input.to) : null }
    case 'merge':
      return { kind: 'merge', ...common, leading: leadingOf(leading) }
    default:
      return { ...input, ...common }
  }
}

async function partiesOf(tx: Ctx, ports: CasesPorts, inputs: readonly Parameters<typeof partyOf>[2][]): Promise<Party[]> {
  const parties: Party[] = []
  for (const input of inputs) parties.push(await partyOf(tx, ports, input))
  return parties
}

function leadingOf(row: CaseRow | undefined): LeadingCase {
  if (!row) throw new Error('a merge has its leading case')
  return { id: row.id, title: row.title, procedure: row.procedure, subject: row.state.subject, status: row.status }
}

async function sendCopies(tx: Ctx, kase: Case, deed: Verb): Promise<void> {
  if (deed.kind !== 'copy') return
  const keys = deed.to.map((to) => holderKey({ duty: to.duty, org_id: to.orgId, person_id: to.person?.personId ?? null }))
  const note = deed.opinion.trim() === '' ? null : deed.opinion
  await insertCopies(tx, kase.id, kase.history.length, keys, `${tx.actor.orgName} ${tx.actor.name}`, note)
}

/** What the subject is told when its case is merged (并案) or voided (作废), and those that follow it with it. */
async function tellStanding(tx: Ctx, ports: CasesPorts, row: CaseRow, next: Case): Promise<void> {
  if (next.status !== 'merged' && next.status !== 'voided') return
  await subjectPort(ports, next).apply(tx, refOf(next, row.title), `case.${next.status}`, emptyAct)
  if (next.status === 'voided') await followLeading(tx, ports, next, [], emptyAct)
}

async function recordVerb(tx: Ctx, row: CaseRow, next: Case, effects: readonly Effect[]): Promise<void> {
  const line = next.history.at(-1)
  const subject = { kind: row.subject_kind, id: row.subject_id }
  const changed = effects.filter((effect) => effect.type.startsWith('clock-')).map((effect) => effect.type)
  const detail = { caseId: row.id, procedure: row.procedure, step: line?.step, verb: line?.act, title: line?.outcomeTitle }
  await recordAudit(tx, `case.${line?.act}`, subject, { ...detail, ...(changed.length > 0 ? { clocks: changed } : {}) })
  await recordEvent(tx, 'case.acted', subject, { caseId: row.id, step: line?.step ?? '', outcome: line?.act ?? '' })
}
