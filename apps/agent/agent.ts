import { type Center, centerAt } from './center.ts'
import type { AgentConfig, ChannelConfig } from './config.ts'
import { feedAt } from './feed.ts'
import { type FlowParts, runFlow, type Trouble } from './flow.ts'
import { readKey } from './key.ts'
import { fileLog } from './log.ts'
import { type ReceiveProgress, runReceive } from './receive.ts'
import type { ReceiveConfig } from './receive-config.ts'
import type { Reconciled } from './reconcile.ts'
import { lockFolder, openSpool, type Spool, spoolFile, type Told } from './spool.ts'
import { openStatusPage } from './status-page.ts'
import { type Target, targetOf } from './target.ts'

/** How one channel stands. */
export interface ChannelStatus {
  channel: string
  lane: string
  waiting: { batches: number; bytes: number }
  last: Told | null
  scannedAt: string | null
  /** The last time that source and center were held against each other. */
  reconciled: Reconciled | null
  troubles: Trouble[]
}

/** How one subscription stands. */
export interface ReceiveStatus {
  subscription: string
  table: string
  /** Null before the first page. */
  progress: ReceiveProgress | null
  troubles: Trouble[]
}

/** How everything stands that an agent does. */
export interface AgentStatus {
  channels: ChannelStatus[]
  receives: ReceiveStatus[]
}

export interface AgentOptions {
  now?: () => Date
  echo?: (line: string) => void
  patience?: FlowParts['patience']
  /** Stands between agent and center: for runs that plant mistakes. */
  through?: (center: Center) => Center
  /** The same between agent and target. */
  into?: (target: Target) => Target
}

/**
 * Runs all channels and subscriptions of an agent until it is told to stop, one folder for one process. One that somebody else has taken over ends; when
 * all of them have, so does the agent.
 * @throws AgentProblem when it cannot start
 */
export async function runAgent(config: AgentConfig, ended: AbortSignal, options: AgentOptions = {}): Promise<'ended' | 'superseded'> {
  const { now = () => new Date(), echo, patience, through = (center) => center, into = (target) => target } = options
  const unlock = lockFolder(config.dataDir)
  const spools: Spool[] = []
  const closed: (() => Promise<void>)[] = []
  try {
    const log = fileLog(config.log, now, echo)
    const spooled = (name: string, lane: string) => {
      const spool = openSpool(spoolFile(config.dataDir, name, lane))
      spools.push(spool)
      return { spool, log, now, ...(patience ? { patience } : {}) }
    }
    // Who only receives signs nothing.
    const sender = () => through(centerAt(config.center, config.tokenFile, readKey(config.keyFile), ended))
    const center = config.channels.length > 0 ? sender() : undefined
    const flows = config.channels.flatMap((channel) =>
      center ? { config: channel, center, ...spooled(channel.channel, channel.lane) } : [],
    )
    const receiving = config.receives.map((receive) => ({
      ...{ config: receive, target: into(targetOf(receive)), ...spooled(receive.subscription, receiveLane) },
      feed: feedAt(config.center, receive.subscription, receive.tokenFile, ended),
    }))
    const status = (): AgentStatus => ({
      channels: flows.map((flow) => statusOf(flow.config, flow.spool)),
      receives: receiving.map((one) => receiveStatusOf(one.config, one.spool)),
    })
    if (config.status) closed.push(await openStatusPage(config.status, status))
    log.write('agent', `已启动，通道 ${flows.length} 条，订阅 ${receiving.length} 个`)
    const outcomes = await Promise.all([...flows.map((flow) => runFlow(flow, ended)), ...receiving.map((one) => runReceive(one, ended))])
    log.write('agent', '已停止')
    return outcomes.every((outcome) => outcome === 'superseded') ? 'superseded' : 'ended'
  } finally {
    for (const close of closed) await close()
    for (const spool of spools) spool.close()
    unlock()
  }
}

/** Names the file of a subscription's notes beside the spools of channels. */
const receiveLane = 'receive'

/** How a channel stands, from its spool: also while the agent runs. */
export function statusOf({ channel, lane }: ChannelConfig, spool: Spool): ChannelStatus {
  const trouble = (part: string) => spool.recall<Trouble | null>(`trouble ${part}`) ?? undefined
  return {
    channel,
    lane,
    waiting: spool.count(),
    last: spool.recall<Told>('taken') ?? null,
    scannedAt: spool.recall<string | null>('scanned') ?? null,
    reconciled: spool.recall<Reconciled>('found') ?? null,
    troubles: [trouble('center'), trouble('source'), trouble('reconciling')].filter((one) => one !== undefined),
  }
}

/** How a subscription stands, from its notes. */
function receiveStatusOf({ subscription, target }: ReceiveConfig, spool: Spool): ReceiveStatus {
  const trouble = (part: string) => spool.recall<Trouble | null>(`trouble ${part}`) ?? undefined
  return {
    ...{ subscription, table: target.table, progress: spool.recall<ReceiveProgress>('received') ?? null },
    troubles: [trouble('center'), trouble('target')].filter((one) => one !== undefined),
  }
}

/** The state of everything, whether the agent runs or not. */
export function readStatus(config: AgentConfig): AgentStatus {
  const read = <S>(name: string, lane: string, how: (spool: Spool) => S): S => {
    const spool = openSpool(spoolFile(config.dataDir, name, lane))
    try {
      return how(spool)
    } finally {
      spool.close()
    }
  }
  return {
    channels: config.channels.map((channel) => read(channel.channel, channel.lane, (spool) => statusOf(channel, spool))),
    receives: config.receives.map((receive) => read(receive.subscription, receiveLane, (spool) => receiveStatusOf(receive, spool))),
  }
}
