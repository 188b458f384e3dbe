import { type Ctx, type OfficeCalendar, startOfDayInShanghai, type TimeUnit, todayInShanghai } from '@tongchou/kernel'
import { cycleWords, everyWords } from '../words.ts'
import type { AlarmKind, ChannelLine } from './channel.schema.ts'
import type { ChannelRow, LaneRow } from './channel.tables.ts'
import { lanesOfAll, refusedSince } from './lane.store.ts'
import type { ExchangePorts, Intake, UpdateCycle } from './ports.ts'
import { found, type Reconciled, reconciledOf } from './reconciliation.store.ts'
import { toReconciliation } from './reconciliation.view.ts'

/**
 * How long after the last data the next is due. What is promised at once or daily has a working day: a source in which nothing changes confirms once a day.
 * 不定期 and 其他 promise nothing that could be late.
 */
const limits: Readonly<Record<UpdateCycle, readonly [number, TimeUnit] | null>> = {
  realtime: [1, 'work-day'],
  daily: [1, 'work-day'],
  weekly: [5, 'work-day'],
  monthly: [1, 'month'],
  quarterly: [3, 'month'],
  'half-yearly': [6, 'month'],
  yearly: [12, 'month'],
  irregular: null,
  other: null,
}

/** Something that is wrong with a channel now (告警). */
export interface Alarm {
  kind: AlarmKind
  since: Date
  detail: string
}

/** How a channel does (运行情况). */
export interface Condition {
  intake: Intake
  cycle: UpdateCycle | null
  dueAt: Date | null
  refusedToday: number
  reconciled: Reconciled | undefined
  alarms: readonly Alarm[]
}

/** Of each of these channels, whoever asks: what came in and waits, against what its catalog entry promises, by the tables and the calendar as of now. */
export async function conditionsOf(ctx: Ctx, ports: ExchangePorts, rows: readonly ChannelRow[]): Promise<Map<string, Condition>> {
  const ids = rows.map(({ id }) => id)
  const since = startOfDayInShanghai(todayInShanghai(ctx.now()))
  const intakes = await ports.intake.intakeOf(ctx, ids, since)
  const cycles = await ports.cyclesOf(ctx, [...new Set(rows.map(({ resource }) => resource))])
  const lanes = await lanesOfAll(ctx, ids)
  const refused = await refusedSince(ctx, ids, since)
  const reconciliations = await reconciledOf(ctx, ids)
  const calendar = await ports.calendar(ctx)
  return new Map(
    rows.map((row) => {
      const intake = intakes.get(row.id) ?? { confirmedAt: null, batches: 0, rows: 0, bad: 0, openLines: 0, openSince: null }
      const cycle = cycles.get(row.resource) ?? null
      const dueAt = dueOf(calendar, row, intake, cycle)
      const own = lanes.filter(({ channel_id }) => channel_id === row.id)
      const reconciled = reconciliations.get(row.id)
      const alarms = row.state === 'suspended' ? [] : alarmsOf({ now: ctx.now(), intake, cycle, dueAt, lanes: own, reconciled })
      return [row.id, { intake, cycle, dueAt, refusedToday: refused.get(row.id) ?? 0, reconciled, alarms }]
    }),
  )
}

/** Counted from the last data, or from when the channel was set up. */
function dueOf(calendar: OfficeCalendar, row: ChannelRow, { confirmedAt }: Intake, cycle: UpdateCycle | null): Date | null {
  const limit = cycle && limits[cycle]
  return limit ? calendar.due(confirmedAt ?? row.created_at, limit[0], limit[1], row.org_id).dueAt : null
}

interface Found {
  now: Date
  intake: Intake
  cycle: UpdateCycle | null
  dueAt: Date | null
  lanes: readonly LaneRow[]
  reconciled: Reconciled | undefined
}

function alarmsOf({ now, intake, cycle, dueAt, lanes, reconciled }: Found): Alarm[] {
  const failed = lanes.filter(({ failed_at }) => failed_at !== null)
  const [first] = failed.toSorted((a, b) => (a.failed_at?.getTime() ?? 0) - (b.failed_at?.getTime() ?? 0))
  return [
    ...(dueAt !== null && dueAt < now
      ? [
          {
            kind: 'late' as const,
            since: dueAt,
            detail: `更新周期为${cycleWords[cycle ?? '']}，${intake.confirmedAt ? '已过应更新的时间' : '尚未收到数据'}`,
          },
        ]
      : []),
    ...(first?.failed_at && first.failure
      ? [
          {
            kind: 'failing' as const,
            since: first.failed_at,
            detail: `第 ${first.failure.number} 批：${first.failure.message.replace(/。$/, '')}`,
          },
        ]
      : []),
    ...(intake.openSince === null
      ? []
      : [{ kind: 'quarantine' as const, since: intake.openSince, detail: `${intake.openLines} 条问题数据待处理` }]),
    ...(reconciled?.unrepairedSince
      ? [{ kind: 'unreconciled' as const, since: reconciled.unrepairedSince, detail: inWords(reconciled) }]
      : []),
    ...stoppedReconciling(now, lanes, reconciled),
  ]
}

/** So many times as long as was promised may pass: one run may be missed, as by a machine that is off for a night. */
const RUNS_MISSED = 2

/** A sender that said how often it reconciles, and has not for longer than it may. Counted from its last complete run, or from when it first said so. */
function stoppedReconciling(now: Date, lanes: readonly LaneRow[], reconciled: Reconciled | undefined): Alarm[] {
  return lanes.flatMap(({ lane, reconcile_hours: hours, reconcile_from: from }): Alarm[] => {
    if (hours === null || from === null) return []
    const last = reconciled?.last.lane === lane ? reconciled.last.ended_at : null
    const since = new Date(Math.max(last?.getTime() ?? 0, from.getTime()) + RUNS_MISSED * hours * 3_600_000)
    const told = `前置程序${everyWords(hours)}对账一次，${last ? '已超过两个周期没有完成对账' : '至今没有完成过对账'}`
    return since < now ? [{ kind: 'reconcile-late', since, detail: told }] : []
  })
}

function inWords({ last }: Reconciled): string {
  const parts = [`只在来源 ${last.only_source}`, `只在中心 ${last.only_center}`, `内容不同 ${last.different}`]
  return `${found(last)} 条与来源不一致（${parts.join('、')}）${last.repair === 'held' ? '，待提供单位核实后修复' : ''}`
}

/** A condition as the API tells it. */
export function toCondition({ intake, cycle, dueAt, refusedToday, reconciled, alarms }: Condition) {
  return {
    confirmedAt: intake.confirmedAt?.toISOString() ?? null,
    cycle: cycle === null ? null : (cycleWords[cycle] ?? null),
    dueAt: dueAt?.toISOString() ?? null,
    rowsToday: intake.rows,
    refusedToday,
    openLines: intake.openLines,
    reconciliation: reconciled ? toReconciliation(reconciled.last) : null,
    alarms: alarms.map(({ kind, since, detail }) => ({ kind, since: since.toISOString(), detail })),
  } satisfies Partial<ChannelLine>
}
