import type pg from 'pg'
import { StartupProblem, systemCode } from './startup-problem.ts'

const dangers: Readonly<Record<string, string>> = {
  fsync: '断电时数据库可能损坏',
  full_page_writes: '断电时数据库可能损坏',
  synchronous_commit: '断电时会丢失已确认的办理结果',
}

/**
 * Refuses a server that could lose what it has confirmed (`fsync=off` and its kin) or that cannot hold Chinese text.
 * `demo` lets the first pass, with a notice, because demonstration data may be lost.
 */
export async function requireSafeServer(
  client: pg.ClientBase,
  { demo = false, onNotice = () => undefined }: { demo?: boolean; onNotice?: (line: string) => void } = {},
): Promise<void> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings where name = any($1) or name in ('server_encoding', 'server_version_num')`,
    [Object.keys(dangers)],
  )
  const settings = new Map(rows.map((row) => [row.name, row.setting]))
  if (Number(settings.get('server_version_num')) < 170_000) {
    throw new StartupProblem(
      'database.too_old',
      '数据库版本低于 PostgreSQL 17。',
      '请升级数据库，或在 DATABASE_URL 中改用 17 及以上的版本。',
    )
  }
  if (settings.get('server_encoding') !== 'UTF8') {
    throw new StartupProblem('database.wrong_encoding', '数据库的编码不是 UTF8。', "请以 encoding 'UTF8' 新建数据库。")
  }
  for (const [name, danger] of Object.entries(dangers)) {
    if (settings.get(name) !== 'off') continue
    if (demo) onNotice(`数据库设置 ${name}=off，${danger}，仅可用于演示`)
    else {
      throw new StartupProblem(
        'database.unsafe_setting',
        `数据库设置 ${name}=off，${danger}。`,
        `请在 postgresql.conf 中改为 ${name}=on 并重新启动数据库。`,
      )
    }
  }
}

/**
 * Puts what commonly goes wrong at the start into words: a port in use, a server that cannot be reached or refuses the sign-in.
 * `undefined` for anything else, which is a defect and shown as one.
 */
export function startupProblemOf(error: unknown): StartupProblem | undefined {
  if (error instanceof StartupProblem) return error
  const options = { cause: error }
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return new StartupProblem(
        'http.port_in_use',
        `端口${portOf(error)}已被其他程序占用。`,
        '请停止占用端口的程序，或用 PORT 指定另一个端口。',
        options,
      )
    case 'EADDRNOTAVAIL':
      return new StartupProblem('http.no_such_address', '本机没有 HOST 指定的地址。', '请把 HOST 改为本机的地址，例如 127.0.0.1。', options)
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENOENT':
      return isConnecting(error)
        ? new StartupProblem(
            'database.unreachable',
            '无法连接 DATABASE_URL 指定的数据库。',
            '请检查数据库是否已启动，地址和端口是否正确。',
            options,
          )
        : undefined
    case '28P01':
    case '28000':
      return new StartupProblem(
        'database.sign_in_failed',
        '数据库拒绝了 DATABASE_URL 或 DATABASE_OWNER_URL 中的用户名或密码。',
        '请更正其中的用户名和密码；应用登录 tongchou_app 须先由管理员建立并设置密码。',
        options,
      )
    case '3D000':
      return new StartupProblem(
        'database.missing',
        'DATABASE_URL 指定的数据库不存在。',
        "请先新建该数据库（encoding 'UTF8'），或更正 DATABASE_URL。",
        options,
      )
    case '42501':
      return new StartupProblem(
        'database.not_permitted',
        '数据库用户的权限不足：属主无权建立所需的模式或角色，或应用登录不属于 tongchou_app。',
        '属主须拥有该数据库；角色 tongchou_app 须已建立，或授予属主 CREATEROLE。应用登录用其他名称的，请执行 grant tongchou_app to 该登录名。',
        options,
      )
    case '53100':
      return new StartupProblem('data.disk_full', '数据库所在的磁盘空间不足。', '请清理或扩容后重新启动，已确认的数据不受影响。', options)
    case 'database.restore_unfinished':
      return new StartupProblem(
        'database.restore_unfinished',
        error instanceof Error ? error.message : '',
        '请重新执行 npx tongchou restore，未完成的内容会先被清除。',
        options,
      )
    case 'database.newer':
    case 'database.migration_changed':
      return new StartupProblem(
        systemCode(error) ?? '',
        error instanceof Error ? error.message : '',
        '请使用与数据库一致或更新的程序版本，或恢复升级前的备份。',
        options,
      )
    default:
      return undefined
  }
}

function isConnecting(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && ['connect', 'getaddrinfo'].includes(String(error.syscall))
}

function portOf(error: unknown): string {
  return error instanceof Error && 'port' in error ? ` ${String(error.port)} ` : ''
}
