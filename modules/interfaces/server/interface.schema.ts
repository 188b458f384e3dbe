import { At, Id, Line, Nullable, OneOf, PageQuery, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import { faults } from './fault.ts'

/** 待核准, 已核准, 未予核准, 停用. */
export const interfaceStates = ['submitted', 'approved', 'refused', 'stopped'] as const
export type InterfaceState = (typeof interfaceStates)[number]
/** The same as it works: what is approved is in use or paused after faults. */
export const interfaceStandings = ['submitted', 'in-use', 'paused', 'refused', 'stopped'] as const
export type InterfaceStanding = (typeof interfaceStandings)[number]

const ItemId = Type.String({ pattern: '^i[1-9][0-9]{0,5}$' })
const names = '[A-Za-z0-9_\\-\\u4e00-\\u9fff]{1,60}'
const Path = Type.String({ maxLength: 300, pattern: `^${names}(\\.${names}){0,9}$` })
const Version = Type.Integer({ minimum: 1 })

/** How an item is given as a parameter (查询参数). */
const Parameter = Strict({
  item: ItemId,
  op: OneOf(['is', 'from', 'to'] as const, { description: '等于、起始、截止' }),
  name: Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_.\\-]{0,59}$', description: '接口的参数名' }),
  required: Type.Boolean({ description: '接口不带此参数不作答' }),
})

const config = {
  address: Type.String({ minLength: 10, maxLength: 500, description: 'http 或者 https 地址，不含查询参数、账号' }),
  method: OneOf(['GET', 'POST'] as const, { description: 'GET：参数在地址中；POST：参数为 JSON 对象' }),
  parameters: Type.Array(Parameter, { maxItems: 30 }),
  records: Type.String({ maxLength: 300, pattern: `^(${names}(\\.${names}){0,9})?$`, description: '答复中记录列表的路径，空为最外层' }),
  fields: Type.Array(Strict({ item: ItemId, path: Path }), { minItems: 1, maxItems: 500, description: '信息项在每条记录中的路径' }),
  timeoutSeconds: Type.Integer({ minimum: 1, maximum: 30 }),
  certificate: Nullable(Type.String({ maxLength: 20_000, description: '提供方证书机构的证书（PEM），空为系统所信任的' })),
}
export const InterfaceConfig = Type.Object(config)
export type InterfaceConfig = Static<typeof InterfaceConfig>

/** A registration, the first (version 0) or a change; the credential stays where none is told, and goes where it is null. */
export const Registration = Strict({
  ...config,
  version: Type.Integer({ minimum: 0, description: '首次登记为 0' }),
  credential: Type.Optional(
    Nullable(
      Strict({
        header: Type.String({ pattern: '^[A-Za-z][A-Za-z0-9\\-]{0,59}$' }),
        value: Type.String({ pattern: '^[\\x20-\\x7e]{1,2000}$', description: '只写，不再显示' }),
      }),
    ),
  ),
})
export type Registration = Static<typeof Registration>

export const Decision = Strict({ version: Version, outcome: OneOf(['approve', 'refuse'] as const), reason: Nullable(Line(200)) })
export type Decision = Static<typeof Decision>

/** 停用 says why; 解除暂停 ends the pause after faults. */
export const StateChange = Strict({ version: Version, act: OneOf(['stop', 'lift'] as const), reason: Nullable(Line(200)) })
export type StateChange = Static<typeof StateChange>

const Organisation = Type.Object({ id: Type.String(), name: Type.String() })

const InterfaceCall = Type.Object({
  at: At,
  orgName: Type.String(),
  grantNumber: Nullable(Type.Integer({ description: '空：提供方自行查询' })),
  milliseconds: Type.Integer(),
  fault: Nullable(OneOf(faults)),
  cause: Nullable(Type.String()),
  records: Type.Integer({ description: '提供的记录' }),
  faulty: Type.Array(Type.Object({ item: Type.String(), title: Type.String(), count: Type.Integer() }), {
    description: '不符合目录的记录，按信息项',
  }),
})

/** A department's interface as the list has it (接口清单). */
export const InterfaceLine = Type.Object({
  id: Type.String({ description: '目录' }),
  number: Type.Integer(),
  title: Type.String(),
  org: Organisation,
  standing: OneOf(interfaceStandings),
  method: OneOf(['GET', 'POST'] as const),
  address: Type.String(),
  callsToday: Type.Integer(),
  faultsToday: Type.Integer(),
  lastAt: Nullable(At),
  lastFault: Nullable(OneOf(faults)),
  updatedAt: At,
})
export type InterfaceLine = Static<typeof InterfaceLine>

export const interfaceActs = ['change', 'decide', 'stop', 'lift'] as const

export const Interface = Type.Object({
  ...InterfaceLine.properties,
  ...config,
  parameters: Type.Array(Type.Object({ ...Parameter.properties, title: Type.String() })),
  fields: Type.Array(Type.Object({ item: Type.String(), title: Type.String(), path: Type.String() })),
  credentialHeader: Nullable(Type.String({ description: '凭据所在的请求头；凭据本身不显示' })),
  state: OneOf(interfaceStates),
  stateReason: Nullable(Type.String()),
  registeredBy: Type.String(),
  registeredAt: At,
  decidedBy: Nullable(Type.String()),
  decidedAt: Nullable(At),
  failures: Type.Integer({ description: '连续故障次数' }),
  pausedUntil: Nullable(At),
  calls: Type.Array(InterfaceCall, { description: '最近的调用' }),
  mayDo: Type.Array(OneOf(interfaceActs)),
  version: Type.Integer(),
  updatedBy: Type.String(),
})
export type Interface = Static<typeof Interface>

export const InterfaceQuery = Strict({
  ...PageQuery,
  standing: Type.Optional(OneOf(interfaceStandings)),
  orgId: Type.Optional(Type.String({ maxLength: 64 })),
  resourceId: Type.Optional(Type.String({ maxLength: 64 })),
})
export type InterfaceQuery = Static<typeof InterfaceQuery>

/** An address of the list (允许地址). */
export const AddressLine = Type.Object({
  id: Id,
  address: Type.String({ description: '主机名:端口，IP:端口，或者网段' }),
  network: Type.String({ description: '连接的 IP 地址所在的网段' }),
  reason: Type.String(),
  addedBy: Type.String(),
  addedAt: At,
})
export type AddressLine = Static<typeof AddressLine>

export const NewAddress = Strict({
  address: Type.String({ minLength: 3, maxLength: 300, description: '主机名:端口（须说明网段），IP:端口，或者网段（任何端口）' }),
  network: Nullable(Type.String({ maxLength: 60, description: '主机名只允许解析到的网段' })),
  reason: Line(200),
})
export type NewAddress = Static<typeof NewAddress>

export const AddressRemoval = Strict({ reason: Line(200) })
