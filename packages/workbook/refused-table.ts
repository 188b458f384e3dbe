import { DomainError } from '@tongchou/kernel/errors'
import { type Place, placeInWords, Refused, refusals } from './refusals.ts'

/** Seconds after which a place in the queue is likely to be free. */
const RETRY_AFTER = 5

/** A file that is not taken (文件退回): a stable code, the place, and a message that ends with the cure. A route lets it through. */
export class TableRefused extends DomainError {
  readonly status: number
  readonly place: Place
  readonly cure: string
  override readonly retryAfter: number | undefined

  constructor({ code, place, detail }: Pick<Refused, 'code' | 'place' | 'detail'>) {
    const { status, says, cure } = refusals[code]
    const where = placeInWords(place)
    const message = `${where === '' ? '' : `${where}：`}${says(detail)}。${cure}`
    super(code, message, where === '' ? [] : [{ path: where, message: says(detail) }])
    this.status = status
    this.place = place
    this.cure = cure
    this.retryAfter = status === 429 ? RETRY_AFTER : undefined
  }
}

/** Runs what may throw a bare refusal, and gives it the words that a person sees. */
export function inWords<T>(act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw error instanceof Refused ? new TableRefused(error) : error
  }
}
