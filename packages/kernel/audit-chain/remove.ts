import { type Kysely, sql } from 'kysely'
import { InvalidState } from '../errors.ts'
import type { KernelTables } from '../tables.ts'
import { genesis } from './canonical.ts'
import type { AuditPackage } from './package.ts'
import { verifyChain } from './verify.ts'

/**
 * Takes the rows of a package that was verified out of the log and leaves the cut from which the chain goes on (移除已归档日志). Only the
 * database's owner can; the application's role may delete nothing of the log. What does not fit the log exactly is refused.
 * @param owner a handle of the owner inside a transaction, which the caller ends
 */
export async function removePacked(
  owner: Kysely<KernelTables>,
  held: AuditPackage & { digest: string },
  { now, youngest }: { now: Date; youngest: Date },
): Promise<{ rows: number }> {
  await sql`select pg_advisory_xact_lock(hashtext('tongchou.audit.seal'))`.execute(owner)
  await requireFit(owner, held, youngest)
  const { rows } = await sql<{ seq: number }>`with gone as (delete from kernel.audit_seal where position <= ${held.to} returning seq)
    delete from kernel.audit_event e using gone where e.seq = gone.seq returning e.seq`.execute(owner)
  await owner
    .insertInto('kernel.audit_cut')
    .values({ position: held.to, hash: Buffer.from(held.head, 'hex'), package_digest: held.digest, removed_at: now })
    .execute()
  const after = await verifyChain(owner)
  if (!after.ok) throw new InvalidState('audit.chain_broken', `移除后日志链在位置 ${after.firstBad?.position} 不成立，未移除任何记录。`)
  return { rows: rows.length }
}

async function requireFit(owner: Kysely<KernelTables>, held: AuditPackage, youngest: Date): Promise<void> {
  const cut = await owner
    .selectFrom('kernel.audit_cut')
    .select(['position', 'hash'])
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
  const before = cut ?? { position: 0, hash: genesis }
  const last = await owner.selectFrom('kernel.audit_seal').select('hash').where('position', '=', held.to).executeTakeFirst()
  const fits =
    held.from === before.position + 1 && held.previous === before.hash.toString('hex') && last?.hash.toString('hex') === held.head
  if (!fits) throw new InvalidState('audit.package_unfit', '归档包与日志链的开头不衔接，未移除任何记录。')
  const { rows } = await sql<{
    young: number
  }>`select count(*)::int as young from kernel.audit_seal s join kernel.audit_event e on e.seq = s.seq
    where s.position <= ${held.to} and e.at >= ${youngest}`.execute(owner)
  if (rows[0]?.young) throw new InvalidState('audit.package_too_young', `归档包中有 ${rows[0].young} 条记录未满保存期限，未移除任何记录。`)
}
