import { type Ctx, InvalidValue, inTransaction, NotPermitted, recordAudit, recordEvent, requireVersion } from '@tongchou/kernel'
import type { SystemsPorts } from './ports.ts'
import { lockReadable } from './register.service.ts'
import { confirmProtection, keepSystem } from './system.permissions.ts'
import type { Protection, ProtectionInput, System } from './system.schema.ts'
import { insertAnswers, updateSystem } from './system.store.ts'
import { viewSystem } from './system.view.ts'

/**
 * Records the protection grade (等级保护, WH23-17). From public security it is confirmed; from the owner it is declared,
 * with the filing number (备案号), and waits for public security.
 */
export async function recordProtection(ctx: Ctx, ports: SystemsPorts, id: string, input: ProtectionInput): Promise<System> {
  return inTransaction(ctx, async (tx) => {
    const row = await lockReadable(tx, id)
    const confirms = confirmProtection.allows(tx.actor)
    if (!confirms && !keepSystem.allows(tx.actor, row))
      throw new NotPermitted('protection.not_answerable', '保护等级由所属单位申报、公安机关确认，当前岗位不能填写。')
    if (confirms && row.registered_by_person_id === tx.actor.personId)
      throw new NotPermitted('system.own_registration', `“${row.name}”由本人登记，须由其他人员确认保护等级。`)
    requireVersion(`信息系统“${row.name}”`, row, input.version)
    checkFiling(input)
    const value: Protection = { level: input.level, filingNumber: input.filingNumber, nextEvaluationOn: input.nextEvaluationOn }
    const standing = confirms ? 'confirmed' : 'declared'
    await insertAnswers(tx, id, [{ fact: 'protection', value, standing }], input.evidence)
    const changed = await updateSystem(tx, id, {})
    const action = confirms ? 'system.protection_confirmed' : 'system.protection_declared'
    await recordAudit(tx, action, { kind: 'system', id }, { ...value })
    await recordEvent(tx, action, { kind: 'system', id }, { orgId: row.org_id, ...value })
    return viewSystem(tx, ports, changed)
  })
}

/** Grade 1 is not filed with public security; from grade 2 on there is a filing number. */
function checkFiling(input: ProtectionInput): void {
  if (input.level >= 2 && input.filingNumber === null)
    throw new InvalidValue('protection.filing_number_missing', `保护等级第${input.level}级的系统须填写备案号。`, [
      { path: 'filingNumber', message: '第二级以上须填写公安机关备案号' },
    ])
}
