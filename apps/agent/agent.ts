import { type Center, centerAt } from './center.ts'
import type { AgentConfig, ChannelConfig } from './config.ts'
import { type FlowParts, runFlow, type Trouble } from './flow.ts'
import { readKey } from './key.ts'
import { fileLog } from './log.ts'
import { lockFolder, openSpool, type Spool, spoolFile, type Told } from './spool.ts'
import { openStatusPage } from './status-page.ts'

/** How one channel stands. */
export interface ChannelStatus {
  channel: string
  lane: string
  waiting: { batches: number; bytes: number }
  last: Told | null
  scannedAt: string | null
  troubles: Trouble[]
}

export interface AgentOptions {
  now?: () => Date
  echo?: (line: string) => void
  patience?: FlowParts['patience']
  /** Stands between agent and center: for runs that plant mistakes. */
  through?: (center: Center) => Center
}

/**
 * Runs all channels of an agent until it is told to stop, one folder for one process. A channel that somebody else has taken over ends; when all of
 * them have, so does the agent.
 * @throws AgentProblem when it cannot start
 */
export async function runAgent(config: AgentConfig, ended: AbortSignal, options: AgentOptions = {}): Promise<'ended' | 'superseded'> {
  const { now = () => new Date(), echo, patience, through = (center) => center } = options
  const unlock = lockFolder(config.dataDir)
  const spools: Spool[] = []
  const closed: (() => Promise<void>)[] = []
  try {
    const signer = readKey(config.keyFile)
    const log = fileLog(config.log, now, echo)
    const center = through(centerAt(config.center, config.tokenFile, signer, ended))
    const flows = config.channels.map((channel) => {
      const spool = openSpool(spoolFile(config.dataDir, channel.channel, channel.lane))
      spools.push(spool)
      return { config: channel, center, spool, log, now, ...(patience ? { patience } : {}) }
    })
    if (config.status) closed.push(await openStatusPage(config.status, () => flows.map((flow) => statusOf(flow.config, flow.spool))))
    log.write('agent', `已启动，通道 ${flows.length} 条`)
    const outcomes = await Promise.all(flows.map((flow) => runFlow(flow, ended)))
    log.write('agent', '已停止')
    return outcomes.every((outcome) => outcome === 'superseded') ? 'superseded' : 'ended'
  } finally {
    for (const close of closed) await close()
    for (const spool of spools) spool.close()
    unlock()
  }
}

/** How a channel stands, from its spool: also while the agent runs. */
export function statusOf({ channel, lane }: ChannelConfig, spool: Spool): ChannelStatus {
  const trouble = (part: string) => spool.recall<Trouble | null>(`trouble ${part}`) ?? undefined
  return {
    channel,
    lane,
    waiting: spool.count(),
    last: spool.recall<Told>('taken') ?? null,
    scannedAt: spool.recall<string | null>('scanned') ?? null,
    troubles: [trouble('center'), trouble('source')].filter((one) => one !== undefined),
  }
}

/** The state of every channel, whether the agent runs or not. */
export function readStatus(config: AgentConfig): ChannelStatus[] {
  return config.channels.map((channel) => {
    const spool = openSpool(spoolFile(config.dataDir, channel.channel, channel.lane))
    try {
      return statusOf(channel, spool)
    } finally {
      spool.close()
    }
  })
}
