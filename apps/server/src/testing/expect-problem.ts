import { expect } from 'vitest'

/** A refusal as clients read it (RFC 9457). */
export interface ProblemBody {
  type: string
  status: number
  code: string
  title: string
  detail: string
  fields?: { path: string; message: string }[]
  findings?: { article: string; effect: string; facts: string[] }[]
}

/** Anything that answered: an injected answer or one of `fetch`. */
interface Answered {
  status: number
  contentType: string | null | undefined
  text: string
}

const chinese = /[\u4e00-\u9fff]/

/** Holds an answer to the problem shape: media type, equal status, a stable code, and Chinese words. */
export function expectProblem(answer: Answered, status: number, code?: string): ProblemBody {
  expect(answer.status, answer.text).toBe(status)
  expect(answer.contentType).toMatch(/^application\/problem\+json\b/)
  const problem = JSON.parse(answer.text) as ProblemBody
  expect(problem.status).toBe(status)
  expect(problem.code).toMatch(/^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$/)
  expect(problem.title).toMatch(chinese)
  expect(problem.detail).toMatch(chinese)
  expect(problem.type).toContain(problem.code)
  if (code !== undefined) expect(problem.code, problem.detail).toBe(code)
  return problem
}
