import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Ctx, IdParams, isId, PageOf, PageQuery, problems, Strict, toPage } from '@tongchou/kernel'
import { permitAddress, toAddressLine, withdrawAddress } from './address.service.ts'
import { isListed, listAddresses } from './address.store.ts'
import { addressColumns, interfaceColumns } from './interface.columns.ts'
import { doorDuties, doorReaders, keeperDuties, overseerDuties, providerDuties } from './interface.permissions.ts'
import {
  AddressLine,
  AddressRemoval,
  Decision,
  Interface,
  InterfaceLine,
  InterfaceQuery,
  NewAddress,
  Registration,
  StateChange,
} from './interface.schema.ts'
import { listInterfaces } from './interface.store.ts'
import { readableInterface, toInterfaceLine, viewInterface } from './interface.view.ts'
import type { InterfacesPorts } from './ports.ts'
import { changeState, decide, interfaceKind, register } from './register.service.ts'

const tags = ['interfaces']

/** Interfaces of departments, and the addresses they may be at (部门接口、允许地址), under the API's prefix. */
export const interfaceRoutes: FastifyPluginAsyncTypebox<{ ports: InterfacesPorts }> = async (app, { ports }) => {
  const reading = { own: [...providerDuties], any: [...overseerDuties] }
  const mayRead = async (ctx: Ctx, params: Record<string, string>) =>
    (await readableInterface(ctx, params.id).catch(() => undefined)) !== undefined
  const config = { mayRead }

  app.get(
    '/interfaces',
    {
      schema: {
        operationId: 'listInterfaces',
        tags,
        summary: '部门接口清单',
        'x-authz': reading,
        querystring: InterfaceQuery,
        response: { 200: PageOf(InterfaceLine), ...problems },
      },
      config: { listColumns: interfaceColumns },
    },
    async (req) => {
      const limit = req.query.limit ?? 50
      const rows = await listInterfaces(req.ctx, req.query, limit)
      const names = await ports.organisations.organisations(req.ctx, [...new Set(rows.map(({ org_id }) => org_id))])
      return toPage(
        rows,
        limit,
        (row) => [row.number],
        (row) => toInterfaceLine(req.ctx, row, names),
      )
    },
  )
  app.get(
    '/interfaces/:id',
    {
      config: { ...config, recordsRead: { kind: interfaceKind } },
      schema: {
        operationId: 'getInterface',
        tags,
        summary: '部门接口详情',
        'x-authz': reading,
        params: IdParams,
        response: { 200: Interface, ...problems },
      },
    },
    async (req) => viewInterface(req.ctx, ports, (await readableInterface(req.ctx, req.params.id)).resource),
  )
  app.put(
    '/interfaces/:id',
    {
      // The credential is in it: the answer to a repeated request is made anew.
      config: { ...config, ignoresIdempotencyKey: true },
      schema: {
        operationId: 'registerInterface',
        tags,
        summary: '登记或者变更目录的接口',
        'x-authz': { own: [...providerDuties] },
        params: IdParams,
        body: Registration,
        response: { 200: Interface, ...problems },
      },
    },
    (req) => register(req.ctx, ports, req.params.id, req.body),
  )
  app.post(
    '/interfaces/:id/decision',
    {
      config,
      schema: {
        operationId: 'decideInterface',
        tags,
        summary: '核准部门接口',
        'x-authz': { any: [...keeperDuties] },
        params: IdParams,
        body: Decision,
        response: { 200: Interface, ...problems },
      },
    },
    (req) => decide(req.ctx, ports, req.params.id, req.body),
  )
  app.post(
    '/interfaces/:id/state',
    {
      config,
      schema: {
        operationId: 'changeInterfaceState',
        tags,
        summary: '停用部门接口，解除暂停调用',
        'x-authz': { own: [...providerDuties], any: [...keeperDuties] },
        params: IdParams,
        body: StateChange,
        response: { 200: Interface, ...problems },
      },
    },
    (req) => changeState(req.ctx, ports, req.params.id, req.body),
  )
  app.get(
    '/interface-addresses',
    {
      schema: {
        operationId: 'listInterfaceAddresses',
        tags,
        summary: '接口允许地址清单',
        'x-authz': { any: [...doorReaders] },
        querystring: Strict(PageQuery),
        response: { 200: PageOf(AddressLine), ...problems },
      },
      config: { listColumns: addressColumns },
    },
    async (req) => {
      const limit = req.query.limit ?? 50
      return toPage(
        await listAddresses(req.ctx, req.query.cursor, limit),
        limit,
        (row) => [row.added_at.toISOString(), row.id],
        toAddressLine,
      )
    },
  )
  app.post(
    '/interface-addresses',
    {
      schema: {
        operationId: 'permitInterfaceAddress',
        tags,
        summary: '登记接口允许地址',
        'x-authz': { any: [...doorDuties] },
        body: NewAddress,
        response: { 201: AddressLine, ...problems },
      },
    },
    async (req, reply) => reply.status(201).send(await permitAddress(req.ctx, req.body)),
  )
  app.post(
    '/interface-addresses/:id/withdrawal',
    {
      // Who reads the list reads its every entry.
      config: {
        mayRead: async (ctx: Ctx, { id }: Record<string, string>) =>
          doorReaders.some((duty) => ctx.actor.roles.has(duty)) && isId(id) && (await isListed(ctx, id)),
      },
      schema: {
        operationId: 'withdrawInterfaceAddress',
        tags,
        summary: '撤销接口允许地址',
        'x-authz': { any: [...doorDuties] },
        params: IdParams,
        body: AddressRemoval,
        response: { 200: AddressLine, ...problems },
      },
    },
    (req) => withdrawAddress(req.ctx, req.params.id, req.body.reason),
  )
}
