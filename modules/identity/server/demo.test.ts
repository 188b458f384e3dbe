import { testDatabase } from '@tongchou/testing'
import { expect, test } from 'vitest'
import { createAccount } from './account.service.ts'
import { browser, givenOrganisation, givenPlatform, signedIn } from './identity.given.ts'
import { hashPassword } from './password.ts'
import { createPerson, createPost } from './post.service.ts'

const { db } = await testDatabase()
const published = 'Tongchou-demo-2026'
const { app, ctx } = await givenPlatform(db, { password: published })
const elsewhere = await givenPlatform(db, null)
const publishedHash = await hashPassword(published)

async function givenDemoAccount(username: string, duties: string[]) {
  await givenOrganisation(ctx, 'civil-affairs')
  const person = await createPerson(ctx, { name: `${username}员` })
  await createPost(ctx, { personId: person.id, organisationId: 'civil-affairs', title: '科员', duties })
  return createAccount(ctx, { personId: person.id, username, credential: { publishedHash } })
}

test('everybody may see the demo accounts, and each is ready to use with the duties it promises', async () => {
  await givenDemoAccount('demo-applicant', ['applicant'])
  await givenDemoAccount('demo-finance', ['finance'])
  const list = await browser(app).send('GET', '/demo/accounts')
  expect(list.statusCode).toBe(200)
  expect(list.json()).toEqual({
    items: [
      {
        username: 'demo-applicant',
        password: published,
        displayName: 'demo-applicant员',
        title: '科员',
        organisation: 'civil-affairs局',
        roles: ['applicant'],
      },
      {
        username: 'demo-finance',
        password: published,
        displayName: 'demo-finance员',
        title: '科员',
        organisation: 'civil-affairs局',
        roles: ['finance'],
      },
    ],
  })
  for (const { username, password, roles } of list.json().items) {
    const me = (await (await signedIn(app, username, password)).send('GET', '/me')).json()
    expect(me).toMatchObject({ roles, demo: true })
  }
})

test('an account whose password was changed is not offered any more', async () => {
  await givenDemoAccount('demo-own', ['audit'])
  const one = await signedIn(app, 'demo-own', published)
  expect((await one.send('POST', '/me/password', { currentPassword: published, newPassword: 'My-own-2026-pass' })).statusCode).toBe(204)
  const items: { username: string }[] = (await browser(app).send('GET', '/demo/accounts')).json().items
  expect(items.map((item) => item.username)).not.toContain('demo-own')
})

test('a real account is never offered', async () => {
  const person = await createPerson(ctx, { name: '真人' })
  await createPost(ctx, { personId: person.id, organisationId: 'civil-affairs', title: '科员', duties: [] })
  await createAccount(ctx, { personId: person.id, username: 'real-one', credential: { password: published, mustChange: false } })
  expect((await browser(app).send('GET', '/demo/accounts')).body).not.toContain('real-one')
})

test('outside demo mode there is no list, and the published password opens nothing', async () => {
  const list = await browser(elsewhere.app).send('GET', '/demo/accounts')
  expect([list.statusCode, list.json().code]).toEqual([404, 'demo.off'])
  const answer = await browser(elsewhere.app).send('POST', '/sessions', { username: 'demo-applicant', password: published })
  expect([answer.statusCode, answer.json().code]).toEqual([403, 'account.demo_only'])
  expect(answer.headers['set-cookie']).toBeUndefined()
})
