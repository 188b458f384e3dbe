// SPDX-License-Identifier: Apache-2.0
import { Button, Progress } from 'antd'
import { useRef, useState } from 'react'
import { type Attachment, uploadAttachment } from './attachment.ts'
import { FileDrop } from './FileDrop.tsx'
import { reasonOf } from './states.tsx'

export interface AttachmentDropProps {
  value: readonly Attachment[]
  onChange: (attachments: readonly Attachment[]) => void
  /** What belongs here: 建设方案、可行性研究报告. */
  label: string
  /** Form fields sent with each file, such as the kind of document. */
  fields?: Readonly<Record<string, string>>
  /** Endings the file chooser offers; the server decides by content. */
  accept?: string
  maxBytes?: number
}

interface Upload {
  id: string
  fileName: string
  share: number
  error?: string
  stop?: () => void
}

/** What the server takes (附件): by ending here, by content there. */
const MAX_BYTES = 20 * 1024 * 1024
const ACCEPT = '.pdf,.docx,.xlsx,.ofd,.png,.jpg,.jpeg,.txt'

/** Attachments (附件): dropped or chosen, sent at once with progress, listed with size and digest. */
export function AttachmentDrop({ value, onChange, label, fields = {}, accept = ACCEPT, maxBytes = MAX_BYTES }: AttachmentDropProps) {
  const [uploads, setUploads] = useState<readonly Upload[]>([])
  // Several files end at different times; each must see what the others have added.
  const latest = useRef(value)
  latest.current = value
  const update = (id: string, change: Partial<Upload>) =>
    setUploads((all) => all.map((one) => (one.id === id ? { ...one, ...change } : one)))
  const dismiss = (id: string) => setUploads((all) => all.filter((one) => one.id !== id))

  const start = async (file: File) => {
    const id = `${file.name} ${file.size} ${file.lastModified}`
    const refused = refusalOf(file, accept, maxBytes)
    if (refused !== undefined) {
      setUploads((all) => [...all.filter((one) => one.id !== id), { id, fileName: file.name, share: 0, error: refused }])
      return
    }
    const upload = uploadAttachment(file, fields, (share) => update(id, { share }))
    setUploads((all) => [...all.filter((one) => one.id !== id), { id, fileName: file.name, share: 0, stop: upload.stop }])
    try {
      const stored = await upload.stored
      const same = latest.current.find((one) => one.sha256 === stored.sha256)
      if (same !== undefined) {
        update(id, { error: `内容与已上传的“${same.fileName}”相同，不重复列入。` })
        return
      }
      latest.current = [...latest.current, stored]
      onChange(latest.current)
      dismiss(id)
    } catch (error) {
      if (error instanceof DOMException) dismiss(id)
      else update(id, { error: reasonOf(error) })
    }
  }
  const take = (files: readonly File[]) => {
    for (const file of files) void start(file)
  }
  return (
    <div>
      <FileDrop
        label={label}
        hint={`${label}。可将文件拖到此处，单个不超过 ${formatBytes(maxBytes)}。`}
        accept={accept}
        multiple
        onFiles={take}
      />
      <ul className="tc-files" aria-label={`${label}：已上传`}>
        {value.map((one) => (
          <AttachmentLine key={one.id} attachment={one} onRemove={() => onChange(value.filter((other) => other.id !== one.id))} />
        ))}
        {uploads.map((one) => (
          <li key={one.id}>
            <span className="tc-files-name">{one.fileName}</span>
            {one.error ? (
              <>
                <span className="tc-field-error" role="alert">
                  未上传：{one.error}
                </span>
                <Button size="small" onClick={() => dismiss(one.id)}>
                  移除
                </Button>
              </>
            ) : (
              <>
                <Progress
                  percent={Math.round(one.share * 100)}
                  size="small"
                  style={{ width: 180 }}
                  aria-label={`${one.fileName} 上传进度`}
                />
                <Button size="small" onClick={one.stop}>
                  停止
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Why a file is not even sent: its kind or its size, by name, with what would do. */
function refusalOf(file: File, accept: string, maxBytes: number): string | undefined {
  const ending = /\.[^.]+$/.exec(file.name.toLowerCase())?.[0]
  const endings = accept.split(',')
  if (ending === undefined || !endings.includes(ending))
    return `${ending === undefined ? '没有扩展名的文件' : `“${ending}”格式`}不能接收，请转换为 ${endings.map((one) => one.slice(1)).join('、')} 之一后再传。`
  if (file.size > maxBytes) return `文件 ${formatBytes(file.size)}，超过 ${formatBytes(maxBytes)} 的大小限制，请压缩或拆分后再传。`
  if (file.size === 0) return '文件是空的，请核对后再传。'
  return undefined
}

function AttachmentLine({ attachment, onRemove }: { attachment: Attachment; onRemove?: (() => void) | undefined }) {
  return (
    <li>
      <a className="tc-files-name" href={`/api/v1/attachments/${attachment.id}`} download={attachment.fileName}>
        {attachment.fileName}
      </a>
      <span className="tc-num tc-muted">{formatBytes(attachment.byteCount)}</span>
      <span className="tc-digest" title={`SHA-256 ${attachment.sha256}`}>
        校验值 {attachment.sha256.slice(0, 12)}…
      </span>
      {onRemove && (
        <Button size="small" onClick={onRemove} aria-label={`移除 ${attachment.fileName}`}>
          移除
        </Button>
      )}
    </li>
  )
}

/** Stored attachments, to read. */
export function AttachmentList({ attachments, label = '附件' }: { attachments: readonly Attachment[]; label?: string }) {
  return (
    <ul className="tc-files" aria-label={label}>
      {attachments.map((one) => (
        <AttachmentLine key={one.id} attachment={one} />
      ))}
    </ul>
  )
}

function formatBytes(count: number): string {
  if (count < 1024) return `${count} 字节`
  if (count < 1024 * 1024) return `${(count / 1024).toFixed(1)} KB`
  return `${(count / 1024 / 1024).toFixed(1)} MB`
}
