import type { preValidationAsyncHookHandler } from 'fastify'
import { Type } from 'typebox'
import { StateSecretDeclared } from '../errors.ts'

/** The secrecy question (是否涉密), the first field of every form that creates something: only 否 goes on (WH23-21). */
export const NotSecret = Type.Literal(false, { description: '是否涉及国家秘密：仅限填“否”' })

/**
 * `preValidation` of every operation whose body holds `secrecy`: a yes is turned away before the rest of the form is looked at,
 * so that neither a draft, nor a stored answer, nor a message about another field can come of it.
 */
export const secrecyFirst: preValidationAsyncHookHandler = async (request) => {
  const body: unknown = request.body
  if (typeof body === 'object' && body !== null && 'secrecy' in body && body.secrecy === true) throw new StateSecretDeclared()
}
