import { type Answer, goodProposal, type SeatName, type SmallCity } from './small-city.ts'

/** A refusal as a client sees it. */
export interface Refusal {
  code: string
  detail: string
  fields?: { path: string; message: string }[]
  findings?: { rule: string; article: string; effect: string; cure: string }[]
}

export interface TaskView {
  id: string
  step: string
  outcomes: { id: string; kind: string }[]
}

export interface CaseAnswer {
  status: string
  tasks: TaskView[]
  history: { step: string; outcomeTitle: string; opinion: string | null; person: string }[]
  mayWithdraw: boolean
}

/** What people of the small city do at their desks, in words short enough for tests. */
export interface Desk {
  /** Decides the task of a case that offers this outcome; a task that is not theirs is tried all the same, by its id when it is given. */
  act<T = CaseAnswer & Refusal>(
    seat: SeatName,
    caseId: string,
    outcome: string,
    more?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>
  /** The same, expected to be taken. */
  decide(seat: SeatName, caseId: string, outcome: string, more?: Record<string, unknown>): Promise<CaseAnswer>
  view(seat: SeatName, caseId: string): Promise<CaseAnswer>
  paper(seat: SeatName, kind: string): Promise<{ kind: string; id: string }>
  draft(changes?: Record<string, unknown>, seat?: SeatName): Promise<{ id: string; version: number }>
  /** Files a draft into a year's plan. */
  file(projectId: string, seat?: SeatName, year?: number): Promise<{ caseId: string; entryId: string }>
  /** Begins a procedure on a project. */
  begin(seat: SeatName, projectId: string, path: string, more?: Record<string, unknown>): Promise<string>
}

const plain = { opinion: '同意。', form: {}, documents: [], choices: [], dates: {} }

export function deskOf(city: SmallCity): Desk {
  const act: Desk['act'] = async (seat, caseId, outcome, more = {}, headers = {}) => {
    const person = await city.as(seat)
    const seen = more.taskId === undefined ? await person.get<CaseAnswer>(`/api/v1/cases/${caseId}`) : undefined
    const task = seen?.body.tasks?.find((one) => one.outcomes.some((o) => o.id === outcome))
    return person.post(`/api/v1/cases/${caseId}/acts`, { ...plain, taskId: task?.id ?? 'none', outcome, ...more }, headers)
  }
  const paper: Desk['paper'] = async (seat, kind) => ({ kind, id: await (await city.as(seat)).upload(`${kind}.txt`, `${kind} 正文`) })
  return {
    act,
    decide: async (seat, caseId, outcome, more) => taken(await act<CaseAnswer>(seat, caseId, outcome, more), `${seat} ${outcome}`),
    view: async (seat, caseId) => taken(await (await city.as(seat)).get<CaseAnswer>(`/api/v1/cases/${caseId}`), `${seat} reads`),
    paper,
    draft: async (changes = {}, seat = 'clerk') =>
      taken(await (await city.as(seat)).post<{ id: string; version: number }>('/api/v1/projects', goodProposal(changes)), 'draft'),
    file: async (projectId, seat = 'clerk', year = 2027) => {
      const person = await city.as(seat)
      const filed = await person.post<{ caseId: string; entryId: string }>(`/api/v1/projects/${projectId}/plan-entries`, {
        year,
        opinion: '',
      })
      return taken(filed, 'file')
    },
    begin: async (seat, projectId, path, more = {}) => {
      const person = await city.as(seat)
      const body = { opinion: '', form: {}, documents: [], ...more }
      return taken(await person.post<{ caseId: string }>(`/api/v1/projects/${projectId}/${path}`, body), path).caseId
    },
  }
}

function taken<T>(answer: Answer<T>, what: string): T {
  if (answer.status >= 300) throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}
