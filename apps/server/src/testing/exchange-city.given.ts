import type { AddressInfo } from 'node:net'
import { applicationLogin } from '@tongchou/kernel'
import { changesAfter, installResource, type LibrariesDb, openReceivers, openWakeups } from '@tongchou/libraries'
import type { RecordGrant, ResourceDefinition } from '@tongchou/records'
import type { TestDatabase } from '@tongchou/testing'
import { type SmallCity, smallCity } from './small-city.ts'

/** The small city with threads that write batches and a port of its own, for agents that speak HTTP. */
export interface ExchangeCity {
  city: SmallCity
  /** `http://127.0.0.1:…` */
  url: string
  install(definition: ResourceDefinition): Promise<void>
  /** A channel of 民政局 for a resource, with these keys in force. */
  channel(name: string, resource: string, ...publicKeys: string[]): Promise<string>
  /** A machine's token of 民政局's data steward that opens nothing but the intake, or what else is named. */
  token(...tags: string[]): Promise<{ id: string; token: string }>
  /** A grant in force: to 民政局 unless another office is named. */
  grant(
    resource: string,
    grant: RecordGrant,
    ends?: { orgId?: string; providerOrgId?: string; way?: string; quotaPerDay?: number },
  ): Promise<string>
  endGrant(id: string): Promise<void>
  withdrawToken(id: string): Promise<void>
  /** The records of a resource, each its values in the order of the structure, by key. */
  records(resource: string): Promise<(string | null)[][]>
  /** The log of a resource: number, operation, values. */
  log(resource: string): Promise<unknown[][]>
  close(): Promise<void>
}

export async function exchangeCity({ db, owner, pool, connection }: TestDatabase): Promise<ExchangeCity> {
  const receivers = openReceivers(applicationLogin(connection), 2)
  const wakeups = openWakeups(applicationLogin(connection))
  const city = await smallCity(db, undefined, undefined, [], null, null, receivers, pool, wakeups)
  await city.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = city.app.server.address() as AddressInfo
  const taken = async <T>(asked: Promise<{ status: number; body: T }>): Promise<T> => {
    const { status, body } = await asked
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`)
    return body
  }
  return {
    city,
    url: `http://127.0.0.1:${port}`,
    async install(definition) {
      const client = await owner.connect()
      await installResource(client, definition, city.clock.now())
      client.release()
    },
    async channel(name, resource, ...publicKeys) {
      const center = await city.as('center')
      const { id } = await taken(center.post<{ id: string }>('/api/v1/channels', { name, orgId: 'civil-affairs', resource }))
      for (const [i, publicKey] of publicKeys.entries())
        await taken(center.post(`/api/v1/channels/${id}/keys`, { version: i + 1, publicKey }))
      return id
    },
    async token(...tags) {
      const scope = { access: 'write', tags: tags.length > 0 ? tags : ['exchange-intake'] }
      return taken((await city.as('steward')).post('/api/v1/tokens', { name: '民政前置程序', expiresOn: '2026-12-31', scope }))
    },
    async withdrawToken(id) {
      await owner.query('delete from identity.token where id = $1', [id])
    },
    async grant(
      resource,
      { items, rows },
      { orgId = 'civil-affairs', providerOrgId = 'public-security', way = 'subscription', quotaPerDay } = {},
    ) {
      const { rows: made } = await owner.query(
        `insert into sharing."grant" (id, resource, provider_org_id, org_id, way, items, row_conditions, purpose, valid_from, valid_until, state, state_at,
           granted_at, updated_by, updated_at, quota_per_day)
         values (gen_random_uuid(), $1, $2, $3, $4, $5, $6, '核对', '2026-01-01', '2026-12-31', 'in-force', now(), now(), '', now(), $7) returning id`,
        [resource, providerOrgId, orgId, way, JSON.stringify(items), JSON.stringify(rows), quotaPerDay ?? null],
      )
      return made[0].id
    },
    async endGrant(id) {
      await owner.query(`update sharing."grant" set state = 'revoked', state_reason = '撤销' where id = $1`, [id])
    },
    async records(resource) {
      const { rows } = await owner.query('select number from libraries.resource where resource = $1', [resource])
      const { rows: found } = await owner.query({
        text: `select * from library_data.r_${rows[0].number} order by record_key`,
        rowMode: 'array',
      })
      // record_key, record_hash, seq, changed_at, batch_id, then the items
      return found.map(([, , , , , ...items]) => items.map((item) => (item === null ? null : String(item))))
    },
    async log(resource) {
      const { changes } = await changesAfter(db as unknown as LibrariesDb, resource, 0, 1_000_000)
      return changes.map(({ seq, op, values }) => [seq, op, ...values])
    },
    async close() {
      await city.app.close()
      await wakeups.stop()
      await receivers.stop()
    },
  }
}
