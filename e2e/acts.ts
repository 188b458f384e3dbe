import { expect } from 'vitest'
import type { Person } from './person.ts'

/** Signs in by name and password, as outside the demo list. */
export async function signInWith(person: Person, username: string, password: string): Promise<void> {
  await person.open('/')
  await person.page.getByText('使用账号口令登录').click()
  await person.type('用户名', username)
  await person.type('口令', password)
  await person.press('登录')
}

/** Gives oneself a password in place of the first one (修改初始口令). */
export async function firstPassword(person: Person, first: string, own: string): Promise<void> {
  await person.type('现用口令', first)
  await person.type('新口令', own)
  await person.type('再次填写新口令', own)
  await person.press('修改口令')
}

/** Opens the task of this step on this subject from the work list (打开待办). */
export async function takeUp(person: Person, step: string, subject: string): Promise<void> {
  await person.open('/')
  const line = person.page.getByRole('table', { name: '待办事项' }).getByRole('row').filter({ hasText: subject }).filter({ hasText: step })
  // The name of the matter, which is where the keyboard stops; the button beside it goes to the same place.
  await person.follow(/^(?!办理)/, line)
  await person.page.getByRole('region', { name: step, exact: true }).first().waitFor()
  await person.settled()
}

export interface Decision {
  opinion?: string
  /** Fills in the form of the step, with what is on the right of the file. */
  fill?: (person: Person) => Promise<void>
}

/** Decides the open task with this outcome (办理) and waits until it has been taken. */
export async function decide(person: Person, outcome: string, decision: Decision = {}): Promise<void> {
  const signed = person.page.getByRole('region', { name: '办理意见' }).locator('ol > li')
  const before = await signed.count()
  await tryToDecide(person, outcome, decision)
  // The same person may hold the next step as well, so it is the signature that tells.
  await signed.nth(before).waitFor()
  await person.settled()
}

/** Decides the open task, whatever the answer is. */
export async function tryToDecide(person: Person, outcome: string, { opinion, fill }: Decision = {}): Promise<void> {
  const form = person.page.locator('form.cases-decide')
  const results = form.getByRole('radiogroup', { name: '办理结果' })
  if (await results.count()) await person.pick('办理结果', outcome, form)
  await fill?.(person)
  if (opinion !== undefined) await person.type('办理意见', opinion, form)
  await person.press(outcome, form)
}

/** A refusal as a reader should find it: the article, what is wrong, what cures it. */
export interface Refusal {
  /** 第四条. */
  article: string
  /** Words of the finding. */
  says: string
  cure: string
  /** Words of the article itself, behind the chip. */
  text: string
}

/** The act was refused on the screen: the finding stands beside the act and is seen whole, its article opens in place, its cure is said. */
export async function isRefused(person: Person, act: string, refusal: Refusal): Promise<void> {
  const { page } = person
  const alert = page.getByRole('alert').filter({ hasText: `${act}未成，原因如下` })
  await alert.waitFor()
  await expect.poll(() => alert.evaluate(isReadable), { timeout: 5000 }).toBe(true)
  const finding = alert.getByRole('listitem').filter({ hasText: refusal.says })
  const words = await finding.innerText()
  expect(words).toContain(`办法：${refusal.cure}`)
  expect(words).toMatch(/(?:依据|尚缺)事实：\S/)
  await person.press(`乌海办法（2023）${refusal.article}`, finding)
  const drawer = page.getByRole('dialog', { name: `乌海办法（2023）${refusal.article}` })
  await person.sees(refusal.text, drawer)
  await person.settled()
  await page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'hidden' })
}

/** Runs in the page: the keyboard stands at the reasons or among them, and the bar at the end of the form covers none of them. */
function isReadable(reasons: Element): boolean {
  const bar = reasons.parentElement?.querySelector(':scope > .tc-send')
  const end = bar ? bar.getBoundingClientRect().top : window.innerHeight
  return reasons.contains(document.activeElement) && reasons.getBoundingClientRect().bottom <= end
}

/** Opens a project from the list of projects. */
export async function openProject(person: Person, name: string): Promise<void> {
  await person.open('/projects')
  await person.follow(name)
  await person.page.getByRole('heading', { level: 1, name }).waitFor()
  await person.settled()
}

/** Begins an act on the page of a project: its button, or its line under 更多办理. The page that opens is named after the act. */
export async function beginAct(person: Person, project: string, act: string): Promise<void> {
  await openProject(person, project)
  const { page } = person
  const button = page.getByRole('button', { name: act, exact: true })
  if (await button.count()) await person.press(act)
  else await person.command('更多办理', act)
  await page.getByRole('heading', { level: 1, name: new RegExp(`^${act}`) }).waitFor()
  await person.settled()
}

/** Hands in what has been begun and waits for the page of its case. */
export async function handIn(person: Person, submit: string): Promise<void> {
  await person.press(submit)
  await person.page.waitForURL(/\/cases\//)
  await person.settled()
}

/** Answers the secrecy question with no, which has to come before anything else. */
export async function declareNotSecret(person: Person): Promise<void> {
  await person.pick('是否涉及国家秘密', '否，不涉及国家秘密')
  await person.press('继续')
}
