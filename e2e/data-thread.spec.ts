import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { tablesOf } from '@tongchou/synthetic'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demo, givenProviders, packs } from '../apps/server/src/comparison.given.ts'
import { DEMO_PASSWORD } from '../apps/server/src/demo/people.ts'
import { deskOf } from '../apps/server/src/testing/desk.ts'
import type { Speaker } from '../apps/server/src/testing/small-city.ts'
import { beginAct, decide, firstPassword, handIn, isRefused, openProject, signInWith, takeUp } from './acts.ts'
import { browsedCity, needsBrowser } from './city.ts'
import { type Department, givenDepartments, naiveFindings, type Office, offices } from './departments.given.ts'
import type { Person } from './person.ts'
import { givenProjects } from './project.given.ts'
import { project } from './thread-approval.ts'
import { approve } from './thread-building.ts'

const { city, database, address, signInAs, stranger } = await browsedCity({ libraries: true, startAt: '2026-11-02T01:00:00Z' })
const desk = deskOf(city)
const pictures = join(import.meta.dirname, '../node_modules/.cache/tongchou/e2e-data-thread')
mkdirSync(pictures, { recursive: true })
const picture = (person: Person, name: string) => person.page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
const patient = { timeout: 120_000, interval: 200 }

declare module 'vitest' {
  interface TaskMeta {
    /** What was found, in words for whoever runs the thread under several seeds. */
    found?: string
  }
}

/** `npm run data-thread` tells the same story of other people. */
const recipe = { ...demo, seed: Number(process.env.DATA_THREAD_SEED ?? demo.seed) }
const tables = tablesOf(packs, recipe)
const titleOf = (name: string) => tables.find(({ resource }) => resource.name === name)?.resource.title ?? ''
/** Entries of the catalog by the names that the packs give. */
const entries: Record<string, string> = {}
/** How many records there are of each resource at its department. */
const held: Record<string, number> = {}
let departments: Record<Office, Department>
const closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  await givenProviders({ ...city, db: database.db })
  const given = await givenDepartments(tables)
  departments = given.departments
  closing.push(given.close)
  for (const office of offices)
    for (const { resource, rows } of tables.filter((table) => departments[office].resources.includes(table.resource.name)))
      held[resource.name] = [...rows()].length
  const declared = ['household', 'member'].map((name) => ({ name: titleOf(name) }))
  const projectId = await givenProjects(city, database).contracted(
    { name: project, dataResources: declared },
    'WHMZ-2026-01',
    '信安公司',
    1,
  )
  await givenSystem(projectId)
  const runner = await city.runner.start({ pool: database.pool, db: database.db, clock: city.clock, onError: console.error })
  closing.push(() => runner.stop())
})
afterAll(async () => {
  for (const end of closing.reverse()) await end()
})

async function done<T>(answer: Promise<{ status: number; body: T }>): Promise<T> {
  const { status, body } = await answer
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body
}

const speakers = new Map<string, Promise<Speaker>>()
/** Somebody of a department who has no seat. */
function speakerOf(duty: 'steward' | 'head' | 'secrecy', office: string): Promise<Speaker> {
  const username = `${duty}-${office}`
  const known = speakers.get(username) ?? city.signIn(username, DEMO_PASSWORD)
  speakers.set(username, known)
  return known
}

/** The system that the project built, seen by the center on the government's cloud. */
async function givenSystem(projectId: string): Promise<void> {
  const system = await done(
    (await city.as('clerk')).post<{ id: string; version: number }>('/api/v1/systems', {
      ...{ secrecy: false, projectId, name: project, userUnitOrgId: 'civil-affairs', functions: '受理、核对、公示、统计' },
      ...{ usageScope: '全市民政系统', usageFrequency: 'daily', approvingBody: '市发展改革委', approvedOn: '2026-02-01' },
      funding: ['city-finance'],
    }),
  )
  const seen = { deployment: 'gov-cloud', cityBrainConnected: true, standardInterface: true, dataShared: true, securityAssured: true }
  const { version } = system
  await done((await city.as('center')).post(`/api/v1/systems/${system.id}/answers`, { version, evidence: '政务云资源台账', ...seen }))
}

/** Decides the open task of a case, by a person who has no seat. */
async function decides(speaker: Speaker, caseId: string, outcome: string): Promise<void> {
  const { tasks } = await done(speaker.get<{ tasks: { id: string; outcomes: { id: string }[] }[] }>(`/api/v1/cases/${caseId}`))
  const taskId = tasks.find((task) => task.outcomes.some(({ id }) => id === outcome))?.id
  const body = { taskId, outcome, opinion: '同意。', form: {}, documents: [], choices: [], dates: {} }
  await done(speaker.post(`/api/v1/cases/${caseId}/acts`, body))
}

/** What the pack leaves to the department: who it is, who answers for the data, the class below 项. */
function completed<C extends object>(content: C, office: string) {
  const bearer = { orgId: office, post: null }
  const duties = { handledBy: bearer, usedBy: bearer, managedBy: bearer, archivedBy: bearer, answersFor: bearer }
  return { ...content, secrecy: false, providerCode: '11150300900030002A', duties }
}

/** The like of what is done by hand in the browser: introduced, signed off, reviewed for secrecy, graded and approved. */
async function catalogued(name: string, more: object = {}): Promise<void> {
  const pack = packs.find(({ resources }) => resources.some((one) => one.name === name))
  const resource = pack?.resources.find((one) => one.name === name)
  const office = resource?.provider.id ?? ''
  const steward = await speakerOf('steward', office)
  const { id } = await done(steward.post<{ id: string }>(`/api/v1/resource-packs/${pack?.manifest.pack}/resources/${name}/drafts`))
  type Page = { version: number; content: { classCode: string; grade: string }; cases: { caseId: string }[] }
  const { content, version } = await done(steward.get<Page>(`/api/v1/catalog/resources/${id}`))
  expect(content.grade).toMatch(/important|general|core/)
  const changed = { ...completed(content, office), classCode: await finerClass(content.classCode), version, ...more }
  const { version: next } = await done(steward.put<Page>(`/api/v1/catalog/resources/${id}`, changed))
  const { cases } = await done(steward.post<Page>(`/api/v1/catalog/resources/${id}/submission`, { version: next }))
  const caseId = cases[0]?.caseId ?? ''
  const isHome = office === 'civil-affairs'
  await decides(isHome ? await city.as('leader') : await speakerOf('head', office), caseId, 'sign')
  await decides(isHome ? await city.as('secrecy') : await speakerOf('secrecy', office), caseId, 'pass')
  await desk.decide('center', caseId, 'approve')
  await desk.decide('center2', caseId, 'register')
  entries[name] = id
}

/** A 目 below the 项 that the pack gives, as the city adds it once. */
async function finerClass(code: string): Promise<string> {
  const center = await city.as('center')
  const finer = `${code}001`
  await center.post('/api/v1/catalog/classes', { code: finer, title: '共享数据' })
  return finer
}

/** 民政局's steward takes a resource out of the pack and completes it; five people bring it to the platform. */
async function cataloguesByHand(name: string): Promise<void> {
  const title = titleOf(name)
  const classCode = await finerClass('203')
  const steward = await signInAs('steward')
  await steward.open('/resource-packs')
  await steward.press(`引入为目录草稿：${title}`)
  await steward.page.waitForURL(/\/catalog\/[0-9a-f-]{36}$/)
  entries[name] = steward.page.url().split('/').at(-1) ?? ''
  await steward.settled()
  await picture(steward, 'draft')
  await steward.follow('修改目录', steward.page.getByRole('region', { name: '校验结果' }))
  await steward.choose('所属项目', project)
  await steward.choose('对应申报的数据资源', title)
  await steward.type('提供方统一社会信用代码', '11150300900030002A')
  await steward.choose('信息资源分类', `${classCode} 社会保障 / 共享数据`)
  for (const who of ['由谁经手', '由谁使用', '由谁管理', '由谁归档', '由谁负责']) await steward.choose(who, '市民政局')
  await picture(steward, 'introduced')
  await steward.press('保存')
  await steward.page.getByRole('heading', { level: 1, name: title }).waitFor()
  await steward.settled()
  await approve(signInAs, title)
}

/** The clerk applies, and is told why not. */
async function isNotAccepted(says: string, cure: string, text: string): Promise<void> {
  const clerk = await signInAs('clerk')
  await beginAct(clerk, project, '申请验收')
  await clerk.press('提交验收申请')
  await isRefused(clerk, '申请验收', { article: '第十五条', says, cure, text })
}

/** The same application passes now: another person of the builder concludes. */
async function isAccepted(): Promise<void> {
  const clerk = await signInAs('clerk')
  await beginAct(clerk, project, '申请验收')
  await handIn(clerk, '提交验收申请')
  const { pathname } = new URL(clerk.page.url())
  const user = await signInAs('user')
  await user.open(pathname)
  await decide(user, '同意', { opinion: '功能满足核对工作需要，同意。' })
  const head = await signInAs('head')
  await head.open(pathname)
  await decide(head, '验收通过', { opinion: '符合合同约定，验收通过。' })
  await openProject(clerk, project)
  await clerk.sees('已验收')
  await picture(clerk, 'accepted')
}

/** Channels, keys and tokens; each department's agent starts to send from where the department keeps its records. */
async function connects(department: Department): Promise<void> {
  const { office, resources } = department
  const center = await city.as('center')
  const channels: Record<string, string> = {}
  for (const name of resources) {
    const asked = { name: titleOf(name), orgId: office, resource: entries[name] }
    channels[name] = (await done(center.post<{ id: string }>('/api/v1/channels', asked))).id
  }
  department.configure(address, channels)
  const publicKey = await department.key()
  for (const id of Object.values(channels)) await done(center.post(`/api/v1/channels/${id}/keys`, { version: 1, publicKey }))
  const steward = await speakerOf('steward', office)
  const scope = { access: 'write', tags: ['exchange-intake'] }
  const { token } = await done(steward.post<{ token: string }>('/api/v1/tokens', { name: '前置程序', expiresOn: '2027-10-31', scope }))
  department.keepToken(token)
  await department.prepare()
  department.start()
}

/** How many changes of each resource the center has taken. */
async function taken(): Promise<Record<string, number>> {
  const { rows } = await database.owner.query<{ resource: string; last_seq: string }>('select resource, last_seq from libraries.head')
  return Object.fromEntries(
    Object.entries(entries).map(([name, id]) => [name, Number(rows.find(({ resource }) => resource === id)?.last_seq ?? 0)]),
  )
}

const reasons = {
  ...{ purpose: '核对低保家庭经济状况', matter: '最低生活保障审核确认', basis: '《社会救助暂行办法》第五十八条' },
  necessity: '须按公民身份号码逐人核对。',
}

/** The like of what is done by hand in the browser: 民政局 asks for what another department has, its head signs, the provider grants. */
async function isGranted(name: string): Promise<void> {
  const resource = tables.find((table) => table.resource.name === name)?.resource
  const clerk = await city.as('clerk')
  const { id } = await done(
    clerk.post<{ id: string }>('/api/v1/sharing/requests', {
      ...{ resourceId: entries[name], way: 'query', rows: [], quotaPerDay: null, validFrom: '2026-11-02', validUntil: '2026-12-31' },
      items: Object.fromEntries((resource?.items ?? []).map((item) => [item.id, false])),
      ...reasons,
    }),
  )
  const sent = await done(
    (await city.as('steward')).post<{ cases: { caseId: string }[] }>(`/api/v1/sharing/requests/${id}/submission`, { version: 1 }),
  )
  const caseId = sent.cases[0]?.caseId ?? ''
  await desk.decide('leader', caseId, 'sign')
  await decides(await speakerOf('steward', officeOf(name)), caseId, 'grant')
}

/** 民政局's clerk asks in the market for every item of a resource, of some without masking; its steward hands in, its head signs. Gives the request's page. */
async function asksByHand(name: string, whole: readonly string[]): Promise<string> {
  const title = titleOf(name)
  const items = tables.find((table) => table.resource.name === name)?.resource.items ?? []
  const clerk = await signInAs('clerk')
  await clerk.open('/market')
  await clerk.follow(`申请共享“${title}”`)
  await clerk.page.waitForURL(/\/market\/.+/)
  await clerk.settled()
  const tick = (group: RegExp, item: string) =>
    clerk.page
      .getByRole('group', { name: group })
      .getByRole('checkbox', { name: new RegExp(`^${item}（`) })
      .check()
  for (const item of items) await tick(/^申请的信息项/, item.title)
  for (const item of items.filter((one) => whole.includes(one.name))) await tick(/^其中不脱敏的/, item.title)
  await clerk.type('用途', reasons.purpose)
  await clerk.type('办理事项', reasons.matter)
  await clerk.type('依据', reasons.basis)
  await clerk.type('最小必要说明', reasons.necessity)
  await clerk.date('起始日期', '2026-11-02')
  await clerk.date('截止日期', '2026-12-31')
  await picture(clerk, 'ask')
  await clerk.press('保存申请')
  await clerk.page.waitForURL(/\/sharing\/requests\/[^/]+$/)
  const { pathname } = new URL(clerk.page.url())
  const steward = await signInAs('steward')
  await steward.open(pathname)
  await steward.press('提交申请')
  await steward.sees(/申请单位负责人审签/)
  const leader = await signInAs('leader')
  await takeUp(leader, '申请单位负责人审签', title)
  await decide(leader, '同意申请', { opinion: '同意申请。' })
  return pathname
}

async function stewardOf(office: Office): Promise<Person> {
  const person = await stranger()
  await signInWith(person, `steward-${office}`, DEMO_PASSWORD)
  await person.page.getByRole('button', { name: '退出' }).waitFor()
  return person
}

/** Runs the comparison on the center's page; gives what it counts. */
async function compares(person: Person): Promise<unknown> {
  await person.open('/comparison-runs')
  await person.press('发起比对')
  await person.type('事由', '2026年第四季度低保复核')
  await person.press('发起比对', person.page.locator('form'))
  await person.page.waitForURL(/\/comparison-runs\/[^/?]+$/)
  const path = `/api/v1${new URL(person.page.url()).pathname}`
  const run = async () => done((await city.as('center')).get<{ state: string; counts: unknown }>(path))
  await expect.poll(async () => (await run()).state, patient).toBe('done')
  await person.sees('所用数据')
  await person.settled()
  return (await run()).counts
}

test('five departments send from their own sources; what does not fit is found, put right at its source and gone; acceptance passes once the records say so', async (context) => {
  needsBrowser(context)
  await isNotAccepted(
    '新建项目必须于验收前完成数据资源目录编制',
    '按《政务信息资源目录编制指南》编制该项目全部数据资源的目录。',
    '必须于项目验收前',
  )
  await cataloguesByHand('household')
  await catalogued('member', await declaredAs('member'))
  for (const name of others()) await catalogued(name)
  await expect.poll(async () => (await builtLibraries()).length, patient).toBe(Object.keys(entries).length)
  // The catalog is in order, and nothing has come: the page of the project says so before anybody applies.
  const applicant = await signInAs('clerk')
  await openProject(applicant, project)
  const awaited = applicant.page.getByRole('note', { name: '尚未归集的数据资源' })
  await applicant.sees('尚未建立交换通道', awaited)
  await isNotAccepted(
    '新建项目的数据资源须于验收前纳入乌海市数据资源共享平台管理',
    '由市大数据中心将审核通过的目录登记到共享平台；以库表方式共享的，由提供单位经交换通道报送数据。',
    '统一纳入乌海市数据资源共享平台进行管理',
  )

  for (const office of offices) await connects(departments[office])
  await expect.poll(taken, patient).toEqual(held)
  const center = await signInAs('center')
  await center.open('/channel-monitor')
  await picture(center, 'monitor')

  for (const name of others().filter((one) => one !== 'vehicle')) await isGranted(name)
  const request = await asksByHand('vehicle', ['ownerId', 'owner'])
  const police = await stewardOf('public-security')
  await police.open(request)
  await police.sees(/答复期限至/)
  await takeUp(police, '提供方答复', titleOf('vehicle'))
  await picture(police, 'answer')
  await decide(police, '同意共享', { opinion: '同意共享，限本次核对使用。' })

  const naive = await naiveFindings(departments)
  const [found, errors] = [naive.households.length, naive.sourceErrors.length]
  if (recipe.seed === demo.seed) expect([found, errors]).toEqual([137, 12])
  expect(Math.min(found, errors)).toBeGreaterThan(1)
  expect(await compares(center)).toMatchObject({ found, errors })
  context.task.meta.found = `${found} households and ${errors} records, by the comparison and by the script that knows none of the product`
  expect((await findings('kind=group')).map(({ key }) => key).sort()).toEqual(naive.households)
  await picture(center, 'run')
  await center.press(/^转办 \d+ 项结果$/)
  await expect.poll(async () => (await findings('state=new')).length, patient).toBe(0)

  const car = await decidesHousehold()
  await looksUnderGrant(request, car)
  await citizenSees(car.owner)

  await correctsAtSource(police)
  await expect.poll(taken, patient).toEqual({ ...held, vehicle: (held.vehicle ?? 0) + 1 })
  expect((await naiveFindings(departments)).sourceErrors.length).toBe(errors - 1)
  expect(await compares(center)).toMatchObject({ found, errors: errors - 1, gone: 1 })
  await center.open('/comparison-findings?ground=e2&state=gone')
  await center.follow(/^第 \d+ 号结果$/)
  await center.sees('已不再发现')
  await picture(center, 'gone')

  await isAccepted()
}, 600_000)

/** What 民政局 does not have itself. */
const others = () => offices.slice(1).flatMap((office) => departments[office].resources)

const builtLibraries = async () =>
  (await done((await city.as('center')).get<{ items: { state: string }[] }>('/api/v1/libraries'))).items.filter(
    ({ state }) => state === 'installed',
  )

interface Finding {
  id: string
  key: string | null
}

/** The list as the center has it, to its end. */
async function findings(query: string): Promise<Finding[]> {
  const center = await city.as('center')
  const found: Finding[] = []
  for (let cursor = ''; ; ) {
    const page = await done(
      center.get<{ items: Finding[]; nextCursor: string | null }>(`/api/v1/comparison-findings?limit=200&${query}${cursor}`),
    )
    found.push(...page.items)
    if (page.nextCursor === null) return found
    cursor = `&cursor=${page.nextCursor}`
  }
}

interface Car {
  plate: string
  owner: string
}

/** The business office checks a household that has a car and its head confirms; gives the car. */
async function decidesHousehold(): Promise<Car> {
  const [household] = await findings('kind=group&ground=f2')
  const business = await signInAs('user')
  await business.open(`/comparison-findings/${household?.id}`)
  await business.follow('办理或查看进度')
  await business.page.getByRole('region', { name: '核查', exact: true }).first().waitFor()
  await business.settled()
  await picture(business, 'case')
  await decide(business, '拟停发', { opinion: '经入户核实，家庭拥有机动车，不再符合条件。' })
  const head = await signInAs('leader')
  await head.open(new URL(business.page.url()).pathname)
  await decide(head, '同意')
  await business.open(`/comparison-findings/${household?.id}`)
  await business.press('查看双方记录')
  const theirs = business.page.getByRole('region', { name: '对方记录' })
  await theirs.waitFor()
  await business.settled()
  await business.sees('停发')
  await picture(business, 'finding')
  // 最少够用: whose it is follows from the task, and is not told again.
  expect(await theirs.innerText()).not.toMatch(/公民身份号码/)
  const people = await departments['civil-affairs'].own('select gmsfhm from yw.db_cyxx where jtbh = $1 and nrbz', [household?.key])
  const [car] = await departments['public-security'].own(
    "select hphm, syr_sfhm from yw.jdc_djxx where syr_sfhm = any($1) and jdczt = 'A' and hpzl in ('01', '02', '52')",
    [people.map(({ gmsfhm }) => gmsfhm)],
  )
  return { plate: car?.hphm ?? '', owner: car?.syr_sfhm ?? '' }
}

/** 民政局 looks a car up, as it was granted. */
async function looksUnderGrant(request: string, { plate, owner }: Car): Promise<void> {
  const clerk = await signInAs('clerk')
  await clerk.open(request)
  await clerk.follow(/^授权\d+$/)
  await clerk.page.waitForURL(/\/sharing\/grants\//)
  await clerk.follow('查询数据')
  await clerk.page.waitForURL(/\/records\?grant=/)
  await clerk.type('检索', plate)
  await clerk.press('查询')
  await clerk.sees(owner, clerk.page.getByRole('table', { name: '查询结果' }))
  await picture(clerk, 'records')
}

/** 谁查看了我的数据: the owner of the car is verified at the window of 公安局, and looks on a phone. */
async function citizenSees(identifier: string): Promise<void> {
  const window = await signInAs('police')
  await window.open('/relations')
  await window.press('核验并开通本人账号')
  await window.pick('核验的证件', '居民身份证')
  await window.type('姓名', '周市民')
  await window.type('公民身份号码', identifier)
  await window.type('用户名', 'zhou-citizen')
  await window.press('开通')
  await window.sees('初始口令只显示这一次')
  const initialPassword = await window.page.getByRole('status').filter({ hasText: '本人账号已开通' }).locator('strong').nth(1).innerText()
  await window.press('已记下')
  const citizen = await stranger({ width: 390, height: 844 })
  await signInWith(citizen, 'zhou-citizen', initialPassword)
  await firstPassword(citizen, initialPassword, 'Zhou-2026-citizen')
  await citizen.sees('核对低保家庭经济状况')
  await citizen.sees('机动车登记信息')
  await citizen.sees('市民政局')
  await picture(citizen, 'own-looks')
}

/** 公安局 sees which record is doubted and by what, puts it right in its own database and says so. */
async function correctsAtSource(police: Person): Promise<void> {
  const [doubted] = await findings('kind=error&ground=e2')
  await police.open(`/comparison-findings/${doubted?.id}`)
  await police.press('查看双方记录')
  await police.page.getByRole('region', { name: '对方记录' }).waitFor()
  await police.settled()
  await picture(police, 'correction')
  const shown = await done(
    (await speakerOf('steward', 'public-security')).post<{ left: { records: { values: Record<string, string> }[] }[] }>(
      `/api/v1/comparison-findings/${doubted?.id}/records`,
    ),
  )
  const corrected = await departments['public-security'].own(
    `update yw.jdc_djxx v set syr_xm = p.xm, gxsj = now() from yw.hj_ryxx p
     where p.gmsfhm = v.syr_sfhm and v.hphm = $1 and v.syr_xm <> p.xm returning v.hphm`,
    [shown.left[0]?.records[0]?.values.i1],
  )
  expect(corrected.length).toBe(1)
  await police.follow('办理或查看进度')
  await police.page.getByRole('region', { name: '来源部门校核', exact: true }).first().waitFor()
  await police.settled()
  await decide(police, '已在来源更正', { opinion: '登记有误，已按户籍登记更正。' })
}

/** Which of the project's declared resources an entry is. */
async function declaredAs(name: string): Promise<object> {
  const clerk = await city.as('clerk')
  const { items } = await done(clerk.get<{ items: { id: string; name: string }[] }>('/api/v1/projects'))
  const projectId = items.find((one) => one.name === project)?.id
  const page = await done(clerk.get<{ dataResources: { id: string; name: string }[] }>(`/api/v1/projects/${projectId}`))
  return { projectId, declaredResourceId: page.dataResources.find((one) => one.name === titleOf(name))?.id }
}

function officeOf(name: string): Office {
  return offices.find((office) => departments[office].resources.includes(name)) as Office
}
