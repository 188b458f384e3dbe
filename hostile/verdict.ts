import type { Input } from './draw.ts'
import type { Reply } from './send.ts'

const chinese = /[\u4e00-\u9fff]/
/** Refusals of the whole request, or of a header that the text names: there is no one field to name. */
const ofTheWhole =
  /^(request\.(not_json|empty|not_utf8|too_deep|too_large|media_type|malformed|bad_address|no_such_address|foreign_origin)|attachment\.|secrecy\.|idempotency\.bad_key)/

interface Problem {
  status: number
  code: string
  title: string
  detail: string
  fields?: { path: string; message: string }[]
}

/** What is wrong with an answer to a bad input; nothing where it is what a client can work with. */
export function faultsOf(input: Input, reply: Reply): string[] {
  const { status, contentType, text } = reply
  if (status >= 500) return [`answered ${status}: ${text.slice(0, 300)}`]
  // A HEAD has no body to say why.
  if (input.method === 'HEAD') return []
  if (status >= 400) return refusalFaults(status, contentType, text)
  return input.sent && status < 300 ? lostText(input.sent, text) : []
}

function refusalFaults(status: number, contentType: string, text: string): string[] {
  if (!/^application\/problem\+json\b/.test(contentType)) return [`${status} is no problem+json but ${contentType}: ${text.slice(0, 200)}`]
  const problem = JSON.parse(text) as Problem
  const faults: string[] = []
  if (problem.status !== status) faults.push(`says ${problem.status} in a ${status}`)
  if (!chinese.test(problem.title) || !chinese.test(problem.detail)) faults.push(`is not in Chinese: ${text.slice(0, 200)}`)
  const names = (problem.fields ?? []).length > 0 || ofTheWhole.test(problem.code)
  if (status === 400 && !names) faults.push(`does not name the place: ${text.slice(0, 300)}`)
  if (/node_modules|\.ts:\d|at \w+ \(|syntax error at|violates|relation "/.test(text))
    faults.push(`tells its inside: ${text.slice(0, 300)}`)
  return faults
}

/** Text that was taken must come back as it was sent; a name loses the blanks around it, and nothing else. */
function lostText(sent: Readonly<Record<string, unknown>>, text: string): string[] {
  const answered = parsed(text)
  if (!answered) return []
  return Object.entries(sent).flatMap(([name, value]) => {
    const back = answered[name]
    if (typeof value !== 'string' || typeof back !== 'string' || back === value || back === value.trim()) return []
    return [`${name} was ${JSON.stringify(value).slice(0, 100)} and came back as ${JSON.stringify(back).slice(0, 100)}`]
  })
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
