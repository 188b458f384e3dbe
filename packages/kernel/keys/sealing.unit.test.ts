import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyRingOf, newKeys, withNewKey } from './key-ring.ts'
import { SealedSecretUnreadable, seal, sealedUnder, unseal } from './sealing.ts'

const stored = newKeys()
const keys = keyRingOf(stored)

test('what was sealed comes back at its place, reads like nothing, and is never sealed twice alike', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (secret, place) => {
      const sealed = seal(keys, secret, place)
      expect(unseal(keys, sealed, place)).toBe(secret)
      expect(seal(keys, secret, place)).not.toBe(sealed)
      expect(sealedUnder(sealed)).toBe(keys.sealing.current)
    }),
  )
  expect(seal(keys, 'JBSWY3DPEHPK3PXP', 'here')).not.toContain('JBSWY3DPEHPK3PXP')
})

test('a changed byte anywhere, another place and a shortened tag open nothing', () => {
  const sealed = seal(keys, 'JBSWY3DPEHPK3PXP', 'account/1')
  const refused = (text: string, place = 'account/1') => expect(() => unseal(keys, text, place), text).toThrow(SealedSecretUnreadable)
  refused(sealed, 'account/2')
  for (let at = 0; at < sealed.length; at++) {
    const other = sealed[at] === 'A' ? 'Q' : 'A'
    refused(sealed.slice(0, at) + other + sealed.slice(at + 1))
  }
  const [version, id, nonce, text = ''] = sealed.split('.')
  refused([version, id, nonce, Buffer.from(text, 'base64url').subarray(0, -8).toString('base64url')].join('.'))
  refused('JBSWY3DPEHPK3PXP')
})

test('after a rotation the former key still opens, and the new one seals; without it nothing opens', () => {
  const sealed = seal(keys, 'secret', 'here')
  const rotated = keyRingOf(withNewKey(stored, 'sealing'))
  expect(unseal(rotated, sealed, 'here')).toBe('secret')
  expect(sealedUnder(seal(rotated, 'secret', 'here'))).toBe(rotated.sealing.current)
  expect(rotated.signing.current).toBe(keys.signing.current)
  expect(() => unseal(keyRingOf(newKeys()), sealed, 'here')).toThrow(SealedSecretUnreadable)
})

test('a key under the id of another is refused', () => {
  const other = newKeys()
  const mixed = {
    ...stored,
    sealing: { current: stored.sealing.current, keys: { [stored.sealing.current]: other.sealing.keys[other.sealing.current] ?? '' } },
  }
  expect(() => keyRingOf(mixed)).toThrow(RangeError)
  expect(() => keyRingOf({ ...stored, signing: { ...stored.signing, current: 'gone' } })).toThrow(RangeError)
})
