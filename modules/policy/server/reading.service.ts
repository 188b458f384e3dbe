import { decodeCursor, type KernelTables, NotFound, todayInShanghai, toPage } from '@tongchou/kernel'
import type { Procedure } from '@tongchou/procedure'
import type { Kysely } from 'kysely'
import { type Modes, modeOf } from './evaluate.ts'
import { policyDb } from './mode-setting.schema.ts'
import { findModes, listModes } from './mode-setting.store.ts'
import type { Article, Pack } from './pack.ts'
import type { PackLibrary } from './pack-library.ts'
import type { ArticleDetail, PackDetail, PackSummary, SearchHit, VocabularyAnswer } from './policy.schema.ts'
import { readableVersion } from './policy.service.ts'
import type { Vocabulary } from './vocabulary.ts'

/** A pack as the list of the library (制度库) shows it. */
export function toSummary(pack: Pack, modes: Modes): PackSummary {
  const { id, short, title, documentNumber, issuedBy, jurisdiction, status, validFrom, validTo, rulesLoaded } = pack
  const mode = modes.pack ?? pack.defaultMode
  const legalBasis = [...pack.legalBasis]
  return { id, short, title, documentNumber, issuedBy, jurisdiction, status, validFrom, validTo, mode, rulesLoaded, legalBasis }
}

/** A pack whole, for reading. */
export function toDetail(pack: Pack, modes: Modes): PackDetail {
  const articles = pack.articles.map((article) => toArticle(pack, article, modes))
  const { digest, source, asOfNote } = pack
  return { ...toSummary(pack, modes), digest, source, damage: [...pack.damage], asOfNote, articles }
}

/** An article with what carries it: rules, steps, people, what is 未规定. */
export function toArticle(pack: Pack, article: Article, modes: Modes): ArticleDetail {
  const rules = pack.rules.filter((rule) => rule.article === article.id)
  return {
    ...article,
    coverage: (pack.coverage.get(article.id) ?? []).map((entry) => ({ ...entry, rules: [...entry.rules] })),
    rules: rules.map(({ condition, acts, cureAct: _cure, requires: _requires, ...rule }) => ({
      ...rule,
      acts: acts && [...acts],
      mode: modeOf(pack, rule.id, modes),
      facts: [...condition.facts],
    })),
    steps: pack.procedures.flatMap(({ procedure }) => stepsOf(procedure, article.id)),
  }
}

function stepsOf(procedure: Procedure, article: string): ArticleDetail['steps'] {
  const citing = procedure.steps.filter(
    (step) =>
      step.article === article ||
      step.outcomes.some((outcome) => outcome.article === article) ||
      step.choices.some((choice) => choice.article === article),
  )
  return citing.map((step) => ({
    procedure: procedure.id,
    procedureTitle: procedure.title,
    step: step.id,
    title: step.title,
    duties: [...new Set(step.holders.map((holder) => holder.duty))],
    basis: step.basis,
    ...(step.note === null ? {} : { note: step.note }),
  }))
}

const AROUND = 40

/** Articles whose words hold the text, in the order of the packs and articles. Blanks and line ends in between do not matter. */
export function searchArticles(packs: readonly Pack[], q: string): SearchHit[] {
  const wanted = q.replace(/\s/g, '').toLowerCase()
  return packs.flatMap((pack) =>
    pack.articles.flatMap((article) => {
      const words = (article.text ?? '').replace(/\s/g, '')
      const at = words.toLowerCase().indexOf(wanted)
      if (at < 0) return []
      const from = Math.max(0, at - AROUND)
      const to = Math.min(words.length, at + wanted.length + AROUND)
      const excerpt = `${from > 0 ? '…' : ''}${words.slice(from, to)}${to < words.length ? '…' : ''}`
      return [{ pack: pack.id, title: pack.title, article: article.id, label: article.label, chapter: article.chapter, excerpt }]
    }),
  )
}

/** The vocabulary with its Chinese titles, for screens. */
export function toVocabulary(vocabulary: Vocabulary): VocabularyAnswer {
  return {
    acts: [...vocabulary.acts.values()],
    roles: [...vocabulary.roles].map(([id, title]) => ({ id, title })),
    cures: [...vocabulary.cures.values()],
    facts: [...vocabulary.facts.values()].map(({ name, type, title, values, answeredBy, note }) => ({
      name,
      type,
      title,
      values: [...values].map(([value, label]) => ({ value, title: label })),
      answeredBy: [...answeredBy],
      ...(note !== undefined && { note }),
    })),
  }
}

/** What reading needs: the packs, and where the city's modes are. Nobody has to be signed in. */
export interface Reader {
  library: PackLibrary
  db: Kysely<KernelTables>
  now: () => Date
}

interface PageAsked {
  limit?: number
  cursor?: string
}

/** The packs of the library, one version each, by id. */
export async function packsPage(reader: Reader, { limit = 50, cursor }: PageAsked) {
  const modes = await listModes(policyDb(reader))
  const after = decodeCursor(cursor, ['text'])?.[0]
  const packs = packsOn(reader).filter((pack) => after === undefined || pack.id > after)
  return toPage(
    packs,
    limit,
    (pack) => [pack.id],
    (pack) => toSummary(pack, modes.get(pack.id) ?? {}),
  )
}

/** One pack whole; an unknown one is a 404. */
export async function packPage(reader: Reader, packId: string, asOf?: string): Promise<PackDetail> {
  const pack = readableVersion(reader.library, packId, asOf ?? today(reader))
  return toDetail(pack, await findModes(policyDb(reader), packId))
}

/** One article; an unknown one is a 404. */
export async function articlePage(reader: Reader, packId: string, articleId: string, asOf?: string): Promise<ArticleDetail> {
  const pack = readableVersion(reader.library, packId, asOf ?? today(reader))
  const article = pack.articles.find((each) => each.id === articleId)
  if (!article) throw new NotFound('policy.article_not_found', `“${pack.title}”中没有编号为“${articleId}”的条文。`)
  return toArticle(pack, article, await findModes(policyDb(reader), packId))
}

/** Articles that hold a text, of one pack or of all. */
export async function searchPage(reader: Reader, { q, pack, limit = 50, cursor }: PageAsked & { q: string; pack?: string }) {
  const packs = pack === undefined ? packsOn(reader) : [readableVersion(reader.library, pack, today(reader))]
  const hits = searchArticles(packs, q)
  const after = decodeCursor(cursor, ['text', 'text'])
  const start = after ? hits.findIndex((hit) => hit.pack === after[0] && hit.article === after[1]) + 1 : 0
  return toPage(
    hits.slice(start),
    limit,
    (hit) => [hit.pack, hit.article],
    (hit) => hit,
  )
}

function packsOn(reader: Reader): Pack[] {
  return [...reader.library.packs.keys()].sort().map((id) => readableVersion(reader.library, id, today(reader)))
}

function today(reader: Reader): string {
  return todayInShanghai(reader.now())
}
