import { type Algorithm, hash, verify } from '@node-rs/argon2'
import type { CommonSettings } from './security-settings.schema.ts'

/** Argon2id at OWASP's floor: 19 MiB, two passes. A sign-in costs about 30 ms of one core. */
const cost = { algorithm: 2 satisfies Algorithm, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

const maxLength = 128

/** How long a new password is and of how many kinds of characters (安全策略). */
export type PasswordRules = Pick<CommonSettings, 'passwordMinLength' | 'passwordMinClasses'>

/** PHC string of a password. NFKC first: the same characters typed with another input method are the same password. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), cost)
}

let decoy: Promise<string> | undefined

/** Without a hash (no such account) it works as long as with one, and says no. */
export async function verifyPassword(storedHash: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword('no account has this password')
  const right = await verify(storedHash ?? (await decoy), password.normalize('NFKC'))
  return right && storedHash !== undefined
}

/** What is wrong with a new password (口令规则), in Chinese; undefined when nothing is. */
export function passwordProblem(
  { passwordMinLength: minLength, passwordMinClasses: minClasses }: PasswordRules,
  password: string,
  username: string,
): string | undefined {
  const length = [...password].length
  if (length < minLength) return `新口令不得少于 ${minLength} 个字符`
  if (length > maxLength) return `新口令不得超过 ${maxLength} 个字符`
  if (classesOf(password) < minClasses) return `新口令须含大写字母、小写字母、数字、其他字符中的至少${'一两三四'[minClasses - 1]}类`
  if (password.normalize('NFKC').toLowerCase().includes(username.toLowerCase())) return '新口令不得包含用户名'
  return undefined
}

function classesOf(password: string): number {
  return [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((one) => one.test(password)).length
}
