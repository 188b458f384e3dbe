import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readStatus, runAgent } from './agent.ts'
import { centerAt } from './center.ts'
import { type AgentConfig, type ChannelConfig, readConfig } from './config.ts'
import { feedAt } from './feed.ts'
import { runFlow } from './flow.ts'
import { makeKey, publicPart, readKey } from './key.ts'
import { fileLog } from './log.ts'
import { outboxSql } from './outbox.ts'
import { AgentProblem, problemOf } from './problem.ts'
import type { ReceiveConfig } from './receive-config.ts'
import { inWords, type Reconciled } from './reconcile.ts'
import { layoutOf } from './sink.ts'
import { sourceOf } from './source.ts'
import { lockFolder, openSpool, spoolFile } from './spool.ts'
import { statusTexts } from './status-page.ts'
import { targetOf, targetSql } from './target.ts'

const usage = `用法：tongchou agent <run|check|status|key|sql|load|reconcile> --config agent.yaml [--json]

  run       运行前置程序，直到收到停止信号
  check     核对配置、密钥、令牌、中心和来源，不读取、不发送记录；会在中心重新登记发送，运行时不可用
  status    各通道待发批次、最近回执，各订阅接收进度，以及存在的问题
  key       生成签名密钥；已有的，显示公钥和指纹，供市大数据中心登记
  sql       输出来源库管理员需执行的变更触发器语句（capture: outbox）和目标库管理员需执行的建表语句；同样须先停止运行
  reconcile 立即与中心对账一次，不一致的按常规重报并复核；发现不一致的，退出码为 1；须先停止运行
  load      使各订阅在下次启动时从头全量加载；须先停止运行
`

/** Where the command writes; a test gives its own. */
export interface AgentTerminal {
  write: (text: string) => void
  complain: (text: string) => void
}

const terminal: AgentTerminal = {
  write: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
}

/** `tongchou agent …`. Exit code: 0 done, 1 findings, 2 wrong usage or configuration, 3 failure. */
export async function runAgentCommand(act: string, args: readonly string[], { write, complain } = terminal): Promise<number> {
  const json = args.includes('--json')
  const tell = (value: object, text: string) => write(json ? `${JSON.stringify(value, null, 2)}\n` : `${text}\n`)
  try {
    const config = readConfig(configFile(args))
    switch (act) {
      case 'run':
        return await run(config, complain)
      case 'check':
        return await check(config, tell)
      case 'status': {
        const status = readStatus(config)
        tell(status, statusTexts(status).join('\n'))
        return [...status.channels, ...status.receives].some(({ troubles }) => troubles.length > 0) ? 1 : 0
      }
      case 'key':
        return key(config, tell)
      case 'load':
        return await load(config, tell)
      case 'reconcile':
        return await reconcile(config, tell)
      default:
        return await sql(config, tell)
    }
  } catch (error) {
    if (!(error instanceof AgentProblem)) throw error
    const { code, message, cure } = error
    if (json) write(`${JSON.stringify({ code, message, cure })}\n`)
    else complain(`${message}\n${cure}\n${code === 'usage' ? `\n${usage}` : ''}`)
    return code === 'usage' || code.startsWith('config.') ? 2 : 3
  }
}

function configFile(args: readonly string[]): string {
  try {
    const { values } = parseArgs({ args: [...args], options: { config: { type: 'string' }, json: { type: 'boolean', default: false } } })
    if (values.config) return resolve(values.config)
  } catch {
    throw new AgentProblem('usage', '选项无法识别。', '请按用法重新执行。')
  }
  throw new AgentProblem('usage', '没有给出 --config。', '请按用法重新执行。')
}

async function run(config: AgentConfig, complain: (text: string) => void): Promise<number> {
  const ended = new AbortController()
  const end = () => ended.abort()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end)
  try {
    return (await runAgent(config, ended.signal, { echo: complain })) === 'superseded' ? 1 : 0
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, end)
  }
}

type Tell = (value: object, text: string) => void

async function check(config: AgentConfig, tell: Tell): Promise<number> {
  const signer = config.channels.length > 0 ? readKey(config.keyFile) : undefined
  const unlock = lockFolder(config.dataDir)
  try {
    const channels: { channel: string; ok: boolean; message: string }[] = []
    if (signer) {
      const center = centerAt(config.center, config.tokenFile, signer, new AbortController().signal)
      for (const channel of config.channels) channels.push(await checkChannel(config, channel, center))
    }
    const receives: { subscription: string; ok: boolean; message: string }[] = []
    for (const receive of config.receives) receives.push(await checkReceive(config, receive))
    const told = [...channels.map((one) => ({ id: one.channel, ...one })), ...receives.map((one) => ({ id: one.subscription, ...one }))]
    tell({ channels, receives }, told.map(({ ok, id, message }) => `${ok ? '正常' : '有问题'}  ${id}  ${message}`).join('\n'))
    return told.every(({ ok }) => ok) ? 0 : 1
  } finally {
    unlock()
  }
}

async function checkChannel({ dataDir }: AgentConfig, channel: ChannelConfig, center: ReturnType<typeof centerAt>) {
  const spool = openSpool(spoolFile(dataDir, channel.channel, channel.lane))
  try {
    const claimed = await center.claim(channel)
    const parts = { spool, stopped: new AbortController().signal, wake: () => undefined, say: () => undefined }
    const source = sourceOf(channel.source, { layout: layoutOf(channel, claimed), ...parts })
    try {
      const { title, version } = claimed.structure
      return {
        channel: channel.channel,
        ok: true,
        message: `${claimed.channel.name}：${await source.check()}，资源“${title}”第 ${version} 版`,
      }
    } finally {
      await source.close()
    }
  } catch (error) {
    const { message, cure } = problemOf(error)
    return { channel: channel.channel, ok: false, message: `${message}${cure}` }
  } finally {
    spool.close()
  }
}

/** Grant, token and table; nobody is replaced and nothing is received. */
async function checkReceive({ center }: AgentConfig, receive: ReceiveConfig) {
  const { subscription, tokenFile } = receive
  const target = targetOf(receive)
  try {
    const { resource, structure, validUntil } = await feedAt(center, subscription, tokenFile, new AbortController().signal).open()
    await target.fit(structure)
    return { subscription, ok: true, message: `“${resource.title}”，授权至 ${validUntil}，目标表 ${receive.target.table} 可写入` }
  } catch (error) {
    const { message, cure } = problemOf(error)
    return { subscription, ok: false, message: `${message}${cure}` }
  } finally {
    await target.close()
  }
}

/** Lets each table be loaded from the beginning at the next start (重新全量加载): what is in it stays until the load is complete. */
async function load(config: AgentConfig, tell: Tell): Promise<number> {
  const unlock = lockFolder(config.dataDir)
  try {
    for (const receive of config.receives) {
      const target = targetOf(receive)
      try {
        await target.claim()
        await target.startAnew()
      } finally {
        await target.close()
      }
    }
    const subscriptions = config.receives.map(({ subscription }) => subscription)
    tell({ subscriptions }, subscriptions.map((id) => `订阅 ${id} 将在下次启动时全量加载。`).join('\n') || '没有配置订阅。')
    return 0
  } finally {
    unlock()
  }
}

/** Holds each channel's source against the center by hand (对账), by the flow that runs every day: what it finds is sent, and looked at again. */
async function reconcile(config: AgentConfig, tell: Tell): Promise<number> {
  const unlock = lockFolder(config.dataDir)
  try {
    const told: { channel: string; message: string; runs: Reconciled[] }[] = []
    for (const channel of config.channels) {
      const runs = channel.reconcileMs === null ? [] : await reconcileChannel(config, channel)
      const message = runs.length > 0 ? runs.map(inWords).join('；复核：') : '每个文件都是新增的来源，不能对账。'
      told.push({ channel: channel.channel, message, runs })
    }
    tell({ channels: told }, told.map(({ channel, message }) => `${channel}  ${message}`).join('\n') || '没有配置通道。')
    return told.some(({ runs }) => runs.some(({ repair }) => repair !== 'none')) ? 1 : 0
  } finally {
    unlock()
  }
}

async function reconcileChannel(config: AgentConfig, channel: ChannelConfig): Promise<Reconciled[]> {
  const ended = new AbortController()
  const spool = openSpool(spoolFile(config.dataDir, channel.channel, channel.lane))
  const center = centerAt(config.center, config.tokenFile, readKey(config.keyFile), ended.signal)
  const runs: Reconciled[] = []
  let problem: AgentProblem | undefined
  const byHand = {
    found: (found: Reconciled) => {
      runs.push(found)
      if (found.repair !== 'sent' || runs.length > 1 || found.follows !== null) ended.abort()
    },
    failed: (failure: AgentProblem) => {
      problem ??= failure
      ended.abort()
    },
  }
  try {
    const now = () => new Date()
    await runFlow({ config: channel, center, spool, log: fileLog(config.log, now), now, byHand }, ended.signal)
  } finally {
    spool.close()
  }
  if (problem) throw problem
  return runs
}

function key(config: AgentConfig, tell: Tell): number {
  let isNew = true
  try {
    makeKey(config.keyFile)
  } catch (error) {
    if (!(error instanceof AgentProblem) || error.code !== 'key.exists') throw error
    isNew = false
  }
  const { publicKey, fingerprint } = publicPart(readKey(config.keyFile))
  tell(
    { publicKey, fingerprint, isNew, file: config.keyFile },
    `${isNew ? '已生成密钥' : '密钥已存在'}：${config.keyFile}\n公钥：${publicKey}\n指纹：${fingerprint}\n请将公钥交市大数据中心登记，并以电话核对指纹。`,
  )
  return 0
}

/** The key of a table is what the center says of the resource, so that it is asked. */
async function sql(config: AgentConfig, tell: Tell): Promise<number> {
  const unlock = lockFolder(config.dataDir)
  try {
    const { signal } = new AbortController()
    const texts: string[] = []
    for (const receive of config.receives)
      texts.push(targetSql((await feedAt(config.center, receive.subscription, receive.tokenFile, signal).open()).structure, receive))
    const noted = config.channels.filter(({ source }) => source.kind === 'postgres' && source.capture.kind === 'outbox')
    for (const channel of noted) {
      const { source } = channel
      const center = centerAt(config.center, config.tokenFile, readKey(config.keyFile), signal)
      if (source.kind !== 'postgres' || source.capture.kind !== 'outbox') continue
      const { columns, keyPositions } = layoutOf(channel, await center.claim(channel))
      texts.push(
        outboxSql(
          source.table,
          keyPositions.map((position) => columns[position] ?? ''),
        ),
      )
    }
    tell({ sql: texts }, texts.join('\n') || '没有使用 outbox 的通道，也没有订阅。')
    return 0
  } finally {
    unlock()
  }
}
