import { X509Certificate } from 'node:crypto'
import { type Ctx, InvalidState, InvalidValue, inTransaction, NotPermitted, notFound, recordAudit, requireVersion } from '@tongchou/kernel'
import type { Item } from '@tongchou/records'
import { permittedAddresses } from './address.store.ts'
import { permittedAddress } from './ask.ts'
import { faultTexts, InterfaceFault } from './fault.ts'
import { decideInterface, providerDuties, readInterface, registerInterface, stopInterface } from './interface.permissions.ts'
import type { Decision, Interface, Registration, StateChange } from './interface.schema.ts'
import { findInterface, insertInterface, lockInterface, sealCredential, updateInterface } from './interface.store.ts'
import type { InterfaceRow } from './interface.tables.ts'
import { isPassedThrough, viewInterface } from './interface.view.ts'
import { keepers, tell } from './notify.ts'
import type { InterfacesPorts, SharedEntry } from './ports.ts'

/** What an interface is called in the audit log. */
export const interfaceKind = 'interface'

/**
 * Registers a department's interface for the records of one of its resources, or changes it (登记接口). What is changed waits for the center anew: nothing is
 * called at an address that nobody has approved.
 */
export async function register(ctx: Ctx, ports: InterfacesPorts, id: string, input: Registration): Promise<Interface> {
  return inTransaction(ctx, async (tx) => {
    const before = await lockInterface(tx, id)
    const entry = await ports.catalog.registered(tx, id)
    const owner = { org_id: before?.org_id ?? entry?.orgId ?? '' }
    if (before && !readInterface.allows(tx.actor, before)) throw notFound('接口')
    if (!registerInterface.allows(tx.actor, owner)) {
      if (before) throw new NotPermitted('interfaces.not_provider', '接口由提供方的数据专员登记。', [], { duties: providerDuties })
      throw notFound('接口')
    }
    if (!entry) throw new InvalidState('interfaces.not_registered', '该目录尚未登记或已撤销，不能登记接口。')
    await requireFit(tx, ports, entry, input)
    const { version, credential, ...config } = input
    const header = credential === undefined ? (before?.config.credentialHeader ?? null) : (credential?.header ?? null)
    const sealed = credential === undefined ? (before?.credential ?? null) : credential && sealCredential(ports.keys, id, credential.value)
    const registered = {
      ...{ registered_by: tx.actor.personId, registered_name: `${tx.actor.orgName} ${tx.actor.name}`, registered_at: tx.now() },
      ...{ title: entry.content.name, state: 'submitted' as const, state_reason: null, decided_by: null, decided_at: null },
      ...{ config: JSON.stringify({ ...config, credentialHeader: header }), credential: sealed, failures: 0, paused_until: null },
    }
    const known = before ? `接口${before.number}` : '接口'
    if (before) {
      requireVersion(known, before, version)
      await updateInterface(tx, id, registered)
    } else {
      if (version !== 0) throw new InvalidState('interfaces.not_there', '该目录没有登记过接口，请刷新后重新填写。')
      const updated = { updated_by: registered.registered_name, updated_at: tx.now() }
      if (!(await insertInterface(tx, { resource: id, org_id: entry.orgId, ...registered, ...updated })))
        throw new InvalidState('interfaces.registered_meanwhile', '该目录的接口刚由他人登记，请刷新后核对。')
    }
    const detail = {
      address: config.address,
      method: config.method,
      credential: credential === undefined ? 'kept' : credential ? 'set' : 'none',
    }
    await recordAudit(tx, before ? 'interface.changed' : 'interface.registered', { kind: interfaceKind, id }, detail)
    await tell(tx, ports, id, {
      ...{ kind: 'interface.submitted', to: keepers, title: `接口待核准：${entry.content.name}` },
      body: `${tx.actor.orgName}${before ? '变更' : '登记'}了接口，核准后方可调用。`,
    })
    return viewInterface(tx, ports, id)
  })
}

/** Lets it be used, or not (核准). The address has to be on the list: that is asked before the decision, and again at each call. */
export async function decide(ctx: Ctx, ports: InterfacesPorts, id: string, { version, outcome, reason }: Decision): Promise<Interface> {
  const asked = await findInterface(ctx, id)
  if (!asked || !readInterface.allows(ctx.actor, asked)) throw notFound('接口')
  if (!decideInterface.allows(ctx.actor, asked)) throw new NotPermitted('interfaces.not_keeper', '接口由市大数据中心核准。')
  if (outcome === 'approve' && asked.state === 'submitted') await requirePermitted(ctx, ports, asked)
  return inTransaction(ctx, async (tx) => {
    const row = await locked(tx, id)
    requireVersion(`接口${row.number}`, row, version)
    if (row.state !== 'submitted') throw new InvalidState('interfaces.not_submitted', `接口${row.number}不在待核准状态，不能办理。`)
    if (row.registered_by === tx.actor.personId)
      throw new NotPermitted('interfaces.own_registration', '接口由本人登记，须由市大数据中心的其他人员核准。')
    const told = outcome === 'refuse' ? reason?.trim() : null
    if (told === undefined || told === '')
      throw new InvalidValue('interfaces.reason_missing', '不予核准须说明理由。', [{ path: 'reason', message: '请填写理由' }])
    const decided = { decided_by: `${tx.actor.orgName} ${tx.actor.name}`, decided_at: tx.now() }
    await updateInterface(tx, id, { state: outcome === 'approve' ? 'approved' : 'refused', state_reason: told, ...decided })
    const action = outcome === 'approve' ? 'interface.approved' : 'interface.refused'
    await recordAudit(tx, action, { kind: interfaceKind, id }, { address: row.config.address })
    await tell(tx, ports, id, {
      ...{ kind: action, to: providerOf(row), title: `接口${outcome === 'approve' ? '已核准' : '未予核准'}：${row.title}` },
      body: told === null ? '获得授权的单位可以调用。' : `理由：${told}。更正后可重新登记。`,
    })
    return viewInterface(tx, ports, id)
  })
}

/** Stops it, or ends its pause after faults (停用、解除暂停). It counts with the commit: each call asks. */
export async function changeState(ctx: Ctx, ports: InterfacesPorts, id: string, { version, act, reason }: StateChange): Promise<Interface> {
  return inTransaction(ctx, async (tx) => {
    const row = await locked(tx, id)
    if (!stopInterface.allows(tx.actor, row))
      throw new NotPermitted('interfaces.not_side', `${act === 'stop' ? '停用' : '解除暂停'}由提供方的数据专员或市大数据中心办理。`)
    requireVersion(`接口${row.number}`, row, version)
    if (act === 'lift') {
      if (row.state !== 'approved' || row.paused_until === null || row.paused_until <= tx.now())
        throw new InvalidState('interfaces.not_paused', `接口${row.number}没有暂停调用，无须解除。`)
      await updateInterface(tx, id, { failures: 0, paused_until: null })
      await recordAudit(tx, 'interface.lifted', { kind: interfaceKind, id })
      return viewInterface(tx, ports, id)
    }
    if (row.state === 'stopped') throw new InvalidState('interfaces.stopped_already', `接口${row.number}已停用。`)
    const told = reason?.trim() ?? ''
    if (told === '')
      throw new InvalidValue('interfaces.reason_missing', '停用接口须说明理由。', [{ path: 'reason', message: '请填写理由' }])
    await updateInterface(tx, id, { state: 'stopped', state_reason: told })
    await recordAudit(tx, 'interface.stopped', { kind: interfaceKind, id })
    await tell(tx, ports, id, {
      ...{ kind: 'interface.stopped', to: [...providerOf(row), ...keepers], title: `接口已停用：${row.title}` },
      body: `${tx.actor.orgName}停用，理由：${told}。恢复使用的，由提供方重新登记。`,
    })
    return viewInterface(tx, ports, id)
  })
}

async function locked(tx: Ctx, id: string): Promise<InterfaceRow> {
  const row = await lockInterface(tx, id)
  if (!row || !readInterface.allows(tx.actor, row)) throw notFound('接口')
  return row
}

export const providerOf = ({ org_id }: Pick<InterfaceRow, 'org_id'>) => providerDuties.map((duty) => ({ duty, orgId: org_id }))

async function requirePermitted(ctx: Ctx, { resolve }: InterfacesPorts, { config }: InterfaceRow): Promise<void> {
  try {
    await permittedAddress(
      new URL(config.address),
      await permittedAddresses(ctx),
      resolve,
      AbortSignal.timeout(config.timeoutSeconds * 1000),
    )
  } catch (error) {
    if (!(error instanceof InterfaceFault)) throw error
    const why = error.fault === 'address' ? '接口地址不在允许地址中' : faultTexts[error.fault].replace(/。.*$/, '')
    throw new InvalidState('interfaces.address_not_permitted', `${why}，不能核准。请由安全管理员核对后登记允许地址。`)
  }
}

/** Headers that belong to the connection itself. */
const ownHeaders = new Set([
  'host',
  'connection',
  'content-length',
  'content-type',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'accept',
  'accept-encoding',
  'keep-alive',
])
const ordered: ReadonlySet<Item['type']['kind']> = new Set(['integer', 'decimal', 'money', 'double', 'date', 'month', 'instant'])

/** What is registered has to fit the catalog: what could not be checked, shown or written down later is refused now, at its place. */
async function requireFit(ctx: Ctx, ports: InterfacesPorts, entry: SharedEntry, input: Registration): Promise<void> {
  if (!isPassedThrough(entry.content))
    throw new InvalidState(
      'interfaces.not_interface',
      `目录“${entry.content.name}”的共享方式不是接口，不能登记接口。需要的，先变更目录的共享方式。`,
    )
  const shape = await ports.libraries.shape(ctx, entry)
  if ('problems' in shape) throw new InvalidState('interfaces.no_shape', `接口的答复无法核对：${shape.problems.join('；')}。请先变更目录。`)
  const problems = [
    ...addressProblems(input.address),
    ...certificateProblems(input.certificate),
    ...parameterProblems(input.parameters, shape.items),
    ...fieldProblems(input.fields, shape),
  ]
  if (input.credential && ownHeaders.has(input.credential.header.toLowerCase()))
    problems.push({ path: 'credential/header', message: `“${input.credential.header}”由连接本身使用，不能作为凭据` })
  const [first] = problems
  if (first) throw new InvalidValue('interfaces.bad_registration', `${first.message}。`, problems)
}

type Problem = { path: string; message: string }

function addressProblems(address: string): Problem[] {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const wrong = (message: string) => [{ path: 'address', message }]
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return wrong('接口地址应以 http:// 或 https:// 开头')
  if (url.username !== '' || url.password !== '') return wrong('接口地址不能含账号和口令，请填在凭据中')
  if (url.search !== '' || url.hash !== '') return wrong('接口地址不能含查询参数，请逐项登记参数')
  return []
}

function certificateProblems(certificate: string | null): Problem[] {
  if (certificate === null) return []
  const all = certificate.match(/-----BEGIN CERTIFICATE-----[\s\S]{1,20000}?-----END CERTIFICATE-----/g) ?? []
  const isGood = all.length > 0 && all.every(isCertificate) && !/PRIVATE KEY/.test(certificate)
  return isGood ? [] : [{ path: 'certificate', message: '证书应为 PEM 格式的证书，不能含私钥' }]
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== ''
  } catch {
    return false
  }
}

function parameterProblems(parameters: Registration['parameters'], items: readonly Item[]): Problem[] {
  return parameters.flatMap(({ item: id, op, name }, index): Problem[] => {
    const path = `parameters/${index}`
    const item = items.find((one) => one.id === id)
    if (!item) return [{ path: `${path}/item`, message: `目录没有信息项 ${id}` }]
    if (op !== 'is' && !ordered.has(item.type.kind)) return [{ path: `${path}/op`, message: `“${item.title}”不是数值或日期，没有起止` }]
    const earlier = parameters.slice(0, index)
    if (earlier.some((one) => one.name === name)) return [{ path: `${path}/name`, message: `参数名“${name}”重复` }]
    return earlier.some((one) => one.item === id && one.op === op)
      ? [{ path: `${path}/item`, message: `“${item.title}”的同一条件登记了两次` }]
      : []
  })
}

function fieldProblems(
  fields: Registration['fields'],
  { items, key, persons }: { items: readonly Item[]; key: readonly string[]; persons: readonly string[] },
): Problem[] {
  const problems = fields.flatMap(({ item }, index): Problem[] => {
    const path = `fields/${index}/item`
    if (!items.some(({ id }) => id === item)) return [{ path, message: `目录没有信息项 ${item}` }]
    return fields.findIndex((one) => one.item === item) < index ? [{ path, message: `信息项 ${item} 登记了两次` }] : []
  })
  const mapped = new Set(fields.map(({ item }) => item))
  for (const { id, title } of items) {
    if (mapped.has(id)) continue
    if (key.includes(id)) problems.push({ path: 'fields', message: `主键“${title}”须在答复中` })
    else if (persons.includes(id)) problems.push({ path: 'fields', message: `“${title}”须在答复中：不知道是谁的记录，查阅无法留痕` })
  }
  return problems
}
