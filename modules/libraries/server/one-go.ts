import type pg from 'pg'

/**
 * Sends statements on one connection without waiting for each (流水线), where none of them needs another's answer. They are executed one after the other as they
 * were sent; inside a transaction everything behind one that fails fails too, and what failed first is thrown.
 */
export async function inOneGo<A extends readonly Promise<unknown>[]>(
  client: pg.ClientBase,
  send: () => readonly [...A],
): Promise<{ -readonly [K in keyof A]: Awaited<A[K]> }> {
  // Not for the whole of a connection: COPY cannot be sent so.
  const switched: { pipeline?: boolean } = client as object
  switched.pipeline = true
  try {
    const answers = send()
    // Each has its answer before the connection is used otherwise; of those that failed the first says why.
    const settled = await Promise.allSettled(answers)
    for (const one of settled) if (one.status === 'rejected') throw one.reason
    return await Promise.all(answers)
  } finally {
    switched.pipeline = false
  }
}
