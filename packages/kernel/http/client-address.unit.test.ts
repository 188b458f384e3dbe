import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressKey, clientAddress, isAddressRange } from './client-address.ts'

const proxies = ['10.0.0.0/24', '2001:db8::1']

test('without a named proxy, and from anybody who is none, what a header says of the address counts for nothing', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.ipV4(),
        fc.ipV6(),
        fc.string(),
        fc.array(fc.ipV4()).map((hops) => hops.join(', ')),
      ),
      (header) => {
        expect(clientAddress('198.51.100.7', header, [])).toBe('198.51.100.7')
        expect(clientAddress('198.51.100.7', header, proxies)).toBe('198.51.100.7')
      },
    ),
  )
})

test.each([
  ['the hop before the proxy', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['past every proxy that is named', '10.0.0.1', '203.0.113.9, 10.0.0.2', '203.0.113.9'],
  ['and no further: what the client wrote in front is its own', '10.0.0.1', '192.0.2.1, 203.0.113.9', '203.0.113.9'],
  ['also when it forges a proxy in front of itself', '10.0.0.1', '192.0.2.1, 10.0.0.9, 203.0.113.9', '203.0.113.9'],
  ['through an IPv6 socket', '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['of an IPv6 proxy', '2001:db8::1', '2001:db8:1::5', '2001:db8:1::5'],
  ['nothing of what is no address', '10.0.0.1', 'unknown', '10.0.0.1'],
  ['nothing of an empty header', '10.0.0.1', '', '10.0.0.1'],
])('behind a proxy that is named: %s', (_, socket, header, client) => {
  expect(clientAddress(socket, header, proxies)).toBe(client)
})

test('several headers are one list', () => {
  expect(clientAddress('10.0.0.1', ['192.0.2.1', '203.0.113.9, 10.0.0.2'], proxies)).toBe('203.0.113.9')
})

test('the network of 64 bits counts as one IPv6 address', () => {
  expect(addressKey('203.0.113.9')).toBe('203.0.113.9')
  expect(addressKey('2001:db8:0:1::5')).toBe('2001:db8:0:1::/64')
  expect(addressKey('2001:db8::1')).toBe(addressKey('2001:0db8:0000:0000:ffff:1:2:3'))
  expect(addressKey('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      expect(addressKey(address)).toMatch(/^([0-9a-f]{1,4}:){4}:\/64$/)
    }),
  )
})

test.each([
  ['10.1.2.3', true],
  ['10.1.0.0/16', true],
  ['2001:db8::/32', true],
  ['10.1.0.0/33', false],
  ['10.1.0', false],
  ['gateway.local', false],
  ['10.1.0.0/16/8', false],
  ['10.1.0.0/', false],
])('%s names a proxy: %s', (text, isOne) => {
  expect(isAddressRange(text)).toBe(isOne)
})
