import type { Ctx } from '@tongchou/kernel'
import {
  type Amount,
  type Case,
  describePath,
  type Entry,
  type Form,
  type FormField,
  type LimitUnit,
  mayAct,
  mayWithdraw,
  type Outcome,
  type PathStep,
  type Step,
} from '@tongchou/procedure'
import type { CasesPorts, Definition } from '../ports.ts'
import { signerOn } from './act.settle.ts'
import { attachmentsOf } from './attachment.store.ts'
import type { CaseView } from './case.schema.ts'
import { definitionOf, findCase, formsOf } from './case.store.ts'
import type { CaseRow } from './case.tables.ts'
import { remarksOf, waitingOf } from './case.waiting.ts'
import { isAttended } from './unattended.ts'
import { verbsOf } from './verb.view.ts'
import { copyState } from './work-list.store.ts'

type Signed = CaseView['history'][number]

/** What turns a history line into what screens show. */
interface Reading {
  definition: Definition
  ports: CasesPorts
  files: Awaited<ReturnType<typeof attachmentsOf>>
  forms: Map<number, Record<string, unknown>>
}

/** The page of a case. The caller has checked that the actor may read it. */
export async function caseView(ctx: Ctx, ports: CasesPorts, row: CaseRow): Promise<CaseView> {
  const definition = await definitionOf(ctx, row)
  const kase = row.state
  const { procedure } = definition
  const reading: Reading = { definition, ports, files: await attachmentsOf(ctx, row.id), forms: await formsOf(ctx, row.id) }
  const path = describePath(procedure, kase, ctx.now().toISOString())
  const own = ownTasks(ctx, definition, kase)
  return {
    id: row.id,
    title: row.title,
    status: row.status,
    procedure: { id: procedure.id, title: procedure.title, note: procedure.note, articles: [...procedure.articles] },
    pack: { id: row.pack, version: row.pack_version },
    subject: { kind: row.subject_kind, id: row.subject_id, version: row.subject_version },
    applicant: { name: row.applicant_name, organisation: row.applicant_org_name },
    openedAt: row.opened_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    path: {
      steps: await Promise.all(path.steps.map((step) => stepView(ctx, reading, step))),
      edges: path.edges.map(({ from, to, kind, title, taken }) => ({
        from,
        to,
        title,
        taken,
        kind: kind === 'return' ? 'return' : 'forward',
      })),
    },
    history: kase.history.map((entry) => signedView(reading, entry)),
    tasks: own.mine,
    barred: own.barred,
    mayWithdraw: mayWithdraw(procedure, kase, signerOn(ctx.actor, kase)).length === 0,
    verbs: verbsOf(ctx, procedure, kase),
    ...waitingOf(procedure, kase),
    mergedInto: await leadingOf(ctx, row),
    copied: await copyState(ctx, ctx.actor, row.id),
  }
}

async function stepView(ctx: Ctx, reading: Reading, step: PathStep): Promise<CaseView['path']['steps'][number]> {
  const { ports } = reading
  const places = await Promise.all(
    step.holders.map(async (holder) => {
      const title = ports.dutyTitle(holder.duty)
      if (holder.orgId === null) {
        const bearers = await ports.organisations.bearersOf(ctx, holder.duty)
        return {
          duty: title,
          org: bearers.length === 1 ? (bearers[0]?.name ?? title) : title,
          orgId: bearers.length === 1 ? bearers[0]?.id : undefined,
          id: holder.duty,
        }
      }
      const org = await ports.organisations.organisation(ctx, holder.orgId)
      return { duty: title, org: org?.name ?? holder.orgId, orgId: holder.orgId, id: holder.duty }
    }),
  )
  const active = step.active[0]
  const named = step.active.flatMap((task) => (task.holder ? [task.holder.name] : []))
  const people =
    named.length > 0
      ? named
      : step.state === 'active'
        ? (await Promise.all(places.map((p) => (p.orgId ? ports.organisations.holdersOf(ctx, p.id, p.orgId) : []))))
            .flat()
            .map((h) => h.name)
        : []
  return {
    id: step.id,
    title: step.title,
    state: step.state,
    article: step.article,
    basis: step.basis,
    note: step.note,
    column: step.column,
    lane: step.lane,
    duty: [...new Set(places.map((p) => p.duty))].join('、'),
    organisation: [...new Set(places.map((p) => p.org))].join('、'),
    holders: [...new Set(people)],
    sinceAt: active?.since ?? null,
    dueAt: active?.due ?? null,
    overdue: step.active.some((t) => t.overdue),
    provisional: active?.provisional ?? false,
    limitText: limitText(step),
    remarks: [...(await unattendedRemarks(ctx, ports, step)), ...remarksOf(step)],
    decisions: step.signed.map((entry) => signedView(reading, entry)),
  }
}

/** Says of work that waits for a duty nobody bears that nobody can take it up (无人承办). */
async function unattendedRemarks(ctx: Ctx, ports: CasesPorts, step: PathStep): Promise<string[]> {
  const open = step.state === 'active' ? step.active.filter((task) => !task.holder) : []
  const remarks = await Promise.all(
    open.map(async (task) => {
      if (await isAttended(ctx, ports, task)) return []
      const office = task.orgId === null ? undefined : await ports.organisations.organisation(ctx, task.orgId)
      return [`无人承办：${office?.name ?? '全市'}没有人担任“${ports.dutyTitle(task.duty)}”，已提醒系统管理员指定`]
    }),
  )
  return [...new Set(remarks.flat())]
}

function limitText({ limit }: Pick<Step, 'limit'>): string {
  if (limit.kind === 'fixed')
    return `${amountText(limit)}${limit.source ? `（${limit.source}${limit.verified ? '' : '，未核对原文'}）` : ''}`
  if (limit.kind === 'from-record') return '期限按办理时载明'
  if (limit.kind === 'from-code') return '期限按代码确定'
  return limit.reason === '未规定' ? '办理时限未规定' : limit.reason
}

const unitWords: Readonly<Record<LimitUnit, string>> = {
  'work-hour': '个工作小时',
  hour: '小时',
  'work-day': '个工作日',
  day: '日',
  month: '个月',
}

/** A limit in words: 5 个工作日. */
function amountText({ amount, unit }: Amount): string {
  return `${amount} ${unitWords[unit]}`
}

function signedView({ definition, ports, files, forms }: Reading, entry: Entry): Signed {
  const step = definition.procedure.steps.find((s) => s.id === entry.step)
  const form = step?.form ? definition.forms[step.form] : undefined
  return {
    seq: entry.seq,
    step: entry.step,
    stepTitle: step?.title ?? entry.step,
    outcomeTitle: entry.outcomeTitle,
    act: entry.act,
    kind: entry.kind,
    until: entry.detail?.until ?? null,
    opinion: entry.opinion,
    person: signedName(entry.by),
    organisation: entry.by.orgName,
    duty: entry.by.duty,
    dutyTitle: ports.dutyTitle(entry.by.duty),
    at: entry.at,
    documents: entry.documents.flatMap((d) => {
      const file = files.get(d.id)
      return file
        ? [{ kind: d.kind, id: d.id, fileName: file.file_name, mediaType: file.media_type, byteCount: file.size, sha256: file.sha256 }]
        : []
    }),
    choices: entry.choices.map((id) => step?.choices.find((c) => c.id === id)?.title ?? id),
    form: form ? filledIn(form, forms.get(entry.seq) ?? {}) : [],
  }
}

/** Who stood in for somebody is shown with both names. */
function signedName({ name, onBehalfOf }: Entry['by']): string {
  return onBehalfOf ? `${name}（受${onBehalfOf.name}委托）` : name
}

function filledIn(form: Form, data: Record<string, unknown>): Signed['form'] {
  return form.fields
    .filter((field) => data[field.id] !== undefined && data[field.id] !== null)
    .map((field) => ({ title: field.title, type: field.type, value: shown(field, data[field.id]) }))
}

function shown(field: FormField, value: unknown): unknown {
  return field.type === 'choice' ? (field.choices.find((c) => c.value === value)?.title ?? value) : value
}

/** The case that this one was merged into (并案), and its outcome once there is one. */
async function leadingOf(ctx: Ctx, row: CaseRow): Promise<CaseView['mergedInto']> {
  const leading = row.merged_into === null ? undefined : await findCase(ctx, row.merged_into)
  return leading ? { id: leading.id, title: leading.title, outcome: row.followed_outcome } : null
}

function ownTasks(ctx: Ctx, definition: Definition, kase: Case): { mine: CaseView['tasks']; barred: CaseView['barred'] } {
  const { procedure, forms } = definition
  const signer = signerOn(ctx.actor, kase)
  const mine: CaseView['tasks'] = []
  const barred: CaseView['barred'] = []
  for (const task of kase.tasks) {
    const step = procedure.steps.find((s) => s.id === task.step)
    const holds = signer.duties.includes(task.duty) && (task.orgId === null || task.orgId === signer.orgId)
    if (!step || !holds) continue
    const why = mayAct(procedure, kase, task.id, signer)
    if (why[0]) barred.push({ title: step.title, reason: `${why[0].message}。${why[0].cure}。` })
    else mine.push(taskView(kase, procedure.steps, step, forms, task))
  }
  return { mine, barred }
}

function taskView(
  kase: Case,
  steps: readonly Step[],
  step: Step,
  forms: Readonly<Record<string, Form>>,
  task: Case['tasks'][number],
): CaseView['tasks'][number] {
  const form = step.form === null ? undefined : forms[step.form]
  return {
    id: task.id,
    step: step.id,
    title: step.title,
    article: step.article,
    note: step.note,
    sinceAt: task.since,
    dueAt: task.due,
    outcomes: step.outcomes.map((outcome) => {
      const { id, title, kind, guard, requiresOpinion, article } = outcome
      return { id, title, kind, guard, requiresOpinion, article, dates: datesOf(kase, steps, outcome) }
    }),
    documents: step.documents.map(({ kind, title, required }) => ({ kind, title, required })),
    choices: step.choices.map(({ id, title, article }) => ({ id, title, article })),
    form: form ? { id: form.id, title: form.title, note: form.note, fields: [...form.fields] } : null,
  }
}

/** Limits that the steps after an outcome read from the record: set by whoever sends the case there, unless the case already has one. */
function datesOf(kase: Case, steps: readonly Step[], outcome: Outcome): { field: string; required: boolean }[] {
  return steps.flatMap(({ id, limit }) => {
    if (limit.kind !== 'from-record' || !outcome.next.includes(id)) return []
    const known = Object.hasOwn(kase.dates, limit.field)
    // Sent back once more, a new limit may be set; the old one stays otherwise.
    if (known && outcome.kind !== 'return') return []
    return [{ field: limit.field, required: !known }]
  })
}
