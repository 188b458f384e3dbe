import { type Ctx, countRows, decodeCursor, holdsWords, type SearchHit, type SearchPort, todayInShanghai, toPage } from '@tongchou/kernel'
import { sql } from 'kysely'
import type { CasesPorts } from '../ports.ts'
import { seesSubject } from './case.permissions.ts'
import { casesDb } from './case.tables.ts'

const table = 'cases.document_number'
const text = { table, key: 'number', text: 'number' }

/** Issued papers (文件) by their document number (文号), last issued first: whoever may read what a paper is about finds it. */
export function documentNumberSearch(ports: Pick<CasesPorts, 'subjects'>): SearchPort {
  const readable = (ctx: Ctx, words: readonly string[]) =>
    casesDb(ctx)
      .selectFrom(table)
      .where(holdsWords(`${table}.number`, text, words))
      .where(seesSubject(ctx.actor, ports.subjects, table))
  return {
    kind: 'document',
    title: '文号',
    count: (ctx, words, most) => countRows(ctx, readable(ctx, words).select('number').limit(most)),
    find: async (ctx, words, limit, cursor) => {
      const after = decodeCursor(cursor, ['instant', 'text'])
      let query = readable(ctx, words).select(['number', 'subject_kind', 'subject_id', 'issued_at', 'issued_by'])
      if (after) query = query.where(sql<boolean>`(issued_at, number) < (${after[0]}::timestamptz, ${after[1]})`)
      const rows = await query
        .orderBy('issued_at', 'desc')
        .orderBy('number', 'desc')
        .limit(limit + 1)
        .execute()
      const hits = new Map<string, SearchHit>()
      for (const row of rows.slice(0, limit)) hits.set(row.number, await hitOf(ctx, ports, row))
      return toPage(
        rows,
        limit,
        (row) => [row.issued_at.toISOString(), row.number],
        (row) => hits.get(row.number) as SearchHit,
      )
    },
  }
}

interface IssuedPaper {
  number: string
  subject_kind: string
  subject_id: string
  issued_at: Date
}

/** What the paper is about and where it stands, as its owner describes it. */
async function hitOf(ctx: Ctx, { subjects }: Pick<CasesPorts, 'subjects'>, paper: IssuedPaper): Promise<SearchHit> {
  const about = await subjects.get(paper.subject_kind)?.describe?.(ctx, paper.subject_id)
  if (!about) throw new Error(`papers are issued for ${paper.subject_kind}, and nobody describes it`)
  return {
    kind: 'document',
    id: paper.number,
    title: paper.number,
    note: `${about.title} · ${todayInShanghai(paper.issued_at)}发出`,
    href: about.href,
  }
}
