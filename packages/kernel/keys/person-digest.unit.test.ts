import { createHmac, hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { keyRingOf, newKeys, withNewKey } from './key-ring.ts'
import { carriedOn, isKnownDigest, personDigest } from './person-digest.ts'

const number = '150302197001010002'
const stored = newKeys()
const keys = keyRingOf(stored)
const plain = hash('sm3', `person:${number}`, 'hex')

test('what stands for a number cannot be made without the key, and is the same each time with it', () => {
  const [id = '', key = ''] = Object.entries(stored.digest?.keys ?? {})[0] ?? []
  const digest = personDigest(keys, number)
  expect(digest).toBe(`${id}.${createHmac('sm3', Buffer.from(key, 'base64')).update(plain).digest('hex')}`)
  expect(digest).not.toContain(plain)
  expect(digest).not.toContain(number)
  expect(personDigest(keys, number)).toBe(digest)
  expect(personDigest(keyRingOf(newKeys()), number).split('.')[1]).not.toBe(digest.split('.')[1])
})

test('a plain digest of before, and one under a former key, are carried on to what the number gives today', () => {
  const rotated = keyRingOf(withNewKey(stored, 'digest'))
  const twice = keyRingOf(withNewKey(withNewKey(stored, 'digest'), 'digest'))
  expect(carriedOn(keys, plain)).toBe(personDigest(keys, number))
  for (const ring of [rotated, twice])
    for (const former of [plain, personDigest(keys, number)]) expect(carriedOn(ring, former)).toBe(personDigest(ring, number))
  expect(personDigest(rotated, number)).not.toBe(personDigest(keys, number))
  expect(carriedOn(keys, personDigest(keys, number))).toBe(personDigest(keys, number))
})

test('under a key that is lost nothing is carried on, and it is known for lost', () => {
  const lost = personDigest(keyRingOf(newKeys()), number)
  expect(carriedOn(keys, lost)).toBeUndefined()
  expect([isKnownDigest(keys, lost), isKnownDigest(keys, plain), isKnownDigest(keys, personDigest(keys, number))]).toEqual([
    false,
    true,
    true,
  ])
})

test('a file of before there was such a key digests nothing', () => {
  const { digest: _none, ...former } = newKeys()
  expect(() => personDigest(keyRingOf(former), number)).toThrow(/not open/)
})
