import { CivilDate, Line, Nullable, OneOf, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import { PostWithPerson } from './post.schema.ts'

/** 市直部门, 大数据中心, 区, 事业单位, 企业, 政府, 其他; the first five are the values of the fact project.organisation. */
export const organisationKinds = [
  'city-department',
  'big-data-center',
  'district',
  'public-body',
  'enterprise',
  'government',
  'other',
] as const
export type OrganisationKind = (typeof organisationKinds)[number]

/** Short English id of an organisation, chosen once: it stands in records and addresses and outlives every renaming. */
export const OrganisationId = Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' })
export const OrganisationParams = Strict({ id: OrganisationId })

/** An organisation (机构) in lists. */
export const Organisation = Type.Object({
  id: Type.String(),
  name: Type.String(),
  shortName: Type.String(),
  kind: OneOf(organisationKinds),
  parentId: Nullable(Type.String()),
  uscc: Nullable(Type.String({ description: '统一社会信用代码' })),
  divisionCode: Nullable(Type.String({ description: '行政区划代码' })),
  sortOrder: Type.Integer(),
  validFrom: Type.String(),
  validTo: Nullable(Type.String({ description: '自该日起不再存续' })),
  version: Type.Integer(),
})
export type Organisation = Static<typeof Organisation>

/** Its page: former names, what is below it, its duties, and who holds them as far as the reader may know. */
export const OrganisationPage = Type.Object({
  ...Organisation.properties,
  parent: Nullable(Type.Object({ id: Type.String(), name: Type.String() })),
  children: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), kind: OneOf(organisationKinds) })),
  formerNames: Type.Array(Type.Object({ name: Type.String(), untilOn: Type.String() })),
  duties: Type.Array(Type.String()),
  posts: Type.Array(PostWithPerson),
  postCount: Type.Integer({ description: '现有岗位总数，含不便显示的' }),
})
export type OrganisationPage = Static<typeof OrganisationPage>

export const NewOrganisation = Strict({
  id: OrganisationId,
  name: Line(100),
  shortName: Type.Optional(Line(40)),
  kind: OneOf(organisationKinds),
  parentId: Type.Optional(OrganisationId),
  uscc: Type.Optional(Type.String({ minLength: 18, maxLength: 18 })),
  divisionCode: Type.Optional(Type.String({ pattern: '^[0-9]{6}$' })),
  sortOrder: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  validFrom: Type.Optional(CivilDate),
})
export type NewOrganisation = Static<typeof NewOrganisation>

export const RenameOrganisation = Strict({ name: Line(100), shortName: Type.Optional(Line(40)), version: Type.Integer({ minimum: 1 }) })
export type RenameOrganisation = Static<typeof RenameOrganisation>

/** An office and who is above it (上级岗位). */
export const OfficeWithSuperior = Type.Object({
  id: Type.String(),
  name: Type.String(),
  kind: OneOf(organisationKinds),
  superior: Nullable(
    Type.Object({
      personId: Type.String(),
      name: Type.String(),
      postId: Type.String(),
      postTitle: Type.String(),
      orgName: Type.String(),
    }),
  ),
})
export type OfficeWithSuperior = Static<typeof OfficeWithSuperior>
