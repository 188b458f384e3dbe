import { type ReceiptReport, type SignedHead, verifyReceipt } from '@tongchou/evidence'
import verifierUrl from '@tongchou/evidence/verify-receipt.mjs?url'
import { Section } from '@tongchou/ui'
import { Button, Input } from 'antd'
import { type ChangeEvent, type DragEvent, useId, useMemo, useRef, useState } from 'react'
import { readSignedHeads } from './held-heads.ts'
import { ReceiptSteps } from './ReceiptSteps.tsx'

/** No receipt is longer; a larger file is none. */
const mostBytes = 1_000_000

interface Chosen {
  name: string
  text: string
}

/** 校验凭证: a receipt is verified in the browser; nothing of it is sent anywhere. */
export function VerifySection() {
  const [receipt, setReceipt] = useState<Chosen | null>(null)
  const [heads, setHeads] = useState<{ name: string; read: SignedHead[] | string } | null>(null)
  const [fingerprint, setFingerprint] = useState('')
  const [trouble, setTrouble] = useState<string | null>(null)
  const takeReceipt = async (file: File | undefined) => {
    if (!file) return
    const isTooLarge = file.size > mostBytes
    setTrouble(isTooLarge ? `文件“${file.name}”超过 1 MB，不是存证凭证。` : null)
    setReceipt(isTooLarge ? null : { name: file.name, text: await file.text() })
  }
  const takeHeads = async (file: File | undefined) => {
    if (file) setHeads({ name: file.name, read: readSignedHeads(await file.text()) })
  }
  const wanted = fingerprint.trim()
  const isFingerprint = wanted === '' || /^[0-9a-f]{64}$/i.test(wanted)
  const held = Array.isArray(heads?.read) ? heads.read : undefined
  const report = useMemo<ReceiptReport | null>(() => {
    if (!receipt) return null
    return verifyReceipt(receipt.text, { fingerprint: wanted === '' || !isFingerprint ? undefined : wanted, heads: held })
  }, [receipt, wanted, isFingerprint, held])
  return (
    <Section
      title="校验凭证"
      extra={
        <a href={verifierUrl} download="verify-receipt.mjs">
          下载独立校验程序
        </a>
      }
    >
      <p>在浏览器中校验，文件不上传。也可用独立校验程序在别处校验：node verify-receipt.mjs 凭证.json。</p>
      <FileDrop label="凭证文件" hint="将凭证文件拖到此处，或选择文件。" accept=".json" chosen={receipt?.name} onFile={takeReceipt} />
      {trouble && (
        <p className="tc-field-error" role="alert">
          {trouble}
        </p>
      )}
      <div className="tc-evidence-held">
        <Fingerprint value={fingerprint} wrong={!isFingerprint} onChange={setFingerprint} />
        <FileDrop
          label="外部签名头（可选）"
          hint="另处保存的签名头文件。"
          accept=".json,.jsonl,.txt"
          chosen={heads?.name}
          onFile={takeHeads}
        />
      </div>
      {typeof heads?.read === 'string' && (
        <p className="tc-field-error" role="alert">
          {heads.read}
        </p>
      )}
      {report && <ReceiptSteps report={report} />}
    </Section>
  )
}

function Fingerprint({ value, wrong, onChange }: { value: string; wrong: boolean; onChange: (value: string) => void }) {
  const id = useId()
  return (
    <div className="tc-evidence-fingerprint">
      <label htmlFor={id}>公钥指纹（可选，SM3）</label>
      <Input
        id={id}
        value={value}
        status={wrong ? 'error' : ''}
        aria-invalid={wrong}
        placeholder="另处保存的 64 位十六进制指纹"
        onChange={(event) => onChange(event.target.value)}
      />
      {wrong && (
        <p className="tc-field-error" role="alert">
          指纹应为 64 位十六进制。
        </p>
      )}
    </div>
  )
}

interface FileDropProps {
  label: string
  hint: string
  accept: string
  chosen: string | undefined
  onFile: (file: File | undefined) => Promise<void>
}

/** A place to drop a file, and a button for who does not drag. */
function FileDrop({ label, hint, accept, chosen, onFile }: FileDropProps) {
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void onFile(event.dataTransfer.files[0])
  }
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    void onFile(event.target.files?.[0])
    // The same file again, after it was changed, is a choice too.
    event.target.value = ''
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is for the mouse; the button inside does the same
    <div
      className={`tc-evidence-drop${isOver ? ' tc-evidence-drop--over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <span>{label}</span>
      {/* The browser's own chooser speaks the browser's language. */}
      <Button onClick={() => input.current?.click()}>选择文件</Button>
      <span className="tc-muted">{chosen ?? hint}</span>
      <input ref={input} type="file" hidden aria-label={label} accept={accept} onChange={choose} />
    </div>
  )
}
