import { randomUUID } from 'node:crypto'
import { isIP } from 'node:net'
import { type Ctx, InvalidState, InvalidValue, inTransaction, notFound, recordAudit } from '@tongchou/kernel'
import { deleteAddress, insertAddress } from './address.store.ts'
import { networkOf, type PermittedAddress } from './address.ts'
import { destinationOf } from './ask.ts'
import type { AddressLine, NewAddress } from './interface.schema.ts'
import type { PermittedAddressRow } from './interface.tables.ts'

/** What entries of the list are called in the audit log. */
const addressKind = 'interface-address'

/** Puts an address on the list (允许地址). It counts with the commit: each call reads the list. */
export async function permitAddress(ctx: Ctx, { address, network, reason }: NewAddress): Promise<AddressLine> {
  const read = readAddress(address.trim(), network)
  return inTransaction(ctx, async (tx) => {
    const added = { added_by: `${tx.actor.orgName} ${tx.actor.name}`, added_at: tx.now() }
    const row = await insertAddress(tx, { id: randomUUID(), ...read, reason, ...added })
    if (!row) throw new InvalidState('interfaces.address_known', `“${address}”已在允许地址中。`)
    await recordAudit(tx, 'interface-address.permitted', { kind: addressKind, id: row.id }, { address: textOf(row), network: row.network })
    return toAddressLine(row)
  })
}

/** Takes an address off the list. Calls under way end as they are; none begins after. */
export async function withdrawAddress(ctx: Ctx, id: string, reason: string): Promise<AddressLine> {
  return inTransaction(ctx, async (tx) => {
    const row = await deleteAddress(tx, id)
    if (!row) throw notFound('允许地址')
    const detail = { address: textOf(row), network: row.network, reason }
    await recordAudit(tx, 'interface-address.withdrawn', { kind: addressKind, id }, detail)
    return toAddressLine(row)
  })
}

const wrong = (path: string, message: string) => new InvalidValue('interfaces.bad_address', `${message}。`, [{ path, message }])

/** A name needs the network that it may resolve to: whoever holds the name could else point it at anything of the city's. */
function readAddress(address: string, network: string | null): PermittedAddress {
  const alone = networkOf(address)
  if ('network' in alone) {
    if (network !== null) throw wrong('network', '只有主机名需要另填网段')
    return { host: null, network: alone.network, port: null }
  }
  const { host, port } = hostAndPort(address, alone.problem)
  if (isIP(host) !== 0) {
    if (network !== null) throw wrong('network', '只有主机名需要另填网段')
    return { host: null, network: `${host}/${isIP(host) === 6 ? 128 : 32}`, port }
  }
  if (network === null) throw wrong('network', `“${host}”是主机名，须填写只允许解析到的网段`)
  const within = networkOf(network)
  if ('problem' in within) throw wrong('network', within.problem)
  return { host, network: within.network, port }
}

function hostAndPort(address: string, problem: string): { host: string; port: number } {
  const [, port] = /:(\d{1,5})$/.exec(address) ?? []
  if (port === undefined && /[/]/.test(address)) throw wrong('address', problem)
  if (port === undefined) throw wrong('address', `“${address}”应为 主机名:端口、IP:端口 或者网段`)
  const url = `http://${address}`
  const parsed = /^[A-Za-z0-9.\-[\]:]+$/.test(address) && URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.pathname !== '/' || Number(port) === 0) throw wrong('address', `“${address}”不是主机名和端口`)
  return { host: destinationOf(url).host, port: Number(port) }
}

export function toAddressLine(row: PermittedAddressRow): AddressLine {
  return {
    ...{ id: row.id, address: textOf(row), network: row.network, reason: row.reason, addedBy: row.added_by },
    addedAt: row.added_at.toISOString(),
  }
}

function textOf({ host, network, port }: PermittedAddress): string {
  const name = host ?? network.replace(/\/(32|128)$/, '')
  return port === null ? network : `${name.includes(':') ? `[${name}]` : name}:${port}`
}
