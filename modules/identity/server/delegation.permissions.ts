import type { Actor } from '@tongchou/kernel'

/** The two people of a delegation. */
export interface DelegationParties {
  lenderId: string
  delegateId: string
}

/** Both sides read a delegation and both may end it; nobody else learns of it. */
export const readDelegation = {
  allows: (actor: Actor, { lenderId, delegateId }: DelegationParties): boolean =>
    actor.onBehalfOf === undefined && (actor.personId === lenderId || actor.personId === delegateId),
}
