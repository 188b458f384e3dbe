import autocannon from 'autocannon'

/** What is asked over and over: one address, or several paths or bodies in turn. Bodies are posted. */
export interface Ask {
  url: string
  headers?: Record<string, string>
  paths?: readonly string[]
  bodies?: readonly string[]
}

const CONNECTIONS = 32
const SECONDS = 4

/** Answered requests per second. @throws when anything but a 2xx came back: a refusal is fast and measures nothing */
export async function requestsPerSecond({ url, headers, paths, bodies }: Ask): Promise<number> {
  const requests = [...(paths ?? []).map((path) => ({ path })), ...(bodies ?? []).map((body) => ({ method: 'POST' as const, body }))]
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: SECONDS,
    ...(headers && { headers }),
    ...(requests.length > 0 && { requests }),
  })
  const bad = result.non2xx + result.errors + result.timeouts
  if (bad > 0 || result['2xx'] === 0) throw new Error(`${url}: ${bad} answers were none, ${result['2xx']} were right`)
  return result['2xx'] / result.duration
}

/** Milliseconds that each of `count` requests took, `connections` at a time. */
export async function latencies(urls: readonly string[], headers: Record<string, string>, connections: number): Promise<number[]> {
  const waiting = [...urls]
  const taken: number[] = []
  const one = async () => {
    for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
      const began = performance.now()
      const answer = await fetch(url, { headers })
      await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
      taken.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: connections }, one))
  return taken
}
