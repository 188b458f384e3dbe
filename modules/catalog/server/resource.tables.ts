import { type Ctx, type Instant, type KernelTables, tablesOf } from '@tongchou/kernel'
import type { withdrawalGrounds } from '@tongchou/metadata'
import type { ColumnType, Generated, JSONColumnType, Kysely, Selectable } from 'kysely'
import type { AmendmentKind, AmendmentState } from './amendment.schema.ts'
import type { Content, Duties, Item } from './content.schema.ts'
import type { ResourceState } from './resource.schema.ts'

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
  internal_unit: string | null
  abstract: string
  class: Content['class']
  class_code: string | null
  format: Content['format']
  format_type: string | null
  format_note: string | null
  update_cycle: Content['updateCycle']
  duties: JSONColumnType<Duties>
  sharing: Content['sharing']
  sharing_condition: string | null
  sharing_channel: Content['sharingChannel']
  sharing_form: Content['sharingForm']
  basis_law: string | null
  basis_clause: string | null
  opening: Content['opening']
  opening_condition: string | null
  open_level: Content['openLevel']
  related_codes: JSONColumnType<Content['relatedCodes']>
  grade: Content['grade']
  grading: JSONColumnType<Content['grading']>
  contains_personal: boolean
  contains_sensitive: boolean
  masking_rule: string | null
  census: JSONColumnType<Partial<Content['census']>>
  spatial_scope: Content['spatialScope']
  scenario: Content['scenario']
  ext: JSONColumnType<Partial<Content['ext']>>
  /** 信息资源代码 in use. */
  code: string | null
  /** The number of the last item id that was given. */
  last_item: Generated<number>
  /** Ids of the people who compiled it: none of them signs it off. */
  compiled_by: ColumnType<string[], string | undefined, string>
  state: ResourceState
  returned_reason: string | null
  registered_at: ColumnType<Date | null, Date | null, Date | null>
  /** When the last change of it was published. */
  changed_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  withdrawn_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  version: Generated<number>
  created_at: Instant
  updated_by: string
  updated_at: Instant
}
export type ResourceRow = Selectable<ResourceTable>

export interface ItemTable {
  resource_id: string
  position: number
  item_id: string
  name: string
  code: string
  type: Item['type']
  length: number | null
  precision: number | null
  is_key: boolean
  is_timestamp: boolean
  value_range: string | null
  code_list: string | null
  element: string | null
  sensitivity: Item['sensitivity']
  masking: Item['masking']
  sharing: Item['sharing']
  sharing_condition: string | null
  sharing_reason: string | null
  basis_law: string | null
  basis_clause: string | null
  opening: Item['opening']
  grade: Item['grade']
  grade_reason: string | null
  is_own: boolean | null
  source_table: string | null
}
export type ItemRow = Selectable<ItemTable>

export interface ResourceVersionTable {
  resource_id: string
  version: number
  /** What versions of before the item ids lack is not there. */
  content: JSONColumnType<Partial<Content>>
  submitted_by: string
  submitted_at: Instant
}

export interface ResourceCodeTable {
  code: string
  resource_id: string
  scheme: string
  ordinal: Generated<number>
  issued_by: string
  issued_at: Instant
}

export interface CodeCounterTable {
  scheme: string
  counted_by: string
  last: number
}

export interface ClassNodeTable {
  code: string
  title: string
  active: boolean
  version: Generated<number>
  updated_by: string
  updated_at: Instant
}

export interface AmendmentTable {
  id: Generated<string>
  number: Generated<number>
  resource_id: string
  kind: AmendmentKind
  reason: string
  content: ColumnType<Content | null, string | null, string>
  last_item: number | null
  replaced: ColumnType<Content | null, string | null | undefined, string>
  ground: (typeof withdrawalGrounds)[number] | null
  merged_into: string | null
  state: AmendmentState
  returned_reason: string | null
  compiled_by: ColumnType<string[], string, string>
  submitted_by: string | null
  submitted_at: ColumnType<Date | null, Date | null, Date | null>
  settled_at: ColumnType<Date | null, Date | null, Date | null>
  version: Generated<number>
  created_at: Instant
  updated_by: string
  updated_at: Instant
}
export type AmendmentRow = Selectable<AmendmentTable>

export interface AmendmentVersionTable {
  amendment_id: string
  version: number
  content: JSONColumnType<Content>
  submitted_by: string
  submitted_at: Instant
}

/** What is searched of an entry; written by triggers, folded. */
export interface SearchTextTable {
  resource_id: string
  name: string
  codes: string
  items: string
  abstract: string
  whole: string
  /** Names by their readings. */
  pinyin: string
}

export interface ReadingTable {
  hanzi: string
  syllable: string
}

export interface CatalogTables {
  'catalog.search_text': SearchTextTable
  'catalog.reading': ReadingTable
  'catalog.resource': ResourceTable
  'catalog.item': ItemTable
  'catalog.resource_version': ResourceVersionTable
  'catalog.class_node': ClassNodeTable
  'catalog.resource_code': ResourceCodeTable
  'catalog.code_counter': CodeCounterTable
  'catalog.amendment': AmendmentTable
  'catalog.amendment_version': AmendmentVersionTable
}

/** The handle with this module's tables and the kernel's. */
export function catalogDb(ctx: Ctx): Kysely<CatalogTables & KernelTables> {
  return tablesOf<CatalogTables>(ctx)
}
