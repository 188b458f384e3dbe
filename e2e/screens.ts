import type { Locator, Page } from 'playwright-core'

/**
 * Every screen of the application that a picture is taken of, by route. `scripts/screens.unit.test.ts` names a route that stands in no line here
 * and a picture that is missing in docs/screens.
 */
export interface Screen {
  name: string
  /** The route it shows, as the module's `web/routes.tsx` writes it. */
  route: string
  /** Who looks at it; `drafter` is an applicant whose draft the rules speak to, '' nobody. */
  as: string
  path: (find: Finder) => Promise<string> | string
  /** The address that the page reads; its answer is emptied, held back or broken for the other states. */
  reads?: string
  /** Which pictures of it are taken. */
  states: readonly State[]
  /** Also at 390 px. */
  phone?: boolean
  /** What is pressed before the picture is taken. */
  moment?: (page: Page) => Promise<void>
  /** How the person has set their display in 个人设置. */
  display?: { textSize: 'normal' | 'larger'; contrast: 'normal' | 'high' }
  /** In a browser that lacks what the application needs. */
  oldBrowser?: true
  /** Came after the pictures that are in docs/screens; leaves with the next ones. */
  awaited?: true
  /** What a phone is scrolled to. */
  phoneAt?: (page: Page) => Locator
}

/** `dialog` and `refused` show a page after something was pressed; `paper` shows it as it prints, on A4. */
export type State = 'filled' | 'empty' | 'loading' | 'error' | 'forbidden' | 'dialog' | 'refused' | 'paper'

/** Finds the address of something through the API, as the person who looks. */
export type Finder = (url: string, pick?: (items: Item[]) => Item | undefined) => Promise<Item>
export type Item = Record<string, unknown> & { id: string; caseId: string; state: string; name: string; title: string }

const list: readonly State[] = ['filled', 'empty', 'loading', 'error', 'forbidden']
const thing: readonly State[] = ['filled', 'loading', 'error', 'forbidden']
const form: readonly State[] = ['filled', 'forbidden']
const own: readonly State[] = ['filled', 'empty', 'loading', 'error']
const filled: readonly State[] = ['filled']

const aCase = (words: string) => async (find: Finder) =>
  `/cases/${(await find('/api/v1/tasks?limit=200', (all) => all.find((one) => one.title.startsWith(words)) ?? all[0])).caseId}`
const held = (all: Item[]) => all.find((one) => one.paymentHeld === true) ?? all[0]
const aProblem = async (find: Finder) => `/problems/${(await find('/api/v1/supervision/problems?limit=50', held)).id}`
const aProject = (stage: string) => async (find: Finder) => `/projects/${(await find(`/api/v1/projects?stage=${stage}&limit=50`)).id}`
const aPlan = async (find: Finder) => `/city-plans/${(await find('/api/v1/city-plans')).id}`
const aSystem = async (find: Finder) => `/systems/${(await find('/api/v1/systems?limit=50')).id}`
const aResource = async (find: Finder) => `/catalog/${(await find('/api/v1/catalog/resources?state=registered&limit=50')).id}`

/** A library that its department has filled. */
const aLibrary = async (find: Finder) =>
  `/libraries/${(await find('/api/v1/libraries?limit=200', (all) => all.find(({ title }) => title === '机动车登记信息'))).id}`
const anAmendment = (which: string) => async (find: Finder) =>
  `/catalog/amendments/${(await find(`/api/v1/catalog/amendments?${which}`)).id}`
const aSharing = (what: 'requests' | 'grants') => async (find: Finder) =>
  `/sharing/${what}/${(await find(`/api/v1/sharing/${what}?limit=50`)).id}`
const anOffer = async (find: Finder) =>
  `/market/${(await find('/api/v1/catalog/resources?state=registered&orgId=civil-affairs&limit=50')).id}`
/** Published, of the unit of who looks. */
const anOwnResource = async (find: Finder) =>
  `/catalog/${(await find('/api/v1/catalog/resources?state=registered&orgId=civil-affairs&limit=50')).id}`

/** Hands over a catalog of which a part cannot be imported, and waits for what is found. */
const importCatalog = async (page: Page) => {
  const head = '信息资源名称,信息资源摘要,信息项名称,数据类型,数据长度,共享类型,更新周期'
  const rows = [
    '养老机构信息,各类养老机构的登记和评定信息,机构名称,字符型,100,2 有条件共享,每月',
    '殡葬服务信息,殡葬服务机构,服务名称,图片,,,',
  ]
  await page.getByRole('radio', { name: '否，不涉及国家秘密' }).click()
  await page.getByRole('button', { name: '继续' }).click()
  const buffer = Buffer.from([head, ...rows].join('\r\n'))
  await page.locator('input[type=file][aria-label="目录文件"]').setInputFiles({ name: '民政目录.csv', mimeType: 'text/csv', buffer })
  await page.getByRole('list', { name: '核对结果' }).waitFor()
}

/** Presses a verb under 更多办理 and brings its form into view. */
const verb = (name: string) => async (page: Page) => {
  const region = page.getByRole('region', { name: '更多办理' })
  await region.getByRole('button', { name }).first().click()
  await region.scrollIntoViewIfNeeded()
  await region.evaluate((part) => part.scrollIntoView({ block: 'center' }))
}
const press = (name: string | RegExp) => async (page: Page) => {
  await page.getByRole('main').getByRole('button', { name }).first().click()
  await page.getByRole('dialog').or(page.getByRole('menu')).first().waitFor()
}

/** A channel whose name begins so. */
const aChannel = async (find: Finder, words: string) =>
  `/channels/${(await find('/api/v1/channels?limit=50', (all) => all.find(({ name }) => name.startsWith(words)))).id}`
const anInterface = (standing: string) => async (find: Finder) =>
  `/interfaces/${(await find(`/api/v1/interfaces?standing=${standing}&limit=1`)).id}`
/** 对账 of the channel whose differences still stand. */
const ofReconciling = (name: string, route: string, reads: string, states: readonly State[]): Screen => ({
  ...{ name, as: 'bdc-catalog', states },
  route: `/channels/:id/reconciliations${route}`,
  path: async (find) => {
    const runs = `channels/${(await find('/api/v1/channels?alarm=unreconciled&limit=1')).id}/reconciliations`
    if (route === '') return `/${runs}`
    return `/${runs}/${(await find(`/api/v1/${runs}?limit=20`, (all) => all.find(({ repair }) => repair === 'held'))).id}`
  },
  reads: `**/api/v1/channels/*/reconciliations${reads}`,
})

const workbench: Screen = {
  name: 'workbench',
  route: '/',
  as: 'bdc-reviewer',
  path: () => '/',
  reads: '**/api/v1/tasks{?*,/counts}',
  states: own,
  phone: true,
}
const box = (name: string, as: string): Screen => ({
  name: `tasks-${name}`,
  route: `/tasks/${name}`,
  as,
  path: () => `/tasks/${name}`,
  reads: '**/api/v1/tasks{?*,/counts}',
  states: ['filled', 'empty'],
})
const verbOf = (name: string, words: string, as = 'bdc-reviewer', path = aCase('2027年度计划')): Screen => ({
  name: `case-${name}`,
  route: '/cases/:id',
  as,
  path,
  states: ['dialog'],
  moment: verb(words),
})

/** Three key pages as somebody sees them who has set larger letters or high contrast. */
const eased = (one: Screen): Screen[] => [
  { ...one, name: `${one.name}-contrast`, states: filled, phone: false, display: { textSize: 'normal', contrast: 'high' } },
  { ...one, name: `${one.name}-larger`, states: filled, phone: one.phone === true, display: { textSize: 'larger', contrast: 'normal' } },
]
const theCase: Screen = {
  name: 'case',
  route: '/cases/:id',
  as: 'bdc-reviewer',
  path: aCase('报送建设方案'),
  reads: '**/api/v1/cases/*',
  states: thing,
  phone: true,
  moment: async (page) => page.getByRole('button', { name: '事项内容', exact: true }).first().click(),
  phoneAt: (page) => page.getByRole('radiogroup', { name: '办理结果' }).first(),
}
const theProject: Screen = {
  name: 'project',
  route: '/projects/:id',
  as: 'bdc-reviewer',
  path: aProject('building'),
  reads: '**/api/v1/projects/*',
  states: thing,
  phone: true,
}

export const screens: readonly Screen[] = [
  { name: 'sign-in', route: '/', as: '', path: () => '/', states: filled, phone: true },
  {
    name: 'sign-in-callback',
    route: '/sign-in/callback',
    as: '',
    path: () => '/sign-in/callback?error=access_denied&state=none',
    states: ['refused'],
  },
  { name: 'password', route: '/password', as: 'bdc-reviewer', path: () => '/password', states: filled },
  workbench,
  // The same page for other duties.
  ...['drafter', 'bdc-director', 'supervisor', 'vice-mayor', 'system-admin', 'security-admin', 'audit-admin'].map(
    (as): Screen => ({ ...workbench, name: `workbench-${as}`, as, states: filled, phone: as === 'vice-mayor' }),
  ),
  box('done', 'bdc-reviewer'),
  box('started', 'drafter'),
  box('copied', 'vice-mayor'),
  box('drafts', 'drafter'),
  box('shelved', 'bdc-reviewer'),
  box('supervised', 'bdc-reviewer'),
  box('overseen', 'supervisor'),
  theCase,
  {
    name: 'case-lacks',
    route: '/cases/:id',
    as: 'bdc-reviewer',
    path: aCase('2027年度计划'),
    states: ['refused'],
    moment: async (page) => {
      const decide = page.locator('form.cases-decide').first()
      await decide.getByRole('radiogroup', { name: '办理结果' }).getByRole('radio').last().check()
      await decide.locator('button[type=submit]').click()
      await decide.evaluate((part) => part.scrollIntoView({ block: 'center' }))
    },
  },
  verbOf('transfer', '转办'),
  verbOf('entrust', '委托'),
  verbOf('countersign', '加签'),
  verbOf('extend', '申请延期', 'drafter', aCase('问题整改')),
  verbOf('shelve', '申请挂账', 'bdc-reviewer', aCase('报送建设方案')),
  verbOf('merge', '并案'),
  verbOf('copy', '抄送'),
  verbOf('urge', '催办', 'finance-budget', aCase('安排资金')),
  verbOf('void', '作废', 'finance-budget', aCase('安排资金')),
  verbOf('sign', '签署意见', 'drc-reviewer', aCase('2027年度计划')),
  verbOf(
    'oversee',
    '督办',
    'supervisor',
    async (find) =>
      `/cases/${(await find('/api/v1/oversight/tasks?limit=50', (all) => all.find((one) => one.mayReadCase === true))).caseId}`,
  ),
  {
    name: 'case-article',
    route: '/cases/:id',
    as: 'bdc-reviewer',
    path: aCase('报送建设方案'),
    states: ['dialog'],
    moment: async (page) => {
      await page.locator('.cases-articles .tc-chip').first().click()
      await page.getByRole('dialog').getByText('第').first().waitFor()
    },
  },
  {
    name: 'case-print',
    route: '/cases/:id/print',
    as: 'bdc-reviewer',
    path: async (find) => `/cases/${(await find('/api/v1/tasks?box=done&limit=50')).caseId}/print`,
    reads: '**/api/v1/cases/*',
    states: ['filled', 'paper', 'loading', 'error', 'forbidden'],
  },
  { name: 'cards', route: '/cards', as: 'emergency-management-head', path: () => '/cards', reads: '**/api/v1/cards*', states: own },
  {
    name: 'oversight',
    route: '/oversight',
    as: 'supervisor',
    path: () => '/oversight',
    reads: '**/api/v1/oversight/{tasks*,figures}',
    states: list,
    phone: true,
  },
  {
    name: 'oversight-cards',
    route: '/oversight/cards',
    as: 'supervisor',
    path: () => '/oversight/cards',
    reads: '**/api/v1/cards*',
    states: list,
  },
  {
    name: 'ranking',
    route: '/oversight/offices',
    as: 'supervisor',
    path: () => '/oversight/offices',
    reads: '**/api/v1/oversight/offices*',
    states: list,
  },
  {
    name: 'notices',
    route: '/notices',
    as: 'bdc-reviewer',
    path: () => '/notices',
    reads: '**/api/v1/notices?*',
    states: own,
    phone: true,
  },
  {
    name: 'overview',
    route: '/overview',
    as: 'vice-mayor',
    path: () => '/overview',
    reads: '**/api/v1/overview*',
    states: thing,
    phone: true,
  },
  { name: 'exports', route: '/exports', as: 'bdc-reviewer', path: () => '/exports', reads: '**/api/v1/exports*', states: own },
  {
    name: 'search',
    route: '/search',
    as: 'bdc-reviewer',
    path: () => '/search?q=系统',
    reads: '**/api/v1/search?*',
    states: own,
    phone: true,
  },
  {
    name: 'search-box',
    route: '/',
    as: 'bdc-reviewer',
    path: () => '/',
    states: ['dialog'],
    moment: async (page) => {
      await page.getByRole('combobox', { name: /搜索/ }).first().fill('审批')
      await page.getByRole('option').first().waitFor()
    },
  },
  {
    name: 'projects',
    route: '/projects',
    as: 'bdc-reviewer',
    path: () => '/projects',
    reads: '**/api/v1/projects?*',
    states: list,
    phone: true,
  },
  {
    name: 'projects-filtered',
    route: '/projects',
    as: 'bdc-reviewer',
    path: () => '/projects?stage=building&q=%E6%B2%A1%E6%9C%89%E8%BF%99%E4%B8%AA',
    states: ['empty'],
  },
  theProject,
  {
    name: 'project-print',
    route: '/projects/:id/print',
    as: 'bdc-reviewer',
    path: async (find) => `${await aProject('building')(find)}/print`,
    reads: '**/api/v1/projects/*',
    states: ['filled', 'paper'],
  },
  { name: 'proposal-new', route: '/projects/new', as: 'drafter', path: () => '/projects/new', states: form },
  {
    name: 'proposal-draft',
    route: '/projects/drafts/:id',
    as: 'drafter',
    path: async (find) => `/projects/drafts/${(await find('/api/v1/proposal-drafts')).id}`,
    reads: '**/api/v1/proposal-drafts/*',
    states: thing,
  },
  {
    name: 'proposal',
    route: '/projects/:id/edit',
    as: 'drafter',
    path: async (find) => `${await aProject('draft')(find)}/edit`,
    reads: '**/api/v1/projects/*',
    states: thing,
  },
  {
    name: 'project-act',
    route: '/projects/:id/acts/:act',
    as: 'drafter',
    path: async (find) => `${await aProject('draft')(find)}/acts/file-plan`,
    reads: '**/api/v1/projects/*',
    states: thing,
  },
  {
    name: 'project-act-refused',
    route: '/projects/:id/acts/:act',
    as: 'drafter',
    path: async (find) => `${await aProject('draft')(find)}/acts/file-plan`,
    states: ['refused'],
    moment: async (page) => {
      await page.getByRole('main').getByRole('button', { name: '报送年度计划' }).click()
      await page.getByRole('main').getByRole('alert').first().waitFor()
    },
  },
  { name: 'plans', route: '/plans', as: 'bdc-reviewer', path: () => '/plans', reads: '**/api/v1/plan-entries?*', states: list },
  { name: 'city-plans', route: '/city-plans', as: 'bdc-planner', path: () => '/city-plans', reads: '**/api/v1/city-plans*', states: list },
  {
    name: 'city-plan-new',
    route: '/city-plans/new',
    as: 'bdc-planner',
    path: () => '/city-plans/new',
    reads: '**/api/v1/plan-entries?*',
    states: list,
  },
  { name: 'city-plan', route: '/city-plans/:id', as: 'bdc-reviewer', path: aPlan, reads: '**/api/v1/city-plans/*', states: thing },
  {
    name: 'city-plan-edit',
    route: '/city-plans/:id/edit',
    as: 'bdc-planner',
    path: async (find) => `${await aPlan(find)}/edit`,
    reads: '**/api/v1/city-plans/*',
    states: thing,
  },
  {
    name: 'city-plan-print',
    route: '/city-plans/:id/print',
    as: 'bdc-reviewer',
    path: async (find) => `${await aPlan(find)}/print`,
    states: ['filled', 'paper'],
  },
  { name: 'systems', route: '/systems', as: 'bdc-reviewer', path: () => '/systems', reads: '**/api/v1/systems?*', states: list },
  { name: 'system', route: '/systems/:id', as: 'bdc-reviewer', path: aSystem, reads: '**/api/v1/systems/*', states: thing },
  { name: 'system-new', route: '/systems/new', as: 'drafter', path: () => '/systems/new', states: form },
  {
    name: 'system-edit',
    route: '/systems/:id/edit',
    as: 'civil-affairs-clerk',
    path: async (find) => `${await aSystem(find)}/edit`,
    reads: '**/api/v1/systems/*',
    states: thing,
  },
  { name: 'catalog', route: '/catalog', as: 'bdc-reviewer', path: () => '/catalog', reads: '**/api/v1/catalog/resources?*', states: list },
  {
    name: 'catalog-classes',
    route: '/catalog/classes',
    as: 'bdc-catalog',
    path: () => '/catalog/classes',
    reads: '**/api/v1/catalog/classes?*',
    states: ['filled', 'loading', 'error', 'forbidden'],
  },
  {
    name: 'resource-packs',
    route: '/resource-packs',
    as: 'civil-affairs-data',
    path: () => '/resource-packs',
    reads: '**/api/v1/resource-packs?*',
    states: list,
  },
  {
    name: 'libraries',
    route: '/libraries',
    as: 'bdc-catalog',
    path: () => '/libraries',
    reads: '**/api/v1/libraries?*',
    states: list,
  },
  {
    name: 'library-batches',
    route: '/libraries/:id/batches',
    as: 'bdc-catalog',
    path: async (find) => `${await aLibrary(find)}/batches`,
    reads: '**/api/v1/libraries/*/batches?*',
    states: list,
  },
  {
    name: 'quarantine',
    route: '/quarantine',
    as: 'civil-affairs-data',
    path: () => '/quarantine',
    reads: '**/api/v1/quarantine?*',
    states: list,
  },
  {
    name: 'quarantine-line',
    route: '/quarantine/:id',
    as: 'civil-affairs-data',
    path: async (find) => `/quarantine/${(await find('/api/v1/quarantine?limit=1')).id}`,
    reads: '**/api/v1/quarantine/*',
    states: ['filled', 'loading', 'error', 'forbidden'],
  },
  {
    name: 'channels',
    route: '/channels',
    as: 'bdc-catalog',
    path: () => '/channels',
    reads: '**/api/v1/channels?*',
    states: list,
  },
  {
    name: 'subscriptions',
    route: '/subscriptions',
    as: 'bdc-catalog',
    path: () => '/subscriptions',
    reads: '**/api/v1/subscriptions?*',
    states: list,
    phone: true,
  },
  {
    name: 'channel-new',
    route: '/channels/new',
    as: 'bdc-catalog',
    path: () => '/channels/new',
    states: form,
  },
  {
    name: 'channel',
    route: '/channels/:id',
    as: 'bdc-catalog',
    path: async (find) => `/channels/${(await find('/api/v1/channels?alarm=failing&limit=1')).id}`,
    reads: '**/api/v1/channels/*',
    states: ['filled', 'loading', 'error', 'forbidden'],
  },
  ofReconciling('reconciliations', '', '*', ['filled', 'empty', 'loading', 'error']),
  ofReconciling('reconciliation-differences', '/:reconciliation', '/*/differences*', ['filled', 'loading', 'error']),
  {
    name: 'reconciliations-repaired',
    route: '/channels/:id/reconciliations',
    as: 'bdc-catalog',
    path: async (find) => `${await aChannel(find, '机动车')}/reconciliations`,
    states: filled,
  },
  {
    name: 'interfaces',
    route: '/interfaces',
    as: 'bdc-catalog',
    path: () => '/interfaces',
    reads: '**/api/v1/interfaces?*',
    states: list,
    phone: true,
  },
  {
    name: 'interface',
    route: '/interfaces/:id',
    as: 'bdc-catalog',
    path: anInterface('in-use'),
    reads: '**/api/v1/interfaces/*',
    states: thing,
    phone: true,
  },
  {
    name: 'interface-submitted',
    route: '/interfaces/:id',
    as: 'bdc-engineer',
    path: anInterface('submitted'),
    states: filled,
  },
  {
    name: 'interface-registration',
    route: '/interfaces/:id/registration',
    as: 'housing-fund-data',
    path: async (find) => `${await anInterface('in-use')(find)}/registration`,
    states: form,
  },
  {
    name: 'interface-query',
    route: '/libraries/:id/records',
    as: 'civil-affairs-user',
    path: async (find) => {
      const { id, resource } = await find('/api/v1/sharing/grants?limit=50', (all) =>
        all.find((one) => (one.resource as Item).name === '公积金缴存信息'),
      )
      return `/libraries/${(resource as Item).id}/records?grant=${id}`
    },
    states: ['refused'],
    moment: async (page) => {
      const query = page.locator('.tc-record-query')
      await query.getByRole('combobox', { name: '筛选', exact: true }).click()
      await page
        .getByRole('option', { name: '身份证号' })
        .or(page.locator('.ant-select-item-option', { hasText: '身份证号' }))
        .last()
        .click()
      await query.getByRole('textbox', { name: '筛选值' }).fill('15030219800101000X')
      await query.getByRole('button', { name: '查询' }).click()
      await page.getByRole('alert').first().waitFor()
    },
  },
  {
    name: 'interface-addresses',
    route: '/interface-addresses',
    as: 'security-admin',
    path: () => '/interface-addresses',
    reads: '**/api/v1/interface-addresses?*',
    states: list,
  },
  {
    name: 'channel-monitor',
    route: '/channel-monitor',
    as: 'bdc-catalog',
    path: () => '/channel-monitor',
    reads: '**/api/v1/channel-monitor',
    states: ['filled', 'loading', 'error', 'forbidden'],
  },
  {
    name: 'library-records',
    route: '/libraries/:id/records',
    as: 'bdc-catalog',
    path: async (find) => `${await aLibrary(find)}/records`,
    states: form,
    moment: async (page) => {
      await page.getByRole('combobox', { name: '用途' }).click()
      await page.locator('.ant-select-item-option').first().click()
      await page.getByRole('textbox', { name: '事由' }).fill('抽查登记数据质量')
      await page.getByRole('button', { name: '查询', exact: true }).click()
      await page.getByRole('table', { name: '查询结果' }).waitFor()
    },
  },
  {
    name: 'comparison-runs',
    route: '/comparison-runs',
    as: 'bdc-catalog',
    path: () => '/comparison-runs',
    reads: '**/api/v1/comparison-runs?*',
    states: list,
  },
  {
    name: 'comparison-run',
    route: '/comparison-runs/:id',
    as: 'bdc-catalog',
    path: async (find) => `/comparison-runs/${(await find('/api/v1/comparison-runs?limit=1')).id}`,
    reads: '**/api/v1/comparison-runs/*',
    states: thing,
  },
  {
    name: 'comparison-findings',
    route: '/comparison-findings',
    as: 'bdc-catalog',
    path: () => '/comparison-findings',
    reads: '**/api/v1/comparison-findings?*',
    states: list,
  },
  {
    name: 'comparison-finding',
    route: '/comparison-findings/:id',
    as: 'bdc-catalog',
    path: async (find) => `/comparison-findings/${(await find('/api/v1/comparison-findings?kind=group&state=handled&limit=1')).id}`,
    reads: '**/api/v1/comparison-findings/*',
    states: thing,
  },
  {
    name: 'person-looks',
    route: '/record-looks',
    as: 'audit-admin',
    path: () => '/record-looks',
    states: form,
    phone: true,
  },
  {
    name: 'catalog-search',
    route: '/catalog/search',
    as: 'bdc-reviewer',
    path: () => '/catalog/search?q=xinxi',
    reads: '**/api/v1/catalog/search?*',
    states: ['filled', 'empty', 'loading', 'error', 'forbidden'],
  },
  {
    name: 'catalog-imports',
    route: '/catalog/imports',
    as: 'civil-affairs-data',
    path: () => '/catalog/imports',
    reads: '**/api/v1/catalog/imports?*',
    states: ['filled', 'loading', 'error', 'forbidden'],
  },
  {
    name: 'catalog-import',
    route: '/catalog/imports/:id',
    as: 'civil-affairs-data',
    path: () => '/catalog/imports',
    moment: importCatalog,
    states: ['dialog'],
  },
  { name: 'resource', route: '/catalog/:id', as: 'bdc-reviewer', path: aResource, reads: '**/api/v1/catalog/resources/*', states: thing },
  { name: 'resource-new', route: '/catalog/new', as: 'civil-affairs-data', path: () => '/catalog/new', states: form },
  {
    name: 'resource-edit',
    route: '/catalog/:id/edit',
    as: 'emergency-management-data',
    path: async (find) =>
      `/catalog/${(await find('/api/v1/catalog/resources?limit=50', (all) => all.find((one) => one.state === 'draft'))).id}/edit`,
    reads: '**/api/v1/catalog/resources/*',
    states: thing,
  },
  {
    name: 'catalog-responsibilities',
    route: '/catalog/responsibilities',
    as: 'bdc-catalog',
    path: () => '/catalog/responsibilities',
    reads: '**/api/v1/catalog/responsibilities?*',
    states: list,
    phone: true,
  },
  {
    name: 'catalog-unshared',
    route: '/catalog/unshared',
    as: 'bdc-catalog',
    path: () => '/catalog/unshared',
    reads: '**/api/v1/catalog/unshared?*',
    states: list,
    phone: true,
  },
  {
    name: 'catalog-amendments',
    route: '/catalog/amendments',
    as: 'bdc-catalog',
    path: () => '/catalog/amendments',
    reads: '**/api/v1/catalog/amendments?*',
    states: list,
  },
  {
    name: 'catalog-change',
    route: '/catalog/amendments/:id',
    as: 'bdc-catalog',
    path: anAmendment('kind=change&state=secrecy-reviewed'),
    reads: '**/api/v1/catalog/amendments/*',
    states: thing,
    phone: true,
  },
  {
    name: 'catalog-withdrawal',
    route: '/catalog/amendments/:id',
    as: 'bdc-catalog',
    path: anAmendment('kind=withdrawal'),
    reads: '**/api/v1/catalog/amendments/*',
    states: filled,
  },
  {
    name: 'catalog-change-edit',
    route: '/catalog/amendments/:id/edit',
    as: 'civil-affairs-data',
    path: async (find) => `${await anAmendment('kind=change&state=draft&orgId=civil-affairs')(find)}/edit`,
    reads: '**/api/v1/catalog/amendments/*',
    states: thing,
  },
  {
    name: 'catalog-change-begin',
    route: '/catalog/:id/change',
    as: 'civil-affairs-data',
    path: async (find) => `${await anOwnResource(find)}/change`,
    reads: '**/api/v1/catalog/resources/*',
    states: thing,
  },
  {
    name: 'catalog-withdrawal-begin',
    route: '/catalog/:id/withdrawal',
    as: 'civil-affairs-data',
    path: async (find) => `${await anOwnResource(find)}/withdrawal`,
    reads: '**/api/v1/catalog/resources/*',
    states: thing,
  },
  {
    name: 'resource-withdrawn',
    route: '/catalog/:id',
    as: 'bdc-catalog',
    path: async (find) => `/catalog/${(await find('/api/v1/catalog/resources?state=withdrawn')).id}`,
    states: filled,
  },
  {
    name: 'problems',
    route: '/problems',
    as: 'bdc-supervision',
    path: () => '/problems',
    reads: '**/api/v1/supervision/problems?*',
    states: list,
  },
  { name: 'problem-new', route: '/problems/new', as: 'bdc-supervision', path: () => '/problems/new', states: form },
  {
    name: 'problem',
    route: '/problems/:id',
    as: 'bdc-supervision',
    path: aProblem,
    reads: '**/api/v1/supervision/problems/*',
    states: thing,
  },
  {
    name: 'problem-edit',
    route: '/problems/:id/edit',
    as: 'bdc-supervision',
    path: async (find) =>
      `/problems/${(await find('/api/v1/supervision/problems?limit=50', (all) => all.find((one) => one.state === 'found') ?? all[0])).id}/edit`,
    reads: '**/api/v1/supervision/problems/*',
    states: thing,
  },
  {
    name: 'problem-print',
    route: '/problems/:id/print',
    as: 'bdc-supervision',
    path: async (find) => `${await aProblem(find)}/print`,
    reads: '**/api/v1/supervision/problems/*',
    states: ['filled', 'paper'],
  },
  {
    name: 'withheld',
    route: '/withheld-records',
    as: 'bdc-supervision',
    path: () => '/withheld-records',
    reads: '**/api/v1/supervision/withheld-records?*',
    states: list,
  },
  { name: 'withheld-new', route: '/withheld-records/new', as: 'bdc-supervision', path: () => '/withheld-records/new', states: form },
  {
    name: 'withheld-record',
    route: '/withheld-records/:id',
    as: 'bdc-supervision',
    path: async (find) => `/withheld-records/${(await find('/api/v1/supervision/withheld-records')).id}`,
    reads: '**/api/v1/supervision/withheld-records/*',
    states: thing,
  },
  { name: 'policy-packs', route: '/policy', as: 'bdc-reviewer', path: () => '/policy', reads: '**/api/v1/policy-packs*', states: own },
  {
    name: 'policy',
    route: '/policy/:pack/:article?',
    as: 'bdc-reviewer',
    path: () => '/policy/wuhai-2023/WH23-4',
    reads: '**/api/v1/policy-packs/wuhai-2023',
    states: ['filled', 'loading', 'error'],
  },
  {
    name: 'organisations',
    route: '/organisations',
    as: 'bdc-reviewer',
    path: () => '/organisations',
    reads: '**/api/v1/organisations?*',
    states: own,
  },
  {
    name: 'organisation',
    route: '/organisations/:id',
    as: 'system-admin',
    path: () => '/organisations/big-data-center',
    reads: '**/api/v1/organisations/big-data-center',
    states: ['filled', 'loading', 'error'],
  },
  { name: 'people', route: '/people', as: 'system-admin', path: () => '/people', reads: '**/api/v1/people?*', states: list },
  { name: 'person-new', route: '/people', as: 'system-admin', path: () => '/people', states: ['dialog'], moment: press('登记人员') },
  {
    name: 'reorganisations',
    route: '/reorganisations',
    as: 'system-admin',
    path: () => '/reorganisations',
    reads: '**/api/v1/reorganisations?*',
    states: list,
  },
  { name: 'reorganisation-new', route: '/reorganisations/new', as: 'system-admin', path: () => '/reorganisations/new', states: form },
  {
    name: 'reorganisation',
    route: '/reorganisations/:id',
    as: 'system-admin',
    path: async (find) => `/reorganisations/${(await find('/api/v1/reorganisations')).id}`,
    reads: '**/api/v1/reorganisations*',
    states: thing,
  },
  { name: 'superiors', route: '/superiors', as: 'system-admin', path: () => '/superiors', reads: '**/api/v1/superiors?*', states: list },
  {
    name: 'delegations',
    route: '/delegations',
    as: 'bdc-reviewer',
    path: () => '/delegations',
    reads: '**/api/v1/me/delegations?*',
    states: own,
  },
  { name: 'tokens', route: '/tokens', as: 'bdc-reviewer', path: () => '/tokens', reads: '**/api/v1/tokens?*', states: own },
  { name: 'token-new', route: '/tokens', as: 'bdc-reviewer', path: () => '/tokens', states: ['dialog'], moment: press('签发令牌') },
  {
    name: 'settings',
    route: '/settings',
    as: 'bdc-reviewer',
    path: () => '/settings',
    reads: '**/api/v1/me/{second-factor,preferences}',
    states: ['filled', 'loading', 'error'],
    phone: true,
  },
  { name: 'second-factor', route: '/second-factor', as: 'bdc-reviewer', path: () => '/second-factor', states: filled },
  {
    name: 'security',
    route: '/security',
    as: 'security-admin',
    path: () => '/security',
    reads: '**/api/v1/security-settings',
    states: thing,
  },
  {
    name: 'security-sessions',
    route: '/security/sessions',
    as: 'security-admin',
    path: () => '/security/sessions',
    reads: '**/api/v1/sessions?*',
    states: list,
  },
  {
    name: 'security-tokens',
    route: '/security/tokens',
    as: 'security-admin',
    path: () => '/security/tokens',
    reads: '**/api/v1/tokens?*',
    states: list,
  },
  {
    name: 'security-factors',
    route: '/security/second-factors',
    as: 'security-admin',
    path: () => '/security/second-factors',
    reads: '**/api/v1/second-factors?*',
    states: list,
  },
  {
    name: 'calendar',
    route: '/calendar',
    as: 'bdc-reviewer',
    path: () => '/calendar',
    reads: '**/api/v1/calendar/notices*',
    states: ['filled', 'loading', 'error'],
    phone: true,
  },
  { name: 'calendar-provisional', route: '/calendar', as: 'supervisor', path: () => '/calendar?year=2027', states: filled },
  { name: 'calendar-month', route: '/calendar', as: 'bdc-reviewer', path: () => '/calendar?year=2026&month=10', states: filled },
  {
    name: 'calendar-notice',
    route: '/calendar/notices/new',
    as: 'system-admin',
    path: () => '/calendar/notices/new?year=2027',
    states: form,
  },
  {
    name: 'office-hours-new',
    route: '/calendar/office-hours/new',
    as: 'system-admin',
    path: () => '/calendar/office-hours/new',
    states: form,
  },
  {
    name: 'office-hours',
    route: '/calendar/office-hours/:id',
    as: 'system-admin',
    path: async (find) => `/calendar/office-hours/${(await find('/api/v1/calendar/office-hours')).id}`,
    states: form,
  },
  {
    name: 'recomputed',
    route: '/calendar/recomputed',
    as: 'supervisor',
    path: () => '/calendar/recomputed',
    reads: '**/api/v1/calendar/recomputed-deadlines*',
    states: list,
  },
  // Nothing fails in the demo city, and a picture of a failure would be made up.
  {
    name: 'failed-jobs',
    route: '/jobs',
    as: 'system-admin',
    path: () => '/jobs',
    reads: '**/api/v1/jobs/failed*',
    states: ['empty', 'loading', 'error', 'forbidden'],
  },
  { name: 'audit', route: '/audit', as: 'audit-admin', path: () => '/audit', reads: '**/api/v1/audit/events?*', states: list },
  {
    name: 'audit-statistics',
    route: '/audit/statistics',
    as: 'audit-admin',
    path: () => '/audit/statistics',
    reads: '**/api/v1/audit/statistics*',
    states: thing,
  },
  {
    name: 'audit-chain',
    route: '/audit/chain',
    as: 'audit-admin',
    path: () => '/audit/chain',
    reads: '**/api/v1/audit/chain',
    states: thing,
  },
  {
    name: 'evidence',
    route: '/evidence',
    as: 'audit-admin',
    path: async (find) => `/evidence?event=${(await find('/api/v1/audit/events?action=project.acceptance&limit=1')).seq}`,
    reads: '**/api/v1/evidence/events/*/receipt',
    states: ['filled', 'loading', 'error'],
    phone: true,
  },
  {
    name: 'market',
    route: '/market',
    as: 'health-data',
    path: () => '/market',
    reads: '**/api/v1/catalog/search?*',
    states: list,
  },
  {
    name: 'market-ask',
    route: '/market/:id',
    as: 'health-data',
    path: anOffer,
    reads: '**/api/v1/sharing/offers/*',
    states: thing,
  },
  {
    name: 'sharing-mine',
    route: '/sharing/mine',
    as: 'health-data',
    path: () => '/sharing/mine',
    reads: '**/api/v1/sharing/requests?*',
    states: list,
  },
  {
    name: 'sharing-ours',
    route: '/sharing/ours',
    as: 'civil-affairs-data',
    path: () => '/sharing/ours',
    reads: '**/api/v1/sharing/requests?*',
    states: list,
  },
  {
    name: 'sharing-requests',
    route: '/sharing/requests',
    as: 'bdc-reviewer',
    path: () => '/sharing/requests',
    reads: '**/api/v1/sharing/requests?*',
    states: list,
  },
  {
    name: 'sharing-request',
    route: '/sharing/requests/:id',
    as: 'bdc-reviewer',
    path: aSharing('requests'),
    reads: '**/api/v1/sharing/requests/*',
    states: thing,
  },
  {
    name: 'sharing-request-edit',
    route: '/sharing/requests/:id/edit',
    as: 'bdc-reviewer',
    path: async (find) => `${await aSharing('requests')(find)}/edit`,
    states: filled,
  },
  {
    name: 'sharing-decision',
    route: '/sharing/requests/:id/decision',
    as: 'bdc-reviewer',
    path: async (find) => `${await aSharing('requests')(find)}/decision`,
    states: filled,
  },
  {
    name: 'sharing-grants',
    route: '/sharing/grants',
    as: 'bdc-reviewer',
    path: () => '/sharing/grants',
    reads: '**/api/v1/sharing/grants?*',
    states: list,
  },
  {
    name: 'sharing-grant',
    route: '/sharing/grants/:id',
    as: 'bdc-reviewer',
    path: aSharing('grants'),
    reads: '**/api/v1/sharing/grants/*',
    states: thing,
  },
  { name: 'own-records', route: '/my-records', as: 'bdc-reviewer', path: () => '/my-records', reads: '**/api/v1/me/audit?*', states: own },
  {
    name: 'enterprises',
    route: '/enterprises',
    as: 'bdc-reviewer',
    path: () => '/enterprises',
    reads: '**/api/v1/enterprises?*',
    states: list,
  },
  {
    name: 'enterprise',
    route: '/enterprises/:id',
    as: 'bdc-reviewer',
    path: async (find) => `/enterprises/${(await find('/api/v1/enterprises?limit=50')).id}`,
    reads: '**/api/v1/enterprises/*',
    states: thing,
  },
  { name: 'relations', route: '/relations', as: 'bdc-reviewer', path: () => '/relations', reads: '**/api/v1/relations?*', states: list },
  {
    name: 'supplier-contracts',
    route: '/supplier-contracts',
    as: 'shuyun-agent',
    path: () => '/supplier-contracts',
    reads: '**/api/v1/supplier-contracts?*',
    states: own,
    phone: true,
  },
  {
    name: 'supplier-contract',
    route: '/supplier-contracts/:id',
    as: 'shuyun-agent',
    path: async (find) => `/supplier-contracts/${(await find('/api/v1/supplier-contracts?limit=50')).id}`,
    reads: '**/api/v1/supplier-contracts/*',
    states: ['filled', 'loading', 'error'],
    phone: true,
  },
  {
    name: 'relations-police',
    route: '/relations',
    as: 'police-officer',
    path: () => '/relations',
    reads: '**/api/v1/relations?*',
    states: ['filled'],
  },
  {
    name: 'own-looks',
    route: '/own-looks',
    as: 'citizen-a',
    path: () => '/own-looks',
    reads: '**/api/v1/record-looks/own*',
    states: own,
    phone: true,
  },
  ...[workbench, theCase, theProject].flatMap(eased),
  { name: 'old-browser', route: '*', as: '', path: () => '/', states: ['refused'], oldBrowser: true },
  { name: 'unknown-page', route: '*', as: 'bdc-reviewer', path: () => '/no-such-page', states: ['error'] },
]
