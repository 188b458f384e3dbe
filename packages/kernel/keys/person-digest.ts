import { createHmac, hash } from 'node:crypto'
import type { KeyRing } from './key-ring.ts'

type DigestKeys = Pick<KeyRing, 'digest'>

/**
 * What stands for a person's number (公民身份号码) wherever the number itself must not be read: `key.digest`, HMAC-SM3 of its SM3. Numbers are few enough
 * to be tried one by one, so without the key file nobody finds one out of it, or tells whose row it is.
 */
export function personDigest(keys: DigestKeys, identifier: string): string {
  return carriedOn(keys, hash('sm3', `person:${identifier}`, 'hex')) ?? unreachable()
}

/**
 * A digest of before under the key in use: each key is applied to what the former one made, so that a new one needs no number. One without a key, as
 * they were written at first, begins with the first key. Undefined where its key is gone: whose it is cannot be told any more.
 */
export function carriedOn({ digest }: DigestKeys, former: string): string | undefined {
  if (!digest) throw new Error('a key ring without a key for digests is not open')
  const [left = '', right] = former.split('.')
  const ids = [...digest.byId.keys()]
  const done = right === undefined ? 0 : ids.indexOf(left) + 1
  if (right !== undefined && done === 0) return undefined
  const value = ids.slice(done, ids.indexOf(digest.current) + 1).reduce((text, id) => hmac(digest.byId.get(id), text), right ?? left)
  return `${digest.current}.${value}`
}

/** Whether the key that a digest was made under is there (密钥未丢失). */
export function isKnownDigest({ digest }: DigestKeys, value: string): boolean {
  const [id = '', text] = value.split('.')
  return text === undefined || digest?.byId.has(id) === true
}

function hmac(key: Buffer | undefined, text: string): string {
  if (!key) return unreachable()
  return createHmac('sm3', key).update(text).digest('hex')
}

function unreachable(): never {
  throw new Error('a digest key of the ring is missing')
}
