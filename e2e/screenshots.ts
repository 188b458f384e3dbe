import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchBrowser } from '../packages/testing/browser.ts'
import { startPlatform } from './platform.ts'

/**
 * Takes every screen of the demo city into docs/screens (`npm run screenshots`): filled, and for pages that read something also
 * empty, loading, error and forbidden. At 1440 px, and at 390 px what is meant for the phone.
 */
const folder = join(import.meta.dirname, '../docs/screens')
const present = '2026-11-20T02:00:00Z'

interface Screen {
  name: string
  /** Who looks at it. */
  as: string
  path: (find: Finder) => Promise<string> | string
  /** The address that the page reads; its answer is emptied, held back or broken for the other states. */
  reads: string
  list?: boolean
  phone?: boolean
  /** Shown instead of the first document: a headless browser draws no PDF. */
  tab?: string
  /** What the phone is scrolled to: the opinion, on the page where one decides. */
  phoneAt?: string
}

/** Finds the address of something through the API, as the person who looks. */
type Finder = (url: string, pick: (items: Item[]) => Item | undefined) => Promise<Item>
type Item = Record<string, unknown> & { id: string; caseId: string; stage: string; state: string; name: string; title: string }

const first = (items: Item[]) => items[0]

const screens: Screen[] = [
  { name: 'workbench', as: 'bdc-reviewer', path: () => '/', reads: '**/api/v1/tasks?*', list: true, phone: true },
  {
    name: 'case',
    as: 'bdc-reviewer',
    path: async (find) =>
      `/cases/${(await find('/api/v1/tasks?limit=200', (all) => all.find((one) => one.title.startsWith('报送建设方案')) ?? all[0])).caseId}`,
    reads: '**/api/v1/cases/*',
    phone: true,
    tab: '事项内容',
    phoneAt: '办理结果',
  },
  { name: 'overview', as: 'vice-mayor', path: () => '/overview', reads: '**/api/v1/overview*', phone: true },
  {
    name: 'case-paper',
    as: 'bdc-reviewer',
    path: async (find) => `/cases/${(await find('/api/v1/tasks?box=done&limit=50', first)).caseId}/print`,
    reads: '**/api/v1/cases/*',
  },
  { name: 'search', as: 'bdc-reviewer', path: () => '/search?q=%E7%B3%BB%E7%BB%9F', reads: '**/api/v1/search?*', list: true, phone: true },
  { name: 'exports', as: 'bdc-reviewer', path: () => '/exports', reads: '**/api/v1/exports?*', list: true },
  { name: 'oversight', as: 'supervisor', path: () => '/oversight', reads: '**/api/v1/oversight/tasks*', list: true },
  { name: 'ranking', as: 'supervisor', path: () => '/oversight/offices', reads: '**/api/v1/oversight/offices*', list: true },
  { name: 'cards', as: 'supervisor', path: () => '/oversight/cards', reads: '**/api/v1/cards?*', list: true },
  { name: 'calendar', as: 'bdc-reviewer', path: () => '/calendar', reads: '**/api/v1/calendar/notices*', phone: true },
  { name: 'calendar-provisional', as: 'supervisor', path: () => '/calendar?year=2027', reads: '**/api/v1/calendar/notices*' },
  { name: 'calendar-month', as: 'bdc-reviewer', path: () => '/calendar?year=2026&month=10', reads: '**/api/v1/calendar/notices*' },
  { name: 'calendar-notice', as: 'system-admin', path: () => '/calendar/notices/new?year=2027', reads: '**/api/v1/calendar/notices*' },
  {
    name: 'recomputed',
    as: 'supervisor',
    path: () => '/calendar/recomputed',
    reads: '**/api/v1/calendar/recomputed-deadlines*',
    list: true,
  },
  { name: 'notices', as: 'bdc-reviewer', path: () => '/notices', reads: '**/api/v1/notices?*', list: true },
  { name: 'search', as: 'bdc-reviewer', path: () => '/search?q=%E4%BD%8E%E4%BF%9D', reads: '**/api/v1/search?*', list: true, phone: true },
  { name: 'exports', as: 'bdc-reviewer', path: () => '/exports', reads: '**/api/v1/exports*', list: true },
  { name: 'projects', as: 'bdc-reviewer', path: () => '/projects', reads: '**/api/v1/projects?*', list: true },
  {
    name: 'project',
    as: 'bdc-reviewer',
    path: async (find) => `/projects/${(await find('/api/v1/projects?stage=building&limit=50', first)).id}`,
    reads: '**/api/v1/projects/*',
    phone: true,
  },
  {
    name: 'proposal',
    as: '',
    path: async (find) => `/projects/${(await find('/api/v1/projects?stage=draft&limit=50', first)).id}/edit`,
    reads: '**/api/v1/projects/*',
  },
  { name: 'plans', as: 'bdc-reviewer', path: () => '/plans', reads: '**/api/v1/plan-entries?*', list: true },
  {
    name: 'city-plan',
    as: 'bdc-reviewer',
    path: async (find) => `/city-plans/${(await find('/api/v1/city-plans', first)).id}`,
    reads: '**/api/v1/city-plans/*',
  },
  { name: 'reorganisations', as: 'system-admin', path: () => '/reorganisations', reads: '**/api/v1/reorganisations?*', list: true },
  { name: 'superiors', as: 'system-admin', path: () => '/superiors', reads: '**/api/v1/superiors?*', list: true },
  { name: 'delegations', as: 'bdc-reviewer', path: () => '/delegations', reads: '**/api/v1/me/delegations?*', list: true },
  { name: 'audit', as: 'audit-admin', path: () => '/audit', reads: '**/api/v1/audit/events?*', list: true },
  { name: 'audit-chain', as: 'audit-admin', path: () => '/audit/chain', reads: '**/api/v1/audit/chain' },
  { name: 'audit-statistics', as: 'audit-admin', path: () => '/audit/statistics', reads: '**/api/v1/audit/statistics*' },
  { name: 'own-records', as: 'bdc-reviewer', path: () => '/my-records', reads: '**/api/v1/me/audit?*', list: true },
  { name: 'systems', as: 'bdc-reviewer', path: () => '/systems', reads: '**/api/v1/systems?*', list: true },
  {
    name: 'system',
    as: 'bdc-reviewer',
    path: async (find) => `/systems/${(await find('/api/v1/systems?limit=50', first)).id}`,
    reads: '**/api/v1/systems/*',
  },
  { name: 'catalog', as: 'bdc-reviewer', path: () => '/catalog', reads: '**/api/v1/catalog/resources?*', list: true },
  {
    name: 'resource',
    as: 'bdc-reviewer',
    path: async (find) => `/catalog/${(await find('/api/v1/catalog/resources?state=registered&limit=50', first)).id}`,
    reads: '**/api/v1/catalog/resources/*',
  },
  { name: 'problems', as: 'bdc-reviewer', path: () => '/problems', reads: '**/api/v1/supervision/problems?*', list: true },
  {
    name: 'problem',
    as: 'bdc-reviewer',
    path: async (find) =>
      `/problems/${(await find('/api/v1/supervision/problems?limit=50', (all) => all.find((one) => one.paymentHeld === true) ?? all[0])).id}`,
    reads: '**/api/v1/supervision/problems/*',
  },
  {
    name: 'notice-paper',
    as: 'bdc-reviewer',
    path: async (find) =>
      `/problems/${(await find('/api/v1/supervision/problems?limit=50', (all) => all.find((one) => one.paymentHeld === true) ?? all[0])).id}/print`,
    reads: '**/api/v1/supervision/problems/*',
  },
  { name: 'oversight', as: 'supervisor', path: () => '/oversight', reads: '**/api/v1/oversight/tasks*', list: true },
  { name: 'cards', as: 'supervisor', path: () => '/oversight/cards', reads: '**/api/v1/cards*', list: true },
  { name: 'ranking', as: 'supervisor', path: () => '/oversight/offices', reads: '**/api/v1/oversight/offices*', list: true },
  { name: 'notices', as: 'supervisor', path: () => '/notices', reads: '**/api/v1/notices?*', list: true },
  { name: 'failed-jobs', as: 'system-admin', path: () => '/jobs', reads: '**/api/v1/jobs/failed*', list: true },
  { name: 'policy-packs', as: 'bdc-reviewer', path: () => '/policy', reads: '**/api/v1/policy-packs*', list: true },
  { name: 'policy', as: 'bdc-reviewer', path: () => '/policy/wuhai-2023/WH23-4', reads: '**/api/v1/policy-packs/wuhai-2023' },
  { name: 'settings', as: 'bdc-reviewer', path: () => '/settings', reads: '**/api/v1/me/second-factor' },
  { name: 'tokens', as: 'bdc-reviewer', path: () => '/tokens', reads: '**/api/v1/sessions?*', list: true },
  { name: 'security', as: 'security-admin', path: () => '/security', reads: '**/api/v1/security-settings' },
  { name: 'security-sessions', as: 'security-admin', path: () => '/security/sessions', reads: '**/api/v1/sessions?*', list: true },
  { name: 'security-tokens', as: 'security-admin', path: () => '/security/tokens', reads: '**/api/v1/tokens?*', list: true },
  {
    name: 'security-factors',
    as: 'security-admin',
    path: () => '/security/second-factors',
    reads: '**/api/v1/second-factors?*',
    list: true,
  },
  { name: 'organisations', as: 'bdc-reviewer', path: () => '/organisations', reads: '**/api/v1/organisations?*', list: true },
]

const data = mkdtempSync(join(tmpdir(), 'tongchou-screens-'))
const launched = await launchBrowser()
if ('notRun' in launched) throw new Error(launched.notRun)
const platform = await startPlatform(data, { TONGCHOU_NOW: present, TONGCHOU_DEMO: '1' })
mkdirSync(folder, { recursive: true })
try {
  await takeAll(launched.browser, platform.address)
} finally {
  await launched.browser.close()
  await platform.end('SIGTERM')
  rmSync(data, { recursive: true, force: true })
}

async function takeAll(browser: Browser, address: string): Promise<void> {
  const visitor = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: address })
  await shoot(await visitor.newPage(), '/', 'sign-in-filled')
  await visitor.close()
  const drafter = await whoHasADraft(browser, address)
  // Names on the command line take only those screens anew.
  const wanted = process.argv.slice(2)
  for (const screen of screens.filter(({ name }) => wanted.length === 0 || wanted.includes(name)))
    await takeScreen(browser, address, { ...screen, as: screen.as || drafter })
}

async function takeScreen(browser: Browser, address: string, screen: Screen): Promise<void> {
  const desk = await signedIn(browser, address, screen.as)
  const path = await screen.path(finderOf(desk))
  await shoot(await desk.newPage(), path, `${screen.name}-filled`, { tab: screen.tab })
  if (screen.list) await shoot(await answering(desk, screen, 'empty'), path, `${screen.name}-empty`)
  await shoot(await answering(desk, screen, 'loading'), path, `${screen.name}-loading`, { until: '[aria-busy="true"]' })
  await shoot(await answering(desk, screen, 'error'), path, `${screen.name}-error`, { until: '[role="alert"], .tc-state' })
  await desk.close()
  const outsider = await signedIn(browser, address, 'citizen-a')
  await shoot(await outsider.newPage(), path, `${screen.name}-forbidden`)
  await outsider.close()
  if (!screen.phone) return
  const phone = await signedIn(browser, address, screen.as, { width: 390, height: 844 })
  await shoot(await phone.newPage(), path, `${screen.name}-phone`, { tab: screen.tab, at: screen.phoneAt })
  await phone.close()
}

/** A page whose one question is answered with nothing, not at all, or with a failure. */
async function answering(context: BrowserContext, screen: Screen, state: 'empty' | 'loading' | 'error'): Promise<Page> {
  const page = await context.newPage()
  await page.route(screen.reads, async (route) => {
    if (route.request().method() !== 'GET') return route.continue()
    if (state === 'loading') return
    if (state === 'error') return route.abort()
    const answer = await route.fetch()
    const whole = (await answer.json()) as Record<string, unknown>
    return route.fulfill({ json: { ...whole, items: [], nextCursor: null } })
  })
  return page
}

async function shoot(
  page: Page,
  path: string,
  name: string,
  wait: { until?: string; tab?: string | undefined; at?: string | undefined } = {},
): Promise<void> {
  await page.goto(path)
  if (wait.until) await page.locator(wait.until).first().waitFor({ timeout: 30_000 })
  else await page.waitForLoadState('networkidle')
  if (wait.tab) await page.getByRole('button', { name: wait.tab, exact: true }).click()
  if (wait.at) await page.getByRole('radiogroup', { name: wait.at }).evaluate((part) => part.scrollIntoView({ block: 'center' }))
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: join(folder, `${name}.png`) })
  process.stdout.write(`${name}\n`)
  await page.close()
}

async function signedIn(
  browser: Browser,
  address: string,
  username: string,
  viewport = { width: 1440, height: 900 },
): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport, baseURL: address, reducedMotion: 'reduce' })
  const answer = await context.request.get('/api/v1/demo/accounts')
  const { items } = (await answer.json()) as { items: { username: string; password: string }[] }
  const account = items.find((one) => one.username === username)
  if (!account) throw new Error(`the demo city has no ${username}`)
  await context.request.post('/api/v1/sessions', { data: { username, password: account.password } })
  return context
}

function finderOf(context: BrowserContext): Finder {
  return async (url, pick) => {
    const answer = await context.request.get(url)
    const found = pick(((await answer.json()) as { items: Item[] }).items)
    if (!found) throw new Error(`${url} gives nothing to show`)
    return found
  }
}

/** An applicant whose unit has a draft that the rules speak to, for the proposal with its findings. */
async function whoHasADraft(browser: Browser, address: string): Promise<string> {
  const visitor = await browser.newContext({ baseURL: address })
  const { items } = (await (await visitor.request.get('/api/v1/demo/accounts')).json()) as {
    items: { username: string; roles: string[] }[]
  }
  await visitor.close()
  for (const { username } of items.filter((one) => one.username.endsWith('-clerk') && one.roles.includes('applicant'))) {
    const desk = await signedIn(browser, address, username)
    const drafts = (await (await desk.request.get('/api/v1/projects?stage=draft&limit=50')).json()) as { items: Item[] }
    const spoken = await Promise.all(
      drafts.items.map(
        async ({ id }) => (await (await desk.request.get(`/api/v1/projects/${id}/check?act=plan.file`)).json()) as { findings: unknown[] },
      ),
    )
    await desk.close()
    if (drafts.items.length === 1 && spoken.some(({ findings }) => findings.length > 0)) return username
  }
  throw new Error('no unit of the demo city has a draft that the rules speak to')
}
