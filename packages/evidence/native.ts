import { hash } from 'node:crypto'
import type { Hash } from './hash.ts'

/** SM3 by Node.js's own library: for the server, several times faster than in JavaScript and the same (tested). */
export const nativeSm3: Hash = (...parts) => hash('sm3', parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts), 'buffer')
