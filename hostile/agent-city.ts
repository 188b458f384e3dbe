import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig, runAgent, runAgentCommand } from '@tongchou/agent'
import type { ResourceDefinition } from '@tongchou/records'
import type { TestDatabase } from '@tongchou/testing'
import { type ExchangeCity, exchangeCity } from '../apps/server/src/testing/exchange-city.given.ts'

/** 民政局 with a center: folders of agents, and agents that run in this process. */
export interface AgentCity extends ExchangeCity {
  /** A folder with key and token of an agent whose key is registered on a new channel of the resource. */
  department(resource: string): Promise<Department>
  /** Address of a database for agents. */
  sourceUrl: string
}

export interface Department {
  folder: string
  channel: string
  /** The configuration with one channel, whose source and more are given as YAML. */
  yaml(source: string, items: Readonly<Record<string, string>>, more?: string, data?: string): string
  /** Starts an agent; `stop` ends it as a signal would and tells how it went. */
  start(yaml: string): { stop(): Promise<'ended' | 'superseded'>; outcome: Promise<'ended' | 'superseded'>; log: string[] }
  /** One of the commands. */
  command(act: string, yaml: string): Promise<{ code: number; out: string }>
}

const impatient = { first: 20, last: 200 }

export async function agentCity(database: TestDatabase): Promise<AgentCity> {
  const center = await exchangeCity(database)
  const { token } = await center.token()
  const { host, port, user, database: name } = database.connection
  const folders: string[] = []
  let number = 0
  return {
    ...center,
    sourceUrl: `postgres://${user}@localhost/${name}?host=${encodeURIComponent(host)}&port=${port}`,
    async department(resource) {
      const folder = mkdtempSync(join(tmpdir(), 'tongchou-agent-'))
      folders.push(folder)
      const head = (data: string) =>
        [`center: ${center.url}`, `token-file: ${folder}/token`, `key-file: ${folder}/key.json`, `data: ${folder}/${data}`].join('\n')
      writeFileSync(join(folder, 'token'), token)
      let channel = '00000000-0000-4000-8000-000000000000'
      const yaml: Department['yaml'] = (source, items, more = '', data = 'data') => {
        const pairs = Object.entries(items).map(([id, column]) => `      ${id}: ${column}`)
        const indented = (text: string, by: string) =>
          text
            .trim()
            .split('\n')
            .map((line) => by + line.trim())
            .join('\n')
        return [
          head(data),
          'channels:',
          `  - channel: ${channel}`,
          ...(more ? [indented(more, '    ')] : []),
          '    source:',
          indented(source, '      '),
          '    items:',
          ...pairs,
          '',
        ].join('\n')
      }
      const command: Department['command'] = async (act, text) => {
        writeFileSync(join(folder, 'agent.yaml'), text)
        const out: string[] = []
        const write = (line: string) => void out.push(line)
        const code = await runAgentCommand(act, ['--config', join(folder, 'agent.yaml'), '--json'], { write, complain: write })
        return { code, out: out.join('') }
      }
      const made = await command('key', yaml('kind: csv\nfolder: in\nmode: whole', { i1: 'x' }))
      const { publicKey } = JSON.parse(made.out) as { publicKey: string }
      channel = await center.channel(`通道${++number}`, resource, publicKey)
      return {
        folder,
        channel,
        yaml,
        command,
        start(text) {
          const ended = new AbortController()
          const log: string[] = []
          const options = { echo: (line: string) => void log.push(line), patience: impatient }
          const outcome = runAgent(parseConfig(text, folder), ended.signal, options)
          outcome.catch(() => undefined)
          return {
            outcome,
            log,
            stop() {
              ended.abort()
              return outcome
            },
          }
        },
      }
    },
    async close() {
      await center.close()
      for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A resource of three items, one of them the key. */
export const households = (resource: string, change: Partial<ResourceDefinition> = {}): ResourceDefinition => ({
  resource,
  version: 1,
  title: '低保家庭',
  kind: 'state',
  key: ['i1'],
  items: [
    { id: 'i1', title: '家庭编号', type: { kind: 'text', length: 15 }, required: true },
    { id: 'i2', title: '户主', type: { kind: 'text', length: 10 }, required: true },
    { id: 'i3', title: '变更时间', type: { kind: 'instant' }, required: false },
  ],
  ...change,
})
