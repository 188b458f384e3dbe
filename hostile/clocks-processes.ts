import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type pg from 'pg'
import type { CityArguments, Order } from './clocks-city.ts'

type Message = { ready?: true; connection?: pg.ClientConfig; pid?: number; id?: number; error?: string }

function start(file: string, argument: string): { child: ChildProcess; first: Promise<Message> } {
  // Two hundred starts read compiled code after the first.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(import.meta.dirname, '../node_modules/.cache/tongchou') }
  const child = fork(join(import.meta.dirname, file), [argument], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env })
  const first = Promise.race([
    once(child, 'message').then(([message]) => message as Message),
    once(child, 'exit').then(([code]) => {
      throw new Error(`${file} ended with ${code} before it was ready`)
    }),
  ])
  return { child, first }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** PostgreSQL as a process that can be killed and comes back on the same folder. */
export async function startDatabase(dataDir: string) {
  const { child, first } = start('clocks-database.ts', dataDir)
  const { connection, pid } = await first
  if (!connection || !pid) throw new Error('the database did not say where it listens')
  return {
    connection,
    /** Its keeper first, which would bring it back by itself, then PostgreSQL. */
    kill: async () => {
      await kill(child)
      process.kill(pid, 'SIGKILL')
    },
    stop: async () => {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}
export type Database = Awaited<ReturnType<typeof startDatabase>>

/** The server as a process that takes orders, can be killed, and must not end for any other reason. */
export async function startServer(given: CityArguments) {
  const { child, first } = start('clocks-city.ts', JSON.stringify(given))
  await first
  let killed = false
  let unplanned = false
  child.on('exit', () => {
    unplanned = !killed
  })
  const waiting = new Map<number, (error: string | undefined) => void>()
  child.on('message', ({ id, error }: Message) => {
    if (id !== undefined) waiting.get(id)?.(error)
  })
  child.on('exit', () => {
    for (const answer of waiting.values()) answer('the server is gone')
  })
  let orders = 0
  return {
    hasEndedByItself: () => unplanned,
    /** Resolves with nothing once it is done, with the reason when it is not. */
    order: (order: Order) =>
      new Promise<string | undefined>((resolve) => {
        const id = ++orders
        waiting.set(id, (error) => {
          waiting.delete(id)
          resolve(error)
        })
        child.send({ id, order }, (error) => error && waiting.get(id)?.(error.message))
      }),
    kill: async () => {
      killed = true
      await kill(child)
    },
  }
}
export type Server = Awaited<ReturnType<typeof startServer>>
