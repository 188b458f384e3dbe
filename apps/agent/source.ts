import { csvSource } from './csv-source.ts'
import { excelSource } from './excel-source.ts'
import { httpSource } from './http-source.ts'
import { mysqlSource } from './mysql-source.ts'
import { postgresSource } from './postgres-source.ts'
import type { Layout, Sink } from './sink.ts'
import type { SourceConfig } from './source-config.ts'
import type { Spool } from './spool.ts'

/** Where records come from. */
export interface Source {
  /** Whether the source is as the configuration says, in words. @throws AgentProblem with its cure */
  check(): Promise<string>
  /**
   * Puts what has changed into the sink, or everything; true when there is more at once, `behind` when nothing was read because enough waits to be sent,
   * `unread` when what is there says nothing yet.
   */
  read(sink: Sink, what: 'changes' | 'all'): Promise<boolean | 'behind' | 'unread'>
  /** The center has a batch: what is left of it at the source may go. */
  settled(after: unknown): Promise<void>
  close(): Promise<void>
}

/** What a source works with. */
export interface SourceParts {
  layout: Layout
  spool: Spool
  /** Ends what it waits for. */
  stopped: AbortSignal
  /** Says that there may be something to read. */
  wake: () => void
  /** Writes a line to the log: what is no obstacle and still has to be known. */
  say: (line: string) => void
}

export function sourceOf(source: SourceConfig, parts: SourceParts): Source {
  switch (source.kind) {
    case 'postgres':
      return postgresSource(source, parts)
    case 'mysql':
      return mysqlSource(source, parts)
    case 'csv':
      return csvSource(source, parts)
    case 'excel':
      return excelSource(source, parts)
    case 'http':
      return httpSource(source, parts)
  }
}
