import { checkNumber } from '@tongchou/kernel'
import { censusNames, extensionNames, itemOf } from '@tongchou/metadata'
import type { Content, Item } from './content.schema.ts'
import { wholeContent } from './content.schema.ts'
import type { ItemRow, ResourceRow } from './resource.tables.ts'

/** The columns of a content but its items. */
export function contentColumns(content: Content, userUnitOrgId: string | null) {
  // A valid code is kept in its one form; another one is kept as typed, so that the draft shows what is wrong with it.
  const code = content.providerCode === null ? undefined : checkNumber('social-credit-code', content.providerCode)
  return {
    name: content.name,
    user_unit_org_id: userUnitOrgId,
    project_id: content.projectId,
    declared_resource_id: content.declaredResourceId,
    system_id: content.systemId,
    provider_code: code?.ok ? code.value : content.providerCode,
    internal_unit: content.internalUnit,
    abstract: content.abstract,
    class: content.class,
    class_code: content.classCode,
    format: content.format,
    format_type: content.formatType,
    format_note: content.formatNote,
    update_cycle: content.updateCycle,
    duties: JSON.stringify(content.duties),
    sharing: content.sharing,
    sharing_condition: content.sharingCondition,
    sharing_channel: content.sharingChannel,
    sharing_form: content.sharingForm,
    basis_law: content.basisLaw,
    basis_clause: content.basisClause,
    opening: content.opening,
    opening_condition: content.openingCondition,
    open_level: content.openLevel,
    related_codes: JSON.stringify(content.relatedCodes),
    grade: content.grade,
    grading: JSON.stringify(content.grading),
    contains_personal: content.containsPersonal,
    contains_sensitive: content.containsSensitive,
    masking_rule: content.maskingRule,
    census: JSON.stringify(content.census),
    spatial_scope: content.spatialScope,
    scenario: content.scenario,
    ext: JSON.stringify(content.ext),
  }
}

export function itemColumns(item: Item, resourceId: string, position: number) {
  return {
    resource_id: resourceId,
    position,
    item_id: item.id,
    name: item.name,
    code: item.code,
    type: item.type,
    length: item.length,
    precision: item.precision,
    is_key: item.isKey,
    is_timestamp: item.isTimestamp,
    value_range: item.valueRange,
    code_list: item.codeList,
    element: item.element,
    sensitivity: item.sensitivity,
    masking: item.masking,
    sharing: item.sharing,
    sharing_condition: item.sharingCondition,
    sharing_reason: item.sharingReason,
    basis_law: item.basisLaw,
    basis_clause: item.basisClause,
    opening: item.opening,
    grade: item.grade,
    grade_reason: item.gradeReason,
    is_own: item.isOwn,
    source_table: item.sourceTable,
  }
}

/** The content of an entry from its rows. */
export function toContent(row: ResourceRow, items: readonly ItemRow[]): Content {
  return {
    name: row.name,
    projectId: row.project_id,
    declaredResourceId: row.declared_resource_id,
    systemId: row.system_id,
    providerCode: row.provider_code,
    internalUnit: row.internal_unit,
    abstract: row.abstract,
    class: row.class,
    classCode: row.class_code,
    format: row.format,
    formatType: row.format_type,
    formatNote: row.format_note,
    updateCycle: row.update_cycle,
    duties: row.duties,
    sharing: row.sharing,
    sharingCondition: row.sharing_condition,
    sharingChannel: row.sharing_channel,
    sharingForm: row.sharing_form,
    basisLaw: row.basis_law,
    basisClause: row.basis_clause,
    opening: row.opening,
    openingCondition: row.opening_condition,
    openLevel: row.open_level,
    relatedCodes: row.related_codes,
    grade: row.grade,
    grading: row.grading,
    containsPersonal: row.contains_personal,
    containsSensitive: row.contains_sensitive,
    maskingRule: row.masking_rule,
    census: allOf(censusNames, row.census),
    spatialScope: row.spatial_scope,
    scenario: row.scenario,
    ext: allOf(extensionNames, row.ext),
    items: items.map(toItem),
  }
}

function toItem(row: ItemRow): Item {
  return {
    id: row.item_id,
    name: row.name,
    code: row.code,
    type: row.type,
    length: row.length,
    precision: row.precision,
    isKey: row.is_key,
    isTimestamp: row.is_timestamp,
    valueRange: row.value_range,
    codeList: row.code_list,
    element: row.element,
    sensitivity: row.sensitivity,
    masking: row.masking,
    sharing: row.sharing,
    sharingCondition: row.sharing_condition,
    sharingReason: row.sharing_reason,
    basisLaw: row.basis_law,
    basisClause: row.basis_clause,
    opening: row.opening,
    grade: row.grade,
    gradeReason: row.grade_reason,
    isOwn: row.is_own,
    sourceTable: row.source_table,
  }
}

function allOf<const N extends readonly string[]>(
  names: N,
  given: Partial<Record<N[number], string | null>>,
): Record<N[number], string | null> {
  return Object.fromEntries(names.map((name) => [name, given[name as N[number]] ?? null])) as Record<N[number], string | null>
}

/**
 * A frozen version as it is read today. Versions of before the item ids stay as they were handed in; their items are those of today with the same
 * technical name, and what is no more has no number of today's.
 */
export function frozenContent(stored: Partial<Content>, today: readonly Pick<ItemRow, 'item_id' | 'code'>[]): Content {
  const { items = [], ...fields } = stored
  const whole = wholeContent({ ...(fields as Content), items: [] })
  return {
    ...whole,
    items: items.map((item, index) => ({ ...itemOf({ name: item.name, code: item.code }), ...item, id: idOf(item, index, today) }) as Item),
  }
}

function idOf(item: Partial<Item>, index: number, today: readonly Pick<ItemRow, 'item_id' | 'code'>[]): string {
  return item.id ?? today.find(({ code }) => code === item.code)?.item_id ?? `原第${index + 1}项`
}
