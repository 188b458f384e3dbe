import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  At,
  CivilDate,
  Id,
  IdParams,
  isId,
  Line,
  Nullable,
  type OfficeHours,
  PageOf,
  PageQuery,
  pageWithin,
  problems,
  Strict,
} from '@tongchou/kernel'
import { Type } from 'typebox'
import type { CasesPorts } from '../ports.ts'
import { changeHours, enterHours, loadNotice, readHours, readNotices } from './calendar.service.ts'
import { recomputedColumns } from './oversight.columns.ts'
import { Recomputation, RecomputedDeadline } from './oversight.schema.ts'
import { readRecomputation, readRecomputed } from './recomputed.service.ts'

const Time = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$|^24:00$' })
const Spans = Type.Optional(Type.Array(Strict({ from: Time, to: Time }), { maxItems: 6 }))
const Week = Strict({ '1': Spans, '2': Spans, '3': Spans, '4': Spans, '5': Spans, '6': Spans, '7': Spans })
const hours = { orgId: Nullable(Line(64)), validFrom: CivilDate, validTo: Nullable(CivilDate), week: Week }
const HoursView = Type.Object({
  id: Id,
  ...hours,
  orgName: Nullable(Type.String()),
  version: Type.Integer(),
  updatedBy: Type.String(),
  updatedAt: At,
})
const HolidayDay = { name: Line(40), date: Type.String({ maxLength: 10 }), isOffDay: Type.Boolean() }

/** The city's calendar: who may read limits may read what they are counted by; the system administrator keeps it. */
export const calendarRoutes: FastifyPluginAsyncTypebox<{ ports: CasesPorts }> = async (app, { ports }) => {
  const tags = ['calendar']
  const anybody = { 'signed-in': [] } as const
  const administrator = { any: ['system-admin'] } as const

  app.get(
    '/calendar/notices',
    {
      schema: {
        operationId: 'listHolidayNotices',
        tags,
        summary: '各年节假日安排',
        'x-authz': anybody,
        querystring: Strict(PageQuery),
        response: {
          200: PageOf(
            Type.Object({
              year: Type.Integer(),
              isPublished: Type.Boolean(),
              offDayCount: Type.Integer(),
              workedDayCount: Type.Integer(),
              version: Type.Integer(),
              loadedBy: Nullable(Type.String()),
              loadedAt: Nullable(At),
              papers: Type.Array(Type.String()),
              days: Type.Array(Type.Object({ name: Type.String(), date: Type.String(), isOffDay: Type.Boolean() })),
            }),
          ),
          ...problems,
        },
      },
    },
    async (req) => pageWithin(await readNotices(req.ctx), req.query),
  )

  app.post(
    '/calendar/notices',
    {
      schema: {
        operationId: 'loadHolidayNotice',
        tags,
        summary: '导入一年的节假日安排',
        description: 'holiday-cn 的 JSON 格式；$schema、$id 可留可去',
        'x-authz': administrator,
        // Not as properties: whatever reads a schema takes a property `$id` for the schema's own.
        body: Strict(
          {
            year: Type.Integer({ minimum: 2007, maximum: 2100 }),
            papers: Type.Array(Line(300), { maxItems: 10 }),
            days: Type.Array(Strict(HolidayDay), { minItems: 1, maxItems: 120 }),
          },
          { patternProperties: { '^\\$(schema|id)$': { type: 'string', maxLength: 300 } } },
        ),
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (req, reply) => {
      const { year, days, papers } = req.body
      await loadNotice(req.ctx, { year, days, papers })
      return reply.status(204).send(null)
    },
  )

  const overseers = { any: ['supervisor', 'vice-mayor', 'audit'], own: ['big-data-center'] } as const
  const Year = Type.Integer({ minimum: 2007, maximum: 2100 })

  app.get(
    '/calendar/recomputed-deadlines',
    {
      schema: {
        operationId: 'listRecomputedDeadlines',
        tags,
        summary: '日历公布后重新计算的期限',
        'x-authz': overseers,
        querystring: Strict({
          ...PageQuery,
          year: Type.Optional(Year),
          orgId: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
        }),
        response: { 200: PageOf(RecomputedDeadline), ...problems },
      },
      config: { listColumns: recomputedColumns },
    },
    (req) => readRecomputed(req.ctx, ports, { ...req.query, limit: req.query.limit ?? 50 }),
  )

  app.get(
    '/calendar/recomputation',
    {
      schema: {
        operationId: 'readRecomputation',
        tags,
        summary: '一年的暂定期限和已重新计算的期限各有多少',
        'x-authz': { any: [...overseers.any, 'system-admin'], own: overseers.own },
        querystring: Strict({ year: Year }),
        response: { 200: Recomputation, ...problems },
      },
    },
    (req) => readRecomputation(req.ctx, ports, req.query.year),
  )

  app.get(
    '/calendar/office-hours',
    {
      schema: {
        operationId: 'listOfficeHours',
        tags,
        summary: '办公时间',
        'x-authz': anybody,
        querystring: Strict(PageQuery),
        response: { 200: PageOf(HoursView), ...problems },
      },
    },
    async (req) => pageWithin(await readHours(req.ctx, ports), req.query),
  )

  app.post(
    '/calendar/office-hours',
    {
      schema: {
        operationId: 'enterOfficeHours',
        tags,
        summary: '登记办公时间',
        'x-authz': administrator,
        body: Strict(hours),
        response: { 201: HoursView, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await enterHours(req.ctx, ports, req.body as OfficeHours)),
  )

  app.put(
    '/calendar/office-hours/:id',
    {
      schema: {
        operationId: 'changeOfficeHours',
        tags,
        summary: '更改办公时间',
        'x-authz': administrator,
        params: IdParams,
        body: Strict({ ...hours, version: Type.Integer() }),
        response: { 200: HoursView, ...problems },
      },
      // Everybody reads by which hours limits are counted.
      config: { mayRead: async (ctx, { id }) => isId(id) && (await readHours(ctx, ports)).some((one) => one.id === id) },
    },
    (req) => {
      const { version, ...changed } = req.body
      return changeHours(req.ctx, ports, req.params.id, changed as OfficeHours, version)
    },
  )
}
