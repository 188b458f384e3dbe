import { AgentProblem } from './problem.ts'

/** No field and no line is longer: a quote that is never closed would swallow the file. */
const MOST_FIELD = 1_000_000

/** A record of a file and the line that it begins in. */
export interface CsvRecord {
  line: number
  fields: string[]
}

/** Takes text as it comes and gives the records that are whole. Quotes as RFC 4180 has them; empty lines are none. */
export function csvReader(file: string, delimiter: string) {
  let fields: string[] = []
  let field = ''
  let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start'
  let line = 1
  let began = 1
  const broken = (what: string) =>
    new AgentProblem('source.csv', `文件“${file}”第 ${began} 行：${what}。`, '请更正文件后重新放入；此前的记录已读取。')
  const endField = () => {
    fields.push(field)
    field = ''
    state = 'start'
  }
  const isBlank = () => fields.length === 1 && fields[0] === ''
  return {
    *push(text: string): Generator<CsvRecord> {
      for (let at = 0; at < text.length; at++) {
        const char = text[at] ?? ''
        if (state === 'quoted') {
          if (char === '"') state = 'closed'
          else {
            if (char === '\n') line += 1
            field += char
            if (field.length > MOST_FIELD) throw broken('引号没有闭合，或一个值过长')
          }
        } else if (char === '"' && state === 'closed') {
          field += '"'
          state = 'quoted'
        } else if (char === '"' && state === 'start') state = 'quoted'
        else if (char === delimiter) endField()
        else if (char === '\n') {
          endField()
          if (!isBlank()) yield { line: began, fields }
          fields = []
          line += 1
          began = line
        } else if (char !== '\r') {
          if (state === 'closed') throw broken('引号之后还有内容')
          state = 'plain'
          field += char
          if (field.length > MOST_FIELD) throw broken('一个值过长')
        }
      }
    },
    *end(): Generator<CsvRecord> {
      if (state === 'quoted') throw broken('引号没有闭合')
      if (fields.length === 0 && state === 'start') return
      endField()
      if (!isBlank()) yield { line: began, fields }
      fields = []
    },
  }
}
