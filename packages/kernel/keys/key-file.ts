import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartupProblem } from '../postgres/startup-problem.ts'
import { keyRingOf, type StoredKeys } from './key-ring.ts'

/**
 * The keys of the key file (密钥文件); undefined when there is no such file. One that others may read, or that holds something else, is refused:
 * a guess here would lock everybody out for ever.
 * @throws StartupProblem
 */
export function readKeyFile(file: string): StoredKeys | undefined {
  if (!existsSync(file)) return undefined
  const problem = (code: string, message: string, cure: string, cause?: unknown) => new StartupProblem(code, message, cure, { cause })
  let text: string
  try {
    if ((statSync(file).mode & 0o077) !== 0)
      throw problem('keys.open_to_others', `密钥文件 ${file} 可被其他用户读取。`, `请执行 chmod 600 ${file} 后重新启动，并考虑更换密钥。`)
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    if (cause instanceof StartupProblem) throw cause
    throw problem('keys.unreadable', `密钥文件 ${file} 无法读取。`, '请检查文件的属主，须由运行本程序的用户所有。', cause)
  }
  try {
    const stored = JSON.parse(text) as StoredKeys
    keyRingOf(stored)
    return stored
  } catch (cause) {
    throw problem('keys.unreadable', `密钥文件 ${file} 不完整或已被改动。`, '请恢复备份的密钥文件后重新启动。', cause)
  }
}

/** Writes the key file whole or not at all, for this user alone (0600). */
export function writeKeyFile(file: string, keys: StoredKeys): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o750 })
    writeFileSync(`${file}.part`, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flush: true })
    // The mode above holds for a new file only.
    chmodSync(`${file}.part`, 0o600)
    renameSync(`${file}.part`, file)
  } catch (cause) {
    throw new StartupProblem(
      'keys.not_writable',
      `密钥文件 ${file} 无法写入。`,
      '请检查目录的权限和磁盘空间，或用 TONGCHOU_KEY_FILE 指定另一个位置。',
      {
        cause,
      },
    )
  }
}
