import { nobodysId, requestOf } from './authorization-matrix.requests.ts'
import {
  type Cell,
  type Duty,
  duties,
  neverDone,
  outsiders,
  type Role,
  roles,
  type Thing,
  withPasswordToChange,
} from './authorization-matrix.table.ts'
import { type Asker, buildWorld, type Instance, type World } from './authorization-matrix.world.ts'
import type { Sandbox } from './differential-sandbox.ts'
import { undeclaredIn } from './testing/declared.ts'
import { type Operation, operationsOf } from './testing/document.ts'
import type { Hints } from './testing/sample.ts'
import { shuffled } from './testing/shuffled.ts'
import { type Mark, openStanding, type Standing } from './testing/standing.ts'

/** What the table expects of one answer. */
type Expected = 'done' | 'refused' | 'hidden' | 'late' | 'not-signed-in' | 'password-first'

/** One question to the server: who, which operation, on which thing. */
interface Question {
  operation: Operation
  asker: Asker
  instance: Instance | undefined
  /** The kind of thing, where one is asked about that does not exist. */
  nothing: Thing | undefined
  expected: Expected
  cell: string
  name: string
}

/** What a run of the matrix found. */
export interface MatrixReport {
  cells: number
  /** Status by question, to compare two runs. */
  verdicts: ReadonlyMap<string, number>
  mismatches: readonly string[]
  /** Operations of which no cell ended in success. */
  neverSucceeded: readonly string[]
  /** Answers with a place that the schema leaves open, by operation. */
  openPlaces: ReadonlySet<string>
}

/** In which order, over which operations, and whether each cell is asked by everybody in every state it holds for, or as the seed chooses. */
export interface Order {
  seed: number
  states: 'every' | 'sampled'
  only?: RegExp
}

/** The matrix over one world: built once, asked as often as wanted, each time in another order. */
export interface Matrix {
  world: World
  operations: readonly Operation[]
  /** Operations that the table does not know, and rows without an operation. */
  missing: readonly string[]
  run(order: Order): Promise<MatrixReport>
}

export async function openMatrix(sandbox: Sandbox): Promise<Matrix> {
  const world = await buildWorld(sandbox)
  const operations = await operationsOf(world.city.app)
  return { world, operations, missing: missingRows(operations), run: (order) => runMatrix(sandbox, world, operations, order) }
}

function missingRows(operations: readonly Operation[]): string[] {
  const ids = new Set(operations.map(({ id }) => id))
  return [
    ...operations
      .filter(({ id }) => !duties[id])
      .map(({ id, method, path }) => `${id} (${method} ${path}) has no row in authorization-matrix.table.ts: write one as its header says`),
    ...Object.keys(duties)
      .filter((id) => !ids.has(id))
      .map((id) => `${id} has a row in authorization-matrix.table.ts but no operation: take the row out`),
  ]
}

async function runMatrix(
  sandbox: Sandbox,
  world: World,
  operations: readonly Operation[],
  { seed, states, only }: Order,
): Promise<MatrixReport> {
  const all = operations.filter(({ id }) => only?.test(id) ?? true).flatMap((operation) => questionsOf(operation, world))
  const questions = shuffled(states === 'every' ? all : sampleOfAll(shuffled(all, seed)), seed)
  const known = factsOf(world)
  const standing = await openStanding(sandbox)
  const verdicts = new Map<string, number>()
  const mismatches: string[] = []
  const succeeded = new Set<string>()
  const openPlaces = new Set<string>()
  const hidden = new Map<string, string>()
  for (const question of questions) {
    const found = await ask(sandbox, world, question, standing, known)
    verdicts.set(question.name, found.status)
    if (found.status < 300) succeeded.add(question.operation.id)
    for (const place of found.openPlaces) openPlaces.add(place)
    mismatches.push(...found.problems.map((problem) => `${question.name}: ${problem}`))
    if (question.expected === 'hidden') mismatches.push(...tellsApart(hidden, question, found.shape))
  }
  return {
    cells: questions.length,
    verdicts,
    mismatches,
    neverSucceeded: [...new Set(questions.map(({ operation }) => operation.id))].filter(
      (id) => duties[id] && !succeeded.has(id) && !neverDone[id],
    ),
    openPlaces,
  }
}

/**
 * Every operation by every role in every cell of the table that holds for it, once: of two people of a role, and of the states, one. Besides
 * every state of a thing for every operation, whoever asks, what may be done on every thing by somebody who may, what may be begun by
 * everybody who may, everybody who must get nothing, and what does not exist for whoever asked about what is hidden from them.
 */
function sampleOfAll(questions: readonly Question[]): Question[] {
  const once = (some: readonly Question[], keyOf: (question: Question) => string) =>
    new Map(some.toReversed().map((one) => [keyOf(one), one]))
  const [absent, present] = [questions.filter(({ nothing }) => nothing), questions.filter(({ nothing }) => !nothing)]
  const cells = once(present, ({ operation, asker, instance, cell, expected }) => {
    const who = cell === 'outcast' ? asker.name : `${asker.role} ${instance?.authors.includes(asker) ?? false}`
    return `${operation.id} ${who} ${cell.split(' ')[0]} ${expected}`
  })
  const chosen = new Set(cells.values())
  // What somebody may do is done to every thing in every state that there is; the rest is asked of every state.
  const thingOf = ({ operation, instance }: Question) => `${operation.id} ${instance?.id}`
  const stateOf = ({ operation, instance }: Question) => `${operation.id} ${instance?.state}`
  const cover = (some: readonly Question[], keyOf: (question: Question) => string) => {
    const among = new Set(some)
    const asked = new Set([...chosen].filter((one) => among.has(one)).map(keyOf))
    for (const [key, question] of once(some, keyOf)) if (!asked.has(key)) chosen.add(question)
  }
  cover(
    present.filter(({ expected }) => expected === 'done'),
    thingOf,
  )
  cover(present, stateOf)
  // Whether something new may be begun can depend on whose the body's thing is: one's own is not asked for.
  cover(
    present.filter(({ operation, instance, expected }) => expected === 'done' && !instance && operation.method !== 'GET'),
    ({ operation, asker }) => `${operation.id} ${asker.name}`,
  )
  const nameOf = ({ operation, asker }: Question) => `${operation.id} ${asker.name}`
  const hiddenFrom = new Set([...chosen].filter(({ expected }) => expected === 'hidden').map(nameOf))
  for (const question of absent) if (hiddenFrom.has(nameOf(question))) chosen.add(question)
  const roleOf = ({ operation, asker }: Question) => `${operation.id} ${asker.role}`
  const known = new Set([...chosen].filter(({ nothing }) => nothing).map(roleOf))
  for (const [role, question] of once(absent, roleOf)) if (!known.has(role)) chosen.add(question)
  return [...chosen]
}

/** A thing that is hidden and one that is not there must be answered alike: one shape per person and operation. */
function tellsApart(hidden: Map<string, string>, { operation, asker, name }: Question, shape: string): string[] {
  const key = `${operation.id} ${asker.name}`
  const before = hidden.get(key)
  if (before === undefined) hidden.set(key, shape)
  return before === undefined || before === shape ? [] : [`${name}: can be told from what does not exist: ${shape} instead of ${before}`]
}

function questionsOf(operation: Operation, world: World): Question[] {
  const duty = duties[operation.id]
  if (!duty) return []
  const things = duty.kind === 'on' ? world.instances.filter(({ thing }) => thing === duty.thing) : [undefined]
  const asked = things.flatMap((instance) =>
    askersOf(world, instance).map((asker) => question(operation, asker, { instance }, wantedOf(operation, duty, asker, instance))),
  )
  const nothing = duty.kind === 'on' ? duty.thing : undefined
  const absent = nothing
    ? world.askers.map((asker) => question(operation, asker, { nothing }, { expected: notThere(operation, asker), cell: 'nothing' }))
    : []
  return [...asked, ...absent, ...outcastQuestions(operation, duty, world, things[0])]
}

function askersOf(world: World, instance: Instance | undefined): readonly Asker[] {
  if (!instance) return world.askers
  return instance.authorsOnly ? instance.authors : [...world.askers, ...instance.authors]
}

function outcastQuestions(operation: Operation, duty: Duty, world: World, instance: Instance | undefined): Question[] {
  return Object.values(world.outcasts).map((asker) => {
    const mustChange = asker === world.outcasts.passwordToChange
    const isLetIn = duty.kind === 'open' || (mustChange && withPasswordToChange.includes(operation.id))
    const expected = isLetIn ? 'done' : mustChange ? 'password-first' : 'not-signed-in'
    return question(operation, asker, { instance }, { expected, cell: 'outcast' })
  })
}

interface Wanted {
  expected: Expected
  /** The cell of the table that says so. */
  cell: string
}

function question(
  operation: Operation,
  asker: Asker,
  about: { instance?: Instance | undefined; nothing?: Thing },
  wanted: Wanted,
): Question {
  const { instance, nothing } = about
  // Two offices may have a thing of one state each: the name says whose, or one's answer would be taken for the other's.
  const words = nothing ? ' of nothing' : instance ? ` of ${instance.thing} ${instance.state} of ${instance.org ?? 'nobody'}` : ''
  return { operation, asker, instance, nothing, ...wanted, name: `${operation.id}${words} by ${asker.name}` }
}

function wantedOf(operation: Operation, duty: Duty, asker: Asker, instance: Instance | undefined): Wanted {
  if (duty.kind === 'open') return { expected: 'done', cell: '' }
  if (duty.kind === 'only' && duty.does.includes(asker.role)) return { expected: 'done', cell: '' }
  if (duty.kind === 'only') return { expected: isOutside(asker) ? notThere(operation, asker) : 'refused', cell: '' }
  if (!instance) throw new Error('an operation on one thing is asked about one')
  const { key, cell } = cellOf(duty.cells, asker, instance)
  // What succeeds in one state comes too late in another: each state is asked.
  if (cell.does.includes(asker.role)) return { expected: 'done', cell: `${key} ${instance.state}` }
  if (cell.refused.includes(asker.role)) return { expected: 'refused', cell: key }
  return { expected: cell.late.includes(asker.role) ? 'late' : notThere(operation, asker), cell: key }
}

/** How what somebody may not know is answered: outside the offices, by one refusal for all things where the path names none. */
function notThere(operation: Operation, asker: Asker): Expected {
  return isOutside(asker) && !operation.path.includes('{') ? 'refused' : 'hidden'
}

const isOutside = ({ role }: Asker): boolean => outsiders.some((known) => known === role)

function cellOf(cells: Partial<Record<string, Cell>>, asker: Asker, instance: Instance): { key: string; cell: Cell } {
  for (const relation of relationsOf(asker, instance))
    for (const key of [`${relation}/${instance.state}`, relation]) {
      const cell = cells[key]
      if (cell) return { key, cell }
    }
  throw new Error(`no cell of the table for ${asker.name} and a ${instance.thing} in state ${instance.state}`)
}

/** How somebody stands to a thing, the closest relation first; a row without a cell for it means the next one. */
function relationsOf(asker: Asker, { authors, waitsFor, org }: Instance): string[] {
  return [
    ...(authors.includes(asker) ? ['author'] : []),
    ...(waitsFor.some((task) => task.duty === asker.role && (task.org === null || task.org === asker.org)) ? ['granted'] : []),
    org === null ? 'any' : org === asker.org ? 'own' : 'foreign',
  ]
}

interface Found {
  status: number
  problems: string[]
  openPlaces: readonly string[]
  shape: string
}

async function ask(sandbox: Sandbox, world: World, question: Question, standing: Standing, known: Hints): Promise<Found> {
  const { operation, asker, instance, nothing, expected } = question
  const isWrite = operation.method !== 'GET'
  return sandbox.tryOut(async () => {
    const mark = isWrite ? await standing.mark() : undefined
    const answer = await world.city.app.inject(requestOf(operation, asker, nothing ?? instance, known))
    const status = answer.statusCode
    const problems: string[] = []
    if (!isAsExpected(expected, operation, status)) problems.push(`expected ${expected}, got ${status} ${answer.body.slice(0, 200)}`)
    const denied = [401, 403, 404].includes(status)
    if (mark && denied) problems.push(...(await tracesOf(standing, mark, question)))
    const checked = undeclaredIn(operation, status, String(answer.headers['content-type'] ?? ''), answer.body)
    problems.push(...checked.undeclared.map((place) => `answers ${place}, which its schema does not declare`))
    return { status, problems, openPlaces: checked.open, shape: shapeOf(answer.headers, answer.body) }
  })
}

function isAsExpected(expected: Expected, operation: Operation, status: number): boolean {
  switch (expected) {
    case 'done':
      return operation.method === 'GET'
        ? status >= 200 && status < 300
        : (status >= 200 && status < 300) || status === 409 || status === 422
    case 'refused':
    case 'password-first':
      return status === 403
    case 'hidden':
      return status === 404
    case 'late':
      return status === 409
    case 'not-signed-in':
      return status === 401
  }
}

const silent = new Set(['evaluatePolicy', 'checkUnsavedProposal', 'checkCaseAct', 'previewReorganisation'])

/** What a denied write may leave: one audit row of whoever is known, and nothing else anywhere. */
async function tracesOf(standing: Standing, before: Mark, { operation, expected }: Question): Promise<string[]> {
  const problems: string[] = []
  const after = await standing.mark()
  // What was written may have been taken back: then the rows themselves are looked at.
  const isChanged = after.written !== before.written && (await standing.read()).digest !== standing.before.digest
  if (isChanged) problems.push('was denied and changed something all the same')
  const isKnown = expected !== 'not-signed-in' && expected !== 'password-first' && !silent.has(operation.id)
  const wanted = isKnown ? 1 : 0
  const left = after.audited - before.audited
  if (left !== wanted) problems.push(`was denied and left ${left} audit rows instead of ${wanted}`)
  return problems
}

/** Everything of an answer that could tell: all headers and the whole body but for the number of the request. */
function shapeOf(headers: Record<string, unknown>, body: string): string {
  const told = Object.entries(headers).filter(([name]) => name !== 'date')
  return `${JSON.stringify(told)} ${body.replace(/"requestId":"[^"]*"/, '"requestId":""')}`
}

/** Ids that bodies name: of the project in building, of the plan's entries, of a person. */
function factsOf({ instances, enterpriseId, newcomerId, freeEntryId, stewardPostId }: World): Hints {
  const idOf = (thing: string, state: string) => instances.find((one) => one.thing === thing && one.state === state)?.id ?? nobodysId
  return {
    projectId: idOf('project', 'building'),
    personId: newcomerId,
    enterpriseId,
    sharedId: idOf('resource', 'registered'),
    toPostId: stewardPostId,
    entryIds: [freeEntryId],
    userUnitOrgId: 'civil-affairs',
  }
}

/** The rows of the table that name a duty twice or one that nobody has: a slip of the pen. */
export function slipsOfTheTable(): string[] {
  const known = new Set<Role>([...roles, ...outsiders])
  return Object.entries(duties).flatMap(([id, duty]) => {
    const cells = duty.kind === 'on' ? Object.entries(duty.cells) : []
    const named = cells.flatMap(([key, cell]) => [...(cell?.does ?? []), ...(cell?.refused ?? [])].map((role) => `${key} ${role}`))
    return [
      ...named.filter((one, index) => named.indexOf(one) !== index).map((one) => `${id}: ${one} stands there twice`),
      ...cells.flatMap(([, cell]) => (cell?.does ?? []).filter((role) => !known.has(role)).map((role) => `${id}: nobody is ${role}`)),
    ]
  })
}
