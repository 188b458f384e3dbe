import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const start = (JSON.parse(read('package.json')) as { scripts: { start: string } }).scripts.start.split(' ').slice(1)
const node = '/opt/tongchou/node_modules/node/bin/node'

test('the unit file and the image start what npm start starts, with the same options and the pinned Node.js', () => {
  const unit = /^ExecStart=(.+)$/m.exec(read('deploy/tongchou.service'))?.[1]?.split(' ')
  expect(unit).toEqual([node, ...start])
  const image = /^CMD (\[.+\])$/m.exec(read('deploy/Containerfile'))?.[1]
  expect(JSON.parse(image ?? '[]')).toEqual([node, ...start])
})

test('what is made or secret does not go into the image', () => {
  expect(read('.dockerignore').split('\n')).toEqual(expect.arrayContaining(['.git', 'node_modules', 'data', 'apps/*/dist']))
})
