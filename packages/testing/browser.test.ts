import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { unpackedChromium } from './browser.ts'
import { launchBrowser } from './index.ts'

const launched = await launchBrowser()
afterAll(() => launched.browser?.close())

test('a page of this machine is drawn, an address outside is not found', async (context) => {
  if (launched.notRun !== undefined) return context.skip(launched.notRun)
  const server = http.createServer((_, response) => response.end('<!doctype html><body style="background: #c00"><h1>Tongchou</h1>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const page = await launched.browser.newPage({ viewport: { width: 320, height: 200 } })
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    expect(await page.getByRole('heading').textContent()).toBe('Tongchou')
    const picture = await page.screenshot()
    // A letter leaves more than one colour: an empty page of this size takes some 900 bytes.
    expect(picture.length).toBeGreaterThan(1500)
    await expect(page.goto('http://example.com/')).rejects.toThrow(/ERR_NAME_NOT_RESOLVED/)
  } finally {
    server.close()
  }
})

test('two runs that unpack the browser at the same time both get a whole one', async (context) => {
  if (process.arch !== 'x64') return context.skip(`no Chromium comes with the install for ${process.arch}`)
  const folder = mkdtempSync(join(tmpdir(), 'tongchou-unpack-'))
  try {
    const both = await Promise.all([unpackedChromium(folder), unpackedChromium(folder)])
    expect(both[0]).toEqual(both[1])
    expect(execFileSync(both[0].path, ['--version', '--no-sandbox'], { env: both[0].environment, encoding: 'utf8' })).toMatch(/Chrom/)
    expect(readdirSync(folder)).toHaveLength(1)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
