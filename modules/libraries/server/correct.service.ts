import {
  type Ctx,
  DomainError,
  databaseOn,
  InvalidState,
  InvalidValue,
  insertAudit,
  inTransaction,
  NotPermitted,
  recordAudit,
} from '@tongchou/kernel'
import { type ResourceDefinition, rowReader, type ValueProblem } from '@tongchou/records'
import { installedDefinition } from './install.store.ts'
import { correctQuarantine } from './library.permissions.ts'
import type { LibrariesPorts } from './ports.ts'
import type { Correction, Discard, Judgement } from './quarantine.api.ts'
import { closeCorrected, discardLine, findLine, type QuarantineRow, recordUnder } from './quarantine.store.ts'
import { quarantineKind, titleOf, valuesOf } from './quarantine.view.ts'
import { receiveBatch } from './receive.service.ts'

/** Judges what a line would be with some values changed (更正校验): by the very checks that a batch goes through. Nothing is written. */
export async function judgeCorrection(ctx: Ctx, row: QuarantineRow, values: Correction['values']): Promise<Judgement> {
  requireKeeper(ctx, row)
  const { definition, corrected } = await tryCorrection(ctx, row, values)
  return { problems: Array.isArray(corrected) ? told(definition, corrected) : [] }
}

/**
 * Writes a line that was set aside with its mistakes mended (更正重投), by the one write path: its batch has a receipt and a leaf as any other, and the line
 * leaves the quarantine in the same transaction. Where the source has sent the record again meanwhile, the line is closed already and nothing is written.
 */
export async function correctLine(ctx: Ctx, ports: LibrariesPorts, row: QuarantineRow, { values, note }: Correction): Promise<void> {
  requireKeeper(ctx, row)
  if (row.state !== 'open' && row.state !== 'corrected') throw closed(row)
  const { definition, corrected } = await tryCorrection(ctx, row, values)
  if (Array.isArray(corrected)) throw stillBad(definition, corrected)
  if (!ports.writing) throw new InvalidState('quarantine.not_writing', '本服务不写入数据，请在接收数据的服务上办理。')
  const items = definition.items.map(({ id }) => id)
  const header = { format: 1, schema: definition.version, items }
  const by = `${ctx.actor.orgName} ${ctx.actor.name}`
  const batch = {
    resource: row.resource,
    batchId: `correction/${row.id}`,
    text: `${JSON.stringify(header)}\n${JSON.stringify(corrected.values)}`,
    receivedBy: `更正：${by}`,
    receivedAt: ctx.now(),
  }
  try {
    await receiveBatch(ports.writing, batch, {
      guard: async (client, { table }) => {
        const held = corrected.key === row.record_key ? undefined : await recordUnder(client, table, corrected.key)
        // The line's own record may be older and is what the correction is for; that of another key came by another way.
        if (held && held.hash !== corrected.hash)
          throw new InvalidState(
            'quarantine.key_taken',
            `更正后的主键已有另一条数据（批次 ${held.batch_id}），更正不得覆盖。请核对主键；确为同一条的，由来源更正后重报。`,
          )
        if (!(await closeCorrected(client, { id: row.id, batchId: batch.batchId, at: batch.receivedAt, by, note })))
          throw await closedNow(ctx, row)
      },
      also: async (client, { bad }) => {
        // The structure or an event's record is other than when it was judged.
        if (bad > 0)
          throw new InvalidState('quarantine.refused', '更正后的数据未被接收：事件已经记录且内容不同，或资源结构刚刚变更。请刷新后核对。')
        const subject = { kind: quarantineKind, id: row.id }
        const detail = { resource: row.resource, batchId: row.batch_id, line: row.line, items: Object.keys(values).sort(), note }
        const { actor, requestId } = ctx
        await insertAudit({ db: databaseOn(client) }, [
          { actor, at: batch.receivedAt, requestId, action: 'quarantine.corrected', outcome: 'done', subject, detail },
        ])
      },
    })
  } catch (error) {
    // Two at once: the first one's values stand.
    throw error instanceof DomainError && error.code === 'libraries.batch_reused' ? await closedNow(ctx, row) : error
  }
}

/** Takes a line out of the quarantine without writing it (作废), with the reason why nothing is lost. */
export async function discard(ctx: Ctx, row: QuarantineRow, { reason }: Discard): Promise<void> {
  requireKeeper(ctx, row)
  await inTransaction(ctx, async (tx) => {
    if (!(await discardLine(tx, row.id, reason.trim()))) throw await closedNow(tx, row)
    const detail = { resource: row.resource, batchId: row.batch_id, line: row.line, reason: reason.trim() }
    await recordAudit(tx, 'quarantine.discarded', { kind: quarantineKind, id: row.id }, detail)
  })
}

async function tryCorrection(ctx: Ctx, row: QuarantineRow, changed: Correction['values']) {
  const definition = await installedDefinition(ctx, row.resource)
  const values = valuesOf(row)
  if (!definition || !values)
    throw new InvalidState('quarantine.not_correctable', '该行不能按信息项更正：不成一条记录，或是删除。请由来源重报，不需要的可以作废。')
  const unknown = Object.keys(changed).find((id) => !definition.items.some((item) => item.id === id))
  if (unknown !== undefined)
    throw new InvalidValue('libraries.unknown_item', `没有信息项 ${unknown}。`, [{ path: `values/${unknown}`, message: '没有这个信息项' }])
  const whole: Record<string, string | null> = { ...values, ...changed }
  const ids = definition.items.map(({ id }) => id)
  return {
    definition,
    corrected: rowReader(definition, ids).read(ids.map((id) => whole[id] ?? null)),
  }
}

const told = (definition: ResourceDefinition, problems: readonly ValueProblem[]) =>
  problems.map(({ item, rule, message }) => ({ item, itemTitle: titleOf(definition, item), rule, message }))

function stillBad(definition: ResourceDefinition, problems: readonly ValueProblem[]) {
  const lines = told(definition, problems)
  return new InvalidValue(
    'quarantine.still_bad',
    `更正后仍有 ${lines.length} 处问题：${lines.map(({ message }) => message).join('；')}。`,
    lines.map(({ item, message }) => ({ path: `values/${item}`, message })),
  )
}

function requireKeeper(ctx: Ctx, row: QuarantineRow): void {
  if (!correctQuarantine.allows(ctx.actor, { orgId: row.org_id }))
    throw new NotPermitted('quarantine.not_provider', '问题数据由提供单位的数据专员更正、作废（谁提供、谁负责）。')
}

async function closedNow(ctx: Ctx, row: QuarantineRow) {
  return closed((await findLine(ctx, row.id)) ?? row)
}

function closed({ state, closed_batch, closed_by }: QuarantineRow) {
  const how = {
    open: '正在由他人处理',
    resent: `已由来源在批次 ${closed_batch} 中更正`,
    removed: `来源已在批次 ${closed_batch} 中删除这条数据`,
    superseded: `批次 ${closed_batch} 又报送了这条数据，仍有问题，请处理后一次的`,
    corrected: `已由${closed_by}更正重投`,
    discarded: `已由${closed_by}作废`,
  }[state]
  return new InvalidState('quarantine.closed', `该行${how}，未再写入。`)
}
