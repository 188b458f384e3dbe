// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BOX, layoutPath, type PathEdge, type PathStep, type PlacedStep, type ProcedurePath } from './process-layout.ts'

const step = (id: string, state: PathStep['state'] = 'ahead'): PathStep => ({
  id,
  title: id,
  state,
  duty: '审核',
  decisions: [],
  limitText: '5 个工作日',
})
const edge = (from: string, to: string, kind: PathEdge['kind'] = 'forward'): PathEdge => ({ from, to, kind })

test('returns do not turn the path: every forward edge points right, branches stand side by side', () => {
  const path: ProcedurePath = {
    steps: ['file', 'review', 'expert', 'police', 'joint', 'reply'].map((id) => step(id)),
    edges: [
      edge('file', 'review'),
      edge('review', 'expert'),
      edge('review', 'police'),
      edge('expert', 'joint'),
      edge('police', 'joint'),
      edge('joint', 'reply'),
      edge('review', 'file', 'return'),
      edge('joint', 'review', 'return'),
      edge('reply', 'file', 'return'),
    ],
  }
  const at = placesOf(path, 4000)
  for (const { from, to, kind } of path.edges) if (kind === 'forward') expect(x(at, from)).toBeLessThan(x(at, to))
  expect(x(at, 'expert')).toBe(x(at, 'police'))
  expect(at.get('expert')?.y).not.toBe(at.get('police')?.y)
  expect(at.get('file')?.y).toBe(at.get('reply')?.y)
})

test('a path wider than the page goes on in the next row, in order, and never wider than the page', () => {
  const ids = Array.from({ length: 12 }, (_, index) => `s${index}`)
  const path: ProcedurePath = { steps: ids.map((id) => step(id)), edges: ids.slice(1).map((id, index) => edge(`s${index}`, id)) }
  const placed = layoutPath(path, 900)
  expect(placed.width).toBeLessThanOrEqual(900)
  const rows = new Set(placed.steps.map((one) => one.y))
  expect(rows.size).toBe(3)
  expect(placed.edges).toHaveLength(11)
})

test('a way counts as walked when the case went it, not because both ends were once passed', () => {
  const path: ProcedurePath = {
    steps: [step('a', 'done'), step('b', 'done'), step('c', 'active')],
    edges: [edge('a', 'b'), edge('b', 'c'), { ...edge('a', 'c'), taken: 0 }, { ...edge('a', 'c'), taken: 0, title: '原则同意' }],
  }
  const walked = layoutPath(path, 2000).edges.map((one) => [one.edge.from, one.edge.to, one.walked])
  expect(walked).toEqual([
    ['a', 'b', true],
    ['b', 'c', true],
    ['a', 'c', false],
  ])
})

test('whatever the graph and the width, every step is drawn once, inside, and no two boxes overlap', () => {
  const graph = fc.integer({ min: 1, max: 14 }).chain((count) =>
    fc.record({
      count: fc.constant(count),
      width: fc.integer({ min: 100, max: 2400 }),
      pairs: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1), fc.boolean()), { maxLength: 24 }),
    }),
  )
  fc.assert(
    fc.property(graph, ({ count, width, pairs }) => {
      const steps = Array.from({ length: count }, (_, index) => step(String(index)))
      const placed = layoutPath(
        { steps, edges: pairs.map(([a, b, back]) => edge(String(a), String(b), back ? 'return' : 'forward')) },
        width,
      )
      expect(placed.steps).toHaveLength(count)
      for (const one of placed.steps) {
        expect(one.x >= 0 && one.y >= 0 && one.x + BOX.width <= placed.width && one.y + BOX.height <= placed.height).toBe(true)
        for (const other of placed.steps) if (other !== one) expect(overlap(one, other)).toBe(false)
      }
    }),
    { numRuns: 200 },
  )
})

function placesOf(path: ProcedurePath, width: number): Map<string, PlacedStep> {
  return new Map(layoutPath(path, width).steps.map((one) => [one.step.id, one]))
}

function x(at: ReadonlyMap<string, PlacedStep>, id: string): number {
  return at.get(id)?.x ?? Number.NaN
}

function overlap(a: PlacedStep, b: PlacedStep): boolean {
  return Math.abs(a.x - b.x) < BOX.width && Math.abs(a.y - b.y) < BOX.height
}
