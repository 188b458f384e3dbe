// SPDX-License-Identifier: Apache-2.0
import type { PaperPart } from './Paper.tsx'

type Kind = PaperPart['kind']

/** A paper (公文、办件单) as data: which parts it has, in which order, and from which slot of its subject each is filled. */
export interface PaperDefinition {
  id: string
  /** `{name}` stands for a word that the subject gives. */
  title: string
  parts: readonly { kind: Kind; title?: string; slot: string }[]
}

/** What a subject can give to a paper: words for the title and parts by slot, without their titles. */
export interface PaperSlots {
  words: Readonly<Record<string, string>>
  parts: Readonly<Record<string, Filling>>
}

export type Filling = PaperPart extends infer Part ? (Part extends { kind: Kind } ? Omit<Part, 'title'> : never) : never

/** Fills a definition. A slot that the subject does not give, or gives as another kind, is a mistake in the definition. */
export function fillPaper(definition: PaperDefinition, slots: PaperSlots): { title: string; parts: PaperPart[] } {
  const parts = definition.parts.map(({ kind, title = '', slot }) => {
    const filling = slots.parts[slot]
    if (filling?.kind !== kind) throw new Error(`paper ${definition.id} asks for ${slot} as ${kind}`)
    return { ...filling, title } as PaperPart
  })
  const title = definition.title.replaceAll(/\{(\w+)\}/g, (_all, word: string) => slots.words[word] ?? '')
  return { title, parts }
}
