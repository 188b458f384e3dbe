import type { Mode, Pack } from '@tongchou/policy'
import { evaluate, versionAt } from '@tongchou/policy'
import type { DrawnCase, GuardedAct } from './differential-cases.ts'
import { putContract, putHistory, type StoredProject } from './differential-history.ts'
import { type KnownFacts, verdictOf } from './differential-oracle.ts'
import type { Sandbox } from './differential-sandbox.ts'
import { type Answer, type SeatName, type SmallCity, type Speaker, smallCity } from './testing/small-city.ts'
import { cityPack } from './wire.ts'

/** The city that the generated cases are put to. */
export interface Laboratory {
  sandbox: Sandbox
  city: SmallCity
  pack: Pack
  /** A file that each seat has uploaded and not yet handed in, to be handed in once in every case. */
  papers: ReadonlyMap<SeatName, string>
}

interface Spoken {
  rule: string
  article: string
  effect: string
  mode: string
  facts: string[]
}

interface Judged {
  code?: string
  findings?: Spoken[]
}

const noon = '2026-03-02T15:00:00Z'
const midnight = '2026-03-02T16:30:00Z'
const year = 2027

/** Builds the small city on an empty, migrated database. */
export async function openLaboratory(sandbox: Sandbox): Promise<Laboratory> {
  const city = await smallCity(sandbox.db, noon)
  const pack = versionAt(city.library.packs.get(cityPack) ?? [], '2026-03-02')
  if (!pack) throw new Error(`the pack ${cityPack} is not in force`)
  const papers = new Map<SeatName, string>()
  for (const seat of ['clerk', 'centerClerk', 'district', 'stranger'] as const)
    papers.set(seat, await (await city.as(seat)).upload('材料.txt', '正文'))
  // Everybody signs in once, before the first case is rolled back with everything in it.
  for (const seat of ['center', 'finance', 'finance2'] as const) await city.as(seat)
  return { sandbox, city, pack, papers }
}

/** Puts one drawn case to the product and gives what does not agree; nothing of the case stays. */
export function tryCase(laboratory: Laboratory, drawn: DrawnCase): Promise<string[]> {
  laboratory.city.clock.set(drawn.afterMidnight ? midnight : noon)
  return laboratory.sandbox.tryOut(async () => {
    await laboratory.sandbox.query('update policy.mode_setting set pack_mode = $1, rule_modes = $2', [
      drawn.modes.pack,
      JSON.stringify(drawn.modes.rules),
    ])
    const typed = await checkTyped(laboratory, drawn)
    const project = await store(laboratory, drawn)
    const expected = expectation(laboratory.pack, drawn.act, drawn.facts, drawn.modes)
    const submitted = await submit(laboratory, drawn, project)
    return [
      ...typed,
      ...againstOracle(laboratory.pack, drawn.act, drawn.facts, drawn.modes),
      ...compared('dry run', submitted.dryRun, expected),
      ...submitted.furtherDryRuns.flatMap((one) => compared('dry run of the case', one, expected)),
      ...againstSubmit(submitted.answer, expected),
      ...(await leftovers(laboratory, submitted, expected)),
    ]
  })
}

function expectation(pack: Pack, act: string, facts: KnownFacts, modes: DrawnCase['modes']): Spoken[] {
  const rules = new Map<string, Mode>(Object.entries(modes.rules))
  return evaluate(pack, act, new Map(Object.entries(facts)), { pack: modes.pack, rules }).findings
}

/** The pack's rules against the reading of the regulation that was written by hand. */
function againstOracle(pack: Pack, act: string, facts: KnownFacts, modes: DrawnCase['modes']): string[] {
  const said = evaluate(pack, act, new Map(Object.entries(facts)), { pack: modes.pack })
  const verdict = verdictOf(act, facts)
  const spoken = [...new Set(said.findings.map((one) => `${one.article} ${one.effect}`))].sort()
  return [
    ...differing('articles of the pack and of the reading', spoken, verdict.spoken),
    ...(said.decision === verdict.decision ? [] : [`decision: the pack says ${said.decision}, the reading ${verdict.decision}`]),
  ]
}

/** What stops the act: the city enforces it, and it is more than a warning. */
function blockingOf(findings: readonly Spoken[], modes?: DrawnCase['modes']): Spoken[] {
  return findings.filter(
    (one) =>
      !['warn', 'exempt'].includes(one.effect) && (modes ? (modes.rules[one.rule] ?? modes.pack) === 'enforce' : one.mode === 'enforce'),
  )
}

function compared(what: string, findings: readonly Spoken[], expected: readonly Spoken[]): string[] {
  return differing(`${what} and expectation`, findings.map(inFull).sort(), expected.map(inFull).sort())
}

function inFull(one: Spoken): string {
  return `${one.article} ${one.effect} ${one.rule} ${one.mode} [${[...one.facts].sort().join(' ')}]`
}

function differing(what: string, left: readonly string[], right: readonly string[]): string[] {
  const only = (some: readonly string[], others: readonly string[]) => some.filter((one) => !others.includes(one))
  if (left.length === right.length && only(left, right).length === 0 && only(right, left).length === 0) return []
  return [`${what}: only in the first ${JSON.stringify(only(left, right))}, only in the second ${JSON.stringify(only(right, left))}`]
}

function againstSubmit(answer: Answer<Judged>, expected: readonly Spoken[]): string[] {
  const blocking = blockingOf(expected)
  if (blocking.length === 0)
    return answer.status < 300 ? [] : [`submit: ${answer.status} ${JSON.stringify(answer.body)}, where nothing speaks against it`]
  if (answer.status !== 409 || answer.body.code !== 'policy.refused')
    return [`submit: ${answer.status} ${answer.body.code ?? ''}, where ${blocking.map((one) => one.rule).join(', ')} block it`]
  return compared('submit', answer.body.findings ?? [], blocking)
}

interface Submitted {
  dryRun: Spoken[]
  furtherDryRuns: Spoken[][]
  answer: Answer<Judged>
  /** Cases of the project before and after. */
  cases: { before: number; after: number }
}

/** A refused act leaves no case behind, an allowed one exactly one. */
async function leftovers(laboratory: Laboratory, submitted: Submitted, expected: readonly Spoken[]): Promise<string[]> {
  const added = submitted.cases.after - submitted.cases.before
  const refusals = await laboratory.sandbox.query(`select from kernel.audit_event where outcome = 'refused'`)
  const blocked = blockingOf(expected).length > 0
  return [
    ...(added === (blocked ? 0 : 1) ? [] : [`${added} cases were opened`]),
    ...(refusals.length === (blocked ? 1 : 0) ? [] : [`${refusals.length} refusals were audited`]),
  ]
}

const ownerSeats = { department: 'clerk', center: 'centerClerk', district: 'district', other: 'stranger' } as const

function builderSeat(drawn: DrawnCase): SeatName {
  return drawn.proposal.builder === 'big-data-center' ? 'centerClerk' : ownerSeats[drawn.proposer]
}

async function checkTyped(laboratory: Laboratory, drawn: DrawnCase): Promise<string[]> {
  const { city, pack } = laboratory
  await setOrganisationKind(laboratory, drawn)
  const owner = await city.as(ownerSeats[drawn.proposer])
  const act = drawn.act === 'plan.file' ? 'plan.file' : 'project.apply'
  const checked = must(await owner.post<Judged>('/api/v1/projects/check', { act, proposal: drawn.typed.fields }))
  return [
    ...compared('dry run while typing', checked.findings ?? [], expectation(pack, act, drawn.typed.facts, drawn.modes)),
    ...againstOracle(pack, act, drawn.typed.facts, drawn.modes),
  ]
}

/** What the unit calls itself is in the register of organisations, not in its proposal. */
async function setOrganisationKind({ sandbox }: Laboratory, drawn: DrawnCase): Promise<void> {
  if (drawn.proposer === 'other')
    await sandbox.query(`update identity.organisation_version set kind = $1 where organisation_id = 'health'`, [drawn.organisationKind])
}

/** Stores the proposal over HTTP, then the offices' decisions on it over HTTP, then the rest of its history. */
async function store(laboratory: Laboratory, drawn: DrawnCase): Promise<StoredProject> {
  const { city, sandbox } = laboratory
  const owner = await city.as(ownerSeats[drawn.proposer])
  const created = must(
    await owner.post<{ id: string; owner: { id: string }; builderOrg: { id: string }; dataResources: StoredProject['dataResources'] }>(
      '/api/v1/projects',
      drawn.proposal,
    ),
  )
  const project = {
    id: created.id,
    ownerOrgId: created.owner.id,
    builderOrgId: created.builderOrg.id,
    dataResources: created.dataResources,
  }
  const at = `/api/v1/projects/${created.id}`
  const { history } = drawn
  const center = await city.as('center')
  if (history.superior !== 'none') must(await owner.post(`${at}/superior-filing`))
  if (history.superior === 'received') must(await center.post(`${at}/superior-filing/receipt`))
  await putHistory(sandbox, drawn, project, drawn.afterMidnight ? '2026-03-03' : '2026-03-02')
  // The reason stands in the proposal; before the proposal is handed in, the center is told by declaring.
  const handedIn = history.submitted || history.superior !== 'none'
  if (history.urgency !== 'none' && !handedIn) must(await owner.post(`${at}/urgency`, { reason: '黄河凌汛应急处置。' }))
  if (history.urgency === 'confirmed' || history.urgency === 'rejected')
    must(await center.post(`${at}/urgency/decision`, { confirmed: history.urgency === 'confirmed', reason: '现场核实。' }))
  if (history.scope !== 'undecided') {
    if (!handedIn && history.urgency === 'none')
      await sandbox.query('update projects.project set submitted_at = now() where id = $1', [project.id])
    must(await center.post(`${at}/scope`, { inScope: history.scope === 'in', reason: '依定义和范围认定。' }))
  }
  return project
}

const paths: Readonly<Record<Exclude<GuardedAct, 'plan.file' | 'payment.release'>, string>> = {
  'project.apply': 'construction-plan',
  'project.establish': 'establishment',
  'funding.schedule': 'funding',
  'project.tender': 'tender',
  'project.accept': 'acceptance',
  'project.handover': 'handover',
}

const documentOf: Readonly<Partial<Record<GuardedAct, string>>> = {
  'project.apply': 'construction-plan',
  'project.establish': 'project-proposal',
}

/** Checks the act beforehand and performs it, each as the person who would. */
async function submit(laboratory: Laboratory, drawn: DrawnCase, project: StoredProject): Promise<Submitted> {
  const { city, sandbox, papers } = laboratory
  const seat = drawn.act === 'plan.file' ? ownerSeats[drawn.proposer] : drawn.act === 'funding.schedule' ? 'finance' : builderSeat(drawn)
  const person = await city.as(seat)
  const payment = drawn.act === 'payment.release' ? await preparePayment(laboratory, person, project.id) : undefined
  const dryRun = must(await person.get<Judged>(`/api/v1/projects/${project.id}/check?act=${drawn.act}`)).findings ?? []
  const count = async () => (await sandbox.query(`select from cases.case_file`)).length
  const before = await count()
  if (payment) {
    const finance = await city.as('finance2')
    const checked = must(await finance.post<Judged>(`/api/v1/cases/${payment.caseId}/check`, payment.release))
    const answer = await finance.post<Judged>(`/api/v1/cases/${payment.caseId}/acts`, payment.release)
    // The case was opened with the request; releasing it opens none.
    const opened = answer.status < 300 ? 1 : 0
    return { dryRun, furtherDryRuns: [checked.findings ?? []], answer, cases: { before, after: (await count()) + opened } }
  }
  const kind = documentOf[drawn.act]
  const paper = papers.get(seat)
  const answer =
    drawn.act === 'plan.file'
      ? await person.post<Judged>(`/api/v1/projects/${project.id}/plan-entries`, { year, opinion: '' })
      : await person.post<Judged>(`/api/v1/projects/${project.id}/${paths[drawn.act as keyof typeof paths]}`, {
          opinion: '',
          form: drawn.act === 'funding.schedule' ? { amountFen: 500_000, budgetYear: year, channel: 'city-finance' } : {},
          documents: kind && paper ? [{ kind, id: paper }] : [],
        })
  return { dryRun, furtherDryRuns: [], answer, cases: { before, after: await count() } }
}

/** A payment that one person of finance has agreed to and another is about to release. */
async function preparePayment({ city, sandbox }: Laboratory, builder: Speaker, projectId: string) {
  const contractId = await putContract(sandbox, projectId)
  const plain = { opinion: '', form: {}, documents: [] }
  const { caseId } = must(
    await builder.post<{ caseId: string }>(`/api/v1/projects/${projectId}/payments`, { ...plain, contractId, lineNo: 1 }),
  )
  const finance = await city.as('finance')
  const decision = { opinion: '同意。', form: {}, documents: [], choices: [], dates: {} }
  const taskOf = (body: { tasks: { id: string }[] }) => body.tasks[0]?.id ?? ''
  const seen = must(await finance.get<{ tasks: { id: string }[] }>(`/api/v1/cases/${caseId}`))
  must(await finance.post(`/api/v1/cases/${caseId}/acts`, { ...decision, taskId: taskOf(seen), outcome: 'agree' }))
  const next = must(await (await city.as('finance2')).get<{ tasks: { id: string }[] }>(`/api/v1/cases/${caseId}`))
  return { caseId, release: { ...decision, taskId: taskOf(next), outcome: 'release' } }
}

function must<T>(answer: Answer<T>): T {
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}
