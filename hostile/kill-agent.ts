// The agent of the kill loop, a process of its own.
import { flushCompileCache } from 'node:module'
import { parseConfig, runAgent } from '@tongchou/agent'
import { type Bug, plantedCenter } from './kill-bugs.ts'

/** What an agent is started with. */
export interface KillAgentArguments {
  yaml: string
  folder: string
  bug: Bug | null
}

const { yaml, folder, bug } = JSON.parse(process.argv[2] ?? '{}') as KillAgentArguments
const ended = new AbortController()
process.on('disconnect', () => ended.abort())
flushCompileCache()
process.send?.({ ready: true })
const options = { patience: { first: 20, last: 300 }, through: (center: Parameters<typeof plantedCenter>[1]) => plantedCenter(bug, center) }
process.exitCode = (await runAgent(parseConfig(yaml, folder), ended.signal, options)) === 'superseded' ? 1 : 0
// Nothing but the driver's own line keeps it: an agent that leaves something open behind is seen as one that does not end.
process.disconnect?.()
