import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { KernelTables } from '../tables.ts'
import { type ChainedRow, canonical, chainedColumns } from './canonical.ts'

/** What a package holds (归档包): the rows of these places, the hash before the first and the one of the last. */
export interface AuditPackage {
  from: number
  to: number
  previous: string
  head: string
}

const format = 'tongchou-audit-package-1'
const batch = 2000

/**
 * The text of a package, piece by piece and always the same for the same rows: a line of JSON that says what it holds, then a line for
 * each row: its hash, a blank, its canonical encoding. Nothing else is needed to recompute the chain.
 */
export async function* packRows(db: Kysely<KernelTables>, { from, to, previous, head }: AuditPackage): AsyncGenerator<string> {
  yield `${JSON.stringify({ format, from, to, previous, head })}\n`
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

/** What is wrong with a package, at which of its positions. */
export class BrokenPackage extends Error {}

/** Recomputes a package line by line and gives what it holds with the SM3 of the whole file. Needs no database. */
export async function verifyPackage(lines: AsyncIterable<string>): Promise<AuditPackage & { digest: string }> {
  const digest = createHash('sm3')
  let held: AuditPackage | undefined
  let position = 0
  let hash = ''
  for await (const line of lines) {
    digest.update(`${line}\n`)
    if (!held) {
      held = headerOf(line)
      position = held.from - 1
      hash = held.previous
      continue
    }
    position += 1
    const [told, row] = [line.slice(0, 64), line.slice(65)]
    hash = createHash('sm3').update(Buffer.from(hash, 'hex')).update(row).digest('hex')
    if (hash !== told || positionOf(row) !== String(position)) throw new BrokenPackage(`归档包在位置 ${position} 不成立。`)
  }
  if (!held || position !== held.to || hash !== held.head) throw new BrokenPackage('归档包不完整，或与其首行不符。')
  return { ...held, digest: digest.digest('hex') }
}

function headerOf(line: string): AuditPackage {
  try {
    const { format: told, from, to, previous, head } = JSON.parse(line)
    if (told === format && Number.isSafeInteger(from) && Number.isSafeInteger(to) && /^[0-9a-f]{64}$/.test(previous) && from <= to)
      return { from, to, previous, head: String(head) }
  } catch {
    // Told below.
  }
  throw new BrokenPackage('文件不是审计日志归档包。')
}

function positionOf(row: string): string {
  const found = /^\["tongchou-audit-1","(\d+)",/.exec(row)
  return found?.[1] ?? ''
}
