import { At, CivilDate, Line, Nullable, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'

export const NewToken = Strict({ name: Line(100), expiresOn: CivilDate })
export type NewToken = Static<typeof NewToken>

/** The only answer that holds the token itself. */
export const IssuedToken = Type.Object({ id: Type.String(), token: Type.String() })
export type IssuedToken = Static<typeof IssuedToken>

/** A machine token (访问令牌) in its holder's list. */
export const Token = Type.Object({
  id: Type.String(),
  name: Type.String(),
  expiresOn: Type.String(),
  expired: Type.Boolean(),
  post: Type.Object({ id: Type.String(), title: Type.String(), organisation: Type.Object({ id: Type.String(), name: Type.String() }) }),
  createdAt: At,
  lastSeenAt: Nullable(At),
})
export type Token = Static<typeof Token>
