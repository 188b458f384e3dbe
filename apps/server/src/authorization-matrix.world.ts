import { sm2PublicKey } from '@tongchou/evidence'
import { createAccount, createPerson, createPost, grantRelation, hashPassword, sessionCookie } from '@tongchou/identity'
import { applicationRole, type Ctx, syntheticCitizenId, syntheticSocialCreditCode, systemActor } from '@tongchou/kernel'
import { type Role, roles, type Thing } from './authorization-matrix.table.ts'
import { DEMO_PASSWORD } from './demo/people.ts'
import type { Sandbox } from './differential-sandbox.ts'
import { type Desk, deskOf } from './testing/desk.ts'
import { givenFinding } from './testing/finding.ts'
import { type SeatName, type SmallCity, seats, smallCity } from './testing/small-city.ts'

/** Somebody who asks: one duty in one organisation, and what the request carries. */
export interface Asker {
  name: string
  role: Role
  org: string
  headers: Record<string, string>
  postId: string
  /** A file that only they have. */
  fileId: string
}

/** One thing of the city in one state, and who stands how to it. */
export interface Instance {
  thing: Thing
  state: string
  id: string
  /** The organisation that owns it; null for what belongs to none. */
  org: string | null
  /** Duties that a case of it waits for; with an organisation where the step is bound to one. */
  waitsFor: readonly { duty: Role; org: string | null }[]
  /** The office or person that made it. */
  authors: readonly Asker[]
  /** Everybody's own (tokens, loose files): nobody but its author is asked about this one. */
  authorsOnly?: boolean
  /** What requests about it need to know: the version, ids of its parts. */
  facts: Record<string, unknown>
}

/** A city with things of several organisations in several states, and everybody who asks about them. */
export interface World {
  city: SmallCity
  askers: readonly Asker[]
  instances: readonly Instance[]
  /** People who must get nothing, or only what is public. */
  /** An enterprise that the home office builds with. */
  enterpriseId: string
  /** A person who has neither post nor account yet. */
  newcomerId: string
  /** An entry of 2030's plan that stands in no plan yet. */
  freeEntryId: string
  /** A post that others may lend theirs to. */
  stewardPostId: string
  outcasts: { anonymous: Asker; expired: Asker; revoked: Asker; disabled: Asker; passwordToChange: Asker }
}

/** The code of the enterprise that builds for the home office. */
const supplierCode = syntheticSocialCreditCode('91', '150300', 5)

/** Owns the things of the world, */
const home = 'civil-affairs'
/** and this one does not. */
const elsewhere = 'health'

/** Builds the world in the sandbox, for good: what the cells do to it is taken back, what is built here stays. */
export async function buildWorld(sandbox: Sandbox): Promise<World> {
  const city = await smallCity(sandbox.db)
  // What rules allow is not what this is about: they advise, so that every thing can be brought into its state.
  await put(city, 'center', '/api/v1/policy-packs/wuhai-2023/modes', { mode: 'advise', rules: {}, version: 1 })
  const things = new Things(city, sandbox)
  await things.build()
  const enterpriseId = await things.enterpriseId()
  const askers = [
    ...(await appoint(city, sandbox)),
    ...(await relate(city, sandbox, enterpriseId)),
    ...(await relateCitizens(city, sandbox)),
  ]
  // Past the limit of the rectification, and past every session of those who built the world.
  city.clock.set('2026-05-04T01:00:00Z')
  for (const asker of askers) asker.headers = await signIn(city, asker.name)
  const instances = await things.instances(askers)
  const newcomer = await createPerson(contextOf(city, sandbox), { name: '新进人员' })
  return {
    city,
    askers,
    instances,
    enterpriseId,
    newcomerId: newcomer.id,
    freeEntryId: things.freeEntryId,
    stewardPostId: await things.postOf('steward'),
    outcasts: await outcastsOf(city, sandbox),
  }
}

function contextOf(city: SmallCity, sandbox: Sandbox): Ctx {
  return { db: sandbox.db, actor: systemActor, now: () => city.clock.now(), requestId: 'world', inside: false }
}

async function appoint(city: SmallCity, sandbox: Sandbox): Promise<Asker[]> {
  const ctx = contextOf(city, sandbox)
  const publishedHash = await hashPassword(DEMO_PASSWORD)
  const askers: Asker[] = []
  for (const org of [home, elsewhere])
    for (const role of roles) {
      const name = `${org === home ? 'own' : 'foreign'}-${role}`
      const person = await createPerson(ctx, { name })
      const post = await createPost(ctx, {
        personId: person.id,
        organisationId: org,
        title: '工作人员',
        duties: [role],
        validFrom: '2023-01-01',
      })
      await createAccount(ctx, { personId: person.id, username: name, credential: { publishedHash }, postId: post.id })
      askers.push({ name, role, org, headers: {}, postId: post.id, fileId: '' })
    }
  return askers
}

/** Two agents outside the offices: of the enterprise that the home office builds with, and of another. */
async function relate(city: SmallCity, sandbox: Sandbox, enterpriseId: string): Promise<Asker[]> {
  const publishedHash = await hashPassword(DEMO_PASSWORD)
  const another = await taken(
    (await city.as('center')).post<{ id: string }>('/api/v1/enterprises', {
      ...{ name: '另一公司', uscc: syntheticSocialCreditCode('91', '150300', 6) },
    }),
  )
  const askers: Asker[] = []
  for (const [side, subjectId] of [
    ['own', enterpriseId],
    ['foreign', another.id],
  ] as const) {
    const name = `${side}-enterprise-agent`
    const actor = { ...systemActor, roles: new Set(['big-data-center']) }
    const granted = await grantRelation({ ...contextOf(city, sandbox), actor }, city.relations, {
      ...{ kind: 'contractor-agent', subjectId, name, username: name, publishedHash },
    })
    askers.push({ name, role: 'enterprise-agent', org: `enterprise:${subjectId}`, headers: {}, postId: granted.id, fileId: '' })
  }
  return askers
}

/** Two citizens, each related to themselves. */
async function relateCitizens(city: SmallCity, sandbox: Sandbox): Promise<Asker[]> {
  const publishedHash = await hashPassword(DEMO_PASSWORD)
  const ctx = { ...contextOf(city, sandbox), actor: { ...systemActor, roles: new Set(['public-security']) } }
  const askers: Asker[] = []
  for (const [name, bornOn] of [
    ['own-data-subject', '1980-01-01'],
    ['foreign-data-subject', '1981-01-01'],
  ] as const) {
    const identifier = syntheticCitizenId('150302', bornOn)
    const granted = await grantRelation(ctx, city.relations, {
      ...{ kind: 'data-subject', identifier, document: 'id-card', name, username: name, publishedHash },
    })
    askers.push({ name, role: 'data-subject', org: `person:${name}`, headers: {}, postId: granted.id, fileId: '' })
  }
  return askers
}

async function signIn(city: SmallCity, username: string): Promise<Record<string, string>> {
  const answer = await city.app.inject({ method: 'POST', url: '/api/v1/sessions', payload: { username, password: DEMO_PASSWORD } })
  const token = answer.cookies.find((cookie) => cookie.name === sessionCookie)?.value
  if (!token) throw new Error(`${username} could not sign in: ${answer.body}`)
  return { cookie: `${sessionCookie}=${token}` }
}

async function outcastsOf(city: SmallCity, sandbox: Sandbox): Promise<World['outcasts']> {
  // Each could do a good deal if only the door let it in.
  const asker = (name: string, headers: Record<string, string>): Asker => ({
    name,
    role: 'applicant',
    org: home,
    headers,
    postId: '',
    fileId: '',
  })
  const expired = asker('expired', await signIn(city, 'stranger'))
  await sandbox.query(
    `update identity.session set created_at = created_at - interval '30 days', last_seen_at = created_at - interval '30 days'
     where token_hash in (select token_hash from identity.session s join identity.account a on a.id = s.account_id where a.username = 'stranger')`,
  )
  const holder = await signIn(city, 'finance2')
  const issued = await city.app.inject({
    method: 'POST',
    url: '/api/v1/tokens',
    headers: holder,
    payload: { name: '已撤销', expiresOn: '2026-12-31' },
  })
  const { id, token } = issued.json<{ id: string; token: string }>()
  await city.app.inject({ method: 'DELETE', url: `/api/v1/tokens/${id}`, headers: holder })
  const disabled = asker('disabled', await signIn(city, 'district'))
  await sandbox.query("update identity.account set status = 'disabled' where username = 'district'")
  const passwordToChange = asker('passwordToChange', await signIn(city, 'police'))
  await sandbox.query("update identity.account set must_change = true where username = 'police'")
  return {
    anonymous: asker('anonymous', {}),
    expired,
    revoked: asker('revoked', { authorization: `Bearer ${token}` }),
    disabled,
    passwordToChange,
  }
}

/** Makes the things through the product's own acts, as the people of the small city. */
class Things {
  readonly #city: SmallCity
  readonly #sandbox: Sandbox
  readonly #desk: Desk
  #freeEntryId = ''
  #sharedId = ''
  /** Entries whose department has an interface, by its state. */
  readonly #passed = new Map<string, string>()
  readonly #made: (Omit<Instance, 'authors'> & { makers: readonly SeatName[] })[] = []

  constructor(city: SmallCity, sandbox: Sandbox) {
    this.#city = city
    this.#sandbox = sandbox
    this.#desk = deskOf(city)
  }

  get freeEntryId(): string {
    return this.#freeEntryId
  }

  async build(): Promise<void> {
    await this.#projects()
    await this.#systems()
    await this.#resources()
    await this.#supervision()
    await this.#channels()
    await this.#sharing()
    await this.#interfaces()
    await this.#comparisons()
    await this.#register()
  }

  /** The instances as they stand now, with everybody's own token and loose file. */
  async instances(askers: readonly Asker[]): Promise<Instance[]> {
    const makers = new Map<SeatName, Asker>()
    for (const seat of new Set(this.#made.flatMap((made) => made.makers))) {
      const [role] = seats[seat].duties
      const headers = await signIn(this.#city, seats[seat].username)
      makers.set(seat, { name: seat, role: role as Role, org: seats[seat].org, headers, postId: '', fileId: '' })
    }
    const made = this.#made.map(({ makers: names, ...rest }) => ({ ...rest, authors: names.flatMap((name) => makers.get(name) ?? []) }))
    for (const instance of made) await this.#refresh(instance)
    return [...made, ...(await this.#personal(askers)), ...(await this.#supplier(askers))]
  }

  #add(thing: Thing, state: string, id: string, more: Partial<Omit<Instance, 'authors'>> & { makers?: readonly SeatName[] } = {}): void {
    this.#made.push({ thing, state, id, org: home, waitsFor: [], facts: {}, makers: [], ...more })
  }

  async #addCase(
    state: string,
    caseId: string,
    waitsFor: Instance['waitsFor'],
    act: Record<string, unknown>,
    more: { org?: string | null; makers?: readonly SeatName[] } = {},
  ) {
    this.#add('case', state, caseId, { waitsFor, facts: { act }, makers: ['clerk'], ...more })
  }

  async #projects(): Promise<void> {
    const desk = this.#desk
    const named = async (name: string, more: Record<string, unknown> = {}) => (await desk.draft({ name, ...more })).id
    const fromAbove = { superiorCoordinated: true, funding: ['superior-finance'] }
    this.#add('project', 'draft', await named('草稿项目', fromAbove))

    const submitted = await named('已申报项目', fromAbove)
    const entry = await desk.file(submitted)
    const applicant = await this.#city.as('clerk')
    await taken(applicant.post(`/api/v1/projects/${submitted}/superior-filing`))
    await taken(applicant.post(`/api/v1/projects/${submitted}/urgency`, { reason: '特大暴雨' }))
    this.#add('project', 'submitted', submitted)
    await this.#addCase('at-center', entry.caseId, [{ duty: 'big-data-center', org: null }], { outcome: 'pass', opinion: '同意。' })

    const returned = await desk.file(await named('退回项目'))
    await desk.decide('center', returned.caseId, 'return', { opinion: '请补充。' })
    await this.#addCase('returned', returned.caseId, [{ duty: 'applicant', org: home }], { outcome: 'submit', opinion: null })

    const tendering = await named('招标项目')
    await desk.file(tendering)
    const tender = await desk.begin('clerk', tendering, 'tender')
    this.#add('project', 'tendering', tendering, { waitsFor: [{ duty: 'tender-center', org: null }] })
    await this.#addCase('at-tender', tender, [{ duty: 'tender-center', org: null }], { outcome: 'return', opinion: '请重新组织。' })

    const establishing = await named('立项项目')
    await desk.file(establishing)
    const establishment = await desk.begin('clerk', establishing, 'establishment', {
      documents: [await desk.paper('clerk', 'project-proposal')],
    })
    await this.#addCase('at-drc', establishment, [{ duty: 'drc', org: null }], { outcome: 'approve', opinion: '同意。' })

    const building = await this.#contracted('在建项目')
    const clerk = await this.#city.as('clerk')
    await clerk.put(`/api/v1/projects/${building}/milestones`, { milestones: [{ title: '上线', dueOn: '2026-09-30' }] })
    this.#add('project', 'building', building)
    const payment = await clerk.post<{ caseId: string }>(`/api/v1/projects/${building}/payments`, {
      opinion: '',
      form: {},
      documents: [],
      contractId: await this.#contractOf(building),
      lineNo: 1,
    })
    await this.#addCase('paying', payment.body.caseId, [{ duty: 'finance', org: null }], { outcome: 'agree', opinion: '同意。' })

    const accepting = await this.#contracted('验收项目')
    const report = await desk.paper('clerk', 'acceptance-report')
    const acceptance = await desk.begin('clerk', accepting, 'acceptance', { documents: [report] })
    await this.#addCase('accepting', acceptance, [{ duty: 'user-unit', org: home }], { outcome: 'agree', opinion: '同意。' })
    this.#add('attachment', 'filed', report.id)
    this.#add('attachment', 'loose', (await desk.paper('head', 'loose')).id)

    await this.#closed()
    await this.#plans()
  }

  /** In building: filed, tendered, under contract. */
  async #contracted(name: string): Promise<string> {
    const desk = this.#desk
    const { id } = await desk.draft({ name })
    await desk.file(id)
    const tender = await desk.begin('clerk', id, 'tender')
    const result = {
      venue: 'public-resource-trading-center',
      noticeNumber: 'WHJY-1',
      winner: '某公司',
      amountFen: 200,
      openedOn: '2026-02-20',
    }
    await desk.decide('tender', tender, 'register', { form: result })
    const terms = [
      { title: '首付款', amountFen: 100 },
      { title: '验收款', amountFen: 100 },
    ]
    await desk.decide('clerk', tender, 'register', {
      form: { number: `HT-${name}`, supplier: '某公司', supplierUscc: supplierCode, amountFen: 200, signedOn: '2026-03-01', terms },
    })
    return id
  }

  /** Three projects, each one act further than the other. */
  async #closed(): Promise<void> {
    const desk = this.#desk
    this.#add('project', 'accepted', await this.#accepted('已验收项目'))
    const operating = await this.#accepted('已交付项目')
    await desk.decide('user', await desk.begin('clerk', operating, 'handover'), 'receive')
    this.#add('project', 'operating', operating)
    const id = await this.#accepted('已评价项目')
    const handover = await desk.begin('clerk', id, 'handover')
    await desk.decide('user', handover, 'receive')
    const evaluation = await desk.begin('drc', id, 'evaluation', { form: { requirement: '请报送。' } })
    await desk.decide('clerk', evaluation, 'submit', { form: { selfReport: '稳定。' } })
    await desk.decide('drc2', evaluation, 'conclude', { form: { score: 92, grade: 'excellent' } })
    this.#add('project', 'closed', id)
  }

  async #accepted(name: string): Promise<string> {
    const desk = this.#desk
    const id = await this.#contracted(name)
    const acceptance = await desk.begin('clerk', id, 'acceptance')
    await desk.decide('user', acceptance, 'agree')
    await desk.decide('head', acceptance, 'pass')
    return id
  }

  async #plans(): Promise<void> {
    const desk = this.#desk
    const center = await this.#city.as('center')
    const reviewed = async (name: string, year: number) => {
      const { id } = await desk.draft({ name })
      const filed = await desk.file(id, 'clerk', year)
      await desk.decide('center', filed.caseId, 'pass')
      return filed
    }
    this.#freeEntryId = (await reviewed('待列计划项目', 2030)).entryId
    const compile = async (name: string, year: number) => {
      const { entryId, caseId } = await reviewed(name, year)
      const plan = await center.post<{ id: string }>('/api/v1/city-plans', { year, title: `${year}年计划`, note: '', entryIds: [entryId] })
      return { id: plan.body.id, entryId, entryCase: caseId }
    }
    const joint = async (id: string) => {
      const submitted = await center.post<{ caseId: string }>(`/api/v1/city-plans/${id}/submission`, { opinion: '' })
      await desk.decide('center2', submitted.body.caseId, 'pass')
      await desk.decide('drc', submitted.body.caseId, 'pass')
      return submitted.body.caseId
    }
    const compiling = await compile('编制中项目', 2028)
    this.#add('city-plan', 'compiling', compiling.id, { org: null, facts: { entryIds: [compiling.entryId] } })
    await this.#addCase('ended', compiling.entryCase, [], { taskId: 'none', outcome: 'pass', opinion: '同意。' })
    const atCity = await compile('市政府审批项目', 2029)
    const waiting = await joint(atCity.id)
    const city = [{ duty: 'city-government' as const, org: null }]
    await this.#addCase('at-city', waiting, city, { outcome: 'approve', opinion: '同意。' }, { org: null, makers: ['center'] })
    const approved = await compile('已列计划项目', 2027)
    await desk.decide('city', await joint(approved.id), 'approve')
    this.#add('city-plan', 'approved', approved.id, { org: null, facts: { entryIds: [approved.entryId] } })
  }

  async #contractOf(projectId: string): Promise<string> {
    const page = await (await this.#city.as('clerk')).get<{ contracts: { id: string }[] }>(`/api/v1/projects/${projectId}`)
    return page.body.contracts[0]?.id ?? ''
  }

  async #systems(): Promise<void> {
    const clerk = await this.#city.as('clerk')
    const register = async (name: string) => (await taken(clerk.post<{ id: string }>('/api/v1/systems', registration(name)))).id
    const planned = await register('规划系统')
    await taken(clerk.post(`/api/v1/systems/${planned}/confirmation-requests`, { version: 1, note: '' }))
    this.#add('system', 'planned', planned, { facts: { status: 'running' } })
    const closed = await register('关停系统')
    await taken(clerk.post(`/api/v1/systems/${closed}/status`, { version: 1, status: 'closed' }))
    this.#add('system', 'closed', closed, { facts: { status: 'closed' } })
  }

  async #resources(): Promise<void> {
    const steward = await this.#city.as('steward')
    const draft = async (name: string) => (await taken(steward.post<{ id: string }>('/api/v1/catalog/resources', resourceEntry(name)))).id
    const submit = async (id: string) => {
      const body = await taken(steward.post<{ cases: { caseId: string }[] }>(`/api/v1/catalog/resources/${id}/submission`, { version: 1 }))
      return body.cases[0]?.caseId ?? ''
    }
    // An object each: what is known of an instance is written into it.
    const versions = () => ({ facts: { from: 2, to: 2 } })
    this.#add('resource', 'draft', await draft('草稿目录'), versions())
    const submitted = await draft('审核中目录')
    const reviewing = await submit(submitted)
    this.#add('resource', 'submitted', submitted, versions())
    const head = [{ duty: 'department-head' as const, org: home }]
    await this.#addCase('sign-off', reviewing, head, { outcome: 'sign', opinion: '同意。' }, { makers: ['steward'] })
    const register = async (name: string) => {
      const id = await draft(name)
      const caseId = await submit(id)
      await this.#desk.decide('leader', caseId, 'sign')
      await this.#desk.decide('secrecy', caseId, 'pass')
      await this.#desk.decide('center', caseId, 'approve')
      await this.#desk.decide('center2', caseId, 'register')
      return id
    }
    this.#sharedId = await register('共享目录')
    for (const state of ['submitted', 'approved']) this.#passed.set(state, await register(`接口目录 ${state}`))
    const registered = await register('已登记目录')
    this.#add('resource', 'registered', registered, versions())
    await this.#sandbox.query(
      `insert into libraries.installation (resource, title, org_id, version, state, reasons, tries, tried_at)
       select id::text, name, org_id, version, 'failed', '["数据库属主的连接不可用"]', 1, now() from catalog.resource where name = '已登记目录'`,
    )
    this.#add('library', 'failed', registered)
    const amend = async (name: string, place: string, body: object) =>
      (await taken(steward.post<{ id: string }>(`/api/v1/catalog/resources/${await register(name)}/${place}`, body))).id
    const change = await amend('变更中目录', 'changes', { secrecy: false, reason: '口径调整' })
    const changed = { ...resourceEntry('变更中目录'), abstract: '变更后的资源摘要，口径已调整', reason: '口径调整', version: 1 }
    await taken(steward.put(`/api/v1/catalog/amendments/${change}/change`, changed))
    this.#add('amendment', 'change', change)
    const asked = { ground: 'other', reason: '不再产生', mergedIntoId: null }
    this.#add('amendment', 'withdrawal', await amend('撤销中目录', 'withdrawals', asked))
  }

  async #supervision(): Promise<void> {
    const desk = this.#desk
    const center = await this.#city.as('center')
    const project = this.#made.find(({ thing, state }) => thing === 'project' && state === 'building')?.id
    const propose = async () => {
      const body = { secrecy: false, projectId: project, party: 'builder', kind: 'not-on-cloud', description: '未上云', demand: '上云' }
      const problem = await taken(
        center.post<{ id: string; cases: { caseId: string }[] }>('/api/v1/supervision/problems', {
          ...body,
          foundOn: '2026-03-01',
          dueOn: '2026-04-01',
        }),
      )
      return { id: problem.id, caseId: problem.cases[0]?.caseId ?? '' }
    }
    const order = async (caseId: string) => {
      await desk.decide('center2', caseId, 'agree')
      await desk.decide('drc', caseId, 'agree')
    }
    const proposed = await propose()
    this.#add('problem', 'proposed', proposed.id)
    const signers = [
      { duty: 'drc' as const, org: null },
      { duty: 'big-data-center' as const, org: null },
    ]
    await this.#addCase('countersign', proposed.caseId, signers, { outcome: 'agree', opinion: '同意。' }, { makers: ['center'] })
    const returned = await propose()
    await desk.decide('center2', returned.caseId, 'return', { opinion: '请补充。' })
    this.#add('problem', 'returned', returned.id)
    const ordered = await propose()
    await order(ordered.caseId)
    this.#add('problem', 'ordered', ordered.id)
    const confirmed = await propose()
    await order(confirmed.caseId)
    await desk.decide('head', confirmed.caseId, 'submit', { opinion: '已整改。', form: { measures: '迁移', result: '已迁移' } })
    await desk.decide('center2', confirmed.caseId, 'accept')
    this.#add('problem', 'confirmed', confirmed.id)
    for (const state of ['open', 'revoked']) {
      const body = { secrecy: false, projectId: project, kind: 'hid', description: '隐匿', foundOn: '2026-03-01' }
      const record = await taken(center.post<{ id: string }>('/api/v1/supervision/withheld-records', body))
      if (state === 'revoked')
        await taken(center.post(`/api/v1/supervision/withheld-records/${record.id}/revocation`, { version: 1, reason: '有误' }))
      this.#add('withheld-record', state, record.id, { makers: ['center2'] })
    }
  }

  /** A run that is done with a finding that waits, and one that is under way, of the home office. */
  async #comparisons(): Promise<void> {
    for (const [n, runState] of (['done', 'running'] as const).entries()) {
      const [runId, id] = [`00000000-0000-4000-8000-00000000ca0${n}`, `00000000-0000-4000-8000-00000000cb0${n}`]
      await givenFinding((text, parameters) => this.#sandbox.query(text, parameters), {
        ...{ id, runId, orgId: home, runState, comparison: `no-pack/${runState}` },
      })
      this.#add('comparison-run', runState, runId)
      if (runState === 'done') this.#add('comparison-finding', 'new', id)
    }
  }

  /** Channels of the home office, in use and suspended, each with a key. */
  async #channels(): Promise<void> {
    const definition = {
      ...{ resource: collected, version: 1, title: '低保家庭', kind: 'state', key: ['i1'] },
      items: [{ id: 'i1', title: '家庭编号', type: { kind: 'text', length: 15 }, required: true }],
    }
    // As the installer leaves it; there is no table of records, because nothing is written here.
    await this.#sandbox.query(
      `with r as (insert into libraries.resource (resource, title, kind, installed_at) values ($1, '低保家庭', 'state', now())),
        s as (insert into libraries.structure (resource, version, definition, installed_at) values ($1, 1, $2, now()))
       insert into libraries.head (resource, structure) values ($1, 1)`,
      [collected, JSON.stringify(definition)],
    )
    await this.#sandbox.query(
      `insert into libraries.installation (resource, title, org_id, version, state, reasons, tries, tried_at)
       values ($1, '低保家庭', $2, 1, 'installed', '[]', 1, now())`,
      [collected, home],
    )
    await this.#sandbox.query(
      `insert into libraries.batch (resource, batch_id, digest, received_at, received_by) values ($1, 'b1', '', now(), 'matrix')`,
      [collected],
    )
    const [line] = await this.#sandbox.query<{ id: string }>(
      `insert into libraries.bad_line (resource, batch_id, line, record_key, text, items, problems, at)
       values ($1, 'b1', 2, 'A', '["A"]', '["i1"]', '[{"item": "i1", "rule": "length", "message": "超过 15 字"}]', now()) returning id`,
      [collected],
    )
    this.#add('quarantine-line', 'open', line?.id ?? '')
    const center = await this.#city.as('center')
    for (const state of ['in-use', 'suspended']) {
      const body = { name: `民政通道 ${state}`, orgId: home, resource: collected }
      const { id } = await taken(center.post<{ id: string }>('/api/v1/channels', body))
      await taken(center.post(`/api/v1/channels/${id}/keys`, { version: 1, publicKey: channelKey }))
      if (state === 'suspended') await taken(center.post(`/api/v1/channels/${id}/state`, { version: 2, state, reason: '来源库迁移' }))
      const [run] = await this.#sandbox.query<{ id: string }>(
        `insert into exchange.reconciliation (id, channel_id, lane, epoch, begun_at, begun_by, by, ended_at, seq, compared, only_source, only_center, different, repair)
         values (gen_random_uuid(), $1, 'main', 1, now(), '', 'hashes', now(), 1, 1, 0, 0, 1, 'sent') returning id`,
        [id],
      )
      this.#add('channel', state, id, { facts: { reconciliation: run?.id } })
    }
    await this.#subscription()
  }

  /** Interfaces of the home office: one that waits for the center, one that is in use. Nobody listens at their address. */
  async #interfaces(): Promise<void> {
    const security = await this.#city.as('securityAdmin')
    const { id } = await taken(
      security.post<{ id: string }>('/api/v1/interface-addresses', { address: '10.20.3.4:443', network: null, reason: '测试' }),
    )
    this.#add('interface-address', 'listed', id, { org: null })
    const steward = await this.#city.as('steward')
    for (const state of ['submitted', 'approved']) {
      const resource = this.#passed.get(state) ?? ''
      await taken(steward.put(`/api/v1/interfaces/${resource}`, { ...departmentInterface, version: 0 }))
      if (state === 'approved')
        await taken(
          (await this.#city.as('center')).post(`/api/v1/interfaces/${resource}/decision`, { version: 1, outcome: 'approve', reason: null }),
        )
      this.#add('interface', state, resource)
    }
  }

  /** What the other office asks of the home office: a draft, one that waits for the answer, one that was refused, and one that was granted. */
  async #sharing(): Promise<void> {
    type Request = { id: string; version: number; cases: { caseId: string }[]; decisions: { grant: { id: string } | null }[] }
    const clerk = await this.#city.as('stranger')
    const asking = await this.#city.as('healthSteward')
    const provider = await this.#city.as('steward')
    const draft = async () =>
      (await taken(clerk.post<Request>('/api/v1/sharing/requests', { resourceId: this.#sharedId, ...sharingRequest }))).id
    const ask = async () => {
      const id = await draft()
      const { cases } = await taken(asking.post<Request>(`/api/v1/sharing/requests/${id}/submission`, { version: 1 }))
      const caseId = cases[0]?.caseId ?? ''
      await this.#desk.decide('healthLeader', caseId, 'sign')
      return { id, caseId }
    }
    this.#add('sharing-request', 'draft', await draft())
    this.#add('sharing-request', 'answering', (await ask()).id)
    const refused = await ask()
    const { version } = (await provider.get<Request>(`/api/v1/sharing/requests/${refused.id}`)).body
    await put(this.#city, 'steward', `/api/v1/sharing/requests/${refused.id}/decision`, {
      ...{ outcome: 'refuse', terms: null, reason: '涉及个人隐私', basisLaw: 'data-security-law', basisClause: '第三十八条', version },
    })
    await this.#desk.decide('steward', refused.caseId, 'refuse')
    this.#add('sharing-request', 'refused', refused.id)
    const granted = await ask()
    await this.#desk.decide('steward', granted.caseId, 'grant')
    const { decisions } = (await provider.get<Request>(`/api/v1/sharing/requests/${granted.id}`)).body
    this.#add('sharing-grant', 'in-force', decisions[0]?.grant?.id ?? '')
  }

  /** What the home office receives: granted, opened and loaded, with the place that changes are asked for from. */
  async #subscription(): Promise<void> {
    const [numbered] = await this.#sandbox.query<{ number: number }>('select number from libraries.resource where resource = $1', [
      collected,
    ])
    // A table is the owner's to make.
    for (const text of [
      'set role none',
      `create table library_data.r_${numbered?.number} (record_key text primary key, i1 varchar(15))`,
      `grant usage on schema library_data to ${applicationRole}`,
      `grant select on library_data.r_${numbered?.number} to ${applicationRole}`,
      `set role ${applicationRole}`,
    ])
      await this.#sandbox.query(text)
    const [granted] = await this.#sandbox.query<{ id: string }>(
      `insert into sharing."grant" (id, resource, provider_org_id, org_id, way, items, row_conditions, purpose, valid_from, valid_until, state, state_at,
         granted_at, updated_by, updated_at)
       values (gen_random_uuid(), $1, 'public-security', $2, 'subscription', '{"i1": null}', '[]', '核对', '2020-01-01', '2099-12-31', 'in-force', now(),
         now(), '', now()) returning id`,
      [collected, home],
    )
    const steward = await this.#city.as('steward')
    await taken(steward.post(`/api/v1/feeds/${granted?.id}/openings`))
    const lines = await taken(steward.get<string>(`/api/v1/feeds/${granted?.id}/records`))
    const after = /"cursor":"([^"]+)"/.exec(String(lines))?.[1]
    this.#add('subscription', 'loaded', granted?.id ?? '', { facts: { after } })
  }

  /** Offices, people, posts and accounts: those of one clerk of the home office. */
  async #register(): Promise<void> {
    const [row] = await this.#sandbox.query<{ account: string; person: string; post: string }>(
      `select a.id as account, a.person_id as person, a.current_post_id as post from identity.account a where a.username = 'user'`,
    )
    if (!row) throw new Error('nobody to administer')
    this.#add('organisation', 'standing', 'haibowan', { org: null })
    this.#add('catalog-class', 'standing', '30700101', { org: null })
    this.#add('pack', 'in-force', 'wuhai-2023', { org: null, facts: { version: 2 } })
    this.#add('person', 'registered', row.person, { org: null })
    this.#add('account', 'active', row.account, { org: null })
    // Disabled with the outcasts.
    const [other] = await this.#sandbox.query<{ id: string }>("select id from identity.account where username = 'district'")
    this.#add('account', 'disabled', other?.id ?? '', { org: null })
    const [duty] = await this.#sandbox.query<{ id: number }>('select id from identity.post_duty where post_id = $1', [row.post])
    this.#add('post', 'held', row.post, { facts: { dutyId: duty?.id } })
    const head = await this.postOf('head')
    const hours = await taken((await this.#city.as('admin')).post<{ id: string }>('/api/v1/calendar/office-hours', officeHours))
    this.#add('office-hours', 'standing', hours.id, { org: null })
    await this.#clocks()
    const delegation = await taken(
      (await this.#city.as('clerk')).post<{ id: string }>('/api/v1/me/delegations', {
        ...{ toPostId: head, reason: '外出学习', validFrom: '2026-03-02', validTo: '2026-12-31' },
      }),
    )
    this.#add('delegation', 'standing', delegation.id, { makers: ['clerk', 'head'] })
    const order = await taken(
      (await this.#city.as('admin')).post<{ id: string }>('/api/v1/reorganisations', {
        ...{ kind: 'rename', organisationIds: ['tender-center'], name: '另一中心', reason: '机构改革' },
        ...{ documentNumber: '乌海党办发〔2026〕2号', effectiveOn: '2026-12-01' },
      }),
    )
    this.#add('reorganisation', 'coming', order.id, { org: null })
    const job = '00000000-0000-4000-8000-0000000000f1'
    await this.#sandbox.query(
      `insert into jobs.job (id, name, data, source_output, source_retry_count, created_on)
       values ($1, 'failed', '{"kind": "export.forget", "payload": {}}', '{"message": "disk full"}', 3, now())`,
      [job],
    )
    this.#add('failed-job', 'failed', job, { org: null })
    await this.#log()
  }

  /** Rows of the log of each sort, and a verification that runs. */
  async #log(): Promise<void> {
    const keeper = await this.#city.as('auditAdmin')
    const begun = await taken(keeper.post<{ id: string }>('/api/v1/audit/verifications', { heads: [] }))
    this.#add('verification', 'running', begun.id, { org: null })
    const [packed] = await this.#sandbox.query<{ id: string }>(
      `insert into audit.archive (from_position, to_position, head_hash, byte_count, digest, before_on, reason, requested_by, requested_at)
       select 1, 1, encode(hash, 'hex'), 1, 'digest', '2025-01-01', '按期归档', '审计管理员', now() from kernel.audit_seal where position = 1
       returning id`,
    )
    this.#add('archive', 'packed', packed?.id ?? '', { org: null })
    // Everything so far gets its leaf and a signed head; the first leaf is a batch of the log.
    await taken(keeper.post('/api/v1/evidence/heads'))
    this.#add('leaf', 'signed', '1', { org: null })
    const sorts = { business: 'project.drafted', platform: 'session.started', 'of-the-log': 'audit.verification_requested' }
    for (const [state, action] of Object.entries(sorts)) {
      const [row] = await this.#sandbox.query<{ seq: string }>('select seq::text from kernel.audit_event where action = $1 limit 1', [
        action,
      ])
      this.#add('audit-event', state, row?.seq ?? '', { org: null })
    }
  }

  /** A red card of the home office's applicants, one of another office, and a notice to the clerk. */
  async #clocks(): Promise<void> {
    for (const [n, org] of [home, 'health'].entries()) {
      const [card, deadline] = [`00000000-0000-4000-8000-0000000000c${n}`, `00000000-0000-4000-8000-0000000000d${n}`]
      await this.#sandbox.query(
        `with task as (select case_id, task_id from cases.task order by case_id, task_id limit 1), fired as (
           insert into cases.deadline (id, case_id, about, kind, due_at, fire_at, set_at, fired_at)
           select $1, case_id, task_id, 'red', '2026-02-0${n + 1}', '2026-02-0${n + 1}', '2026-02-01', '2026-02-03' from task returning id, case_id, about)
         insert into cases.card (id, deadline_id, case_id, task_id, colour, step_title, duty, org_id, due_at, issued_at, explain_by)
         select $2, id, case_id, about, 'red', '办理', 'applicant', $3, '2026-02-0${n + 1}', '2026-02-03', '2026-02-06' from fired`,
        [deadline, card, org],
      )
      this.#add('card', 'red', card, { org })
    }
    // The other office has given its reason, so that somebody can judge one.
    await this.#sandbox.query(
      `insert into cases.explanation (id, card_id, reason, person_id, person_name, org_id, org_name, given_at)
       select '00000000-0000-4000-8000-0000000000f2', '00000000-0000-4000-8000-0000000000c1', '等待回函。', person_id, '卫健申报员', 'health',
         '市卫生健康委', now() from identity.account where username = 'stranger'`,
    )
    const notice = '00000000-0000-4000-8000-0000000000e1'
    await this.#sandbox.query(
      `insert into notices.notice (id, person_id, kind, subject_kind, subject_id, title, body, once_key, sent_at)
       select $1, person_id::text, 'case.urged', 'case', 'c', '催办', '请办理。', 'matrix', now() from identity.account where username = 'clerk'`,
      [notice],
    )
    this.#add('notice', 'sent', notice, { makers: ['clerk'] })
  }

  async postOf(username: string): Promise<string> {
    const [row] = await this.#sandbox.query<{ id: string }>('select current_post_id as id from identity.account where username = $1', [
      username,
    ])
    return row?.id ?? ''
  }

  async enterpriseId(): Promise<string> {
    const [row] = await this.#sandbox.query<{ id: string }>('select id from projects.enterprise where uscc = $1', [supplierCode])
    return row?.id ?? ''
  }

  /** An enterprise with a code and one without, a contract of the first, what its agent handed in, and a relation that the home office granted. */
  async #supplier(askers: readonly Asker[]): Promise<Instance[]> {
    // Past every session of those who built the world.
    await this.#city.signInAgain()
    const agent = askers.find(({ name }) => name === 'own-enterprise-agent')
    if (!agent) throw new Error('nobody acts for the enterprise')
    const enterpriseId = await this.enterpriseId()
    const [nameless] = await this.#sandbox.query<{ id: string }>(
      "insert into projects.enterprise (name, registered_by, registered_at) values ('无代码公司', '转入', now()) returning id",
    )
    const project = this.#made.find(({ thing, state }) => thing === 'project' && state === 'building')?.id ?? ''
    const contractId = (await contractOf(this.#sandbox, project)) ?? ''
    const handed = await this.#city.app.inject({
      ...{ method: 'POST', url: `/api/v1/supplier-contracts/${contractId}/reports`, headers: agent.headers },
      payload: { secrecy: false, text: '进展正常。' },
    })
    if (handed.statusCode !== 201) throw new Error(`world: ${handed.body}`)
    const granted = await taken(
      (await this.#city.as('clerk')).post<{ id: string }>('/api/v1/relations', {
        ...{ kind: 'contractor-agent', subjectId: enterpriseId, name: '本单位经办人', username: 'home-agent' },
      }),
    )
    const [milestone] = await this.#sandbox.query<{ id: string }>('select id from projects.milestone where project_id = $1', [project])
    const plain = { waitsFor: [], authors: [], facts: {} }
    return [
      { ...plain, thing: 'enterprise', state: 'coded', id: enterpriseId, org: null },
      { ...plain, thing: 'enterprise', state: 'nameless', id: nameless?.id ?? '', org: null },
      { ...plain, thing: 'supplier-contract', state: 'building', id: contractId, org: agent.org, facts: { milestoneId: milestone?.id } },
      { ...plain, thing: 'supplier-report', state: 'submitted', id: handed.json<{ id: string }>().id, org: home, authors: [agent] },
      { ...plain, thing: 'relation', state: 'standing', id: granted.id, org: home },
      { ...plain, thing: 'relation', state: 'person', id: await this.#personRelation(), org: null },
    ]
  }

  /** A citizen's relation to the own person. */
  async #personRelation(): Promise<string> {
    const ctx = { ...contextOf(this.#city, this.#sandbox), actor: { ...systemActor, roles: new Set(['public-security']) } }
    const identifier = syntheticCitizenId('150302', '1982-01-01')
    const person = { kind: 'data-subject', identifier, document: 'id-card' as const, name: '某市民', username: 'some-citizen' }
    return (await grantRelation(ctx, this.#city.relations, person)).id
  }

  async #personal(askers: readonly Asker[]): Promise<Instance[]> {
    const found: Instance[] = []
    for (const asker of askers.filter(({ role }) => role === 'enterprise-agent' || role === 'data-subject')) {
      const mine = { org: null, waitsFor: [], authors: [asker], authorsOnly: true, facts: {} }
      if (asker.role === 'enterprise-agent') {
        asker.fileId = await this.#fileOf(asker.headers)
        found.push({ ...mine, state: 'own', thing: 'attachment', id: asker.fileId })
      }
      const made = await this.#city.app.inject({
        method: 'POST',
        url: '/api/v1/exports',
        headers: asker.headers,
        payload: exportOf(asker.role),
      })
      found.push({ ...mine, state: 'own', thing: 'export', id: made.json<{ id: string }>().id })
      found.push({ ...mine, state: 'own', thing: 'session', id: await this.#anotherSession(asker.name) })
    }
    for (const asker of askers.filter(({ org }) => org === home)) {
      const { headers } = asker
      const payload = { name: '对账', expiresOn: '2026-12-31' }
      const issued = await this.#city.app.inject({ method: 'POST', url: '/api/v1/tokens', headers, payload })
      const own = { state: 'own', org: null, waitsFor: [], authors: [asker], authorsOnly: true, facts: {} }
      found.push({ ...own, thing: 'token', id: issued.json<{ id: string }>().id })
      found.push({ ...own, thing: 'session', id: await this.#anotherSession(asker.name) })
      asker.fileId = await this.#fileOf(headers)
      found.push({ ...own, thing: 'attachment', id: asker.fileId })
      if (asker.role === 'applicant' || asker.role === 'district') {
        const draft = await this.#city.app.inject({ method: 'POST', url: '/api/v1/proposal-drafts', headers, payload: { secrecy: false } })
        found.push({ ...own, thing: 'proposal-draft', id: draft.json<{ id: string }>().id })
      }
      if (asker.role === 'applicant' || asker.role === 'district' || asker.role === 'data-steward')
        found.push(await this.#importOf(headers, own))
      const made = await this.#city.app.inject({ method: 'POST', url: '/api/v1/exports', headers, payload: organisationsExport })
      found.push({ ...own, thing: 'export', id: made.json<{ id: string }>().id })
    }
    const headers = await signIn(this.#city, 'clerk')
    const payload = { name: '他人', expiresOn: '2026-12-31' }
    const issued = await this.#city.app.inject({ method: 'POST', url: '/api/v1/tokens', headers, payload })
    const { id } = issued.json<{ id: string }>()
    // A colleague's token is as foreign as one of another office.
    const made = await this.#city.app.inject({ method: 'POST', url: '/api/v1/exports', headers, payload: organisationsExport })
    const draft = await this.#city.app.inject({ method: 'POST', url: '/api/v1/proposal-drafts', headers, payload: { secrecy: false } })
    const another = { state: 'of-another', waitsFor: [], authors: [], facts: {} }
    return [
      ...found,
      { ...another, thing: 'token', id, org: 'nobody' },
      { ...another, thing: 'session', id: await this.#anotherSession('clerk'), org: 'nobody' },
      { ...another, thing: 'proposal-draft', id: draft.json<{ id: string }>().id, org: home },
      { ...another, thing: 'export', id: made.json<{ id: string }>().id, org: home },
      await this.#importOf(headers, { ...another, org: home }),
    ]
  }

  /** A catalog that was uploaded and looked at. */
  async #importOf(headers: Record<string, string>, of: Omit<Instance, 'thing' | 'id'>): Promise<Instance> {
    const made = await this.#city.app.inject({
      ...{ method: 'POST', url: '/api/v1/catalog/imports' },
      headers: { ...headers, 'content-type': 'multipart/form-data; boundary=matrix' },
      payload: upload('matrix', catalogFile),
    })
    const { id, sha256, version } = made.json<{ id: string; sha256: string; version: number }>()
    return { ...of, thing: 'catalog-import', id, facts: { sha256, version, scope: 'all' } }
  }

  /** A file that was uploaded and handed in with nothing yet. */
  async #fileOf(headers: Record<string, string>): Promise<string> {
    const boundary = 'matrix'
    const file = await this.#city.app.inject({
      method: 'POST',
      url: '/api/v1/attachments',
      headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` },
      payload: upload(boundary),
    })
    return file.json<{ id: string }>().id
  }

  /** One more browser of the same person; its session, by number. */
  async #anotherSession(username: string): Promise<string> {
    const headers = await signIn(this.#city, username)
    const listed = await this.#city.app.inject({ url: '/api/v1/sessions', headers })
    return listed.json<{ items: { id: string; current: boolean }[] }>().items.find(({ current }) => current)?.id ?? ''
  }

  /** What has moved on since a thing was made: its version, the open tasks of its case. */
  async #refresh(instance: Instance): Promise<void> {
    const table = versioned[instance.thing]
    if (table) {
      const [row] = await this.#sandbox.query<{ version: number }>(`select version from ${table} where id = $1`, [instance.id])
      instance.facts.version = row?.version
    }
    if (instance.thing === 'catalog-class') {
      const [row] = await this.#sandbox.query<{ version: number }>('select version from catalog.class_node where code = $1', [instance.id])
      instance.facts.version = row?.version
    }
    if (instance.thing === 'interface') {
      const [row] = await this.#sandbox.query<{ version: number }>('select version from interfaces.interface where resource = $1', [
        instance.id,
      ])
      instance.facts.version = row?.version
    }
    if (instance.thing === 'case')
      instance.facts.tasks = await this.#sandbox.query(
        'select task_id, duty, org_id from cases.task where case_id = $1 and closed_at is null',
        [instance.id],
      )
    if (instance.thing === 'project' && instance.state === 'building') {
      instance.facts.contractId = await contractOf(this.#sandbox, instance.id)
      const [milestone] = await this.#sandbox.query<{ id: string }>('select id from projects.milestone where project_id = $1', [
        instance.id,
      ])
      instance.facts.milestoneId = milestone?.id
    }
  }
}

const versioned: Partial<Record<Thing, string>> = {
  project: 'projects.project',
  'city-plan': 'projects.city_plan',
  system: 'systems.system',
  resource: 'catalog.resource',
  amendment: 'catalog.amendment',
  'catalog-import': 'catalog.import',
  problem: 'supervision.problem',
  'withheld-record': 'supervision.withheld_record',
  organisation: 'identity.organisation',
  post: 'identity.post',
  channel: 'exchange.channel',
  'sharing-request': 'sharing.request',
  'sharing-grant': 'sharing."grant"',
}

async function contractOf(sandbox: Sandbox, projectId: string): Promise<string | undefined> {
  const [row] = await sandbox.query<{ id: string }>('select id from projects.contract where project_id = $1', [projectId])
  return row?.id
}

/** A text file with the answer to the secrecy question before it. */
/** A catalog of one entry, as a unit hands it over to be imported. */
export const catalogFile = { name: 'a.csv', text: '信息资源名称,信息项名称\r\n矩阵目录,姓名' }

export function upload(boundary: string, file = { name: 'a.txt', text: '正文' }): string {
  return [
    `--${boundary}\r\ncontent-disposition: form-data; name="secrecy"\r\n\r\nfalse\r\n`,
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${file.name}"\r\ncontent-type: text/plain\r\n\r\n${file.text}\r\n`,
    `--${boundary}--\r\n`,
  ].join('')
}

async function put(city: SmallCity, seat: SeatName, url: string, body: unknown): Promise<void> {
  await taken((await city.as(seat)).put(url, body))
}

async function taken<T>(asked: Promise<{ status: number; body: T }>): Promise<T> {
  const answer = await asked
  if (answer.status >= 300) throw new Error(`world: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** A resource that is collected, and keys of the channels that bring it. */
export const collected = '5b0f4a3e-6d1c-4f7e-9a52-0c1d2e3f4a5b'
const keyOf = (digit: string) => sm2PublicKey(`${digit}945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8`)
export const channelKey = keyOf('3')
export const secondKey = keyOf('2')

/** Mondays only. */
export const officeHours = { orgId: 'health', validFrom: '2026-06-01', validTo: null, week: { '1': [{ from: '09:00', to: '17:00' }] } }

/** The list of organisations, taken along. */
const organisationsExport = { list: 'listOrganisations', params: {}, query: {}, columns: ['name'] }

/** A list that a role reads, taken along. */
export function exportOf(role: Role): { list: string; params: object; query: object; columns: string[] } {
  if (role === 'enterprise-agent') return { ...organisationsExport, list: 'listSupplierContracts', columns: ['number'] }
  return role === 'data-subject' ? { ...organisationsExport, list: 'listOwnLooks', columns: ['at'] } : organisationsExport
}

/** What a clerk registers of a system. */
export function registration(name: string) {
  return {
    secrecy: false,
    projectId: null,
    name,
    userUnitOrgId: home,
    functions: '受理',
    usageScope: '全市',
    usageFrequency: 'daily',
    approvingBody: '市发展改革委',
    approvedOn: '2026-02-01',
    funding: ['city-finance'],
  }
}

/** A complete entry of the catalog. */
/** A department's interface for the records of such a resource. */
export const departmentInterface = {
  ...{ address: 'https://10.20.3.4/records', method: 'GET', parameters: [], records: '', timeoutSeconds: 1, certificate: null },
  fields: [{ item: 'i1', path: 'id' }],
}

/** What is asked for of a resource that `resourceEntry` has described. */
export const sharingRequest = {
  ...{ way: 'query', items: { i1: false }, rows: [], purpose: '核对资格', matter: '医疗救助', basis: '《社会救助暂行办法》' },
  ...{ necessity: '逐人核对。', validFrom: '2026-03-02', validUntil: '2026-12-31', quotaPerDay: null },
}

export function resourceEntry(name: string) {
  const unit = { orgId: home, post: null }
  return {
    secrecy: false,
    name,
    projectId: null,
    declaredResourceId: null,
    systemId: null,
    providerCode: '11150300900030002A',
    abstract: '低保家庭成员、收入和核对结论。',
    class: 'department',
    classCode: '30700101',
    format: 'database',
    formatType: 'postgresql',
    sharingChannel: 'platform',
    sharingForm: 'interface',
    updateCycle: 'daily',
    duties: { handledBy: unit, usedBy: unit, managedBy: unit, archivedBy: unit, answersFor: unit },
    sharing: 'conditional',
    sharingCondition: '按申请授权使用。',
    basisLaw: null,
    basisClause: null,
    opening: 'none',
    openingCondition: null,
    grade: 'important',
    containsPersonal: true,
    containsSensitive: true,
    maskingRule: '显示前6位和后4位。',
    items: [
      {
        name: '公民身份号码',
        code: 'GMSFHM',
        type: 'C',
        length: 18,
        isKey: true,
        sensitivity: 'sensitive-personal',
        masking: 'keep-ends',
        sharing: null,
      },
    ],
  }
}
