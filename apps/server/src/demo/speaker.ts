import { sessionCookie } from '@tongchou/identity'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { DEMO_PASSWORD } from './people.ts'

/** A person or a machine that speaks HTTP to the platform. An answer that is a refusal ends the play, unless it is asked for. */
export interface Speaker {
  get<T>(path: string): Promise<T>
  post<T>(path: string, body?: object, headers?: Record<string, string>): Promise<T>
  put<T>(path: string, body: Buffer | string, headers: Record<string, string>): Promise<T>
  /** The code of the refusal that the story asks for. */
  refused(path: string, body: Buffer | string, headers: Record<string, string>): Promise<string>
  /** The code of what a department's own interface did to a query: the city has no machine that would answer it. */
  unanswered(path: string, body: object): Promise<string>
}

/** What an answer's text is to whoever asked: lines stay text. */
type Answer = Awaited<ReturnType<FastifyInstance['inject']>>

const codeOf = (answer: Answer): string => answer.json<{ code: string }>().code

/** @param by how each request says who asks: a session's cookie, or a machine's token */
export function speakerOf(app: FastifyInstance, by: Pick<InjectOptions, 'cookies' | 'headers'>): Speaker {
  const ask = (method: 'GET' | 'POST' | 'PUT', path: string, payload?: InjectOptions['payload'], headers: Record<string, string> = {}) =>
    app.inject({
      ...by,
      method,
      url: `/api/v1${path}`,
      headers: { ...by.headers, ...headers },
      ...(payload === undefined ? {} : { payload }),
    })
  const taken = async <T>(asked: Promise<Answer>): Promise<T> => {
    const answer = await asked
    if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} ${answer.body}`)
    return (/[/+]json\b/.test(String(answer.headers['content-type'])) ? answer.json() : answer.body) as T
  }
  return {
    get: (path) => taken(ask('GET', path)),
    post: (path, body = {}, headers = {}) => taken(ask('POST', path, body, headers)),
    put: (path, body, headers) => taken(ask('PUT', path, body, headers)),
    refused: async (path, body, headers) => {
      const answer = await ask('PUT', path, body, headers)
      if (answer.statusCode < 400 || answer.statusCode >= 500) throw new Error(`${path} was expected to be refused: ${answer.statusCode}`)
      return codeOf(answer)
    },
    unanswered: async (path, body) => {
      const answer = await ask('POST', path, body)
      if (answer.statusCode !== 502) throw new Error(`${path} was expected to stay without an answer: ${answer.statusCode} ${answer.body}`)
      return codeOf(answer)
    },
  }
}

/** Signs in, acts, signs out. */
export async function whileSignedIn<T>(app: FastifyInstance, username: string, act: (speaker: Speaker) => Promise<T>): Promise<T> {
  const payload = { username, password: DEMO_PASSWORD }
  const begun = await app.inject({ method: 'POST', url: '/api/v1/sessions', payload })
  const cookie = begun.cookies.find(({ name }) => name === sessionCookie)
  if (!cookie) throw new Error(`${username} could not sign in: ${begun.body}`)
  const cookies = { [sessionCookie]: cookie.value }
  const done = await act(speakerOf(app, { cookies }))
  await app.inject({ method: 'DELETE', url: '/api/v1/sessions/current', cookies })
  return done
}
