import type { ChannelConfig } from './config.ts'
import { csvSource } from './csv-source.ts'
import { postgresSource } from './postgres-source.ts'
import type { Layout, Sink } from './sink.ts'
import type { Spool } from './spool.ts'

/** Where records come from. */
export interface Source {
  /** Whether the source is as the configuration says, in words. @throws AgentProblem with its cure */
  check(): Promise<string>
  /** Puts what has changed into the sink, or everything; true when there is more at once. */
  read(sink: Sink, what: 'changes' | 'all'): Promise<boolean>
  /** The center has a batch: what is left of it at the source may go. */
  settled(after: unknown): Promise<void>
  close(): Promise<void>
}

export function sourceOf({ source }: ChannelConfig, layout: Layout, spool: Spool): Source {
  return source.kind === 'postgres' ? postgresSource(source, layout, spool) : csvSource(source, layout, spool)
}
