import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type KeyRing, signDigest, signerOf, verifyDigest } from '@tongchou/kernel'
import { BrokenBackup } from './problem.ts'
import type { RowsDigest } from './row-digest.ts'

/** A migration that the database had, as `kernel.schema_migration` names it. */
export interface AppliedMigration {
  schema: string
  name: string
  digest: string
}

/** A table as it was backed up: the columns in their order in the file; no file where there are no rows. */
export interface BackedUpTable extends RowsDigest {
  name: string
  columns: string[]
  file: string | null
}

/** What a backup is (备份清单). Everything but the rows. */
export interface Manifest {
  format: 'tongchou-backup'
  formatVersion: 1
  product: string
  /** Of the PostgreSQL it came from, as `server_version_num`. */
  postgres: number
  /** When the snapshot was taken that all of it shows. */
  takenAt: string
  epoch: string | null
  /** Whether the city was a demonstration; null where the data folder did not say. */
  demo: boolean | null
  migrations: AppliedMigration[]
  /** How far the log and its evidence had come. */
  evidence: { auditPosition: number; treeSize: number; signedSize: number; signedRoot: string | null }
  /** Ids of the keys that the database needs; the keys themselves are in no backup. */
  keys: { id: string; purpose: string }[]
  tables: BackedUpTable[]
  /** Tables that no migration makes, such as those of records: how to make them. */
  installed: { name: string; statements: string[] }[]
  sequences: { name: string; value: string; isCalled: boolean }[]
  /** The definitions of all tables, indexes, constraints, triggers, functions and views, one line each. */
  structure: string[]
  /** Files by name: SM3 and length. */
  files: Record<string, { sm3: string; bytes: number }>
}

interface Seal {
  manifest: string
  publicKey: string | null
  signature: string | null
  /** Of the three above, so that it can be said which of the two files was changed. */
  self: string
}

const manifestFile = 'manifest.json'
const sealFile = 'seal.json'
const purpose = 'tongchou backup'

/** Writes the manifest and what seals it: its SM3, signed (Ed25519) where the platform's keys are at hand. */
export function writeManifest(folder: string, manifest: Manifest, keys: KeyRing | undefined): void {
  const text = `${JSON.stringify(manifest, null, 1)}\n`
  const digest = createHash('sm3').update(text).digest()
  const sealed = {
    manifest: digest.toString('hex'),
    publicKey: keys ? signerOf(keys).publicKey : null,
    signature: keys ? signDigest(keys, purpose, digest) : null,
  }
  const options = { mode: 0o600, flag: 'wx', flush: true } as const
  writeFileSync(join(folder, manifestFile), text, options)
  writeFileSync(join(folder, sealFile), textOf(sealed), options)
}

/**
 * Reads the manifest of a backup and whose key has signed it; null where none has.
 * @throws BrokenBackup
 */
export function readManifest(folder: string): { manifest: Manifest; signedBy: string | null } {
  const text = read(folder, manifestFile)
  const { manifest: sm3, publicKey, signature } = readSeal(folder)
  const digest = createHash('sm3').update(text).digest()
  if (digest.toString('hex') !== sm3) throw new BrokenBackup(manifestFile, `${manifestFile} 与 ${sealFile} 中的摘要不符，已被改动或损坏`)
  if (publicKey !== null && !verifyDigest(publicKey, purpose, digest, signature ?? ''))
    throw new BrokenBackup(sealFile, `${sealFile} 中的签名不成立`)
  const manifest = JSON.parse(text.toString('utf8')) as Manifest
  if (manifest.format !== 'tongchou-backup' || manifest.formatVersion !== 1)
    throw new BrokenBackup(manifestFile, `${manifestFile} 的格式不是本程序所能读取的，请使用制作该备份的程序版本或更新的版本`)
  return { manifest, signedBy: publicKey }
}

function readSeal(folder: string): Seal {
  const text = read(folder, sealFile).toString('utf8')
  try {
    const seal = JSON.parse(text) as Seal
    // Written in one way only: what is written otherwise was changed.
    if (textOf(seal) === text) return seal
  } catch {
    // Told below.
  }
  throw new BrokenBackup(sealFile, `${sealFile} 已被改动或损坏`)
}

function read(folder: string, name: string): Buffer {
  try {
    return readFileSync(join(folder, name))
  } catch (cause) {
    throw new BrokenBackup(name, `缺少 ${name}，备份不完整`, { cause })
  }
}

function textOf({ manifest, publicKey, signature }: Omit<Seal, 'self'>): string {
  const sealed = { manifest, publicKey, signature }
  return `${JSON.stringify({ ...sealed, self: createHash('sm3').update(JSON.stringify(sealed)).digest('hex') })}\n`
}
