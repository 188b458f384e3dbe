import { Id, OneOf, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'

/** Letters, digits, dot, hyphen, underscore: nothing that looks like something else. Upper and lower case are the same name. */
export const Username = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{2,47}$' })
export const NewAccount = Strict({ personId: Id, username: Username })
export type NewAccount = Static<typeof NewAccount>

/** The first password is in this answer and nowhere else. */
export const InitialPassword = Type.Object({ id: Type.String(), username: Type.String(), initialPassword: Type.String() })
export type InitialPassword = Static<typeof InitialPassword>

export const AccountStatusAnswer = Type.Object({ id: Type.String(), status: OneOf(['active', 'disabled'] as const) })

/** Longer than any password that can be set, short enough that hashing it costs nothing extra. */
export const TypedPassword = Type.String({ minLength: 1, maxLength: 200 })
