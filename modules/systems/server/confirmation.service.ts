import { type Ctx, InvalidState, inTransaction, NotPermitted, recordAudit, recordEvent, requireVersion } from '@tongchou/kernel'
import type { SystemsPorts } from './ports.ts'
import { lockOwn, lockReadable } from './register.service.ts'
import { answerForSystem } from './system.permissions.ts'
import { type Answers, answeredFacts, type ConfirmationRequest, type ConfirmationReturn, type System } from './system.schema.ts'
import { closeRequest, insertAnswers, insertRequest, latestRequest, updateSystem } from './system.store.ts'
import type { ConfirmationRow, SystemRow } from './system.tables.ts'
import { viewSystem } from './system.view.ts'

/** The owner asks the center to look (确认申请). One request at a time. */
export async function requestConfirmation(ctx: Ctx, ports: SystemsPorts, id: string, input: ConfirmationRequest): Promise<System> {
  return inTransaction(ctx, async (tx) => {
    const row = await lockOwn(tx, id)
    requireVersion(`信息系统“${row.name}”`, row, input.version)
    const last = await latestRequest(tx, id)
    if (last?.state === 'open')
      throw new InvalidState('confirmation.already_requested', `“${row.name}”已由${last.requested_by}申请确认，正等待市大数据中心核实。`)
    await insertRequest(tx, id, input.note)
    const changed = await updateSystem(tx, id, {})
    await recordAudit(tx, 'system.confirmation_requested', { kind: 'system', id })
    await recordEvent(tx, 'system.confirmation_requested', { kind: 'system', id }, { orgId: row.org_id })
    return viewSystem(tx, ports, changed)
  })
}

/** The center answers for deployment, connection, sharing and security (WH23-4, WH23-16, WH23-17), with its evidence. */
export async function answerFacts(ctx: Ctx, ports: SystemsPorts, id: string, input: Answers): Promise<System> {
  return inTransaction(ctx, async (tx) => {
    const row = await lockReadable(tx, id)
    const request = await latestRequest(tx, id)
    requireAnswerer(tx, row, request)
    requireVersion(`信息系统“${row.name}”`, row, input.version)
    if (input.closureVerified !== undefined && row.status !== 'closed')
      throw new InvalidState('system.not_closed', `“${row.name}”尚未由所属单位关停，不能核实关停。`, [
        { path: 'closureVerified', message: '所属单位登记关停后才能核实' },
      ])
    const answers = answeredFacts.flatMap((fact) => {
      const value = input[fact]
      return value === undefined ? [] : [{ fact, value, standing: 'confirmed' as const }]
    })
    await insertAnswers(tx, id, answers, input.evidence)
    if (request?.state === 'open') await closeRequest(tx, request.id, 'answered', input.evidence)
    const changed = await updateSystem(tx, id, {})
    const detail = Object.fromEntries(answers.map((answer) => [answer.fact, answer.value]))
    await recordAudit(tx, 'system.answered', { kind: 'system', id }, detail)
    await recordEvent(tx, 'system.answered', { kind: 'system', id }, { projectId: row.project_id, ...detail })
    return viewSystem(tx, ports, changed)
  })
}

/** The center cannot answer on what it was given and says what is missing (退回补正). */
export async function returnConfirmation(ctx: Ctx, ports: SystemsPorts, id: string, input: ConfirmationReturn): Promise<System> {
  return inTransaction(ctx, async (tx) => {
    const row = await lockReadable(tx, id)
    const request = await latestRequest(tx, id)
    requireAnswerer(tx, row, request)
    requireVersion(`信息系统“${row.name}”`, row, input.version)
    if (request?.state !== 'open') throw new InvalidState('confirmation.none_open', `“${row.name}”没有待核实的确认申请。`)
    await closeRequest(tx, request.id, 'returned', input.reason)
    const changed = await updateSystem(tx, id, {})
    await recordAudit(tx, 'system.confirmation_returned', { kind: 'system', id })
    await recordEvent(tx, 'system.confirmation_returned', { kind: 'system', id }, { orgId: row.org_id })
    return viewSystem(tx, ports, changed)
  })
}

function requireAnswerer(tx: Ctx, row: SystemRow, request: ConfirmationRow | undefined): void {
  if (!answerForSystem.allows(tx.actor)) throw new NotPermitted('system.not_answerable', '此项由市大数据中心核实，当前岗位不能填写。')
  // The center registers systems of its own: then another of its people looks.
  if (row.registered_by_person_id === tx.actor.personId || request?.requested_by_person_id === tx.actor.personId)
    throw new NotPermitted('system.own_registration', `“${row.name}”由本人登记或申请确认，须由其他人员核实。`)
}
