import { At, Id, Line, Nullable, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import { Post } from './post.schema.ts'
import { Display } from './preference.schema.ts'

/** Longer than any password that can be set, short enough that hashing it costs nothing extra. */
const TypedPassword = Type.String({ minLength: 1, maxLength: 200 })

export const SignIn = Strict({ username: Line(64), password: TypedPassword })
export type SignIn = Static<typeof SignIn>

export const SwitchPost = Strict({ postId: Id })
export const ChangePassword = Strict({ currentPassword: TypedPassword, newPassword: TypedPassword })
export type ChangePassword = Static<typeof ChangePassword>

/** A post that the person may act at: their own, or one that is lent to them (受托). */
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
  account: Type.Object({ id: Type.String(), username: Type.String(), mustChangePassword: Type.Boolean() }),
  post: SessionPost,
  posts: Type.Array(SessionPost),
  roles: Type.Array(Type.String(), { description: '当前岗位的职责' }),
  display: Display,
  demo: Type.Boolean(),
  now: At,
})
export type Me = Static<typeof Me>
