import { parentPort, workerData } from 'node:worker_threads'
import { DomainError, InvalidState, openPool } from '@tongchou/kernel'
import type pg from 'pg'
import { receiveBatch } from './receive.service.ts'
import type { FromWorker, ToWorker } from './receivers.ts'

// A thread that checks and writes batches on a connection of its own, so that ten thousand lines hold up no request.
const pool = openPool({ ...(workerData as { connection: pg.PoolConfig }).connection, max: 2 }, () => undefined)
const turns = new Map<number, (isBroken: boolean) => void>()
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

parentPort?.on('message', (message: ToWorker) => {
  if ('turn' in message) turns.get(message.turn)?.(message.isBroken)
  else if ('stop' in message) void pool.end().then(() => parentPort?.close())
  else void receive(message)
})

async function receive({ id, bytes, batch }: Extract<ToWorker, { id: number }>): Promise<void> {
  const turn = new Promise<void>((resolve, reject) =>
    turns.set(id, (isBroken) => {
      if (isBroken) reject(new InvalidState('libraries.order_broken', '前一批次未能写入，本批次未写入，请从前一批次起重发。'))
      else resolve()
    }),
  )
  // It may be refused before anybody waits for it.
  turn.catch(() => undefined)
  try {
    answer({ id, receipt: await receiveBatch(pool, { ...batch, text: utf8.decode(bytes) }, { turn }) })
  } catch (error) {
    answer({ id, problem: problemOf(error) })
  } finally {
    turns.delete(id)
  }
}

function answer(message: FromWorker): void {
  parentPort?.postMessage(message)
}

function problemOf(error: unknown): Extract<FromWorker, { problem: unknown }>['problem'] {
  if (error instanceof DomainError) return { kind: error.constructor.name, code: error.code, message: error.message, fields: error.fields }
  if (error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
    return { kind: 'InvalidValue', code: 'libraries.batch_encoding', message: '批次不是 UTF-8 文本。', fields: [] }
  return { kind: 'Error', code: '', message: error instanceof Error ? (error.stack ?? error.message) : String(error), fields: [] }
}
