import type { Actor, CasesPort, Ctx, JobsPort, NoticesPort, OfficeCalendar, OrganisationsPort } from '@tongchou/kernel'
import type { PackRef, ResourcePack } from '@tongchou/resource-packs'

/** A library that was built of a pack's resource. */
export interface BuiltLibrary {
  ref: PackRef
  resource: string
  title: string
  orgId: string
}

/** A table copied out of a library, with the last change that it holds. */
export interface CopiedLibrary {
  resource: string
  file: string
  rows: number
  seq: number
  structure: number
}

/** Records of one library, of the items that a task needs and no others (最少够用). */
export interface RecordsAsked {
  resource: string
  keys: readonly string[]
  items: readonly string[]
  /** Items that the task cannot be done without seeing whole; every other is masked as the catalog says, unless it is the own register. */
  whole: readonly string[]
  why: string
}

export interface RecordsShown {
  title: string
  structure: { id: string; title: string; masked: boolean }[]
  records: { key: string; values: Record<string, string | null> }[]
}

/** What comparison needs of `libraries`. */
export interface LibrariesPort {
  built(ctx: Ctx, refs: readonly PackRef[]): Promise<BuiltLibrary[]>
  /** All of them as of one instant; null where this program has no connections for it. */
  copyOut:
    | ((
        wanted: readonly { resource: string; items: readonly string[] }[],
        folder: string,
        signal: AbortSignal,
        done: (tables: number) => Promise<void>,
      ) => Promise<CopiedLibrary[]>)
    | null
  /** Through the one view function, and each look is written down. The caller has checked that the actor may read the finding. */
  records(ctx: Ctx, asked: RecordsAsked): Promise<RecordsShown>
  /** The column of a copied table that tells its rows apart. */
  recordKey: string
}

/** Everything this module needs from others; wired by the server. */
export interface ComparisonPorts {
  packs: readonly ResourcePack[]
  libraries: LibrariesPort
  organisations: OrganisationsPort
  cases: CasesPort
  jobs: JobsPort
  notices: NoticesPort
  calendar: (ctx: Ctx) => Promise<OfficeCalendar>
  actorOfPost(ctx: Ctx, postId: string): Promise<Actor | undefined>
}
