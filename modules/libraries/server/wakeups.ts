import pg from 'pg'

/** Tells whoever waits that a resource has changed (变更通知). */
export interface LibraryWakeups {
  /** How often it was told that the resource has changed. */
  count(resource: string): number
  /** Resolves when it was told so since `count` gave this number, when the time is over, or when it is stopped. */
  wait(resource: string, since: number, ms: number, stopped: AbortSignal): Promise<void>
  stop(): Promise<void>
}

/**
 * Listens on one connection for what the write path tells after each commit. It is only a hint that comes at once: while the connection is away, who waits
 * looks by himself when his time is over, and once it is back everybody looks.
 * @param connection null for one that never tells anything
 */
export function openWakeups(connection: pg.ClientConfig | null): LibraryWakeups {
  const counts = new Map<string, number>()
  const waiting = new Map<string, Set<() => void>>()
  let client: pg.Client | undefined
  let isStopped = false
  const tell = (resource: string) => {
    counts.set(resource, (counts.get(resource) ?? 0) + 1)
    for (const wake of waiting.get(resource) ?? []) wake()
  }
  const listen = async (): Promise<void> => {
    if (client || isStopped || !connection) return
    const fresh = new pg.Client({ ...connection, application_name: 'tongchou-wakeups' })
    client = fresh
    const lost = () => {
      if (client !== fresh) return
      client = undefined
      fresh.end().catch(() => undefined)
      if (!isStopped) setTimeout(() => void listen(), 500).unref()
    }
    fresh.on('error', lost)
    fresh.on('end', lost)
    fresh.on('notification', ({ payload }) => {
      const [resource] = JSON.parse(payload ?? '[]') as [string?]
      if (resource !== undefined) tell(resource)
    })
    try {
      await fresh.connect()
      await fresh.query('listen libraries')
      for (const resource of waiting.keys()) tell(resource)
    } catch {
      lost()
    }
  }
  return {
    count(resource) {
      // Begun at the first reader: a city that nobody receives from keeps no connection for it.
      void listen()
      return counts.get(resource) ?? 0
    },
    wait: (resource, since, ms, stopped) =>
      new Promise((resolve) => {
        if ((counts.get(resource) ?? 0) !== since || stopped.aborted || ms <= 0) return resolve()
        const those = waiting.get(resource) ?? new Set()
        const wake = () => {
          clearTimeout(timer)
          stopped.removeEventListener('abort', wake)
          those.delete(wake)
          if (those.size === 0) waiting.delete(resource)
          resolve()
        }
        const timer = setTimeout(wake, ms)
        stopped.addEventListener('abort', wake, { once: true })
        those.add(wake)
        waiting.set(resource, those)
      }),
    async stop() {
      isStopped = true
      const last = client
      client = undefined
      await last?.end().catch(() => undefined)
    },
  }
}
