import { expect, test } from 'vitest'
import type { Organisation } from './identity-api.ts'
import { type Branch, matching, pathTo, treeOf } from './organisation-tree.ts'

function organisation(id: string, parentId: string | null, name = id): Organisation {
  const rest = { kind: 'other', uscc: null, divisionCode: null, sortOrder: 1, validFrom: '2026-01-01', validTo: null, version: 1 }
  return { id, parentId, name, shortName: name, ...rest }
}

const city = [
  organisation('finance', 'city', '乌海市财政局'),
  organisation('city', null, '乌海市人民政府'),
  organisation('audit', 'city', '乌海市审计局'),
]
const shape = (branches: Branch[]): unknown => branches.map((branch) => [branch.organisation.id, shape(branch.children)])

test('departments stand below the city in the order of the list, wherever the city stands in it', () => {
  expect(shape(treeOf(city))).toEqual([
    [
      'city',
      [
        ['finance', []],
        ['audit', []],
      ],
    ],
  ])
  expect(pathTo(city, 'audit')).toEqual(['city'])
  expect(pathTo(city, 'city')).toEqual([])
  expect(pathTo(city, 'nobody')).toEqual([])
})

test('an organisation whose parent is gone, or that is its own grandparent, is still shown', () => {
  expect(shape(treeOf([organisation('orphan', 'closed')]))).toEqual([['orphan', []]])
  const ring = treeOf([organisation('a', 'b'), organisation('b', 'a')])
  expect(JSON.stringify(shape(ring))).toContain('"a"')
  expect(JSON.stringify(shape(ring))).toContain('"b"')
  expect(pathTo([organisation('a', 'b'), organisation('b', 'a')], 'a')).toHaveLength(2)
})

test('searching finds by every word, in the name or the id', () => {
  expect(matching(city, '财政').map(({ id }) => id)).toEqual(['finance'])
  expect(matching(city, '乌海 局').map(({ id }) => id)).toEqual(['finance', 'audit'])
  expect(matching(city, 'AUDIT').map(({ id }) => id)).toEqual(['audit'])
  expect(matching(city, ' ')).toHaveLength(3)
})
