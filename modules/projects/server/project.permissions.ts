import { type Actor, type DutyId, reaches, reachOf } from '@tongchou/kernel'
import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely'
import type { ProjectsTables } from './project.tables.ts'

/** What the permission looks at. */
export interface ProjectParties {
  owner_org_id: string
  builder_org_id: string
  user_unit_org_id: string
  submitted_at: Date | null
  tender_started_at: Date | null
}

/** Offices that see every project once it was handed in: they review, approve, pay, audit or supervise it. */
const overseers: readonly DutyId[] = ['big-data-center', 'drc', 'finance', 'audit', 'supervisor', 'vice-mayor', 'city-government']

/**
 * Who sees a project: the unit that proposes it, and once it was handed in also who builds it, who uses it and the
 * offices that oversee it, each as far as its duty reaches; the trading centre from the start of the tender. A draft belongs to its unit alone.
 */
export const readProject = {
  allows: (actor: Actor, project: ProjectParties): boolean => {
    if (isOutsider(actor)) return false
    if (project.owner_org_id === actor.orgId) return true
    if (project.submitted_at === null) return false
    if (project.builder_org_id === actor.orgId || project.user_unit_org_id === actor.orgId) return true
    if (oversees(actor, project.owner_org_id)) return true
    return reaches(actor, ['tender-center'], project.owner_org_id) && project.tender_started_at !== null
  },
  where:
    (actor: Actor) =>
    (eb: ExpressionBuilder<ProjectsTables, 'projects.project'>): ExpressionWrapper<ProjectsTables, 'projects.project', SqlBool> => {
      if (isOutsider(actor)) return eb.and([eb.lit(false)])
      const own = eb('projects.project.owner_org_id', '=', actor.orgId)
      const submitted = eb('projects.project.submitted_at', 'is not', null)
      const owner = 'projects.project.owner_org_id'
      const within = (reach: 'everywhere' | readonly string[]) =>
        reach === 'everywhere' ? eb.lit(true) : reach.length === 0 ? eb.lit(false) : eb(owner, 'in', reach)
      const parties = eb.or([
        eb('projects.project.builder_org_id', '=', actor.orgId),
        eb('projects.project.user_unit_org_id', '=', actor.orgId),
        within(overseen(actor)),
        eb.and([within(reachOf(actor, ['tender-center'])), eb('projects.project.tender_started_at', 'is not', null)]),
      ])
      return eb.or([own, eb.and([submitted, parties])])
    },
}

/** Only the proposing unit's applicants write the proposal (第五、十一条). */
export const editProposal = {
  allows: (actor: Actor, project: Pick<ProjectParties, 'owner_org_id'>): boolean => mayApply(actor) && project.owner_org_id === actor.orgId,
}

/** What the building unit does: establishment, tender, acceptance, handover, payment, progress (第十二、十三条). */
export const actAsBuilder = {
  allows: (actor: Actor, project: Pick<ProjectParties, 'builder_org_id'>): boolean =>
    mayApply(actor) && project.builder_org_id === actor.orgId,
}

/** Bears one of some duties. */
export function bears(actor: Actor, ...duties: readonly DutyId[]): boolean {
  return duties.some((duty) => actor.roles.has(duty))
}

/** Duties that hand things in for their unit. */
export const applicantDuties: readonly DutyId[] = ['applicant', 'district']

function mayApply(actor: Actor): boolean {
  return bears(actor, ...applicantDuties)
}

/** The organisations whose projects an actor oversees: by an overseeing duty, or as a district's office for its area (WH23-23). */
function overseen(actor: Actor): 'everywhere' | readonly string[] {
  const reach = reachOf(actor, overseers)
  const area = actor.roles.has('district') ? actor.within?.get('district') : undefined
  return reach === 'everywhere' || !area ? reach : [...reach, ...area]
}

function oversees(actor: Actor, ownerOrgId: string): boolean {
  const reach = overseen(actor)
  return reach === 'everywhere' || reach.includes(ownerOrgId)
}

/** Enterprises and citizens are no party to government projects here, whatever organisation they belong to; administrators do no business. */
export function isOutsider(actor: Actor): boolean {
  return actor.relation !== undefined || bears(actor, 'citizen', 'enterprise', 'system-admin', 'security-admin', 'audit-admin')
}
