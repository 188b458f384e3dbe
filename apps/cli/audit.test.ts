import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sm2Fingerprint } from '@tongchou/evidence'
import {
  type Ctx,
  fingerprintOfHex,
  keyRingOf,
  newKeys,
  openDatabase,
  openHeadsFolder,
  openPool,
  openSealer,
  recordAudit,
  signatureLine,
  signerOf,
  signPackage,
  softwareSigner,
  startEmbeddedPostgres,
  systemActor,
} from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import { afterAll, expect, test } from 'vitest'
import { runAuditHeads, runAuditRemove, runAuditVerify } from './audit.ts'
import { withDatabase } from './database.ts'

const { db, connection, owner } = await testDatabase()
const databaseUrl = `postgres://${connection.user}@localhost:${connection.port}/${connection.database}?host=${encodeURIComponent(connection.host)}`
const folder = mkdtempSync(join(tmpdir(), 'tongchou-audit-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const now = () => new Date('2026-03-02T01:00:00Z')
const ctx: Ctx = { db, actor: systemActor, now, requestId: 'cli', inside: false }

async function record(on: Ctx, count: number): Promise<void> {
  for (let index = 0; index < count; index++) await recordAudit(on, 'test.done', { kind: 'thing', id: String(index) })
  await openSealer({ db: on.db, now, onError: () => undefined }).sealNow()
}

type Command = typeof runAuditVerify

async function run(command: Command, args: string[], location: Parameters<Command>[2] = { databaseUrl }) {
  let output = ''
  let complaint = ''
  const write = (text: string) => {
    output += text
  }
  const complain = (text: string) => {
    complaint += text
  }
  const code = await command(args, { write, complain }, location)
  return { code, output, complaint }
}

function headsFile(text: string): string {
  const file = join(folder, 'heads.txt')
  writeFileSync(file, text)
  return file
}

test('a log that holds is told so with its head, which somebody else can hold from then on', async () => {
  await record(ctx, 3)
  await record(ctx, 2)
  const { code, output } = await run(runAuditVerify, [])
  expect([code, output]).toEqual([0, expect.stringContaining('审计日志成立，共校验 5 条')])
  const heads = await run(runAuditHeads, [])
  expect(
    heads.output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).position),
  ).toEqual([3, 5])
  const compared = await run(runAuditVerify, ['--heads', headsFile(heads.output), '--json'])
  expect([compared.code, JSON.parse(compared.output)]).toEqual([
    0,
    expect.objectContaining({ ok: true, verified: 5, firstBad: null, outsideHeads: { compared: 2, beforeCut: 0 } }),
  ])
})

test('signed heads are printed beside the chain’s, and compared from a file, a folder, or what the platform writes by itself', async () => {
  const outside = openHeadsFolder(join(folder, 'heads'))
  const heads = { signer: softwareSigner(keyRingOf(newKeys())), outside }
  await recordAudit(ctx, 'test.done', { kind: 'thing', id: 'signed' })
  await openSealer({ db, now, onError: () => undefined, heads }).sealNow()
  const printed = (await run(runAuditHeads, [])).output
  const signed = JSON.parse(printed.trim().split('\n').at(-1) ?? '')
  expect(signed).toEqual(await outside.last())
  for (const held of [
    headsFile(printed),
    headsFile(JSON.stringify(signed)),
    headsFile(JSON.stringify({ items: [signed] })),
    join(folder, 'heads'),
  ]) {
    const { code, output } = await run(runAuditVerify, ['--heads', held, '--json'])
    expect([code, JSON.parse(output).tree]).toEqual([0, expect.objectContaining({ leaves: 3, head: signed, outsideHeads: 1 })])
  }
  const told = await run(runAuditVerify, ['--heads', join(folder, 'heads')])
  expect(told.output).toContain(`签名公钥指纹（SM3）：${sm2Fingerprint(signed.publicKey)}`)
  expect(told.output).toContain('比对外部链头 1 个。')
  const forged = await run(runAuditVerify, ['--heads', headsFile(JSON.stringify({ ...signed, root: 'ab'.repeat(32) }))])
  expect([forged.code, forged.output]).toEqual([1, expect.stringContaining('存证树第 3 叶，外部保存的签名头不符，且其签名不成立')])
})

test('the first position that does not hold is named, exit 1; a tail cut off is seen by who holds a head', async () => {
  const held = headsFile((await run(runAuditHeads, [])).output)
  await owner.query('truncate kernel.evidence_leaf, kernel.evidence_place, kernel.evidence_head')
  await owner.query('delete from kernel.audit_head where position > 3')
  await owner.query('delete from kernel.audit_event e using kernel.audit_seal s where s.seq = e.seq and s.position > 3')
  await owner.query('delete from kernel.audit_seal where position > 3')
  expect((await run(runAuditVerify, [])).code).toBe(0)
  const cutOff = await run(runAuditVerify, ['--heads', held, '--json'])
  expect([cutOff.code, JSON.parse(cutOff.output).firstBad]).toEqual([1, { position: 4, reason: 'outside-head' }])

  await owner.query("update kernel.audit_event set action = 'x' where seq = (select seq from kernel.audit_seal where position = 2)")
  const edited = await run(runAuditVerify, [])
  expect([edited.code, edited.output]).toEqual([1, expect.stringContaining('位置 2，该位置的记录与散列值不符')])
})

test.each([
  [['--head', 'x'], '选项无法识别'],
  [['--heads', join(tmpdir(), 'no-such-file')], '无法读取'],
  [['more'], '选项无法识别'],
])('wrong usage %j is exit 2 and says why', async (args, why) => {
  expect(await run(runAuditVerify, args)).toMatchObject({ code: 2, output: '', complaint: expect.stringContaining(why) })
})

test('a package is taken out only when it holds and was packed here', async () => {
  const file = join(folder, 'package.jsonl')
  writeFileSync(file, 'no package\n')
  expect(await run(runAuditRemove, ['--package', file, '--json'])).toMatchObject({
    code: 3,
    complaint: expect.stringContaining('audit.package_broken'),
  })
  expect((await run(runAuditRemove, ['--package', join(folder, 'absent')])).code).toBe(2)
  expect((await run(runAuditRemove, [])).code).toBe(2)
})

test('a package is verified offline: its content, its signature, and the key against a fingerprint that somebody else holds', async () => {
  const keys = keyRingOf(newKeys())
  const content = `${JSON.stringify({ format: 'tongchou-audit-package-2', from: 1, to: 1, previous: '00'.repeat(32), head: headOf(), publicKey: signerOf(keys).publicKey })}\n${headOf()} ${row}\n`
  const file = join(folder, 'signed.jsonl')
  writeFileSync(file, content + signatureLine(signPackage(keys, createHash('sm3').update(content).digest())))
  const nowhere = { databaseUrl: 'postgres://nobody@127.0.0.1:1/none' }
  const shown = JSON.parse((await run(runAuditVerify, ['--package', file, '--json'], nowhere)).output)
  expect(shown).toMatchObject({ ok: true, from: 1, to: 1, keyCompared: false, signedBy: fingerprintOfHex(signerOf(keys).publicKey) })
  expect((await run(runAuditVerify, ['--package', file, '--fingerprint', shown.signedBy], nowhere)).code).toBe(0)
  const other = await run(runAuditVerify, ['--package', file, '--fingerprint', 'ab'.repeat(32)], nowhere)
  expect([other.code, other.output]).toEqual([1, expect.stringContaining('与所给指纹不符')])
  writeFileSync(file, content + signatureLine('00'.repeat(64)))
  const forged = await run(runAuditVerify, ['--package', file, '--json'], nowhere)
  expect([forged.code, JSON.parse(forged.output)]).toEqual([1, { ok: false, message: '归档包的签名不成立。' }])
  expect((await run(runAuditVerify, ['--package', file, '--fingerprint', 'xyz'], nowhere)).code).toBe(2)
  expect((await run(runAuditVerify, ['--fingerprint', 'ab'.repeat(32)], nowhere)).code).toBe(2)
  expect((await run(runAuditVerify, ['--package', join(folder, 'absent')], nowhere)).code).toBe(2)
})

/** One row of the log as it stands in a package, the first of its chain. */
const row = '["tongchou-audit-1","1","2026-01-05T02:00:00.000Z"]'
function headOf(): string {
  return createHash('sm3').update(Buffer.alloc(32)).update(row).digest('hex')
}

test('with the server down the command starts the embedded database and stops it; with the server up it uses that one', async () => {
  const dataDir = join(folder, 'data')
  await withDatabase({ dataDir }, (made) => record({ ...ctx, db: made }, 2))
  expect((await run(runAuditVerify, [], { dataDir })).output).toContain('共校验 2 条')
  const server = await startEmbeddedPostgres({ dataDir })
  const running = openDatabase(openPool(server.connection, () => undefined))
  try {
    await record({ ...ctx, db: running }, 1)
    expect((await run(runAuditVerify, [], { dataDir })).output).toContain('共校验 3 条')
  } finally {
    await running.destroy()
    await server.stop()
  }
})
