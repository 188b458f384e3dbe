import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { DomainError } from '../errors.ts'
import type { KeyRing } from './key-ring.ts'

/** A secret that this process cannot open: sealed under a key that it does not have, or changed since. */
export class SealedSecretUnreadable extends DomainError {
  readonly status = 503
  constructor() {
    super('keys.unreadable_secret', '系统暂时无法核验动态口令：密钥与数据库不一致。请联系系统管理员核对密钥文件。')
  }
}

const version = 'v1'

/**
 * Seals a secret for the database (加密存储): AES-256-GCM under the key in use. `v1.key.nonce.text`, the tag behind the text. `place` says where it
 * stands and is authenticated with it: a row moved to another account opens no more than a changed one.
 */
export function seal({ sealing }: KeyRing, secret: string, place: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOf(sealing.byId.get(sealing.current)), nonce)
  cipher.setAAD(placeBytes(sealing.current, place))
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return [version, sealing.current, nonce.toString('base64url'), sealed.toString('base64url')].join('.')
}

/** What was sealed at this place. @throws SealedSecretUnreadable */
export function unseal({ sealing }: KeyRing, sealed: string, place: string): string {
  const [told, id = '', nonce = '', text = ''] = sealed.split('.')
  try {
    if (told !== version) throw new RangeError('not sealed')
    const bytes = Buffer.from(text, 'base64url')
    const decipher = createDecipheriv('aes-256-gcm', keyOf(sealing.byId.get(id)), Buffer.from(nonce, 'base64url'), { authTagLength: 16 })
    decipher.setAAD(placeBytes(id, place))
    decipher.setAuthTag(bytes.subarray(-16))
    return decipher.update(bytes.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    throw new SealedSecretUnreadable()
  }
}

/** The id of the key that a secret is sealed under; undefined for one that is not sealed. */
export function sealedUnder(stored: string): string | undefined {
  const [told, id] = stored.split('.')
  return told === version ? id : undefined
}

function placeBytes(id: string, place: string): Buffer {
  return Buffer.from(`${version}.${id}\n${place}`)
}

function keyOf(key: Buffer | undefined): Buffer {
  if (!key) throw new RangeError('no such key')
  return key
}
