import type { CasesPort, Ctx, NoticesPort, OrganisationsPort } from '@tongchou/kernel'
import type { Entry } from '@tongchou/metadata'

/** An entry of the catalog that is in force. */
export interface SharedEntry {
  id: string
  orgId: string
  content: Entry
}

/** How long the provider has (答复期限), as the procedure of the pack says it. */
export interface AnswerLimit {
  days: number
  /** Where the days are from; `isVerified` is false where that text is not held. */
  source: string
  isVerified: boolean
}

/** Everything this module needs from others; wired by the server. */
export interface SharingPorts {
  catalog: {
    /** The registered entry, whoever asks: what is registered is open to every civil servant. */
    registered(ctx: Ctx, id: string): Promise<SharedEntry | undefined>
  }
  organisations: OrganisationsPort
  cases: CasesPort
  notices: NoticesPort
  /** The interface in use that answers for a resource (接口转接), whoever asks; undefined where there is none. */
  passing(
    ctx: Ctx,
    resource: string,
  ): Promise<{ parameters: readonly { item: string; op: 'is' | 'from' | 'to'; required: boolean }[] } | undefined>
  /** Undefined where the pack of today has no limit for it. */
  answerLimit(): AnswerLimit | undefined
}
