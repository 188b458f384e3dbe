import { sessionCookie } from '@tongchou/identity'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { DEMO_PASSWORD } from '../demo/people.ts'
import { type SeatName, type SmallCity, seats } from './small-city.ts'

/** An answer with what every client looks at first. */
export interface ClientAnswer {
  status: number
  contentType: string | undefined
  text: string
  /** The whole answer, for headers and cookies. */
  answer: LightMyRequestResponse
}

/** A client of the small city that sees everything of an answer: as somebody, or as nobody. */
export interface Client {
  ask(options: InjectOptions, seat?: SeatName): Promise<ClientAnswer>
  cookieOf(seat: SeatName): Promise<string>
}

export function clientOf(city: SmallCity): Client {
  const cookies = new Map<SeatName, string>()
  const cookieOf = async (seat: SeatName): Promise<string> => {
    const known = cookies.get(seat)
    if (known) return known
    const payload = { username: seats[seat].username, password: DEMO_PASSWORD }
    const answer = await city.app.inject({ method: 'POST', url: '/api/v1/sessions', payload })
    const cookie = answer.cookies.find(({ name }) => name === sessionCookie)?.value
    if (!cookie) throw new Error(`${seat} could not sign in: ${answer.body}`)
    cookies.set(seat, cookie)
    return cookie
  }
  return {
    cookieOf,
    ask: async (options, seat) => {
      const answer = await city.app.inject({ ...options, ...(seat && { cookies: { [sessionCookie]: await cookieOf(seat) } }) })
      return { status: answer.statusCode, contentType: answer.headers['content-type'], text: answer.body, answer }
    },
  }
}
