import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logOf, tree } from './evidence.given.ts'
import {
  consistencyPath,
  inclusionPath,
  isConsistent,
  isSame,
  nodesNeeded,
  openAppender,
  peakEnds,
  rootFromPath,
  sm3,
  toHex,
  treeHash,
  utf8,
} from './index.ts'
import { nativeSm3 } from './native.ts'

/** The tree as RFC 6962 §2.1 defines it, without any of what makes ours fast. */
function rootByDefinition(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length < 2) return leaves[0] ? tree.leaf(leaves[0]) : tree.empty()
  let half = 1
  while (half * 2 < leaves.length) half *= 2
  return tree.node(rootByDefinition(leaves.slice(0, half)), rootByDefinition(leaves.slice(half)))
}

const leaves = Array.from({ length: 300 }, (_, index) => utf8(`leaf ${index}`))
const log = logOf(300)
const sizes = fc.integer({ min: 1, max: 300 })
/** A place in a tree: size and index. */
const places = sizes.chain((size) => fc.record({ size: fc.constant(size), index: fc.integer({ min: 0, max: size - 1 }) }))
const pairs = sizes.chain((second) => fc.record({ first: fc.integer({ min: 1, max: second }), second: fc.constant(second) }))
/** One bit of some bytes is turned. */
const flipped = (bytes: Uint8Array, bit: number) => bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
const bits = fc.integer({ min: 0, max: 255 })

test('SM3 in JavaScript and by the machine’s library are the same, also for the standard’s examples', () => {
  expect(toHex(sm3(utf8('abc')))).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0')
  expect(toHex(sm3(utf8('abcd'.repeat(16))))).toBe('debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732')
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 80 }), (one, other) => {
      expect(isSame(sm3(one, other), nativeSm3(one, other))).toBe(true)
      expect(isSame(treeHash(sm3).leaf(one), treeHash(nativeSm3).leaf(one))).toBe(true)
    }),
  )
})

test('the root of every size is the one of the definition, from one leaf at a time or from an appender taken up in the middle', () => {
  expect(toHex(log.root(0))).toBe(toHex(nativeSm3()))
  for (const size of [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 127, 128, 129, 255, 256, 300])
    expect(toHex(log.root(size)), String(size)).toBe(toHex(rootByDefinition(leaves.slice(0, size))))
  fc.assert(
    fc.property(pairs, ({ first, second }) => {
      const begun = openAppender(tree)
      const peaks = new Map<string, Uint8Array>()
      for (const leaf of leaves.slice(0, first))
        for (const [level, node] of begun.append(tree.leaf(leaf)).entries()) peaks.set(`${begun.size()}/${level}`, node)
      const known = peakEnds(first).map(({ end, level }) => peaks.get(`${end}/${level}`) ?? new Uint8Array(0))
      const resumed = openAppender(tree, first, known)
      for (const leaf of leaves.slice(first, second)) resumed.append(tree.leaf(leaf))
      expect(isSame(resumed.root(), log.root(second))).toBe(true)
    }),
  )
})

test('every leaf of a tree of any size proves', () => {
  for (let size = 1; size <= 70; size++)
    for (let index = 0; index < size; index++) {
      const path = log.inclusion(index, size)
      const root = rootFromPath(tree, tree.leaf(leaves[index] ?? utf8('')), { index, size, path })
      expect(root && isSame(root, log.root(size)), `${index} of ${size}`).toBe(true)
    }
  fc.assert(
    fc.property(places, ({ size, index }) => {
      const root = rootFromPath(tree, tree.leaf(utf8(`leaf ${index}`)), { index, size, path: log.inclusion(index, size) })
      expect(root && isSame(root, log.root(size))).toBe(true)
    }),
  )
})

test('no leaf, index, size or path that was altered does', () => {
  const leads = (leaf: Uint8Array, at: { index: number; size: number; path: readonly Uint8Array[] }, size: number) => {
    const root = rootFromPath(tree, leaf, at)
    return root !== undefined && isSame(root, log.root(size))
  }
  fc.assert(
    fc.property(places, bits, fc.integer({ min: 0, max: 299 }), fc.nat(), ({ size, index }, bit, other, which) => {
      const leaf = tree.leaf(utf8(`leaf ${index}`))
      const path = log.inclusion(index, size)
      expect(leads(flipped(leaf, bit), { index, size, path }, size)).toBe(false)
      expect(leads(tree.leaf(utf8(`leaf ${index} `)), { index, size, path }, size)).toBe(false)
      if (other !== index) expect(leads(leaf, { index: other, size, path }, size)).toBe(false)
      if (path.length > 0) {
        const at = which % path.length
        expect(leads(leaf, { index, size, path: path.with(at, flipped(path[at] ?? leaf, bit)) }, size)).toBe(false)
        expect(leads(leaf, { index, size, path: path.toSpliced(at, 1) }, size)).toBe(false)
      }
      expect(leads(leaf, { index, size, path: [...path, leaf] }, size)).toBe(false)
    }),
    { numRuns: 300 },
  )
})

test.each([2, 4, 64, 256])('the halves under a node are no leaf of a tree of half the size (%d)', (size) => {
  const halves = new Uint8Array([...tree.leaf(utf8('leaf 0')), ...tree.leaf(utf8('leaf 1'))])
  const root = rootFromPath(tree, tree.leaf(halves), { index: 0, size: size / 2, path: log.inclusion(0, size).slice(1) })
  expect(root && isSame(root, log.root(size))).toBe(false)
})

test('of any two sizes the smaller is the beginning of the larger, and is of nothing else', () => {
  const head = (size: number) => ({ size, root: log.root(size) })
  for (let second = 1; second <= 40; second++)
    for (let first = 1; first <= second; first++)
      expect(isConsistent(tree, head(first), head(second), log.consistency(first, second)), `${first} in ${second}`).toBe(true)
  fc.assert(
    fc.property(pairs, bits, fc.nat(), sizes, ({ first, second }, bit, which, other) => {
      const path = log.consistency(first, second)
      const holds = (one = head(first), two = head(second), by: readonly Uint8Array[] = path) => isConsistent(tree, one, two, by)
      expect(holds()).toBe(true)
      expect(holds({ size: first, root: flipped(log.root(first), bit) })).toBe(false)
      expect(holds(undefined, { size: second, root: flipped(log.root(second), bit) })).toBe(false)
      if (other !== first) expect(holds({ size: first, root: log.root(other) })).toBe(false)
      if (path.length > 0) {
        const at = which % path.length
        expect(holds(undefined, undefined, path.with(at, flipped(path[at] ?? log.root(), bit)))).toBe(false)
        expect(holds(undefined, undefined, path.toSpliced(at, 1))).toBe(false)
      }
      expect(holds(undefined, undefined, [...path, log.root()])).toBe(false)
    }),
    { numRuns: 300 },
  )
})

test('a history that was changed before the first head is never consistent with it', () => {
  fc.assert(
    fc.property(pairs, fc.nat(), ({ first, second }, which) => {
      const changed = openChanged(which % first)
      const forged = { size: second, root: changed.root(second) }
      expect(isConsistent(tree, { size: first, root: log.root(first) }, forged, changed.consistency(first, second))).toBe(false)
    }),
    { numRuns: 50 },
  )
})

test('which nodes a proof needs is known before any is there: few, also of a huge log', () => {
  const size = 2 ** 40 + 12_345
  const needed = nodesNeeded(tree, (t, nodes) => inclusionPath(t, nodes, 2 ** 39 + 7, size))
  expect(needed.length).toBeLessThan(60)
  for (const { end, level } of needed) expect([end <= size, end % 2 ** level]).toEqual([true, 0])
  expect(nodesNeeded(tree, (t, nodes) => consistencyPath(t, nodes, 2 ** 39 + 7, size)).length).toBeLessThan(120)
})

test.each([
  [0, 0],
  [5, 5],
  [-1, 5],
  [1.5, 5],
])('index %d of a tree of %d has no proof', (index, size) => {
  expect(() => log.inclusion(index, size)).toThrow(RangeError)
  expect(rootFromPath(tree, log.root(), { index, size, path: [] })).toBeUndefined()
})

function openChanged(at: number) {
  const changed = logOf(at)
  for (let index = at; index < 300; index++) changed.append(utf8(index === at ? 'changed' : `leaf ${index}`))
  return changed
}
