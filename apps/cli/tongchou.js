#!/usr/bin/env node
// Runs under whatever Node.js (≥ 20) the machine has, and goes on under the one that the project pins: that one runs TypeScript as it is.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const commands = join(dirname(fileURLToPath(import.meta.url)), 'commands.ts')

let node
try {
  node = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin/node')
} catch {
  // Not installed; told below.
}
if (node === undefined || !existsSync(node)) {
  console.error('没有找到固定版本的 Node.js。请在安装目录执行 npm ci。')
  process.exit(3)
}

// As the agent's own launcher has it (apps/agent/tongchou-agent.js).
const heap = process.argv[2] === 'agent' ? ['--max-old-space-size=160', '--max-semi-space-size=4'] : []

const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...heap, commands, ...process.argv.slice(2)], { stdio: 'inherit' })
// A terminal sends Ctrl-C to both; a service manager knows this process only.
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
process.on('SIGINT', () => undefined)
child.on('error', (error) => {
  console.error(`无法运行 ${node}：${error.message}`)
  process.exit(3)
})
child.on('exit', (code) => process.exit(code ?? 3))
