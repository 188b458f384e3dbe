import { type Ctx, type Instant, type KernelTables, tablesOf } from '@tongchou/kernel'
import type { ColumnType, Generated, JSONColumnType, Kysely, Selectable } from 'kysely'
import type { Fault } from './fault.ts'
import type { InterfaceConfig, InterfaceState } from './interface.schema.ts'

type OptionalInstant = ColumnType<Date | null, Date | null | undefined, Date | null>

/** What is kept of a registration; of the credential the header alone, its value is sealed beside it. */
export type StoredConfig = InterfaceConfig & { credentialHeader: string | null }

/** A department's interface for the records of one resource (登记的接口). */
export interface InterfaceTable {
  resource: string
  number: Generated<number>
  title: string
  org_id: string
  state: InterfaceState
  state_reason: string | null
  config: JSONColumnType<StoredConfig>
  credential: string | null
  registered_by: string
  registered_name: string
  registered_at: Instant
  decided_by: string | null
  decided_at: OptionalInstant
  failures: Generated<number>
  paused_until: OptionalInstant
  version: Generated<number>
  updated_by: string
  updated_at: Instant
}
export type InterfaceRow = Selectable<InterfaceTable>

/** A call that was made (调用记录), without a value of any record. */
export interface CallTable {
  id: Generated<string>
  resource: string
  at: Instant
  org_id: string
  org_name: string
  grant_number: number | null
  milliseconds: number
  fault: Fault | null
  cause: string | null
  records: number
  faulty: JSONColumnType<Readonly<Record<string, number>>>
}
export type CallRow = Selectable<CallTable>

export interface PermittedAddressTable {
  id: string
  host: string | null
  network: string
  port: number | null
  reason: string
  added_by: string
  added_at: Instant
}
export type PermittedAddressRow = Selectable<PermittedAddressTable>

export interface InterfacesTables {
  'interfaces.interface': InterfaceTable
  'interfaces.call': CallTable
  'interfaces.permitted_address': PermittedAddressTable
}

/** This module's tables of a request's handle. */
export const interfacesDb = (ctx: Pick<Ctx, 'db'>): Kysely<InterfacesTables & KernelTables> => tablesOf<InterfacesTables>(ctx as Ctx)
