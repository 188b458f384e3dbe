import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isLoopback, type OidcSettings } from '@tongchou/identity'
import { type Clock, StartupProblem, startingClock, systemClock } from '@tongchou/kernel'

/** How this start runs, from the environment and from what the data folder remembers. */
export interface Settings {
  port: number
  host: string
  dataDir: string
  /** Where the keys are kept (密钥文件), never in the database. */
  keyFile: string
  /** Where signed heads of the evidence log are written, outside the database (签名头目录). */
  headsDir: string
  /** Whom the application signs in as. */
  databaseUrl: string | undefined
  /** Whom migrations sign in as, where that is somebody else (属主). */
  ownerUrl?: string | undefined
  demo: boolean
  clock: Clock
  /** The city's sign-on (统一身份认证); null where there is none. */
  oidc: OidcSettings | null
}

/** Reads the environment. @throws StartupProblem that names the variable and its cure */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const dataDir = resolve(env.TONGCHOU_DATA || './data')
  const databaseUrl = env.DATABASE_URL || undefined
  const demo = rememberDemo(dataDir, env.TONGCHOU_DEMO, databaseUrl)
  return {
    port: readPort(env.PORT),
    host: env.HOST || '127.0.0.1',
    dataDir,
    keyFile: resolve(env.TONGCHOU_KEY_FILE || join(dataDir, 'keys.json')),
    headsDir: resolve(env.TONGCHOU_HEADS_DIR || join(dataDir, 'heads')),
    databaseUrl,
    ownerUrl: readOwnerUrl(env, databaseUrl),
    demo,
    clock: readClock(env.TONGCHOU_NOW, demo),
    oidc: readOidc(env),
  }
}

function readPort(text: string | undefined): number {
  const port = Number(text || '8080')
  if (/^\d{0,5}$/.test(text ?? '') && port <= 65_535) return port
  throw new StartupProblem('settings.port', `PORT=${text} 不是有效的端口。`, '请将 PORT 设为 0 至 65535 的整数。')
}

function readOwnerUrl({ DATABASE_OWNER_URL: ownerUrl }: NodeJS.ProcessEnv, databaseUrl: string | undefined): string | undefined {
  if (!ownerUrl || databaseUrl) return ownerUrl || undefined
  throw new StartupProblem(
    'settings.owner_url',
    '设置了 DATABASE_OWNER_URL，没有设置 DATABASE_URL。',
    '请用 DATABASE_URL 指定应用登录，或两者都不设置，使用内置数据库。',
  )
}

/** The sign-on is on when its issuer is named; then the client must be named too. Plain HTTP is only for an issuer on this machine. */
function readOidc(env: NodeJS.ProcessEnv): OidcSettings | null {
  const { TONGCHOU_OIDC_ISSUER: issuer, TONGCHOU_OIDC_CLIENT_ID: clientId, TONGCHOU_OIDC_CLIENT_SECRET: clientSecret } = env
  if (!issuer) return null
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined
  if (!url || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))))
    throw new StartupProblem('settings.oidc', `TONGCHOU_OIDC_ISSUER=${issuer} 不是可用的地址。`, '请填写统一身份认证的 https 地址。')
  if (!clientId || !clientSecret)
    throw new StartupProblem(
      'settings.oidc',
      '接入统一身份认证还缺少 TONGCHOU_OIDC_CLIENT_ID 或 TONGCHOU_OIDC_CLIENT_SECRET。',
      '请填写在统一身份认证登记的应用标识和密钥，或去掉 TONGCHOU_OIDC_ISSUER。',
    )
  return { issuer, clientId, clientSecret, label: env.TONGCHOU_OIDC_LABEL || '统一身份认证' }
}

function readClock(text: string | undefined, demo: boolean): Clock {
  if (!text) return systemClock()
  if (!demo) throw new StartupProblem('settings.now', 'TONGCHOU_NOW 只能用于演示模式。', '请去掉 TONGCHOU_NOW，或以 TONGCHOU_DEMO=1 启动。')
  try {
    return startingClock(text)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new StartupProblem('settings.now', `TONGCHOU_NOW=${text} 不是带时区的时刻。`, '请写成 2026-11-22T01:00:00Z 的样子。', { cause })
  }
}

/**
 * Whether this city is a demonstration: `1` by default when a data folder is made for the embedded database, kept there
 * for every later start, overridden by the variable. A real city's folder never turns into a demonstration by itself.
 */
function rememberDemo(dataDir: string, variable: string | undefined, databaseUrl: string | undefined): boolean {
  if (variable !== undefined && variable !== '' && variable !== '0' && variable !== '1')
    throw new StartupProblem('settings.demo', `TONGCHOU_DEMO=${variable} 不是有效的取值。`, '请设为 1（演示）或 0（正式）。')
  const file = join(dataDir, 'settings.json')
  const stored = existsSync(file) ? readStored(file) : undefined
  if (variable === '0' || variable === '1') {
    if (stored === undefined) store(dataDir, file, variable === '1')
    return variable === '1'
  }
  if (stored !== undefined) return stored
  const demo = databaseUrl === undefined
  store(dataDir, file, demo)
  return demo
}

function readStored(file: string): boolean {
  const { demo } = parseStored(file)
  if (typeof demo === 'boolean') return demo
  // Guessing could turn a real city into a demonstration whose passwords are public.
  throw new StartupProblem('settings.unreadable', `${file} 无法识别。`, '请写成 {"demo":false}（正式）或 {"demo":true}（演示）后再启动。')
}

function parseStored(file: string): { demo?: unknown } {
  try {
    const stored: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return typeof stored === 'object' && stored !== null ? stored : {}
  } catch {
    return {}
  }
}

function store(dataDir: string, file: string, demo: boolean): void {
  try {
    mkdirSync(dataDir, { recursive: true })
    writeFileSync(file, `${JSON.stringify({ demo })}\n`)
  } catch (cause) {
    throw new StartupProblem(
      'data.not_writable',
      `数据目录 ${dataDir} 不可写。`,
      '请检查目录的权限和磁盘空间，或用 TONGCHOU_DATA 指定另一个目录。',
      { cause },
    )
  }
}
