import { At, Line, Nullable, OneOf, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import { TypedPassword } from './account.schema.ts'

/** A code of six digits from the authenticator, or a recovery code (恢复码). */
export const TypedCode = Type.String({ minLength: 6, maxLength: 40 })

export const SecondStep = Strict({ code: TypedCode })
export const BeginFactor = Strict({ password: TypedPassword })
export const ConfirmFactor = Strict({ code: TypedCode })
export const RemoveFactor = Strict({ password: TypedPassword, code: TypedCode })
export type RemoveFactor = Static<typeof RemoveFactor>
export const ResetFactor = Strict({ reason: Line(200) })

/** The only answer that holds the secret: it goes into the authenticator, as a picture or typed. */
export const NewFactor = Type.Object({ secret: Type.String(), uri: Type.String() })
/** The only answer that holds the recovery codes. */
export const RecoveryCodes = Type.Object({ recoveryCodes: Type.Array(Type.String()) })

/** 动态口令 of the account, without what is secret. */
export const FactorState = Type.Object({
  kind: Nullable(OneOf(['totp'] as const)),
  since: Nullable(At),
  recoveryCodesLeft: Type.Integer(),
  required: Type.Boolean(),
})
export type FactorState = Static<typeof FactorState>

/** A right password that needs a second factor (202): which ones will do. */
export const SecondFactorAsked = Type.Object({ secondFactor: Type.Array(OneOf(['totp', 'recovery-code'] as const)) })

/** An account in the security administrator's list. */
export const EnrolledAccount = Type.Object({
  account: Type.Object({ id: Type.String(), username: Type.String() }),
  person: Type.Object({ id: Type.String(), name: Type.String() }),
  since: At,
})
