import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromBase64, fromHex, isConsistent, type Receipt, receiptFile, type SignedHead, verifyReceipt } from '@tongchou/evidence'
import { testDatabase } from '@tongchou/testing'
import type { KyselyPlugin } from 'kysely'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { recordAudit } from '../audit.ts'
import { openSealer } from '../audit-chain/seal.ts'
import { verifyChain } from '../audit-chain/verify.ts'
import { inTransaction } from '../context.ts'
import { ctxOf } from '../kernel.given.ts'
import { newestHead, signedHeads } from './head.ts'
import { openHeadsFolder } from './heads-folder.ts'
import { recordLeaf } from './leaf.ts'
import { consistencyBetween, tree } from './nodes.ts'
import { receiptOfEvent, receiptOfLeaf } from './receipt.ts'
import { ForkedTree, type HeadKeeping } from './sign.ts'
import { aSigner } from './tampered-log.given.ts'

const { db, owner } = await testDatabase()
const ctx = ctxOf(db)
const folder = mkdtempSync(join(tmpdir(), 'tongchou-heads-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let made = 0
let headsFolder = ''
let errors: unknown[] = []
const sealerOf = (heads: Partial<HeadKeeping> = {}) =>
  openSealer({ db, now: ctx.now, onError: (error) => errors.push(error), heads: { signer: aSigner, outside: null, ...heads } })

beforeEach(async () => {
  const tables = ['audit_event', 'audit_seal', 'audit_head', 'audit_cut', 'evidence_leaf', 'evidence_place', 'evidence_head']
  await owner.query(`truncate ${tables.map((table) => `kernel.${table}`).join(', ')} restart identity`)
  headsFolder = join(folder, String(++made))
  errors = []
})
afterEach(() => vi.useRealTimers())

const record = async (count: number, action = 'project.submitted') => {
  for (let index = 0; index < count; index++) await recordAudit(ctx, action, { kind: 'project', id: `p${index}` }, { index })
}
const attest = (subject: string) => recordLeaf(ctx, { kind: 'exchange', subject, digest: 'cd'.repeat(32) })
const leaves = async () =>
  (
    await owner.query<{ kind: string; subject: string }>(
      'select l.kind, l.subject from kernel.evidence_place p join kernel.evidence_leaf l on l.seq = p.seq order by p.position',
    )
  ).rows.map(({ kind, subject }) => `${kind} ${subject}`)
const heads = async (): Promise<SignedHead[]> => {
  const all: SignedHead[] = []
  for await (const head of signedHeads(db)) all.push(head)
  return all
}
const linesOutside = () =>
  existsSync(headsFolder)
    ? readdirSync(headsFolder)
        .sort()
        .flatMap((name) => readFileSync(join(headsFolder, name), 'utf8').trimEnd().split('\n'))
    : []

describe('a round of sealing', () => {
  test('attests the rows of the round by one leaf, places what others attest, and signs the new head', async () => {
    const sealer = sealerOf()
    await attest('a')
    await record(3)
    await sealer.sealNow()
    await record(2)
    await attest('b')
    await sealer.sealNow()
    await sealer.sealNow()
    expect(await leaves()).toEqual(['exchange a', 'audit 1-3', 'exchange b', 'audit 4-5'])
    expect((await heads()).map(({ size }) => size)).toEqual([2, 4])
    expect(await verifyChain(db)).toMatchObject({ ok: true, unattested: 0, tree: { leaves: 4, keptHeads: 2, unplaced: 0 } })
  })

  test('asks one question when nothing is new, and signs nothing', async () => {
    let asked = 0
    const counting: KyselyPlugin = {
      transformQuery: ({ node }) => {
        asked += 1
        return node
      },
      transformResult: async ({ result }) => result,
    }
    const sealer = openSealer({
      db: db.withPlugin(counting),
      now: ctx.now,
      onError: (error) => errors.push(error),
      heads: { signer: aSigner, outside: null },
    })
    await record(3)
    await sealer.sealNow()
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    sealer.start()
    const before = asked
    vi.advanceTimersByTime(10_000)
    await vi.waitUntil(() => asked > before)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([asked - before, (await heads()).length, errors]).toEqual([1, 1, []])
    await sealer.stop()
  })

  test('a leaf goes with its act: rolled back it is gone, committed late it gets a later place', async () => {
    const sealer = sealerOf()
    const lost = inTransaction(ctx, async (tx) => {
      await recordLeaf(tx, { kind: 'exchange', subject: 'lost', digest: 'ab'.repeat(32) })
      throw new Error('lost')
    })
    await expect(lost).rejects.toThrow('lost')
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const { promise: written, resolve: begun } = Promise.withResolvers<void>()
    const slow = inTransaction(ctx, async (tx) => {
      await recordLeaf(tx, { kind: 'exchange', subject: 'slow', digest: 'ab'.repeat(32) })
      begun()
      await held
    })
    await written
    await attest('quick')
    await sealer.sealNow()
    release()
    await slow
    await sealer.sealNow()
    expect(await leaves()).toEqual(['exchange quick', 'exchange slow'])
    expect((await verifyChain(db)).ok).toBe(true)
  })

  test('of several processes at once each leaf gets one place', async () => {
    const processes = Array.from({ length: 4 }, () => sealerOf())
    const writers = Array.from({ length: 3 }, async (_, writer) => {
      for (let index = 0; index < 8; index++) {
        await attest(`${writer}-${index}`)
        await record(2)
      }
    })
    await Promise.all([
      ...writers,
      ...processes.map(async (one) => {
        for (let times = 0; times < 4; times++) await one.sealNow()
      }),
    ])
    await sealerOf().sealNow()
    const report = await verifyChain(db, { signedHeads: await heads() })
    expect(report).toMatchObject({ ok: true, verified: 48, unattested: 0, tree: { unplaced: 0 } })
    expect((await leaves()).filter((leaf) => leaf.startsWith('exchange'))).toHaveLength(24)
    expect(errors).toEqual([])
  })

  test('what was sealed before there was a tree is attested batch by batch, at most two thousand rows each', async () => {
    await owner.query(`insert into kernel.audit_event (at, request_id, action, outcome, subject_kind, subject_id)
      select '2026-03-02T01:00:00Z', 'r', 'project.submitted', 'done', 'project', n::text from generate_series(1, 4100) n`)
    await sealerOf().sealNow()
    await owner.query('truncate kernel.evidence_leaf, kernel.evidence_place, kernel.evidence_head')
    expect(await verifyChain(db)).toMatchObject({ ok: true, unattested: 4100 })
    await sealerOf().sealNow()
    expect(await leaves()).toEqual(['audit 1-2000', 'audit 2001-4000', 'audit 4001-4100'])
    expect(await verifyChain(db)).toMatchObject({ ok: true, unattested: 0, tree: { leaves: 3 } })
  })

  test('a leaf that says nothing of its kind or no digest is refused by the database', async () => {
    for (const wrong of [
      { kind: 'Exchange', subject: 'a', digest: 'ab'.repeat(32) },
      { kind: 'exchange', subject: '', digest: 'ab'.repeat(32) },
      { kind: 'exchange', subject: 'a', digest: 'ab' },
      { kind: 'audit', subject: 'all', digest: 'ab'.repeat(32) },
    ])
      await expect(recordLeaf(ctx, wrong), JSON.stringify(wrong)).rejects.toMatchObject({ code: '23514' })
  })
})

describe('receipts', () => {
  test('of every row and every leaf hold offline, and say what the log says', async () => {
    const sealer = sealerOf()
    for (const count of [1, 4, 2]) {
      await attest('x')
      await record(count)
      await sealer.sealNow()
    }
    for (let seq = 1; seq <= 7; seq++) {
      const receipt = await receiptOfEvent(db, seq)
      expect(verifyReceipt(receiptFile(receipt), { heads: await heads() })).toMatchObject({ holds: true })
      expect(JSON.parse(receipt.entry?.text ?? '')[2]).toBe(String(seq))
    }
    for (let position = 1; position <= 6; position++) {
      const receipt = await receiptOfLeaf(db, position)
      expect([verifyReceipt(receiptFile(receipt)).holds, receipt.leaf.kind]).toEqual([true, position % 2 === 1 ? 'exchange' : 'audit'])
    }
  })

  test('an older receipt stays one, and its head is the beginning of every later one', async () => {
    const sealer = sealerOf()
    await record(2)
    await sealer.sealNow()
    const early = await receiptOfEvent(db, 1)
    for (let round = 0; round < 6; round++) {
      await attest(String(round))
      await sealer.sealNow()
    }
    expect(verifyReceipt(receiptFile(early), { heads: await heads() }).holds).toBe(true)
    const newest = await newestHead(db)
    for (const { size, root } of await heads()) {
      const path = (await consistencyBetween(db, size, newest?.size ?? 0)).map(fromBase64)
      const second = { size: newest?.size ?? 0, root: fromHex(newest?.root ?? '') }
      expect([size, isConsistent(tree, { size, root: fromHex(root) }, second, path)]).toEqual([size, true])
    }
  })

  test('are not given before the row is signed, nor of what is not there, nor once the batch was partly packed away', async () => {
    const code = (asked: Promise<Receipt>) =>
      asked.then(
        () => 'given',
        (error: { code: string }) => error.code,
      )
    await record(3)
    expect(await code(receiptOfEvent(db, 1))).toBe('evidence.not_signed_yet')
    await openSealer({ db, now: ctx.now, onError: () => undefined }).sealNow()
    expect([await code(receiptOfEvent(db, 1)), await code(receiptOfLeaf(db, 1))]).toEqual(Array(2).fill('evidence.not_signed_yet'))
    await sealerOf().sealNow()
    expect([await code(receiptOfEvent(db, 1)), await code(receiptOfLeaf(db, 1))]).toEqual(['given', 'given'])
    expect([await code(receiptOfEvent(db, 9)), await code(receiptOfLeaf(db, 9))]).toEqual(['evidence.not_found', 'evidence.leaf_not_found'])
    await owner.query('delete from kernel.audit_event where seq = 1; delete from kernel.audit_seal where seq = 1')
    expect(await code(receiptOfEvent(db, 2))).toBe('evidence.batch_archived')
    await owner.query("update kernel.evidence_leaf set subject = '1-2'")
    expect(verifyReceipt(receiptFile(await receiptOfLeaf(db, 1))).holds).toBe(false)
  })
})

describe('when the signer does not answer', () => {
  const failing = {
    publicKey: aSigner.publicKey,
    sign: async () => {
      throw new Error('device away')
    },
  }

  test('nobody is kept from acting and rows get their places; the next head that is signed tells of all', async () => {
    let isAway = true
    const signer = { publicKey: aSigner.publicKey, sign: (message: Uint8Array) => (isAway ? failing.sign() : aSigner.sign(message)) }
    const sealer = sealerOf({ signer })
    for (let round = 0; round < 3; round++) {
      await record(2)
      await sealer.sealNow()
    }
    expect([await heads(), sealer.troubles().signer?.since, errors.length]).toEqual([[], ctx.now(), 1])
    expect(await verifyChain(db)).toMatchObject({ ok: true, verified: 6, unattested: 0, tree: { leaves: 3, head: null } })
    isAway = false
    await sealer.sealNow()
    expect((await heads()).map(({ size }) => size)).toEqual([3])
    expect([sealer.troubles().signer, errors.length]).toEqual([null, 1])
    expect(verifyReceipt(receiptFile(await receiptOfEvent(db, 1))).holds).toBe(true)
  })

  test('one that hangs is given up after five seconds', async () => {
    const sealer = sealerOf({ signer: { publicKey: aSigner.publicKey, sign: () => new Promise(() => undefined) } })
    await record(1)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const sealing = sealer.sealNow()
    await vi
      .waitUntil(
        async () => {
          await vi.advanceTimersByTimeAsync(1000)
          return sealer.troubles().signer !== null
        },
        { interval: 1 },
      )
      .catch(() => undefined)
    await sealing
    expect(String(sealer.troubles().signer?.error)).toContain('5000 ms')
  })
})

describe('heads outside the database', () => {
  test('are one line each, in a file for each month, and the next process goes on', async () => {
    const outside = () => openHeadsFolder(headsFolder)
    for (let round = 0; round < 3; round++) {
      await record(1)
      await sealerOf({ outside: outside() }).sealNow()
    }
    expect(readdirSync(headsFolder)).toEqual(['heads-2026-03.jsonl'])
    expect(linesOutside().map((line) => JSON.parse(line))).toEqual(await heads())
    expect(await verifyChain(db, { signedHeads: linesOutside().map((line) => JSON.parse(line)) })).toMatchObject({
      ok: true,
      tree: { outsideHeads: 3 },
    })
  })

  test('what was not written when the process died, or half, is written by the next', async () => {
    await record(1)
    await sealerOf({ outside: openHeadsFolder(headsFolder) }).sealNow()
    for (let round = 0; round < 2; round++) {
      await record(1)
      await sealerOf().sealNow()
    }
    appendFileSync(join(headsFolder, 'heads-2026-03.jsonl'), '{"format":"tongchou-head-1","si')
    await sealerOf({ outside: openHeadsFolder(headsFolder) }).sealNow()
    expect(linesOutside().map((line) => JSON.parse(line))).toEqual(await heads())
  })

  test('a folder that cannot be written keeps nobody from signing, and is tried again', async () => {
    writeFileSync(headsFolder, 'in the way')
    const sealer = sealerOf({ outside: openHeadsFolder(headsFolder) })
    await record(1)
    await sealer.sealNow()
    expect([(await heads()).length, sealer.troubles().outside?.since, errors.length]).toEqual([1, ctx.now(), 1])
    rmSync(headsFolder)
    await sealer.sealNow()
    expect([linesOutside().length, sealer.troubles().outside]).toEqual([1, null])
  })

  test.each<[string, string]>([
    [
      'shortened',
      'with gone as (delete from kernel.evidence_place where position > 1 returning seq) delete from kernel.evidence_leaf l using gone where gone.seq = l.seq',
    ],
    ['emptied', 'truncate kernel.evidence_head, kernel.evidence_place, kernel.evidence_leaf'],
    ['changed', 'update kernel.evidence_place set nodes = set_bit(nodes, 300, 1 - get_bit(nodes, 300)) where position = 2'],
    ['robbed of a node', 'update kernel.evidence_place set nodes = substr(nodes, 1, 32) where position = 2'],
  ])('a tree that was %s behind the platform’s back gets no new signature, also from the next process', async (_how, statement) => {
    const sealer = sealerOf({ outside: openHeadsFolder(headsFolder) })
    for (let round = 0; round < 2; round++) {
      await record(1)
      await sealer.sealNow()
    }
    await owner.query(statement)
    const before = (await heads()).length
    for (const one of [sealer, sealerOf({ outside: openHeadsFolder(headsFolder) })]) {
      await record(1)
      await one.sealNow()
      expect([one.troubles().forked?.error, (await heads()).length, linesOutside().length]).toEqual([new ForkedTree(2), before, 2])
    }
    // Told once by each, though it stays.
    expect(errors.filter((error) => error instanceof ForkedTree)).toHaveLength(2)
    // Acts go on, and their rows have places.
    expect((await owner.query('select from kernel.audit_seal')).rowCount).toBe(4)
  })

  test('a head that somebody else put into the database does not get out', async () => {
    const sealer = sealerOf({ outside: openHeadsFolder(headsFolder) })
    await record(1)
    await sealer.sealNow()
    await owner.query(`insert into kernel.evidence_head select 1000000, root, at, public_key, signature from kernel.evidence_head`)
    await record(1)
    await sealer.sealNow()
    expect(linesOutside().map((line) => JSON.parse(line).size)).toEqual([1, 2])
  })

  test('another head at the same size, as another copy of the platform would show it, is told', async () => {
    await record(2)
    await sealerOf().sealNow()
    const [head] = await heads()
    if (!head) throw new Error('no head')
    const other = { ...head, root: 'ab'.repeat(32) }
    expect((await verifyChain(db, { signedHeads: [other] })).firstBad).toEqual({ position: 1, reason: 'outside-signature' })
    const { signHead } = await import('@tongchou/evidence')
    expect((await verifyChain(db, { signedHeads: [await signHead(aSigner, other)] })).firstBad).toEqual({
      position: 1,
      reason: 'outside-signed-head',
    })
  })
})
