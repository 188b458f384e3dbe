import type { Ctx, KeyRing, NoticesPort, OrganisationsPort } from '@tongchou/kernel'
import type { Entry } from '@tongchou/metadata'
import type { Item } from '@tongchou/records'
import type { Resolve } from './ask.ts'

/** An entry of the catalog that is in force, and the shape of its records. */
export interface SharedEntry {
  id: string
  version: number
  orgId: string
  content: Entry
}

/** Everything this module needs from others; wired by the server. */
export interface InterfacesPorts {
  catalog: {
    /** The registered entry, whoever asks. */
    registered(ctx: Ctx, id: string): Promise<SharedEntry | undefined>
  }
  libraries: {
    /** The items by which every record is checked, and which of them name a person; or why records of the entry cannot be checked. */
    shape(
      ctx: Ctx,
      entry: SharedEntry,
    ): Promise<{ items: readonly Item[]; key: readonly string[]; persons: readonly string[] } | { problems: string[] }>
  }
  organisations: OrganisationsPort
  notices: NoticesPort
  /** What credentials are sealed under. */
  keys: Pick<KeyRing, 'sealing'>
  resolve: Resolve
}
