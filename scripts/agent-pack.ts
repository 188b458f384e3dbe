import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { packAgent } from './agent-pack/pack.ts'

// `npm run agent:pack [-- --into DIR]`: the agent as one file that a department installs without a network.
const { values } = parseArgs({ options: { into: { type: 'string', default: join(import.meta.dirname, '../tmp') } } })
const { file, sha256, megabytes } = await packAgent(values.into)
console.log(`${file}\n${megabytes} MB, SHA-256 ${sha256}`)
