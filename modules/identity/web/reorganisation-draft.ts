import type { Order, ReorganisationKind } from './reorganisation-api.ts'

/** An order while it is being filled in. */
export interface OrderDraft {
  kind: ReorganisationKind
  organisationIds: string[]
  successors: { id: string; name?: string }[]
  assignments: { kind: string; id: string; to: string }[]
  documentNumber: string
  reason: string
  effectiveOn: string
  name: string
  shortName: string
  parentId: string | undefined
}

/** The order as it is sent: what its kind does not ask for is left out. */
export function orderOf(draft: OrderDraft): Order {
  const { kind, documentNumber, reason, effectiveOn } = draft
  const common = {
    kind,
    organisationIds: kind === 'merge' ? draft.organisationIds : draft.organisationIds.slice(0, 1),
    documentNumber: documentNumber.trim(),
    reason: reason.trim(),
    effectiveOn,
  }
  if (kind === 'rename') {
    const shortName = draft.shortName.trim()
    return { ...common, name: draft.name.trim(), ...(shortName === '' ? {} : { shortName }) }
  }
  if (kind === 'transfer') return { ...common, ...(draft.parentId === undefined ? {} : { parentId: draft.parentId }) }
  return {
    ...common,
    ...(draft.successors.length > 0 ? { successors: draft.successors } : {}),
    ...(kind === 'split' && draft.assignments.length > 0 ? { assignments: draft.assignments } : {}),
  }
}

/** What is still missing, as a sentence. */
export function lacksOf(draft: OrderDraft): string | null {
  if (draft.organisationIds.length === 0) return '请选择机构。'
  if (draft.kind === 'rename' && draft.name.trim() === '') return '请填写新名称。'
  if (draft.kind === 'transfer' && draft.parentId === undefined) return '请选择新的上级机构。'
  if (draft.kind === 'split' && draft.successors.length < 2) return '拆分应至少列出两个承接机构。'
  if (['merge', 'abolish'].includes(draft.kind) && draft.successors.length === 0) return '请指定承接机构。'
  if (draft.documentNumber.trim() === '') return '请填写文号。'
  if (draft.reason.trim() === '') return '请填写事由。'
  if (draft.effectiveOn === '') return '请填写生效日期。'
  return null
}
