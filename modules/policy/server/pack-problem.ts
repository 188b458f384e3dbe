/** What is wrong with a file of a pack: where, what, and what puts it right. */
export interface PackProblem {
  file: string
  /** Path inside the file, such as `[3].when` or `facts.project.kind.values`. */
  path: string
  message: string
  cure: string
}

/** Thrown while reading one thing; the loader collects these so that one run names every mistake. */
export class PackMistake extends Error {
  readonly problem: PackProblem
  constructor(problem: PackProblem) {
    super(describeProblem(problem))
    this.problem = problem
  }
}

/** A policy pack (制度包) or the vocabulary does not load. Holds every mistake that was found. */
export class PackLoadError extends Error {
  readonly problems: readonly PackProblem[]
  constructor(problems: readonly PackProblem[]) {
    super(problems.map(describeProblem).join('\n'))
    this.problems = problems
  }
}

/** One line for people: file, path, mistake, cure. */
export function describeProblem(problem: PackProblem): string {
  return `${problem.file} ${problem.path || '（全文）'}：${problem.message}。${problem.cure}。`
}

/** Runs `read` and puts its mistake into `problems` instead of stopping at the first. */
export function collecting<T>(problems: PackProblem[], read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof PackMistake) problems.push(error.problem)
    else if (error instanceof PackLoadError) problems.push(...error.problems)
    else throw error
    return undefined
  }
}
