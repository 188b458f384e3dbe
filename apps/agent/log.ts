import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** One line for each thing that happens: time, channel, what. Never a record, a token or an address with a password. */
export interface Log {
  write(about: string, line: string): void
}

/** A file that is put aside when it is full; of those put aside the last ones are kept. A log that cannot be written stops nothing. */
export function fileLog(
  { file, megabytes, keep }: { file: string; megabytes: number; keep: number },
  now: () => Date,
  echo?: (line: string) => void,
): Log {
  mkdirSync(dirname(file), { recursive: true })
  let size = existsSync(file) ? statSync(file).size : 0
  return {
    write(about, line) {
      const text = `${now().toISOString()} ${about} ${line.replaceAll(/[\r\n]+/g, ' ')}\n`
      echo?.(text)
      try {
        if (size + text.length > megabytes * 1024 * 1024) {
          rotate(file, keep)
          size = 0
        }
        appendFileSync(file, text)
        size += Buffer.byteLength(text)
      } catch {
        // A full disk is told by the status and on the standard error.
      }
    },
  }
}

function rotate(file: string, keep: number): void {
  rmSync(`${file}.${keep}`, { force: true })
  for (let n = keep - 1; n >= 1; n--) if (existsSync(`${file}.${n}`)) renameSync(`${file}.${n}`, `${file}.${n + 1}`)
  if (existsSync(file)) renameSync(file, `${file}.1`)
}
