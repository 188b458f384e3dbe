import { type TestDatabase, testDatabase } from '@tongchou/testing'
import { afterAll, afterEach, beforeEach, expect } from 'vitest'
import { type AgentCity, agentCity, type Department, households } from './agent-city.ts'

/** The one table of the tests of a file: each test has a register of its own at the center and a department with an agent's folder. */
export interface HouseholdTests {
  database: TestDatabase
  center: AgentCity
  /** Of the test that runs. */
  readonly resource: string
  readonly department: Department
  readonly number: number
  /** Where its source stands, by name. */
  table(): string
  /** What is ended after the test, agents and others. */
  running: { stop(): Promise<unknown> }[]
  /** Starts an agent that is among them. */
  start(yaml: string): ReturnType<Department['start']>
  /** What the center has, as `key=head`, and that it comes to have this. */
  heads(): Promise<string[]>
  arrives(...expected: string[]): Promise<void>
}

export const soon = { timeout: 15_000, interval: 30 }
export const householdItems = { i1: 'id', i2: 'head', i3: 'changed_at' }

/** Call it at the top level of a test file. */
export async function householdTests(): Promise<HouseholdTests> {
  const database = await testDatabase()
  const center = await agentCity(database)
  afterAll(() => center.close())
  const now = { number: 0, resource: '', department: undefined as Department | undefined }
  const department = () => {
    if (!now.department) throw new Error('no test runs')
    return now.department
  }
  const running: { stop(): Promise<unknown> }[] = []
  beforeEach(async () => {
    now.resource = `households-${++now.number}`
    await center.install(households(now.resource))
    now.department = await center.department(now.resource)
  })
  afterEach(async () => {
    for (const agent of running.splice(0)) await agent.stop().catch(() => undefined)
  })
  const heads = async () => (await center.records(now.resource)).map(([key, head]) => `${key}=${head}`)
  return {
    database,
    center,
    get resource() {
      return now.resource
    },
    get department() {
      return department()
    },
    get number() {
      return now.number
    },
    running,
    table: () => `source_${now.number}.household`,
    start: (yaml) => {
      const agent = department().start(yaml)
      running.push(agent)
      return agent
    },
    heads,
    arrives: (...expected) => expect.poll(heads, soon).toEqual(expected),
  }
}
