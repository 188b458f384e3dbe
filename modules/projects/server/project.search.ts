import { type Ctx, countRows, decodeCursor, holdsWords, type SearchPort, toPage } from '@tongchou/kernel'
import { sql } from 'kysely'
import type { ProjectsPorts } from '../ports.ts'
import { stageNames } from '../words.ts'
import { readProject } from './project.permissions.ts'
import { projectsDb } from './project.tables.ts'
import { named } from './project.view.ts'

const projectText = { table: 'projects.project', text: 'name' }
const tenderText = { table: 'projects.tender_result', key: 'project_id', text: "notice_number || ' ' || winner" }
const contractText = { table: 'projects.contract', text: "number || ' ' || supplier" }

/** Projects by name, newest change first. */
export function projectSearch(ports: Pick<ProjectsPorts, 'organisations'>): SearchPort {
  const readable = (ctx: Ctx, words: readonly string[]) =>
    projectsDb(ctx)
      .selectFrom('projects.project')
      .where(readProject.where(ctx.actor))
      .where(holdsWords('projects.project.id', projectText, words))
  return {
    kind: 'project',
    title: '项目',
    count: (ctx, words, most) => countRows(ctx, readable(ctx, words).select('id').limit(most)),
    find: async (ctx, words, limit, cursor) => {
      const after = decodeCursor(cursor, ['instant', 'id'])
      let query = readable(ctx, words).select(['id', 'name', 'stage', 'owner_org_id', 'updated_at'])
      if (after) query = query.where(sql<boolean>`(updated_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
      const rows = await query
        .orderBy('updated_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute()
      const orgs = await ports.organisations.organisations(
        ctx,
        rows.map((row) => row.owner_org_id),
      )
      return toPage(
        rows,
        limit,
        (row) => [row.updated_at.toISOString(), row.id],
        (row) => ({
          kind: 'project',
          id: row.id,
          title: row.name,
          note: `${named(orgs, row.owner_org_id).name} · ${stageNames[row.stage]}`,
          href: `/projects/${row.id}`,
        }),
      )
    },
  }
}

/** Contracts (合同) of projects one may read, by number and supplier, last signed first. */
export const contractSearch: SearchPort = {
  kind: 'contract',
  title: '合同',
  count: (ctx, words, most) => countRows(ctx, contractsWith(ctx, words).select('contract.id').limit(most)),
  find: async (ctx, words, limit, cursor) => {
    const after = decodeCursor(cursor, ['text', 'id'])
    let query = contractsWith(ctx, words).select([
      'contract.id',
      'contract.number',
      'contract.supplier',
      'contract.signed_on',
      'projects.project.id as project_id',
      'projects.project.name as project_name',
    ])
    if (after) query = query.where(sql<boolean>`(contract.signed_on::text, contract.id) < (${after[0]}, ${after[1]}::uuid)`)
    const rows = await query
      .orderBy(sql`contract.signed_on::text`, 'desc')
      .orderBy('contract.id', 'desc')
      .limit(limit + 1)
      .execute()
    return toPage(
      rows,
      limit,
      (row) => [row.signed_on, row.id],
      (row) => ({
        kind: 'contract',
        id: row.id,
        title: row.number,
        note: `${row.supplier} · ${row.project_name}`,
        href: `/projects/${row.project_id}`,
      }),
    )
  },
}

function contractsWith(ctx: Ctx, words: readonly string[]) {
  return (
    projectsDb(ctx)
      .selectFrom('projects.project')
      .innerJoin('projects.contract as contract', 'contract.project_id', 'projects.project.id')
      // The join adds a table to the handle; the permission speaks of the project's columns alone.
      .where((eb) => readProject.where(ctx.actor)(eb as never))
      .where(holdsWords('contract.id', contractText, words))
  )
}

/** Tender results (招标结果) of projects one may read, by the number of the notice and the winner, last opened first. */
export const tenderSearch: SearchPort = {
  kind: 'tender',
  title: '招标公告',
  count: (ctx, words, most) => countRows(ctx, tendersWith(ctx, words).select('tender.project_id').limit(most)),
  find: async (ctx, words, limit, cursor) => {
    const after = decodeCursor(cursor, ['text', 'id'])
    let query = tendersWith(ctx, words).select([
      'tender.project_id',
      'tender.notice_number',
      'tender.winner',
      'tender.opened_on',
      'projects.project.name as project_name',
    ])
    if (after) query = query.where(sql<boolean>`(tender.opened_on::text, tender.project_id) < (${after[0]}, ${after[1]}::uuid)`)
    const rows = await query
      .orderBy(sql`tender.opened_on::text`, 'desc')
      .orderBy('tender.project_id', 'desc')
      .limit(limit + 1)
      .execute()
    return toPage(
      rows,
      limit,
      (row) => [row.opened_on, row.project_id],
      (row) => ({
        kind: 'tender',
        id: row.project_id,
        title: row.notice_number,
        note: `${row.winner} · ${row.project_name}`,
        href: `/projects/${row.project_id}`,
      }),
    )
  },
}

function tendersWith(ctx: Ctx, words: readonly string[]) {
  return (
    projectsDb(ctx)
      .selectFrom('projects.project')
      .innerJoin('projects.tender_result as tender', 'tender.project_id', 'projects.project.id')
      // The join adds a table to the handle; the permission speaks of the project's columns alone.
      .where((eb) => readProject.where(ctx.actor)(eb as never))
      .where(holdsWords('tender.project_id', tenderText, words))
  )
}
