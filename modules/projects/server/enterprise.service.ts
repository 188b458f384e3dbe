import {
  type Ctx,
  checkSocialCreditCode,
  describeProblem,
  InvalidState,
  InvalidValue,
  inTransaction,
  NotFound,
  type RelationSubjectPort,
  recordAudit,
} from '@tongchou/kernel'
import type { Enterprise, EnterprisePage } from './enterprise.schema.ts'
import {
  buildsWith,
  contractsWithEnterprise,
  type EnterpriseRow,
  enterpriseOfCode,
  enterprisesOfName,
  findEnterprise,
  insertEnterprise,
  lockEnterprise,
  mergeEnterprise,
  setEnterpriseCode,
  toEnterprise,
} from './enterprise.store.ts'
import { applicantDuties, bears, isOutsider } from './project.permissions.ts'

const subjectOf = (id: string) => ({ kind: 'enterprise', id })

/** Registers an enterprise (登记企业) by name and a code that is right; one whose code is registered already stays the one it is. */
export async function registerEnterprise(ctx: Ctx, input: { name: string; uscc: string }): Promise<Enterprise> {
  const name = input.name.trim()
  const uscc = checkedCode(input.uscc, 'uscc')
  return inTransaction(ctx, async (tx) => {
    const row = await insertEnterprise(tx, name, uscc)
    if (!row) {
      const known = await enterpriseOfCode(tx, uscc)
      throw new InvalidState('enterprise.exists', `统一社会信用代码 ${uscc} 已登记为“${known?.name ?? ''}”，请直接选用。`, [
        { path: 'uscc', message: '已登记' },
      ])
    }
    await recordAudit(tx, 'enterprise.registered', subjectOf(row.id), { name, uscc })
    return toEnterprise(row)
  })
}

/**
 * Fills in the code of an enterprise that a contract named by text alone (补登代码). Where the code is registered already, the contracts go over to
 * that enterprise: nothing else can hang on a row without a code.
 */
export async function identifyEnterprise(ctx: Ctx, id: string, text: string): Promise<Enterprise> {
  const uscc = checkedCode(text, 'uscc')
  return inTransaction(ctx, async (tx) => {
    const row = await lockEnterprise(tx, id)
    if (!row) throw new NotFound('enterprise.not_found', '企业不存在')
    if (row.uscc !== null) throw new InvalidState('enterprise.coded', `该企业已登记统一社会信用代码 ${row.uscc}，无须补登。`)
    const known = await enterpriseOfCode(tx, uscc)
    if (known && known.name !== row.name)
      throw new InvalidState('enterprise.other_name', `统一社会信用代码 ${uscc} 已登记为“${known.name}”，与“${row.name}”不一致，请核对。`, [
        { path: 'uscc', message: '登记名称不一致' },
      ])
    if (known) {
      const contracts = await mergeEnterprise(tx, id, known.id)
      await recordAudit(tx, 'enterprise.merged', subjectOf(id), { into: known.id, name: row.name, uscc, contracts })
      return toEnterprise(known)
    }
    await setEnterpriseCode(tx, id, uscc)
    await recordAudit(tx, 'enterprise.identified', subjectOf(id), { name: row.name, uscc })
    return toEnterprise({ ...row, uscc })
  })
}

/** The page of an enterprise; every official may know that it is there, its contracts go by their projects. */
export async function enterprisePage(ctx: Ctx, id: string): Promise<EnterprisePage> {
  const row = await readable(ctx, id)
  if (!row) throw new NotFound('enterprise.not_found', '企业不存在，或不在当前岗位可查看的范围内。')
  const withinOrgId = ctx.actor.roles.has('big-data-center') ? null : ctx.actor.orgId
  const isGranting = bears(ctx.actor, 'big-data-center', ...applicantDuties)
  const obstacle = isGranting ? await enterpriseSubject.obstacle(ctx, id, withinOrgId) : undefined
  return {
    ...toEnterprise(row),
    contracts: (await contractsWithEnterprise(ctx, ctx.actor, id)).map((contract) => ({
      id: contract.id,
      number: contract.number,
      supplier: contract.supplier,
      amountFen: contract.amount_fen,
      signedOn: contract.signed_on,
      project: { id: contract.project_id, name: contract.project_name, stage: contract.stage },
    })),
    mayIdentify: row.uscc === null && ctx.actor.roles.has('big-data-center'),
    mayGrant: isGranting && obstacle === undefined,
    grantObstacle: obstacle ?? null,
  }
}

/** May the actor know of it? */
export async function mayReadEnterprise(ctx: Ctx, id: string): Promise<boolean> {
  return (await readable(ctx, id)) !== undefined
}

async function readable(ctx: Ctx, id: string): Promise<EnterpriseRow | undefined> {
  return isOutsider(ctx.actor) ? undefined : findEnterprise(ctx, id)
}

/**
 * The enterprise that a contract is made with: by its code, which is registered with the contract where it is new, or by a name that says only one.
 * A code that is registered under another name is refused: one of the two is wrong.
 */
export async function supplierOf(ctx: Ctx, supplier: string, code: string): Promise<EnterpriseRow> {
  const name = supplier.trim()
  if (code !== '') {
    const uscc = checkedCode(code, 'supplierUscc')
    const row = (await enterpriseOfCode(ctx, uscc)) ?? (await registered(ctx, name, uscc)) ?? (await enterpriseOfCode(ctx, uscc))
    if (row?.name !== name)
      throw refused('supplierUscc', `统一社会信用代码 ${uscc} 已登记为“${row?.name ?? ''}”，与承建单位“${name}”不一致，请核对。`)
    return row
  }
  const [row, another] = await enterprisesOfName(ctx, name)
  if (another) throw refused('supplierUscc', `名为“${name}”的企业不止一家，请填写统一社会信用代码。`)
  const found = row ?? (await registered(ctx, name, null)) ?? (await enterprisesOfName(ctx, name))[0]
  if (!found) throw refused('supplier', '承建单位登记失败，请重新提交。')
  return found
}

async function registered(ctx: Ctx, name: string, uscc: string | null): Promise<EnterpriseRow | undefined> {
  const row = await insertEnterprise(ctx, name, uscc)
  if (row) await recordAudit(ctx, 'enterprise.registered', subjectOf(row.id), { name, uscc })
  return row
}

/** Enterprises as what people outside the offices are related to (承建单位经办人). */
export const enterpriseSubject: RelationSubjectPort = {
  kind: 'enterprise',
  nameOf: async (ctx, id) => (/^[0-9a-f-]{36}$/i.test(id) ? (await readable(ctx, id))?.name : undefined),
  obstacle: async (ctx, id, withinOrgId) => {
    const row = await findEnterprise(ctx, id)
    if (row?.uscc === null) return '该企业未登记统一社会信用代码，不能授予经办关系。请由市大数据中心补登后办理。'
    if (withinOrgId === null || (await buildsWith(ctx, withinOrgId, id))) return undefined
    return '本单位作为建设单位与该企业没有合同，不能授予经办关系。请由签订合同的建设单位或市大数据中心办理。'
  },
}

function checkedCode(text: string, path: string): string {
  const checked = checkSocialCreditCode(text)
  if (!checked.ok)
    throw new InvalidValue(checked.problem.code, describeProblem(checked.problem), [{ path, message: checked.problem.message }])
  return checked.value.value
}

function refused(path: string, message: string): InvalidValue {
  return new InvalidValue('form.inconsistent', message, [{ path, message }])
}
