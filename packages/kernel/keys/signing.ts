import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { type Signer as HeadSigner, sm2Signer } from '@tongchou/evidence'
import { fingerprintOf, type KeyRing, publicKeyOf } from './key-ring.ts'

/** Signs heads of the evidence log with the key in use (SM2 软件签名). Where the city has a device that signs, it stands in place of this. */
export function softwareSigner({ evidence }: KeyRing): HeadSigner {
  const key = evidence?.byId.get(evidence.current)
  if (!key) throw new RangeError('no evidence key')
  return sm2Signer(key)
}

/** Who signed, as it is given away with what was signed: the public half in hexadecimal (SPKI, DER). */
export interface Signer {
  id: string
  publicKey: string
}

/** The key that signs now. */
export function signerOf({ signing }: KeyRing): Signer {
  return { id: signing.current, publicKey: hexOf(createPublicKey(publicKeyOf(signing, signing.current))) }
}

/** Signs a digest (签名), Ed25519. `purpose` is signed with it: a signature for one thing is none for another. */
export function signDigest({ signing }: KeyRing, purpose: string, digest: Buffer): string {
  const key = signing.byId.get(signing.current)
  if (!key) throw new RangeError(`no signing key ${signing.current}`)
  return sign(null, signedText(purpose, digest), key).toString('hex')
}

/** Whether the signature is of this digest by this key. Anything but one exact spelling of both is none. */
export function verifyDigest(publicKey: string, purpose: string, digest: Buffer, signature: string): boolean {
  if (!/^[0-9a-f]{128}$/.test(signature)) return false
  const key = publicKeyFrom(publicKey)
  return key !== undefined && verify(null, signedText(purpose, digest), key, Buffer.from(signature, 'hex'))
}

/** The fingerprint (公钥指纹) of a public key in hexadecimal; undefined where it is none. */
export function fingerprintOfHex(publicKey: string): string | undefined {
  const key = publicKeyFrom(publicKey)
  return key && fingerprintOf(key)
}

/** The public half as it is given away, from how it is stored (PEM). */
export function publicKeyHex(pem: string): string {
  return hexOf(createPublicKey(pem))
}

function publicKeyFrom(hex: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(hex, 'hex'), format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'ed25519' && hexOf(key) === hex ? key : undefined
  } catch {
    return undefined
  }
}

function hexOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'der' }).toString('hex')
}

function signedText(purpose: string, digest: Buffer): Buffer {
  return createHash('sm3').update(`${purpose}\n`).update(digest).digest()
}
