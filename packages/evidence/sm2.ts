import { sm2 } from 'sm-crypto-v2'
import { concat, fromHex, toHex } from './bytes.ts'
import { sm3 } from './hash.ts'

/** Signs heads (签名端口): the software here, or a device that holds the key (密码机). May fail; whoever signs tries again later. */
export interface Signer {
  /** The point without compression, 130 hexadecimal digits from `04` on. */
  publicKey: string
  /** SM2 over SM3, as GM/T 0003.2 and GM/T 0009 say, with the default signer id: r ‖ s, 128 hexadecimal digits. */
  sign(message: Uint8Array): Promise<string>
}

/** The id that GM/T 0009-2012 gives a signer who has none of their own. Node.js signs with an empty one and fits nobody else's. */
export const signerId = '1234567812345678'
export const signatureAlgorithm = 'SM2-SM3'

const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n

/** A signer in software (SM2 软件签名), which is no certified module. @throws RangeError for what is no private key */
export function sm2Signer(privateKey: string): Signer {
  const publicKey = sm2PublicKey(privateKey)
  return { publicKey, sign: async (message) => sm2.doSignature(message, privateKey, { hash: true, publicKey, userId: signerId }) }
}

/** The public half of a private key of 64 hexadecimal digits. @throws RangeError for what is none */
export function sm2PublicKey(privateKey: string): string {
  if (!isSm2PrivateKey(privateKey)) throw new RangeError('not an SM2 private key')
  return sm2.getPublicKeyFromPrivateKey(privateKey)
}

/** Whether these 32 bytes are one of the numbers that may be a private key: 1 to n − 2. */
export function isSm2PrivateKey(text: string): boolean {
  if (!/^[0-9a-f]{64}$/.test(text)) return false
  const number = BigInt(`0x${text}`)
  return number >= 1n && number <= order - 2n
}

export function isSm2PublicKey(text: string): boolean {
  try {
    return /^04[0-9a-f]{128}$/.test(text) && sm2.verifyPublicKey(text)
  } catch {
    return false
  }
}

/** Asks whether a signature is of this message. */
export type Verifier = (message: Uint8Array, signature: string) => boolean

/** From so many signatures on, preparing the key pays. */
const worthPreparing = 8
/** Of the tables that a prepared key can have the one that is made soonest; larger ones verify no faster (measured). */
const preparedWindow = 5

/** A verifier of one public key, which is prepared once it is asked often. Anything but one exact spelling is no signature. */
export function sm2Verifier(publicKey: string): Verifier {
  if (!isSm2PublicKey(publicKey)) return () => false
  let asked = 0
  let key: Parameters<typeof sm2.doVerifySignature>[2] = publicKey
  return (message, signature) => {
    if (!/^[0-9a-f]{128}$/.test(signature)) return false
    asked += 1
    if (asked === worthPreparing) key = sm2.precomputePublicKey(publicKey, preparedWindow)
    try {
      return sm2.doVerifySignature(message, signature, key, { hash: true, userId: signerId })
    } catch {
      // Numbers outside of 1 to n − 1.
      return false
    }
  }
}

const spkiPrefix = fromHex('3059301306072a8648ce3d020106082a811ccf5501822d034200')

/** The fingerprint of a public key (公钥指纹): SM3 of its SubjectPublicKeyInfo, as `openssl pkey -pubin -outform DER | openssl dgst -sm3` gives it. */
export function sm2Fingerprint(publicKey: string): string {
  return toHex(sm3(concat([spkiPrefix, fromHex(publicKey)])))
}
