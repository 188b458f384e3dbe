import { parseArgs } from 'node:util'
import { type InputReport, throwInput } from './input.ts'
import { type Held, startPlatform } from './platform.ts'

/** How much more memory than after warming up may be held once it is quiet again. */
const allowedGrowth = 1.5

/** The long run over the whole platform: 0 when nothing was found. */
export async function hostileInput(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { n: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' }, from: { type: 'string', default: '0' } },
  })
  const [count = 0, seed = 0, from = 0] = [values.n, values.seed, values.from].map(Number)
  if (![count, seed, from].every(Number.isSafeInteger)) {
    console.error('npm run hostile -- input [--n 10000] [--seed 1] [--from 0]')
    return 2
  }
  const platform = await startPlatform()
  try {
    await liftLimits(platform.address)
    const began = performance.now()
    const { ended, memory } = platform
    const report = await throwInput(platform.address, { seed, from, count, ended, memory, note: (line) => console.log(line) })
    for (const [kind, times] of [...report.kinds].sort()) console.log(`${String(times).padStart(8)} ${kind}`)
    for (const [status, times] of [...report.statuses].sort()) console.log(`${String(times).padStart(8)} answers ${status}`)
    for (const fault of report.faults) console.error(fault)
    const growth = report.memory ? report.memory.after.rss / report.memory.before.rss : Number.POSITIVE_INFINITY
    const grown = growth > allowedGrowth
    if (grown) console.error(`memory grew to ${growth.toFixed(2)} times what it was, more than ${allowedGrowth}`)
    const seconds = ((performance.now() - began) / 1000).toFixed(0)
    console.log(`${report.sent} inputs, seed ${seed}, ${seconds} s: ${report.faults.length} faults; ${inWords(report)}`)
    return report.faults.length === 0 && !grown ? 0 : 1
  } finally {
    await platform.stop()
  }
}

/** All inputs come from one address: what it is allowed must not be what they are answered with. */
async function liftLimits(address: string): Promise<void> {
  const { items } = (await (await fetch(`${address}/api/v1/demo/accounts`)).json()) as {
    items: { username: string; password: string; roles: string[] }[]
  }
  const guard = items.find(({ roles }) => roles.includes('security-admin'))
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ username: guard?.username, password: guard?.password })
  const session = await fetch(`${address}/api/v1/sessions`, { method: 'POST', headers, body })
  const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const at = `${address}/api/v1/security-settings`
  const { settings, version } = (await (await fetch(at, { headers: { cookie } })).json()) as { settings: object; version: number }
  const lifted = { ...settings, addressSignInFailures: 100_000, addressExpensivePerMinute: 1_000_000 }
  const answer = await fetch(at, { method: 'PUT', headers: { ...headers, cookie }, body: JSON.stringify({ settings: lifted, version }) })
  if (!answer.ok) throw new Error(`the limits could not be lifted: ${answer.status} ${await answer.text()}`)
}

/** What was held before and after, each once the garbage was collected: the process, and its objects in brackets. */
function inWords({ memory }: InputReport): string {
  if (!memory) return 'memory not measured'
  const { before, after } = memory
  const mebibytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MiB`
  const held = ({ rss, heapUsed }: Held) => `${mebibytes(rss)} (${mebibytes(heapUsed)})`
  return `memory ${held(before)} before, ${held(after)} after: ${(after.rss / before.rss).toFixed(2)} times`
}
