// An agent of the kill loop, a process of its own: one that sends, or one that receives.
import { flushCompileCache } from 'node:module'
import { type Center, parseConfig, runAgent, type Target } from '@tongchou/agent'
import { type Bug, plantedCenter, plantedTarget } from './kill-bugs.ts'

/** What an agent is started with. */
export interface KillAgentArguments {
  yaml: string
  folder: string
  bug: Bug | null
  /** The target's address. */
  url: string
}

/** What an agent tells the driver: that it runs, that it has taken its lane or table over, and each batch that it was told is taken. */
export type FromAgent = { ready: true } | { claimed: true } | { acknowledged: string }

const { yaml, folder, bug, url } = JSON.parse(process.argv[2] ?? '{}') as KillAgentArguments
const ended = new AbortController()
process.on('disconnect', () => ended.abort())
flushCompileCache()
const tell = (message: FromAgent) => {
  if (process.connected) process.send?.(message)
}
tell({ ready: true })
const through = (center: Center): Center => {
  const planted = plantedCenter(bug, center)
  return {
    ...planted,
    claim: async (of) => {
      const claimed = await planted.claim(of)
      tell({ claimed: true })
      return claimed
    },
    send: async (parcel, body) => {
      const receipt = await planted.send(parcel, body)
      tell({ acknowledged: parcel.batchId })
      return receipt
    },
  }
}
const into = (target: Target): Target => {
  const planted = plantedTarget(bug, target, url)
  return {
    ...planted,
    claim: async () => {
      const received = await planted.claim()
      tell({ claimed: true })
      return received
    },
  }
}
const options = { patience: { first: 20, last: 300 }, through, into }
process.exitCode = (await runAgent(parseConfig(yaml, folder), ended.signal, options)) === 'superseded' ? 1 : 0
// Nothing but the driver's own line keeps it: an agent that leaves something open behind is seen as one that does not end.
if (process.connected) process.disconnect?.()
