import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isSignedHead, type SignedHead } from '@tongchou/evidence'
import type { ChainHead } from '@tongchou/kernel'

/** Heads that somebody else has held: of the chain, and of the evidence log with their signatures. */
export interface HeldHeads {
  heads: ChainHead[]
  signedHeads: SignedHead[]
}

/**
 * Reads heads as `audit heads`, the pages and the platform's folder of heads write them: one JSON object a line, or a list, or the answer of the
 * API; of a folder, every `.jsonl` in it. A text says what is wrong.
 */
export function readHeads(path: string | undefined): HeldHeads | string {
  if (path === undefined) return { heads: [], signedHeads: [] }
  try {
    const files = statSync(path).isDirectory()
      ? readdirSync(path)
          .filter((name) => name.endsWith('.jsonl'))
          .sort()
          .map((name) => join(path, name))
      : [path]
    return sorted(files.flatMap(valuesOf)) ?? `链头文件“${path}”中没有链头，或格式不符`
  } catch {
    return `链头文件“${path}”无法读取，或格式不符`
  }
}

function valuesOf(file: string): unknown[] {
  const text = readFileSync(file, 'utf8').trim()
  try {
    return itemsOf(JSON.parse(text))
  } catch {
    return text.split('\n').map((line): unknown => JSON.parse(line))
  }
}

function itemsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return typeof value === 'object' && value !== null && 'items' in value && Array.isArray(value.items) ? value.items : [value]
}

function sorted(values: readonly unknown[]): HeldHeads | undefined {
  const held: HeldHeads = { heads: [], signedHeads: [] }
  for (const value of values)
    if (isSignedHead(value)) held.signedHeads.push(value)
    else if (isChainHead(value)) held.heads.push(value)
    else return undefined
  return values.length > 0 ? held : undefined
}

function isChainHead(value: unknown): value is ChainHead {
  if (typeof value !== 'object' || value === null || !('position' in value) || !('hash' in value)) return false
  return Number.isSafeInteger(value.position) && typeof value.hash === 'string' && /^[0-9a-f]{64}$/i.test(value.hash)
}
