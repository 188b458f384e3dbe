import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startupProblemOf } from '@tongchou/kernel'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readSettings } from './settings.ts'

let parent = ''
let dataDir = ''
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'tongchou-settings-'))
  dataDir = join(parent, 'data')
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

const read = (env: Record<string, string> = {}) => readSettings({ TONGCHOU_DATA: dataDir, ...env })
const problemOf = (env: Record<string, string>) => {
  try {
    read(env)
  } catch (error) {
    return startupProblemOf(error)
  }
  throw new Error('the settings were taken')
}

test('what nobody says is 127.0.0.1:8080 and ./data with a demo city on its own database', () => {
  const before = existsSync(resolve('./data'))
  const settings = readSettings({ TONGCHOU_DEMO: '0', TONGCHOU_DATA: dataDir })
  expect(settings).toMatchObject({ port: 8080, host: '127.0.0.1', databaseUrl: undefined })
  expect(read({ PORT: '', HOST: '', DATABASE_URL: '', TONGCHOU_DEMO: '', TONGCHOU_NOW: '' })).toMatchObject({
    port: 8080,
    host: '127.0.0.1',
    databaseUrl: undefined,
  })
  expect(existsSync(resolve('./data'))).toBe(before)
})

test('PORT and HOST are taken as they are given', () => {
  expect(read({ PORT: '0', HOST: '0.0.0.0' })).toMatchObject({ port: 0, host: '0.0.0.0' })
  expect(read({ PORT: '65535' }).port).toBe(65_535)
})

test.each(['65536', '-1', '80a', '8080.5', '0x50', '1e3', ' 80'])('PORT=%j is refused with its name', (port) => {
  expect(problemOf({ PORT: port })).toMatchObject({ code: 'settings.port', message: expect.stringContaining('PORT') })
})

test('a folder made for the embedded database is a demonstration, one beside another server is not; both remember it', () => {
  expect(read().demo).toBe(true)
  // Even with a server named later: the choice was made when the folder was.
  expect(read({ DATABASE_URL: 'postgres://elsewhere/city' }).demo).toBe(true)

  dataDir = join(parent, 'other')
  expect(read({ DATABASE_URL: 'postgres://elsewhere/city' }).demo).toBe(false)
  expect(read().demo).toBe(false)
})

test('TONGCHOU_DEMO decides when the folder is made, and the folder keeps it', () => {
  expect(read({ TONGCHOU_DEMO: '0' }).demo).toBe(false)
  expect(read().demo).toBe(false)
  dataDir = join(parent, 'other')
  expect(read({ TONGCHOU_DEMO: '1', DATABASE_URL: 'postgres://elsewhere/city' }).demo).toBe(true)
  expect(read({ DATABASE_URL: 'postgres://elsewhere/city' }).demo).toBe(true)
})

test('the variable overrides what the folder keeps, for this start only', () => {
  read({ TONGCHOU_DEMO: '0' })
  expect(read({ TONGCHOU_DEMO: '1' }).demo).toBe(true)
  expect(read().demo).toBe(false)
  expect(JSON.parse(readFileSync(join(dataDir, 'settings.json'), 'utf8'))).toEqual({ demo: false })
})

test.each(['yes', 'true', '2', ' 1'])('TONGCHOU_DEMO=%j is refused, and no folder is made', (demo) => {
  expect(problemOf({ TONGCHOU_DEMO: demo })?.code).toBe('settings.demo')
  expect(existsSync(dataDir)).toBe(false)
})

test.each(['', '{', 'null', '[]', '{}', '{"demo":"no"}', '{"demo":null}'])(
  'a settings file that says %j is named, never guessed at',
  (text) => {
    read()
    writeFileSync(join(dataDir, 'settings.json'), text)
    expect(problemOf({})).toMatchObject({ code: 'settings.unreadable', message: expect.stringContaining('settings.json') })
  },
)

test('a data folder that cannot be made is named with its cure', () => {
  const file = join(parent, 'file')
  writeFileSync(file, '')
  chmodSync(file, 0o400)
  dataDir = join(file, 'data')
  expect(problemOf({})).toMatchObject({ code: 'data.not_writable', message: expect.stringContaining(dataDir) })
})

test('TONGCHOU_NOW starts the clock there, and it ticks', async () => {
  const { clock } = read({ TONGCHOU_NOW: '2026-11-22T09:00:00+08:00' })
  const first = clock.now().getTime() - Date.parse('2026-11-22T01:00:00Z')
  expect(first).toBeGreaterThanOrEqual(0)
  expect(first).toBeLessThan(5000)
  await new Promise((done) => setTimeout(done, 30))
  expect(clock.now().getTime() - Date.parse('2026-11-22T01:00:00Z')).toBeGreaterThan(first)
})

test('TONGCHOU_NOW is for demonstrations only', () => {
  expect(problemOf({ TONGCHOU_NOW: '2026-11-22T01:00:00Z', TONGCHOU_DEMO: '0' })).toMatchObject({
    code: 'settings.now',
    message: expect.stringContaining('演示'),
  })
})

test.each(['tomorrow', '2026-11-22', '2026-11-22T01:00:00', '2026-02-30T01:00:00Z', '1700000000000'])(
  'TONGCHOU_NOW=%j is no instant and is refused with its name',
  (now) => {
    expect(problemOf({ TONGCHOU_NOW: now })).toMatchObject({ code: 'settings.now', message: expect.stringContaining('TONGCHOU_NOW') })
  },
)
