import { type Ctx, keyRingOf, newKeys, withNewKey } from '@tongchou/kernel'
import { codeShown, testDatabase } from '@tongchou/testing'
import { expect, test } from 'vitest'
import { auditOf, givenAccount, givenPlatform, password, signedIn } from './identity.given.ts'
import { forgetLostFactors, resealSecondFactors, takeCode } from './second-factor.service.ts'

const { db, owner } = await testDatabase()
const { app, clock, ctx, keys } = await givenPlatform(db)

async function givenEnrolled(username: string) {
  const who = await givenAccount(ctx, username, 'civil-affairs', ['applicant'])
  const one = await signedIn(app, username)
  const { secret } = (await one.send('POST', '/me/second-factor', { password })).json() as { secret: string }
  const confirmed = await one.send('POST', '/me/second-factor/confirm', { code: codeShown(secret, clock.now()) })
  expect(confirmed.statusCode, confirmed.body).toBe(200)
  clock.advance({ seconds: 30 })
  return { ...who, one, secret }
}

const storedOf = async (accountId: string) =>
  (await owner.query<{ secret: string }>('select secret from identity.second_factor where account_id = $1', [accountId])).rows[0]?.secret
/** With what an older database allowed. */
async function store(accountId: string, secret: string) {
  await owner.query('alter table identity.second_factor drop constraint second_factor_secret_sealed')
  await owner.query('update identity.second_factor set secret = $2 where account_id = $1', [accountId, secret])
  await owner.query("alter table identity.second_factor add constraint second_factor_secret_sealed check (secret like 'v1.%') not valid")
}
const fits = (secret: string, accountId: string, by = keys) => takeCode(ctx as Ctx, by, accountId, codeShown(secret, clock.now()))

test('the secret of a device stands nowhere in the database, and a readable one is not stored', async () => {
  const { accountId, secret } = await givenEnrolled('sealed')
  expect(await storedOf(accountId)).toMatch(/^v1\.[0-9a-f]{16}\./)
  expect(await storedOf(accountId)).not.toContain(secret)
  await expect(owner.query('update identity.second_factor set secret = $1', [secret])).rejects.toMatchObject({ code: '23514' })
})

test('a row of an earlier version is sealed at the start, and its device goes on', async () => {
  const { accountId, secret } = await givenEnrolled('older')
  await store(accountId, secret)
  expect(await resealSecondFactors(ctx, keys)).toBe(1)
  expect(await storedOf(accountId)).toMatch(/^v1\./)
  expect(await resealSecondFactors(ctx, keys)).toBe(0)
  expect(await fits(secret, accountId)).toBe('totp')
})

test('a sealed secret that is copied to the row of somebody else opens nothing there', async () => {
  const [thief, victim] = [await givenEnrolled('thief'), await givenEnrolled('victim')]
  await store(victim.accountId, (await storedOf(thief.accountId)) ?? '')
  await expect(fits(thief.secret, victim.accountId)).rejects.toMatchObject({ status: 503, code: 'keys.unreadable_secret' })
  await owner.query('delete from identity.second_factor where account_id = $1', [victim.accountId])
})

test('after a rotation every device goes on under the new key, and the former one is needed no more', async () => {
  const { accountId, secret } = await givenEnrolled('rotated')
  const stored = newKeys()
  const third = withNewKey(stored, 'sealing')
  const given = {
    sealing: { current: third.sealing.current, byId: new Map([...keys.sealing.byId, ...keyRingOf(third).sealing.byId]) },
    signing: keys.signing,
    evidence: keys.evidence,
    digest: keys.digest,
  }
  expect(await resealSecondFactors(ctx, given)).toBeGreaterThan(0)
  expect(
    await fits(
      secret,
      accountId,
      keyRingOf({
        ...third,
        sealing: { ...third.sealing, keys: { [third.sealing.current]: third.sealing.keys[third.sealing.current] ?? '' } },
      }),
    ),
  ).toBe('totp')
})

test('whose key is lost signs in with the password and enrols anew; the others are left alone', async () => {
  const lost = await givenEnrolled('lost')
  const none = keyRingOf(newKeys())
  const count = await forgetLostFactors(ctx, none)
  expect(count).toBeGreaterThan(0)
  expect(await storedOf(lost.accountId)).toBeUndefined()
  expect((await auditOf(ctx, lost.accountId)).at(-1)).toMatchObject({ action: 'second_factor.reset', detail: { reason: '密钥文件已丢失' } })
  expect((await lost.one.send('GET', '/me')).statusCode).toBe(401)
  expect((await signedIn(app, 'lost')).cookie()).toBeDefined()
  const kept = await givenEnrolled('kept')
  expect(await forgetLostFactors(ctx, keys)).toBe(0)
  expect(await storedOf(kept.accountId)).toBeDefined()
})
