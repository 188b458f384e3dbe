import { isSignedHead, type SignedHead } from '@tongchou/evidence'

/** Signed heads of a file: one JSON object a line, or one, or a list; heads of the chain among them are left out. A text says what is wrong. */
export function readSignedHeads(text: string): SignedHead[] | string {
  try {
    const heads = valuesOf(text.trim()).filter(isSignedHead)
    if (heads.length > 0) return heads
  } catch {
    // Told below.
  }
  return '文件中没有签名头，或格式不符。应为每行一个签名头。'
}

function valuesOf(text: string): unknown[] {
  try {
    const whole: unknown = JSON.parse(text)
    return Array.isArray(whole) ? whole : [whole]
  } catch {
    return text.split('\n').map((line): unknown => JSON.parse(line))
  }
}
