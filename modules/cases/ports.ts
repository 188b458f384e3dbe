import type { CaseSubjectPort, ClockRules, Ctx, DutyId, JobsPort, NoticesPort, OfficeCalendar, OrganisationsPort } from '@tongchou/kernel'
import type { Form, Procedure } from '@tongchou/procedure'

/** A procedure with its forms, of one version of a pack. */
export interface Definition {
  pack: string
  packVersion: string
  procedure: Procedure
  forms: Readonly<Record<string, Form>>
}

/** What this module needs of the others; the server wires it. */
export interface CasesPorts {
  organisations: OrganisationsPort
  /** The procedure in force, by its id. */
  definition(procedure: string): Definition | undefined
  /** Duties that steps of the procedures in force wait for. */
  stepDuties(): readonly DutyId[]
  /** The owners of what cases are about, by subject kind. */
  subjects: ReadonlyMap<string, CaseSubjectPort>
  /** The owners of what files are handed in with beside cases, by subject kind. */
  fileSubjects: ReadonlyMap<string, Pick<CaseSubjectPort, 'mayRead'>>
  /** The calendar that limits are counted by, as it is in this transaction. */
  calendar(ctx: Ctx): Promise<OfficeCalendar>
  /** When limits turn yellow and red, and what follows: of the pack in force. */
  clocks(): ClockRules
  notices: NoticesPort
  jobs: JobsPort
  /** Duties of the offices that others turn to for an opinion (加签、抄送). */
  officeDuties(): readonly DutyId[]
  /** Chinese name of a duty, for texts. */
  dutyTitle(duty: DutyId): string
}
