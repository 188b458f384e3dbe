import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { receiptOf, tree } from './evidence.given.ts'
import { type Receipt, receiptFile, sm2Fingerprint, sm2Signer, toBase64, utf8, verifyReceipt } from './index.ts'
import { nativeSm3 } from './native.ts'

const signer = sm2Signer('3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8')
const other = sm2Signer('1'.padStart(64, '0'))
const texts = Array.from({ length: 11 }, (_, index) => JSON.stringify(['tongchou-audit-1', String(index + 1), '市民政局']))
const receipt = await receiptOf(signer, texts, { entry: 4, leaf: 6, size: 13 })
const fingerprint = sm2Fingerprint(signer.publicKey)
const folder = mkdtempSync(join(tmpdir(), 'tongchou-receipt-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Held = { fingerprint?: string; heads?: unknown[] }
interface StandAlone {
  verify(text: string, held?: Held, say?: (line: string) => void): void
  Broken: new () => Error
}
const program = join(import.meta.dirname, 'verify-receipt.mjs')
const { verify, Broken } = (await import(program)) as StandAlone

/** What the program that shares no line with the platform says; null when it holds. */
function standAlone(text: string, held: Held = {}): string | null {
  try {
    verify(text, held)
    return null
  } catch (error) {
    if (error instanceof Broken) return error.message
    throw error
  }
}

/** The same as somebody runs it. */
function run(text: string, ...options: string[]): { code: number | null; output: string } {
  const file = join(folder, 'receipt.json')
  writeFileSync(file, text)
  const ended = spawnSync(process.execPath, [program, file, ...options], { encoding: 'utf8' })
  return { code: ended.status, output: ended.stdout + ended.stderr }
}

test('a receipt holds by itself, step by step, and says what only something held elsewhere can tell', () => {
  const report = verifyReceipt(receiptFile(receipt))
  expect(report).toMatchObject({ holds: true, fingerprint, receipt })
  expect(report.steps.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['form', 'holds'],
    ['entry', 'holds'],
    ['tree', 'holds'],
    ['signature', 'holds'],
    ['key', 'unchecked'],
    ['head', 'unchecked'],
  ])
  expect(report.says).toBe(
    '凭证成立：所载记录在 2026-03-02 09:00:10（北京时间）已写入存证树，内容与写入时一致。尚未比对：签名公钥、外部签名头。',
  )
  expect(standAlone(receiptFile(receipt))).toBeNull()
})

test('with the fingerprint and the head that somebody holds every step is told; another of either is told too', () => {
  const held = verifyReceipt(receiptFile(receipt), { fingerprint, heads: [receipt.head] })
  expect(held.steps.every(({ outcome }) => outcome === 'holds')).toBe(true)
  expect(verifyReceipt(receiptFile(receipt), { fingerprint: 'ab'.repeat(32) })).toMatchObject({
    holds: false,
    says: expect.stringContaining('指纹不符'),
  })
  const split = { ...receipt.head, root: 'ab'.repeat(32) }
  expect(verifyReceipt(receiptFile(receipt), { heads: [split] }).says).toContain('两个不同的存证树')
  expect(standAlone(receiptFile(receipt), { fingerprint, heads: [receipt.head] })).toBeNull()
  expect(standAlone(receiptFile(receipt), { fingerprint: 'ab'.repeat(32) })).toContain('指纹不符')
  expect(standAlone(receiptFile(receipt), { heads: [split] })).toContain('两个不同的存证树')
})

test('the program of one file runs by itself, and says how it is used', () => {
  const heads = join(folder, 'heads.jsonl')
  writeFileSync(heads, `${JSON.stringify(receipt.head)}\n`)
  const whole = run(receiptFile(receipt), '--fingerprint', fingerprint, '--heads', heads)
  expect(whole).toEqual({ code: 0, output: expect.stringContaining('凭证成立。') })
  expect(run(JSON.stringify({ ...receipt, format: 'x' }))).toEqual({ code: 1, output: expect.stringContaining('凭证不成立') })
  for (const options of [['--head', 'x'], ['--fingerprint'], ['--heads', join(folder, 'absent')]])
    expect(run('{}', ...options).code).toBe(2)
  // Nothing of the platform and nothing installed: alone in an empty folder.
  const copy = join(folder, 'copy.mjs')
  copyFileSync(program, copy)
  writeFileSync(join(folder, 'receipt.json'), receiptFile(receipt))
  expect(spawnSync(process.execPath, [copy, 'receipt.json'], { cwd: folder, env: {} }).status).toBe(0)
})

/** Every way to change one thing of a receipt, and the step that must tell. */
const alterations: readonly [string, string, (one: Receipt) => unknown][] = [
  ['a character of the record', 'entry', (r) => withEntry(r, { text: r.entry?.text.replace('民政', '财政') })],
  ['another record of the batch', 'entry', (r) => withEntry(r, { text: texts[5] })],
  ['its place in the batch', 'entry', (r) => withProof(r, { index: 5 })],
  ['the size of the batch', 'entry', (r) => withProof(r, { size: 12 })],
  ['the path in the batch', 'entry', (r) => withProof(r, { path: turned(r.entry?.proof.path ?? []) })],
  ['a path in the batch that is too short', 'entry', (r) => withProof(r, { path: r.entry?.proof.path.slice(1) })],
  ['the digest of the batch', 'entry', (r) => ({ ...r, leaf: { ...r.leaf, digest: 'ab'.repeat(32) } })],
  ['what the batch is of', 'tree', (r) => ({ ...r, leaf: { ...r.leaf, kind: 'exchange' } })],
  ['which the batch is', 'tree', (r) => ({ ...r, leaf: { ...r.leaf, subject: '1-12' } })],
  ['when the batch was written', 'tree', (r) => ({ ...r, leaf: { ...r.leaf, at: '2026-03-02T01:00:00.001Z' } })],
  ['its place in the log', 'tree', (r) => ({ ...r, proof: { ...r.proof, index: 7 } })],
  ['the path in the log', 'tree', (r) => ({ ...r, proof: { ...r.proof, path: turned(r.proof.path) } })],
  ['the root', 'tree', (r) => ({ ...r, head: { ...r.head, root: 'ab'.repeat(32) } })],
  ['when it was signed', 'signature', (r) => ({ ...r, head: { ...r.head, at: '2026-03-02T01:00:11.000Z' } })],
  ['the key', 'signature', (r) => ({ ...r, head: { ...r.head, publicKey: other.publicKey } })],
  ['the signature', 'signature', (r) => ({ ...r, head: { ...r.head, signature: `0${r.head.signature.slice(1)}` } })],
  ['the size of the log', 'form', (r) => ({ ...r, head: { ...r.head, size: 14 } })],
  ['the size of the log, twice', 'signature', (r) => ({ ...r, head: { ...r.head, size: 14 }, proof: { ...r.proof, size: 14 } })],
  ['a key that is none', 'form', (r) => ({ ...r, head: { ...r.head, publicKey: `04${'0'.repeat(128)}` } })],
  ['a member that says more', 'form', (r) => ({ ...r, note: '已核验' })],
  ['the version', 'form', (r) => ({ ...r, format: 'tongchou-receipt-2' })],
  ['the record left out', 'form', ({ entry, ...rest }) => rest],
  ['a path spelled otherwise', 'form', (r) => ({ ...r, proof: { ...r.proof, path: r.proof.path.map(respelled) } })],
  ['nothing of a receipt', 'form', () => 'x'],
]

describe('a receipt in which somebody has changed', () => {
  test.each(alterations)('%s does not hold, and the step that tells is named', (_what, name, alter) => {
    const text = JSON.stringify(alter(receipt))
    const report = verifyReceipt(text)
    expect([report.holds, report.steps.at(-1)?.name, report.steps.at(-1)?.outcome]).toEqual([false, name, 'fails'])
    expect(report.says).toMatch(/不符|不成立|不能作为存证凭证/)
    expect(standAlone(text)).toMatch(/不符|不成立|不是|不同/)
  })
})

test('whoever signs a log of their own makes a receipt that holds, and has another fingerprint', async () => {
  const forged = await receiptOf(other, ['forged'], { entry: 0, leaf: 0, size: 1 })
  expect(verifyReceipt(receiptFile(forged)).holds).toBe(true)
  expect(verifyReceipt(receiptFile(forged), { fingerprint }).holds).toBe(false)
})

test('any file at all is answered with a sentence', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(verifyReceipt(text)).toMatchObject({ holds: false, receipt: null })
    }),
  )
})

test('no two programs disagree, on receipts of any shape', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.nat(), fc.nat(), async (entries, size, a, b) => {
      const many = Array.from({ length: entries }, (_, index) => `记录 ${index}`)
      const made = receiptFile(await receiptOf(signer, many, { entry: a % entries, leaf: b % size, size }))
      expect([verifyReceipt(made, {}, nativeSm3).holds, verifyReceipt(made).holds, standAlone(made)]).toEqual([true, true, null])
    }),
    { numRuns: 15 },
  )
})

test('of a million leaves and a full batch the proof is at most 2 KiB', () => {
  const hash = toBase64(tree.leaf(utf8('x')))
  const proof = (size: number, depth: number) => ({ index: size - 1, size, path: Array.from({ length: depth }, () => hash) })
  // 2,001 entries are 11 levels, a million leaves 20: the longest path that there is.
  const longest = JSON.stringify([proof(2001, 11), proof(1_000_000, 20)])
  expect(Buffer.byteLength(longest)).toBeLessThanOrEqual(2048)
})

function withEntry(r: Receipt, changed: object) {
  return { ...r, entry: { ...r.entry, ...changed } }
}
function withProof(r: Receipt, changed: object) {
  return withEntry(r, { proof: { ...r.entry?.proof, ...changed } })
}
function turned(path: readonly string[]): string[] {
  return path.map((hash, index) => (index === 0 ? `${hash.startsWith('A') ? 'B' : 'A'}${hash.slice(1)}` : hash))
}
/** The same bytes, with a bit set that base64 does not need. */
function respelled(hash: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return hash.slice(0, 42) + alphabet[alphabet.indexOf(hash[42] ?? 'A') + 1]
}
