import { Id, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { cycles, dutyNames } from '@tongchou/metadata'
import { type Static, Type } from 'typebox'
import { OrgRef, states } from './resource.schema.ts'

const bearer = Nullable(Type.Object({ orgName: Type.String(), post: Nullable(Type.String()) }))
const listed = {
  id: Type.String(),
  resourceId: Id,
  number: Type.Integer(),
  name: Type.String(),
  code: Nullable(Type.String()),
  org: OrgRef,
  state: OneOf(states),
}
const filters = {
  ...PageQuery,
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  orgId: Type.Optional(Type.String({ maxLength: 64 })),
  state: Type.Optional(OneOf(states)),
}

/** Line of the responsibility list (责任清单): who handles, uses, manages, archives and answers for a resource (WH23-14). */
export const DutyLine = Type.Object({
  ...listed,
  updateCycle: Nullable(OneOf(cycles)),
  handledBy: bearer,
  usedBy: bearer,
  managedBy: bearer,
  archivedBy: bearer,
  answersFor: bearer,
})
export type DutyLine = Static<typeof DutyLine>

export const DutyQuery = Strict({
  ...filters,
  bearerId: Type.Optional(Type.String({ maxLength: 64, description: '承担任一责任的单位' })),
  lacking: Type.Optional(OneOf(dutyNames, { description: '该项责任未落实的' })),
})
export type DutyQuery = Static<typeof DutyQuery>

/** Whether a whole resource or one of its items is not shared. */
export const unsharedScopes = ['resource', 'item'] as const

/** Line of the no-share list (共享负面清单): a resource or an item that is not shared, with its basis in law (WH23-15). */
export const UnsharedLine = Type.Object({
  ...listed,
  scope: OneOf(unsharedScopes),
  /** Of an item; null where the whole resource is not shared. */
  item: Nullable(Type.Object({ id: Type.String(), name: Type.String() })),
  basis: Type.String({ description: '法律、行政法规及条款' }),
  reason: Nullable(Type.String()),
})
export type UnsharedLine = Static<typeof UnsharedLine>

export const UnsharedQuery = Strict({
  ...filters,
  scope: Type.Optional(OneOf(unsharedScopes)),
  basisLaw: Type.Optional(Type.String({ maxLength: 100 })),
})
export type UnsharedQuery = Static<typeof UnsharedQuery>
