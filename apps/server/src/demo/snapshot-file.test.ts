import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testDatabase } from '@tongchou/testing'
import pg from 'pg'
import { expect, test } from 'vitest'
import { findSnapshot, loadSnapshot } from './snapshot-file.ts'
import { takeSnapshot } from './take-snapshot.ts'

test('rows that migrations bring are in every database already: a snapshot does not put them in twice', async () => {
  const present = new Date('2026-11-22T01:00:00Z')
  const origin = { digest: 'd', lastPlanYear: 2027 }
  const [made, empty] = [await testDatabase(), await testDatabase()]
  const folder = mkdtempSync(join(tmpdir(), 'tongchou-snapshot-test-'))
  const client = (database: typeof made) => new pg.Client(database.connection)
  const [from, to] = [client(made), client(empty)]
  await Promise.all([from.connect(), to.connect()])
  try {
    await from.query(`insert into identity.person (id, name, created_at) values (gen_random_uuid(), '赵经办', now())`)
    const path = join(folder, 'city.zst')
    writeFileSync(path, await takeSnapshot(from, origin, present))
    const snapshot = await findSnapshot(path, origin, present)
    if (!snapshot) throw new Error('the snapshot is of this origin')
    await loadSnapshot(to, snapshot, present)
    expect((await to.query('select name from identity.person')).rows).toEqual([{ name: '赵经办' }])
    const kinds = async (one: pg.Client) => (await one.query('select * from identity.relation_kind order by id')).rows
    expect(await kinds(to)).toEqual(await kinds(from))
    expect(await kinds(to)).not.toEqual([])
  } finally {
    await Promise.all([from.end(), to.end()])
    rmSync(folder, { recursive: true })
  }
})
