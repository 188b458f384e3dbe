import type { FastifyInstance } from 'fastify'
import type { Schema } from './sample.ts'

/** One operation of the published contract. */
export interface Operation {
  id: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  parameters: readonly { name: string; in: string; required?: boolean; schema: Schema }[]
  body: Schema | undefined
  multipart: boolean
  /** Schemas of the answers by status. */
  answers: Readonly<Record<string, Schema | undefined>>
}

/** The published contract, as far as requests and answers go. */
export interface Document {
  paths: Record<string, Record<string, Written>>
}
interface Written {
  operationId: string
  parameters?: Operation['parameters']
  requestBody?: { content: Record<string, { schema?: Schema }> }
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>
}

/** The operations that the running server publishes. Who may call them is not read: that is what is being tested. */
export async function operationsOf(app: FastifyInstance): Promise<Operation[]> {
  const answer = await app.inject('/openapi.json')
  if (answer.statusCode !== 200) throw new Error(`no contract: ${answer.body}`)
  return operationsIn(answer.json<Document>())
}

/** The operations of a contract that was read already. */
export function operationsIn(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, written]) => ({
      id: written.operationId,
      method: method.toUpperCase() as Operation['method'],
      path,
      parameters: written.parameters ?? [],
      body: Object.values(written.requestBody?.content ?? {})[0]?.schema,
      multipart:
        written.requestBody?.content?.['multipart/form-data'] !== undefined ||
        ['uploadAttachment', 'uploadCatalogImport'].includes(written.operationId),
      answers: Object.fromEntries(
        Object.entries(written.responses).map(([status, { content }]) => [status, Object.values(content ?? {})[0]?.schema]),
      ),
    })),
  )
}
