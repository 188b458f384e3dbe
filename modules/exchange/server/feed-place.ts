import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto'
import { InvalidValue } from '@tongchou/kernel'
import type { RecordGrant } from '@tongchou/records'

/**
 * Where a receiver has come to (接收位置). It goes out sealed: numbers of the log count every change of the resource, and would tell a receiver how much
 * happens that he is not shown. What he can count by are positions, which count what he is shown.
 */
export interface Place {
  /** The epoch of the system that it was given in. */
  epoch: string
  /** Number of the log up to which everything was told, or at which the load began. */
  seq: number
  /** How many changes were told since the load. */
  position: number
  /** Of a load that is under way: the key of the last record; undefined once changes are read. */
  loading?: string | undefined
  /** What was granted then. */
  grant: string
}

const UNKNOWN = () =>
  new InvalidValue('feed.after_unknown', '接收位置无法识别，不是本订阅给出的。请从目标库中保存的位置继续，或重新全量加载。', [
    { path: 'after', message: '接收位置无法识别' },
  ])

/** Short, and another one for every other grant: who was shown less before has to load anew. */
export function grantName({ items, rows }: RecordGrant): string {
  return hash('sha256', JSON.stringify([Object.entries(items).sort(), rows]), 'hex').slice(0, 16)
}

/** As a text for addresses; twice the same place is two texts, so that it cannot be told whether it moved. */
export function sealPlace(secret: Buffer, { epoch, seq, position, loading, grant }: Place): string {
  const head = Buffer.alloc(18)
  head.writeUInt8(loading === undefined ? 0 : 1)
  head.writeBigUInt64BE(BigInt(seq), 1)
  head.writeBigUInt64BE(BigInt(position), 9)
  head.writeUInt8(epoch.length, 17)
  const plain = Buffer.concat([head, Buffer.from(grant, 'hex'), Buffer.from(epoch), Buffer.from(loading ?? '')])
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', secret, iv, { authTagLength: 16 })
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

/** @throws InvalidValue when it was not given by this subscription */
export function openPlace(secret: Buffer, text: string): Place {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length < 12 + 26 + 16) throw UNKNOWN()
  const decipher = createDecipheriv('aes-256-gcm', secret, bytes.subarray(0, 12), { authTagLength: 16 })
  decipher.setAuthTag(bytes.subarray(-16))
  let plain: Buffer
  try {
    plain = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
  } catch {
    throw UNKNOWN()
  }
  const end = 26 + plain.readUInt8(17)
  const place = {
    epoch: plain.toString('utf8', 26, end),
    seq: Number(plain.readBigUInt64BE(1)),
    position: Number(plain.readBigUInt64BE(9)),
    grant: plain.toString('hex', 18, 26),
  }
  return plain.readUInt8() === 0 ? place : { ...place, loading: plain.toString('utf8', end) }
}
