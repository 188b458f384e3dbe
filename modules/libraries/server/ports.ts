import type { Ctx, KeyRing, OrganisationsPort } from '@tongchou/kernel'
import type { Entry } from '@tongchou/metadata'
import type { RecordGrant } from '@tongchou/records'
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

/** A grant (授权) by which an office looks into another's records. */
export interface LookingGrant {
  id: string
  number: number
  grant: RecordGrant
  purpose: string
}

/** What libraries needs of `sharing`. */
export interface GrantsPort {
  /** The grant in force by which the actor's office may query a resource: the one that is named, or the first; undefined where there is none. */
  grantToLook(ctx: Ctx, resource: string, grantId?: string): Promise<LookingGrant | undefined>
  /** How many records may still be shown today, null for no limit; refuses where the day's quota is used up. In the transaction of the look. */
  beginLook(tx: Ctx, grantId: string): Promise<number | null>
  /** Counts the look. */
  endLook(tx: Ctx, grantId: string, records: number): Promise<void>
}

/** An interface of a department (部门接口) that is in use for a resource that is not collected, and what it can be asked by. */
export interface PassingInterface {
  resource: string
  title: string
  orgId: string
  parameters: readonly { item: string; op: 'is' | 'from' | 'to'; required: boolean }[]
}

/** One condition of a query, as an interface is asked for it: a canonical value. */
export interface AskedOfInterface {
  item: string
  op: 'is' | 'from' | 'to'
  value: string
}

/** What libraries needs of `interfaces`. */
export interface PassingPort {
  /** The interface in use; undefined where there is none. */
  passing(ctx: Ctx, resource: string): Promise<PassingInterface | undefined>
  /** Asks the department, outside any transaction: its records by item ids, as they came. Every fault is a DomainError that is written down. */
  ask(
    ctx: Ctx,
    resource: string,
    asked: readonly AskedOfInterface[],
    grantNumber: number | null,
  ): Promise<{ records: readonly Readonly<Record<string, unknown>>[]; milliseconds: number }>
  /** Writes the call down in the transaction in which its records are shown. */
  told(
    tx: Ctx,
    resource: string,
    call: { grantNumber: number | null; milliseconds: number; records: number; faulty: Readonly<Record<string, number>> },
  ): Promise<void>
}

/** Who sent a batch, by what `received_by` holds: a channel is called by its name. */
export interface SendersPort {
  namesOf(ctx: Ctx, ids: readonly string[]): Promise<ReadonlyMap<string, string>>
}

/** Everything this module needs from others; wired by the server. */
export interface LibrariesPorts {
  catalog: CatalogPort
  organisations: OrganisationsPort
  grants: GrantsPort
  interfaces: PassingPort
  packs: readonly ResourcePack[]
  /** What persons' numbers are digested under in the log of looks. */
  keys: Pick<KeyRing, 'digest'>
  /** What a duty is called. */
  dutyTitle(duty: string): string
  /** Whom tables are made as (属主连接); null where this program may make none. */
  owner: pg.ClientConfig | null
  /** Connections that corrections are written on; null in a process that writes no records. */
  writing: pg.Pool | null
  senders: SendersPort
}
