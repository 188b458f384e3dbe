// SPDX-License-Identifier: Apache-2.0
export { type Appender, type NodeId, openAppender, peakEnds } from './appender.ts'
export { type Batch, openBatch } from './batch.ts'
export { fromBase64, fromHex, isSame, toBase64, toHex, utf8 } from './bytes.ts'
export { type Hash, sm3, type TreeHash, treeHash } from './hash.ts'
export { type Head, headText, headVerifier, isSignedHead, type SignedHead, signedHead, signHead } from './head.ts'
export { type Leaf, leafText } from './leaf.ts'
export { type MerkleLog, openLog } from './log.ts'
export {
  consistencyPath,
  inclusionPath,
  isConsistent,
  type NodeSource,
  nodesNeeded,
  rootFromPath,
  rootOf,
  type TreeHead,
} from './paths.ts'
export { type Proof, type Receipt, readReceipt, receiptFile, receiptFormat } from './receipt.ts'
export {
  isSm2PrivateKey,
  isSm2PublicKey,
  type Signer,
  sm2Fingerprint,
  sm2PublicKey,
  sm2Signer,
  sm2Verifier,
  type Verifier,
} from './sm2.ts'
export { type Held, type ReceiptReport, type Step, type StepName, verifyReceipt } from './verify.ts'
