import { setImmediate as nextTurn } from 'node:timers/promises'
import { databaseAlone } from '@tongchou/testing'
import { expect, test } from 'vitest'
import { keptAnswers, snapshotGate } from './kept-answers.ts'

// Whether anything changed is told for the whole server, on which other files are at work.
const { db, owner } = await databaseAlone()
const gate = snapshotGate(db)
const presence = async () => ({ snapshot: await gate(), gate })

/** Counts what another process has written down. */
async function settings(): Promise<number> {
  const { rows } = await owner.query<{ count: string }>('select count(*) from kernel.setting')
  return Number(rows[0]?.count)
}

async function writeSetting(key: string): Promise<void> {
  await owner.query("insert into kernel.setting (key, value, updated_at) values ($1, '{}', now())", [key])
}

test('an answer is made once as long as nothing changes, and anew after any commit of anybody', async () => {
  const answers = keptAnswers<number>(10)
  let made = 0
  const read = async () =>
    answers.get(await presence(), 'settings', async () => {
      made += 1
      return settings()
    })
  const before = await read()
  expect([await read(), await read(), made]).toEqual([before, before, 1])
  await writeSetting('one-more')
  expect([await read(), made]).toEqual([before + 1, 2])
})

test('what is written and not committed changes nothing; its commit does', async () => {
  const answers = keptAnswers<number>(10)
  const client = await owner.connect()
  try {
    await client.query('begin')
    await client.query("insert into kernel.setting (key, value, updated_at) values ('slow', '{}', now())")
    const before = await answers.get(await presence(), 'settings', settings)
    // A later writer commits first: the order in which changes become visible is not the order in which they began.
    await writeSetting('fast')
    expect(await answers.get(await presence(), 'settings', settings)).toBe(before + 1)
    await client.query('commit')
    expect(await answers.get(await presence(), 'settings', settings)).toBe(before + 2)
  } finally {
    client.release()
  }
})

test('an answer during whose making something was committed is given but not kept', async () => {
  const answers = keptAnswers<number>(10)
  const read = (make: () => Promise<number>) => presence().then((here) => answers.get(here, 'settings', make))
  const during = await read(async () => {
    const count = await settings()
    await writeSetting('in-between')
    return count
  })
  expect(await read(settings)).toBe(during + 1)
})

test('who waits at the same time shares one question, and none that was sent before they came', async () => {
  const asked: number[] = []
  const counting = snapshotGate(
    new Proxy(db, {
      get: (target, name) => {
        if (name === 'executeQuery') asked.push(1)
        const found: unknown = Reflect.get(target, name, target)
        return typeof found === 'function' ? found.bind(target) : found
      },
    }),
  )
  const first = counting()
  // The first question leaves at the end of this turn; who comes in the next has seen what may have been committed since.
  await nextTurn()
  await Promise.all([first, ...Array.from({ length: 20 }, counting)])
  expect(asked.length).toBe(2)
})

test('without a presence, as inside an act, every answer is made', async () => {
  const answers = keptAnswers<number>(10)
  let made = 0
  for (let time = 0; time < 2; time++) await answers.get(undefined, 'x', async () => ++made)
  expect(made).toBe(2)
})

test('the answer that was not asked for longest goes first', async () => {
  const answers = keptAnswers<string>(2)
  const made: string[] = []
  const ask = async (key: string) => {
    await answers.get(await presence(), key, async () => {
      made.push(key)
      return key
    })
  }
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await ask(key)
  expect(made).toEqual(['a', 'b', 'c', 'b'])
})

test('who asks while the same answer is being made waits for it, unless something was committed since it was begun', async () => {
  const answers = keptAnswers<number>(10)
  let made = 0
  const release = Promise.withResolvers<void>()
  const make = async () => {
    const nth = ++made
    await release.promise
    return nth
  }
  const before = await presence()
  const asked = [answers.get(before, 'x', make), answers.get(before, 'x', make)]
  await writeSetting('while-it-is-made')
  asked.push(answers.get(await presence(), 'x', make))
  release.resolve()
  expect(await Promise.all(asked)).toEqual([1, 1, 2])
})

test('an answer that could not be made is not waited for again', async () => {
  const answers = keptAnswers<string>(10)
  const now = await presence()
  const fails = () => answers.get(now, 'x', () => Promise.reject(new Error('away')))
  expect((await Promise.allSettled([fails(), fails()])).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await answers.get(now, 'x', async () => 'there')).toBe('there')
})
