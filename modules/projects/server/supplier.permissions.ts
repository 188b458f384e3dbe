import type { Actor } from '@tongchou/kernel'
import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely'
import { readProject } from './project.permissions.ts'
import type { ProjectRow, ProjectsTables } from './project.tables.ts'

/** What decides whose contract it is. */
export interface ContractParties {
  enterprise_id: string
  /** The building unit (建设单位) of the contract's project. */
  builder_org_id: string
}

type WithProject = Pick<ProjectsTables, 'projects.contract' | 'projects.project'>

/**
 * What an enterprise's agent (承建单位经办人) reads: contracts of that enterprise, and where the relation was granted by one unit, those with
 * that unit alone. Nobody else reads contracts this way; the offices read them with their projects.
 */
export const readSupplierContract = {
  allows: (actor: Actor, contract: ContractParties): boolean => {
    const { relation } = actor
    if (relation?.subject.kind !== 'enterprise' || !actor.roles.has('enterprise')) return false
    const within = relation.withinOrgId === null || relation.withinOrgId === contract.builder_org_id
    return within && relation.subject.id === contract.enterprise_id
  },
  where:
    (actor: Actor) =>
    (eb: ExpressionBuilder<WithProject, keyof WithProject>): ExpressionWrapper<WithProject, keyof WithProject, SqlBool> => {
      const { relation } = actor
      if (relation?.subject.kind !== 'enterprise' || !actor.roles.has('enterprise')) return eb.and([eb.lit(false)])
      const own = eb('projects.contract.enterprise_id', '=', relation.subject.id)
      return relation.withinOrgId === null ? own : eb.and([own, eb('projects.project.builder_org_id', '=', relation.withinOrgId)])
    },
}

/** A report that an agent handed in is read with its contract by the agents, and with its project by the offices. */
export const readSupplierReport = {
  allows: (actor: Actor, contract: ContractParties, project: ProjectRow): boolean =>
    actor.relation ? readSupplierContract.allows(actor, contract) : readProject.allows(actor, project),
  where:
    (actor: Actor) =>
    (eb: ExpressionBuilder<WithProject, keyof WithProject>): ExpressionWrapper<WithProject, keyof WithProject, SqlBool> =>
      // The project's permission speaks of the project's columns alone.
      actor.relation ? readSupplierContract.where(actor)(eb) : (readProject.where(actor)(eb as never) as never),
}
