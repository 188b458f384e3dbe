import type { Ctx, KeyRing, OrganisationsPort } from '@tongchou/kernel'
import type { Entry } from '@tongchou/metadata'
import type { ResourcePack } from '@tongchou/resource-packs'
import type pg from 'pg'

/** An entry of the catalog that is in force (已登记的目录条目), with its items by their ids. */
export interface RegisteredEntry {
  id: string
  /** Grows with every change of the entry. */
  version: number
  orgId: string
  content: Entry
}

/** What libraries needs of `catalog`. */
export interface CatalogPort {
  /** The registered entries, or the one of them that is asked for, whoever asks: what is built does not depend on who looks. */
  registered(ctx: Ctx, id?: string): Promise<RegisteredEntry[]>
  /** Starts an entry of the actor's own organisation with item ids of its own (编制目录), by all rules of compiling. */
  draft(ctx: Ctx, entry: Entry): Promise<{ id: string; name: string }>
}

/** Everything this module needs from others; wired by the server. */
export interface LibrariesPorts {
  catalog: CatalogPort
  organisations: OrganisationsPort
  packs: readonly ResourcePack[]
  /** What persons' numbers are digested under in the log of looks. */
  keys: Pick<KeyRing, 'digest'>
  /** What a duty is called. */
  dutyTitle(duty: string): string
  /** Whom tables are made as (属主连接); null where this program may make none. */
  owner: pg.ClientConfig | null
}
