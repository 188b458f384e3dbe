import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gb18030Of } from './gb18030.given.ts'
import { encodingOfMark, Gb18030Evidence, Utf8Check } from './text-encoding.ts'

const sample =
  '身份证号,姓名,住址\n150302195001010011,王建国,乌海市海勃湾区新华街道凤凰岭社区三号楼\n150302196203120023,李秀英,乌海市乌达区巴音赛街道\n'

function isUtf8(bytes: Uint8Array, piece: number): boolean {
  const check = new Utf8Check()
  for (let at = 0; at < bytes.length; at += piece) if (!check.accepts(bytes.subarray(at, at + piece))) return false
  return check.ends()
}

function looksLikeGb18030(bytes: Uint8Array, piece = 7): boolean {
  const evidence = new Gb18030Evidence()
  for (let at = 0; at < bytes.length; at += piece) evidence.read(bytes.subarray(at, at + piece))
  return evidence.holds()
}

describe('UTF-8', () => {
  test('is what a strict decoder takes, wherever the pieces are cut', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 8 }).map((text) => Buffer.from(text)),
      fc
        .array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc2, 0xe4, 0xed, 0xa0, 0xf0, 0xf4, 0xff), { maxLength: 8 })
        .map((some) => Uint8Array.from(some)),
    )
    const check = fc.property(bytes, fc.integer({ min: 1, max: 5 }), (some, piece) => {
      expect(isUtf8(some, piece)).toBe(decodes(some))
    })
    fc.assert(check, { numRuns: 500 })
  })
})

describe('GB18030 without a mark', () => {
  test('is believed of Chinese text', () => {
    expect(looksLikeGb18030(gb18030Of(sample))).toBe(true)
    expect(looksLikeGb18030(gb18030Of('编号,姓名\n1,陆路遥\n'))).toBe(true)
  })

  test('is not believed of UTF-8 that was cut or damaged, though every decoder takes it', () => {
    const whole = Buffer.from(sample)
    for (const cut of [1, 2]) expect(looksLikeGb18030(whole.subarray(0, Buffer.byteLength('身份证号') - cut))).toBe(false)
    const damaged = Buffer.from(whole)
    damaged[4] = 0x41
    expect(looksLikeGb18030(damaged)).toBe(false)
    expect(looksLikeGb18030(Buffer.from([0x61, 0x2c, 0xe5, 0xbc]))).toBe(false)
  })

  test('is not believed where a byte stands that begins no character: the decoder makes a euro sign of 0x80', () => {
    const text = gb18030Of(sample)
    for (const stray of [0x80, 0xff]) expect(looksLikeGb18030(Buffer.concat([text, Buffer.from([stray])]))).toBe(false)
    // As a second byte it is in order.
    expect(looksLikeGb18030(Buffer.concat([text, Buffer.from([0x81, 0x80])]))).toBe(true)
    expect(looksLikeGb18030(Buffer.concat([text, Buffer.from([0x81, 0x30, 0x81, 0x30])]))).toBe(true)
  })
})

test('a byte order mark names its encoding; that of UTF-8 is no other', () => {
  expect(encodingOfMark(Buffer.from([0xff, 0xfe, 0x61, 0]))).toBe('utf-16le')
  expect(encodingOfMark(Buffer.from([0xfe, 0xff, 0, 0x61]))).toBe('utf-16be')
  expect(encodingOfMark(Buffer.from([0x84, 0x31, 0x95, 0x33]))).toBe('gb18030')
  expect(encodingOfMark(Buffer.from([0xef, 0xbb, 0xbf, 0x61]))).toBeUndefined()
  expect(encodingOfMark(Buffer.alloc(0))).toBeUndefined()
})

function decodes(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
