// SPDX-License-Identifier: Apache-2.0
import bases from './data/sharing-bases.json' with { type: 'json' }

/** A law or administrative regulation that a refusal to share may rest on (不予共享依据). */
export interface SharingBasis {
  id: string
  title: string
  rank: 'law' | 'administrative-regulation'
}

/** The library of such laws. It names the law; the clause is given by who compiles and judged by who reviews. */
export const sharingBases = bases as readonly SharingBasis[]

export function sharingBasis(id: string | null): SharingBasis | undefined {
  return sharingBases.find((basis) => basis.id === id)
}
