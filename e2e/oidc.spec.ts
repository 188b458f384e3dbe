import { afterAll, expect, test } from 'vitest'
import { announcedProvider, client } from '../modules/identity/server/oidc.given.ts'
import { browsedCity, needsBrowser } from './city.ts'
import type { Person } from './person.ts'

// The city's sign-on (统一身份认证), pressed: a real OpenID Connect provider with a page of its own, at an address of its own.
const provider = await announcedProvider()
afterAll(() => provider.close())
const label = '乌海统一身份'
const { address, signInAs, stranger } = await browsedCity({ oidc: { ...client, issuer: provider.issuer, label } })
provider.serve(address, true)

const isIn = (person: Person) => person.page.getByRole('button', { name: '退出' }).waitFor()

/** Presses at the sign-on, which is another site. */
async function atSignOn(person: Person, button: string): Promise<void> {
  await person.page.waitForURL(`${provider.issuer}/interaction/**`)
  await person.sees('城市统一身份认证')
  await person.press(button)
}

test('is bound by the person from the settings, and from then on signs in, under a session that says so', async (context) => {
  needsBrowser(context)
  provider.state.person = 'zhang.san'
  const clerk = await signInAs('clerk')
  await clerk.open('/settings')
  await clerk.sees('尚未绑定')
  await clerk.press('绑定')
  await atSignOn(clerk, '同意登录')
  await clerk.page.waitForURL('**/settings')
  await clerk.settled()
  await clerk.sees('已绑定')

  const door = await stranger()
  await door.open('/')
  await door.press(`使用${label}登录`)
  await atSignOn(door, '同意登录')
  await isIn(door)
  await door.settled()
  await door.sees('民政申报员')
  expect(new URL(door.page.url()).search, 'nothing of the code stays in the address').toBe('')
  const sessions = await door.page.evaluate(async () => (await fetch('/api/v1/sessions')).json())
  const current = sessions.items.find((one: { current: boolean }) => one.current)
  expect(current).toMatchObject({ signedInBy: 'oidc' })
})

test('an identity that is bound to no account opens nothing and is told whom to turn to', async (context) => {
  needsBrowser(context)
  provider.state.person = 'nobody.bound'
  const door = await stranger()
  await door.open('/')
  await door.press(`使用${label}登录`)
  await atSignOn(door, '同意登录')
  await door.sees(/绑定/)
  await door.check()
  await door.follow('返回登录')
  await door.settled()
})

test('who presses 取消 at the sign-on comes back to a page that says so, and may use the password', async (context) => {
  needsBrowser(context)
  const door = await stranger()
  await door.open('/')
  await door.press(`使用${label}登录`)
  await atSignOn(door, '取消')
  await door.sees('统一身份认证没有完成登录')
  await door.follow('返回登录')
  await door.settled()
  await door.page.getByText('使用账号口令登录').waitFor()
})

test('an address with a code that this browser did not ask for opens nothing', async (context) => {
  needsBrowser(context)
  const lured = await stranger()
  await lured.page.goto('/sign-in/callback?code=of-somebody-else&state=forged')
  await lured.page.getByRole('alert').waitFor()
  await lured.check()
  await lured.follow('返回登录')
  await lured.settled()
  expect(await lured.page.getByRole('button', { name: '退出' }).count()).toBe(0)
})
