import { hash, randomBytes } from 'node:crypto'
import { isSm2PrivateKey, type Signer, sm2Signer } from '@tongchou/evidence'
import { addDays } from '@tongchou/kernel'
import { addressOf, headersOf, signParcel } from '@tongchou/wire'
import type { Introduced } from './introduced.ts'
import { everyHours, type Found, type Manner, reconcile } from './reconciling.ts'
import type { Register, Row } from './registers.ts'
import { type Speaker, speakerOf } from './speaker.ts'
import type { Stage } from './stage.ts'

type Rows = readonly Row[]

/** The machine of a department (前置机) that sends one register. Its key and its token are nowhere but here: after the play nobody can send in its place. */
export interface Sender {
  channelId: string
  /** Sends rows as the next batch; no rows say that nothing has changed (确认批). */
  send(rows: Rows): Promise<void>
  /** Sends them signed with a key that the center does not know. The answer is the code of the refusal. */
  sendUnknown(rows: Rows): Promise<string>
  /** The source has them as well, and nobody was told. */
  miss(rows: Rows): void
  /** The source was put back from a backup: so many of its rows are gone, one line of it cannot be read. */
  putBack(lost: number): void
  /** Holds the source against the center's copy (对账). */
  reconcile(manner: Manner): Promise<Found>
}

/** A register whose machine sends, once it has been set up. */
export interface Sent extends Introduced {
  sender?: Sender
}

/** Sends rows of a register as the next batch of its channel. */
export async function sends(one: Sent, rows: Rows): Promise<void> {
  await senderOf(one).send(rows)
}

export function senderOf({ register, sender }: Sent): Sender {
  if (!sender) throw new Error(`${register.name} has no sender`)
  return sender
}

const LANE = 'main'
/** Rows of one batch. */
const MOST = 10_000
const TOKEN_DAYS = 150
const type = { 'content-type': 'application/x-ndjson' }

/** The center sets up the channel, the department's steward has a token issued, the center registers the machine's key, the machine starts. */
export async function setUpSender(stage: Stage, register: Register, resource: string): Promise<Sender> {
  const { orgId, title } = register
  const signer = newSigner()
  const channelId = await stage.signedIn('bdc-engineer', async (center) => {
    const { id, version } = await center.post<{ id: string; version: number }>('/channels', { name: `${title}归集`, orgId, resource })
    await center.post(`/channels/${id}/keys`, { version, publicKey: signer.publicKey })
    return id
  })
  const machine = await machineOf(stage, orgId, 'exchange-intake')
  const claimed = await machine.post<{ epoch: number; structure: { version: number } }>(`/channels/${channelId}/lanes/${LANE}/epochs`, {
    reconcileHours: everyHours[register.name] ?? null,
  })
  const header = { format: 1, schema: claimed.structure.version, items: register.items }
  const source = openSource(register)
  let number = 0
  const parcel = async (rows: Rows, place: number, by: Signer) => {
    const body = [header, ...rows].map((line) => JSON.stringify(line)).join('\n')
    const batchId = `${LANE}-${String(place).padStart(6, '0')}`
    const envelope = { channel: channelId, lane: LANE, epoch: claimed.epoch, number: place, batchId, digest: hash('sm3', body, 'hex') }
    return { path: addressOf(envelope), body, headers: { ...headersOf(await signParcel(by, envelope)), ...type } }
  }
  return {
    channelId,
    send: async (rows) => {
      source.put(rows)
      for (let at = 0; at === 0 || at < rows.length; at += MOST) {
        const { path, body, headers } = await parcel(rows.slice(at, at + MOST), ++number, signer)
        await machine.put(path, body, headers)
      }
    },
    sendUnknown: async (rows) => {
      const { path, body, headers } = await parcel(rows, number + 1, newSigner())
      return machine.refused(path, body, headers)
    },
    miss: source.put,
    putBack: source.putBack,
    reconcile: (manner) =>
      reconcile(
        { machine, signer, channel: channelId, lane: LANE, epoch: claimed.epoch },
        { items: register.items, ...source.now() },
        manner,
      ),
  }
}

/** What the machine's register holds: of each key the last row. */
function openSource({ items, key }: Register) {
  const places = key.map((id) => items.indexOf(id))
  const rows = new Map<string, Row>()
  let unreadable = 0
  return {
    put: (more: Rows) => {
      for (const row of more) rows.set(JSON.stringify(places.map((place) => row[place])), row)
    },
    putBack: (lost: number) => {
      for (const gone of [...rows.keys()].slice(-lost)) rows.delete(gone)
      unreadable = 1
    },
    now: () => ({ rows: rows.values(), unreadable }),
  }
}

/** A token of the department's data steward that opens this and nothing else (访问令牌). */
export async function machineOf(stage: Stage, orgId: string, tag: 'exchange-intake' | 'exchange-feed'): Promise<Speaker> {
  const name = `${stage.orgName(orgId)}${tag === 'exchange-intake' ? '前置机' : '接收程序'}`
  const scope = { access: 'write', tags: [tag] }
  const { token } = await stage.signedIn(`${orgId}-data`, (steward) =>
    steward.post<{ token: string }>('/tokens', { name, expiresOn: addDays(stage.today(), TOKEN_DAYS), scope }),
  )
  return speakerOf(stage.city.app, { headers: { authorization: `Bearer ${token}` } })
}

function newSigner(): Signer {
  for (;;) {
    const key = randomBytes(32).toString('hex')
    if (isSm2PrivateKey(key)) return sm2Signer(key)
  }
}
