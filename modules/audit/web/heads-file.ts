import type { Head } from './audit-api.ts'

/** Heads of a file: one JSON object a line, or a list. A text says what is wrong. */
export function readHeads(text: string): Head[] | string {
  try {
    const trimmed = text.trim()
    const values: unknown = trimmed.startsWith('[') ? JSON.parse(trimmed) : trimmed.split('\n').map((line) => JSON.parse(line))
    if (Array.isArray(values) && values.length > 0 && values.every(isHead))
      return values.map(({ position, hash }) => ({ position, hash }) as Head)
  } catch {
    // Told below.
  }
  return '文件中没有链头，或格式不符。应为每行一个 {"position":…,"hash":"…"}。'
}

function isHead(value: unknown): value is Head {
  if (typeof value !== 'object' || value === null || !('position' in value) || !('hash' in value)) return false
  return Number.isSafeInteger(value.position) && typeof value.hash === 'string' && /^[0-9a-f]{64}$/i.test(value.hash)
}
