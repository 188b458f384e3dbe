export { type ChainedRow, canonical, genesis, nextHash } from './audit-chain/canonical.ts'
export {
  type AuditPackage,
  BrokenPackage,
  packRows,
  signatureLine,
  signPackage,
  type VerifiedPackage,
  verifyPackage,
} from './audit-chain/package.ts'
export { removePacked } from './audit-chain/remove.ts'
export { type ChainHead, chainHeads, openSealer, type Sealer, sealEveryMs } from './audit-chain/seal.ts'
export { type ChainBreak, type ChainReport, countUnsealed, type VerifyOptions, verifyChain } from './audit-chain/verify.ts'
