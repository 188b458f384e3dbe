import { At, CivilDate, Id, Line, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import { stages } from './project.schema.ts'

/** 企业: who contracts are made with; without a code only as far as an old contract named it. */
export const Enterprise = Type.Object({
  id: Id,
  name: Type.String(),
  uscc: Nullable(Type.String({ description: '统一社会信用代码，null 为未登记' })),
  registeredBy: Type.String(),
  registeredAt: At,
})
export type Enterprise = Static<typeof Enterprise>

/** Its page: contracts of projects that the reader may see, and what the reader may do. */
export const EnterprisePage = Type.Object({
  ...Enterprise.properties,
  contracts: Type.Array(
    Type.Object({
      id: Id,
      number: Type.String(),
      supplier: Type.String({ description: '签订时的名称' }),
      amountFen: Type.Integer(),
      signedOn: CivilDate,
      project: Type.Object({ id: Id, name: Type.String(), stage: OneOf(stages) }),
    }),
  ),
  mayIdentify: Type.Boolean({ description: '可以补登统一社会信用代码' }),
  mayGrant: Type.Boolean({ description: '可以授予经办关系' }),
  grantObstacle: Nullable(Type.String({ description: '现在不能授予的原因' })),
})
export type EnterprisePage = Static<typeof EnterprisePage>

const Code = Type.String({ minLength: 1, maxLength: 40 })
export const NewEnterprise = Strict({ name: Line(200), uscc: Code })
export const IdentifyEnterprise = Strict({ uscc: Code })
export const EnterpriseQuery = Strict({
  ...PageQuery,
  q: Type.Optional(Type.String({ maxLength: 100 })),
  coded: Type.Optional(OneOf(['yes', 'no'] as const)),
})
export type EnterpriseQuery = Static<typeof EnterpriseQuery>
