import { type BeginInput, beginProcedure, type LifecyclePath, type Project } from '@tongchou/projects'
import type { DemoProject } from './portfolio.ts'
import { type DemoTarget, demoTargets } from './project-seed.ts'
import type { Draw } from './random.ts'
import type { Stage } from './stage.ts'

/** A project while its life is played: what the script says, and what the acts gave back. */
export interface Life {
  project: DemoProject
  /** Its number in the portfolio; varies what one project does from what the next one does. */
  number: number
  draw: Draw
  owner: string
  builder: string
  userUnit: string
  id: string
  planCase: string
  entryId: string
  /** The case of each procedure, the last one begun. */
  cases: Map<string, string>
  systems: { id: string; version: number; grade: number }[]
  problemId: string
  /** Its page as the last act on it gave it back. */
  page: Project | undefined
  /** How many times slower than usual it goes. */
  stretch: number
}

/** Whether the portfolio has the project at this state or beyond it. Rectification and held payment happen while it is being built. */
export function hasReached(project: DemoProject, target: DemoTarget): boolean {
  const at = ['under-rectification', 'payment-held'].includes(project.target) ? 'building' : project.target
  return demoTargets.indexOf(at) >= demoTargets.indexOf(target)
}

/** Begins a procedure on the project and keeps its case. */
export async function begin(
  stage: Stage,
  life: Life,
  username: string,
  path: LifecyclePath,
  input: Partial<BeginInput> = {},
): Promise<void> {
  const whole = { opinion: '', form: {}, documents: [], ...input }
  const { caseId } = await beginProcedure(stage.as(username), stage.city.projects, path, life.id, whole)
  life.cases.set(path, caseId)
}

/** The case of a procedure that was begun before. */
export function caseOf(life: Life, path: string): string {
  const caseId = life.cases.get(path)
  if (caseId === undefined) throw new Error(`${life.project.name} has no case ${path}`)
  return caseId
}
