import { Worker } from 'node:worker_threads'
import { type FieldProblem, InvalidState, InvalidValue, NotFound } from '@tongchou/kernel'
import type pg from 'pg'
import type { Receipt } from './library.schema.ts'
import type { IncomingBatch } from './receive.service.ts'

/** What a thread is told. */
export type ToWorker =
  | { id: number; bytes: Uint8Array; batch: Omit<IncomingBatch, 'text'> }
  | { turn: number; isBroken: boolean }
  | { stop: true }

/** What a thread answers. */
export type FromWorker =
  | { id: number; receipt: Receipt }
  | { id: number; problem: { kind: string; code: string; message: string; fields: readonly FieldProblem[] } }

/** Batches as bytes, received by threads (接收线程). */
export interface Receivers {
  /**
   * Checks the batch at once, and writes it when its turn has come; a turn that fails is what it fails with, and nothing of it is written. So lines are
   * checked while the batch before them is being written.
   * @param bytes are moved to the thread and cannot be used afterwards
   */
  receive(bytes: Uint8Array<ArrayBuffer>, batch: Omit<IncomingBatch, 'text'>, turn: Promise<unknown>): Promise<Receipt>
  stop(): Promise<void>
}

interface Thread {
  worker: Worker
  waiting: Map<number, { resolve: (receipt: Receipt) => void; reject: (error: Error) => void }>
}

/** @param threads as many as there are cores: more of them only wait for each other (measured) */
export function openReceivers(connection: pg.PoolConfig, threads: number): Receivers {
  const running: (Thread | undefined)[] = Array.from({ length: threads }, () => undefined)
  let ids = 0
  const threadAt = (place: number): Thread => {
    // Begun at the first batch: a city that receives nothing pays nothing.
    running[place] ??= startThread(connection, () => {
      running[place] = undefined
    })
    return running[place]
  }
  return {
    async receive(bytes, batch, turn) {
      const id = ++ids
      const thread = threadAt(id % threads)
      const receipt = new Promise<Receipt>((resolve, reject) => thread.waiting.set(id, { resolve, reject }))
      // Before its turn it may have failed by itself.
      receipt.catch(() => undefined)
      post(thread, { id, bytes, batch }, [bytes.buffer])
      try {
        await turn
      } catch (error) {
        post(thread, { turn: id, isBroken: true })
        throw error
      }
      post(thread, { turn: id, isBroken: false })
      return receipt
    },
    async stop() {
      await Promise.all(running.map((thread) => thread && ended(thread)))
    },
  }
}

function startThread(connection: pg.PoolConfig, gone: () => void): Thread {
  const worker = new Worker(new URL('./receive.worker.ts', import.meta.url), {
    workerData: { connection },
    // A batch's lines live as long as the batch: with less room a fifth of the time went into moving them (measured). Without a bound V8 lets a heap grow to four
    // times what lives in it before it clears it; under one that no batch comes near, each thread held 65 MiB less and was as fast (measured).
    resourceLimits: { maxYoungGenerationSizeMb: 64, maxOldGenerationSizeMb: 1536 },
  })
  const thread: Thread = { worker, waiting: new Map() }
  worker.on('message', (message: FromWorker) => {
    const waiting = thread.waiting.get(message.id)
    thread.waiting.delete(message.id)
    if ('receipt' in message) waiting?.resolve(message.receipt)
    else waiting?.reject(errorOf(message.problem))
  })
  const lost = (error: Error) => {
    gone()
    for (const { reject } of thread.waiting.values()) reject(error)
    thread.waiting.clear()
  }
  worker.on('error', lost)
  worker.on('exit', () => lost(new Error('the receiving thread has ended')))
  worker.unref()
  return thread
}

function post({ worker }: Thread, message: ToWorker, moved: ArrayBuffer[] = []): void {
  worker.postMessage(message, moved)
}

async function ended({ worker }: Thread): Promise<void> {
  const exit = new Promise((resolve) => worker.once('exit', resolve))
  // Idle it holds no process; but whoever waits for its end must live to see it.
  worker.ref()
  worker.postMessage({ stop: true } satisfies ToWorker)
  await exit
}

const kinds = { InvalidState, InvalidValue, NotFound }

function errorOf({ kind, code, message, fields }: Extract<FromWorker, { problem: unknown }>['problem']): Error {
  const Kind = kinds[kind as keyof typeof kinds]
  return Kind ? new Kind(code, message, fields) : new Error(message)
}
