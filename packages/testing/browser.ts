import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'

const root = join(import.meta.dirname, '../..')
const require = createRequire(import.meta.url)

/** Either a running Chromium, or the reason why there is none on this machine, for the tests to give by name. */
export type LaunchedBrowser = { browser: Browser; notRun?: never } | { browser?: never; notRun: string }

interface Executable {
  path: string
  environment: Record<string, string>
}

/**
 * Starts a headless Chromium: the one named by `CHROMIUM_PATH`, else the one that comes with the install (x64), else an installed one.
 * It reaches the loopback only, so a page that asks for an outside asset fails here as it would on an intranet.
 */
export async function launchBrowser(): Promise<LaunchedBrowser> {
  const executable = await findExecutable()
  if (typeof executable === 'string') return { notRun: executable }
  const browser = await chromium.launch({
    executablePath: executable.path,
    env: { ...process.env, ...executable.environment } as Record<string, string>,
    // Tests open our own pages only. The sandbox needs user namespaces, which root, containers and a chroot do not give.
    chromiumSandbox: false,
    // The browser's own parts (a date, a file) are written as in the browsers that officials have.
    args: ['--lang=zh-CN', '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost'],
  })
  return { browser }
}

async function findExecutable(): Promise<Executable | string> {
  const named = process.env.CHROMIUM_PATH
  if (named) return existsSync(named) ? { path: named, environment: {} } : `CHROMIUM_PATH names ${named}, which does not exist`
  if (process.arch === 'x64') return unpackedChromium()
  const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))
  if (installed) return { path: installed, environment: {} }
  return `no Chromium comes with the install for ${process.arch}; install one and name it in CHROMIUM_PATH`
}

/** The Chromium of the install with the libraries it ships for bare machines, unpacked once per checkout and user. */
export async function unpackedChromium(folder = cacheFolder()): Promise<Executable> {
  const entry = require.resolve('@sparticuz/chromium')
  const { version } = require(join(dirname(entry), '../package.json')) as { version: string }
  const home = join(folder, `chromium-${version}-shipped-font`)
  if (!existsSync(home)) await unpack(entry, home)
  return {
    path: join(home, 'chromium'),
    environment: {
      LD_LIBRARY_PATH: [join(home, 'al2023/lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
      FONTCONFIG_FILE: join(home, 'fonts.conf'),
    },
  }
}

async function unpack(entry: string, home: string): Promise<void> {
  // Unpacked beside its place and renamed: of two runs at once one wins, and neither ever sees half a browser.
  const staging = mkdtempSync(`${home}.`)
  // The package unpacks its own libraries only where it believes to be on its cloud platform, and always into the temp folder.
  const environment = { PATH: process.env.PATH ?? '', TMPDIR: staging, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' }
  const script = `const { default: chromium } = await import(${JSON.stringify(pathToFileURL(entry).href)}); await chromium.executablePath()`
  try {
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { env: environment })
    writeFileSync(join(staging, 'fonts.conf'), fontSettings(home))
    renameSync(staging, home)
  } catch (error) {
    if (!existsSync(home)) throw error
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

/**
 * The package's own settings name fixed folders; on a machine without fonts no letter would be drawn. The machine's own fonts come along,
 * but none that draws Chinese: pages, papers and pictures are drawn with the font that the product ships, the same on every machine.
 */
function fontSettings(home: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${home}/fonts</dir>
  <cachedir>${home}/fonts-cache</cachedir>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <selectfont><rejectfont><pattern><patelt name="lang"><string>zh-cn</string></patelt></pattern></rejectfont></selectfont>
</fontconfig>
`
}

/** Beside the dependencies when they are ours to write in, else a private folder in the temp folder. */
function cacheFolder(): string {
  try {
    const folder = join(root, 'node_modules/.cache/tongchou')
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    return folder
  } catch {
    const uid = process.getuid?.() ?? 0
    const folder = join(tmpdir(), `tongchou-cache-${uid}`)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const stat = lstatSync(folder)
    if (!stat.isDirectory() || stat.uid !== uid) throw new Error(`${folder} belongs to somebody else`)
    return folder
  }
}
