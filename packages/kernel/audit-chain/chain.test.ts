import { testDatabase } from '@tongchou/testing'
import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { recordAudit } from '../audit.ts'
import { inTransaction } from '../context.ts'
import { treeTamperings } from '../evidence/tamper-tree.given.ts'
import { buildLog, type TamperedLog } from '../evidence/tampered-log.given.ts'
import { ctxOf } from '../kernel.given.ts'
import { openSealer } from './seal.ts'
import { tamperings } from './tamper.given.ts'
import { verifyChain } from './verify.ts'

const { db, pool, owner } = await testDatabase()
const ctx = ctxOf(db)
const failures: unknown[] = []
const newSealer = () => openSealer({ db, now: () => new Date('2026-03-02T01:00:00Z'), onError: (error) => failures.push(error) })
let sealer = newSealer()

const tables =
  'kernel.audit_event, kernel.audit_seal, kernel.audit_head, kernel.audit_cut, kernel.evidence_leaf, kernel.evidence_place, kernel.evidence_head'
beforeEach(async () => {
  await owner.query(`truncate ${tables} restart identity`)
  sealer = newSealer()
})

const record = async (count: number, from = 0) => {
  for (let index = from; index < from + count; index++)
    await recordAudit(ctx, 'project.submitted', { kind: 'project', id: `p${index}` }, { b: index, a: '说明', n: 1.5 })
}

describe('sealing', () => {
  test('gives every row one place, in the order of the numbers, and keeps the head', async () => {
    await record(3)
    expect(await verifyChain(db)).toMatchObject({ ok: true, verified: 0, head: null, unsealed: 3 })
    await sealer.sealNow()
    expect(await verifyChain(db)).toMatchObject({ ok: true, verified: 3, unsealed: 0, firstBad: null, late: { count: 0 } })
    const { rows } = await owner.query('select position, seq from kernel.audit_seal order by position')
    expect(rows).toEqual([1, 2, 3].map((n) => ({ position: String(n), seq: String(n) })))
    expect((await owner.query('select position from kernel.audit_head')).rows).toEqual([{ position: '3' }])
  })

  test('is the same from one batch or many, and by any language: SM3 over the hash before and the row as a JSON array of texts', async () => {
    await record(2)
    await sealer.sealNow()
    const { rows } = await owner.query("select encode(hash, 'hex') as hash from kernel.audit_seal order by position")
    await owner.query('truncate kernel.audit_seal, kernel.audit_head, kernel.evidence_leaf, kernel.evidence_place')
    const [first] = (await owner.query('select * from kernel.audit_event order by seq limit 1')).rows
    expect(first.detail).toEqual({ a: '说明', b: 0, n: 1.5 })
    const { createHash } = await import('node:crypto')
    const beginning = createHash('sm3').update('tongchou-audit-1').digest()
    const text =
      '["tongchou-audit-1","1","1","2026-03-02T01:00:00.000000Z","test","account-clerk","person-clerk","clerk","post-clerk","civil-affairs","市民政局","project.submitted","done","project","p0","{\\"a\\": \\"说明\\", \\"b\\": 0, \\"n\\": 1.5}"]'
    expect(createHash('sm3').update(beginning).update(text).digest('hex')).toBe(rows[0].hash)
    await newSealer().sealNow()
    expect((await owner.query("select encode(hash, 'hex') as hash from kernel.audit_seal order by position")).rows).toEqual(rows)
  })

  test('a transaction that commits late is never waited for, and gets a later place', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let written = () => {}
    const begun = new Promise<void>((resolve) => {
      written = resolve
    })
    const slow = inTransaction(ctx, async (tx) => {
      await recordAudit(tx, 'project.slow', { kind: 'project', id: 'slow' })
      written()
      await held
    })
    await begun
    await record(2)
    await sealer.sealNow()
    expect(await verifyChain(db)).toMatchObject({ ok: true, verified: 2 })
    release()
    await slow
    await sealer.sealNow()
    expect(await verifyChain(db)).toMatchObject({ ok: true, verified: 3, unsealed: 0 })
    const { rows } = await owner.query('select seq from kernel.audit_seal order by position')
    expect(rows.map(({ seq }) => Number(seq))).toEqual([2, 3, 1])
  })

  test('several processes that seal while others write give every row one place', async () => {
    const processes = Array.from({ length: 4 }, newSealer)
    const writers = Array.from({ length: 4 }, (_, index) => record(25, index * 100))
    const sealing = processes.map(async (one) => {
      for (let times = 0; times < 5; times++) await one.sealNow()
    })
    await Promise.all([...writers, ...sealing])
    await sealer.sealNow()
    expect(await verifyChain(db)).toMatchObject({ ok: true, verified: 100, unsealed: 0 })
  })

  test('an act that was rolled back leaves no gap', async () => {
    await record(1)
    await expect(
      inTransaction(ctx, async (tx) => {
        await recordAudit(tx, 'project.lost', { kind: 'project', id: 'x' })
        throw new Error('lost')
      }),
    ).rejects.toThrow()
    await record(1)
    await sealer.sealNow()
    expect(await verifyChain(db)).toMatchObject({ ok: true, verified: 2 })
  })

  test('a row that claims an earlier time than those before it is told', async () => {
    await record(2)
    await recordAudit({ ...ctx, now: () => new Date('2025-03-02T01:00:00Z') }, 'project.backdated', { kind: 'project', id: 'x' })
    await sealer.sealNow()
    expect(await verifyChain(db)).toMatchObject({ ok: true, late: { count: 1, firstPosition: 3 } })
  })

  test('a sealer that is started seals by itself at its end', async () => {
    await record(1)
    sealer.start()
    await sealer.stop()
    expect([(await verifyChain(db)).verified, failures]).toEqual([1, []])
  })
})

describe('who falsifies the log as owner of the database', () => {
  // Rounds of ten rows, each with a leaf of another kind before it: `npm run hostile -- tamper` takes a longer log and a hundred positions.
  let log: TamperedLog
  beforeAll(async () => {
    log = await buildLog(db, owner, [10, 10, 10])
  })

  test('nobody: the log holds against all heads that somebody else has held', async () => {
    await log.restore()
    expect(log.outside.heads.map(({ position }) => position)).toEqual([10, 20, 30])
    expect(log.outside.signedHeads.map(({ size }) => size)).toEqual([2, 4, 6])
    expect(await log.verify(log.outside)).toMatchObject({ ok: true, unattested: 0, tree: { leaves: 6, keptHeads: 3, outsideHeads: 3 } })
  })

  test.each(tamperings.map((one) => [one.name, one] as const))('%s', async (_name, { chainTells, run }) => {
    for (const position of [1, 10, 14, 28]) {
      await log.restore()
      await run(owner, position)
      const alone = await log.verify()
      if (chainTells) expect(alone.firstBad?.position).toBeLessThanOrEqual(chainTells(position))
      else expect([position, alone.ok]).toEqual([position, true])
      // The signed heads tell by themselves; where the chain's are held too, they name the place in rows.
      expect([position, (await log.verify({ heads: [], signedHeads: log.outside.signedHeads })).ok]).toEqual([position, false])
      expect((await log.verify(log.outside)).firstBad?.position).toBeLessThanOrEqual(Math.ceil(position / 10) * 10)
    }
  })

  test.each(treeTamperings.map((one) => [one.name, one] as const))('%s', async (_name, { tells, run }) => {
    for (const position of [1, 4, 5]) {
      await log.restore()
      await run(owner, position)
      const alone = await log.verify()
      expect([position, alone.firstBad?.reason ?? null]).toEqual([position, tells(position)])
      expect([position, (await log.verify(log.outside)).ok]).toEqual([position, false])
    }
  })
})

describe('the application role', () => {
  test.each([
    ['audit_event', 'action'],
    ['audit_seal', 'hash'],
    ['audit_head', 'hash'],
    ['audit_cut', 'hash'],
    ['evidence_leaf', 'digest'],
    ['evidence_place', 'nodes'],
    ['evidence_head', 'signature'],
  ])('may not change, delete or truncate %s', async (table, column) => {
    await record(1)
    await sealer.sealNow()
    for (const attempt of [`update kernel.${table} set ${column} = ${column}`, `delete from kernel.${table}`, `truncate kernel.${table}`])
      await expect(pool.query(attempt), attempt).rejects.toMatchObject({ code: '42501' })
  })

  test('cannot put a place between others, or a second one for a row', async () => {
    await record(2)
    await sealer.sealNow()
    const forge = (position: number, seq: number) =>
      sql`insert into kernel.audit_seal (position, seq, hash) values (${position}, ${seq}, ${Buffer.alloc(32)})`.execute(db)
    await expect(forge(2, 9)).rejects.toMatchObject({ code: '23505' })
    await expect(forge(3, 2)).rejects.toMatchObject({ code: '23505' })
  })
})

test('behind a cut that has left no row the chain goes on from the cut, and not from its beginning', async () => {
  await record(3)
  await sealer.sealNow()
  const { head } = await verifyChain(db)
  await owner.query('delete from kernel.audit_event; delete from kernel.audit_seal')
  await owner.query(
    `insert into kernel.audit_cut (position, hash, package_digest, removed_at) values (3, decode($1, 'hex'), 'digest', now())`,
    [head?.hash],
  )
  await record(2, 3)
  await newSealer().sealNow()
  expect(await verifyChain(db)).toMatchObject({ ok: true, verified: 2, head: { position: 5 }, cut: { position: 3 } })
})

test('a verification that is stopped ends at once and says so', async () => {
  await record(3)
  await sealer.sealNow()
  const stopped = AbortSignal.abort(new Error('stopped'))
  await expect(verifyChain(db, { signal: stopped })).rejects.toThrow('stopped')
})
