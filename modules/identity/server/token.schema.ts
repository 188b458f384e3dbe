import { At, CivilDate, Line, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import { Whose } from './session.schema.ts'

/** What a token may be used for (权限范围): reading or writing, and which kinds of operations, by their tags. */
export const Scope = Strict({
  access: OneOf(['read', 'write'] as const),
  tags: Type.Array(Type.String({ pattern: '^[a-z][a-z-]{0,39}$' }), { minItems: 1, maxItems: 50, uniqueItems: true }),
})
export type Scope = Static<typeof Scope>

/** Without a scope a token may do what its holder may. */
export const NewToken = Strict({ name: Line(100), expiresOn: CivilDate, scope: Type.Optional(Scope) })
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
  scope: Nullable(Scope),
  account: Type.Object({ id: Type.String(), username: Type.String() }),
  person: Type.Object({ id: Type.String(), name: Type.String() }),
  post: Type.Object({ id: Type.String(), title: Type.String(), organisation: Type.Object({ id: Type.String(), name: Type.String() }) }),
  createdAt: At,
  lastSeenAt: Nullable(At),
})
export type Token = Static<typeof Token>

export const TokenQuery = Strict({ ...PageQuery, whose: Whose, q: Type.Optional(Type.String({ maxLength: 100 })) })
export type TokenQuery = Static<typeof TokenQuery>

/** What a scope can be made of, and until when a token may last. */
export const TokenChoices = Type.Object({ tags: Type.Array(Type.String()), latestOn: Type.String() })
