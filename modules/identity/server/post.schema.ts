import { type DutyId, Id, Line, Nullable, OneOf, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'

/** The first duties (职责); policy packs add others. */
export const firstDuties = [
  'applicant',
  'big-data-center',
  'drc',
  'finance',
  'audit',
  'industry',
  'public-security',
  'vice-mayor',
  'city-government',
  'tender-center',
  'expert',
  'supervisor',
  'data-steward',
  'secrecy-reviewer',
  'district',
  'user-unit',
  'enterprise',
  'citizen',
  'system-admin',
  'security-admin',
  'audit-admin',
] as const satisfies readonly DutyId[]

export const Duty = Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' })
const Duties = Type.Array(Duty, { maxItems: 30, uniqueItems: true })

const AccountBrief = Type.Object({
  id: Type.String(),
  username: Type.String(),
  status: OneOf(['active', 'disabled'] as const),
  mustChangePassword: Type.Boolean(),
})

/** A post (岗位) on the page of its organisation. The account is shown to the system administrator only. */
export const PostWithPerson = Type.Object({
  id: Type.String(),
  title: Type.String(),
  duties: Type.Array(Type.String()),
  person: Type.Object({ id: Type.String(), name: Type.String() }),
  version: Type.Integer(),
  account: Nullable(AccountBrief),
})
export type PostWithPerson = Static<typeof PostWithPerson>

/** A post as its holder sees it. */
export const Post = Type.Object({
  id: Type.String(),
  title: Type.String(),
  organisation: Type.Object({ id: Type.String(), name: Type.String(), kind: Type.String() }),
  duties: Type.Array(Type.String()),
})
export type Post = Static<typeof Post>

/** A person (人员) in the administrator's list. */
export const Person = Type.Object({
  id: Type.String(),
  name: Type.String(),
  account: Nullable(AccountBrief),
  posts: Type.Array(Post),
})
export type Person = Static<typeof Person>

export const NewPerson = Strict({ name: Line(50) })
export const NewPost = Strict({
  personId: Id,
  organisationId: Type.String({ minLength: 1, maxLength: 63 }),
  title: Line(50),
  duties: Duties,
})
export type NewPost = Static<typeof NewPost>
export const ChangePost = Strict({ title: Type.Optional(Line(50)), duties: Type.Optional(Duties), version: Type.Integer({ minimum: 1 }) })
export type ChangePost = Static<typeof ChangePost>
