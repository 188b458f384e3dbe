#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// 存证凭证独立校验程序. Verifies a receipt of Tongchou with this one file: no platform, no database, no network, no library. It shares no line
// with the platform: SM3 (GB/T 32905-2016), SM2 (GB/T 32918.2-2016) and the Merkle tree (RFC 6962 with SM3) are written here once more,
// so that two programs have to agree. Any Node.js from 16 on.
//
//   node verify-receipt.mjs 凭证.json [--fingerprint 公钥指纹] [--heads 签名头.jsonl]
//
// Exit code: 0 holds, 1 does not hold, 2 wrong usage. The code is short so that an auditor can read it before believing it.
import { readFileSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// ---- SM3
const rotate = (word, by) => ((word << (by & 31)) | (word >>> (32 - (by & 31)))) >>> 0
const p0 = (x) => x ^ rotate(x, 9) ^ rotate(x, 17)
const p1 = (x) => x ^ rotate(x, 15) ^ rotate(x, 23)

function sm3(bytes) {
  const padded = new Uint8Array((Math.floor((bytes.length + 8) / 64) + 1) * 64)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  new DataView(padded.buffer).setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n)
  let state = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e]
  for (let at = 0; at < padded.length; at += 64) state = compress(state, new DataView(padded.buffer, at, 64))
  const out = new DataView(new ArrayBuffer(32))
  for (const [i, word] of state.entries()) out.setUint32(4 * i, word)
  return new Uint8Array(out.buffer)
}

function compress(state, block) {
  const w = Array.from({ length: 16 }, (_, i) => block.getUint32(4 * i))
  for (let i = 16; i < 68; i++) w[i] = (p1(w[i - 16] ^ w[i - 9] ^ rotate(w[i - 3], 15)) ^ rotate(w[i - 13], 7) ^ w[i - 6]) >>> 0
  let [a, b, c, d, e, f, g, h] = state
  for (let i = 0; i < 64; i++) {
    const early = i < 16
    const ss1 = rotate((rotate(a, 12) + e + rotate(early ? 0x79cc4519 : 0x7a879d8a, i)) >>> 0, 7)
    const ss2 = ss1 ^ rotate(a, 12)
    const ff = early ? a ^ b ^ c : (a & b) | (a & c) | (b & c)
    const gg = early ? e ^ f ^ g : (e & f) | (~e & g)
    const tt1 = (ff + d + ss2 + (w[i] ^ w[i + 4])) >>> 0
    const tt2 = (gg + h + ss1 + w[i]) >>> 0
    ;[a, b, c, d, e, f, g, h] = [tt1, a, rotate(b, 9), c, p0(tt2) >>> 0, e, rotate(f, 19), g]
  }
  return [a, b, c, d, e, f, g, h].map((word, i) => (word ^ state[i]) >>> 0)
}

// ---- bytes
const utf8 = (text) => new TextEncoder().encode(text)
const hex = (bytes) => Buffer.from(bytes).toString('hex')
const join = (...parts) => new Uint8Array(Buffer.concat(parts))
const bytesOf = (text) => new Uint8Array(Buffer.from(text, 'hex'))
const number = (bytes) => BigInt(`0x${hex(bytes)}`)

// ---- SM2, on its recommended curve
const P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn
const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n
const A = P - 3n
const B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n
const G = [
  0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
]
const mod = (x, m) => ((x % m) + m) % m

function inverse(x, m) {
  let [a, b, u, v] = [mod(x, m), m, 1n, 0n]
  while (a > 1n) [a, b, u, v] = [b % a, a, v - (b / a) * u, u]
  return mod(u, m)
}

/** Points are [x, y]; null is the one at infinity. */
function add(one, other) {
  if (!one || !other) return one ?? other
  if (one[0] === other[0] && mod(one[1] + other[1], P) === 0n) return null
  const slope =
    one[0] === other[0] ? (3n * one[0] * one[0] + A) * inverse(2n * one[1], P) : (other[1] - one[1]) * inverse(other[0] - one[0], P)
  const x = mod(slope * slope - one[0] - other[0], P)
  return [x, mod(slope * (one[0] - x) - one[1], P)]
}

function multiply(point, times) {
  let sum = null
  for (const bit of times.toString(2)) sum = add(add(sum, sum), bit === '1' ? point : null)
  return sum
}

function isSignature(message, signature, publicKey, id) {
  const point = [number(bytesOf(publicKey.slice(2, 66))), number(bytesOf(publicKey.slice(66)))]
  const [x, y] = point
  if (x >= P || y >= P || mod(y * y - x * x * x - A * x - B, P) !== 0n) return false
  const [r, s] = [number(bytesOf(signature.slice(0, 64))), number(bytesOf(signature.slice(64)))]
  if (r < 1n || r >= N || s < 1n || s >= N) return false
  const curve = [A, B, ...G].map((value) => bytesOf(value.toString(16).padStart(64, '0')))
  const bits = utf8(id).length * 8
  const z = sm3(join(Uint8Array.of(bits >> 8, bits & 255), utf8(id), ...curve, bytesOf(publicKey.slice(2))))
  const e = number(sm3(join(z, message)))
  const t = mod(r + s, N)
  if (t === 0n) return false
  const sum = add(multiply(G, s), multiply(point, t))
  return sum !== null && mod(e + sum[0], N) === r
}

// ---- the tree
const leafHash = (bytes) => sm3(join(Uint8Array.of(0), bytes))
const nodeHash = (left, right) => sm3(join(Uint8Array.of(1), left, right))

/** From below: on which side the other half is, follows from index and size alone. */
function rootOf(leaf, { index, size, path }) {
  const sides = []
  for (let [at, begin, end] = [index, 0, size]; end - begin > 1; ) {
    let half = 1
    while (half * 2 < end - begin) half *= 2
    const isLeft = at < begin + half
    sides.unshift(isLeft ? 'right' : 'left')
    if (isLeft) end = begin + half
    else begin += half
  }
  if (sides.length !== path.length) fail('路径的长度与位置不符。')
  return path.reduce((root, text, i) => {
    const other = new Uint8Array(Buffer.from(text, 'base64url'))
    return sides[i] === 'right' ? nodeHash(root, other) : nodeHash(other, root)
  }, leaf)
}

// ---- the receipt
export class Broken extends Error {}
const fail = (sentence) => {
  throw new Broken(sentence)
}
const isHash = (text) => typeof text === 'string' && /^[0-9a-f]{64}$/.test(text)
const isProof = (proof) =>
  isObject(proof, 'index', 'size', 'path') &&
  [proof.index, proof.size].every(Number.isSafeInteger) &&
  proof.index >= 0 &&
  proof.index < proof.size &&
  Array.isArray(proof.path) &&
  proof.path.every((text) => typeof text === 'string' && /^[\w-]{42}[AEIMQUYcgkosw048]$/.test(text))

function isObject(value, ...members) {
  return typeof value === 'object' && value !== null && Object.keys(value).sort().join() === members.sort().join()
}

/** Takes each step and says it. @throws Broken with the sentence of the one that does not hold */
export function verify(text, { fingerprint, heads = [] } = {}, say = () => undefined) {
  let receipt
  try {
    receipt = JSON.parse(text)
  } catch {
    fail('文件不是 JSON。')
  }
  if (!isObject(receipt, 'format', 'entry', 'leaf', 'proof', 'head') || receipt.format !== 'tongchou-receipt-1')
    fail('文件不是存证凭证，或版本不能识别。')
  const { entry, leaf, proof, head } = receipt
  if (
    !isObject(leaf, 'kind', 'subject', 'digest', 'at') ||
    !Object.values(leaf).every((value) => typeof value === 'string') ||
    !isProof(proof)
  )
    fail('批次或其路径格式不符。')
  if (
    !isObject(head, 'format', 'size', 'root', 'at', 'algorithm', 'signerId', 'publicKey', 'signature') ||
    head.format !== 'tongchou-head-1'
  )
    fail('签名头格式不符。')
  const isSm2 = head.algorithm === 'SM2-SM3' && head.signerId === '1234567812345678'
  if (!isSm2 || !isHash(head.root) || !/^04[0-9a-f]{128}$/.test(head.publicKey) || !/^[0-9a-f]{128}$/.test(head.signature))
    fail('签名头格式不符。')
  if (proof.size !== head.size) fail('树内路径与签名头的大小不同。')
  if (entry !== null) {
    if (!isObject(entry, 'text', 'proof') || typeof entry.text !== 'string' || !isProof(entry.proof)) fail('记录或其批内路径格式不符。')
    const root = hex(rootOf(leafHash(utf8(entry.text)), entry.proof))
    const digest = hex(leafHash(utf8(JSON.stringify(['tongchou-batch-1', String(entry.proof.size), root]))))
    if (digest !== leaf.digest) fail('由记录内容算出的批次摘要与凭证所载不符：记录或其批内路径被改动过。')
    say('记录在批次中：相符')
  }
  const leafText = JSON.stringify(['tongchou-leaf-1', leaf.kind, leaf.subject, leaf.digest, leaf.at])
  if (hex(rootOf(leafHash(utf8(leafText)), proof)) !== head.root) fail('由批次算出的树根与签名头所载不符：批次或其路径被改动过。')
  say('批次在存证树中：相符')
  const signed = JSON.stringify(['tongchou-head-1', String(head.size), head.root, head.at])
  if (!isSignature(utf8(signed), head.signature, head.publicKey, head.signerId)) fail('签名不成立：签名头被改动过。')
  say(`树头的签名：成立，签署于 ${head.at}`)
  const print = hex(sm3(join(bytesOf('3059301306072a8648ce3d020106082a811ccf5501822d034200'), bytesOf(head.publicKey))))
  if (fingerprint !== undefined && fingerprint.toLowerCase() !== print) fail(`签名公钥与所给指纹不符：${print}。`)
  say(fingerprint === undefined ? `签名公钥指纹（SM3）：${print}，请与另处保存的比对` : '签名公钥：与所给指纹相符')
  const same = heads.find(({ size }) => size === head.size)
  if (same && same.root !== head.root) fail('与外部保存的同一大小的签名头不符：平台给出过两个不同的存证树。')
  if (heads.length > 0) say(same ? '外部签名头：相符' : '外部签名头：没有同一大小的，未能比对')
  if (entry !== null) say(`记录内容：${entry.text}`)
}

// ---- the command
function run([file, ...options]) {
  const option = (name) => (options.includes(name) ? options[options.indexOf(name) + 1] : undefined)
  const say = (line) => process.stdout.write(`${line}\n`)
  const isKnown = options.every((word, i) => i % 2 === 1 || ['--fingerprint', '--heads'].includes(word))
  if (file === undefined || file.startsWith('-') || !isKnown || options.length % 2 === 1) {
    process.stderr.write('用法：node verify-receipt.mjs 凭证.json [--fingerprint 公钥指纹] [--heads 签名头.jsonl]\n')
    return 2
  }
  try {
    const held = option('--heads')
    const lines = held === undefined ? [] : readFileSync(held, 'utf8').split('\n').filter(Boolean)
    verify(readFileSync(file, 'utf8'), { fingerprint: option('--fingerprint'), heads: lines.map((line) => JSON.parse(line)) }, say)
    say('凭证成立。')
    return 0
  } catch (error) {
    if (error instanceof Broken) {
      say(`凭证不成立。${error.message}`)
      return 1
    }
    process.stderr.write(`文件无法读取：${error.message}\n`)
    return 2
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) process.exitCode = run(process.argv.slice(2))
