import { loadPacks } from '@tongchou/policy'
import {
  act,
  type Case,
  mayAct,
  openCase,
  type Procedure,
  parseProcedure,
  type Actor as Signer,
  type Step,
  slotsOf,
} from '@tongchou/procedure'
import { expect, test } from 'vitest'
import { packsFolder } from './wire.ts'

/** Somebody who bears every duty of the procedure in every office: what bars them is who they are, and nothing else. */
function everywhere(procedure: Procedure, personId: string, onBehalfOf?: string): Signer {
  const duties = [...new Set(procedure.steps.flatMap(({ holders }) => holders.map(({ duty }) => duty)))]
  const lent = onBehalfOf === undefined ? {} : { onBehalfOf: { personId: onBehalfOf, name: onBehalfOf } }
  return { personId, name: personId, postId: `post-${personId}`, orgId: 'office', orgName: '机构', duties, ...lent }
}

const now = '2026-11-23T01:00:00Z'
const day = '2026-12-31T15:59:59Z'
const deadlines = { due: () => ({ due: day, provisional: false }), left: () => 1 }

const procedures = [...loadPacks(packsFolder).packs.values()].flat().flatMap((pack) =>
  pack.procedures.map(({ raw }) => {
    const parsed = parseProcedure(raw)
    if ('problems' in parsed) throw new Error(`${pack.id} does not parse`)
    return parsed.procedure
  }),
)

/** Decides the first open task by a person of its own, on the way to a step. */
function onward(procedure: Procedure, kase: Case, way: ReadonlySet<string>, people: Map<string, string[]>): Case {
  const task = kase.tasks.find(({ step }) => way.has(step)) ?? kase.tasks[0]
  const step = procedure.steps.find(({ id }) => id === task?.step)
  const outcome = step?.outcomes.find(({ kind, next }) => kind === 'forward' && next.some((one) => way.has(one))) ?? step?.outcomes[0]
  if (!task || !step || !outcome) throw new Error(`${procedure.id} cannot go on`)
  const personId = step.kind === 'start' ? 'applicant' : `${step.id}-${task.id}`
  people.set(step.id, [...(people.get(step.id) ?? []), personId])
  const documents = step.documents.map(({ kind }) => ({ kind, id: `${kind}-1` }))
  const fields = procedure.steps.flatMap(({ id, limit }) =>
    limit.kind === 'from-record' && outcome.next.includes(id) ? [limit.field] : [],
  )
  const dates = Object.fromEntries(fields.map((field) => [field, day]))
  const deed = {
    kind: 'decide' as const,
    actor: everywhere(procedure, personId),
    taskId: task.id,
    outcome: outcome.id,
    opinion: '同意',
    documents,
    dates,
  }
  const result = act(procedure, kase, deed, now, deadlines)
  if ('findings' in result) throw new Error(`${procedure.id} ${step.id}: ${result.findings[0]?.message}`)
  return result.case
}

/** The steps on one way from the start to a step, the step included. */
function wayTo(procedure: Procedure, target: Step): ReadonlySet<string> {
  const start = procedure.steps.find(({ kind }) => kind === 'start')
  const ways = [[start?.id ?? '']]
  for (const way of ways) {
    const last = way.at(-1)
    if (last === target.id) return new Set(way)
    const nexts =
      procedure.steps
        .find(({ id }) => id === last)
        ?.outcomes.filter(({ kind }) => kind === 'forward')
        .flatMap(({ next }) => next) ?? []
    for (const next of nexts) if (!way.includes(next)) ways.push([...way, next])
  }
  throw new Error(`no way to ${procedure.id} ${target.id}`)
}

/** A case at a step, and who signed each step before it. */
function caseAt(procedure: Procedure, target: Step): { kase: Case; people: ReadonlyMap<string, readonly string[]> } {
  const slots = Object.fromEntries(slotsOf(procedure).map((slot) => [slot, 'office']))
  const pins = { pack: 'p', packVersion: '1', procedure: procedure.id, procedureVersion: procedure.version, formVersion: '' }
  const init = {
    id: 'case',
    subject: { kind: procedure.subject, id: 'thing', version: 1 },
    pins,
    applicant: everywhere(procedure, 'applicant'),
    slots,
  }
  const opened = openCase(procedure, init, now, deadlines)
  if ('findings' in opened) throw new Error(`${procedure.id} does not open: ${JSON.stringify(opened.findings)}`)
  const people = new Map<string, string[]>()
  const way = wayTo(procedure, target)
  let kase = opened.case
  for (let moves = 0; !kase.tasks.some(({ step }) => step === target.id); moves++) {
    if (moves > 20) throw new Error(`${procedure.id} does not come to ${target.id}`)
    kase = onward(procedure, kase, way, people)
  }
  return { kase, people }
}

/** Who must not decide a step: everybody who stood on the applicant's side, and who signed a step it is parted from. */
function forbidden(procedure: Procedure, step: Step, people: ReadonlyMap<string, readonly string[]>): string[] {
  return [...people].flatMap(([id, signers]) => {
    const before = procedure.steps.find((one) => one.id === id)
    const ofApplicant = before?.kind === 'submit' || (before?.kind === 'start' && procedure.initiation === 'application')
    return ofApplicant || step.notBy.includes(id) ? signers : []
  })
}

let pairs = 0

test.each(procedures.map((procedure) => [procedure.title, procedure] as const))(
  '%s: whoever handed in, or signed what is to be parted, decides no step, for themselves or in another’s place',
  (_title, procedure) => {
    for (const step of procedure.steps.filter(({ kind }) => kind === 'decide')) {
      const { kase, people } = caseAt(procedure, step)
      const taskId = kase.tasks.find((task) => task.step === step.id)?.id ?? ''
      // Somebody new may: what is refused below is refused for who it is.
      expect(mayAct(procedure, kase, taskId, everywhere(procedure, 'fresh')), `${procedure.id} ${step.id}`).toEqual([])
      for (const person of forbidden(procedure, step, people)) {
        const ways = [everywhere(procedure, person), everywhere(procedure, 'fresh', person), everywhere(procedure, person, 'fresh')]
        for (const actor of ways)
          expect(
            mayAct(procedure, kase, taskId, actor).length,
            `${procedure.id} ${step.id} ${actor.personId} for ${actor.onBehalfOf?.personId ?? 'self'}`,
          ).toBeGreaterThan(0)
        pairs += ways.length
      }
    }
  },
)

test('every deciding step of every procedure of a unit was asked about', () => {
  const steps = procedures
    .filter(({ initiation }) => initiation === 'application')
    .flatMap(({ steps }) => steps.filter(({ kind }) => kind === 'decide'))
  console.log(`${pairs} forbidden pairs over ${procedures.length} procedures`)
  expect(pairs).toBeGreaterThanOrEqual(steps.length * 3)
})
