import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { CivilDate, type Ctx, IdParams, Line, OneOf, PageOf, PageQuery, Prose, problems, Strict } from '@tongchou/kernel'
import { Type } from 'typebox'
import type { CasesPorts } from '../ports.ts'
import { Card } from './card.schema.ts'
import { explainCard, mayReadCard, readCardById, readCards, reviewExplanation } from './card.service.ts'
import { cardSorts } from './card.store.ts'
import { cardColumns, overseenColumns, rankingColumns } from './oversight.columns.ts'
import { OverseenTask, OversightFigures, Ranking, standings } from './oversight.schema.ts'
import { readFigures, readOverseen, readRanking } from './oversight.service.ts'
import { overseenSorts } from './oversight.store.ts'

const Org = Type.String({ minLength: 1, maxLength: 64 })

/** 电子监察: how every office keeps its limits, the cards, and the reasons given for them. */
export const oversightRoutes: FastifyPluginAsyncTypebox<{ ports: CasesPorts }> = async (app, { ports }) => {
  const tags = ['oversight']
  const overseers = { any: ['supervisor', 'vice-mayor', 'audit'], own: ['big-data-center'] } as const
  const signedIn = { 'signed-in': [] } as const
  const oneCard = { mayRead: (ctx: Ctx, params: Record<string, string>) => mayReadCard(ctx, params.id) }

  app.get(
    '/oversight/tasks',
    {
      schema: {
        operationId: 'listOverseenTasks',
        tags,
        summary: '电子监察清单',
        'x-authz': overseers,
        querystring: Strict({
          ...PageQuery,
          standing: Type.Optional(OneOf(standings)),
          orgId: Type.Optional(Org),
          procedure: Type.Optional(Line(64)),
          q: Type.Optional(Line(100)),
          from: Type.Optional(CivilDate),
          to: Type.Optional(CivilDate),
          sort: Type.Optional(OneOf(overseenSorts)),
        }),
        response: { 200: PageOf(OverseenTask), ...problems },
      },
      config: { listColumns: overseenColumns },
    },
    (req) => readOverseen(req.ctx, ports, { ...req.query, limit: req.query.limit ?? 50 }),
  )

  app.get(
    '/oversight/figures',
    {
      schema: {
        operationId: 'readOversightFigures',
        tags,
        summary: '电子监察概况',
        'x-authz': overseers,
        response: { 200: OversightFigures, ...problems },
      },
    },
    (req) => readFigures(req.ctx, ports),
  )

  app.get(
    '/oversight/offices',
    {
      schema: {
        operationId: 'rankOffices',
        tags,
        summary: '单位办理时限排名',
        'x-authz': overseers,
        querystring: Strict({ ...PageQuery, from: Type.Optional(CivilDate), to: Type.Optional(CivilDate) }),
        response: { 200: Ranking, ...problems },
      },
      config: { limited: 'expensive', listColumns: rankingColumns },
    },
    (req) => readRanking(req.ctx, ports, req.query),
  )

  app.get(
    '/cards',
    {
      schema: {
        operationId: 'listCards',
        tags,
        summary: '黄红牌',
        'x-authz': signedIn,
        querystring: Strict({
          ...PageQuery,
          box: Type.Optional(OneOf(['mine', 'all'] as const)),
          colour: Type.Optional(OneOf(['yellow', 'red'] as const)),
          state: Type.Optional(OneOf(['due', 'given', 'accepted', 'rejected'] as const)),
          orgId: Type.Optional(Org),
          sort: Type.Optional(OneOf(cardSorts)),
        }),
        response: { 200: PageOf(Card), ...problems },
      },
      config: { listColumns: cardColumns },
    },
    (req) => {
      const { box, limit, ...filter } = req.query
      return readCards(req.ctx, ports, { ...filter, mine: box === 'mine', limit: limit ?? 50 })
    },
  )

  app.get(
    '/cards/:id',
    {
      config: { recordsRead: { kind: 'card' } },
      schema: {
        operationId: 'readCard',
        tags,
        summary: '一张黄红牌',
        'x-authz': signedIn,
        params: IdParams,
        response: { 200: Card, ...problems },
      },
    },
    (req) => readCardById(req.ctx, ports, req.params.id),
  )

  app.post(
    '/cards/:id/explanations',
    {
      schema: {
        operationId: 'explainCard',
        tags,
        summary: '说明理由',
        'x-authz': signedIn,
        params: IdParams,
        body: Strict({ reason: Type.String({ minLength: 1, maxLength: 2000, pattern: '\\S' }) }),
        response: { 200: Card, ...problems },
      },
    },
    (req) => explainCard(req.ctx, ports, req.params.id, req.body.reason),
  )

  app.post(
    '/cards/:id/verdict',
    {
      schema: {
        operationId: 'reviewExplanation',
        tags,
        summary: '审核说明的理由',
        'x-authz': { any: ['supervisor'] },
        params: IdParams,
        body: Strict({ accepted: Type.Boolean(), opinion: Prose(2000) }),
        response: { 200: Card, ...problems },
      },
      config: oneCard,
    },
    (req) => reviewExplanation(req.ctx, ports, req.params.id, req.body.accepted, req.body.opinion),
  )
}
