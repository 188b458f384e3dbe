// SPDX-License-Identifier: Apache-2.0
import { ApiProblem, newActionKey, type ProblemBody, Unreachable } from '@tongchou/api-client'

/** A stored file (附件), as the server names, measures and types it. */
export interface Attachment {
  id: string
  fileName: string
  mediaType: string
  byteCount: number
  sha256: string
}

/** Stores a file that is handed in with something else. */
export function uploadAttachment(
  file: File,
  fields: Readonly<Record<string, string>>,
  onShare: (share: number) => void,
): { stored: Promise<Attachment>; stop: () => void } {
  return uploadFile<Attachment>('/api/v1/attachments', file, fields, onShare)
}

/** Sends a file to an operation and reports how far it is; `fetch` cannot tell that, so it is the older request. */
export function uploadFile<T>(
  address: string,
  file: File,
  fields: Readonly<Record<string, string>>,
  onShare: (share: number) => void,
): { stored: Promise<T>; stop: () => void } {
  const request = new XMLHttpRequest()
  const stored = new Promise<T>((resolve, reject) => {
    request.upload.onprogress = (event) => event.lengthComputable && onShare(event.loaded / event.total)
    request.onerror = () => reject(new Unreachable('offline'))
    request.onabort = () => reject(new DOMException('stopped', 'AbortError'))
    request.onload = () => {
      const body: unknown = parse(request.responseText)
      if (request.status >= 200 && request.status < 300 && body !== undefined) resolve(body as T)
      else reject(problemOf(request.status, body))
    }
  })
  const form = new FormData()
  // Fields go first: the server reads them before the bytes arrive.
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', file, file.name)
  request.open('POST', address)
  request.setRequestHeader('idempotency-key', newActionKey())
  request.send(form)
  return { stored, stop: () => request.abort() }
}

function problemOf(status: number, body: unknown): ApiProblem {
  if (typeof body === 'object' && body !== null && 'code' in body) return new ApiProblem({ ...(body as ProblemBody), status })
  const title = status === 413 ? '文件超过服务器的大小限制' : '服务器未能保存该文件，请稍后重试'
  return new ApiProblem({ status, code: 'transport.unreadable', title })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
