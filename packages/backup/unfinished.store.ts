import { restoringSchema } from '@tongchou/kernel'
import type pg from 'pg'
import { backupProblem } from './problem.ts'

/** Keeps every start and every other restore away from the database until the connection ends: what migrates waits for this lock. */
export async function holdRestore(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ held: boolean }>("select pg_try_advisory_lock(hashtext('tongchou.migrate')) as held")
  if (!rows[0]?.held)
    throw backupProblem('target_in_use', '目标数据库正在由另一个程序升级或恢复，未做任何改动。', '请停止使用该数据库的服务后重试。')
}

/** Whether a restore into this database was killed before its end. */
export async function isUnfinished(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ unfinished: boolean }>('select to_regnamespace($1) is not null as unfinished', [restoringSchema])
  return rows[0]?.unfinished === true
}

/** From here on no program starts on this database. */
export async function markUnfinished(client: pg.ClientBase): Promise<void> {
  await client.query(`create schema ${restoringSchema}`)
}

/** It is whole: programs may start on it. */
export async function markFinished(client: pg.ClientBase): Promise<void> {
  await client.query(`drop schema ${restoringSchema}`)
}
