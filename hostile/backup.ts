import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Manifest } from '@tongchou/backup'
import { applicationLogin, consumerStanding, openDatabase, openPool, startEmbeddedPostgres } from '@tongchou/kernel'
import { changeStream, changesAfter, installResource, type LibrariesDb, receiveBatch } from '@tongchou/libraries'
import pg from 'pg'
import { randomFrom } from '../apps/server/src/testing/shuffled.ts'
import { startPlatform } from './platform.ts'

const resource = 'backup-households'
const installedAt = new Date('2026-03-02T01:00:00Z')
const root = join(import.meta.dirname, '..')

/** What was confirmed to those who wrote, in the order in which it was. */
interface Ledger {
  tokens: string[]
  batches: string[]
}

/**
 * The long run: the platform serves, people and a library write without rest, and again and again it is backed up, restored elsewhere and held against what was
 * confirmed; backups are spoilt by a byte. 0 when nothing was found.
 */
export async function hostileBackup(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { times: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' }, flips: { type: 'string', default: '5' } },
  })
  const [times = 0, seed = 0, flips = 0] = [values.times, values.seed, values.flips].map(Number)
  if (![times, seed, flips].every((number) => Number.isSafeInteger(number) && number > 0)) {
    console.error('npm run hostile -- backup [--times 20] [--seed 1] [--flips 5]')
    return 2
  }
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tongchou-hostile-backup-'))
  const platform = await startPlatform()
  const socket = { host: join(platform.dataDir, 'postgres'), port: 5432, user: 'postgres', database: 'tongchou' }
  const draw = randomFrom(seed)
  const ledger: Ledger = { tokens: [], batches: [] }
  const ended = new AbortController()
  let writers: Promise<void>[] = []
  const faults: string[] = []
  try {
    await install(socket)
    writers = [writeTokens(platform.address, ledger, ended.signal), writeBatches(socket, ledger, draw, ended.signal)]
    for (let cycle = 1; cycle <= times; cycle++) {
      const home = join(folder, String(cycle))
      mkdirSync(home)
      const began = performance.now()
      const found = await runCycle({ home, dataDir: platform.dataDir, socket, ledger, draw, flips })
      faults.push(...found.map((fault) => `cycle ${cycle}: ${fault}`))
      for (const fault of found) console.error(`cycle ${cycle}: ${fault}`)
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      console.log(`${cycle}: ${ledger.tokens.length} tokens and ${ledger.batches.length} batches confirmed so far, ${seconds} s`)
      rmSync(home, { recursive: true, force: true })
    }
    if (platform.ended() !== undefined) faults.push(`the platform ended: ${platform.ended()}`)
  } finally {
    ended.abort()
    await Promise.allSettled(writers)
    await platform.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  if (ledger.tokens.length < times || ledger.batches.length < times) faults.push('hardly anything was written: nothing was proved')
  console.log(`${times} backups under load restored elsewhere, ${times * flips} spoilt by one bit, seed ${seed}: ${faults.length} faults`)
  return faults.length === 0 ? 0 : 1
}

interface Cycle {
  home: string
  dataDir: string
  socket: pg.ClientConfig
  ledger: Ledger
  draw: () => number
  flips: number
}

async function runCycle({ home, dataDir, socket, ledger, draw, flips }: Cycle): Promise<string[]> {
  const known = { tokens: [...ledger.tokens], batches: [...ledger.batches] }
  const dir = join(home, 'backup')
  const taken = await command(['backup', dir, '--json'], dataDir)
  if (taken.code !== 0) return [`backup: exit ${taken.code}: ${taken.said}`]
  const head = await headOf(socket)
  const restoredDir = join(home, 'restored')
  const restored = await command(['restore', dir, '--json'], restoredDir)
  if (restored.code !== 0) return [`restore: exit ${restored.code}: ${restored.said}`]
  const verified = await command(['audit', 'verify', '--json'], restoredDir)
  const again = join(home, 'again')
  const taking = await command(['backup', again, '--json'], restoredDir)
  return [
    ...(verified.code === 0 ? [] : [`audit verify: exit ${verified.code}: ${verified.said}`]),
    ...(await holdAgainst(restoredDir, known, { dir, head })),
    ...(taking.code === 0 ? differences(dir, again) : [`second backup: exit ${taking.code}: ${taking.said}`]),
    ...(await spoil(dir, join(home, 'never'), draw, flips)),
  ]
}

/** What the restore itself writes. */
const writtenByRestore = new Set(['kernel.audit_event', 'identity.session', 'kernel.system_epoch', 'kernel.epoch_position'])

/** Backed up again where it was restored, every table has to be the same. */
function differences(first: string, second: string): string[] {
  const [before, after] = [manifestOf(first), manifestOf(second)]
  const digests = new Map(after.tables.map(({ name, rows, digest }) => [name, `${rows} ${digest}`]))
  return before.tables
    .filter(({ name, rows, digest }) => !writtenByRestore.has(name) && digests.get(name) !== `${rows} ${digest}`)
    .map(({ name, rows, digest }) => `${name} was ${rows} ${digest}, is ${digests.get(name)}`)
}

/** What was confirmed before the backup began is there, whole; nothing that nobody was told to be there is there by half. */
async function holdAgainst(dataDir: string, known: Ledger, { dir, head }: { dir: string; head: number }): Promise<string[]> {
  const faults: string[] = []
  const server = await startEmbeddedPostgres({ dataDir })
  const pool = openPool(applicationLogin(server.connection), () => undefined)
  const db = openDatabase(pool)
  try {
    const column = async (sql: string, values: unknown[] = []) => (await pool.query<{ id: string }>(sql, values)).rows.map(({ id }) => id)
    const tokens = await column("select id::text as id from identity.token where name like 'hostile-%'")
    const issued = await column("select subject_id as id from kernel.audit_event where action = 'token.issued'")
    const withdrawn = await column("select subject_id as id from kernel.audit_event where action = 'token.withdrawn'")
    const batches = await column('select batch_id as id from libraries.batch where resource = $1 and receipt is not null', [resource])
    faults.push(...missing('audit row of a token', [...known.tokens, ...tokens], issued))
    // Token and audit row are one commit: what was issued and not withdrawn is there, what was withdrawn is not.
    const standing = known.tokens.filter((id) => !withdrawn.includes(id))
    faults.push(
      ...missing('token', standing, tokens),
      ...tokens.filter((id) => withdrawn.includes(id)).map((id) => `token ${id} was withdrawn`),
    )
    faults.push(...missing('batch', known.batches, batches))
    faults.push(...(await brokenLog(db as unknown as LibrariesDb, pool)))
    const restored = await headIn(pool)
    const former = manifestOf(dir).epoch ?? ''
    const standingAt = (position: number) => consumerStanding({ db }, { stream: changeStream(resource), epoch: former, position })
    if ((await standingAt(restored)) !== 'earlier') faults.push('a consumer that read as far as the backup may not go on')
    // What has been read since the backup; where nothing was written since, one further.
    if ((await standingAt(Math.max(head, restored + 1))) !== 'ahead') faults.push('a consumer that is ahead was not told')
  } finally {
    await db.destroy()
    await server.stop()
  }
  return faults
}

/** The log of changes replayed from its beginning has to give the records, without a gap. */
async function brokenLog(db: LibrariesDb, pool: pg.Pool): Promise<string[]> {
  const records = new Map<string, number>()
  let at = 0
  for (;;) {
    const { changes, head } = await changesAfter(db, resource, at, 10_000)
    for (const { seq, op, values } of changes) {
      if (seq !== at + 1) return [`the log goes from ${at} to ${seq}`]
      at = seq
      const key = String(values[0])
      if (op === 'delete') records.delete(key)
      else records.set(key, seq)
    }
    if (changes.length > 0) continue
    if (at !== head) return [`the log ends at ${at}, its head says ${head}`]
    break
  }
  const { rows } = await pool.query<{ number: number }>('select number from libraries.resource where resource = $1', [resource])
  const { rows: found } = await pool.query<{ key: string; seq: number }>(`select i1 as key, seq from library_data.r_${rows[0]?.number}`)
  const odd = found.filter(({ key, seq }) => records.get(key) !== seq)
  return odd.length > 0 || found.length !== records.size
    ? [`${found.length} records, the log gives ${records.size}, ${odd.length} differ`]
    : []
}

/** One bit, at places that are drawn: refused, and the file is named. */
async function spoil(dir: string, nowhere: string, draw: () => number, flips: number): Promise<string[]> {
  const faults: string[] = []
  const files = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .sort()
  for (let flip = 0; flip < flips; flip++) {
    const file = files[Math.floor(draw() * files.length)] ?? ''
    const whole = readFileSync(join(dir, file))
    const place = Math.floor(draw() * whole.length)
    const spoilt = Buffer.from(whole)
    spoilt[place] = (whole[place] ?? 0) ^ (1 << Math.floor(draw() * 8))
    writeFileSync(join(dir, file), spoilt)
    const { code, said } = await command(['restore', dir, '--json'], nowhere)
    if (code !== 1 || !said.includes(`"file":"${file}"`)) faults.push(`${file}, byte ${place}: exit ${code}: ${said}`)
    if (existsSync(nowhere)) faults.push(`${file}, byte ${place}: something was made`)
    writeFileSync(join(dir, file), whole)
  }
  return faults
}

const manifestOf = (dir: string) => JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8')) as Manifest

function missing(what: string, wanted: readonly string[], found: readonly string[]): string[] {
  const here = new Set(found)
  const lost = wanted.filter((id) => !here.has(id))
  return lost.length > 0 ? [`${lost.length} × ${what} is missing, first ${lost[0]}`] : []
}

/** The command as an operator gives it. */
async function command(words: string[], dataDir: string): Promise<{ code: number | null; said: string }> {
  const env = { ...process.env, TONGCHOU_DATA: dataDir, DATABASE_URL: '' }
  const child = spawn(process.execPath, [join(root, 'apps/cli/commands.ts'), ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => {
      said += part.toString()
    })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, said }
}

async function install(socket: pg.ClientConfig): Promise<void> {
  const owner = new pg.Client(socket)
  await owner.connect()
  try {
    await installResource(
      owner,
      {
        ...{ resource, version: 1, title: '低保家庭', kind: 'state', key: ['i1'] },
        items: [
          { id: 'i1', title: '家庭编号', type: { kind: 'text', length: 15 }, required: true },
          { id: 'i2', title: '户主', type: { kind: 'text', length: 10 }, required: true },
        ],
      },
      installedAt,
    )
  } finally {
    await owner.end()
  }
}

async function headOf(socket: pg.ClientConfig): Promise<number> {
  const pool = new pg.Pool({ ...socket, max: 1 })
  try {
    return await headIn(pool)
  } finally {
    await pool.end()
  }
}

async function headIn(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ head: string }>('select last_seq::text as head from libraries.head where resource = $1', [resource])
  return Number(rows[0]?.head ?? 0)
}

/** Somebody makes and withdraws tokens over HTTP. */
async function writeTokens(address: string, ledger: Ledger, ended: AbortSignal): Promise<void> {
  const accounts = await fetch(`${address}/api/v1/demo/accounts`)
  const { items } = (await accounts.json()) as { items: { username: string; password: string; roles: string[] }[] }
  const found = items.find(({ roles }) => roles.includes('applicant'))
  if (!found) throw new Error('the demo city has no clerk')
  const clerk = { username: found.username, password: found.password }
  const json = { 'content-type': 'application/json' }
  const session = await fetch(`${address}/api/v1/sessions`, { method: 'POST', headers: json, body: JSON.stringify(clerk) })
  const cookie = session.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const soon = new Date(Date.now() + 30 * 24 * 3_600_000).toISOString().slice(0, 10)
  for (let index = 0; !ended.aborted; index++) {
    const body = JSON.stringify({ name: `hostile-${index}`, expiresOn: soon })
    const answer = await fetch(`${address}/api/v1/tokens`, { method: 'POST', headers: { ...json, cookie }, body })
    if (answer.status !== 201) throw new Error(`token: ${answer.status} ${await answer.text()}`)
    const { id } = (await answer.json()) as { id: string }
    ledger.tokens.push(id)
    // So many an account may have at most; what was withdrawn stays in the log.
    const old = ledger.tokens.at(-10)
    if (old !== undefined) await fetch(`${address}/api/v1/tokens/${old}`, { method: 'DELETE', headers: { cookie } })
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A library takes batches: records come, change and go. */
async function writeBatches(socket: pg.ClientConfig, ledger: Ledger, draw: () => number, ended: AbortSignal): Promise<void> {
  const pool = openPool(applicationLogin(socket), () => undefined)
  try {
    for (let number = 0; !ended.aborted; number++) {
      const batchId = `b${number}`
      const lines = Array.from({ length: 50 }, () => {
        const key = `H${Math.floor(draw() * 2000)}`
        return draw() < 0.15 ? { delete: [key] } : [key, `户主${number}`]
      })
      const text = [JSON.stringify({ format: 1, schema: 1, items: ['i1', 'i2'] }), ...lines.map((line) => JSON.stringify(line))].join('\n')
      await receiveBatch(pool, { resource, batchId, text, receivedBy: 'hostile', receivedAt: new Date() })
      ledger.batches.push(batchId)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  } finally {
    await pool.end()
  }
}
