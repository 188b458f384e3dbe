import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ResourceDefinition } from '@tongchou/records'
import { department, sending, startAgent } from './exchange.ts'
import { type Figure, residentMib } from './measure.ts'
import { asOwner, withPlatform } from './platform.ts'

const FILE_ROWS = 100_000
const MILLION = 1_000_000
const MOST_SERVER_MIB = 512
const MOST_AGENT_MIB = 256
const MOST_SLOWER = 1.2

/**
 * Rows pass from a folder of files through an agent to the platform for as long as it takes: what both processes hold at most, and whether it goes as fast at the
 * end as at the beginning. Ten million unless `BENCH_ROWS` says otherwise.
 */
export async function memoryFlow(): Promise<Figure[]> {
  const rows = Number(process.env.BENCH_ROWS ?? 10 * MILLION)
  if (!(rows >= 2 * MILLION) || rows % MILLION !== 0) throw new Error('BENCH_ROWS: whole millions, two at least')
  return withPlatform((platform) =>
    asOwner(platform, async (owner) => {
      const there = await department(platform)
      try {
        const channel = await there.channel(owner, readings)
        const folder = join(there.folder, 'in')
        mkdirSync(folder)
        const source = `kind: csv\nfolder: ${folder}\nfiles: '*.csv'\nmode: added\nsettle: 0s`
        const items = Object.fromEntries(readings.items.map(({ id }) => [id, id]))
        const yaml = [there.head('flow'), sending(channel, source, items, ['every: 100ms'])].join('\n')
        const agent = startAgent({ yaml, folder: there.folder, isHeld: false })
        try {
          const peak = { server: 0, agent: 0 }
          const millions: number[] = []
          const began = performance.now()
          let written = 0
          while (agent.taken() < rows) {
            if (written < rows && agent.taken() >= written - 2 * FILE_ROWS) {
              writeFileSync(join(folder, 'next'), csvOf(written))
              renameSync(join(folder, 'next'), join(folder, `${String(written).padStart(12, '0')}.csv`))
              written += FILE_ROWS
            }
            await pause(50)
            peak.server = Math.max(peak.server, residentMib(platform.pid))
            peak.agent = Math.max(peak.agent, residentMib(agent.pid))
            while (agent.taken() >= (millions.length + 1) * MILLION) millions.push(performance.now() - began)
          }
          return figures(rows, peak, millions)
        } finally {
          await agent.stop()
        }
      } finally {
        there.close()
      }
    }),
  )
}

function figures(rows: number, peak: { server: number; agent: number }, millions: readonly number[]): Figure[] {
  const name = `${rows / MILLION} M rows from files to commit`
  const first = millions[0] ?? 0
  const last = (millions.at(-1) ?? 0) - (millions.at(-2) ?? 0)
  const most = (who: string, mib: number, limit: number): Figure => ({
    name: `${name}, peak of the ${who}`,
    ours: `${mib.toFixed(0)} MiB`,
    wanted: `≤ ${limit} MiB`,
    holds: mib <= limit,
  })
  return [
    most('server', peak.server, MOST_SERVER_MIB),
    most('agent', peak.agent, MOST_AGENT_MIB),
    {
      name: `${name}, the last million`,
      ours: `${(last / 1000).toFixed(1)} s`,
      against: `the first ${(first / 1000).toFixed(1)} s`,
      ratio: last / first,
      wanted: `≤ ${MOST_SLOWER} × the first`,
      holds: last <= MOST_SLOWER * first,
    },
  ]
}

const readings: ResourceDefinition = {
  resource: 'bench-readings',
  version: 1,
  title: '用水读数',
  kind: 'state',
  key: ['i1'],
  items: [
    { id: 'i1', title: '读数编号', type: { kind: 'text', length: 20 }, required: true },
    { id: 'i2', title: '户名', type: { kind: 'text', length: 60 }, required: true },
    { id: 'i3', title: '地址', type: { kind: 'text', length: 120 }, required: false },
    { id: 'i4', title: '读数', type: { kind: 'integer' }, required: true },
    { id: 'i5', title: '日期', type: { kind: 'date' }, required: true },
  ],
}

function csvOf(from: number): string {
  const lines = ['i1,i2,i3,i4,i5']
  for (let i = 0; i < FILE_ROWS; i++) {
    const n = from + ((i * 7919) % FILE_ROWS)
    lines.push(
      `S${String(n).padStart(12, '0')},户主${n % 977},海勃湾区新华街道${n % 311}号,${(n * 37) % 100_000},2026-${String((n % 12) + 1).padStart(2, '0')}-01`,
    )
  }
  return `${lines.join('\n')}\n`
}
