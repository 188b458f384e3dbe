import { randomUUID } from 'node:crypto'
import { isSm2PublicKey, sm2Fingerprint } from '@tongchou/evidence'
import { type Ctx, InvalidState, InvalidValue, inTransaction, NotPermitted, notFound, recordAudit, requireVersion } from '@tongchou/kernel'
import { keepChannel, readChannel } from './channel.permissions.ts'
import type { Channel, KeyWithdrawal, NewChannel, NewKey, StateChange } from './channel.schema.ts'
import {
  findKey,
  insertChannel,
  insertKey,
  isKeyOfOthers,
  isNameTaken,
  keysOf,
  lockChannel,
  updateChannel,
  withdrawKey,
} from './channel.store.ts'
import type { ChannelRow } from './channel.tables.ts'
import { viewChannel } from './channel.view.ts'
import type { ExchangePorts } from './ports.ts'

/** So many keys are in force at once: the one that is used, and the one that takes its place. */
const MOST_KEYS = 2

/** Sets up a channel (建立通道): one department, one resource that is collected. Nothing can be sent until a key is registered. */
export async function createChannel(ctx: Ctx, ports: ExchangePorts, input: NewChannel): Promise<Channel> {
  return inTransaction(ctx, async (tx) => {
    if (!keepChannel.allows(tx.actor, { org_id: input.orgId })) throw notKeeper()
    const org = await ports.organisations.organisation(tx, input.orgId)
    if (!org)
      throw new InvalidValue('channel.no_such_organisation', '没有这个单位，请从机构清单中选择。', [
        { path: 'orgId', message: '没有这个单位' },
      ])
    const structure = await ports.structures.structure(tx, input.resource)
    if (!structure)
      throw new InvalidValue('channel.resource_not_collected', '该资源没有建库，不能建立通道。请先发布目录并建库。', [
        { path: 'resource', message: '没有建库' },
      ])
    const name = input.name.trim()
    if (await isNameTaken(tx, input.orgId, name))
      throw new InvalidState('channel.name_taken', `“${org.name}”已有名为“${name}”的通道，请另取名称。`)
    const row = await insertChannel(tx, {
      id: randomUUID(),
      name,
      org_id: input.orgId,
      resource: input.resource,
      state: 'in-use',
      state_reason: null,
      created_at: tx.now(),
      updated_by: `${tx.actor.orgName} ${tx.actor.name}`,
      updated_at: tx.now(),
    })
    await recordAudit(tx, 'channel.created', { kind: 'channel', id: row.id }, { name, orgId: row.org_id, resource: row.resource })
    return viewChannel(tx, ports, row)
  })
}

/** Suspends a channel, or lets it be used again (停用、恢复). What is being sent ends before this is answered; nothing comes after. */
export async function changeState(ctx: Ctx, ports: ExchangePorts, id: string, input: StateChange): Promise<Channel> {
  return inTransaction(ctx, async (tx) => {
    const row = await lockKept(tx, id, input.version)
    if (row.state === input.state)
      throw new InvalidState('channel.state_same', `通道“${row.name}”已经${input.state === 'in-use' ? '在用' : '停用'}。`)
    const reason = input.state === 'suspended' ? (input.reason?.trim() ?? null) : null
    if (input.state === 'suspended' && reason === null)
      throw new InvalidValue('channel.reason_missing', '停用通道须说明原因。', [{ path: 'reason', message: '须说明原因' }])
    const changed = await updateChannel(tx, id, { state: input.state, state_reason: reason })
    if (reason === null) await recordAudit(tx, 'channel.resumed', { kind: 'channel', id })
    else await recordAudit(tx, 'channel.suspended', { kind: 'channel', id }, { reason })
    return viewChannel(tx, ports, changed)
  })
}

/** Registers the public key of the department's machine (登记公钥). Two at once, so that one can take the other's place without a gap. */
export async function registerKey(ctx: Ctx, ports: ExchangePorts, id: string, { publicKey, version }: NewKey): Promise<Channel> {
  return inTransaction(ctx, async (tx) => {
    const row = await lockKept(tx, id, version)
    if (!isSm2PublicKey(publicKey))
      throw new InvalidValue('channel.bad_key', '不是 SM2 公钥，请核对后重新填写。', [{ path: 'publicKey', message: '不是 SM2 公钥' }])
    const fingerprint = sm2Fingerprint(publicKey)
    // Of others nothing more is told than that this is no key of this office.
    if (await isKeyOfOthers(tx, fingerprint, row.org_id))
      throw new InvalidState('channel.key_of_others', '该公钥由其他单位使用，不能登记。请由本单位的前置程序另行生成密钥。')
    const known = await keysOf(tx, id)
    if (known.some((key) => key.fingerprint === fingerprint))
      throw new InvalidState('channel.key_known', '该公钥已经登记过。已撤销的密钥不能再用，请另行生成。')
    if (known.filter((key) => key.withdrawn_at === null).length >= MOST_KEYS)
      throw new InvalidState('channel.too_many_keys', `有效公钥已有 ${MOST_KEYS} 个，请先撤销不再使用的公钥。`)
    const registered = { registered_at: tx.now(), registered_by: `${tx.actor.orgName} ${tx.actor.name}` }
    await insertKey(tx, { channel_id: id, fingerprint, public_key: publicKey, org_id: row.org_id, ...registered, withdrawn_by: null })
    const changed = await updateChannel(tx, id, {})
    await recordAudit(tx, 'channel.key_registered', { kind: 'channel', id }, { fingerprint })
    return viewChannel(tx, ports, changed)
  })
}

/** Withdraws a public key (撤销公钥): nothing that it signs is taken any more. */
export async function withdrawChannelKey(ctx: Ctx, ports: ExchangePorts, id: string, input: KeyWithdrawal): Promise<Channel> {
  return inTransaction(ctx, async (tx) => {
    const row = await lockKept(tx, id, input.version)
    if (!(await findKey(tx, id, input.fingerprint)) || !(await withdrawKey(tx, id, input.fingerprint)))
      throw new InvalidState('channel.key_not_in_force', `通道“${row.name}”没有这个有效公钥，请刷新后核对。`)
    const changed = await updateChannel(tx, id, {})
    await recordAudit(tx, 'channel.key_withdrawn', { kind: 'channel', id }, { fingerprint: input.fingerprint, reason: input.reason })
    return viewChannel(tx, ports, changed)
  })
}

async function lockKept(tx: Ctx, id: string, version: number): Promise<ChannelRow> {
  const row = await lockChannel(tx, id)
  if (!row || !readChannel.allows(tx.actor, row)) throw notFound('通道')
  if (!keepChannel.allows(tx.actor, row)) throw notKeeper()
  requireVersion(`通道“${row.name}”`, row, version)
  return row
}

const notKeeper = () => new NotPermitted('channel.not_keeper', '通道由市大数据中心管理，当前岗位不能办理。')
