import { type Ctx, type Jobs, recordAudit } from '@tongchou/kernel'
import { alarmWords } from '../words.ts'
import { allChannels, beginAlarm, endAlarm, openAlarms } from './alarm.store.ts'
import { senderDuties } from './channel.permissions.ts'
import type { ChannelRow } from './channel.tables.ts'
import { type Alarm, conditionsOf } from './condition.ts'
import { forgetRefusals } from './lane.store.ts'
import type { ExchangePorts } from './ports.ts'
import { forgetDifferences } from './reconciliation.store.ts'

const WATCH = 'exchange.watch'
const FORGET = 'exchange.forget-refusals'
/** As long as somebody may ask what was the matter; the audit log has the refused acts for good. */
const KEPT_DAYS = 180

/** Watches the channels (通道监控): what is wrong is told once to whom it concerns, and is over by itself when it is cured. */
export function exchangeJobs(ports: ExchangePorts): Jobs {
  return {
    kinds: [
      { kind: WATCH, queue: 'short', work: (ctx) => watchChannels(ctx, ports) },
      { kind: FORGET, queue: 'short', work: forget },
    ],
    schedules: [
      { key: WATCH, owner: 'exchange', kind: WATCH, everySeconds: 60, catchUp: 'once' },
      { key: FORGET, owner: 'exchange', kind: FORGET, everySeconds: 24 * 3600, catchUp: 'once' },
    ],
  }
}

async function forget(ctx: Ctx): Promise<void> {
  const before = new Date(ctx.now().getTime() - KEPT_DAYS * 24 * 3_600_000)
  await forgetRefusals(ctx, before)
  await forgetDifferences(ctx, before)
}

/** What each of them can be cured by, for the notice. */
const cures: Readonly<Record<Alarm['kind'], string>> = {
  late: '请检查前置程序和来源系统；来源确无变化的，前置程序每日全量核对后会自动确认。',
  failing: '请按退回原因处理，前置程序会自动重发。',
  quarantine: '请在来源更正后重报，或在隔离区更正重投。',
  unreconciled: '请查看通道页的对账差异；待核实的，由提供单位核对来源后放宽删除上限重启前置程序，其余请检查来源中该记录。',
  'reconcile-late': '请检查前置程序是否在运行，及其状态页所列的对账问题。',
}

/** Brings the alarms to what is so now, in the caller's transaction. An episode is told once, however often it is looked at. */
export async function watchChannels(ctx: Ctx, ports: ExchangePorts): Promise<void> {
  const channels = await allChannels(ctx)
  const conditions = await conditionsOf(ctx, ports, channels)
  const open = await openAlarms(ctx)
  for (const channel of channels) {
    const alarms = conditions.get(channel.id)?.alarms ?? []
    for (const alarm of alarms)
      if (!open.some(({ channel_id, kind }) => channel_id === channel.id && kind === alarm.kind)) await raise(ctx, ports, channel, alarm)
    for (const { id, kind } of open.filter(({ channel_id }) => channel_id === channel.id))
      if (!alarms.some((alarm) => alarm.kind === kind) && (await endAlarm(ctx, id)))
        await recordAudit(ctx, 'channel.alarm_ended', { kind: 'channel', id: channel.id }, { alarm: kind })
  }
}

async function raise(ctx: Ctx, { notices }: ExchangePorts, channel: ChannelRow, { kind, detail }: Alarm): Promise<void> {
  const id = await beginAlarm(ctx, channel.id, kind)
  if (id === undefined) return
  await recordAudit(ctx, 'channel.alarm_raised', { kind: 'channel', id: channel.id }, { alarm: kind })
  await notices.send(ctx, {
    kind: `channel.${kind}`,
    to: [...senderDuties.map((duty) => ({ duty, orgId: channel.org_id })), { duty: 'big-data-center', orgId: null }],
    subject: { kind: 'channel', id: channel.id },
    title: `通道“${channel.name}”${alarmWords[kind]}`,
    body: `${detail}。${cures[kind]}`,
    href: `/channels/${channel.id}`,
    onceKey: `channel.alarm:${id}`,
  })
}
