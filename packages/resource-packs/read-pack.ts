import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { definitionProblems, type QualityRule } from '@tongchou/records'
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { parseDocument } from 'yaml'
import { comparisonOf, type RawComparison } from './comparison.ts'
import { itemType } from './item-type.ts'
import { CodeTables, ComparisonFile, DemoFile, Manifest, ResourceFile, SyntheticFile } from './pack.schema.ts'
import { type PackFault, PackFaults, type PackItem, type PackResource, type ResourcePack } from './pack.ts'

/**
 * All packs of a folder, checked as a whole: shape, ids, references, types.
 * @throws PackFaults with everything that is wrong
 */
export function loadResourcePacks(folder: string): ResourcePack[] {
  const faults: PackFault[] = []
  const names = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory() && one.name !== 'schema')
  const sorted = names.map(({ name }) => name).sort()
  const read = sorted.flatMap((name) => readPack(folder, name, faults) ?? [])
  const comparisons = sorted.flatMap((name) => readComparisons(folder, name, faults)).map((raw) => comparisonOf(raw, read, faults))
  const packs = read.map((pack) => ({ ...pack, comparisons: comparisons.filter((one) => one.pack === pack.manifest.pack) }))
  if (faults.length > 0) throw new PackFaults(faults)
  return packs
}

/** The synthetic city of the demonstration. */
export function loadDemo(folder: string): DemoFile {
  const faults: PackFault[] = []
  const demo = readFile(folder, 'demo.yaml', DemoFile, faults)
  if (!demo) throw new PackFaults(faults)
  return demo
}

function readPack(folder: string, name: string, faults: PackFault[]): ResourcePack | undefined {
  const manifest = readFile(folder, `${name}/pack.yaml`, Manifest, faults)
  const tables = existsSync(join(folder, name, 'tables.yaml')) ? readFile(folder, `${name}/tables.yaml`, CodeTables, faults) : {}
  const synthetic = readFile(folder, `${name}/synthetic.yaml`, SyntheticFile, faults)
  const files = existsSync(join(folder, name, 'resources')) ? readdirSync(join(folder, name, 'resources')).sort() : []
  const resources = files.flatMap((file) => {
    const raw = readFile(folder, `${name}/resources/${file}`, ResourceFile, faults)
    return raw && tables ? [resourceOf(`${name}/resources/${file}`, file.replace(/\.yaml$/, ''), raw, tables, faults)] : []
  })
  if (!manifest || !synthetic) return undefined
  const say = (file: string, path: string, message: string) => faults.push({ file: `${name}/${file}`, path, message })
  if (manifest.pack !== name) say('pack.yaml', 'pack', `应与文件夹同名“${name}”`)
  for (const id of doubles(resources.map((one) => one.id))) say('resources', '', `资源标识 ${id} 重复`)
  for (const [table, { values = {} }] of Object.entries(synthetic.tables)) {
    const resource = resources.find((one) => one.name === table)
    if (!resource) say('synthetic.yaml', `tables.${table}`, '没有这个资源')
    for (const item of Object.keys(values))
      if (resource && !resource.items.some((one) => one.name === item))
        say('synthetic.yaml', `tables.${table}.values.${item}`, '没有这个信息项')
  }
  return { manifest, resources, synthetic, comparisons: [], digest: digestOf(join(folder, name)) }
}

/** Read apart from the resources: a comparison names resources of other packs. */
function readComparisons(folder: string, pack: string, faults: PackFault[]): RawComparison[] {
  const place = join(folder, pack, 'comparisons')
  const found = (existsSync(place) ? readdirSync(place).sort() : []).flatMap((one): RawComparison[] => {
    const file = `${pack}/comparisons/${one}`
    const raw = readFile(folder, file, ComparisonFile, faults)
    return raw ? [{ pack, name: one.replace(/\.yaml$/, ''), file, raw }] : []
  })
  for (const id of doubles(found.map(({ raw }) => raw.id)))
    faults.push({ file: `${pack}/comparisons`, path: '', message: `比对标识 ${id} 重复` })
  return found
}

function resourceOf(file: string, name: string, raw: ResourceFile, tables: CodeTables, faults: PackFault[]): PackResource {
  const say = (path: string, message: string) => faults.push({ file, path, message })
  const items = Object.entries(raw.items).flatMap(([key, item]): PackItem[] => {
    const type = itemType(item.type, tables)
    if (!type) {
      say(`items.${key}.type`, `代码表不存在：${item.type}`)
      return []
    }
    const table = type.kind === 'code' ? tables[item.type.slice(5, -1)] : undefined
    const { id, title, column, required = false } = item
    return [{ name: key, id, title, column, type, required, isKey: raw.key.includes(key), file: item, table }]
  })
  const idOf = (path: string, key: string) => {
    const id = raw.items[key]?.id
    if (id === undefined) say(path, `没有信息项“${key}”`)
    return id ?? key
  }
  for (const column of doubles(items.map((one) => one.column))) say('items', `字段名 ${column} 重复`)
  const rules = (raw.quality ?? []).map((rule, index) => withIds(rule, (key) => idOf(`quality[${index}]`, key)))
  const [first = '', ...others] = raw.key.map((key) => idOf('key', key))
  const definition = { resource: name, version: 1, title: raw.title, kind: raw.kind, key: [first, ...others] as const, items, rules }
  for (const problem of definitionProblems(definition)) say('', problem)
  const person = (raw.person ?? []).map((key) => idOf('person', key))
  const { id, title, kind, provider, table, key, entry } = raw
  return { name, id, title, kind, provider, table, key, person, entry, items, rules }
}

/** The rule as the library knows it: items by their ids. */
function withIds(rule: NonNullable<ResourceFile['quality']>[number], idOf: (name: string) => string): QualityRule {
  switch (rule.rule) {
    case 'range':
      return { ...rule, item: idOf(rule.item) }
    case 'order':
      return { ...rule, first: idOf(rule.first), last: idOf(rule.last) }
    case 'birth':
      return { ...rule, item: idOf(rule.item), of: idOf(rule.of) }
    case 'required-when':
      return { ...rule, item: idOf(rule.item), when: idOf(rule.when) }
  }
}

function readFile<S extends TSchema>(folder: string, file: string, schema: S, faults: PackFault[]): Static<S> | undefined {
  if (!existsSync(join(folder, file))) {
    faults.push({ file, path: '', message: '缺少该文件' })
    return undefined
  }
  const document = parseDocument(readFileSync(join(folder, file), 'utf8'), { uniqueKeys: true, strict: true, stringKeys: true })
  const error = [...document.errors, ...document.warnings][0]
  if (error) {
    faults.push({ file, path: `第 ${error.linePos?.[0].line ?? 1} 行`, message: `不是有效的 YAML：${error.message.split('\n')[0]}` })
    return undefined
  }
  // Few aliases only: a file of nested anchors must not unfold into gigabytes.
  const raw: unknown = document.toJS({ maxAliasCount: 20 })
  if (Value.Check(schema, raw)) return raw as Static<S>
  for (const { instancePath, message } of Value.Errors(schema, raw))
    faults.push({ file, path: instancePath.slice(1).replaceAll('/', '.'), message })
  return undefined
}

function doubles(values: readonly string[]): Set<string> {
  return new Set(values.filter((value, index) => values.indexOf(value) < index))
}

function digestOf(folder: string): string {
  const hash = createHash('sha256')
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
    if (file.endsWith('.yaml')) hash.update(`${file}\n${readFileSync(join(folder, file), 'utf8')}\n`)
  return hash.digest('hex')
}
