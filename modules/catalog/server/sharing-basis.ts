import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SharingBasis } from './resource.schema.ts'

/**
 * Laws and administrative regulations that a refusal to share may rest on (不予共享依据). The list names the law; the clause is
 * given by who compiles and judged by who reviews.
 */
export const sharingBases: readonly SharingBasis[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../data/sharing-bases.json'), 'utf8'),
) as SharingBasis[]

const ids = new Set(sharingBases.map((basis) => basis.id))

export function isSharingBasis(id: string): boolean {
  return ids.has(id)
}
