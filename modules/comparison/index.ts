export { comparisonRoutes } from './server/comparison.routes.ts'
/** Subjects of the procedures `finding-check` and `data-correction`. */
export { findingSubject } from './server/finding.subject.ts'
export type { ComparisonPorts } from './server/ports.ts'
export { comparisonJobs } from './server/run.job.ts'
