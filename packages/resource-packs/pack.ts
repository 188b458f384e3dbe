import type { ItemType, QualityRule } from '@tongchou/records'
import type { PackComparison } from './comparison.ts'
import type { CodeTables, Manifest, ResourceFile, SyntheticFile } from './pack.schema.ts'

/** An item of a pack's resource (信息项), with what its type is. */
export interface PackItem {
  /** How the pack's own files call it. */
  name: string
  id: string
  title: string
  /** The department's column. */
  column: string
  type: ItemType
  required: boolean
  isKey: boolean
  file: ResourceFile['items'][string]
  table: CodeTables[string] | undefined
}

/** A resource of a pack (资源), read and checked. */
export interface PackResource {
  /** The name of its file. */
  name: string
  id: string
  title: string
  kind: 'state' | 'event'
  provider: { id: string; title: string }
  table: string
  /** Names of items. */
  key: readonly string[]
  /** Ids of the items that point at a person. */
  person: readonly string[]
  entry: ResourceFile['entry']
  items: readonly PackItem[]
  /** With ids of items. */
  rules: readonly QualityRule[]
}

/** A resource pack (资源包): base libraries and business resources as data. */
export interface ResourcePack {
  manifest: Manifest
  resources: readonly PackResource[]
  synthetic: SyntheticFile
  comparisons: readonly PackComparison[]
  /** SHA-256 of its files: what was introduced stays known by it. */
  digest: string
}

/** What is wrong with a pack, by file and path. */
export interface PackFault {
  file: string
  path: string
  message: string
}

/** Packs that cannot be loaded; a program does not start on them. */
export class PackFaults extends Error {
  readonly faults: readonly PackFault[]

  constructor(faults: readonly PackFault[]) {
    super(faults.map(({ file, path, message }) => `${file}${path ? ` ${path}` : ''}：${message}`).join('\n'))
    this.faults = faults
  }
}
