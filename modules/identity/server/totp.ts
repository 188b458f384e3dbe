import { generateSecret, generateURI, verifySync } from 'otplib'

/** Codes are of six digits, a new one every half minute, as every authenticator makes them (RFC 6238). */
const periodSeconds = 30

/** A new shared secret, and the address that an authenticator reads from a picture. */
export function newTotp(username: string): { secret: string; uri: string } {
  const secret = generateSecret()
  return { secret, uri: totpUri(secret, username) }
}

export function totpUri(secret: string, username: string): string {
  return generateURI({ issuer: '统筹', label: username, secret, period: periodSeconds })
}

/**
 * The time step of a right code; undefined for a wrong one and for one of a step that was taken already. The step before and the step
 * after are accepted: watches differ.
 */
export function stepOfCode(secret: string, code: string, now: Date, lastStep: number | null): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined
  const answer = verifySync({
    secret,
    token: code,
    epoch: Math.floor(now.getTime() / 1000),
    period: periodSeconds,
    epochTolerance: periodSeconds,
  })
  if (!answer.valid || !('timeStep' in answer)) return undefined
  return lastStep !== null && answer.timeStep <= lastStep ? undefined : answer.timeStep
}
