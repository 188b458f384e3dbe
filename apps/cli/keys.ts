import { createPublicKey, randomUUID } from 'node:crypto'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { sm2Fingerprint, sm2PublicKey } from '@tongchou/evidence'
import { endLostRelations, forgetLostFactors } from '@tongchou/identity'
import { forgetLostCredentials } from '@tongchou/interfaces'
import {
  type Ctx,
  fingerprintOf,
  forgetMissingKeys,
  type KernelTables,
  type KeyPurpose,
  keyRingOf,
  pruneKeys,
  publicKeyOf,
  readKeyFile,
  StartupProblem,
  systemActor,
  withNewKey,
  writeKeyFile,
} from '@tongchou/kernel'
import type { Kysely } from 'kysely'
import { type DatabaseLocation, locationHere, withDatabase } from './database.ts'

const usage = `用法：tongchou keys show [--json]
      tongchou keys rotate --purpose sealing|signing|evidence|digest [--json]
      tongchou keys prune [--json]
      tongchou keys forget [--json]

  show      列出密钥编号；签名和存证签名的密钥并列出公钥指纹
  rotate    生成新密钥并设为当前密钥，重新启动后启用；sealing 为加密，signing 为归档包签名，evidence 为存证签名，digest 为号码摘要
  prune     重新启动后，清除不再使用的旧加密密钥
  forget    密钥文件确已丢失的：取消以其加密的动态口令，有关人员须重新启用；终止以其对应的本人关系，须重新核验

密钥文件在 TONGCHOU_KEY_FILE 指明的位置，默认为数据目录中的 keys.json。
`

/** Where the command writes; a test gives its own. */
export interface KeysTerminal {
  write: (text: string) => void
  complain: (text: string) => void
}

/** Where the keys are, and the database that they belong to. */
export interface KeysLocation extends DatabaseLocation {
  keyFile?: string | undefined
}

const terminal: KeysTerminal = {
  write: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
}

const here = (): KeysLocation => ({ ...locationHere(), keyFile: process.env.TONGCHOU_KEY_FILE })

/** `tongchou keys show`: which keys there are, by id; of those that sign, the fingerprint. Exit code: 0 done, 2 wrong usage. */
export async function runKeysShow(args: readonly string[], { write, complain } = terminal, location = here()): Promise<number> {
  const options = optionsOf(args, false)
  if (!options) return refuse(args, complain)
  const file = keyFileOf(location)
  const ring = keyRingOf(requireKeys(file))
  const shown = {
    file,
    sealing: [...ring.sealing.byId.keys()].map((id) => ({ id, inUse: id === ring.sealing.current })),
    signing: [...ring.signing.byId.keys()].map((id) => ({
      id,
      inUse: id === ring.signing.current,
      fingerprint: fingerprintOf(createPublicKey(publicKeyOf(ring.signing, id))),
    })),
    evidence: [...(ring.evidence?.byId ?? [])].map(([id, key]) => ({
      id,
      inUse: id === ring.evidence?.current,
      fingerprint: sm2Fingerprint(sm2PublicKey(key)),
    })),
    digest: [...(ring.digest?.byId.keys() ?? [])].map((id) => ({ id, inUse: id === ring.digest?.current })),
  }
  const state = (inUse: boolean) => (inUse ? '当前' : '旧')
  const lines = [
    `密钥文件：${file}`,
    ...shown.sealing.map(({ id, inUse }) => `加密 ${id}（${state(inUse)}）`),
    ...shown.signing.map(({ id, inUse, fingerprint }) => `签名 ${id}（${state(inUse)}），公钥指纹 SM3：${fingerprint}`),
    ...shown.digest.map(({ id, inUse }) => `号码摘要 ${id}（${inUse ? '当前' : '旧，仍须保留'}）`),
    ...shown.evidence.map(({ id, inUse, fingerprint }) => `存证签名 ${id}（${state(inUse)}），公钥指纹 SM3：${fingerprint}`),
  ]
  write(options.json ? `${JSON.stringify(shown, null, 2)}\n` : `${lines.join('\n')}\n`)
  return 0
}

/** `tongchou keys rotate`: a new key of a purpose beside the former ones. The running server goes on with what it has read until it starts anew. */
export async function runKeysRotate(args: readonly string[], { write, complain } = terminal, location = here()): Promise<number> {
  const options = optionsOf(args, true)
  if (!options?.purpose) return refuse(args, complain)
  const file = keyFileOf(location)
  const changed = withNewKey(requireKeys(file), options.purpose)
  writeKeyFile(file, changed)
  const current = changed[options.purpose]?.current
  write(
    options.json
      ? `${JSON.stringify({ purpose: options.purpose, id: current })}\n`
      : `已生成密钥 ${current}。请先备份 ${file}，再把它分发到每台服务器并重新启动全部服务。\n`,
  )
  return 0
}

/** `tongchou keys prune`: takes former keys out once nothing needs them. */
export async function runKeysPrune(args: readonly string[], { write, complain } = terminal, location = here()): Promise<number> {
  const options = optionsOf(args, false)
  if (!options) return refuse(args, complain)
  const file = keyFileOf(location)
  requireKeys(file)
  const removed = await withDatabase(location, (db) => pruneKeys(ctxOf(db), file))
  write(options.json ? `${JSON.stringify({ removed })}\n` : `已清除 ${removed.length} 个旧密钥。\n`)
  return 0
}

/** `tongchou keys forget`: after the loss of the key file. */
export async function runKeysForget(args: readonly string[], { write, complain } = terminal, location = here()): Promise<number> {
  const options = optionsOf(args, false)
  if (!options) return refuse(args, complain)
  const file = keyFileOf(location)
  let ended = 0
  let stopped = 0
  const count = await withDatabase(location, (db) =>
    forgetMissingKeys(ctxOf(db), file, async (tx, keys) => {
      ended = await endLostRelations(tx, keys)
      stopped = (await forgetLostCredentials(tx, keys)).length
      return forgetLostFactors(tx, keys)
    }),
  )
  const told = `已取消 ${count} 个账号的动态口令${ended > 0 ? `，终止 ${ended} 项本人关系` : ''}${stopped > 0 ? `，停用 ${stopped} 个凭据已不可用的部门接口` : ''}。\n`
  write(options.json ? `${JSON.stringify({ forgotten: count, endedRelations: ended, stoppedInterfaces: stopped })}\n` : told)
  return 0
}

function refuse(args: readonly string[], complain: (text: string) => void): number {
  complain(args.includes('--json') ? `${JSON.stringify({ code: 'usage', message: '选项无法识别或不全' })}\n` : usage)
  return 2
}

function keyFileOf({ keyFile, dataDir }: KeysLocation): string {
  return resolve(keyFile || join(dataDir || './data', 'keys.json'))
}

function requireKeys(file: string) {
  const keys = readKeyFile(file)
  if (keys) return keys
  throw new StartupProblem('keys.missing', `没有密钥文件 ${file}。`, '请先启动一次服务，或用 TONGCHOU_KEY_FILE 指明密钥文件的位置。')
}

function ctxOf(db: Kysely<KernelTables>): Ctx {
  return { db, actor: systemActor, now: () => new Date(), requestId: randomUUID(), inside: false }
}

const purposes: readonly KeyPurpose[] = ['sealing', 'signing', 'evidence', 'digest']

function optionsOf(args: readonly string[], withPurpose: boolean): { purpose: KeyPurpose | undefined; json: boolean } | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false }, ...(withPurpose ? { purpose: { type: 'string' as const } } : {}) },
    })
    const { purpose } = values as { purpose?: string }
    return { purpose: purposes.find((known) => known === purpose), json: values.json }
  } catch {
    return undefined
  }
}
