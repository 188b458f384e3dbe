import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Request } from './child/main.ts'
import { bytesFrame, type Frame, frameReader, jsonFrame } from './frames.ts'
import { gateOf } from './gate.ts'
import type { Limits } from './limits.ts'
import { Refused } from './refusals.ts'
import type { Told } from './table.ts'

/** A file by its path, or its bytes. */
export type Source = string | Uint8Array

/** Two children for two cores, and as many waiting as a busy morning brings; whoever comes after is told to come back. */
export const gate = gateOf(2, 16)

const MAIN = fileURLToPath(new URL('./child/main.ts', import.meta.url))
const WATCH_MS = 50
const PAGE = 4096
const MIB = 1024 * 1024
const STDERR_KEPT = 4000

/** Where the child may read: this package and the libraries it loads. The file itself comes opened. */
const readable = readableFolders()

function readableFolders(): string[] {
  const require = createRequire(import.meta.url)
  const folderOf = (name: string, from = require) => dirname(from.resolve(`${name}/package.json`))
  const [yauzl, saxes] = [require.resolve('yauzl'), require.resolve('saxes')]
  const own = dirname(fileURLToPath(import.meta.url))
  return [own, dirname(yauzl), dirname(saxes), folderOf('pend', createRequire(yauzl)), folderOf('xmlchars', createRequire(saxes))]
}

/**
 * Has a child process do the request and hands on every frame it says. Ends only when the process has: killed by its id when it takes too long, holds too
 * much or `signal` aborts. @throws Refused for the file's faults; anything else is a defect of ours
 */
export function inChild(request: Request, source: Source, onFrame: (frame: Frame) => void, signal?: AbortSignal): Promise<void> {
  return gate.through(async () => {
    const file = typeof source === 'string' ? await opened(source, request.limits) : undefined
    try {
      if (typeof source !== 'string' && source.byteLength > request.limits.fileBytes) throw tooLarge(request.limits)
      const child = started(request.limits, file)
      child.stdin?.on('error', () => undefined)
      child.stdin?.write(jsonFrame(request))
      child.stdin?.end(typeof source === 'string' ? undefined : bytesFrame(source))
      await ended(child, request.limits, onFrame, signal)
    } finally {
      await file?.close()
    }
  }, signal)
}

async function opened(path: string, limits: Limits): Promise<FileHandle> {
  // Not to wait for the other end of a named pipe.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const { size } = await file.stat()
  if (size <= limits.fileBytes) return file
  await file.close()
  throw tooLarge(limits)
}

function tooLarge(limits: Limits): Refused {
  return new Refused('table.file_too_large', {}, { limit: limits.fileBytes })
}

function started(limits: Limits, file: FileHandle | undefined): ChildProcess {
  const fence = ['--permission', ...readable.map((folder) => `--allow-fs-read=${folder}/*`)]
  return spawn(process.execPath, [...fence, `--max-old-space-size=${limits.heapMiB}`, '--disable-warning=ExperimentalWarning', MAIN], {
    stdio: ['pipe', 'pipe', 'pipe', file ? file.fd : 'ignore'],
    env: {},
  })
}

/** Follows the process to its end. Whatever goes wrong first is what is thrown, and only after the process is gone. */
function ended(child: ChildProcess, limits: Limits, onFrame: (frame: Frame) => void, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: unknown
    let isDone = false
    let stderr = ''
    const stop = (reason: unknown) => {
      failure ??= reason
      if (child.pid !== undefined) child.kill('SIGKILL')
    }
    const clock = setTimeout(() => stop(new Refused('table.took_too_long', {}, { limit: limits.milliseconds })), limits.milliseconds)
    const watch = setInterval(
      () => void residentMiB(child.pid).then((held) => held > limits.residentMiB && stop(tooMuchMemory())),
      WATCH_MS,
    )
    const abort = () => stop(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    const frames = frameReader()
    child.stdout?.on('data', (piece: Buffer) => {
      try {
        for (const frame of failure === undefined ? frames.push(piece) : []) {
          const told = 'json' in frame ? (frame.json as Told) : undefined
          if (told && 'refused' in told) failure = new Refused(told.refused.code, told.refused.place, told.refused.detail)
          else if (told && 'defect' in told) failure = new Error(`reading a table failed: ${told.defect}`)
          else onFrame(frame)
          isDone ||= told !== undefined && 'done' in told
        }
      } catch (error) {
        stop(error)
      }
    })
    child.stderr?.on('data', (piece: Buffer) => {
      stderr = (stderr + piece.toString('latin1')).slice(-STDERR_KEPT)
    })
    child.on('error', stop)
    child.on('close', (code, killedBy) => {
      clearTimeout(clock)
      clearInterval(watch)
      signal?.removeEventListener('abort', abort)
      if (failure === undefined && !isDone) failure = endedEarly(stderr, code, killedBy)
      if (failure === undefined) resolve()
      else reject(failure)
    })
  })
}

function tooMuchMemory(): Refused {
  return new Refused('table.too_much_memory')
}

/** A heap that is full ends the process with words of its own; nobody but the kernel kills it besides us. */
function endedEarly(stderr: string, code: number | null, killedBy: NodeJS.Signals | null): Error {
  if (/heap out of memory|invalid array length|Array buffer allocation failed/i.test(stderr) || killedBy === 'SIGKILL')
    return tooMuchMemory()
  return new Error(`the child that reads tables ended early (${killedBy ?? code}): ${stderr}`)
}

/** Everything a process holds; 0 where the system does not say. */
async function residentMiB(pid: number | undefined): Promise<number> {
  const statm = await readFile(`/proc/${pid}/statm`, 'latin1').catch(() => '')
  return (Number(statm.split(' ')[1] ?? 0) * PAGE) / MIB
}
