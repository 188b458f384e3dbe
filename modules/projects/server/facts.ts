import type { Ctx, Facts, ProjectFactsPort } from '@tongchou/kernel'
import type { ProposalSoFar } from './project.schema.ts'
import { planStanding } from './project.store.ts'
import type { ProjectRow } from './project.tables.ts'

/** The registers that answer for what a project really is: systems, catalog, supervision. */
export type Registers = readonly ProjectFactsPort[]

/**
 * The facts of a project as the rules read them, from live records only. A fact that nobody has answered for stays
 * absent: the rules then say that they cannot decide, never that it is fine.
 */
export async function gatherFacts(ctx: Ctx, project: ProjectRow, registers: Registers, act: string): Promise<Facts> {
  const plan = await planStanding(ctx, project.id)
  const facts: Record<string, Facts[string] | undefined> = {
    ...proposedFacts(project),
    // What was planned is no answer any more when the system is to be accepted: only the register's is.
    ...(act === 'project.accept' ? { 'project.deployment': undefined, 'project.standardInterface': undefined } : {}),
    'project.reviewedByCenter': project.reviewed_at !== null,
    'project.arguedByCenter': project.argued_at !== null,
    'project.jointReviewPassed': plan.jointReviewed,
    'project.cityApproved': plan.approved,
    'project.inAnnualPlan': plan.listed,
    'project.proposalApproved': project.proposal_approved_at !== null,
    'project.feasibilityApproved': project.feasibility_approved_at !== null,
    'project.preliminaryDesignApproved': project.preliminary_design_approved_at !== null,
    'project.tenderVenue': project.tender_venue ?? 'none',
  }
  for (const register of registers) Object.assign(facts, await register.factsOf(ctx, project.id, act))
  return withoutAbsent(facts)
}

/** What the columns of a proposal say, for a stored project and for one that is still being typed. */
export type ProposedColumns = Pick<
  ProjectRow,
  | 'kind'
  | 'owner_org_kind'
  | 'builder'
  | 'reach'
  | 'deliverables'
  | 'funding'
  | 'superior_coordinated'
  | 'government_system'
  | 'app_stage'
  | 'necessity'
  | 'urgency'
  | 'planned_deployment'
  | 'superior_received_at'
  | 'responsible_person'
> & { standard_interface?: boolean | null | undefined }

/** The same while a proposal is typed: what is not filled in yet is undefined. */
export type ColumnsSoFar = { [Column in keyof ProposedColumns]: ProposedColumns[Column] | undefined }

/** Takes what has been filled in so far; no office has decided anything about it yet. */
export function columnsSoFar(proposal: ProposalSoFar): Omit<ColumnsSoFar, 'owner_org_kind'> {
  return {
    kind: proposal.kind,
    builder: proposal.builder,
    reach: proposal.reach,
    deliverables: proposal.deliverables,
    funding: proposal.funding,
    superior_coordinated: proposal.superiorCoordinated,
    government_system: undefined,
    app_stage: proposal.appStage,
    standard_interface: proposal.standardInterface,
    necessity: proposal.necessity,
    urgency: (proposal.urgencyReason ?? '').trim() === '' ? 'none' : 'declared',
    planned_deployment: proposal.plannedDeployment,
    superior_received_at: null,
    responsible_person: proposal.responsiblePerson,
  }
}

/** Facts that the proposal itself answers for, and the offices' decisions about it. */
export function proposedFacts(project: ProposedColumns | ColumnsSoFar): Record<string, Facts[string] | undefined> {
  return {
    'project.kind': project.kind,
    'project.organisation': organisationFact(project.owner_org_kind ?? ''),
    'project.builder': project.builder,
    'project.reach': project.reach,
    'project.deliverables': project.deliverables,
    'project.funding': project.funding,
    'project.superiorCoordinated': project.superior_coordinated,
    // The unit files it as a government information system; only the center decides that it is none (WH23-2).
    'project.governmentSystem': project.government_system ?? true,
    'project.appStage': project.app_stage,
    'project.standardInterface': project.standard_interface ?? undefined,
    'project.necessityShown': isWritten(project.necessity),
    // A project with state secrets never got past the first question, so what is stored here has none (WH23-21).
    'project.stateSecret': false,
    // Declared and not yet decided by the center: nobody can say (WH23-22).
    'project.emergency': project.urgency === 'declared' ? undefined : project.urgency === 'confirmed',
    'project.deployment': project.planned_deployment,
    'project.filedWithCenter': (project.superior_received_at ?? null) !== null,
    'project.responsiblePersonNamed': isWritten(project.responsible_person),
  }
}

/** Blanks say nothing; a field that is not filled in yet is unknown, not empty. */
function isWritten(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text.trim() !== ''
}

function organisationFact(kind: string): string {
  return ['city-department', 'big-data-center', 'district', 'enterprise'].includes(kind) ? kind : 'public-body'
}

/** Only what somebody has answered. */
export function withoutAbsent(facts: Record<string, Facts[string] | undefined>): Facts {
  return Object.fromEntries(Object.entries(facts).filter((entry): entry is [string, Facts[string]] => entry[1] !== undefined))
}
