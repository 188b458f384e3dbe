import { expect, test } from 'vitest'
import { foreignPlatformOf, installScriptProblems, isAllowed, type Lock, lockProblems } from './dependencies.ts'
import { secretsIn } from './secrets.ts'

const lock = (entry: Lock['packages'][string]): Lock => ({
  packages: { '': {}, 'packages/kernel': {}, 'node_modules/a/node_modules/@x/b': entry },
})

test('a lock file that names a registry host is refused, one without digests, and one that lacks other platforms', () => {
  expect(lockProblems(lock({ version: '1.0.0', integrity: 'sha512-x' }))).toEqual([])
  expect(lockProblems(lock({ version: '1.0.0', integrity: 'sha512-x', resolved: 'https://registry.example/b.tgz' }))).toHaveLength(1)
  expect(lockProblems(lock({ version: '1.0.0' }))).toHaveLength(1)
  expect(lockProblems(lock({ integrity: 'sha512-x', optionalDependencies: { 'b-arm64': '1.0.0' } }))).toEqual([
    expect.stringContaining('b-arm64'),
  ])
})

test('an install script that nobody allowed is refused, and a name that nothing needs', () => {
  const scripted = lock({ integrity: 'x', hasInstallScript: true })
  expect(installScriptProblems(scripted, { '@x/b': true })).toEqual([])
  expect(installScriptProblems(scripted, {})).toEqual([expect.stringContaining('@x/b')])
  expect(installScriptProblems(lock({ integrity: 'x' }), { '@x/b': true })).toEqual([expect.stringContaining('@x/b')])
})

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0-only)', true],
  ['MIT AND Apache-2.0', true],
  ['MIT AND GPL-3.0-only', false],
  ['AGPL-3.0-only', false],
  ['SEE LICENSE IN LICENSE.md', false],
])('the licence %s is allowed: %s', (licence, expected) => {
  expect(isAllowed(licence)).toBe(expected)
})

// Put together here, so that this file does not hold what it looks for.
test.each([
  ['a private key', `-----BEGIN EC ${'PRIVATE'} KEY-----`],
  ['a GitHub token', `token: gh${'p_'}${'a1B2'.repeat(9)}`],
  ['a cloud key', `AK${'IA'}ABCDEFGHIJKLMNOP`],
  ['a password in an address', `postgres://city:${'geheim'}@db.example/tongchou`],
])('%s in a tracked file is found', (_name, text) => {
  expect(secretsIn(`harmless\n${text}\n`)).toEqual([expect.stringMatching(/^line 2: /)])
})

test('an address without a password, or with a placeholder, is no secret', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text under test is code that fills in a password
  expect(secretsIn('postgres://db.example/tongchou\npostgres://user@db/x\n`postgres://u:${password}@h/x`')).toEqual([])
})

test('a prebuilt package of a platform we do not run on is told by its name, ours is not', () => {
  expect(foreignPlatformOf('@biomejs/cli-darwin-arm64')).toEqual({ os: ['darwin'], cpu: ['arm64'] })
  expect(foreignPlatformOf('@biomejs/cli-linux-x64-musl')).toEqual({ os: ['linux'], cpu: ['x64'], libc: ['musl'] })
  expect(foreignPlatformOf('@oxc-parser/binding-linux-s390x-gnu')).toEqual({ os: ['linux'], cpu: ['s390x'] })
  expect(foreignPlatformOf('@biomejs/cli-linux-x64')).toBeUndefined()
  expect(foreignPlatformOf('@oxc-parser/binding-linux-arm64-gnu')).toBeUndefined()
  expect(foreignPlatformOf('fsevents')).toBeUndefined()
})
