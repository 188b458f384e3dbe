import {
  type Ctx,
  compareCivilDates,
  InvalidState,
  InvalidValue,
  inTransaction,
  NotPermitted,
  notFound,
  recordAudit,
  recordEvent,
  requireVersion,
  todayInShanghai,
} from '@tongchou/kernel'
import type { SupervisionPorts } from './ports.ts'
import { readWithheldRecord, replyToRecord, revokeRecord } from './problem.permissions.ts'
import type { NewWithheldRecord, Reply, Revocation, WithheldRecord } from './problem.schema.ts'
import { readableProject } from './problem.service.ts'
import { insertWithheld, lockWithheld, updateWithheld } from './problem.store.ts'
import type { WithheldRow } from './problem.tables.ts'
import { viewWithheld } from './problem.view.ts'

/** Kind of subject of the audit rows of these records. */
export const withheldKind = 'withheld-record'

/** Records that a builder refused, hid or misreported (WH23-18: 不得拒绝、隐匿、瞒报). */
export async function recordWithheld(ctx: Ctx, ports: SupervisionPorts, input: NewWithheldRecord): Promise<WithheldRecord> {
  return inTransaction(ctx, async (tx) => {
    const project = await readableProject(tx, ports, input.projectId)
    if (compareCivilDates(input.foundOn, todayInShanghai(tx.now())) > 0)
      throw new InvalidValue('withheld.found_in_future', '发现日期不得晚于今天。', [{ path: 'foundOn', message: '不得晚于今天' }])
    const by = `${tx.actor.orgName} ${tx.actor.name}`
    const row = await insertWithheld(tx, {
      project_id: project.id,
      project_name: project.name,
      builder_org_id: project.builderOrgId,
      user_unit_org_id: project.userUnitOrgId,
      kind: input.kind,
      description: input.description,
      found_on: input.foundOn,
      recorded_org_id: tx.actor.orgId,
      recorded_by: by,
      recorded_at: tx.now(),
      reply: null,
      replied_by: null,
      replied_at: null,
      revoked_reason: null,
      revoked_by: null,
      revoked_at: null,
      updated_by: by,
      updated_at: tx.now(),
    })
    await recordAudit(tx, 'withheld.recorded', { kind: withheldKind, id: row.id }, { projectId: project.id, kind: row.kind })
    await recordEvent(
      tx,
      'withheld.recorded',
      { kind: withheldKind, id: row.id },
      { projectId: project.id, builderOrgId: row.builder_org_id },
    )
    return viewOne(tx, ports, row)
  })
}

/** The builder's answer (书面说明), once; it stands beside the record and does not undo it. */
export async function replyToWithheld(ctx: Ctx, ports: SupervisionPorts, id: string, input: Reply): Promise<WithheldRecord> {
  return inTransaction(ctx, async (tx) => {
    const row = await lockReadable(tx, id)
    if (!replyToRecord.allows(tx.actor, row)) throw new NotPermitted('withheld.not_builder', '说明由项目建设单位填写，当前岗位不能办理。')
    if (row.reply !== null) throw new InvalidState('withheld.already_replied', `该记录已由${row.replied_by}作出说明，不能重复填写。`)
    if (row.revoked_at !== null) throw new InvalidState('withheld.revoked', '该记录已撤销，无需说明。')
    requireVersion(`“${row.project_name}”的记录`, row, input.version)
    const changed = await updateWithheld(tx, id, {
      reply: input.reply,
      replied_by: `${tx.actor.orgName} ${tx.actor.name}`,
      replied_at: tx.now(),
    })
    await recordAudit(tx, 'withheld.replied', { kind: withheldKind, id })
    return viewOne(tx, ports, changed)
  })
}

/** Takes back a record that proved wrong; it stays visible with the reason. */
export async function revokeWithheld(ctx: Ctx, ports: SupervisionPorts, id: string, input: Revocation): Promise<WithheldRecord> {
  return inTransaction(ctx, async (tx) => {
    const row = await lockReadable(tx, id)
    if (!revokeRecord.allows(tx.actor, row)) throw new NotPermitted('withheld.not_recorder', '记录由作出记录的机关撤销，当前岗位不能办理。')
    if (row.revoked_at !== null) throw new InvalidState('withheld.revoked', `该记录已由${row.revoked_by}撤销。`)
    requireVersion(`“${row.project_name}”的记录`, row, input.version)
    const changed = await updateWithheld(tx, id, {
      revoked_reason: input.reason,
      revoked_by: `${tx.actor.orgName} ${tx.actor.name}`,
      revoked_at: tx.now(),
    })
    await recordAudit(tx, 'withheld.revoked', { kind: withheldKind, id })
    return viewOne(tx, ports, changed)
  })
}

async function lockReadable(tx: Ctx, id: string): Promise<WithheldRow> {
  const row = await lockWithheld(tx, id)
  if (!row || !readWithheldRecord.allows(tx.actor, row)) throw notFound('记录')
  return row
}

/** One record as the API shows it. */
export async function viewOne(ctx: Ctx, ports: SupervisionPorts, row: WithheldRow): Promise<WithheldRecord> {
  const [view] = await viewWithheld(ctx, ports, [row])
  if (!view) throw new Error('a row has a view')
  return view
}
