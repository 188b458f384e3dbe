import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { At, Id, IdParams, Line, listColumns, Nullable, OneOf, PageOf, PageQuery, problems, Strict } from '@tongchou/kernel'
import { Type } from 'typebox'
import { channelWords, deliveryWords, groupWords } from '../words.ts'
import { readAll, readInbox, readOne, readUnread } from './inbox.service.ts'

const keysOf = <T extends object>(words: T) => Object.keys(words) as (keyof T & string)[]

const InboxNotice = Type.Object({
  id: Id,
  kind: Type.String(),
  title: Type.String(),
  body: Type.String(),
  href: Nullable(Type.String()),
  sentAt: At,
  readAt: Nullable(At),
  deliveries: Type.Array(Type.Object({ channel: OneOf(keysOf(channelWords)), status: OneOf(keysOf(deliveryWords)) })),
})

const inboxColumns = listColumns(
  InboxNotice,
  '消息',
  [
    { key: 'title', title: '标题', kind: 'text', read: (n) => n.title },
    { key: 'body', title: '内容', kind: 'text', read: (n) => n.body },
    { key: 'sent', title: '时间', kind: 'instant', read: (n) => n.sentAt },
    { key: 'read', title: '已读', kind: 'instant', read: (n) => n.readAt },
  ],
  {
    q: { title: '标题或内容' },
    state: { title: '状态', words: { unread: '未读', read: '已读' } },
    group: { title: '类别', words: groupWords },
  },
)

/** 消息: what the platform has told the person, in whichever post they act. */
export const inboxRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const tags = ['notices']
  // Also for people outside the offices: what was written to them.
  const signedIn = { 'x-authz': { 'signed-in': [] }, 'x-outside': true }

  app.get(
    '/notices',
    {
      schema: {
        operationId: 'listNotices',
        tags,
        summary: '本人的消息',
        ...signedIn,
        querystring: Strict({
          ...PageQuery,
          state: Type.Optional(OneOf(['unread', 'read'] as const)),
          group: Type.Optional(OneOf(keysOf(groupWords))),
          q: Type.Optional(Line(100)),
        }),
        response: { 200: PageOf(InboxNotice), ...problems },
      },
      config: { listColumns: inboxColumns },
    },
    (req) => {
      const { state, limit, ...filter } = req.query
      return readInbox(req.ctx, { ...filter, limit: limit ?? 50, unread: state && state === 'unread' })
    },
  )

  app.get(
    '/notices/unread',
    {
      schema: {
        operationId: 'countUnreadNotices',
        tags,
        summary: '未读消息数',
        ...signedIn,
        response: { 200: Type.Object({ unread: Type.Integer() }), ...problems },
      },
      // The bell asks every while; a desk that was left must still sign out.
      config: { asksByItself: true },
    },
    (req) => readUnread(req.ctx),
  )

  app.post(
    '/notices/:id/read',
    {
      schema: {
        operationId: 'readNotice',
        tags,
        summary: '标为已读',
        ...signedIn,
        params: IdParams,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (req, reply) => {
      await readOne(req.ctx, req.params.id)
      return reply.status(204).send(null)
    },
  )

  app.post(
    '/notices/read',
    {
      schema: {
        operationId: 'readAllNotices',
        tags,
        summary: '全部标为已读',
        ...signedIn,
        response: { 200: Type.Object({ read: Type.Integer() }), ...problems },
      },
    },
    (req) => readAll(req.ctx),
  )
}
