import { type Ctx, type Instant, type KernelTables, tablesOf } from '@tongchou/kernel'
import type { ColumnType, Generated, JSONColumnType, Kysely, Selectable } from 'kysely'
import type { Content, Duties, Item, ResourceState } from './resource.schema.ts'

export interface ResourceTable {
  id: Generated<string>
  number: Generated<number>
  name: string
  org_id: string
  user_unit_org_id: string | null
  project_id: string | null
  declared_resource_id: string | null
  system_id: string | null
  provider_code: string | null
  abstract: string
  class: Content['class']
  format: Content['format']
  update_cycle: Content['updateCycle']
  duties: JSONColumnType<Duties>
  sharing: Content['sharing']
  sharing_condition: string | null
  basis_law: string | null
  basis_clause: string | null
  opening: Content['opening']
  opening_condition: string | null
  grade: Content['grade']
  contains_personal: boolean
  contains_sensitive: boolean
  masking_rule: string | null
  state: ResourceState
  returned_reason: string | null
  registered_at: ColumnType<Date | null, Date | null, Date | null>
  version: Generated<number>
  created_at: Instant
  updated_by: string
  updated_at: Instant
}
export type ResourceRow = Selectable<ResourceTable>

export interface ItemTable {
  resource_id: string
  position: number
  name: string
  code: string
  type: Item['type']
  length: number | null
  is_key: boolean
  sensitivity: Item['sensitivity']
  masking: Item['masking']
  sharing: Item['sharing']
}
export type ItemRow = Selectable<ItemTable>

export interface ResourceVersionTable {
  resource_id: string
  version: number
  content: JSONColumnType<Content>
  submitted_by: string
  submitted_at: Instant
}

export interface CatalogTables {
  'catalog.resource': ResourceTable
  'catalog.item': ItemTable
  'catalog.resource_version': ResourceVersionTable
}

/** The handle with this module's tables and the kernel's. */
export function catalogDb(ctx: Ctx): Kysely<CatalogTables & KernelTables> {
  return tablesOf<CatalogTables>(ctx)
}
