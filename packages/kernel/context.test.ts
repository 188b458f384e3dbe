import { testDatabase } from '@tongchou/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Ctx, inTransaction } from './context.ts'
import { InvalidState } from './errors.ts'
import { ctxOf } from './kernel.given.ts'

const { db, owner } = await testDatabase()
const ctx = ctxOf(db)

beforeEach(async () => {
  await owner.query('truncate kernel.setting, kernel.idempotency')
})

async function put(tx: Ctx, key: string): Promise<string> {
  await tx.db.insertInto('kernel.setting').values({ key, value: '{}', updated_at: tx.now() }).execute()
  return key
}
const kept = async () => (await owner.query('select key from kernel.setting order by key')).rows.map(({ key }) => key)

/** As a port of another module does it: it opens its own transaction, or joins the one it is called in. */
const port = (tx: Ctx, key: string, fails = false) =>
  inTransaction(tx, async (inner) => {
    await put(inner, key)
    if (fails) throw new InvalidState('port.refused', '不能办理。')
    return inner
  })

describe('one transaction', () => {
  test('gives back what its work gives, and commits', async () => {
    expect(await inTransaction(ctx, (tx) => put(tx, 'a'))).toBe('a')
    expect(await kept()).toEqual(['a'])
  })

  test('takes everything back when its work fails, and tells the failure itself', async () => {
    const failure = new InvalidState('project.refused', '不能办理。')
    const act = inTransaction(ctx, async (tx) => {
      await put(tx, 'a')
      throw failure
    })
    await expect(act).rejects.toBe(failure)
    expect(await kept()).toEqual([])
  })

  test('leaves the context it was given outside', async () => {
    await inTransaction(ctx, async (tx) => expect([tx.inside, ctx.inside, tx.db === ctx.db]).toEqual([true, false, false]))
    expect(ctx.inside).toBe(false)
  })
})

describe('a transaction inside another', () => {
  test('joins it: one connection, one commit', async () => {
    await inTransaction(ctx, async (tx) => {
      await put(tx, 'outer')
      expect((await port(tx, 'inner')).db).toBe(tx.db)
      expect(await kept()).toEqual([])
    })
    expect(await kept()).toEqual(['inner', 'outer'])
  })

  test('that fails takes the whole act with it, also what came before', async () => {
    const act = inTransaction(ctx, async (tx) => {
      await put(tx, 'outer')
      await port(tx, 'first')
      await port(tx, 'second', true)
    })
    await expect(act).rejects.toThrow('不能办理')
    expect(await kept()).toEqual([])
  })

  test('that succeeded goes when the outer one fails later', async () => {
    const act = inTransaction(ctx, async (tx) => {
      await port(tx, 'inner')
      throw new Error('late')
    })
    await expect(act).rejects.toThrow('late')
    expect(await kept()).toEqual([])
  })

  test('whose statement failed cannot be committed around', async () => {
    const act = inTransaction(ctx, async (tx) => {
      await put(tx, 'outer')
      await put(tx, 'outer').catch(() => undefined)
      await put(tx, 'after')
    })
    await expect(act).rejects.toMatchObject({ code: '25P02' })
    expect(await kept()).toEqual([])
  })
})

describe('a held Idempotency-Key', () => {
  const claimedAt = ctx.now()
  const holding: Ctx = { ...ctx, idempotency: { accountId: 'a', key: 'k', claimedAt } }
  const hold = (at = claimedAt) =>
    owner.query(`insert into kernel.idempotency (account_id, key, request_hash, created_at) values ('a', 'k', 'h', $1)`, [at])
  const applied = async () => (await owner.query('select applied from kernel.idempotency')).rows.map((row) => row.applied)

  test('is marked as applied in the same commit, once, by the outermost', async () => {
    await hold()
    await inTransaction(holding, async (tx) => {
      await port(tx, 'inner')
      expect(await applied()).toEqual([false])
    })
    expect(await applied()).toEqual([true])
    expect(await kept()).toEqual(['inner'])
  })

  test('is not, when the act fails', async () => {
    await hold()
    await expect(port(holding, 'a', true)).rejects.toThrow()
    expect(await applied()).toEqual([false])
  })

  test('may be marked by a second commit of the same request', async () => {
    await hold()
    await port(holding, 'a')
    await port(holding, 'b')
    expect(await kept()).toEqual(['a', 'b'])
  })

  test.each([
    ['was taken over meanwhile', () => hold(new Date(claimedAt.getTime() + 60_001))],
    ['is gone', async () => undefined],
  ])('that %s lets nothing be committed', async (_why, given) => {
    await given()
    await expect(port(holding, 'a')).rejects.toMatchObject({ code: 'idempotency.running' })
    expect(await kept()).toEqual([])
  })
})
