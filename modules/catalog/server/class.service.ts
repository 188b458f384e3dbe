import { type Ctx, InvalidState, InvalidValue, inTransaction, NotFound, NotPermitted, recordAudit } from '@tongchou/kernel'
import { classTree, levelOf, parentOf } from '@tongchou/metadata'
import type { ClassChange, ClassLine, NewClass } from './class.schema.ts'
import { type ClassRow, classRows, entriesInClass, putClass, takeClassTurn } from './class.store.ts'

const subject = (code: string) => ({ kind: 'catalog-class', id: code })

export function toClassLine({ code, title, active, verified, version }: ClassRow): ClassLine {
  return { code, title, level: levelOf(code) ?? '', active, verified, version }
}

/** Adds a class (增设分类) below one that is in use. Its code is never given to another. */
export async function addClass(ctx: Ctx, { code, title }: NewClass): Promise<ClassLine> {
  requireKeeper(ctx)
  return inTransaction(ctx, async (tx) => {
    await takeClassTurn(tx)
    const rows = await classRows(tx)
    if (rows.some((row) => row.code === code)) throw taken(code, rows)
    const level = levelOf(code)
    if (level === undefined) throw refused('分类代码应为类1位、项3位、目6位或更长的细目', '按上级分类的代码补足位数')
    if (level === '类') throw refused('类只有基础、主题、部门三种', '在其下增设项、目、细目')
    const tree = classTree(rows)
    const above = tree.find(parentOf(code, tree) ?? '')
    if (!above) throw refused(`上级分类“${parentOf(code, tree)}”不存在`, '先增设上级分类')
    if (!above.active) throw refused(`上级分类“${above.title}”已停用`, '先恢复上级分类')
    await putClass(tx, { code, title, active: true })
    await recordAudit(tx, 'catalog.class_added', subject(code), { title })
    return find(tx, code)
  })
}

/** Renames a class, or takes it out of use (停用) and back. Entries keep their class; new ones do not get one that is out of use. */
export async function changeClass(ctx: Ctx, code: string, { version, title, active }: ClassChange): Promise<ClassLine> {
  requireKeeper(ctx)
  return inTransaction(ctx, async (tx) => {
    await takeClassTurn(tx)
    const rows = await classRows(tx)
    const row = rows.find((one) => one.code === code)
    if (!row) throw new NotFound('catalog_class.not_found', `没有分类“${code}”。`)
    if (row.version !== version)
      throw new InvalidState('catalog_class.changed_meanwhile', `分类“${row.title}”已由他人更改，请刷新后重新办理。`)
    const below = rows.filter((one) => one.code !== code && one.code.startsWith(code) && one.active)
    if (row.active && !active && below.length > 0)
      throw new InvalidState('catalog_class.has_below', `分类“${row.title}”之下还有${below.length}个在用的分类，请先停用下级分类。`)
    await putClass(tx, { code, title, active })
    if (title !== row.title) await recordAudit(tx, 'catalog.class_renamed', subject(code), { from: row.title, to: title })
    const stands = { title, entries: await entriesInClass(tx, code) }
    if (row.active && !active) await recordAudit(tx, 'catalog.class_retired', subject(code), stands)
    if (!row.active && active) await recordAudit(tx, 'catalog.class_restored', subject(code), stands)
    return find(tx, code)
  })
}

/** The center keeps the classes (WH23-15: 统一管理). */
function requireKeeper(ctx: Ctx): void {
  if (!ctx.actor.roles.has('big-data-center')) throw new NotPermitted('catalog_class.not_keeper', '信息资源分类由市大数据中心维护。')
}

async function find(tx: Ctx, code: string): Promise<ClassLine> {
  const row = (await classRows(tx)).find((one) => one.code === code)
  if (!row) throw new Error(`class ${code} was not written`)
  return toClassLine(row)
}

function taken(code: string, rows: readonly ClassRow[]): InvalidState {
  const title = rows.find((row) => row.code === code)?.title ?? ''
  return new InvalidState('catalog_class.code_taken', `代码“${code}”已是分类“${title}”，请改用其他代码。`, [
    { path: 'code', message: '代码已被使用' },
  ])
}

function refused(message: string, cure: string): InvalidValue {
  return new InvalidValue('catalog_class.bad_code', `${message}。${cure}。`, [{ path: 'code', message }])
}
