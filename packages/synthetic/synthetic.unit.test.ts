import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkCitizenId, checkSocialCreditCode } from '@tongchou/kernel'
import { prepareBatch, type ResourceDefinition } from '@tongchou/records'
import { loadDemo, loadResourcePacks, type PackResource } from '@tongchou/resource-packs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accountOf } from './account.ts'
import { type NaiveTables, naiveCount } from './naive-count.given.ts'
import { peopleOf, places } from './people.ts'
import { tablesOf } from './tables.ts'
import { writeCsv } from './write-csv.ts'

const folder = join(import.meta.dirname, '../../resource-packs')
const packs = loadResourcePacks(folder)
const demo = loadDemo(folder)
const small = { seed: 7, families: 250, on: '2026-11-01' }

/** Reads the files as anybody would who was given them. */
function readTables(directory: string): NaiveTables {
  return Object.fromEntries(
    readdirSync(directory).map((file) => {
      const [header = '', ...lines] = readFileSync(join(directory, file), 'utf8').trimEnd().split('\r\n')
      const names = header.split(',')
      return [file.replace('.csv', ''), lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i] ?? '', value])))]
    }),
  )
}

async function inFiles(recipe: typeof small): Promise<NaiveTables> {
  const directory = mkdtempSync(join(tmpdir(), 'tongchou-synthetic-'))
  try {
    await writeCsv(tablesOf(packs, recipe), directory)
    return readTables(directory)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

test.each([demo, { ...demo, seed: 2, families: 1500 }, { ...demo, seed: 3, families: 2000, on: '2027-03-15' }])(
  'the account of what was planted is what a naive count finds: %o',
  async (recipe) => {
    const account = accountOf(packs, recipe)
    const found = naiveCount(await inFiles(recipe))
    expect([...found.households].sort()).toEqual([...account.households].sort())
    expect(found.sourceErrors.size).toBe(account.sourceErrors.length)
    expect(account.households.size).toBeGreaterThan(5)
    // The city of the demonstration: what its tour tells.
    if (recipe === demo) expect([found.households.size, found.sourceErrors.size]).toEqual([137, 12])
  },
)

test('every number passes its checks, is of the range that is never issued, and is one person’s only', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.integer({ min: 1, max: 4000 }), (seed, families) => {
      const people = peopleOf({ seed, families, on: small.on })
      const numbers: string[] = []
      for (let family = 0; family < families; family++)
        for (const place of places) {
          const person = people.person(family, place)
          if (person) numbers.push(person.idNumber)
        }
      expect(new Set(numbers).size).toBe(numbers.length)
      for (const number of numbers.slice(0, 200)) {
        expect(checkCitizenId(number, new Date(`${small.on}T04:00:00Z`)).ok).toBe(true)
        expect(number.slice(14, 17)).toBe('000')
      }
    }),
    { numRuns: 5 },
  )
  const enterprises = tablesOf(packs, small).find(({ resource }) => resource.name === 'enterprise')
  for (const [code] of enterprises?.rows() ?? [])
    expect([checkSocialCreditCode(String(code)).ok, String(code).slice(8, 12)]).toEqual([true, '9000'])
})

test('every row of every table passes the checks of its own resource', () => {
  for (const { resource, rows } of tablesOf(packs, small)) {
    const header = JSON.stringify({ format: 1, schema: 1, items: resource.items.map(({ id }) => id) })
    const lines = [...rows()].map((row) => JSON.stringify(row))
    const { bad, upserts, superseded } = prepareBatch([header, ...lines].join('\n'), definitionOf(resource))
    expect({ resource: resource.name, bad, superseded, rows: upserts.keys.length }).toEqual({
      resource: resource.name,
      bad: [],
      superseded: 0,
      rows: lines.length,
    })
  }
})

test('the departments speak of the same people: whoever owns, pays, is helped or died is in the population', () => {
  const tables = tablesOf(packs, small)
  const values = (name: string, item: string) => {
    const table = tables.find(({ resource }) => resource.name === name)
    const at = table?.resource.items.findIndex((one) => one.name === item) ?? -1
    return [...(table?.rows() ?? [])].map((row) => row[at])
  }
  const people = new Set(values('person', 'idNumber'))
  const others = [
    ...values('vehicle', 'ownerId'),
    ...values('unit', 'ownerId'),
    ...values('enrolment', 'idNumber'),
    ...values('pension', 'idNumber'),
    ...values('member', 'idNumber'),
    ...values('household', 'applicantId'),
    ...values('death', 'idNumber'),
    ...values('enterprise', 'representativeId'),
  ]
  expect(others.filter((id) => !people.has(id))).toEqual([])
  const codes = new Set(values('enterprise', 'uscc'))
  expect(values('enrolment', 'employer').filter((code) => !codes.has(code))).toEqual([])
})

test('one seed makes one city, another seed another', async () => {
  const rows = (seed: number) => tablesOf(packs, { ...small, seed }).map(({ rows: all }) => [...all()])
  expect(rows(7)).toEqual(rows(7))
  expect(rows(8)).not.toEqual(rows(7))
})

test('more families than there are numbers are refused', () => {
  expect(() => tablesOf(packs, { ...small, families: 1e9 })).toThrow(RangeError)
})

function definitionOf({ title, kind, key, items, rules }: PackResource): ResourceDefinition {
  const [first = '', ...others] = key.map((name) => items.find((item) => item.name === name)?.id ?? '')
  return {
    resource: 'r',
    version: 1,
    title,
    kind,
    key: [first, ...others],
    items: items.map(({ id, title: itemTitle, type, required, isKey }) => ({ id, title: itemTitle, type, required: required || isKey })),
    rules,
  }
}
