import { CivilDate, Nullable, OneOf, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import { Duty } from './post.schema.ts'

/** A duty of a post, as it was given (职责): from a day, perhaps until a day, everywhere or in an area. */
export const PostDuty = Type.Object({
  id: Type.Integer(),
  duty: Type.String(),
  area: Nullable(Type.Object({ code: Type.String(), name: Type.String() })),
  validFrom: Type.String(),
  validTo: Nullable(Type.String({ description: '自该日起不再承担' })),
  state: OneOf(['coming', 'standing', 'ended'] as const),
})
export type PostDuty = Static<typeof PostDuty>

export const GrantDuty = Strict({
  duty: Duty,
  area: Type.Optional(Type.String({ pattern: '^([0-9]{6}|[0-9]{9}|[0-9]{12})$', description: '行政区划代码；不填即不限区域' })),
  validFrom: Type.Optional(CivilDate),
  validTo: Type.Optional(CivilDate),
})
export type GrantDuty = Static<typeof GrantDuty>

export const EndDuty = Strict({ validTo: Type.Optional(CivilDate) })
