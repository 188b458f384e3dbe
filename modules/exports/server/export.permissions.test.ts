import { randomUUID } from 'node:crypto'
import { type KernelTables, systemActor } from '@tongchou/kernel'
import { testDatabase } from '@tongchou/testing'
import type { Kysely } from 'kysely'
import { expect, test } from 'vitest'
import { readExport } from './export.permissions.ts'
import type { ExportTable } from './export.tables.ts'

const { db, owner } = await testDatabase()
const accounts = ['a', 'b']
const posts = ['p', 'q']

test('who may read an export is the same as a function and as SQL: the account that made it, in the post it was made in', async () => {
  for (const account of accounts)
    for (const post of posts)
      await owner.query(
        `insert into exports.export (id, account_id, person_id, person_name, post_id, post_title, org_name, list, title, params, query, columns, filters,
           state, requested_at, expires_at)
         values ($1, $2, 'n', '张三', $3, '科员', '民政局', 'listProjects', '项目', '{}', '{}', '{name}', '[]', 'ready', now(), now())`,
        [randomUUID(), account, post],
      )
  const exports = db as unknown as Kysely<KernelTables & { 'exports.export': ExportTable }>
  const all = await exports.selectFrom('exports.export').select(['id', 'account_id', 'post_id']).execute()
  for (const accountId of [...accounts, 'c'])
    for (const postId of [...posts, 'r']) {
      const actor = { ...systemActor, accountId, postId }
      const listed = await exports.selectFrom('exports.export').select('id').where(readExport.where(actor)).execute()
      const allowed = all.filter((made) => readExport.allows(actor, made))
      expect(listed.map(({ id }) => id).sort(), `${accountId} ${postId}`).toEqual(allowed.map(({ id }) => id).sort())
    }
})
