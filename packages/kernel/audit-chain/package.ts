import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { KeyRing } from '../keys/key-ring.ts'
import { fingerprintOfHex, signDigest, verifyDigest } from '../keys/signing.ts'
import type { KernelTables } from '../tables.ts'
import { type ChainedRow, canonical, chainedColumns } from './canonical.ts'

/** What a package holds (归档包): the rows of these places, the hash before the first and the one of the last. */
export interface AuditPackage {
  from: number
  to: number
  previous: string
  head: string
}

const format = 'tongchou-audit-package-2'
/** Of before packages were signed. */
const unsignedFormat = 'tongchou-audit-package-1'
const batch = 2000

/**
 * What a package's signature covers, piece by piece and always the same for the same rows: a line of JSON that says what it holds and whose signature
 * follows, then a line for each row: its hash, a blank, its canonical encoding. Nothing else is needed to recompute the chain.
 * @param publicKey of who signs; null gives a package as it was before packages were signed
 */
export async function* packRows(
  db: Kysely<KernelTables>,
  { from, to, previous, head }: AuditPackage,
  publicKey: string | null,
): AsyncGenerator<string> {
  const told = publicKey === null ? { format: unsignedFormat } : { format }
  yield `${JSON.stringify({ ...told, from, to, previous, head, ...(publicKey === null ? {} : { publicKey }) })}\n`
  for (let after = from - 1; after < to; ) {
    const { rows } = await sql<ChainedRow & { position: number; hash: Buffer }>`
      select s.position, s.hash, ${chainedColumns} from kernel.audit_seal s join kernel.audit_event e on e.seq = s.seq
      where s.position > ${after} and s.position <= ${to} order by s.position limit ${batch}`.execute(db)
    const last = rows.at(-1)
    if (!last) throw new Error(`no row of the log behind position ${after}`)
    yield rows.map((row) => `${row.hash.toString('hex')} ${canonical(row.position, row)}\n`).join('')
    after = last.position
  }
}

/** The last line of a package: the signature over all before it (签名). */
export function signatureLine(signature: string): string {
  return `{"signature":"${signature}"}\n`
}

/** Signs what `packRows` gave, by its SM3. */
export function signPackage(keys: KeyRing, digest: Buffer): string {
  return signDigest(keys, format, digest)
}

/** What is wrong with a package, at which of its positions. */
export class BrokenPackage extends Error {}

/** A package that holds: what is in it, the SM3 of the whole file, and the fingerprint of the key that signed it; null for one of before packages were signed. */
export type VerifiedPackage = AuditPackage & { digest: string; signedBy: string | null }

/**
 * Recomputes a package byte by byte, its signature too (校验归档包). Needs no database. Whether the key is the platform's own, which the package cannot
 * say of itself, is for whoever holds its fingerprint.
 * @throws BrokenPackage
 */
export async function verifyPackage(text: AsyncIterable<Uint8Array | string>): Promise<VerifiedPackage> {
  const digest = createHash('sm3')
  let held: (AuditPackage & { publicKey: string | null }) | undefined
  let isSigned = false
  let position = 0
  let hash = ''
  for await (const line of linesOf(text)) {
    if (isSigned) throw new BrokenPackage('归档包在签名之后还有内容。')
    const signature = held && /^\{"signature":"([0-9a-f]*)"\}$/.exec(line)?.[1]
    if (held?.publicKey && signature !== undefined) {
      if (!verifyDigest(held.publicKey, format, digest.copy().digest(), signature)) throw new BrokenPackage('归档包的签名不成立。')
      isSigned = true
    }
    digest.update(`${line}\n`)
    if (isSigned) continue
    if (!held) {
      held = headerOf(line)
      position = held.from - 1
      hash = held.previous
      continue
    }
    position += 1
    const [told, row] = [line.slice(0, 64), line.slice(65)]
    hash = createHash('sm3').update(Buffer.from(hash, 'hex')).update(row).digest('hex')
    if (hash !== told || line[64] !== ' ' || positionOf(row) !== String(position))
      throw new BrokenPackage(`归档包在位置 ${position} 不成立。`)
  }
  if (!held || position !== held.to || hash !== held.head) throw new BrokenPackage('归档包不完整，或与其首行不符。')
  const { publicKey, ...told } = held
  if (publicKey && !isSigned) throw new BrokenPackage('归档包没有签名，不完整。')
  return { ...told, digest: digest.digest('hex'), signedBy: publicKey === null ? null : (fingerprintOfHex(publicKey) ?? null) }
}

/** Lines that end with a line feed and nothing else: a byte that a more lenient reader would overlook is a changed byte. */
async function* linesOf(text: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let rest = ''
  const decode = (piece?: Uint8Array) => {
    try {
      return piece ? decoder.decode(piece, { stream: true }) : decoder.decode()
    } catch {
      throw new BrokenPackage('归档包中有不是 UTF-8 的内容。')
    }
  }
  for await (const piece of text) {
    const lines = (rest + decode(typeof piece === 'string' ? Buffer.from(piece) : piece)).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest + decode() !== '') throw new BrokenPackage('归档包的最后一行不完整。')
}

function headerOf(line: string): AuditPackage & { publicKey: string | null } {
  try {
    const { format: told, from, to, previous, head, publicKey = null } = JSON.parse(line)
    const isSigner = told === format ? fingerprintOfHex(String(publicKey)) !== undefined : told === unsignedFormat && publicKey === null
    if (isSigner && Number.isSafeInteger(from) && Number.isSafeInteger(to) && /^[0-9a-f]{64}$/.test(previous) && from <= to)
      return { from, to, previous, head: String(head), publicKey }
  } catch {
    // Told below.
  }
  throw new BrokenPackage('文件不是审计日志归档包。')
}

function positionOf(row: string): string {
  const found = /^\["tongchou-audit-1","(\d+)",/.exec(row)
  return found?.[1] ?? ''
}
