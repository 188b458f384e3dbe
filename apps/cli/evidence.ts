import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type ReceiptReport, type Step, verifyReceipt } from '@tongchou/evidence'
import { nativeSm3 } from '@tongchou/evidence/native'
import { readHeads } from './heads.ts'

const usage = `用法：tongchou evidence verify 凭证文件 [--fingerprint 指纹] [--heads 文件] [--json]

  凭证文件          从“存证”页下载的凭证；不连接服务和数据库
  --fingerprint 指纹  另处保存的签名公钥指纹（SM3），与凭证的签名公钥比对
  --heads 文件      外部保存的签名头文件或目录，与凭证的签名头比对
`

/** Where the command writes; a test gives its own. */
export interface EvidenceTerminal {
  write: (text: string) => void
  complain: (text: string) => void
}

const terminal: EvidenceTerminal = {
  write: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
}

/** `tongchou evidence verify`: a receipt by itself, offline. Exit code: 0 holds, 1 does not, 2 wrong usage. */
export async function runEvidenceVerify(args: readonly string[], { write, complain } = terminal): Promise<number> {
  const asked = optionsOf(args)
  const held = typeof asked === 'string' ? asked : readHeads(asked.heads)
  if (typeof asked === 'string' || typeof held === 'string') {
    const message = typeof asked === 'string' ? asked : String(held)
    complain(args.includes('--json') ? `${JSON.stringify({ code: 'usage', message })}\n` : `${message}。\n\n${usage}`)
    return 2
  }
  const report = verifyReceipt(readFileSync(asked.file, 'utf8'), { fingerprint: asked.fingerprint, heads: held.signedHeads }, nativeSm3)
  write(asked.json ? `${JSON.stringify(report, null, 2)}\n` : textOf(report))
  return report.holds ? 0 : 1
}

const marks: Readonly<Record<Step['outcome'], string>> = { holds: '成立', fails: '不成立', unchecked: '未比对' }

function textOf({ says, steps, receipt }: ReceiptReport): string {
  const lines = steps.map(({ title, outcome, says: sentence }, index) => `${index + 1}. ${title}：${marks[outcome]}。${sentence}`)
  const content = receipt?.entry ? [`记录内容：${receipt.entry.text}`] : []
  return `${[...lines, ...content, says].join('\n')}\n`
}

interface Options {
  file: string
  fingerprint: string | undefined
  heads: string | undefined
  json: boolean
}

function optionsOf(args: readonly string[]): Options | string {
  let parsed: { values: { fingerprint?: string | undefined; heads?: string | undefined; json: boolean }; positionals: string[] }
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { fingerprint: { type: 'string' }, heads: { type: 'string' }, json: { type: 'boolean', default: false } },
    })
  } catch {
    return '选项无法识别'
  }
  const { values, positionals } = parsed
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) return '请给出一个凭证文件'
  if (!existsSync(file)) return `没有文件“${file}”`
  if (values.fingerprint !== undefined && !/^[0-9a-f]{64}$/i.test(values.fingerprint)) return '指纹应为 64 位十六进制'
  return { file, fingerprint: values.fingerprint, heads: values.heads, json: values.json }
}
