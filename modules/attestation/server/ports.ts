import type { Ctx, DutyId, LeafKindPort, Sealer } from '@tongchou/kernel'

/** What attestation needs of the platform. */
export interface AttestationPorts {
  sealer: Sealer
  /** The public half of the key that signs heads now. */
  publicKey: string
  /** Who reads the whole log. */
  readers: readonly DutyId[]
  /** What is attested, by kind. */
  kinds: ReadonlyMap<string, LeafKindPort>
  /** Whether the actor may have the receipt of a row of the audit log. */
  mayHaveReceiptOfEvent(ctx: Ctx, seq: number): Promise<boolean>
}
