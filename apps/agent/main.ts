// SPDX-License-Identifier: Apache-2.0
import { runAgentCommand } from './command.ts'

// What a department's tarball starts: `tongchou agent run` there is what it is beside the platform, `tongchou-agent run` the same.
const args = process.argv.slice(2)
const [act = '', ...rest] = args[0] === 'agent' ? args.slice(1) : args

process.exitCode = await runAgentCommand(act, rest)
