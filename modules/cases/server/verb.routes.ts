import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { At, Id, IdParams, Line, PageOf, PageQuery, pageWithin, problems, Strict } from '@tongchou/kernel'
import type { VerbKind } from '@tongchou/procedure'
import { Type } from 'typebox'
import type { CasesPorts } from '../ports.ts'
import { CaseView } from './case.schema.ts'
import { markCopies } from './copy.service.ts'
import { readLeadingCases } from './leading.service.ts'
import { readCase } from './read-case.service.ts'
import { PartyUse, readParties } from './verb.parties.ts'
import { Parties, type VerbInput, verbBodies } from './verb.schema.ts'
import { doOnCase } from './verb.service.ts'

/** Each verb under its own address: what is pressed, and what stands in the contract. */
const verbs: readonly { kind: VerbKind; path: string; operationId: string; summary: string }[] = [
  { kind: 'transfer', path: 'transfer', operationId: 'transferTask', summary: '转办' },
  { kind: 'entrust', path: 'entrustment', operationId: 'entrustTask', summary: '委托' },
  { kind: 'take-back', path: 'entrustment/end', operationId: 'takeBackTask', summary: '收回委托' },
  { kind: 'not-mine', path: 'not-mine', operationId: 'returnTaskNotMine', summary: '不属本单位回退' },
  { kind: 'countersign', path: 'countersigns', operationId: 'askCountersign', summary: '加签' },
  { kind: 'uncountersign', path: 'countersigns/withdrawal', operationId: 'withdrawCountersign', summary: '减签' },
  { kind: 'sign', path: 'countersigns/signature', operationId: 'signCountersign', summary: '签署加签意见' },
  { kind: 'extend', path: 'extension', operationId: 'askExtension', summary: '申请延期' },
  { kind: 'shelve', path: 'shelving', operationId: 'askShelving', summary: '申请挂账' },
  { kind: 'unshelve', path: 'shelving/end', operationId: 'endShelving', summary: '恢复办理' },
  { kind: 'answer', path: 'answers', operationId: 'answerAsk', summary: '答复延期、挂账、退回派发' },
  { kind: 'pause', path: 'pause', operationId: 'pauseClock', summary: '中止计时' },
  { kind: 'resume', path: 'pause/end', operationId: 'resumeClock', summary: '恢复计时' },
  { kind: 'merge', path: 'merger', operationId: 'mergeCase', summary: '并案' },
  { kind: 'void', path: 'voiding', operationId: 'voidCase', summary: '作废' },
  { kind: 'urge', path: 'urging', operationId: 'urgeTask', summary: '催办' },
  { kind: 'oversee', path: 'oversight', operationId: 'overseeCase', summary: '督办' },
  { kind: 'reply', path: 'oversight/reply', operationId: 'replyToOversight', summary: '回复督办' },
  { kind: 'lift', path: 'oversight/end', operationId: 'liftOversight', summary: '解除督办' },
  { kind: 'copy', path: 'copies', operationId: 'copyCase', summary: '抄送' },
]

/** What offices do with a case besides deciding it. */
export const verbRoutes: FastifyPluginAsyncTypebox<{ ports: CasesPorts }> = async (app, { ports }) => {
  const tags = ['cases']
  const signedIn = { 'signed-in': [] } as const

  for (const { kind, path, operationId, summary } of verbs)
    app.post(
      `/cases/:id/${path}`,
      {
        schema: {
          operationId,
          tags,
          summary,
          'x-authz': signedIn,
          params: IdParams,
          body: verbBodies[kind],
          response: { 200: CaseView, ...problems },
        },
      },
      async (req) => {
        // The body was checked against the schema of this very kind.
        await doOnCase(req.ctx, ports, req.params.id, { kind, ...(req.body as object) } as VerbInput)
        return readCase(req.ctx, ports, req.params.id, true)
      },
    )

  app.post(
    '/cases/:id/copies/reading',
    {
      schema: {
        operationId: 'readCopy',
        tags,
        summary: '抄送已阅',
        'x-authz': signedIn,
        params: IdParams,
        body: Strict({}),
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (req, reply) => {
      await markCopies(req.ctx, ports, req.params.id)
      return reply.status(204).send(null)
    },
  )

  app.get(
    '/cases/:id/parties',
    {
      schema: {
        operationId: 'listCaseParties',
        tags,
        summary: '可以转办、委托、加签、抄送的单位和人员',
        'x-authz': signedIn,
        params: IdParams,
        querystring: Strict({ use: PartyUse, taskId: Type.Optional(Line(64)) }),
        response: { 200: Parties, ...problems },
      },
    },
    (req) => readParties(req.ctx, ports, req.params.id, req.query.use, req.query.taskId),
  )

  app.get(
    '/cases/:id/leading-cases',
    {
      schema: {
        operationId: 'listLeadingCases',
        tags,
        summary: '可以并入的办件',
        'x-authz': signedIn,
        params: IdParams,
        querystring: Strict(PageQuery),
        response: {
          200: PageOf(Type.Object({ id: Id, title: Type.String(), applicant: Type.String(), openedAt: At })),
          ...problems,
        },
      },
    },
    async (req) => pageWithin((await readLeadingCases(req.ctx, ports, req.params.id)).items, req.query),
  )
}
