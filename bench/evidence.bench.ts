import {
  fromHex,
  type Leaf,
  leafText,
  type MerkleLog,
  openLog,
  receiptFile,
  receiptFormat,
  rootFromPath,
  signHead,
  sm2Signer,
  toBase64,
  toHex,
  treeHash,
  utf8,
  verifyReceipt,
} from '@tongchou/evidence'
import { nativeSm3 } from '@tongchou/evidence/native'
import { type Figure, inTurn, median, quantile } from './measure.ts'

const LEAVES = 1_000_000
const PROOFS = 10_000
const SIGNATURES = 50
const RECEIPTS = 200
const MOST_MS = 10
const MOST_BYTES = 2048
const tree = treeHash(nativeSm3)
const signer = sm2Signer('3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8')

/** The evidence log by itself, without a database: leaves, signatures and proofs, each beside plain SM3 of the same bytes in the same run. */
export async function evidence(): Promise<Figure[]> {
  const log = openLog(tree)
  for (let index = 0; index < LEAVES; index++) log.append(utf8(leafText(leafOf(index))))
  return [await appending(), await signing(), proving(log), await verifying(log)]
}

/** Leaves appended in a second, beside hashing the bytes that a tree of them hashes: the leaf, and a node of 65 bytes for each. */
async function appending(): Promise<Figure> {
  const texts = Array.from({ length: 100_000 }, (_, index) => utf8(textOf(index)))
  const node = new Uint8Array(65)
  const { ours, plain } = await inTurn(
    {
      ours: async () =>
        perSecond(texts.length, () => {
          const log = openLog(tree)
          for (const text of texts) log.append(text)
        }),
      plain: async () =>
        perSecond(texts.length, () => {
          for (const text of texts) {
            nativeSm3(text)
            nativeSm3(node)
          }
        }),
    },
    5,
  )
  const ratio = median(ours) / median(plain)
  return {
    name: 'leaves appended to the tree',
    ours: `${thousands(median(ours))} leaves/s`,
    against: `SM3 of the same bytes alone ${thousands(median(plain))}/s`,
    ratio,
    wanted: '≥ 0.50, and ≥ 20,000 leaves/s',
    holds: ratio >= 0.5 && median(ours) >= 20_000,
  }
}

/** One SM2 signature for a round, beside hashing the two thousand rows of a full one. */
async function signing(): Promise<Figure> {
  const row = utf8(textOf(0))
  const taken: number[] = []
  for (let index = 0; index < SIGNATURES; index++) {
    const began = performance.now()
    await signHead(signer, { size: index + 1, root: 'ab'.repeat(32), at: '2026-03-02T01:00:00.000Z' })
    taken.push(performance.now() - began)
  }
  const began = performance.now()
  for (let index = 0; index < 2000; index++) nativeSm3(row)
  const batch = performance.now() - began
  const ratio = median(taken) / batch
  return {
    name: 'signing the head of a round (SM2)',
    ours: `p50 ${median(taken).toFixed(1)} ms, p95 ${quantile(taken, 0.95).toFixed(1)} ms`,
    against: `SM3 of 2,000 rows ${batch.toFixed(1)} ms`,
    ratio,
    wanted: 'p50 ≤ 50 ms, once in ten seconds',
    holds: median(taken) <= 50,
  }
}

/** Random proofs of a million leaves, made and verified. */
function proving(log: MerkleLog): Figure {
  const root = toHex(log.root())
  const node = new Uint8Array(65)
  const [taken, plain]: [number[], number[]] = [[], []]
  let longest = 0
  for (let count = 0; count < PROOFS; count++) {
    const index = placeOf(count)
    const began = performance.now()
    const path = log.inclusion(index)
    const led = rootFromPath(tree, tree.leaf(utf8(textOf(index))), { index, size: LEAVES, path })
    taken.push(performance.now() - began)
    if (!led || toHex(led) !== root) throw new Error(`the proof of leaf ${index} does not hold`)
    longest = Math.max(longest, JSON.stringify({ index, size: LEAVES, path: path.map(toBase64) }).length)
    const start = performance.now()
    for (let level = 0; level <= path.length; level++) nativeSm3(node)
    plain.push(performance.now() - start)
  }
  const p99 = quantile(taken, 0.99)
  return {
    name: `${thousands(PROOFS)} random proofs of ${thousands(LEAVES)} leaves, made and verified`,
    ours: `p50 ${median(taken).toFixed(3)} ms, p99 ${p99.toFixed(3)} ms, longest proof ${longest} bytes`,
    against: `as many SM3 of 65 bytes p50 ${median(plain).toFixed(3)} ms`,
    ratio: median(taken) / median(plain),
    wanted: `each < ${MOST_MS} ms (p99), ≤ ${MOST_BYTES} bytes`,
    holds: p99 < MOST_MS && longest <= MOST_BYTES,
  }
}

/** Whole receipts read from their text and verified, signature included, as an auditor's machine does it. */
async function verifying(log: MerkleLog): Promise<Figure> {
  const head = await signHead(signer, { size: LEAVES, root: toHex(log.root()), at: '2026-03-02T01:00:00.000Z' })
  const taken = Array.from({ length: RECEIPTS }, (_, count) => {
    const index = placeOf(count)
    const proof = { index, size: LEAVES, path: log.inclusion(index).map(toBase64) }
    const text = receiptFile({ format: receiptFormat, entry: null, leaf: leafOf(index), proof, head })
    const began = performance.now()
    if (!verifyReceipt(text, {}, nativeSm3).holds) throw new Error(`the receipt of leaf ${index} does not hold`)
    return performance.now() - began
  })
  const hashed = Array.from({ length: RECEIPTS }, () => {
    const began = performance.now()
    for (let level = 0; level <= 20; level++) nativeSm3(fromHex('ab'.repeat(65)))
    return performance.now() - began
  })
  return {
    name: `${RECEIPTS} whole receipts verified, signature included`,
    ours: `p50 ${median(taken).toFixed(1)} ms, p99 ${quantile(taken, 0.99).toFixed(1)} ms`,
    against: `their SM3 alone ${median(hashed).toFixed(3)} ms`,
    ratio: median(taken) / median(hashed),
    wanted: `p50 < ${MOST_MS} ms`,
    holds: median(taken) < MOST_MS,
  }
}

/** Scattered over the whole log, each once. */
function placeOf(count: number): number {
  return (count * 7_368_787) % LEAVES
}

function leafOf(index: number): Leaf {
  return { kind: 'audit', subject: `${index + 1}-${index + 9}`, digest: 'ab'.repeat(32), at: '2026-03-02T01:00:00.000Z' }
}

function textOf(index: number): string {
  return leafText(leafOf(index))
}

function perSecond(count: number, act: () => void): number {
  const began = performance.now()
  act()
  return (count * 1000) / (performance.now() - began)
}

function thousands(count: number): string {
  return Math.round(count).toLocaleString('en')
}
