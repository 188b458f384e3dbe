import type { FastifyInstance, FastifyRequest } from 'fastify'
import { openAccessLog } from '../access-log.ts'
import { recordRead, type Subject, viewedAction } from '../audit.ts'
import type { DomainError } from '../errors.ts'
import { refuseHostileText } from './json.ts'

const settleEveryMs = 60_000

/**
 * Writes an access row for every answer of an operation with `config.recordsRead`, before the answer leaves: what cannot be recorded
 * is not shown. Looking again within ten minutes is counted.
 */
export function registerReads(app: FastifyInstance, now: () => Date): void {
  const looks = openAccessLog()
  app.decorate('looks', looks)
  app.addHook('onSend', (request, reply, payload, done) => {
    const { recordsRead } = request.routeOptions.config
    const subject = reply.statusCode < 300 && !recordsRead?.writtenByHandler ? readSubject(request) : undefined
    if (!request.signedIn || !subject) return done(null, payload)
    return recordRead(request.signedIn, subject).then(() => payload)
  })
  // In the background and at the end; a database that is away then costs a number, never a first look.
  const settle = (all: boolean) => looks.settle(now(), all).catch((err) => app.log.error({ err }, 'repeated looks could not be written'))
  const timer = setInterval(() => settle(false), settleEveryMs).unref()
  app.addHook('onClose', async () => {
    clearInterval(timer)
    await settle(true)
  })
}

/** A look at a thing that the actor may not see, or that is not there. */
export async function recordRefusedRead(request: FastifyRequest, error: DomainError): Promise<void> {
  const { signedIn: ctx } = request
  const subject = readSubject(request)
  if (!ctx || !subject || (error.status !== 403 && error.status !== 404)) return
  const look = { action: viewedAction(subject.kind), outcome: 'refused', subject, detail: { code: error.code } } as const
  await ctx.looks?.look(ctx, look)
}

function readSubject(request: FastifyRequest): Subject | undefined {
  const declared = request.routeOptions.config.recordsRead
  if (!declared) return undefined
  const { id = declared.id } = (request.params ?? {}) as Record<string, string | undefined>
  try {
    refuseHostileText(id, 'id')
  } catch {
    return undefined
  }
  return id === undefined ? undefined : { kind: declared.kind, id }
}
