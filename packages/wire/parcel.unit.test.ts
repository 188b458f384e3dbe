import { sm2Signer } from '@tongchou/evidence'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressOf, askFormat, headersOf, type Parcel, parcelText, readHeaders, signParcel, verifyParcel } from './parcel.ts'

const signer = sm2Signer('3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8')
const other = sm2Signer('1945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8')
const parcel: Parcel = {
  channel: '0b9c2a4e-0000-4000-8000-000000000001',
  lane: 'main',
  epoch: 3,
  number: 17,
  batchId: 'a-17',
  digest: 'ab'.repeat(32),
}

test('what is signed is one text, which another program can make', () => {
  expect(parcelText(parcel)).toBe(
    `["tongchou-parcel-1","0b9c2a4e-0000-4000-8000-000000000001","main","3","17","a-17","${'ab'.repeat(32)}"]`,
  )
})

test('a parcel travels in an address and headers, and is the same when it arrives', async () => {
  const signed = await signParcel(signer, parcel)
  expect(readHeaders(headersOf(signed), parcel)).toEqual(signed)
  expect(addressOf(signed)).toBe('/channels/0b9c2a4e-0000-4000-8000-000000000001/lanes/main/batches/17')
  expect(verifyParcel(signed, signer.publicKey)).toBe(true)
})

test('somebody else’s signature, and a key that is named falsely, are no signature', async () => {
  const signed = await signParcel(other, parcel)
  expect(verifyParcel(signed, signer.publicKey)).toBe(false)
  const own = await signParcel(signer, parcel)
  expect(verifyParcel({ ...own, key: signed.key }, signer.publicKey)).toBe(false)
  expect(verifyParcel({ ...own, signature: signed.signature }, signer.publicKey)).toBe(false)
})

test('a key that is asked often still tells its own signatures from others', async () => {
  const [own, others] = [await signParcel(signer, parcel), await signParcel(other, parcel)]
  for (let i = 0; i < 20; i++) {
    expect(verifyParcel(own, signer.publicKey)).toBe(true)
    expect(verifyParcel({ ...own, number: own.number + 1 + i }, signer.publicKey)).toBe(false)
    expect(verifyParcel({ ...own, signature: others.signature }, signer.publicKey)).toBe(false)
    expect(verifyParcel(others, other.publicKey)).toBe(true)
  }
})

test('a question that is signed is no batch, and a batch no question', async () => {
  const asked = await signParcel(signer, parcel, askFormat)
  expect(verifyParcel(asked, signer.publicKey)).toBe(false)
  expect(verifyParcel(asked, signer.publicKey, askFormat)).toBe(true)
  expect(verifyParcel(await signParcel(signer, parcel), signer.publicKey, askFormat)).toBe(false)
})

test('every part counts: whatever is changed on the way, the signature no longer holds', async () => {
  const signed = await signParcel(signer, parcel)
  const changed: Partial<Parcel>[] = [
    { channel: '0b9c2a4e-0000-4000-8000-000000000002' },
    { lane: 'main-2' },
    { epoch: 4 },
    { number: 18 },
    { batchId: 'a-18' },
    { digest: 'ac'.repeat(32) },
  ]
  for (const change of changed) expect(verifyParcel({ ...signed, ...change }, signer.publicKey)).toBe(false)
})

test('no two parcels are signed alike', () => {
  const text = fc.string({ maxLength: 6 })
  const any = fc.record({ channel: text, lane: text, epoch: fc.nat(), number: fc.nat(), batchId: text, digest: text })
  const parts = ({ channel, lane, epoch, number, batchId, digest }: Parcel) => [channel, lane, epoch, number, batchId, digest]
  fc.assert(
    fc.property(any, any, (one, two) => {
      expect(parcelText(one) === parcelText(two)).toBe(JSON.stringify(parts(one)) === JSON.stringify(parts(two)))
    }),
  )
})

test.each([
  ['tongchou-epoch', '0'],
  ['tongchou-epoch', '1e3'],
  ['tongchou-batch', ''],
  ['tongchou-batch', 'a/../b'],
  ['tongchou-digest', 'AB'.repeat(32)],
  ['tongchou-key', ['ab', 'cd']],
  ['tongchou-signature', undefined],
])('a header %s that is %s is named', async (name, value) => {
  const headers: Record<string, unknown> = { ...headersOf(await signParcel(signer, parcel)), [name]: value }
  expect(readHeaders(headers, parcel)).toBe(name)
})
