import { describe, expect, test } from 'vitest'
import { hashPassword, passwordProblem, verifyPassword } from './password.ts'
import { newInitialPassword } from './secret.ts'

const rules = { passwordMinLength: 10, passwordMinClasses: 2 }

describe('password rules', () => {
  test.each([
    ['Abc123456', '新口令不得少于 10 个字符'],
    ['abcdefghijkl', '新口令须含大写字母、小写字母、数字、其他字符中的至少两类'],
    ['1234567890123', '新口令须含大写字母、小写字母、数字、其他字符中的至少两类'],
    ['xx-ZHANGSAN-2026', '新口令不得包含用户名'],
    ['ｚｈａｎｇｓａｎ-2026', '新口令不得包含用户名'],
    [`Aa1${'x'.repeat(126)}`, '新口令不得超过 128 个字符'],
  ])('%s is refused: %s', (password, problem) => {
    expect(passwordProblem(rules, password, 'zhangsan')).toBe(problem)
  })

  test('ten characters of two kinds will do, and Chinese counts as characters', () => {
    expect(passwordProblem(rules, 'abcdefghi1', 'zhangsan')).toBeUndefined()
    expect(passwordProblem(rules, '统筹规划一次建设2026', 'zhangsan')).toBeUndefined()
  })

  test('a city may ask for more', () => {
    const strict = { passwordMinLength: 14, passwordMinClasses: 3 }
    expect(passwordProblem(strict, 'abcdefghi1-', 'zhangsan')).toBe('新口令不得少于 14 个字符')
    expect(passwordProblem(strict, 'abcdefghijklm1', 'zhangsan')).toBe('新口令须含大写字母、小写字母、数字、其他字符中的至少三类')
    expect(passwordProblem(strict, 'abcdefghijkl-1', 'zhangsan')).toBeUndefined()
  })

  test('every first password keeps the rules', () => {
    const made = Array.from({ length: 200 }, newInitialPassword)
    expect(new Set(made).size).toBe(200)
    for (const one of made) expect(passwordProblem(rules, one, 'administrator')).toBeUndefined()
  })
})

test('the hash is argon2id at 19 MiB, salted, and verifies only its own password', async () => {
  const hash = await hashPassword('Wuhai-2026-test')
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(await hashPassword('Wuhai-2026-test')).not.toBe(hash)
  expect(await verifyPassword(hash, 'Wuhai-2026-test')).toBe(true)
  expect(await verifyPassword(hash, 'Ｗuhai-2026-test')).toBe(true)
  expect(await verifyPassword(hash, 'wuhai-2026-test')).toBe(false)
})

test('without an account no password is right, not even that of the decoy', async () => {
  expect(await verifyPassword(undefined, 'no account has this password')).toBe(false)
})
