/** What is wrong with a text that a person typed: where, why, and what cures it. The texts are Chinese and never repeat the whole input. */
export interface InputProblem {
  /** Stable dotted id that clients may switch on. */
  code: string
  message: string
  cure: string
  /** The first offending character as a reader counts, from 1. */
  position?: number
}

/** A checked and normalised value, or the first problem found. */
export type Checked<T> = { ok: true; value: T } | { ok: false; problem: InputProblem }

export function valid<T>(value: T): Checked<T> {
  return { ok: true, value }
}

export function problem(code: string, message: string, cure: string, position?: number): { ok: false; problem: InputProblem } {
  return { ok: false, problem: position === undefined ? { code, message, cure } : { code, message, cure, position } }
}

/** One sentence for a form or a problem+json `detail`: what is wrong, then the cure. */
export function describeProblem({ message, cure }: InputProblem): string {
  return `${message}。${cure}。`
}

/** The value of a text that is right by construction (constants, generated data). A problem here is a bug, so it throws. */
export function mustBeValid<T>(checked: Checked<T>): T {
  if (!checked.ok) throw new TypeError(describeProblem(checked.problem))
  return checked.value
}
