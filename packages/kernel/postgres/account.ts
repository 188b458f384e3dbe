import { readFileSync } from 'node:fs'
import { StartupProblem } from './startup-problem.ts'

/** Whom the server's processes run as. `undefined` stands for the user who started us. */
export interface Account {
  uid: number
  gid: number
}

/** PostgreSQL refuses to run as root, so root lends its processes an account. */
export function startedAsRoot(): boolean {
  return process.getuid?.() === 0
}

/**
 * A number that no account of this machine has, so that no other service (as with `nobody`) can reach the data.
 * systemd leaves 65520–65533 unused; nothing needs to be added to `/etc/passwd`.
 */
export function unusedAccount(passwd = readAccounts('/etc/passwd'), group = readAccounts('/etc/group')): Account {
  const taken = new Set([...passwd, ...group])
  for (let id = 65_524; id <= 65_533; id++) if (!taken.has(id)) return { uid: id, gid: id }
  throw noAccount('65524–65533 号用户均已被占用')
}

/** `initdb` alone insists on an account that has a name; its files are handed on to the unused one afterwards. */
export function namedAccount(): Account {
  const ids = readAccounts('/etc/passwd').filter((id) => id !== 0)
  const uid = ids.includes(65_534) ? 65_534 : ids[0]
  if (uid === undefined) throw noAccount('/etc/passwd 中除 root 外没有其他用户')
  return { uid, gid: uid }
}

/** Root may be unable to become anybody else, for example in a user namespace that knows one number only. */
export function noAccount(reason: string, options?: ErrorOptions): StartupProblem {
  return new StartupProblem(
    'database.no_account',
    `PostgreSQL 不能以 root 身份运行，且无法改用其他用户：${reason}。`,
    '请以普通用户启动，或用 DATABASE_URL 指定已有的 PostgreSQL。',
    options,
  )
}

function readAccounts(file: string): number[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.split(':')[2])
      .filter((id) => id !== undefined && id !== '')
      .map(Number)
  } catch {
    return []
  }
}
