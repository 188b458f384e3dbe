import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { gather } from './gather.ts'

const root = join(import.meta.dirname, '../..')
const agent = join(root, 'apps/agent')

/** The date that npm gives every file: the same sources make the same tarball. */
const DATE = '1985-10-26 08:15:00Z'

/**
 * Packs the agent (前置程序安装包): its own code as JavaScript, since Node.js strips no types below node_modules, the libraries that it loads, and the pinned
 * Node.js of the machine that it is packed on. Installs alone: `npm install --offline ./tongchou-agent-….tgz`.
 * @param level of compression; a test has no use for the last tenth
 */
export async function packAgent(into: string, level = 9): Promise<{ file: string; sha256: string; megabytes: number }> {
  const { version } = JSON.parse(readFileSync(join(agent, 'package.json'), 'utf8')) as { version: string }
  const staging = mkdtempSync(join(tmpdir(), 'tongchou-agent-pack-'))
  try {
    const made = join(staging, 'package')
    gather(root, '@tongchou/agent', 'main.ts', join(made, 'lib/node_modules'))
    mkdirSync(join(made, 'runtime'))
    const node = join(root, 'node_modules/node')
    copyFileSync(join(node, 'bin/node'), join(made, 'runtime/node'))
    copyFileSync(join(node, `node_modules/node-${process.platform}-${process.arch}/LICENSE`), join(made, 'runtime/LICENSE'))
    for (const name of ['tongchou-agent.js', 'README.md']) copyFileSync(join(agent, name), join(made, name))
    copyFileSync(join(root, 'LICENSE'), join(made, 'LICENSE'))
    writeFileSync(join(made, 'package.json'), `${JSON.stringify(manifest(version), null, 2)}\n`)
    mkdirSync(into, { recursive: true })
    const file = join(into, `tongchou-agent-${version}.tgz`)
    await compressed(staging, file, level)
    const sha256 = createHash('sha256')
    await pipeline(createReadStream(file), sha256)
    return { file, sha256: sha256.digest('hex'), megabytes: Math.ceil(statSync(file).size / 1e6) }
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

/** Without dependencies: they came along, and nothing is ever asked of a registry. On another platform npm refuses it. */
function manifest(version: string): object {
  return {
    ...{ name: 'tongchou-agent', version, license: 'Apache-2.0', description: '统筹前置程序', type: 'module' },
    bin: { 'tongchou-agent': 'tongchou-agent.js', tongchou: 'tongchou-agent.js' },
    ...{ engines: { node: '>=20' }, os: [process.platform], cpu: [process.arch] },
  }
}

async function compressed(folder: string, file: string, level: number): Promise<void> {
  const fixed = ['--sort=name', `--mtime=${DATE}`, '--owner=0', '--group=0', '--numeric-owner', '--mode=u+rwX,go+rX,go-w']
  const tar = spawn('tar', ['--create', ...fixed, '--directory', folder, 'package'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve, reject) => {
    tar.on('error', reject)
    tar.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`tar ended with ${code}`))))
  })
  await Promise.all([pipeline(tar.stdout, createGzip({ level }), createWriteStream(file)), ended])
}
