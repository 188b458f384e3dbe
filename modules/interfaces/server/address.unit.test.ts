import { describe, expect, test } from 'vitest'
import { isPermitted, networkOf } from './address.ts'

const at = (ip: string, host = 'data.mzj.test', port = 443) => ({ host, port, ip })
const entry = (network: string, host: string | null = null, port: number | null = null) => ({ network, host, port })

describe('an address is permitted', () => {
  test('by nothing but the list', () => {
    expect(isPermitted([], at('10.1.2.3'), [])).toBe(false)
    expect(isPermitted([entry('10.1.0.0/16')], at('10.1.2.3'), [])).toBe(true)
    expect(isPermitted([entry('10.1.0.0/16')], at('10.2.2.3'), [])).toBe(false)
    expect(isPermitted([entry('10.1.2.3/32', null, 80)], at('10.1.2.3'), [])).toBe(false)
  })

  test('under its name, at its port, where it may resolve to', () => {
    const list = [entry('10.1.0.0/16', 'data.mzj.test', 443)]
    expect(isPermitted(list, at('10.1.2.3', 'DATA.mzj.test'), [])).toBe(true)
    expect(isPermitted(list, at('10.1.2.3', 'other.test'), [])).toBe(false)
    expect(isPermitted(list, at('10.1.2.3', 'data.mzj.test', 5432), [])).toBe(false)
    expect(isPermitted(list, at('10.9.2.3'), [])).toBe(false)
  })

  test.each([
    ...['127.0.0.1', '127.9.9.9', '0.0.0.0', '169.254.169.254', '100.100.100.200', '224.0.0.1', '255.255.255.255'],
    ...[
      '::1',
      '::',
      'fe80::1',
      'ff02::1',
      'fd00:ec2::254',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '::ffff:a9fe:a9fe',
    ],
  ])('%s not by any network, and by an entry of it alone', (ip) => {
    expect(isPermitted([entry('0.0.0.0/0'), entry('::/0')], at(ip), [])).toBe(false)
    const mapped = /^::ffff:/.test(ip)
    const narrow = mapped ? (ip.endsWith('a9fe:a9fe') ? '169.254.169.254/32' : '127.0.0.1/32') : `${ip}/${ip.includes(':') ? 128 : 32}`
    expect(isPermitted([entry(narrow)], at(ip), [])).toBe(true)
  })

  test('where the platform itself is only by an entry that names it', () => {
    expect(isPermitted([entry('10.1.0.0/16')], at('10.1.2.3'), ['10.1.2.3'])).toBe(false)
    expect(isPermitted([entry('10.1.2.3/32')], at('10.1.2.3'), ['10.1.2.3'])).toBe(true)
  })
})

test('a network is written with its first address', () => {
  expect(networkOf('10.20.0.0/16')).toEqual({ network: '10.20.0.0/16' })
  expect(networkOf('10.20.3.4')).toEqual({ network: '10.20.3.4/32' })
  expect(networkOf('2001:DB8::/32')).toEqual({ network: '2001:db8::/32' })
  for (const text of ['10.20.3.4/16', '10.20.0.0/33', '2001:db8::1/64', '10.20.0/16', 'mzj', ''])
    expect(networkOf(text), text).toEqual({ problem: expect.any(String) })
})
