import { randomUUID } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { removeArchived } from '@tongchou/audit'
import { BrokenPackage, chainHeads, DomainError, signedHeads, systemActor, verifyChain, verifyPackage } from '@tongchou/kernel'
import { textOf } from './audit-report.ts'
import { type DatabaseLocation, locationHere, withDatabase, withOwner } from './database.ts'
import { readHeads } from './heads.ts'

const usage = `用法：tongchou audit verify [--heads 文件] [--json]
      tongchou audit verify --package 文件 [--fingerprint 指纹] [--json]
      tongchou audit heads [--json]
      tongchou audit remove --package 文件 [--json]

  verify            重新计算审计日志链和存证树，指出第一个不成立的位置
  --heads 文件      外部保存的链头和签名头，每行一个；也可为签名头目录。与之逐一比对
  --package 文件    不连接数据库，逐字节校验归档包及其签名
  --fingerprint 指纹  另处保存的签名公钥指纹（SM3）；与归档包的签名公钥比对
  heads             输出已保存的链头和签名头，每行一个，供外部保存
  remove            校验归档包，成立的，从日志中移除其中的记录；链从归档位置继续
  --package 文件    审计管理员归档并下载的归档包
`

/** Where the command writes; a test gives its own. */
export interface AuditTerminal {
  write: (text: string) => void
  complain: (text: string) => void
}

const terminal: AuditTerminal = {
  write: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
}

/**
 * `tongchou audit verify`: recomputes the chain of the log and the tree over it and names the first position that does not hold. Works while the platform runs,
 * and starts the embedded database itself when it does not. Answers with the exit code: 0 holds, 1 does not, 2 wrong usage.
 */
export async function runAuditVerify(
  args: readonly string[],
  { write, complain } = terminal,
  location: DatabaseLocation = locationHere(),
): Promise<number> {
  const options = optionsOf(args)
  if (typeof options !== 'string' && options.package !== undefined) return verifyPackageFile(options.package, options, { write, complain })
  const held = typeof options === 'string' ? options : readHeads(options.heads)
  if (typeof options === 'string' || typeof held === 'string') {
    const message = typeof options === 'string' ? options : String(held)
    complain(args.includes('--json') ? `${JSON.stringify({ code: 'usage', message })}\n` : `${message}。\n\n${usage}`)
    return 2
  }
  const report = await withDatabase(location, (db) => verifyChain(db, held))
  write(options.json ? `${JSON.stringify(report, null, 2)}\n` : textOf(report))
  return report.ok ? 0 : 1
}

/**
 * `tongchou audit verify --package`: a package by itself, offline. Exit code: 0 holds, and where a fingerprint was given is signed by its key; 1 does not
 * hold, is not signed, or by another key; 2 wrong usage.
 */
async function verifyPackageFile(
  file: string,
  { fingerprint, heads, json }: VerifyOptions,
  { write, complain }: AuditTerminal,
): Promise<number> {
  const asked = fingerprint?.toLowerCase()
  if (heads !== undefined || !existsSync(file) || (asked !== undefined && !/^[0-9a-f]{64}$/.test(asked))) {
    const message =
      heads !== undefined ? '--heads 不能与 --package 同用' : existsSync(file) ? '指纹应为 64 位十六进制' : `没有文件“${file}”`
    complain(json ? `${JSON.stringify({ code: 'usage', message })}\n` : `${message}。\n\n${usage}`)
    return 2
  }
  const tell = (ok: boolean, report: object, text: string) => {
    write(json ? `${JSON.stringify({ ok, ...report }, null, 2)}\n` : `${text}\n`)
    return ok ? 0 : 1
  }
  try {
    const held = await verifyPackage(createReadStream(file))
    const report = { ...held, keyCompared: asked !== undefined }
    const content = `归档包内容成立：位置 ${held.from} 至 ${held.to}，SM3：${held.digest}。`
    if (held.signedBy === null) return tell(false, report, `${content}\n归档包没有签名，来源无法核验。`)
    if (asked !== undefined && asked !== held.signedBy) return tell(false, report, `${content}\n签名公钥与所给指纹不符：${held.signedBy}。`)
    const compared = asked === undefined ? '请与另处保存的指纹比对' : '与所给指纹相符'
    return tell(true, report, `${content}\n签名成立，签名公钥指纹（SM3）：${held.signedBy}，${compared}。`)
  } catch (error) {
    if (!(error instanceof BrokenPackage)) throw error
    return tell(false, { message: error.message }, error.message)
  }
}

/** `tongchou audit heads`: prints every head that was kept, of the chain and of the evidence log, for somebody else to hold. */
export async function runAuditHeads(
  args: readonly string[],
  { write, complain } = terminal,
  location: DatabaseLocation = locationHere(),
): Promise<number> {
  if (args.some((arg) => arg !== '--json')) {
    complain(usage)
    return 2
  }
  await withDatabase(location, async (db) => {
    for await (const head of chainHeads(db)) write(`${JSON.stringify(head)}\n`)
    for await (const head of signedHeads(db)) write(`${JSON.stringify(head)}\n`)
  })
  return 0
}

/**
 * `tongchou audit remove`: verifies a package and takes its rows out of the log, all in one transaction. What does not fit, is too young or
 * was not packed by an audit administrator is refused, and nothing is removed. Exit code: 0 done, 2 wrong usage, 3 failure.
 */
export async function runAuditRemove(
  args: readonly string[],
  { write, complain } = terminal,
  location: DatabaseLocation = locationHere(),
): Promise<number> {
  const json = args.includes('--json')
  const file = packageOf(args)
  if (file === undefined) {
    complain(json ? `${JSON.stringify({ code: 'usage', message: '请用 --package 指定归档包文件' })}\n` : usage)
    return 2
  }
  try {
    const held = await verifyPackage(createReadStream(file))
    const { rows } = await withOwner(location, (db) =>
      removeArchived({ db, actor: systemActor, now: () => new Date(), requestId: randomUUID(), inside: false }, held),
    )
    write(
      json
        ? `${JSON.stringify({ rows, toPosition: held.to, digest: held.digest })}\n`
        : `归档包成立，已移除 ${rows} 条，日志链自位置 ${held.to + 1} 继续。\n`,
    )
    return 0
  } catch (error) {
    if (!(error instanceof DomainError || error instanceof BrokenPackage)) throw error
    const code = error instanceof DomainError ? error.code : 'audit.package_broken'
    complain(json ? `${JSON.stringify({ code, message: error.message })}\n` : `${error.message}\n`)
    return 3
  }
}

function packageOf(args: readonly string[]): string | undefined {
  try {
    const { values } = parseArgs({ args: [...args], options: { package: { type: 'string' }, json: { type: 'boolean', default: false } } })
    return values.package !== undefined && existsSync(values.package) ? values.package : undefined
  } catch {
    return undefined
  }
}

interface VerifyOptions {
  heads?: string | undefined
  package?: string | undefined
  fingerprint?: string | undefined
  json: boolean
}

function optionsOf(args: readonly string[]): VerifyOptions | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        heads: { type: 'string' },
        package: { type: 'string' },
        fingerprint: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    })
    return values.fingerprint !== undefined && values.package === undefined ? '--fingerprint 须与 --package 同用' : values
  } catch {
    return '选项无法识别'
  }
}
