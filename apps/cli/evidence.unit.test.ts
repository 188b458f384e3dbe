import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  leafText,
  openBatch,
  type Receipt,
  receiptFile,
  signHead,
  sm2Fingerprint,
  sm2Signer,
  toHex,
  treeHash,
  utf8,
} from '@tongchou/evidence'
import { nativeSm3 } from '@tongchou/evidence/native'
import { afterAll, expect, test } from 'vitest'
import { runEvidenceVerify } from './evidence.ts'

const folder = mkdtempSync(join(tmpdir(), 'tongchou-evidence-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const signer = sm2Signer('1'.padStart(64, '0'))
const tree = treeHash(nativeSm3)

/** The only entry of the only leaf. */
async function aReceipt(): Promise<Receipt> {
  const batch = openBatch(tree)
  batch.add('["记录"]')
  const leaf = { kind: 'audit', subject: '1-1', digest: batch.digest(), at: '2026-03-02T01:00:00.000Z' }
  const root = toHex(tree.leaf(utf8(leafText(leaf))))
  const head = await signHead(signer, { size: 1, root, at: '2026-03-02T01:00:10.000Z' })
  return {
    format: 'tongchou-receipt-1',
    entry: { text: '["记录"]', proof: batch.proof(0) },
    leaf,
    proof: { index: 0, size: 1, path: [] },
    head,
  }
}

const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

async function run(...args: string[]) {
  let output = ''
  let complaint = ''
  const code = await runEvidenceVerify(args, {
    write: (text) => {
      output += text
    },
    complain: (text) => {
      complaint += text
    },
  })
  return { code, output, complaint }
}

test('a receipt is verified without a server or a database, each step in words, and compared with what is held elsewhere', async () => {
  const receipt = await aReceipt()
  const path = file('receipt.json', receiptFile(receipt))
  const plain = await run(path)
  expect([plain.code, plain.output]).toEqual([
    0,
    expect.stringMatching(/1\. 凭证格式：成立[\s\S]*5\. 签名公钥：未比对[\s\S]*记录内容：\["记录"\]\n凭证成立/),
  ])
  const heads = file('heads.jsonl', `${JSON.stringify(receipt.head)}\n`)
  const compared = await run(path, '--fingerprint', sm2Fingerprint(signer.publicKey), '--heads', heads, '--json')
  expect([compared.code, JSON.parse(compared.output).steps.map(({ outcome }: { outcome: string }) => outcome)]).toEqual([
    0,
    Array(6).fill('holds'),
  ])
  expect((await run(path, '--fingerprint', 'ab'.repeat(32))).code).toBe(1)
})

test('one that was altered is exit 1, and the step is named', async () => {
  const receipt = await aReceipt()
  const altered = await run(file('altered.json', receiptFile({ ...receipt, leaf: { ...receipt.leaf, subject: '1-2' } })))
  expect([altered.code, altered.output]).toEqual([1, expect.stringMatching(/批次在存证树中：不成立[\s\S]*凭证不成立。由批次算出的树根/)])
  expect((await run(file('text.json', 'no receipt'))).code).toBe(1)
})

test.each([
  [[], '请给出一个凭证文件'],
  [['a', 'b'], '请给出一个凭证文件'],
  [[join(folder, 'absent')], '没有文件'],
  [['--head', 'x'], '选项无法识别'],
])('wrong usage %j is exit 2 and says why', async (args, why) => {
  expect(await run(...args)).toMatchObject({ code: 2, output: '', complaint: expect.stringContaining(why) })
})

test('a fingerprint or heads that are none are told before anything is verified', async () => {
  const path = file('receipt.json', receiptFile(await aReceipt()))
  expect((await run(path, '--fingerprint', 'xyz')).complaint).toContain('64 位')
  expect((await run(path, '--heads', file('none.jsonl', 'x'), '--json')).complaint).toContain('"code":"usage"')
})
