import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { fromHex, isSm2PrivateKey, sm2Fingerprint, sm2PublicKey, toHex } from '@tongchou/evidence'

/**
 * What a key is for: keeping secrets in the database unreadable (加密), signing packages that leave the platform (签名), signing the heads of
 * the evidence log (存证签名), or standing for persons' numbers where those must not be read (号码摘要).
 */
export type KeyPurpose = 'sealing' | 'signing' | 'evidence' | 'digest'

/** The platform's keys (密钥), which never stand in the database: of each purpose the one in use, and former ones that still open or explain older things. */
export interface KeyRing {
  sealing: KeySet<Buffer>
  signing: KeySet<KeyObject>
  /** SM2 private keys in hexadecimal; undefined as long as the key file is one of before there was an evidence log. */
  evidence: KeySet<string> | undefined
  /** Keys of HMAC-SM3, the first ever first: what stands for a number has gone through all of them. Undefined in a file of before. */
  digest: KeySet<Buffer> | undefined
}

/** Keys of one purpose by id. */
export interface KeySet<K> {
  current: string
  byId: ReadonlyMap<string, K>
}

/** The keys as the key file holds them, in base64: AES-256 and HMAC-SM3 keys of 32 bytes, Ed25519 keys as PKCS #8, SM2 keys of 32 bytes. */
export interface StoredKeys {
  sealing: StoredKeySet
  signing: StoredKeySet
  evidence?: StoredKeySet | undefined
  digest?: StoredKeySet | undefined
}

interface StoredKeySet {
  current: string
  keys: Record<string, string>
}

/** Fresh keys, one of each purpose. */
export function newKeys(): StoredKeys {
  const only = (purpose: KeyPurpose): StoredKeySet => {
    const { id, text } = newKey(purpose)
    return { current: id, keys: { [id]: text } }
  }
  return { sealing: only('sealing'), signing: only('signing'), evidence: only('evidence'), digest: only('digest') }
}

/** Puts a new key of a purpose into use (更换密钥); the former ones stay, for what they have sealed. */
export function withNewKey(stored: StoredKeys, purpose: KeyPurpose): StoredKeys {
  const { id, text } = newKey(purpose)
  return { ...stored, [purpose]: { current: id, keys: { ...stored[purpose]?.keys, [id]: text } } }
}

/** Without these former sealing keys. */
export function withoutKeys(stored: StoredKeys, ids: readonly string[]): StoredKeys {
  const keys = Object.fromEntries(Object.entries(stored.sealing.keys).filter(([id]) => !ids.includes(id)))
  return { ...stored, sealing: { ...stored.sealing, keys } }
}

/** The keys ready for use. @throws RangeError that says which key is none */
export function keyRingOf(stored: StoredKeys): KeyRing {
  return {
    sealing: setOf(stored.sealing, sealingKey),
    signing: setOf(stored.signing, signingKey),
    evidence: stored.evidence && setOf(stored.evidence, evidenceKey),
    digest: stored.digest && setOf(stored.digest, digestKey),
  }
}

/** The id of a signing key: the beginning of the fingerprint of its public half. */
function signingKeyId(key: KeyObject): string {
  return fingerprintOf(createPublicKey(key)).slice(0, idLength)
}

/** The public half of a signing key, as text that can be stored and given away (PEM). */
export function publicKeyOf(set: KeySet<KeyObject>, id: string): string {
  const key = set.byId.get(id)
  if (!key) throw new RangeError(`no signing key ${id}`)
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
}

/** SM3 of a public key (公钥指纹), for comparing by eye. */
export function fingerprintOf(publicKey: KeyObject): string {
  return createHash('sm3')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
}

const idLength = 16

function newKey(purpose: KeyPurpose): { id: string; text: string } {
  if (purpose === 'sealing' || purpose === 'digest') {
    const key = randomBytes(32)
    return { id: secretKeyId(purpose, key), text: key.toString('base64') }
  }
  if (purpose === 'evidence') {
    const key = newEvidenceKey()
    return { id: evidenceKeyId(key), text: Buffer.from(fromHex(key)).toString('base64') }
  }
  const { privateKey } = generateKeyPairSync('ed25519')
  return { id: signingKeyId(privateKey), text: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64') }
}

// Told apart from every other use of the key, so that the id, which stands in the database, says nothing of it.
function secretKeyId(purpose: 'sealing' | 'digest', key: Buffer): string {
  return createHash('sm3').update(`tongchou ${purpose} key id\n`).update(key).digest('hex').slice(0, idLength)
}

const sealingKey = (text: string) => secretKey('sealing', text)
const digestKey = (text: string) => secretKey('digest', text)

function secretKey(purpose: 'sealing' | 'digest', text: string): { id: string; key: Buffer } {
  const key = Buffer.from(text, 'base64')
  if (key.length !== 32) throw new RangeError('not a key of 32 bytes')
  return { id: secretKeyId(purpose, key), key }
}

function signingKey(text: string): { id: string; key: KeyObject } {
  const key = createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' })
  if (key.asymmetricKeyType !== 'ed25519') throw new RangeError('not an Ed25519 key')
  return { id: signingKeyId(key), key }
}

/** The id of an evidence key: the beginning of the fingerprint of its public half. */
function evidenceKeyId(key: string): string {
  return sm2Fingerprint(sm2PublicKey(key)).slice(0, idLength)
}

function newEvidenceKey(): string {
  // Of all numbers of 32 bytes next to none is refused; drawn again rather than reduced, so that all are equally likely.
  for (;;) {
    const key = toHex(randomBytes(32))
    if (isSm2PrivateKey(key)) return key
  }
}

function evidenceKey(text: string): { id: string; key: string } {
  const key = toHex(Buffer.from(text, 'base64'))
  return { id: evidenceKeyId(key), key }
}

function setOf<K>({ current, keys }: StoredKeySet, read: (text: string) => { id: string; key: K }): KeySet<K> {
  const byId = new Map<string, K>()
  for (const [told, text] of Object.entries(keys)) {
    const { id, key } = read(text)
    // A line mangled by hand would seal what nothing opens again.
    if (id !== told) throw new RangeError(`key ${told} is not the one of this id`)
    byId.set(id, key)
  }
  if (!byId.has(current)) throw new RangeError(`the key in use (${current}) is not there`)
  return { current, byId }
}
