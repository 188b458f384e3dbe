import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { KernelTables } from '@tongchou/kernel'
import { keptAnswers, PageOf, problems } from '@tongchou/kernel'
import type { Kysely } from 'kysely'
import type { Modes } from './evaluate.ts'
import { ModeSetting, NewModeSetting, policyDb } from './mode-setting.schema.ts'
import { modeSettingOf, setModes } from './mode-setting.service.ts'
import { findModes } from './mode-setting.store.ts'
import type { PackLibrary } from './pack-library.ts'
import {
  ArticleDetail,
  ArticleParams,
  AsOfQuery,
  Evaluation,
  PackDetail,
  PackListQuery,
  PackParams,
  PackSummary,
  Question,
  SearchPage,
  SearchQuery,
  VocabularyAnswer,
} from './policy.schema.ts'
import { answer } from './policy.service.ts'
import { articlePage, packPage, packsPage, searchPage, toVocabulary } from './reading.service.ts'

/** What the routes need from the server. The handle and clock serve readers who are not signed in: law is public. */
export interface PolicyOptions {
  library: PackLibrary
  db: Kysely<KernelTables>
  now: () => Date
}

const tags = ['policy']
const open = { tags, 'x-authz': { public: [] } }

/** The library (制度库), evaluation, and the city's modes; registered under `/api/v1`. */
export const policyRoutes: FastifyPluginAsyncTypebox<PolicyOptions> = async (app, { library, db, now }) => {
  const reader = { library, db, now }
  const modes = keptAnswers<Modes>(library.packs.size)

  app.get(
    '/policy-packs',
    {
      schema: {
        operationId: 'listPolicyPacks',
        summary: '制度列表',
        ...open,
        querystring: PackListQuery,
        response: { 200: PageOf(PackSummary), ...problems },
      },
    },
    (request) => packsPage(reader, request.query),
  )

  app.get(
    '/policy-packs/search',
    {
      config: { limited: 'expensive' },
      schema: {
        operationId: 'searchPolicyArticles',
        summary: '条文检索',
        ...open,
        querystring: SearchQuery,
        response: { 200: SearchPage, ...problems },
      },
    },
    (request) => searchPage(reader, request.query),
  )

  app.get(
    '/policy-packs/:pack',
    {
      schema: {
        operationId: 'getPolicyPack',
        summary: '制度全文',
        ...open,
        params: PackParams,
        querystring: AsOfQuery,
        response: { 200: PackDetail, ...problems },
      },
    },
    (request) => packPage(reader, request.params.pack, request.query.asOf),
  )

  app.get(
    '/policy-packs/:pack/articles/:article',
    {
      schema: {
        operationId: 'getPolicyArticle',
        summary: '条文',
        ...open,
        params: ArticleParams,
        querystring: AsOfQuery,
        response: { 200: ArticleDetail, ...problems },
      },
    },
    (request) => articlePage(reader, request.params.pack, request.params.article, request.query.asOf),
  )

  app.get(
    '/policy-vocabulary',
    { schema: { operationId: 'getPolicyVocabulary', summary: '事实词汇表', ...open, response: { 200: VocabularyAnswer } } },
    () => toVocabulary(library.vocabulary),
  )

  app.post(
    '/policy-packs/:pack/evaluate',
    {
      schema: {
        operationId: 'evaluatePolicy',
        tags,
        summary: '试算',
        'x-authz': { 'signed-in': [] },
        'x-outside': true,
        params: PackParams,
        body: Question,
        response: { 200: Evaluation, ...problems },
      },
      config: { storesNothing: true },
    },
    (request) => {
      const { ctx, params, body } = request
      return answer(ctx, library, params.pack, body, (pack) => modes.get(ctx.presence, pack, () => findModes(policyDb(ctx), pack)))
    },
  )

  app.get(
    '/policy-packs/:pack/modes',
    {
      schema: {
        operationId: 'getPolicyModes',
        tags,
        summary: '提示与拦截',
        'x-authz': { 'signed-in': [] },
        params: PackParams,
        response: { 200: ModeSetting, ...problems },
      },
    },
    (request) => modeSettingOf(request.ctx, library, request.params.pack),
  )

  app.put(
    '/policy-packs/:pack/modes',
    {
      schema: {
        operationId: 'setPolicyModes',
        tags,
        summary: '设置提示与拦截',
        'x-authz': { any: ['big-data-center'] },
        params: PackParams,
        body: NewModeSetting,
        response: { 200: ModeSetting, ...problems },
      },
      config: { mayRead: async (_ctx, params) => library.packs.has(params.pack ?? '') },
    },
    (request) => setModes(request.ctx, library, request.params.pack, request.body),
  )
}
