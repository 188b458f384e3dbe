import { join } from 'node:path'
import { loadPacks, readExamples } from '@tongchou/policy'
import { type Ask, requestsPerSecond } from './http-load.ts'
import { type Figure, inTurn, median } from './measure.ts'
import { signedIn, start, withPlatform } from './platform.ts'

const ROUNDS = 3
const PACK = 'wuhai-2023'

/** `evaluate` against bare Fastify: every worked case of the pack in turn, so that no two requests that follow each other are the same. */
export async function evaluate(): Promise<Figure[]> {
  const [pack] = loadPacks(join(import.meta.dirname, '../policy-packs')).packs.get(PACK) ?? []
  if (!pack) throw new Error(`there is no pack ${PACK}`)
  const bodies = readExamples(pack).map(({ act, facts }) => JSON.stringify({ act, asOf: pack.validFrom, facts: Object.fromEntries(facts) }))
  return compared('evaluate', 0.25, async (address, headers) => ({
    url: `${address}/api/v1/policy-packs/${PACK}/evaluate`,
    headers: { ...headers, 'content-type': 'application/json' },
    bodies,
  }))
}

/** The page of a project, as its own API answers it, against bare Fastify: the projects of the city in turn. */
export async function projectPage(): Promise<Figure[]> {
  return compared('project page', 0.1, async (address, headers) => {
    const answer = await fetch(`${address}/api/v1/projects?limit=100`, { headers })
    const { items } = (await answer.json()) as { items: { id: string }[] }
    return { url: address, headers, paths: items.map(({ id }) => `/api/v1/projects/${id}`) }
  })
}

async function compared(
  name: string,
  wanted: number,
  ask: (address: string, headers: Record<string, string>) => Promise<Ask>,
): Promise<Figure[]> {
  return withPlatform(async ({ address }) => {
    const bare = await start(['bench/bare-fastify.ts'])
    try {
      const ours = await ask(address, await signedIn(address, 'big-data-center'))
      // What is compiled at the first requests is not what a working day is made of.
      await requestsPerSecond(ours)
      const figures = await inTurn({ ours: () => requestsPerSecond(ours), limit: () => requestsPerSecond({ url: bare.address }) }, ROUNDS)
      const [us, limit] = [median(figures.ours), median(figures.limit)]
      const ratio = us / limit
      return [
        {
          name,
          ours: `${Math.round(us)} requests/s`,
          against: `bare Fastify ${Math.round(limit)} requests/s`,
          ratio,
          wanted: `≥ ${wanted}`,
          holds: ratio >= wanted,
        },
      ]
    } finally {
      await bare.stop()
    }
  })
}
