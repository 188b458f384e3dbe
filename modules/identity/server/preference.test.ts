import { testDatabase } from '@tongchou/testing'
import { describe, expect, test } from 'vitest'
import { auditOf, browser, givenAccount, givenPlatform, signedIn } from './identity.given.ts'

const { db } = await testDatabase()
const { app, ctx } = await givenPlatform(db)

describe('个人设置', () => {
  test('begin with the defaults, are kept for the account, and leave what was not named as it was', async () => {
    const who = await givenAccount(ctx, 'reader', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'reader')
    const defaults = {
      textSize: 'normal',
      contrast: 'normal',
      noticeWishes: { sms: true, mail: true },
      savedViews: {},
      hiddenColumns: {},
      defaultPost: null,
    }
    expect((await one.send('GET', '/me/preferences')).json()).toEqual(defaults)
    const views = { projects: [{ name: '本年度在建', filters: { stage: 'building', year: '2026' } }] }
    expect((await one.send('PUT', '/me/preferences', { savedViews: views })).json()).toEqual({ ...defaults, savedViews: views })
    const changed = await one.send('PUT', '/me/preferences', { textSize: 'larger', contrast: 'high' })
    expect(changed.json()).toEqual({ ...defaults, textSize: 'larger', contrast: 'high', savedViews: views })
    const elsewhere = await signedIn(app, 'reader')
    expect((await elsewhere.send('GET', '/me/preferences')).json()).toEqual(changed.json())
    expect((await elsewhere.send('GET', '/me')).json().display).toEqual({ textSize: 'larger', contrast: 'high' })
    expect((await auditOf(ctx, who.accountId)).filter((row) => row.action === 'account.preferences_changed')).toMatchObject([
      { detail: { parts: ['savedViews'] } },
      { detail: { parts: ['contrast', 'textSize'] } },
    ])
  })

  test('are each account their own', async () => {
    await givenAccount(ctx, 'neighbour', 'civil-affairs', ['applicant'])
    const one = await signedIn(app, 'neighbour')
    expect((await one.send('GET', '/me/preferences')).json().textSize).toBe('normal')
    expect((await browser(app).send('GET', '/me/preferences')).statusCode).toBe(401)
    expect((await browser(app).send('PUT', '/me/preferences', { textSize: 'large' })).statusCode).toBe(401)
  })

  const view = (name: string, filters: object) => ({ name, filters })
  test.each([
    ['an unknown size', { textSize: 'huge' }, 400],
    ['an unknown part', { theme: 'dark' }, 400],
    ['half a wish', { noticeWishes: { sms: true } }, 400],
    ['a kind that nobody may decline', { noticeWishes: { sms: true, mail: true, declined: { sms: ['red'], mail: [] } } }, 400],
    ['a list that cannot be one', { savedViews: { '<script>': [] } }, 400],
    ['a view without a name', { savedViews: { projects: [view(' ', {})] } }, 400],
    ['twenty-one views of one list', { savedViews: { projects: Array(21).fill(view('x', {})) } }, 400],
    ['a filter with an overlong value', { savedViews: { projects: [view('x', { q: 'a'.repeat(201) })] } }, 400],
    ['a filter that is no text', { savedViews: { projects: [view('x', { q: 1 })] } }, 400],
    [
      'more than is reasonable',
      { savedViews: { projects: Array(20).fill(view('x', Object.fromEntries([...'abcdefghij'].map((q) => [q, '长'.repeat(199)])))) } },
      422,
    ],
  ])('%s is refused and nothing changes', async (what, body, status) => {
    const username = `u-${what.replaceAll(' ', '-').slice(0, 40)}`
    await givenAccount(ctx, username, 'civil-affairs', ['applicant'])
    const one = await signedIn(app, username)
    expect((await one.send('PUT', '/me/preferences', body)).statusCode).toBe(status)
    expect((await one.send('GET', '/me/preferences')).json()).toMatchObject({ textSize: 'normal', savedViews: {}, hiddenColumns: {} })
  })
})
