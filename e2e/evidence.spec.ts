import { readFileSync } from 'node:fs'
import { type Receipt, receiptFile, sm2Fingerprint } from '@tongchou/evidence'
import type { Download } from 'playwright-core'
import { expect, test } from 'vitest'
import { goodProposal } from '../apps/server/src/testing/small-city.ts'
import { browsedCity, needsBrowser } from './city.ts'
import type { Person } from './person.ts'

const { city, database, signInAs } = await browsedCity()

async function drafted(): Promise<string> {
  await (await city.as('clerk')).post('/api/v1/projects', goodProposal({ name: '存证测试项目' }))
  await city.sealer.sealNow()
  const { rows } = await database.owner.query("select seq from kernel.audit_event where action = 'project.drafted' order by seq limit 1")
  return String(rows[0].seq)
}

async function saved({ page }: Person, press: () => Promise<void>): Promise<{ name: string; text: string }> {
  const download: Promise<Download> = page.waitForEvent('download')
  await press()
  const file = await download
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') }
}

/** Puts a file where a person would drop it. */
async function give({ page }: Person, label: string, name: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) })
}

test('who acted takes the receipt of their act, and verifies it in the browser; what was altered is told, and where', async (context) => {
  needsBrowser(context)
  const seq = await drafted()
  const clerk = await signInAs('clerk')
  await clerk.open('/my-records')
  await clerk.follow('存证凭证', clerk.page.getByRole('row').filter({ hasText: '起草项目' }))
  await clerk.sees(/凭证成立：所载记录在/)
  const found = clerk.page.getByRole('region', { name: `审计记录 ${seq} 的存证凭证` })
  await clerk.sees('记录在批次中', found)
  const { name, text } = await saved(clerk, () => clerk.press('下载凭证'))
  expect(name).toBe(`存证凭证-审计记录-${seq}.json`)

  const verify = clerk.page.getByRole('region', { name: '校验凭证' })
  const receipt = JSON.parse(text) as Receipt
  await give(clerk, '凭证文件', name, text)
  await clerk.sees(/凭证成立.*尚未比对：签名公钥、外部签名头/, verify)
  await clerk.type('公钥指纹（可选，SM3）', sm2Fingerprint(receipt.head.publicKey))
  await give(clerk, '外部签名头（可选）', 'heads.jsonl', `${JSON.stringify(receipt.head)}\n`)
  await clerk.sees('与外部保存的同一大小的签名头相符。', verify)
  await clerk.settled()

  const altered = receiptFile({
    ...receipt,
    entry: receipt.entry && { ...receipt.entry, text: receipt.entry.text.replace('市民政局', '市财政局') },
  })
  await give(clerk, '凭证文件', 'altered.json', altered)
  await clerk.sees(/凭证不成立。由记录内容算出的批次摘要与凭证所载不符/, verify)
  await clerk.sees('凭证所称内容（未经证明）', verify)
  await give(clerk, '凭证文件', 'other.json', '{}')
  await clerk.sees('文件不能作为存证凭证校验：不是存证凭证。', verify)
  await clerk.type('公钥指纹（可选，SM3）', 'xyz')
  await clerk.sees('指纹应为 64 位十六进制。', verify)
  // The heads and the state of the log are for the auditors.
  expect(await clerk.page.getByRole('region', { name: '签名头' }).count()).toBe(0)
  const program = await saved(clerk, () => clerk.follow('下载独立校验程序'))
  expect([program.name, program.text]).toEqual(['verify-receipt.mjs', expect.stringContaining('存证凭证独立校验程序')])
})

test('somebody else’s act is not there, a wrong number is said, an act that is not signed yet says when', async (context) => {
  needsBrowser(context)
  const seq = await drafted()
  const stranger = await signInAs('stranger')
  await stranger.open('/evidence')
  await stranger.sees('尚未查询。')
  await stranger.type('审计记录序号', 'x')
  await stranger.press('查凭证')
  await stranger.sees('序号应为正整数。')
  await stranger.type('审计记录序号', seq)
  await stranger.press('查凭证')
  await stranger.sees(`未找到审计记录 ${seq} 的存证凭证`)
  const { rows } = await database.owner.query('select max(seq) as seq from kernel.audit_event')
  const auditor = await signInAs('auditAdmin')
  await auditor.open(`/evidence?event=${rows[0].seq}`)
  await auditor.sees(/尚未写入已签名的存证树/)
})

test('the auditor sees how the log stands, takes heads away, and brings one back', async (context) => {
  needsBrowser(context)
  await drafted()
  const auditor = await signInAs('auditAdmin')
  await auditor.open('/')
  await auditor.follow('存证')
  await auditor.sees('SM2 软件签名。')
  const { name, text } = await saved(auditor, () => auditor.press('取得当前签名头'))
  expect(name).toMatch(/^签名头-\d+\.jsonl$/)
  await auditor.settled()
  await give(auditor, '所持签名头', name, text)
  await auditor.sees(/此前的记录没有改动/)
  await give(auditor, '所持签名头', name, text.replace(/"root":"./, '"root":"x'))
  await auditor.sees(/文件中没有签名头/)
  await give(auditor, '所持签名头', name, text.replace(/"size":\d+/, '"size":1'))
  await auditor.sees(/签名不成立：文件被改动过/)
  await auditor.follow('第 1 叶的凭证')
  await auditor.sees(/凭证成立：所载批次/)
})
