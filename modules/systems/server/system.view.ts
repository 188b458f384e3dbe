import type { Actor, Ctx, OrganisationView } from '@tongchou/kernel'
import type { ProjectOfSystem, SystemsPorts } from './ports.ts'
import { answerForSystem, confirmProtection, keepSystem } from './system.permissions.ts'
import type { AnsweredFact, AnswerLine, Protection, System, SystemAct, SystemLine } from './system.schema.ts'
import { currentAnswers, latestRequest, openRequests } from './system.store.ts'
import type { AnswerRow, ConfirmationRow, SystemRow } from './system.tables.ts'

type Names = ReadonlyMap<string, OrganisationView>

/** The page of one system (信息系统), with what this actor may do. */
export async function viewSystem(ctx: Ctx, ports: SystemsPorts, row: SystemRow): Promise<System> {
  const answers = await currentAnswers(ctx, [row.id])
  const request = await latestRequest(ctx, row.id)
  const orgs = await ports.organisations.organisations(
    ctx,
    row.user_unit_org_id === null ? [row.org_id] : [row.org_id, row.user_unit_org_id],
  )
  const project = row.project_id === null ? undefined : await ports.projects.project(ctx, row.project_id)
  return toSystem(row, { answers, request, orgs, project, actor: ctx.actor })
}

/** Lines of the register, with the answers and open requests of all of them read at once. */
export async function viewLines(ctx: Ctx, ports: SystemsPorts, rows: readonly SystemRow[]): Promise<Map<string, SystemLine>> {
  const ids = rows.map((row) => row.id)
  const answers = Map.groupBy(await currentAnswers(ctx, ids), (answer) => answer.system_id)
  const open = new Set((await openRequests(ctx, ids)).map((request) => request.system_id))
  const orgs = await ports.organisations.organisations(ctx, [...new Set(rows.map((row) => row.org_id))])
  return new Map(rows.map((row) => [row.id, toLine(row, answers.get(row.id) ?? [], open.has(row.id), orgs)]))
}

function toLine(row: SystemRow, answers: readonly AnswerRow[], awaitsConfirmation: boolean, orgs: Names): SystemLine {
  const protection = answers.find((answer) => answer.fact === 'protection')
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    org: orgRef(orgs, row.org_id),
    status: row.status,
    deployment: (answeredValue(answers, 'deployment') ?? null) as SystemLine['deployment'],
    cityBrainConnected: (answeredValue(answers, 'cityBrainConnected') ?? null) as boolean | null,
    protectionLevel: protection ? (protection.value as Protection).level : null,
    awaitsConfirmation,
    awaitsProtection: protection?.standing === 'declared',
    updatedAt: row.updated_at.toISOString(),
  }
}

interface Parts {
  answers: readonly AnswerRow[]
  request: ConfirmationRow | undefined
  orgs: Names
  project: ProjectOfSystem | undefined
  actor: Actor
}

function toSystem(row: SystemRow, { answers, request, orgs, project, actor }: Parts): System {
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    org: orgRef(orgs, row.org_id),
    userUnit: row.user_unit_org_id === null ? null : orgRef(orgs, row.user_unit_org_id),
    project: row.project_id === null ? null : { id: row.project_id, name: project?.name ?? null },
    functions: row.functions,
    usageScope: row.usage_scope,
    usageFrequency: row.usage_frequency,
    approvingBody: row.approving_body,
    approvedOn: row.approved_on,
    funding: row.funding,
    status: row.status,
    answers: {
      deployment: answerTo(answers, 'deployment'),
      cityBrainConnected: answerTo(answers, 'cityBrainConnected'),
      standardInterface: answerTo(answers, 'standardInterface'),
      dataShared: answerTo(answers, 'dataShared'),
      securityAssured: answerTo(answers, 'securityAssured'),
      closureVerified: answerTo(answers, 'closureVerified'),
    } as System['answers'],
    protection: toProtection(answers.find((answer) => answer.fact === 'protection')),
    confirmation: toConfirmation(request),
    mayDo: allowedActs(actor, row, request),
    version: row.version,
    updatedBy: row.updated_by,
    updatedAt: row.updated_at.toISOString(),
  }
}

/** What the actor may do now; each act checks the same once more. */
function allowedActs(actor: Actor, row: SystemRow, request: ConfirmationRow | undefined): SystemAct[] {
  const keeps = keepSystem.allows(actor, row)
  const ownRegistration = row.registered_by_person_id === actor.personId
  const acts: SystemAct[] = []
  if (keeps) acts.push('describe')
  if (keeps && row.status !== 'closed') acts.push('change-status', 'declare-protection')
  if (keeps && request?.state !== 'open') acts.push('request-confirmation')
  if (answerForSystem.allows(actor) && !ownRegistration && request?.requested_by_person_id !== actor.personId) acts.push('answer')
  if (confirmProtection.allows(actor) && !ownRegistration) acts.push('confirm-protection')
  return acts
}

function toConfirmation(request: ConfirmationRow | undefined): System['confirmation'] {
  if (!request) return null
  return {
    state: request.state,
    note: request.note,
    requestedBy: request.requested_by,
    requestedAt: request.requested_at.toISOString(),
    closedBy: request.closed_by,
    closedAt: request.closed_at?.toISOString() ?? null,
    closingNote: request.closing_note,
  }
}

function toProtection(answer: AnswerRow | undefined): System['protection'] {
  return answer ? { ...(answer.value as Protection), standing: answer.standing, ...signature(answer) } : null
}

function answerTo(answers: readonly AnswerRow[], fact: AnsweredFact) {
  const answer = answers.find((one) => one.fact === fact)
  return answer ? { value: plainValue(answer), ...signature(answer) } : null
}

/** One line of the history. */
export function toAnswerLine(answer: AnswerRow): AnswerLine {
  const value = answer.fact === 'protection' ? answer.value : plainValue(answer)
  return { seq: answer.seq, fact: answer.fact, value, standing: answer.standing, ...signature(answer) }
}

function signature(answer: AnswerRow) {
  return { evidence: answer.evidence, by: answer.person_name, orgName: answer.org_name, at: answer.at.toISOString() }
}

/** The value last answered to a fact; undefined while nobody has. */
export function answeredValue(answers: readonly AnswerRow[], fact: AnsweredFact): boolean | string | undefined {
  const answer = answers.find((one) => one.fact === fact)
  return answer && plainValue(answer)
}

function plainValue(answer: AnswerRow): boolean | string {
  return (answer.value as { value: boolean | string }).value
}

function orgRef(orgs: Names, id: string): { id: string; name: string } {
  return { id, name: orgs.get(id)?.name ?? id }
}
