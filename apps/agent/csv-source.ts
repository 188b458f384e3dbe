import { closeSync, createReadStream, openSync, readSync } from 'node:fs'
import { type CsvRecord, csvReader } from './csv.ts'
import { type FileRecord, folderSource } from './folder-source.ts'
import { AgentProblem } from './problem.ts'
import type { Layout } from './sink.ts'
import type { Source, SourceParts } from './source.ts'
import type { CsvConfig } from './source-config.ts'

/** A folder of CSV files. */
export function csvSource(config: CsvConfig, parts: SourceParts): Source {
  const { layout } = parts
  return folderSource(
    config,
    {
      check: async (path, name) => headerOf(path, name, config, layout),
      each: (path, name, take) => eachRecord(path, name, config, layout, take),
    },
    parts,
  )
}

/** Which encoding a file is in: by its mark, else UTF-8 where its beginning is nothing else, else GB18030. */
function encodingOf(path: string, encoding: CsvConfig['encoding']): Exclude<CsvConfig['encoding'], 'auto'> {
  if (encoding !== 'auto') return encoding
  const sample = Buffer.alloc(65_536)
  const file = openSync(path, 'r')
  let length: number
  try {
    length = readSync(file, sample, 0, sample.length, 0)
  } finally {
    closeSync(file)
  }
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le'
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be'
  try {
    // As a stream: the last character of the sample may be cut.
    new TextDecoder('utf-8', { fatal: true }).decode(sample.subarray(0, length), { stream: true })
    return 'utf-8'
  } catch {
    return 'gb18030'
  }
}

/** Gives every record in the order of the items, or its text where it has not as many values as the first line; how many there were. */
async function eachRecord(
  path: string,
  name: string,
  config: CsvConfig,
  layout: Layout,
  take: (record: FileRecord) => Promise<void>,
): Promise<number> {
  const encoding = encodingOf(path, config.encoding)
  const decoder = new TextDecoder(encoding, { fatal: true })
  const reader = csvReader(name, config.delimiter)
  let positions: number[] | undefined
  let width = 0
  let count = 0
  const takeRecord = async ({ fields }: CsvRecord) => {
    if (!positions) {
      positions = positionsOf(fields, name, layout)
      width = fields.length
      return
    }
    count += 1
    if (fields.length !== width) await take({ spoilt: fields.join(config.delimiter) })
    else await take({ values: positions.map((position) => fields[position] || null) })
  }
  for await (const piece of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    for (const record of reader.push(decoded(decoder, name, encoding, piece as Buffer))) await takeRecord(record)
  }
  for (const record of reader.push(decoded(decoder, name, encoding))) await takeRecord(record)
  for (const record of reader.end()) await takeRecord(record)
  if (!positions) throw new AgentProblem('source.empty', `文件“${name}”是空文件。`, '没有处理。请核实后重新导出。')
  return count
}

function decoded(decoder: InstanceType<typeof TextDecoder>, name: string, encoding: string, piece?: Buffer): string {
  try {
    return piece ? decoder.decode(piece, { stream: true }) : decoder.decode()
  } catch (cause) {
    throw new AgentProblem(
      'source.encoding',
      `文件“${name}”不是有效的 ${encoding.toUpperCase()} 文本。`,
      '请核对导出的编码，或在配置中指明 encoding。',
      { cause },
    )
  }
}

function headerOf(path: string, name: string, config: CsvConfig, layout: Layout): void {
  const sample = Buffer.alloc(65_536)
  const file = openSync(path, 'r')
  try {
    const length = readSync(file, sample, 0, sample.length, 0)
    const text = new TextDecoder(encodingOf(path, config.encoding)).decode(sample.subarray(0, length))
    for (const { fields } of csvReader(name, config.delimiter).push(`${text}\n`)) {
      positionsOf(fields, name, layout)
      return
    }
  } finally {
    closeSync(file)
  }
}

function positionsOf(header: readonly string[], name: string, { columns }: Layout): number[] {
  const names = header.map((one) => one.trim())
  const lacking = columns.filter((column) => !names.includes(column))
  const twice = columns.filter((column) => names.indexOf(column) !== names.lastIndexOf(column))
  if (lacking.length > 0)
    throw new AgentProblem(
      'source.column_missing',
      `文件“${name}”的首行没有列：${lacking.join('、')}。`,
      `来源结构可能已变更，请修改配置中的 items；首行的列：${names.join('、').slice(0, 500)}。`,
    )
  if (twice.length > 0)
    throw new AgentProblem('source.column_twice', `文件“${name}”的首行有重复的列：${twice.join('、')}。`, '请更正后重新导出。')
  return columns.map((column) => names.indexOf(column))
}
