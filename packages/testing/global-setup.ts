import type { EmbeddedPostgres } from '@tongchou/kernel'
import type { TestProject } from 'vitest/node'
import { startTestServer } from './test-server.ts'

let server: EmbeddedPostgres | undefined

/** Starts the run's one server before its first test file. */
export async function setup(project: TestProject): Promise<void> {
  server = await startTestServer()
  const { host, port, user } = server.connection
  project.provide('tongchouServer', { host, port, user })
}

/** Stops it and removes what it stored. */
export async function teardown(): Promise<void> {
  await server?.stop()
}
