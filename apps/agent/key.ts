import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { isSm2PrivateKey, type Signer, sm2Fingerprint, sm2Signer } from '@tongchou/evidence'
import { AgentProblem } from './problem.ts'

/** The key of this machine (签名密钥), made here and never leaving; the center is told its public half. */
export function makeKey(file: string): void {
  if (existsSync(file))
    throw new AgentProblem('key.exists', `密钥文件“${file}”已经存在。`, '轮换密钥的，请另起文件名，中心登记新公钥后再改配置。')
  let privateKey: string
  do privateKey = randomBytes(32).toString('hex')
  while (!isSm2PrivateKey(privateKey))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify({ algorithm: 'SM2', privateKey })}\n`, { mode: 0o600, flag: 'wx' })
  chmodSync(file, 0o600)
}

/** @throws AgentProblem with its cure */
export function readKey(file: string): Signer {
  if (!existsSync(file))
    throw new AgentProblem('key.missing', `没有密钥文件“${file}”。`, '请执行 tongchou agent key 生成，并请市大数据中心登记公钥。')
  try {
    const { privateKey } = JSON.parse(readFileSync(file, 'utf8')) as { privateKey?: unknown }
    if (typeof privateKey === 'string' && isSm2PrivateKey(privateKey)) return sm2Signer(privateKey)
  } catch {
    // Told below.
  }
  throw new AgentProblem('key.unreadable', `密钥文件“${file}”无法识别。`, '请恢复备份，或另行生成并请市大数据中心登记。')
}

/** What the center registers, and by what it is compared over the telephone. */
export function publicPart({ publicKey }: Signer): { publicKey: string; fingerprint: string } {
  return { publicKey, fingerprint: sm2Fingerprint(publicKey) }
}
