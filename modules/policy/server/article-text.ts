import type { Article } from './pack.ts'
import { PackMistake } from './pack-problem.ts'

/** Stands in place of an article's words that we do not hold. */
const NOT_HELD = '〔未持有原文〕'

/** Reads `text.md`: `# chapter`, `## <id> <label>`, then the article's own words. */
export function readArticles(source: string, file: string, short: string): Article[] {
  const articles: Article[] = []
  let chapter = ''
  let open: { id: string; label: string; lines: string[]; line: number } | undefined
  const close = (): void => {
    if (open) articles.push(toArticle(open, chapter, file))
    open = undefined
  }
  source.split(/\r?\n/).forEach((text, index) => {
    const line = index + 1
    if (text.startsWith('## ')) {
      close()
      open = { ...readHeading(text, line, file, short), lines: [], line }
      if (articles.some((article) => article.id === open?.id)) throw mistake(file, line, `条文“${open.id}”出现两次`, '每条只写一次')
    } else if (text.startsWith('# ')) {
      close()
      chapter = text.slice(2).trim()
    } else if (open) open.lines.push(text)
    else if (text.trim() !== '') throw mistake(file, line, '条文之外有文字', '把文字放到某一条之下，或删去')
  })
  close()
  if (articles.length === 0) throw mistake(file, 1, '没有条文', '以“## 编号 条名”写出每一条')
  return articles
}

function readHeading(text: string, line: number, file: string, short: string): { id: string; label: string } {
  const [, id, label] = /^## (\S+) (.+)$/.exec(text) ?? []
  if (!id || !label) throw mistake(file, line, '条文标题不完整', `写作“## ${short}-1 第一条”`)
  if (!id.startsWith(`${short}-`)) throw mistake(file, line, `条文编号“${id}”不以“${short}-”开头`, `改为“${short}-…”`)
  return { id, label: label.trim() }
}

function toArticle(open: { id: string; label: string; lines: string[]; line: number }, chapter: string, file: string): Article {
  const text = open.lines
    .join('\n')
    .trim()
    .replace(/\n{2,}/g, '\n')
  if (text === '') throw mistake(file, open.line, `条文“${open.id}”没有文字`, `录入原文；未持有原文的写“${NOT_HELD}”`)
  return { id: open.id, label: open.label, chapter, text: text === NOT_HELD ? null : text }
}

function mistake(file: string, line: number, message: string, cure: string): PackMistake {
  return new PackMistake({ file, path: `第 ${line} 行`, message, cure })
}
