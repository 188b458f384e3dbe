import type { FastifyInstance, FastifySchema } from 'fastify'

/** An answer is cut to what its schema declares; one without a schema would be sent whole, so it is not sent (500). */
export function registerAnswers(app: FastifyInstance): void {
  app.addHook('preSerialization', (request, reply, payload, done) => {
    const { schema } = request.routeOptions
    if (reply.statusCode < 400 && schema?.['x-authz'] && !declares(schema, reply.statusCode))
      throw new Error(`operation ${schema.operationId} declares no answer for ${reply.statusCode}`)
    done(null, payload)
  })
}

function declares({ response }: FastifySchema, status: number): boolean {
  const declared = (response ?? {}) as Record<string, unknown>
  return (declared[String(status)] ?? declared[`${Math.floor(status / 100)}xx`] ?? declared.default) !== undefined
}
