import { signHead, sm2Signer } from '@tongchou/evidence'
import { expect, test } from 'vitest'
import { readSignedHeads } from './held-heads.ts'

const head = await signHead(sm2Signer('1'.padStart(64, '0')), { size: 3, root: 'ab'.repeat(32), at: '2026-03-02T01:00:00.000Z' })
const line = JSON.stringify(head)

test('signed heads are read one a line, as the platform’s file and the command write them, alone or as a list', () => {
  for (const text of [line, `${line}\n${line}\n`, `[${line}]`, `{"position":3,"hash":"${'ab'.repeat(32)}"}\n${line}`])
    expect(readSignedHeads(text)).toContainEqual(head)
})

test.each(['', '[]', '{}', 'x', `{"position":3,"hash":"${'ab'.repeat(32)}"}`, line.slice(0, -1), line.replace('"size":3', '"size":"3"')])(
  '%j holds none, and it is said',
  (text) => {
    expect(readSignedHeads(text)).toContain('没有签名头')
  },
)
