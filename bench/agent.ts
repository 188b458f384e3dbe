// An agent of a benchmark, a process of its own: the product's, which may be made to keep in its spool what it has read until it is told to send.
import { type Center, parseConfig, runAgent } from '@tongchou/agent'
import type { AgentArguments } from './exchange.ts'

const { yaml, folder, isHeld } = JSON.parse(process.argv[2] ?? '{}') as AgentArguments
const ended = new AbortController()
process.on('disconnect', () => ended.abort())
const go = Promise.withResolvers<void>()
process.once('message', () => go.resolve())
if (!isHeld) go.resolve()
const through = (center: Center): Center => ({
  ...center,
  async send(parcel, body) {
    await Promise.race([go.promise, new Promise((resolve) => ended.signal.addEventListener('abort', resolve, { once: true }))])
    const receipt = await center.send(parcel, body)
    if (process.connected) process.send?.({ rows: receipt.rows })
    return receipt
  },
})
await runAgent(parseConfig(yaml, folder), ended.signal, {
  through,
  echo: (line) => void process.stderr.write(process.env.BENCH_LOG ? `${line}\n` : ''),
})
if (process.connected) process.disconnect?.()
