import { mkdir } from 'node:fs/promises'
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { ComparisonProblem } from './problem.ts'
import { literal } from './sql.ts'

/** What the engine may use and touch. */
export interface EngineLimits {
  /** MiB that it keeps in memory before it writes to disk. Its process needs up to half as much again. */
  memoryMib: number
  threads: number
  /** Where it may write what does not fit; made and removed by the caller. */
  folder: string
  /** Files that it may read, beside what lies in the folder. */
  files: readonly string[]
}

/** A DuckDB of one comparison: nothing is kept, nothing outside of its folder and files is reached. */
export interface Engine {
  run(sql: string): Promise<void>
  /** Rows of a small answer. */
  rows(sql: string): Promise<unknown[][]>
  /** Ends what is running: its call fails. */
  interrupt(): void
  close(): void
}

/** @throws ComparisonProblem when there is no build of the engine for this machine */
export async function openEngine({ memoryMib, threads, folder, files }: EngineLimits): Promise<Engine> {
  const spill = `${folder}/spill`
  await mkdir(spill, { recursive: true })
  const instance = await start({
    memory_limit: `${memoryMib}MiB`,
    threads: String(threads),
    temp_directory: spill,
    // Rows are sorted where their order is seen; keeping it everywhere costs memory.
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_persistent_secrets: 'false',
  })
  const connection = await instance.connect()
  const engine = engineOf(instance, connection)
  await engine.run(`set TimeZone = 'UTC'`)
  await engine.run(`set allowed_directories = [${literal(folder)}]`)
  await engine.run(`set allowed_paths = [${files.map(literal).join(', ')}]`)
  await engine.run('set enable_external_access = false')
  await engine.run('set lock_configuration = true')
  return engine
}

async function start(options: Record<string, string>): Promise<DuckDBInstance> {
  try {
    // Loaded when it is needed: 70 MiB that a server which compares nothing does not carry.
    const { DuckDBInstance } = await import('@duckdb/node-api')
    return await DuckDBInstance.create(':memory:', options)
  } catch (cause) {
    throw new ComparisonProblem('failure', 'compare.engine', '比对引擎无法启动。', '请在安装目录执行 npm ci；支持 Linux x64 和 arm64。', {
      cause,
    })
  }
}

function engineOf(instance: DuckDBInstance, connection: DuckDBConnection): Engine {
  return {
    run: async (sql) => {
      await connection.run(sql).catch(explained)
    },
    rows: async (sql) => {
      const answer = await connection.runAndReadAll(sql).catch(explained)
      return answer.getRows()
    },
    interrupt: () => connection.interrupt(),
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** The engine's errors that somebody can cure. The rest go on as they are; their texts may quote data. */
function explained(cause: unknown): never {
  const text = cause instanceof Error ? cause.message : String(cause)
  if (/No space left on device|max_temp_directory_size/i.test(text))
    throw new ComparisonProblem('failure', 'compare.disk_full', '磁盘空间不足。', '请清理磁盘，或把结果输出到空间更大的磁盘。', { cause })
  if (/^Out of Memory Error/i.test(text))
    throw new ComparisonProblem('failure', 'compare.memory', '比对引擎的内存上限不够。', '请提高内存上限，或减少比对的列。', { cause })
  throw cause
}
