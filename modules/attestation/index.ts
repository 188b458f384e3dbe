/** Routes plugin, to be registered under `/api/v1`. */
export { attestationRoutes } from './server/attestation.routes.ts'
export type { AttestationPorts } from './server/ports.ts'
