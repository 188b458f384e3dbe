import type { AddressInfo } from 'node:net'
import type { OidcSettings } from '@tongchou/identity'
import { applicationLogin } from '@tongchou/kernel'
import { openReceivers } from '@tongchou/libraries'
import { launchBrowser, type TestDatabase, testDatabase } from '@tongchou/testing'
import { afterAll, afterEach, expect, type TestContext } from 'vitest'
import { type SeatName, type SmallCity, seats, smallCity } from '../apps/server/src/testing/small-city.ts'
import { registerWeb } from '../apps/server/src/web.ts'
import { newPerson, noFaults, type Person, pictureOf } from './person.ts'

/** Becomes the person of this seat from the list on the sign-in page, once; the same browser afterwards. */
export type SignIn = (seat: SeatName) => Promise<Person>

/** A small city that people reach with browsers, over a real HTTP server and a real database. */
export interface BrowsedCity {
  city: SmallCity
  /** Behind the city, for rows that nobody would type. */
  database: TestDatabase
  address: string
  /** What browsers and axe have complained of so far; what a test provokes it takes out. */
  complaints: string[]
  signInAs: SignIn
  /** A browser in which nobody has signed in. */
  stranger(viewport?: { width: number; height: number }): Promise<Person>
  /** Signs in as this seat in a browser of its own kind, such as a phone. */
  signInOn(person: Person, seat: SeatName): Promise<void>
}

const launched = await launchBrowser()
afterAll(() => launched.browser?.close())

/** For the beginning of every test: where there is no browser, the test is reported by name as not run, with the reason. */
export function needsBrowser(context: TestContext): void {
  if (launched.notRun !== undefined) context.skip(launched.notRun)
}

/**
 * Builds the city of one test file. Call it at the top level. `hands` makes of each person one who works otherwise: by keyboard alone;
 * `axe` is false where another journey reads the same pages with it. With `libraries` tables are built, take batches of records and are compared.
 */
export async function browsedCity({
  startAt = '2026-03-02T01:00:00Z',
  hands = (person: Person) => person,
  axe = true,
  oidc = null as OidcSettings | null,
  libraries = false,
} = {}): Promise<BrowsedCity> {
  const database = await testDatabase()
  const { connection, pool } = database
  const receiving = libraries ? openReceivers(applicationLogin(connection), 1) : null
  if (receiving) afterAll(() => receiving.stop())
  const city = await smallCity(database.db, startAt, undefined, [], oidc, libraries ? connection : null, receiving, libraries ? pool : null)
  await registerWeb(city.app)
  await city.app.listen({ host: '127.0.0.1', port: 0 })
  afterAll(() => city.app.close())
  const address = `http://127.0.0.1:${(city.app.server.address() as AddressInfo).port}`

  const faults = axe ? noFaults() : { ...noFaults(), checked: null }
  const people: Person[] = []
  const bySeat = new Map<SeatName, Person>()
  const stranger = async (viewport?: { width: number; height: number }) => {
    if (!launched.browser) throw new Error(launched.notRun)
    const person = hands(
      await newPerson({
        browser: launched.browser,
        address,
        now: city.clock.now(),
        faults,
        elsewhere: oidc ? [oidc.issuer] : [],
        ...(viewport ? { viewport } : {}),
      }),
    )
    people.push(person)
    return person
  }
  const signInOn = async (person: Person, seat: SeatName) => {
    await person.open('/')
    await person.press(new RegExp(seats[seat].name))
    // Reached, not only seen: nothing lies above the page.
    await person.page.getByRole('button', { name: '退出' }).click({ trial: true })
    await person.settled()
  }
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    for (const [index, { page }] of people.entries()) {
      if (page.isClosed() || page.url() === 'about:blank') continue
      console.error(`${page.url()} as it was: ${await pictureOf(page, `${task.file.name.replaceAll('/', '-')}-${index}`)}`)
    }
  })
  afterAll(async () => {
    await Promise.all(people.map(({ page }) => page.context().close()))
    expect(faults.list, 'what browsers and axe complained of').toEqual([])
  })
  return {
    city,
    database,
    address,
    complaints: faults.list,
    stranger,
    signInOn,
    signInAs: async (seat) => {
      const known = bySeat.get(seat)
      if (known) return known
      const person = await stranger()
      bySeat.set(seat, person)
      await signInOn(person, seat)
      return person
    },
  }
}
