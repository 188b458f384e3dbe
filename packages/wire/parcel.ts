import { type Signer, sm2Fingerprint, sm2Verifier, utf8, type Verifier } from '@tongchou/evidence'

/** A batch on its way (批次信封): everything that its sender answers for by signature. What is in it stands there by its digest. */
export interface Parcel {
  /** The channel (通道). */
  channel: string
  /** Of one lane the batches are taken one after the other; a channel may have several. */
  lane: string
  /** Which start of the sender it comes from (任期): once a later one has begun, an earlier one is refused. */
  epoch: number
  /** Its place in the lane, from 1 without a gap. */
  number: number
  /** What the batch is known by, the same at every repetition (幂等键). */
  batchId: string
  /** SM3 of the lines as they are unpacked, 64 hexadecimal digits. */
  digest: string
}

/** A parcel with whose word it is. */
export interface SignedParcel extends Parcel {
  /** Fingerprint of the key. */
  key: string
  signature: string
}

const parcelFormat = 'tongchou-parcel-1'

/**
 * A question of a sender about the center's copy (对账) is signed as a batch is, under a mark of its own so that neither passes for the other: `batchId` is the
 * reconciliation, `number` the question's place in it, `digest` the SM3 of its JSON.
 */
export const askFormat = 'tongchou-ask-1'

/** Names of lanes. */
export const lanePattern = '^[a-z0-9][a-z0-9-]{0,39}$'

/** What is signed: a JSON array of texts in a fixed order, which any language can make again. */
export function parcelText({ channel, lane, epoch, number, batchId, digest }: Parcel, format = parcelFormat): string {
  return JSON.stringify([format, channel, lane, String(epoch), String(number), batchId, digest])
}

/** Signs a parcel. Fails as its signer fails. */
export async function signParcel(signer: Signer, parcel: Parcel, format = parcelFormat): Promise<SignedParcel> {
  return { ...parcel, key: sm2Fingerprint(signer.publicKey), signature: await signer.sign(utf8(parcelText(parcel, format))) }
}

/** Whether a parcel is signed by a key. */
export function verifyParcel(parcel: SignedParcel, publicKey: string, format = parcelFormat): boolean {
  const { fingerprint, verify } = knownKey(publicKey)
  return parcel.key === fingerprint && verify(utf8(parcelText(parcel, format)), parcel.signature)
}

interface KnownKey {
  fingerprint: string
  verify: Verifier
}

/** So many keys are kept prepared, those that were asked last: each takes a few hundred kilobytes. */
const MOST_KEYS = 64
const knownKeys = new Map<string, KnownKey>()

/** A sender signs with the same key for months: prepared once, its signatures cost a fifth (measured). */
function knownKey(publicKey: string): KnownKey {
  const known = knownKeys.get(publicKey) ?? { fingerprint: sm2Fingerprint(publicKey), verify: sm2Verifier(publicKey) }
  knownKeys.delete(publicKey)
  knownKeys.set(publicKey, known)
  const [oldest] = knownKeys.keys()
  if (knownKeys.size > MOST_KEYS && oldest !== undefined) knownKeys.delete(oldest)
  return known
}

/** Where a parcel is put, below the API's prefix: the same one at the same place at every repetition. */
export function addressOf({ channel, lane, number }: Pick<Parcel, 'channel' | 'lane' | 'number'>): string {
  return `/channels/${channel}/lanes/${lane}/batches/${number}`
}

/** The rest of it travels in headers. */
export function headersOf({ epoch, batchId, digest, key, signature }: SignedParcel): Record<string, string> {
  return {
    'tongchou-epoch': String(epoch),
    'tongchou-batch': batchId,
    'tongchou-digest': digest,
    'tongchou-key': key,
    'tongchou-signature': signature,
  }
}

const forms = {
  'tongchou-epoch': /^[1-9]\d{0,14}$/,
  'tongchou-batch': /^[A-Za-z0-9_-]{1,100}$/,
  'tongchou-digest': /^[0-9a-f]{64}$/,
  'tongchou-key': /^[0-9a-f]{64}$/,
  'tongchou-signature': /^[0-9a-f]{128}$/,
} as const

/** The parcel that a request brings; a text names the header that is absent or has not its form. */
export function readHeaders(
  headers: Readonly<Record<string, unknown>>,
  { channel, lane, number }: Pick<Parcel, 'channel' | 'lane' | 'number'>,
): SignedParcel | string {
  const values = {} as Record<keyof typeof forms, string>
  for (const name of Object.keys(forms) as (keyof typeof forms)[]) {
    const value = headers[name]
    if (typeof value !== 'string' || !forms[name].test(value)) return name
    values[name] = value
  }
  return {
    channel,
    lane,
    number,
    epoch: Number(values['tongchou-epoch']),
    batchId: values['tongchou-batch'],
    digest: values['tongchou-digest'],
    key: values['tongchou-key'],
    signature: values['tongchou-signature'],
  }
}
