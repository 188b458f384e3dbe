#!/usr/bin/env node
// Runs under whatever Node.js (≥ 20) the machine has, and goes on under the one that came along in the same tarball.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const node = join(here, 'runtime/node')
const main = join(here, 'lib/node_modules/@tongchou/agent/main.js')

// What it reads passes through in pages: without a limit the heap only grows to three times as much before it is cleared (measured).
const heap = ['--max-old-space-size=160', '--max-semi-space-size=4']

const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...heap, main, ...process.argv.slice(2)], { stdio: 'inherit' })
// A terminal sends Ctrl-C to both; a service manager knows this process only.
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
process.on('SIGINT', () => undefined)
child.on('error', (error) => {
  console.error(`无法运行 ${node}：${error.message}。请核对安装包是否适用于本机（操作系统和处理器），并重新安装。`)
  process.exit(3)
})
child.on('exit', (code) => process.exit(code ?? 3))
