import { describe, expect, test } from 'vitest'
import { type Actor, systemActor } from './context.ts'
import { areaPrefix, dutiesFor, reaches, reachOf } from './reach.ts'

const actor: Actor = {
  ...systemActor,
  roles: new Set(['district', 'audit', 'drc']),
  within: new Map([
    ['district', new Set(['haibowan'])],
    ['audit', new Set(['haibowan', 'wuda'])],
  ]),
}

describe('a duty given for an area', () => {
  test('counts for the organisations in it, and a duty without one for all', () => {
    expect(reachOf(actor, ['district'])).toEqual(['haibowan'])
    expect(reachOf(actor, ['district', 'audit'])).toEqual(['haibowan', 'wuda'])
    expect(reachOf(actor, ['district', 'drc'])).toBe('everywhere')
    expect(reachOf(actor, ['finance'])).toEqual([])
    expect(reaches(actor, ['district'], 'wuda')).toBe(false)
    expect(reaches(actor, ['audit', 'finance'], 'wuda')).toBe(true)
    expect(reaches(actor, ['finance'], 'wuda')).toBe(false)
    expect(dutiesFor(actor, 'wuda')).toEqual(['audit', 'drc'])
    expect(dutiesFor(actor, 'health')).toEqual(['drc'])
  })

  test.each([
    ['150000', '15'],
    ['150300', '1503'],
    ['150302', '150302'],
    ['150302001', '150302001'],
    ['150302000000', '150302'],
    ['150302001000', '150302001'],
    ['150302001003', '150302001003'],
    ['100000', '10'],
  ])('an area %s holds every code that begins with %s', (code, prefix) => {
    expect(areaPrefix(code)).toBe(prefix)
  })
})
