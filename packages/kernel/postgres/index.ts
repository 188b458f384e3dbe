export { type EmbeddedOptions, type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts'
export { requireSafeServer, startupProblemOf } from './server-checks.ts'
export { StartupProblem } from './startup-problem.ts'
