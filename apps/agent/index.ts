// SPDX-License-Identifier: Apache-2.0
export { type AgentOptions, readStatus, runAgent } from './agent.ts'
export type { Center } from './center.ts'
export { type AgentTerminal, runAgentCommand } from './command.ts'
export { parseConfig } from './config.ts'
export { outboxSql } from './outbox.ts'
export type { Target } from './target.ts'
