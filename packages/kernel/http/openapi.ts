import type { SwaggerTransformObject } from '@fastify/swagger'

/** In the OpenAPI document every refusal has the media type it is sent with; the generator knows only one for all answers. */
export const namesProblemType: SwaggerTransformObject = (document) => {
  if (!('openapiObject' in document)) return document.swaggerObject
  const { openapiObject } = document
  for (const operation of Object.values(openapiObject.paths ?? {}).flatMap((methods) => Object.values(methods ?? {}))) {
    if (typeof operation !== 'object' || !('responses' in operation)) continue
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      if (Number(status) < 400 || !('content' in response) || !response.content?.['application/json']) continue
      response.content = { 'application/problem+json': response.content['application/json'] }
    }
  }
  return openapiObject
}
