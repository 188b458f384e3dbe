import { At, Id, Line, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import { TypedPassword } from './account.schema.ts'
import { Post } from './post.schema.ts'
import { Display } from './preference.schema.ts'

export const SignIn = Strict({ username: Line(64), password: TypedPassword })
export type SignIn = Static<typeof SignIn>

export const SwitchPost = Strict({ postId: Id })
export const ChangePassword = Strict({ currentPassword: TypedPassword, newPassword: TypedPassword })
export type ChangePassword = Static<typeof ChangePassword>

/** A post that the person may act at: their own, or one that is lent to them (受托). Outside the offices the relation stands in its place. */
const SessionPost = Type.Object({
  ...Post.properties,
  delegation: Nullable(
    Type.Object({
      id: Type.String(),
      from: Type.Object({ personId: Type.String(), name: Type.String() }),
      validTo: Type.String({ description: '自该日起不再有效' }),
    }),
  ),
  current: Type.Boolean(),
})
export type SessionPost = Static<typeof SessionPost>

/** Who is signed in, at which post, and which other posts the person holds. */
export const Me = Type.Object({
  person: Type.Object({ id: Type.String(), name: Type.String() }),
  account: Type.Object({
    id: Type.String(),
    username: Type.String(),
    mustChangePassword: Type.Boolean({ description: '初始口令，或已过有效期' }),
    passwordDaysLeft: Nullable(Type.Integer({ description: '口令剩余天数，null 为不限' })),
  }),
  unfinished: Nullable(OneOf(['initial-password', 'expired-password', 'second-factor'] as const)),
  post: SessionPost,
  posts: Type.Array(SessionPost),
  roles: Type.Array(Type.String(), { description: '当前岗位的职责' }),
  relation: Nullable(
    Type.Object({
      id: Type.String(),
      kind: Type.String(),
      subject: Type.Object({ kind: Type.String(), id: Type.String() }),
      withinOrgId: Nullable(Type.String()),
    }),
  ),
  display: Display,
  demo: Type.Boolean(),
  now: At,
})
export type Me = Static<typeof Me>

/** 登录会话: where it is from, since when, at which post; never its secret. */
export const SessionLine = Type.Object({
  id: Type.String(),
  account: Type.Object({ id: Type.String(), username: Type.String() }),
  person: Type.Object({ id: Type.String(), name: Type.String() }),
  post: Type.Object({ id: Type.String(), title: Type.String(), organisation: Type.Object({ id: Type.String(), name: Type.String() }) }),
  address: Type.String(),
  browser: Type.String(),
  signedInBy: OneOf(['password', 'oidc'] as const),
  startedAt: At,
  lastSeenAt: At,
  current: Type.Boolean(),
})
export type SessionLine = Static<typeof SessionLine>

/** Whose sessions or tokens: the own ones, or everybody's for the security administrator. */
export const Whose = Type.Optional(OneOf(['own', 'all'] as const))
export const SessionQuery = Strict({ ...PageQuery, whose: Whose, q: Type.Optional(Type.String({ maxLength: 100 })) })
export type SessionQuery = Static<typeof SessionQuery>

/** What a new password must be, for the page that asks for one. */
export const PasswordRules = Type.Object({ minLength: Type.Integer(), minClasses: Type.Integer(), history: Type.Integer() })
