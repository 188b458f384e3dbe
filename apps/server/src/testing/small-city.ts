import { randomUUID } from 'node:crypto'
import { addClass } from '@tongchou/catalog'
import { createAccount, createOrganisation, createPerson, createPost, hashPassword, sessionCookie } from '@tongchou/identity'
import { type Ctx, type DutyId, fixedClock, type KernelTables, keyRingOf, newKeys, type SettableClock, systemActor } from '@tongchou/kernel'
import { setModes } from '@tongchou/policy'
import type { InjectOptions } from 'fastify'
import type { Kysely } from 'kysely'
import { DEMO_PASSWORD } from '../demo/people.ts'
import { type City, cityPack, type WireOptions, wire } from '../wire.ts'

/** A person of the small city: two letters of an office and a number, so that tests read like minutes of a meeting. */
export interface Seat {
  username: string
  name: string
  org: string
  duties: readonly DutyId[]
}

const offices = [
  { id: 'city-government', name: '乌海市人民政府', kind: 'government' },
  { id: 'big-data-center', name: '市大数据中心', kind: 'big-data-center' },
  { id: 'drc', name: '市发展改革委', kind: 'city-department' },
  { id: 'finance', name: '市财政局', kind: 'city-department' },
  { id: 'audit', name: '市审计局', kind: 'city-department' },
  { id: 'tender-center', name: '市公共资源交易中心', kind: 'public-body' },
  { id: 'public-security', name: '市公安局', kind: 'city-department' },
  { id: 'civil-affairs', name: '市民政局', kind: 'city-department' },
  { id: 'health', name: '市卫生健康委', kind: 'city-department' },
  { id: 'haibowan', name: '海勃湾区人民政府', kind: 'district' },
] as const

/** Enough people that nobody has to decide on their own paper. */
export const seats = {
  clerk: { username: 'clerk', name: '民政申报员', org: 'civil-affairs', duties: ['applicant'] },
  head: { username: 'head', name: '民政科长', org: 'civil-affairs', duties: ['applicant', 'user-unit'] },
  steward: { username: 'steward', name: '民政数据专员', org: 'civil-affairs', duties: ['data-steward'] },
  leader: { username: 'leader', name: '民政分管局长', org: 'civil-affairs', duties: ['department-head'] },
  secrecy: { username: 'secrecy', name: '民政保密员', org: 'civil-affairs', duties: ['secrecy-reviewer'] },
  user: { username: 'user', name: '民政低保中心', org: 'civil-affairs', duties: ['user-unit'] },
  center: { username: 'center', name: '中心审核员', org: 'big-data-center', duties: ['big-data-center'] },
  center2: { username: 'center2', name: '中心论证员', org: 'big-data-center', duties: ['big-data-center'] },
  centerClerk: { username: 'center-clerk', name: '中心申报员', org: 'big-data-center', duties: ['applicant'] },
  drc: { username: 'drc', name: '发改审批员', org: 'drc', duties: ['drc'] },
  drc2: { username: 'drc2', name: '发改评价员', org: 'drc', duties: ['drc'] },
  finance: { username: 'finance', name: '财政审核员', org: 'finance', duties: ['finance'] },
  finance2: { username: 'finance2', name: '财政支付员', org: 'finance', duties: ['finance'] },
  city: { username: 'city', name: '市政府秘书', org: 'city-government', duties: ['city-government'] },
  tender: { username: 'tender', name: '交易中心登记员', org: 'tender-center', duties: ['tender-center'] },
  auditor: { username: 'auditor', name: '审计员', org: 'audit', duties: ['audit'] },
  police: { username: 'police', name: '公安网安员', org: 'public-security', duties: ['public-security'] },
  supervisor: { username: 'supervisor', name: '督查员', org: 'city-government', duties: ['supervisor'] },
  healthSteward: { username: 'health-steward', name: '卫健数据专员', org: 'health', duties: ['data-steward'] },
  healthLeader: { username: 'health-leader', name: '卫健分管主任', org: 'health', duties: ['department-head'] },
  stranger: { username: 'stranger', name: '卫健申报员', org: 'health', duties: ['applicant'] },
  district: { username: 'district', name: '海勃湾区申报员', org: 'haibowan', duties: ['applicant', 'district'] },
  auditAdmin: { username: 'audit-admin', name: '审计管理员', org: 'big-data-center', duties: ['audit-admin'] },
  securityAdmin: { username: 'security-admin', name: '安全管理员', org: 'big-data-center', duties: ['security-admin'] },
  admin: { username: 'admin', name: '系统管理员', org: 'big-data-center', duties: ['system-admin'] },
} as const satisfies Record<string, Seat>

export type SeatName = keyof typeof seats

/** A city of ten offices over a test database, its clock, and people who speak HTTP. */
export interface SmallCity extends City {
  clock: SettableClock
  as(seat: SeatName): Promise<Speaker>
  /** Somebody who has no seat: a person outside the offices. */
  signIn(username: string, password: string): Promise<Speaker>
  /** Everybody signs in anew at their next act, as on another day. */
  signInAgain(): Promise<void>
}

/** One signed-in person. */
export interface Speaker {
  get<T = Record<string, unknown>>(url: string): Promise<Answer<T>>
  post<T = Record<string, unknown>>(url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>
  put<T = Record<string, unknown>>(url: string, body: unknown): Promise<Answer<T>>
  /** Uploads a text file and gives its id. */
  upload(fileName: string, text: string): Promise<string>
}

export interface Answer<T> {
  status: number
  body: T
}

/** Builds the small city on an empty, migrated database. */
export async function smallCity(
  db: Kysely<KernelTables>,
  startAt = '2026-03-02T01:00:00Z',
  log?: WireOptions['log'],
  outgoing: WireOptions['outgoing'] = [],
  oidc: WireOptions['oidc'] = null,
  owner: WireOptions['owner'] = null,
  receiving: WireOptions['receiving'] = null,
  pool: WireOptions['pool'] = null,
  wakeups?: WireOptions['wakeups'],
  resolve?: WireOptions['resolve'],
): Promise<SmallCity> {
  const clock = fixedClock(startAt)
  const ctx: Ctx = { db, actor: systemActor, now: () => clock.now(), requestId: 'small-city', inside: false }
  for (const office of offices) await createOrganisation(ctx, { ...office, validFrom: '2023-01-01' })
  const publishedHash = await hashPassword(DEMO_PASSWORD)
  for (const seat of Object.values(seats)) {
    const person = await createPerson(ctx, { name: seat.name })
    const post = await createPost(ctx, {
      personId: person.id,
      organisationId: seat.org,
      title: '工作人员',
      duties: [...seat.duties],
      validFrom: '2023-01-01',
    })
    await createAccount(ctx, { personId: person.id, username: seat.username, credential: { publishedHash }, postId: post.id })
  }
  const city = await wire({
    db,
    keys: keyRingOf(newKeys()),
    clock,
    demo: true,
    outgoing,
    oidc,
    owner,
    receiving,
    pool,
    wakeups,
    resolve,
    ...(log === undefined ? {} : { log }),
  })
  // 目 and 细目 are the city's own.
  const keeper = { ...ctx, actor: { ...systemActor, roles: new Set(['big-data-center']) } }
  await addClass(keeper, { code: '307001', title: '民政' })
  await addClass(keeper, { code: '30700101', title: '社会救助' })
  // A draft measure advises by default; this city has decided to enforce it.
  await setModes(ctx, city.library, cityPack, { mode: 'enforce', rules: {}, version: 0 })
  const cookies = new Map<SeatName, string>()
  const begin = async (username: string, password: string) => {
    const answer = await city.app.inject({ method: 'POST', url: '/api/v1/sessions', payload: { username, password } })
    const token = answer.cookies.find((c) => c.name === sessionCookie)?.value
    if (!token) throw new Error(`${username} could not sign in: ${answer.body}`)
    return token
  }
  const cookieOf = async (seat: SeatName) => {
    const token = cookies.get(seat) ?? (await begin(seats[seat].username, DEMO_PASSWORD))
    cookies.set(seat, token)
    return token
  }
  const signInAgain = async () => cookies.clear()
  return {
    ...city,
    clock,
    signInAgain,
    as: async (seat) => speaker(city, await cookieOf(seat)),
    signIn: async (username, password) => speaker(city, await begin(username, password)),
  }
}

function speaker(city: City, cookie: string): Speaker {
  const send = async <T>(options: InjectOptions): Promise<Answer<T>> => {
    const answer = await city.app.inject({ ...options, cookies: { [sessionCookie]: cookie } })
    const isJson = /[/+]json\b/.test(String(answer.headers['content-type'] ?? ''))
    return { status: answer.statusCode, body: (answer.body === '' ? undefined : isJson ? answer.json() : answer.body) as T }
  }
  return {
    get: (url) => send({ method: 'GET', url }),
    post: (url, body = {}, headers = {}) => send({ method: 'POST', url, payload: body as object, headers }),
    put: (url, body) => send({ method: 'PUT', url, payload: body as object }),
    upload: async (fileName, text) => {
      const boundary = `b${randomUUID()}`
      const payload = [
        `--${boundary}\r\ncontent-disposition: form-data; name="secrecy"\r\n\r\nfalse\r\n`,
        `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${fileName}"\r\ncontent-type: text/plain\r\n\r\n${text}\r\n`,
        `--${boundary}--\r\n`,
      ].join('')
      const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
      const answer = await send<{ id: string }>({ method: 'POST', url: '/api/v1/attachments', payload, headers })
      if (answer.status !== 201) throw new Error(`upload refused: ${JSON.stringify(answer.body)}`)
      return answer.body.id
    },
  }
}

/** A proposal that every rule of WH23 lets through; tests change what they are about. */
export function goodProposal(changes: Record<string, unknown> = {}) {
  return {
    secrecy: false,
    name: '低保家庭经济状况核对系统',
    kind: 'new',
    summary: '建设低保家庭经济状况核对业务应用，支撑低保申请受理、核对、公示。',
    planBasis: '《乌海市智慧城市总体规划设计方案》民生服务部分。',
    builder: 'department',
    userUnitOrgId: 'civil-affairs',
    reach: 'single-department',
    deliverables: ['business-system'],
    funding: ['city-finance'],
    superiorCoordinated: false,
    appStage: 'none',
    standardInterface: null,
    necessity: '低保核对业务由民政部门依法承担，现有共享平台无此项业务应用。',
    plannedDeployment: 'gov-cloud',
    omCostFen: 3_000_000,
    responsiblePerson: '张建民',
    noDataReason: '',
    urgencyReason: '',
    budgetLines: [
      { title: '核对业务软件开发', category: 'software', amountFen: 80_000_000 },
      { title: '系统集成', category: 'integration', amountFen: 5_600_000 },
    ],
    systems: [{ name: '低保家庭经济状况核对系统', functions: '受理、核对、公示、统计' }],
    dataResources: [{ name: '低保家庭核对信息' }],
    ...changes,
  }
}
