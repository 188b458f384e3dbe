import { setTimeout as sleep } from 'node:timers/promises'
import { type Figure, residentMib } from './measure.ts'
import { signedIn, start, withPlatform } from './platform.ts'

const MOST_MIB = 300
const SETTLE_MS = 15_000

/** What the server holds when nobody asks for anything, PostgreSQL not counted. */
export async function idleMemory(): Promise<Figure[]> {
  return withPlatform(async ({ address, pid }) => {
    const bare = await start(['bench/bare-fastify.ts'])
    try {
      // Idle after somebody was there: what is made at the first requests is then in it.
      const headers = await signedIn(address, 'big-data-center')
      for (const path of ['/api/v1/tasks?box=todo', '/api/v1/projects', '/openapi.json'])
        await (await fetch(`${address}${path}`, { headers })).text()
      await sleep(SETTLE_MS)
      const [us, limit] = [residentMib(pid), residentMib(bare.pid)]
      return [
        {
          name: 'idle memory of the server',
          ours: `${us.toFixed(0)} MiB`,
          against: `bare Fastify ${limit.toFixed(0)} MiB`,
          ratio: us / limit,
          wanted: `≤ ${MOST_MIB} MiB`,
          holds: us <= MOST_MIB,
        },
      ]
    } finally {
      await bare.stop()
    }
  })
}
