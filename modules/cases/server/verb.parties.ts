import { type Ctx, type DutyId, InvalidValue, type OrganisationView } from '@tongchou/kernel'
import type { Case, Party, Procedure } from '@tongchou/procedure'
import { type Static, Type } from 'typebox'
import type { CasesPorts } from '../ports.ts'
import { definitionOf } from './case.store.ts'
import { requireCase } from './case-reading.ts'
import type { Parties, PartyIn } from './verb.schema.ts'

/** What somebody is named for: to take a task over, to be entrusted with it, to take it instead of us, to sign, to read. */
export const partyUses = ['transfer', 'entrust', 'answer', 'countersign', 'copy'] as const
export type PartyUse = (typeof partyUses)[number]
export const PartyUse = Type.Union(partyUses.map((use) => Type.Literal(use)))

type PartyList = Static<typeof Parties>['items']

/** Who may be named, for those who may read the case: whoever bears the duty, never somebody of the other side. */
export async function readParties(
  ctx: Ctx,
  ports: CasesPorts,
  caseId: string,
  use: PartyUse,
  taskId: string | undefined,
): Promise<{ items: PartyList }> {
  const row = await requireCase(ctx, ports, caseId)
  const { procedure } = await definitionOf(ctx, row)
  const items: PartyList = []
  for (const { office, duty } of await officesFor(ctx, ports, procedure, row.state, use, taskId)) {
    const people = await ports.organisations.holdersOf(ctx, duty, office.id)
    const fit = people.filter((one) => one.personId !== ctx.actor.personId && !otherSide(row.state, one.personId, use))
    const whole = use !== 'entrust'
    if (whole || fit.length > 0)
      items.push({ orgId: office.id, orgName: office.name, duty, dutyTitle: ports.dutyTitle(duty), office: whole, people: fit })
  }
  return { items }
}

/** A party as the engine knows it: the duty is borne there, and the person holds it. Anybody else is refused. */
export async function partyOf(ctx: Ctx, ports: CasesPorts, input: PartyIn): Promise<Party> {
  const offices = await ports.organisations.bearersOf(ctx, input.duty)
  const office = offices.find((one) => one.id === input.orgId)
  if (!office || outside.has(input.duty))
    throw new InvalidValue('party.unknown', '所选单位不承担该职责，请重新选择。', [{ path: 'to', message: '单位不承担该职责' }])
  if (input.personId === null) return { orgId: office.id, orgName: office.name, duty: input.duty, person: null }
  const holders = await ports.organisations.holdersOf(ctx, input.duty, office.id)
  const person = holders.find((one) => one.personId === input.personId)
  if (!person)
    throw new InvalidValue('party.unknown', `所选人员不在${office.name}承担该职责，请重新选择。`, [
      { path: 'to', message: '人员不承担该职责' },
    ])
  return { orgId: office.id, orgName: office.name, duty: input.duty, person: { personId: person.personId, name: person.name } }
}

/** Duties of those outside the offices: they are never asked to sign, and nothing is handed to them. */
const outside: ReadonlySet<DutyId> = new Set(['citizen', 'enterprise', 'system-admin', 'security-admin', 'audit-admin'])

async function officesFor(
  ctx: Ctx,
  ports: CasesPorts,
  procedure: Procedure,
  kase: Case,
  use: PartyUse,
  taskId: string | undefined,
): Promise<{ office: OrganisationView; duty: DutyId }[]> {
  if (use === 'countersign' || use === 'copy') return officesAround(ctx, ports, procedure)
  const ask = kase.asks.find((one) => one.id === taskId)
  const task = kase.tasks.find((one) => one.id === (ask?.taskId ?? taskId))
  if (!task) return []
  const bound = use === 'entrust' ? ctx.actor.orgId : task.slot === 'duty' ? null : kase.slots[task.slot]
  const offices = await ports.organisations.bearersOf(ctx, task.duty)
  return offices.filter((office) => bound === null || office.id === bound).map((office) => ({ office, duty: task.duty }))
}

/** Whom an officer turns to: the offices of the city's business, and the colleagues of one's own. */
async function officesAround(ctx: Ctx, ports: CasesPorts, procedure: Procedure) {
  const named = procedure.steps.flatMap((step) => step.holders.map((holder) => holder.duty))
  const duties = [...new Set([...named, ...procedure.control.supervise, ...ports.officeDuties()])].filter((duty) => !outside.has(duty))
  const found: { office: OrganisationView; duty: DutyId }[] = []
  for (const duty of duties) {
    const offices = await ports.organisations.bearersOf(ctx, duty)
    // A duty that stands in every department is no office to turn to; of those only one's own is offered.
    found.push(...offices.filter((office) => offices.length <= 3 || office.id === ctx.actor.orgId).map((office) => ({ office, duty })))
  }
  return found
}

/** Whoever handed in is offered to nobody as a signer; the engine refuses them all the same. */
function otherSide(kase: Case, personId: string, use: PartyUse): boolean {
  return use !== 'copy' && kase.applicant.personId === personId
}
