/** At least one element. */
export type NonEmpty<T> = readonly [T, ...T[]]

/** What a rule says of an act (规则提示), as contract and screens show it. */
export interface Finding {
  rule: string
  effect: 'refuse' | 'refer' | 'require' | 'warn' | 'exempt' | 'undecidable'
  modality: 'must' | 'in-principle' | 'may' | 'encourage' | 'local'
  basis: 'text' | 'inference' | 'local'
  mode: 'enforce' | 'advise'
  article: string
  /** The article's own words; null where the text is not held (未持有原文). */
  text: string | null
  message: string
  cure: string
  facts: string[]
}

/** One field of a request that is wrong: where, and what would be right. */
export interface FieldProblem {
  path: string
  message: string
}

/** A failure the caller can cause and can act on. Anything else that is thrown is a bug: 500, logged, no detail sent. */
export abstract class DomainError extends Error {
  abstract readonly status: number
  readonly code: string
  readonly fields: readonly FieldProblem[]
  readonly findings: readonly Finding[] = []
  /** Seconds after which a retry makes sense. */
  readonly retryAfter: number | undefined = undefined

  /** @param code stable dotted id that clients may switch on; @param message Chinese, shown to the user as is */
  constructor(code: string, message: string, fields: readonly FieldProblem[] = []) {
    super(message)
    this.code = code
    this.fields = fields
  }
}

/** The request cannot be read: wrong type, unknown field, broken JSON. */
export class Malformed extends DomainError {
  readonly status = 400
}

/** No session, or it has ended. */
export class NotSignedIn extends DomainError {
  readonly status = 401
}

/** Who could do it: an office's person, as a refusal names them. */
export interface DutyHolder {
  name: string
  organisation: string
}

/** An act on what one may read but may not do. Names the duties that may, and where known who holds them. */
export class NotPermitted extends DomainError {
  readonly status = 403
  readonly duties: readonly string[]
  readonly holders: readonly DutyHolder[]
  constructor(
    code: string,
    message: string,
    fields: readonly FieldProblem[] = [],
    who: { duties?: readonly string[]; holders?: readonly DutyHolder[] } = {},
  ) {
    super(code, message, fields)
    this.duties = who.duties ?? []
    this.holders = who.holders ?? []
  }
}

/** It does not exist, or one may not know that it does. */
export class NotFound extends DomainError {
  readonly status = 404
}

/** The thing is not in the state that the act needs, or somebody else was first. */
export class InvalidState extends DomainError {
  readonly status = 409
}

/** Well-formed but not in the vocabulary: a check digit, a code, a date that does not exist. */
export class InvalidValue extends DomainError {
  readonly status = 422
}

/** Too often; `retryAfter` seconds from now it may be tried again. */
export class TooManyRequests extends DomainError {
  readonly status = 429
  override readonly retryAfter: number
  constructor(code: string, message: string, retryAfter: number) {
    super(code, message)
    this.retryAfter = retryAfter
  }
}

/** The policy pack in force forbids the act now. Cannot be built without findings, and a finding not without its article. */
export class PolicyRefusal extends DomainError {
  readonly status = 409
  override readonly findings: NonEmpty<Finding>
  constructor(code: string, findings: NonEmpty<Finding>) {
    super(code, findings[0].message)
    this.findings = findings
  }
}

/** The findings that stop an act in the product: those the city enforces (拦截), warnings and exemptions aside. */
export function blocking<F extends Pick<Finding, 'mode' | 'effect'>>(findings: readonly F[]): F[] {
  return findings.filter((finding) => finding.mode === 'enforce' && finding.effect !== 'warn' && finding.effect !== 'exempt')
}

/** Lets an act go on unless a finding stops it. */
export function requireUnblocked(findings: readonly Finding[]): void {
  const stopping = blocking(findings)
  if (isNonEmpty(stopping)) throw new PolicyRefusal('policy.refused', stopping)
}

/**
 * The applicant declared a state secret (WH23-21). Nothing of the request may be kept:
 * the audit row holds who, when and that, and no stored answer exists.
 */
export class StateSecretDeclared extends DomainError {
  readonly status = 409
  constructor() {
    super('secrecy.out_of_scope', '涉及国家秘密的项目不适用本办法，按照相关规定线下办理。本系统未保存任何内容。')
  }
}

/** Narrows a list to one that has at least one element. */
export function isNonEmpty<T>(list: readonly T[]): list is NonEmpty<T> {
  return list.length > 0
}
