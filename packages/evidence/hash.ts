import { sm3 as sm3Hex } from 'sm-crypto-v2'
import { concat, fromHex } from './bytes.ts'

/** A hash over its parts one after the other, 32 bytes: the port behind which SM3 stands, in JavaScript here, native on the server (`native.ts`). */
export type Hash = (...parts: readonly Uint8Array[]) => Uint8Array

/** SM3 (GB/T 32905-2016) that runs anywhere, the browser too. */
export const sm3: Hash = (...parts) => fromHex(sm3Hex(concat(parts)))

/** How a Merkle tree hashes (RFC 6962): what is a leaf can never be taken for a node, nor the other way round. */
export interface TreeHash {
  /** H(0x00 ‖ bytes). */
  leaf(bytes: Uint8Array): Uint8Array
  /** H(0x01 ‖ left ‖ right). */
  node(left: Uint8Array, right: Uint8Array): Uint8Array
  /** H() of nothing: the root of an empty tree. */
  empty(): Uint8Array
}

const leafPrefix = Uint8Array.of(0)
const nodePrefix = Uint8Array.of(1)

export function treeHash(hash: Hash): TreeHash {
  return {
    leaf: (bytes) => hash(leafPrefix, bytes),
    node: (left, right) => hash(nodePrefix, left, right),
    empty: () => hash(),
  }
}
