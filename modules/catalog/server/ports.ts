import type { Actor, CasesPort, Ctx, JobsPort, OrganisationsPort } from '@tongchou/kernel'
import type { Entry } from '@tongchou/metadata'

/** A project as this module needs it: the parties that may catalog its resources. */
export interface ProjectOfResource {
  id: string
  name: string
  builderOrgId: string
  userUnitOrgId: string
}

/** What catalog needs of `projects`: undefined when the project does not exist or the actor may not read it. */
export interface ProjectsPort {
  project(ctx: Ctx, id: string): Promise<ProjectOfResource | undefined>
}

/** What a project declared of its data (数据资源申报), whoever asks: gates read it too. */
export interface ProjectDeclarationsPort {
  declaredResources(ctx: Ctx, projectId: string): Promise<{ id: string; name: string }[]>
  /** Why the project makes no data resource (不产生数据资源); null where it does, or did not say. */
  noResourcesReason(ctx: Ctx, projectId: string): Promise<string | null>
}

/** A system of the register, for the link and its name; undefined when the actor may not read it. */
export interface SystemsPort {
  system(ctx: Ctx, id: string): Promise<{ id: string; name: string } | undefined>
}

/** What catalog needs of `libraries`: what stands against keeping records of an entry in the structure that it describes (建库校验). */
export interface CollectionPort {
  /** @param resourceId null for an entry that is not stored yet */
  structureProblems(ctx: Ctx, resourceId: string | null, entry: Entry): Promise<{ path: string; message: string; fix: string }[]>
}

/** Whether the data of a registered entry is where the entry says (纳入共享平台), as live records tell it: nobody ticks it. */
export interface PlatformPort {
  /** True of what passes through as an interface or a file; of what the city collects, once a channel in use has brought it. */
  holds(ctx: Ctx, resourceId: string): Promise<boolean>
  /** The channels that are to bring it, whoever asks. */
  channels(ctx: Ctx, resourceId: string): Promise<{ id: string; name: string; isInUse: boolean }[]>
}

/** What catalog needs to know of a project's acceptance (验收), whoever asks: undefined when there is no such project. */
export interface GatesPort {
  gateOf(ctx: Ctx, projectId: string): Promise<{ name: string; awaitsAcceptance: boolean } | undefined>
}

/** Something that stands against withdrawing an entry: what relies on it, and what would cure it; sentences without their full stop. */
export interface Reliance {
  message: string
  cure: string
}

/** A register whose things may rely on a published entry. */
export interface ReliancePort {
  reliesOn(ctx: Ctx, resourceId: string): Promise<Reliance[]>
}

/** What registers call by a name, as far as the actor may read it; several of one name are several lines. */
type Called = (ctx: Ctx, names: readonly string[]) => Promise<{ id: string; name: string }[]>

/** Names that come in a file: organisations by their full and short ones. */
export interface NamesPort {
  organisationsCalled: Called
  projectsCalled: Called
  systemsCalled: Called
  /** Every organisation with every name it has or had, for words that people look for. */
  organisationNames(ctx: Ctx): Promise<{ id: string; name: string; others: readonly string[] }[]>
}

/** Everything this module needs from others; wired by the server. */
export interface CatalogPorts {
  projects: ProjectsPort
  declarations: ProjectDeclarationsPort
  gates: GatesPort
  /** Who else may rely on a published entry, beside the gates of projects. */
  reliances: readonly ReliancePort[]
  systems: SystemsPort
  organisations: OrganisationsPort
  names: NamesPort
  jobs: JobsPort
  /** Who holds a post now, with the duties of now; nobody when the post was ended or the account disabled. */
  actorOfPost(ctx: Ctx, postId: string): Promise<Actor | undefined>
  cases: CasesPort
  collection: CollectionPort
  platform: PlatformPort
  /** How resource codes of the city look: the id of a scheme (`national-1272`). */
  codeScheme: string
}
