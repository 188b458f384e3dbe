import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isSignedHead, type SignedHead } from '@tongchou/evidence'

/** Where signed heads are kept outside the database (外部签名头), for an operator to copy to a place that no administrator of it can write. */
export interface HeadsOutside {
  /** The last head that was written; null before the first. */
  last(): Promise<SignedHead | null>
  /** Appends a head; it is on the disk when this ends. */
  append(head: SignedHead): Promise<void>
}

const fileName = (at: string) => `heads-${at.slice(0, 7)}.jsonl`

/** A folder with a file for each month, one line for each head. Made when there is a first head to write. */
export function openHeadsFolder(folder: string): HeadsOutside {
  let known: SignedHead | null | undefined
  return {
    last: async () => {
      known ??= await lastHeadIn(folder)
      return known
    },
    append: async (head) => {
      await mkdir(folder, { recursive: true, mode: 0o750 })
      await appendLine(join(folder, fileName(head.at)), JSON.stringify(head))
      await syncFolder(folder)
      known = head
    },
  }
}

async function lastHeadIn(folder: string): Promise<SignedHead | null> {
  const names = await readdir(folder).catch(() => [])
  const files = names.filter((name) => /^heads-\d{4}-\d\d\.jsonl$/.test(name)).sort()
  for (const name of files.reverse()) {
    const line = await lastLineOf(join(folder, name))
    if (line === undefined) continue
    const head: unknown = JSON.parse(line)
    if (!isSignedHead(head)) throw new Error(`${name} does not end with a signed head`)
    return head
  }
  return null
}

/** More than any line is long. */
const tailBytes = 4096

async function lastLineOf(file: string): Promise<string | undefined> {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(tailBytes), 0, tailBytes, Math.max(0, size - tailBytes))
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n')
    // What follows the last line feed was never written whole.
    return lines.slice(0, -1).at(-1)
  } finally {
    await handle.close()
  }
}

async function appendLine(file: string, line: string): Promise<void> {
  const handle = await open(file, 'a+', 0o640)
  try {
    await cutTornLine(handle)
    await handle.appendFile(`${line}\n`)
    await handle.datasync()
  } finally {
    await handle.close()
  }
}

/** A process that died while it wrote has left a part of a line; the whole of it stands in the database and comes again. */
async function cutTornLine(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat()
  const from = Math.max(0, size - tailBytes)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(tailBytes), 0, tailBytes, from)
  const whole = buffer.subarray(0, bytesRead).lastIndexOf(10) + 1
  if (whole < bytesRead) await handle.truncate(from + whole)
}

/** A new file is there after a loss of power only when its folder was written too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
