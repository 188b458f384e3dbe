import { randomUUID } from 'node:crypto'
import {
  type CaseAct,
  type Ctx,
  endOfDayInShanghai,
  type Finding,
  InvalidValue,
  inTransaction,
  NotFound,
  numberProblem,
  type OpenCaseInput,
  parseCivilDate,
  recordAudit,
  recordEvent,
  requireUnblocked,
} from '@tongchou/kernel'
import { act, type Case, checkForm, type Effect, openCase, type Procedure } from '@tongchou/procedure'
import type { CasesPorts, Definition } from '../ports.ts'
import { emptyAct, refOf, settle, signerOf, signerOn, subjectPort } from './act.settle.ts'
import { attachToCase } from './attachment.store.ts'
import { definitionOf, insertCase, keepDefinition, lockCase } from './case.store.ts'
import type { CaseRow } from './case.tables.ts'
import { caseNotFound, mayReadCase } from './case-reading.ts'
import { deadlinesOf } from './deadlines.ts'
import { followLeading } from './merger.service.ts'
import { sendNotices } from './notice.service.ts'
import { refusalOf } from './refusal.ts'

/** An act on a task as it comes in. */
export interface ActInput extends Omit<CaseAct, 'step'> {
  taskId: string
}

/**
 * Opens a case for the actor, who is its applicant, and hands in its first step when `input.act` is given.
 * Called by the owners of subjects inside their own transaction.
 */
export async function openCaseFor(ctx: Ctx, ports: CasesPorts, input: OpenCaseInput): Promise<{ caseId: string }> {
  return inTransaction(ctx, async (tx) => {
    const definition = ports.definition(input.procedure)
    if (!definition) throw new NotFound('procedure.not_found', `制度包中没有流程“${input.procedure}”。`)
    await keepDefinition(tx, definition)
    const { pack, packVersion, procedure, forms } = definition
    const pins = {
      pack,
      packVersion,
      procedure: procedure.id,
      procedureVersion: procedure.version,
      formVersion: Object.values(forms)
        .map((f) => `${f.id}@${f.version}`)
        .join(','),
    }
    const init = { id: randomUUID(), subject: input.subject, pins, applicant: signerOf(tx.actor), slots: input.orgs }
    const opened = openCase(procedure, init, tx.now().toISOString(), await deadlinesOf(tx, ports))
    if ('findings' in opened) throw refusalOf(opened.findings)
    await insertCase(tx, input.title, opened.case)
    await settle(tx, ports, definition, opened.case)
    const first = opened.case.tasks[0]
    if (input.act && first) await applyAct(tx, ports, definition, opened.case, input.title, { ...input.act, taskId: first.id })
    return { caseId: init.id }
  })
}

/** Decides a task: lock, may, form, rules, record, apply. One wins; the other is told who did what. */
export async function actOnCase(ctx: Ctx, ports: CasesPorts, caseId: string, input: ActInput): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const row = await locked(tx, ports, caseId)
    await applyAct(tx, ports, await definitionOf(tx, row), row.state, row.title, input)
  })
}

/** What the rules would say of an act, without doing it (预检): the same engine, the same facts. */
export async function checkCaseAct(ctx: Ctx, ports: CasesPorts, caseId: string, input: ActInput): Promise<Finding[]> {
  const unsettled = Symbol('checked')
  let findings: Finding[] = []
  try {
    await inTransaction(ctx, async (tx) => {
      const row = await locked(tx, ports, caseId)
      const definition = await definitionOf(tx, row)
      const moved = await move(ports, definition, row.state, tx, input)
      findings = await judgeGuards(tx, ports, row.state, row.title, moved.effects, caseAct(row.state, input))
      // Rolled back on purpose: a check leaves nothing, not even a lock.
      throw unsettled
    })
  } catch (thrown) {
    if (thrown !== unsettled) throw thrown
  }
  return findings
}

/** Takes back what the actor handed in last (撤回), as long as nobody acted on it. */
export async function withdrawCase(ctx: Ctx, ports: CasesPorts, caseId: string, opinion: string | null): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const row = await locked(tx, ports, caseId)
    const definition = await definitionOf(tx, row)
    const deed = { kind: 'withdraw' as const, actor: signerOn(tx.actor, row.state), ...(opinion ? { opinion } : {}) }
    const result = act(definition.procedure, row.state, deed, tx.now().toISOString(), await deadlinesOf(tx, ports))
    if ('findings' in result) throw refusalOf(result.findings)
    await settle(tx, ports, definition, result.case, row.state, {})
    const subject = subjectPort(ports, row.state)
    const ref = refOf(row.state, row.title)
    for (const effect of result.effects) if (effect.type === 'subject-event-retracted') await subject.retract(tx, ref, effect.event)
    await subject.apply(tx, ref, 'case.withdrawn', emptyAct)
    await sendNotices(tx, ports, result.case, row.title, result.effects)
    await recordAudit(tx, 'case.withdrawn', { kind: row.subject_kind, id: row.subject_id }, { caseId, procedure: row.procedure })
  })
}

async function applyAct(tx: Ctx, ports: CasesPorts, definition: Definition, kase: Case, title: string, input: ActInput): Promise<void> {
  // Who may not act learns that, and nothing of what the form would have asked for.
  const { next, effects } = await move(ports, definition, kase, tx, input)
  requireForm(definition, kase, input)
  const done = caseAct(kase, input)
  const findings = await judgeGuards(tx, ports, kase, title, effects, done)
  requireUnblocked(findings)
  await settle(tx, ports, definition, next, kase, input.form)
  await attachToCase(tx, kase.id, input.documents)
  const subject = subjectPort(ports, kase)
  const ref = refOf(next, title)
  for (const effect of effects) if (effect.type === 'subject-event') await subject.apply(tx, ref, effect.event, done)
  const standing = standingEvent(kase, next)
  if (standing) await subject.apply(tx, ref, standing, done)
  await followLeading(tx, ports, next, effects, done)
  await sendNotices(tx, ports, next, title, effects)
  const audited = { kind: kase.subject.kind, id: kase.subject.id }
  await recordAudit(tx, 'case.acted', audited, {
    caseId: kase.id,
    procedure: kase.pins.procedure,
    step: done.step,
    outcome: input.outcome,
    pack: `${kase.pins.pack}@${kase.pins.packVersion}`,
    warnings: findings.map((f) => `${f.article}/${f.rule}`),
  })
  await recordEvent(tx, 'case.acted', audited, { caseId: kase.id, step: done.step, outcome: input.outcome })
}

/** What the subject is told of the case's own standing, besides the procedure's events. */
function standingEvent(before: Case, after: Case): string | undefined {
  if (after.status === 'rejected') return 'case.rejected'
  if (after.status === 'ended') return 'case.ended'
  if (after.status === 'returned' && before.status !== 'returned') return 'case.returned'
  if (after.status === 'running' && before.status === 'draft') return 'case.opened'
  if (after.status === 'running' && (before.status === 'returned' || before.status === 'withdrawn')) return 'case.resubmitted'
  return undefined
}

async function move(
  ports: CasesPorts,
  definition: Definition,
  kase: Case,
  ctx: Ctx,
  input: ActInput,
): Promise<{ next: Case; effects: readonly Effect[] }> {
  const deed = {
    kind: 'decide' as const,
    actor: signerOn(ctx.actor, kase),
    taskId: input.taskId,
    outcome: input.outcome,
    ...(input.opinion ? { opinion: input.opinion } : {}),
    documents: input.documents,
    choices: input.choices,
    dates: instantsOf(input.dates),
    codes: codesOf(definition.procedure, input.form),
  }
  const result = act(definition.procedure, kase, deed, ctx.now().toISOString(), await deadlinesOf(ctx, ports))
  if ('findings' in result) throw refusalOf(result.findings)
  return { next: result.case, effects: result.effects }
}

/** A civil date given as a limit runs out at the end of that day in the city. */
function instantsOf(dates: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(dates).map(([field, date]) => {
      if (parseCivilDate(date) === undefined)
        throw new InvalidValue('date.invalid', '期限应为存在的日期，格式 YYYY-MM-DD。', [{ path: 'dates', message: '日期不存在' }])
      return [field, endOfDayInShanghai(date).toISOString()]
    }),
  )
}

/** Codes of the form that limits of later steps are looked up by. */
function codesOf(procedure: Procedure, form: Readonly<Record<string, unknown>>): Record<string, string> {
  const fields = procedure.steps.flatMap(({ limit }) => (limit.kind === 'from-code' ? [limit.field] : []))
  return Object.fromEntries(fields.flatMap((field) => (typeof form[field] === 'string' ? [[field, form[field]]] : [])))
}

async function judgeGuards(
  tx: Ctx,
  ports: CasesPorts,
  kase: Case,
  title: string,
  effects: readonly Effect[],
  done: CaseAct,
): Promise<Finding[]> {
  const subject = subjectPort(ports, kase)
  const findings: Finding[] = []
  for (const effect of effects)
    if (effect.type === 'guard') findings.push(...(await subject.judge(tx, refOf(kase, title), effect.act, done)))
  return findings
}

/** Dates and numbers of a form are checked as everywhere else. */
const formChecks = { isCivilDate: (text: string) => parseCivilDate(text) !== undefined, numberProblem }

/** The form belongs to handing in and to going forward; who returns a paper does not fill in its result. */
function requireForm(definition: Definition, kase: Case, input: ActInput): void {
  const task = kase.tasks.find((t) => t.id === input.taskId)
  const step = definition.procedure.steps.find((s) => s.id === task?.step)
  const outcome = step?.outcomes.find((o) => o.id === input.outcome)
  if (!step || !outcome) return
  const form = step.form === null ? undefined : definition.forms[step.form]
  const wanted = form && (outcome.kind === 'forward' || outcome.kind === 'end')
  const problems = wanted
    ? checkForm(form, input.form, formChecks)
    : Object.keys(input.form).map((key) => ({ path: key, message: '作出该办理结果不填写表单，请删除' }))
  const first = problems[0]
  if (first)
    throw new InvalidValue(
      'form.invalid',
      first.message,
      problems.map((p) => ({ path: `form/${p.path}`, message: p.message })),
    )
}

async function locked(tx: Ctx, ports: CasesPorts, caseId: string): Promise<CaseRow> {
  const row = await lockCase(tx, caseId)
  if (!row || !(await mayReadCase(tx, ports, row))) throw caseNotFound()
  return row
}

function caseAct(kase: Case, input: ActInput): CaseAct {
  const { taskId, ...rest } = input
  return { ...rest, step: kase.tasks.find((t) => t.id === taskId)?.step ?? '' }
}
