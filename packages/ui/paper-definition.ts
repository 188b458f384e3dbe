// SPDX-License-Identifier: Apache-2.0
import type { UseQueryResult } from '@tanstack/react-query'
import { useApi } from './data.ts'
import type { PaperPart } from './Paper.tsx'

type Kind = PaperPart['kind']

/** A paper (公文、办件单) as the city's pack has it: which parts, in which order, each from a slot of its subject or in words of its own. */
export interface PaperDefinition {
  id: string
  /** `{name}` stands for a word that the subject gives; so in every text here. */
  title: string
  /** Who issues it, under which agency word (机关代字), and who signs; null for a record of form. */
  issued: { issuer: string; agencyWord: string; offices: readonly string[] } | null
  parts: readonly PartDefinition[]
}

interface PartDefinition {
  kind: Kind
  title: string
  slot: string | null
  to: string | null
  paragraphs: readonly string[]
}

/** What a subject can give to a paper: words for its texts and parts by slot, without their titles. */
export interface PaperSlots {
  words: Readonly<Record<string, string>>
  parts: Readonly<Record<string, Filling>>
}

export type Filling = PaperPart extends infer Part ? (Part extends { kind: Kind } ? Omit<Part, 'title'> : never) : never

/** Reads how a paper (文书) reads on a civil day, today unless told. */
export function usePaper(id: string, asOf?: string): UseQueryResult<PaperDefinition, Error> {
  return useApi<PaperDefinition>(`/api/v1/papers/${id}`, asOf === undefined ? {} : { asOf })
}

/** Fills a definition. A word or slot that the subject does not give, or gives as another kind, is a mistake and not an empty place. */
export function fillPaper(definition: PaperDefinition, slots: PaperSlots): { title: string; parts: PaperPart[] } {
  const inWords = (text: string) =>
    // In one pass: what a person wrote is never expanded again.
    text.replaceAll(/\{(\w+)\}/g, (_all, word: string) => {
      const said = slots.words[word]
      if (said === undefined) throw new Error(`paper ${definition.id} asks for the word ${word}`)
      return said
    })
  const parts = definition.parts.map((part): PaperPart => {
    const title = inWords(part.title)
    if (part.slot === null) {
      const to = part.to === null ? {} : { to: inWords(part.to) }
      return { kind: 'prose', title, ...to, paragraphs: part.paragraphs.map(inWords) }
    }
    const filling = slots.parts[part.slot]
    if (filling?.kind !== part.kind) throw new Error(`paper ${definition.id} asks for ${part.slot} as ${part.kind}`)
    return { ...filling, title } as PaperPart
  })
  return { title: inWords(definition.title), parts }
}
