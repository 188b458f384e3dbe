const patterns: readonly [name: string, pattern: RegExp][] = [
  ['private key', /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/],
  ['AWS key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['GitHub token', /\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{22,}\b/],
  ['npm token', /\bnpm_[A-Za-z0-9]{36}\b|_authToken\s*=\s*\S+/],
  ['Slack token', /\bxox[abprs]-[A-Za-z0-9-]{10,}/],
  ['Alibaba Cloud key', /\bLTAI[A-Za-z0-9]{12,24}\b/],
  ['Tencent Cloud key', /\bAKID[A-Za-z0-9]{13,40}\b/],
  ['API key', /\bsk-[A-Za-z0-9_-]{20,}\b|\bAIza[0-9A-Za-z_-]{35}\b/],
  ['signed token', /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/],
  ['password in an address', /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@'"`<>${}]+:[^\s:/@'"`<>${}]{3,}@[^\s'"`]+/],
]

/** Names of the kinds of secrets that a text holds, with the line of each. */
export function secretsIn(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, index) => patterns.filter(([, pattern]) => pattern.test(line)).map(([name]) => `line ${index + 1}: ${name}`))
}
