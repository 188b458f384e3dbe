import { hash, randomBytes } from 'node:crypto'

/** A secret of 256 bits that is shown once, and the digest that is kept. A digest without salt is enough: nobody guesses 256 bits. */
export function newSecret(prefix = ''): { secret: string; digest: string } {
  const secret = prefix + randomBytes(32).toString('base64url')
  return { secret, digest: digestOf(secret) }
}

export function digestOf(secret: string): string {
  return hash('sha256', secret, 'hex')
}

// Without characters that are read as one another: it is dictated over the telephone.
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'

/** A first password: four groups of four, 79 bits, and always at least two kinds of characters because of the hyphens. */
export function newInitialPassword(): string {
  const characters = Array.from({ length: 16 }, () => alphabet[randomIndex()] ?? '')
  return [0, 4, 8, 12].map((from) => characters.slice(from, from + 4).join('')).join('-')
}

function randomIndex(): number {
  for (;;) {
    // 248 is the largest multiple of the alphabet's length in a byte: above it the first letters would come more often
    const [byte = 255] = randomBytes(1)
    if (byte < alphabet.length * Math.floor(256 / alphabet.length)) return byte % alphabet.length
  }
}
