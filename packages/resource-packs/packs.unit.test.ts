import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findingsOf, seedTree } from '@tongchou/metadata'
import { afterAll, describe, expect, test } from 'vitest'
import { entryFromPack, loadDemo, loadResourcePacks, PackFaults, schemaFiles } from './index.ts'

const folder = join(import.meta.dirname, '../../resource-packs')
const packs = loadResourcePacks(folder)
const scratch = mkdtempSync(join(tmpdir(), 'tongchou-packs-'))
afterAll(() => rmSync(scratch, { recursive: true }))

test('a pack is data: nothing in it is a program, and every folder is a pack that loads', () => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  expect(files.map(({ name }) => name).filter((name) => !/\.(?:yaml|csv|md|schema\.json)$/.test(name))).toEqual([])
  const folders = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory() && one.name !== 'schema')
  expect(packs.map(({ manifest }) => manifest.pack)).toEqual(folders.map(({ name }) => name).sort())
  expect(loadDemo(folder).families).toBeGreaterThan(0)
})

test('editors check the files with the schemas that the program checks them with', () => {
  const shipped = Object.fromEntries(
    Object.keys(schemaFiles).map((file) => [file, JSON.parse(readFileSync(join(folder, 'schema', file), 'utf8'))]),
  )
  for (const [file, schema] of Object.entries(schemaFiles))
    expect({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...JSON.parse(JSON.stringify(schema)) }).toEqual(shipped[file])
})

describe.each(
  packs.flatMap(({ manifest, resources }) => resources.map((resource) => [`${manifest.pack}/${resource.name}`, resource] as const)),
)('%s', (_, resource) => {
  test('is catalogued whole but for what only the department knows', () => {
    const entry = entryFromPack(resource)
    const { findings } = findingsOf(entry, {
      classes: seedTree,
      scheme: undefined as never,
      today: '2026-11-01',
      provider: undefined,
      declared: [],
    } as never)
    const against = findings.filter(({ severity }) => severity === 'error').map(({ path }) => path)
    expect(against.filter((path) => !/^(?:providerCode|classCode|duties)/.test(path))).toEqual([])
  })

  test('every sensitive item has a mask, and every item that points at a person is a key to be looked up with a purpose', () => {
    for (const { file, title } of resource.items)
      if (file.sensitivity === 'sensitive-personal') expect([title, file.masking ?? null]).not.toEqual([title, null])
    const numbers = resource.items.filter(({ type }) => type.kind === 'citizen-id').map(({ id }) => id)
    expect(resource.person).toEqual(numbers)
  })
})

describe('a pack that is wrong does not load, and says where', () => {
  const good = (file: string) => readFileSync(join(folder, 'vehicles', file), 'utf8')
  const faultsOf = (files: Record<string, string>) => {
    const city = mkdtempSync(join(scratch, 'city-'))
    for (const folder of ['resources', 'comparisons']) mkdirSync(join(city, 'vehicles', folder), { recursive: true })
    const all = { 'pack.yaml': good('pack.yaml'), 'tables.yaml': good('tables.yaml'), 'synthetic.yaml': good('synthetic.yaml'), ...files }
    for (const [file, text] of Object.entries({ 'resources/vehicle.yaml': good('resources/vehicle.yaml'), ...all }))
      writeFileSync(join(city, 'vehicles', file), text)
    try {
      return loadResourcePacks(city)
    } catch (error) {
      if (error instanceof PackFaults) return error.faults
      throw error
    }
  }
  const vehicle = good('resources/vehicle.yaml')
  test.each<[string, Record<string, string>, object]>([
    ['an unknown key', { 'pack.yaml': `${good('pack.yaml')}extra: 1\n` }, { file: 'vehicles/pack.yaml' }],
    ['a doubled key', { 'pack.yaml': `${good('pack.yaml')}title: 又一个\n` }, { path: expect.stringMatching(/^第 \d+ 行$/) }],
    ['another name than the folder’s', { 'pack.yaml': good('pack.yaml').replace('pack: vehicles', 'pack: cars') }, { path: 'pack' }],
    [
      'a code list that is not there',
      { 'resources/vehicle.yaml': vehicle.replace('code(plateClass)', 'code(colour)') },
      { path: 'items.plateClass.type' },
    ],
    ['an id given twice', { 'resources/vehicle.yaml': vehicle.replace('{ id: i2,', '{ id: i1,') }, { message: '信息项标识重复' }],
    [
      'a key that is no item',
      { 'resources/vehicle.yaml': vehicle.replace('key: [plateNo, plateClass]', 'key: [plate]') },
      { message: '没有信息项“plate”' },
    ],
    ['a type that is none', { 'resources/vehicle.yaml': vehicle.replace('type: date', 'type: day') }, { path: 'items.registeredOn.type' }],
    [
      'a rule of another type',
      { 'resources/vehicle.yaml': `${vehicle}quality:\n  - { id: q1, rule: range, item: model, least: 1, title: 型号不对 }\n` },
      { message: '质量规则“型号不对”不适用于信息项“品牌型号”的类型' },
    ],
    [
      'a synthetic table of no resource',
      { 'synthetic.yaml': good('synthetic.yaml').replace('{ rows: vehicle }', '{ rows: vehicle, values: { colour: model } }') },
      { path: 'tables.vehicle.values.colour' },
    ],
  ])('%s', (_, files, fault) => {
    expect(faultsOf(files)).toEqual(expect.arrayContaining([expect.objectContaining(fault)]))
  })

  test('a comparison says where it names what is not there, or compares what it cannot', () => {
    const own = { id: 'c1', title: '核对', summary: '核对', basis: { text: '办法', verified: false } }
    const limit = { workDays: 10, basis: own.basis }
    const whole = {
      ...own,
      group: { of: 'vehicle', key: 'plateNo', shows: ['plateNo'] },
      people: { of: 'vehicle', group: 'plateNo', shows: ['owner'] },
      ...{ handling: limit, correction: limit },
      reasons: [
        {
          id: 'f1',
          title: '情形',
          basis: own.basis,
          with: 'vehicle',
          match: { owner: 'ownerId' },
          test: { kind: 'sum', item: 'model', least: ['colour'] },
          shows: ['owner'],
        },
      ],
      errors: [
        {
          ...{ id: 'f1', title: '差错', of: 'car', with: 'vehicle', match: { ownerId: 'ownerId' }, where: [{ item: 'status', is: ['X'] }] },
          ...{ test: { kind: 'any', item: 'owner' }, proposal: '更正', shows: ['owner'], othersShow: ['owner'] },
        },
      ],
    }
    const faults = faultsOf({ 'comparisons/check.yaml': JSON.stringify({ ...whole, errors: [{ ...whole.errors[0], id: 'e1' }] }) })
    const at = (path: string, message: RegExp) =>
      expect.objectContaining({ file: 'vehicles/comparisons/check.yaml', path, message: expect.stringMatching(message) })
    expect(faults).toEqual(
      expect.arrayContaining([
        at('group.key', /主键/),
        at('reasons.0.match', /“所有人姓名”的类型/),
        at('reasons.0.test.item', /“品牌型号”的类型/),
        at('reasons.0.test.least.0', /没有信息项“colour”/),
        at('errors.0.of', /没有资源“car”/),
      ]),
    )
  })

  test('as it ships it loads', () => {
    expect(faultsOf({})).toMatchObject([{ manifest: { pack: 'vehicles' } }])
  })
})
