import { actorOfPost, actorOfRelation, grantRelation, hashPassword, sessionCookie } from '@tongchou/identity'
import { type Ctx, syntheticCitizenId, systemActor } from '@tongchou/kernel'
import fc from 'fast-check'
import { registration, resourceEntry } from './authorization-matrix.world.ts'
import { DEMO_PASSWORD } from './demo/people.ts'
import type { Sandbox } from './differential-sandbox.ts'
import { deskOf } from './testing/desk.ts'
import { type Operation, operationsOf } from './testing/document.ts'
import type { Schema } from './testing/sample.ts'
import { type SeatName, type SmallCity, seats, smallCity } from './testing/small-city.ts'

// Oracles: whether a hidden thing can be felt through what one may ask. Every question of the published contract that stands on no one thing, with any
// combination of the parameters it declares, is asked twice: with the thing there and without it. Nothing of the answer may differ.

/** A thing that some may not read: how it comes to be, and where it is read. */
interface Hidden {
  kind: string
  /** Makes it and answers where it is read. */
  make(city: SmallCity, sandbox: Sandbox): Promise<string>
  /** Somebody who may read it, and the list that shows it: the comparison compares something. */
  insider: Name
  list: string
  /** Who reads it in lists, where no page of its own would tell. */
  knownTo?: readonly Name[]
}

/** Who asks: at a seat, or a citizen by the relation to the own person (本人). */
type Name = SeatName | Citizen
const citizens = { citizen: '1985-03-02', neighbour: '1986-03-02' } as const
type Citizen = keyof typeof citizens
const isCitizen = (name: Name): name is Citizen => name in citizens

/** Words that stand in every hidden thing, whole and in parts: what somebody who guesses would ask for. */
const secret = '隐秘丁戊事项'
const amountFen = 98_765_432_100

const hiddenThings: readonly Hidden[] = [
  {
    kind: 'draft of another unit',
    make: async (city) => `/api/v1/projects/${(await deskOf(city).draft(project)).id}`,
    insider: 'clerk',
    list: '/api/v1/projects',
  },
  {
    kind: 'filed project of another unit, with its case',
    make: async (city) => {
      const { id } = await deskOf(city).draft(project)
      await deskOf(city).file(id, 'clerk', 2029)
      return `/api/v1/projects/${id}`
    },
    insider: 'center',
    list: '/api/v1/projects',
  },
  {
    kind: 'system of another unit, not confirmed',
    make: async (city) => `/api/v1/systems/${await idOf(city, 'clerk', '/api/v1/systems', { ...registration(secret), functions: secret })}`,
    insider: 'clerk',
    list: '/api/v1/systems',
  },
  {
    kind: 'entry of the catalog that is not published',
    make: async (city) => `/api/v1/catalog/resources/${await idOf(city, 'steward', '/api/v1/catalog/resources', resourceEntry(secret))}`,
    insider: 'steward',
    list: '/api/v1/catalog/resources',
  },
  {
    kind: 'look at the record of a neighbour',
    make: async (city, sandbox) => {
      const subject = city.relations.subjects.get('person')?.identified?.(numberOf('neighbour'), city.clock.now()).id
      const [look] = await sandbox.query<{ seq: string }>(
        `insert into libraries.person_look (at, person, resource, title, items, masked, purpose, note, account_id, person_name, org_id, org_name, request_id, ground)
         values (now(), $1, 'r', $2, '[]', false, 'case', $2, 'a', '民政数据专员', 'civil-affairs', '市民政局', 'r', 'provider') returning seq`,
        [subject, secret],
      )
      return `/api/v1/record-looks/${look?.seq}`
    },
    insider: 'neighbour',
    list: '/api/v1/record-looks/own',
  },
  {
    kind: 'relation of another citizen',
    make: async (city) => {
      const person = { kind: 'data-subject', identifier: syntheticCitizenId('150302', '1987-03-02'), document: 'id-card' }
      return `/api/v1/relations/${await idOf(city, 'police', '/api/v1/relations', { ...person, name: secret, username: 'hidden-citizen' })}`
    },
    insider: 'police',
    list: '/api/v1/relations',
    knownTo: ['police', 'supervisor'],
  },
]

const numberOf = (citizen: Citizen) => syntheticCitizenId('150302', citizens[citizen])

const project = { name: secret, budgetLines: [{ title: secret, category: 'software', amountFen }] }

/** Who asks; the overseer holds the duty for an area in which the hidden things do not lie (其他区域). */
const askers: readonly Name[] = ['stranger', 'district', 'tender', 'police', 'supervisor', 'citizen']
const elsewhere = '150302'

/** What is no question about things, each with its reason. */
const notAsked: Readonly<Record<string, string>> = {
  listOwnAuditEvents: 'tells the asker what the asker asked, which is another thing each time',
}

/** A question: an operation with a query. */
interface Question {
  operation: Operation
  query: Readonly<Record<string, string>>
}

export interface OraclesReport {
  asked: number
  /** Questions that were answered with content, of all. */
  answered: number
  /** Things that an asker may not read, of those tried. */
  pairs: string[]
  /** Operations that were asked. */
  operations: ReadonlySet<string>
  faults: string[]
}

/** A city in which questions are asked twice. */
export interface Oracles {
  operations: readonly Operation[]
  run(options: { seed: number; perPair: number }): Promise<OraclesReport>
}

export async function openOracles(sandbox: Sandbox): Promise<Oracles> {
  const city = await smallCity(sandbox.db)
  await narrowToArea(city)
  // What askers may see stands there too, or every list would be empty.
  const desk = deskOf(city)
  await desk.draft({ name: '可见事项甲' }, 'stranger')
  await desk.file((await desk.draft({ name: '可见事项乙' }, 'stranger')).id, 'stranger', 2029)
  await desk.draft({ name: '可见事项丙', builder: 'district' }, 'district')
  const relations = new Map<Citizen, string>()
  for (const name of citizenNames) relations.set(name, await relate(sandbox, city, name))
  const cookies = new Map<Name, string>()
  for (const seat of new Set([...askers, ...hiddenThings.map(({ insider }) => insider)])) cookies.set(seat, await cookieOf(city, seat))
  // Everybody who acts has signed in before anything is compared.
  for (const seat of ['clerk', 'steward', 'center', 'police'] as const) await (await city.as(seat)).get('/api/v1/me')
  const operations = (await operationsOf(city.app))
    .filter(({ method, path }) => method === 'GET' && !path.includes('{'))
    .filter(({ id }) => !(id in notAsked))
  const ask = async (seat: Name, question: Question) => answerOf(city, cookies.get(seat) ?? '', question)
  const isHiddenFrom = (seat: Name, hidden: Hidden) =>
    sandbox.tryOut(async () => {
      if (hidden.knownTo?.includes(seat)) return false
      const path = await hidden.make(city, sandbox)
      return (await ask(seat, { operation: { path } as Operation, query: {} })).startsWith('404 ')
    })
  return {
    operations,
    run: async ({ seed, perPair }) => {
      const report = { asked: 0, answered: 0, pairs: [] as string[], operations: new Set<string>(), faults: [] as string[] }
      for (const [index, hidden] of hiddenThings.entries()) {
        await requireInsight(sandbox, city, hidden, (question) => ask(hidden.insider, question))
        for (const [at, seat] of askers.entries()) {
          if (!(await isHiddenFrom(seat, hidden))) continue
          const draw = seed * 1000 + index * 10 + at
          const from = report.pairs.length * perPair
          let questions: Question[] = []
          const ctx = await ctxOf(sandbox, city, seat, relations)
          const withIt = await sandbox.tryOut(async () => {
            const place = await hidden.make(city, sandbox)
            // First of all the list that shows it to who may read it: a short run may not come to it.
            const shows = operations.filter(({ path }) => path === hidden.list).map((operation) => ({ operation, query: {} }))
            questions = [...shows, ...questionsFor(operations, place.split('/').at(-1) ?? '', draw, from, perPair)]
            return askAll(questions, (question) => ask(seat, question), city, ctx)
          })
          report.pairs.push(`${hidden.kind}, ${seat}`)
          const without = await sandbox.tryOut(() => askAll(questions, (question) => ask(seat, question), city, ctx))
          for (const [number, question] of questions.entries()) {
            report.asked += 1
            if (without[number]?.startsWith('200 ')) report.answered += 1
            report.operations.add(question.operation.id)
            if (withIt[number] !== without[number])
              report.faults.push(
                `${seat} feels the ${hidden.kind} by GET ${urlOf(question)} (seed ${seed}):\n  with    ${cut(withIt[number], without[number])}\n  without ${cut(without[number], withIt[number])}`,
              )
          }
        }
      }
      return report
    },
  }
}

/** The insider's list differs, or a comparison that finds nothing would mean nothing. */
async function requireInsight(
  sandbox: Sandbox,
  city: SmallCity,
  hidden: Hidden,
  ask: (question: Question) => Promise<string>,
): Promise<void> {
  const question = { operation: { path: hidden.list } as Operation, query: {} }
  const without = await ask(question)
  const withIt = await sandbox.tryOut(async () => {
    await hidden.make(city, sandbox)
    return ask(question)
  })
  if (without === withIt || !withIt.includes(secret)) throw new Error(`${hidden.insider} does not see the ${hidden.kind} in ${hidden.list}`)
}

/** Each question over HTTP, the page behind it where there is one, and of a list what an export of it would hold. */
async function askAll(
  questions: readonly Question[],
  ask: (question: Question) => Promise<string>,
  city: SmallCity,
  ctx: Ctx,
): Promise<string[]> {
  const answers: string[] = []
  for (const question of questions) {
    const first = await ask(question)
    const next = /"nextCursor":"([^"]+)"/.exec(first)?.[1]
    const second = next === undefined ? '' : await ask({ ...question, query: { ...question.query, cursor: next } })
    answers.push(`${first}\n${second}\n${await exportOf(city, ctx, question)}`)
  }
  return answers
}

/** What the export of a list with these filters would hold, as the job that makes it asks (导出). */
async function exportOf(city: SmallCity, ctx: Ctx, { operation, query }: Question): Promise<string> {
  const list = city.app.lists.get(operation.id)
  if (!list) return ''
  const { limit: _limit, cursor: _cursor, ...filters } = query
  try {
    const page = await list.open(ctx, {}, filters)
    return steady(JSON.stringify(await page(ctx, 5000, null)))
  } catch (error) {
    return `refused: ${String(error)}`
  }
}

async function answerOf(city: SmallCity, cookie: string, question: Question): Promise<string> {
  const answer = await city.app.inject({ url: urlOf(question), cookies: { [sessionCookie]: cookie } })
  const { date: _date, 'content-length': _length, ...headers } = answer.headers
  return `${answer.statusCode} ${JSON.stringify(headers)} ${steady(answer.body)}`
}

/** Without what is another at every request. */
function steady(text: string): string {
  return text.replaceAll(/"requestId":"[^"]*"/g, '').replaceAll(/"(now|lastSeenAt)":"[^"]*"/g, '')
}

function urlOf({ operation, query }: Question): string {
  const search = new URLSearchParams(query).toString()
  return search === '' ? operation.path : `${operation.path}?${search}`
}

/** Every operation in turn, each with a draw of its declared parameters: what was guessed of the hidden thing, and what anybody would ask. */
function questionsFor(operations: readonly Operation[], id: string, seed: number, from: number, count: number): Question[] {
  const rounds = Math.ceil(count / operations.length)
  const drawn = operations.map((operation, at) =>
    fc.sample(queryOf(operation, id), { seed: seed + at, numRuns: rounds }).map((query) => ({ operation, query })),
  )
  const all = Array.from({ length: rounds }, (_, round) => drawn.flatMap((questions) => questions[round] ?? [])).flat()
  // Each pair goes on where the one before has stopped, so that short runs reach all of them together.
  const first = from % all.length
  return [...all.slice(first), ...all.slice(0, first)].slice(0, count)
}

function queryOf({ parameters }: Operation, id: string): fc.Arbitrary<Record<string, string>> {
  const asked = parameters.filter(({ in: where, name }) => where === 'query' && name !== 'cursor')
  const fields = asked.map(({ name, required, schema }) => {
    const value = guessOf(name, schema, id)
    return [name, required ? value : fc.option(value, { nil: undefined, freq: 1 })] as const
  })
  return fc
    .record(Object.fromEntries(fields))
    .map((record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Record<string, string>)
}

const guesses = [secret, '隐秘', '丁', '事项', '可见', 'civil-affairs', 'health', '低保', '%', '_', String(amountFen)]
const days = ['2026-01-01', '2026-02-01', '2026-03-01', '2026-03-02', '2026-03-03', '2029-12-31']

function guessOf(name: string, schema: Schema, id: string): fc.Arbitrary<string> {
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => guessOf(name, one, id)))
  if (schema.const !== undefined) return fc.constant(String(schema.const))
  if (schema.enum) return fc.constantFrom(...schema.enum.map(String))
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'boolean') return fc.constantFrom('true', 'false')
  if (name === 'limit') return fc.constantFrom('1', '2', '3', '200')
  if (type === 'integer' || type === 'number')
    return fc.constantFrom('0', '1', '2', '2026', '2027', '2029', String(amountFen), String(amountFen + 1))
  if (schema.format === 'date' || /\bdate\b/.test(schema.pattern ?? '') || /(On|from|to|day)$/i.test(name)) return fc.constantFrom(...days)
  if (schema.format === 'uuid' || /Id$/.test(name)) return fc.constantFrom(id, 'civil-affairs', 'health')
  return fc.constantFrom(...guesses, id)
}

/** Around the first place where two answers differ. */
function cut(text = '', other = ''): string {
  let at = 0
  while (at < text.length && text[at] === other[at]) at++
  return `…${text.slice(Math.max(0, at - 80), at + 120)}`
}

async function idOf(city: SmallCity, seat: SeatName, url: string, body: object): Promise<string> {
  const answer = await (await city.as(seat)).post<{ id: string }>(url, body)
  if (answer.status >= 300) throw new Error(`${url}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body.id
}

async function cookieOf(city: SmallCity, seat: Name): Promise<string> {
  const payload = { username: isCitizen(seat) ? seat : seats[seat].username, password: DEMO_PASSWORD }
  const answer = await city.app.inject({ method: 'POST', url: '/api/v1/sessions', payload })
  return answer.cookies.find(({ name }) => name === sessionCookie)?.value ?? ''
}

async function postOf(sandbox: { query: Sandbox['query'] }, seat: SeatName): Promise<string> {
  const [row] = await sandbox.query<{ id: string }>('select current_post_id as id from identity.account where username = $1', [
    seats[seat].username,
  ])
  return row?.id ?? ''
}

const citizenNames = Object.keys(citizens) as Citizen[]

/** Grants a citizen the relation to the own person. Answers its id. */
async function relate(sandbox: Sandbox, city: SmallCity, name: Citizen): Promise<string> {
  const actor = { ...systemActor, roles: new Set(['public-security']) }
  const ctx: Ctx = { db: sandbox.db, actor, now: () => city.clock.now(), requestId: 'relate', inside: false }
  const publishedHash = await hashPassword(DEMO_PASSWORD)
  const person = { kind: 'data-subject', identifier: numberOf(name), document: 'id-card' as const, name, username: name, publishedHash }
  return (await grantRelation(ctx, city.relations, person)).id
}

async function ctxOf(sandbox: Sandbox, city: SmallCity, seat: Name, relations: ReadonlyMap<Citizen, string>): Promise<Ctx> {
  const nobody: Ctx = { db: sandbox.db, actor: systemActor, now: () => city.clock.now(), requestId: 'export', inside: false }
  const actor = await (isCitizen(seat)
    ? actorOfRelation(nobody, relations.get(seat) ?? '')
    : actorOfPost(nobody, await postOf(sandbox, seat)))
  if (!actor) throw new Error(`${seat} has no post`)
  return { ...nobody, actor }
}

async function narrowToArea(city: SmallCity): Promise<void> {
  const admin = await city.as('admin')
  const people = await admin.get<{ items: { name: string; posts: { id: string }[] }[] }>(
    `/api/v1/people?q=${encodeURIComponent(seats.supervisor.name)}`,
  )
  const postId = people.body.items[0]?.posts[0]?.id ?? ''
  const duties = await admin.get<{ items: { id: number }[] }>(`/api/v1/posts/${postId}/duties`)
  const given = await admin.post(`/api/v1/posts/${postId}/duties`, { duty: 'supervisor', area: elsewhere })
  if (given.status >= 300) throw new Error(`no duty for an area: ${JSON.stringify(given.body)}`)
  for (const { id } of duties.body.items ?? []) await admin.post(`/api/v1/posts/${postId}/duties/${id}/end`, {})
}
