import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import { recordRefusal } from '../audit.ts'
import { systemActor } from '../context.ts'
import { TooManyRequests } from '../errors.ts'
import type { KernelTables } from '../tables.ts'
import { addressKey, clientAddress } from './client-address.ts'

/** What is counted by address: sign-ins that fail, and operations that cost the server much (耗费资源的操作). */
export type Limited = 'sign-in' | 'expensive'

/** How much one address may do, and whose word on addresses is taken; read at each use. */
export interface AddressLimits {
  signInFailures: number
  expensivePerMinute: number
  trustedProxies: readonly string[]
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Counted by the address that the request comes from; beyond the limit it is a 429. */
    limited?: Limited
  }
  interface FastifyRequest {
    /** Where a request to a limited operation comes from, through the proxies that are trusted; of any other, the socket's address. */
    clientAddress: string
  }
}

interface Count {
  count: number
  endsAt: number
  told: boolean
}

/** Addresses that are counted at once; of more, those counted longest are forgotten, so that a flood of them is no memory. */
const MOST_ADDRESSES = 20_000
const windowMs: Readonly<Record<Limited, number>> = { 'sign-in': 10 * 60_000, expensive: 60_000 }

/**
 * Counts limited operations by address, in this process. A sign-in is counted before the password is looked at, and given back when it was right: many at once
 * are no more than one after the other, and an office behind one address is counted by its mistakes alone.
 */
export function registerAddressLimits(
  app: FastifyInstance,
  { db, now, addressLimits }: { db: Kysely<KernelTables>; now: () => Date; addressLimits?: (() => Promise<AddressLimits>) | undefined },
): void {
  const counts = new Map<string, Count>()
  const counted = new WeakMap<FastifyRequest, Count>()
  app.decorateRequest('clientAddress', {
    getter(this: FastifyRequest): string {
      return addresses.get(this) ?? clientAddress(this.ip, undefined, [])
    },
  })
  const addresses = new WeakMap<FastifyRequest, string>()
  if (!addressLimits) return
  // Most operations are not counted: for them the hooks are a plain step, not a promise.
  app.addHook('onRequest', (request, _reply, done) => {
    const { limited } = request.routeOptions.config
    return limited ? take(request, limited) : done()
  })
  const take = async (request: FastifyRequest, limited: Limited) => {
    const limits = await addressLimits()
    const address = clientAddress(request.ip, request.headers['x-forwarded-for'], limits.trustedProxies)
    addresses.set(request, address)
    const most = limited === 'sign-in' ? limits.signInFailures : limits.expensivePerMinute
    const count = countOf(counts, `${limited} ${addressKey(address)}`, now().getTime(), windowMs[limited])
    if (count.count < most) {
      count.count += 1
      counted.set(request, count)
      return
    }
    if (!count.told) {
      count.told = true
      const ctx = { db, now, actor: systemActor, requestId: request.id, inside: false }
      await recordRefusal(ctx, 'address.limited', { kind: 'address', id: addressKey(address) }, { limited, most })
    }
    throw tooMany(limited, Math.max(1, Math.ceil((count.endsAt - now().getTime()) / 1000)))
  }
  app.addHook('onSend', (request, reply, payload, done) => {
    const count = request.routeOptions.config.limited === 'sign-in' && reply.statusCode < 400 ? counted.get(request) : undefined
    if (count) {
      counted.delete(request)
      count.count -= 1
    }
    done(null, payload)
  })
}

function countOf(counts: Map<string, Count>, key: string, now: number, window: number): Count {
  const known = counts.get(key)
  if (known && known.endsAt > now) return known
  counts.delete(key)
  if (counts.size >= MOST_ADDRESSES) {
    const oldest = counts.keys().next().value
    if (oldest !== undefined) counts.delete(oldest)
  }
  const fresh = { count: 0, endsAt: now + window, told: false }
  counts.set(key, fresh)
  return fresh
}

function tooMany(limited: Limited, retryAfter: number): TooManyRequests {
  return limited === 'sign-in'
    ? new TooManyRequests(
        'address.too_many_sign_ins',
        `本地址登录失败次数过多，请在 ${Math.ceil(retryAfter / 60)} 分钟后重试。`,
        retryAfter,
      )
    : new TooManyRequests('address.too_many_requests', `本地址的查询和导出过于频繁，请在 ${retryAfter} 秒后重试。`, retryAfter)
}
