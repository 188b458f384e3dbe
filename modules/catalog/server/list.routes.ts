import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Ctx, listColumns, PageOf, problems, toPage } from '@tongchou/kernel'
import { dutyNames, sharingBases } from '@tongchou/metadata'
import { cycleWords, dutyWords, stateWords, unsharedScopeWords } from '../words.ts'
import { basisOf } from './describe.ts'
import { DutyLine, DutyQuery, UnsharedLine, UnsharedQuery } from './list.schema.ts'
import { listDuties, listUnshared } from './list.store.ts'
import type { CatalogPorts } from './ports.ts'

const tags = ['catalog']
const lawWords = Object.fromEntries(sharingBases.map(({ id, title }) => [id, title]))

/** 责任清单, column by column as its screen. */
const dutyColumns = listColumns(
  DutyLine,
  '数据资源责任清单',
  [
    { key: 'name', title: '资源名称', kind: 'text', read: (r) => r.name },
    { key: 'code', title: '资源代码', kind: 'text', read: (r) => r.code },
    { key: 'org', title: '提供方', kind: 'reference', read: (r) => r.org.name },
    { key: 'handledBy', title: '谁经手', kind: 'text', read: (r) => bearerOf(r.handledBy) },
    { key: 'usedBy', title: '谁使用', kind: 'text', read: (r) => bearerOf(r.usedBy) },
    { key: 'managedBy', title: '谁管理', kind: 'text', read: (r) => bearerOf(r.managedBy) },
    { key: 'archivedBy', title: '谁归档', kind: 'text', read: (r) => bearerOf(r.archivedBy) },
    { key: 'answersFor', title: '谁负责', kind: 'text', read: (r) => bearerOf(r.answersFor) },
    { key: 'cycle', title: '更新周期', kind: 'text', read: (r) => r.updateCycle && cycleWords[r.updateCycle] },
    { key: 'state', title: '状态', kind: 'text', read: (r) => stateWords[r.state] },
    { key: 'number', title: '编号', kind: 'integer', read: (r) => r.number },
  ],
  {
    q: { title: '资源名称' },
    orgId: { title: '提供方', reference: 'organisation' },
    bearerId: { title: '承担单位', reference: 'organisation' },
    lacking: { title: '未落实的责任', words: dutyWords },
    state: { title: '状态', words: stateWords },
  },
)

/** 共享负面清单, column by column as its screen. */
const unsharedColumns = listColumns(
  UnsharedLine,
  '共享负面清单',
  [
    { key: 'name', title: '资源名称', kind: 'text', read: (r) => r.name },
    { key: 'code', title: '资源代码', kind: 'text', read: (r) => r.code },
    { key: 'org', title: '提供方', kind: 'reference', read: (r) => r.org.name },
    { key: 'scope', title: '范围', kind: 'text', read: (r) => unsharedScopeWords[r.scope] },
    { key: 'item', title: '不予共享的信息项', kind: 'text', read: (r) => r.item?.name ?? '全部信息项' },
    { key: 'basis', title: '依据', kind: 'text', read: (r) => r.basis },
    { key: 'reason', title: '理由', kind: 'text', read: (r) => r.reason },
    { key: 'state', title: '状态', kind: 'text', read: (r) => stateWords[r.state] },
    { key: 'number', title: '编号', kind: 'integer', read: (r) => r.number },
  ],
  {
    q: { title: '资源名称' },
    orgId: { title: '提供方', reference: 'organisation' },
    scope: { title: '范围', words: unsharedScopeWords },
    basisLaw: { title: '依据', words: lawWords },
    state: { title: '状态', words: stateWords },
  },
)

/** The lists of WH23-14 and 15 that are views of the catalog: 责任清单, 共享负面清单. */
export const listRoutes: FastifyPluginAsyncTypebox<{ ports: CatalogPorts }> = async (app, { ports }) => {
  app.get(
    '/catalog/responsibilities',
    {
      schema: {
        operationId: 'listResourceDuties',
        tags,
        summary: '数据资源责任清单',
        'x-authz': { 'signed-in': [] },
        querystring: DutyQuery,
        response: { 200: PageOf(DutyLine), ...problems },
      },
      config: { listColumns: dutyColumns },
    },
    (req) => dutiesPage(req.ctx, ports, req.query),
  )
  app.get(
    '/catalog/unshared',
    {
      schema: {
        operationId: 'listUnsharedResources',
        tags,
        summary: '共享负面清单',
        'x-authz': { 'signed-in': [] },
        querystring: UnsharedQuery,
        response: { 200: PageOf(UnsharedLine), ...problems },
      },
      config: { listColumns: unsharedColumns },
    },
    (req) => unsharedPage(req.ctx, ports, req.query),
  )
}

async function dutiesPage(ctx: Ctx, ports: CatalogPorts, query: DutyQuery) {
  const limit = query.limit ?? 50
  const rows = await listDuties(ctx, query, limit)
  const bearers = rows.flatMap(({ duties }) => dutyNames.flatMap((duty) => duties[duty]?.orgId ?? []))
  const orgs = await ports.organisations.organisations(ctx, [...new Set([...rows.map((row) => row.org_id), ...bearers])])
  const nameOf = (id: string) => orgs.get(id)?.name ?? id
  return toPage(
    rows,
    limit,
    (row) => [row.number],
    ({ id, number, name, code, org_id, state, update_cycle, duties }): DutyLine => {
      const bearer = (duty: (typeof dutyNames)[number]) => {
        const borne = duties[duty]
        return borne ? { orgName: nameOf(borne.orgId), post: borne.post } : null
      }
      return {
        ...{ id, resourceId: id, number, name, code, org: { id: org_id, name: nameOf(org_id) }, state, updateCycle: update_cycle },
        ...{ handledBy: bearer('handledBy'), usedBy: bearer('usedBy'), managedBy: bearer('managedBy') },
        ...{ archivedBy: bearer('archivedBy'), answersFor: bearer('answersFor') },
      }
    },
  )
}

async function unsharedPage(ctx: Ctx, ports: CatalogPorts, query: UnsharedQuery) {
  const limit = query.limit ?? 50
  const rows = await listUnshared(ctx, query, limit)
  const orgs = await ports.organisations.organisations(ctx, [...new Set(rows.map((row) => row.org_id))])
  return toPage(
    rows,
    limit,
    (row) => [row.number, row.position],
    (row): UnsharedLine => ({
      id: row.item_id === null ? row.resource_id : `${row.resource_id}#${row.item_id}`,
      resourceId: row.resource_id,
      number: row.number,
      name: row.name,
      code: row.code,
      org: { id: row.org_id, name: orgs.get(row.org_id)?.name ?? row.org_id },
      state: row.state,
      scope: row.item_id === null ? 'resource' : 'item',
      item: row.item_id === null ? null : { id: row.item_id, name: row.item_name ?? '' },
      basis: basisOf(row.basis_law, row.basis_clause),
      reason: row.reason,
    }),
  )
}

function bearerOf(bearer: DutyLine['handledBy']): string | null {
  return bearer && `${bearer.orgName}${bearer.post === null ? '' : ` ${bearer.post}`}`
}
