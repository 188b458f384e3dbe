import { codeShown } from '@tongchou/testing'
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'
import { moveClock } from './person.ts'
import type { Finder, Item } from './screens.ts'

const desk = { width: 1440, height: 900 }

/** The demo city as the pictures see it: its people, and what they do so that there is something to see. */
export interface ScreenCity {
  signedIn(username: string, options?: BrowserContextOptions): Promise<BrowserContext>
  finderOf(context: BrowserContext): Finder
}

export async function screenCity(browser: Browser, address: string, present: string): Promise<ScreenCity> {
  const open = async (options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({
      viewport: desk,
      baseURL: address,
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      reducedMotion: 'reduce',
      ...options,
    })
    await context.addInitScript(moveClock, Date.parse(present) - Date.now())
    return context
  }
  const visitor = await open()
  const { items: accounts } = await json<{ items: Account[] }>(await visitor.request.get('/api/v1/demo/accounts'))
  await visitor.close()
  const sessions = new Map<string, Awaited<ReturnType<BrowserContext['storageState']>>>()
  const signedIn = async (username: string, options: BrowserContextOptions = {}) => {
    if (username === '') return open(options)
    const account = accounts.find((one) => one.username === (username === 'drafter' ? drafter : username))
    if (!account) throw new Error(`the demo city has no ${username}`)
    const session = sessions.get(account.username)
    const context = await open(session ? { ...options, storageState: session } : options)
    if (session) return context
    await json(await context.request.post('/api/v1/sessions', { data: { username: account.username, password: account.password } }))
    sessions.set(account.username, await context.storageState())
    return context
  }
  const clerks = accounts.filter(({ username, roles }) => username.endsWith('-clerk') && roles.includes('applicant'))
  let drafter = ''
  drafter = await whoHasADraft(
    clerks.map(({ username }) => username),
    signedIn,
  )
  await prepare(signedIn, accounts)
  return { signedIn, finderOf }
}

interface Account {
  username: string
  password: string
  roles: string[]
}
type SignedIn = ScreenCity['signedIn']

async function json<T>(answer: { ok(): boolean; url(): string; text(): Promise<string> }): Promise<T> {
  const text = await answer.text()
  if (!answer.ok()) throw new Error(`${answer.url()}: ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}

function finderOf(context: BrowserContext): Finder {
  return async (url, pick = ([first]) => first) => {
    const found = pick((await json<{ items: Item[] }>(await context.request.get(url))).items)
    if (!found) throw new Error(`${url} gives nothing to show`)
    return found
  }
}

/** An applicant whose unit has a draft that the rules speak to, for the proposal with its findings. */
async function whoHasADraft(clerks: string[], signedIn: SignedIn): Promise<string> {
  for (const username of clerks) {
    const context = await signedIn(username)
    const { items } = await json<{ items: Item[] }>(await context.request.get('/api/v1/projects?stage=draft&limit=50'))
    const spoken = await Promise.all(
      items.map(async ({ id }) => json<{ findings: unknown[] }>(await context.request.get(`/api/v1/projects/${id}/check?act=plan.file`))),
    )
    await context.close()
    if (items.length === 1 && spoken.some(({ findings }) => findings.length > 0)) return username
  }
  throw new Error('no unit of the demo city has a draft that the rules speak to')
}

const spans = [
  { from: '08:30', to: '12:00' },
  { from: '14:30', to: '18:00' },
]

/** The city's office hours, Monday to Friday. */
const officeHours = {
  orgId: null,
  validFrom: '2026-12-01',
  validTo: null,
  week: { 1: spans, 2: spans, 3: spans, 4: spans, 5: spans, 6: [], 7: [] },
}

/** What the demo city's people have not done: an export, a token, a delegation, a second factor, a draft, an organisation renamed; a signed head. */
async function prepare(signedIn: SignedIn, accounts: readonly Account[]): Promise<void> {
  const reviewer = await signedIn('bdc-reviewer')
  const does = async (context: BrowserContext, url: string, data: object) =>
    json<Record<string, string>>(await context.request.post(url, { data }))
  const exports = await json<{ items: unknown[] }>(await reviewer.request.get('/api/v1/exports'))
  if (exports.items.length > 0) return reviewer.close()
  await does(reviewer, '/api/v1/exports', { list: 'listProjects', params: {}, query: { stage: 'building' }, columns: ['name', 'stage'] })
  await does(reviewer, '/api/v1/exports', { list: 'listSystems', params: {}, query: {}, columns: ['name'] })
  await does(reviewer, '/api/v1/tokens', {
    name: '财政项目库对接',
    expiresOn: '2027-03-31',
    scope: { access: 'read', tags: ['projects', 'cases'] },
  })
  const { items: people } = await json<{ items: { postId: string }[] }>(await reviewer.request.get('/api/v1/me/delegates?q=贾书瑶'))
  await does(reviewer, '/api/v1/me/delegations', {
    toPostId: people[0]?.postId,
    reason: '赴自治区参加培训',
    validFrom: '2026-11-23',
    validTo: '2026-11-27',
  })
  await reviewer.close()

  const clerk = await signedIn('drafter')
  await does(clerk, '/api/v1/proposal-drafts', {
    secrecy: false,
    content: {
      name: '档案数字化利用平台',
      kind: 'new',
      summary: '对馆藏档案进行数字化加工，提供查阅利用服务。',
      deliverables: ['e-archive'],
    },
  })
  await clerk.close()

  // Seals and signs the log of the city's past, which a server does by itself within seconds of its start.
  const keeper = await signedIn('audit-admin')
  await json(await keeper.request.post('/api/v1/evidence/heads'))
  await keeper.close()

  const treasury = await signedIn('finance-treasury')
  const { password } = accounts.find(({ username }) => username === 'finance-treasury') ?? { password: '' }
  const { secret = '' } = await does(treasury, '/api/v1/me/second-factor', { password })
  const { now } = await json<{ now?: string }>(await treasury.request.get('/api/v1/me'))
  await does(treasury, '/api/v1/me/second-factor/confirm', { code: codeShown(secret, new Date(now ?? Date.now())) })
  await treasury.close()

  const admin = await signedIn('system-admin')
  await does(admin, '/api/v1/calendar/office-hours', officeHours)
  await does(admin, '/api/v1/reorganisations', {
    kind: 'rename',
    organisationIds: ['media-center'],
    documentNumber: '乌机编发〔2026〕31号',
    reason: '按照事业单位改革方案更名',
    effectiveOn: '2026-11-20',
    name: '乌海市融媒体发展中心',
    shortName: '市融媒体发展中心',
  })
  await admin.close()
}
