import { execFileSync } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { headText, headVerifier, isSignedHead, isSm2PrivateKey, signHead, sm2Fingerprint, sm2PublicKey, sm2Signer, utf8 } from './index.ts'
import { sm2Verifier } from './sm2.ts'

// GM/T 0003.5-2012, annex A: the private key, the message, the signer and the signature that were published.
const published = {
  privateKey: '3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8',
  publicKey:
    '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020' +
    'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
  message: utf8('message digest'),
  signature:
    'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3' + 'b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
}
const signer = sm2Signer(published.privateKey)
const order = 'fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123'

test('the published signature holds, and nothing beside it does', () => {
  const verify = sm2Verifier(published.publicKey)
  expect(sm2PublicKey(published.privateKey)).toBe(published.publicKey)
  expect(verify(published.message, published.signature)).toBe(true)
  expect(verify(utf8('message digesT'), published.signature)).toBe(false)
  expect(sm2Verifier(signerOf('1').publicKey)(published.message, published.signature)).toBe(false)
  const r = published.signature.slice(0, 64)
  for (const no of [
    '',
    published.signature.toUpperCase(),
    `${published.signature}00`,
    `${r}${'0'.repeat(64)}`,
    `${'0'.repeat(64)}${published.signature.slice(64)}`,
    `${r}${order}`,
    `${order}${published.signature.slice(64)}`,
    `${r}${'f'.repeat(64)}`,
  ])
    expect(verify(published.message, no), no).toBe(false)
})

test('what is signed holds by its key only, whatever it is; no two signatures of the same are alike', async () => {
  const verify = sm2Verifier(signer.publicKey)
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 0, max: 511 }), async (message, bit) => {
      const signature = await signer.sign(message)
      expect(verify(message, signature)).toBe(true)
      const digit = bit >> 2
      const turned = (Number.parseInt(signature[digit] ?? '0', 16) ^ (1 << (bit & 3))).toString(16)
      expect(verify(message, signature.slice(0, digit) + turned + signature.slice(digit + 1))).toBe(false)
      expect(verify(Uint8Array.of(...message, 0), signature)).toBe(false)
    }),
    { numRuns: 25 },
  )
  const twice = await Promise.all([signer.sign(published.message), signer.sign(published.message)])
  expect(twice[0]).not.toBe(twice[1])
})

test.each([
  ['', false],
  ['0'.repeat(64), false],
  ['0'.repeat(63).concat('1'), true],
  [published.privateKey.toUpperCase(), false],
  [order, false],
  [`${order.slice(0, -1)}2`, false],
  [`${order.slice(0, -1)}1`, true],
])('%j as a private key: %s', (text, is) => {
  expect(isSm2PrivateKey(text)).toBe(is)
  if (!is) expect(() => sm2Signer(text)).toThrow(RangeError)
})

test('a public key that is no point of the curve signs nothing', () => {
  const off = `${published.publicKey.slice(0, -1)}4`
  expect(sm2Verifier(off)(published.message, published.signature)).toBe(false)
  expect(sm2Verifier('04')(published.message, published.signature)).toBe(false)
})

test('the fingerprint is the one that other tools give of the same key', () => {
  const der = Buffer.concat([
    Buffer.from('3059301306072a8648ce3d020106082a811ccf5501822d034200', 'hex'),
    Buffer.from(published.publicKey, 'hex'),
  ])
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
  expect(key.export({ format: 'der', type: 'spki' })).toEqual(der)
  const told = execFileSync(process.execPath, [
    '-e',
    `process.stdout.write(require('node:crypto').createHash('sm3').update(Buffer.from('${der.toString('hex')}', 'hex')).digest('hex'))`,
  ])
  expect(sm2Fingerprint(published.publicKey)).toBe(told.toString())
})

test('a head is signed with its size, root and time, and none of them can be another', async () => {
  const head = await signHead(signer, { size: 12, root: 'ab'.repeat(32), at: '2026-03-02T01:00:00.000Z' })
  const holds = headVerifier()
  expect([isSignedHead(head), holds(head)]).toEqual([true, true])
  expect(headText(head)).toBe(`["tongchou-head-1","12","${'ab'.repeat(32)}","2026-03-02T01:00:00.000Z"]`)
  for (const other of [{ size: 13 }, { root: 'ac'.repeat(32) }, { at: '2026-03-02T01:00:00.001Z' }, { publicKey: signerOf('2').publicKey }])
    expect(holds({ ...head, ...other }), JSON.stringify(other)).toBe(false)
  for (const no of [
    { ...head, more: 1 },
    { ...head, size: '12' },
    { ...head, size: 0 },
    { ...head, root: 'AB'.repeat(32) },
    { ...head, at: '2026-03-02' },
    { ...head, signerId: '' },
    null,
    [],
  ])
    expect(isSignedHead(no), JSON.stringify(no)).toBe(false)
})

function signerOf(number: string) {
  return sm2Signer(number.padStart(64, '0'))
}
