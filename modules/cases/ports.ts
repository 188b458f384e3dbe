import type { CaseSubjectPort, DutyId, OrganisationsPort } from '@tongchou/kernel'
import type { Deadlines, Form, Procedure } from '@tongchou/procedure'

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
  /** The owners of what cases are about, by subject kind. */
  subjects: ReadonlyMap<string, CaseSubjectPort>
  /** Limits counted on the city's calendars. */
  deadlines: Deadlines
  /** Chinese name of a duty, for texts. */
  dutyTitle(duty: DutyId): string
}
