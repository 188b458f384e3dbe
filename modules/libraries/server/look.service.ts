import { type Ctx, checkCitizenId, decodeCursor, InvalidValue, inTransaction, personDigest, recordAudit, toPage } from '@tongchou/kernel'
import { librariesDb } from './library.schema.ts'
import type { LibrariesPorts } from './ports.ts'
import type { PersonLook } from './query.api.ts'

/** Who looked at a person's records (谁查看了我的数据), the last look first. The auditor's own question is written down too. */
export async function lookPage(
  ctx: Ctx,
  ports: Pick<LibrariesPorts, 'keys'>,
  { identifier, limit = 50, cursor }: { identifier: string; limit?: number; cursor?: string },
): Promise<{ items: PersonLook[]; nextCursor: string | null }> {
  const checked = checkCitizenId(identifier, ctx.now())
  if (!checked.ok)
    throw new InvalidValue('libraries.bad_identifier', '公民身份号码不合规则，请核对。', [
      { path: 'identifier', message: '公民身份号码不合规则' },
    ])
  const person = personDigest(ports.keys, checked.value.value)
  const before = decodeCursor(cursor, ['integer'])?.[0]
  return inTransaction(ctx, async (tx) => {
    await recordAudit(tx, 'library.looks_read', { kind: 'person-looks', id: person })
    let rows = librariesDb(tx).selectFrom('libraries.person_look').selectAll().where('person', '=', person)
    if (before !== undefined) rows = rows.where('seq', '<', Number(before))
    const found = await rows
      .orderBy('seq', 'desc')
      .limit(limit + 1)
      .execute()
    return toPage(
      found,
      limit,
      (row) => [row.seq],
      (row): PersonLook => ({
        at: row.at.toISOString(),
        resource: row.title,
        orgName: row.org_name,
        personName: row.person_name,
        purpose: row.purpose,
        note: row.note,
        items: [...row.items],
        masked: row.masked,
      }),
    )
  })
}
