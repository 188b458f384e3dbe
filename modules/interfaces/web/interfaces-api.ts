import type { Tone } from '@tongchou/ui'
import type { AddressLine, Interface, InterfaceLine } from '../server/interface.schema.ts'

export type { AddressLine, Interface, InterfaceLine }

/** Register interfaces of their own unit. */
export const providers: readonly string[] = ['data-steward']
/** See interfaces: of their own unit, or all. */
export const readers: readonly string[] = ['data-steward', 'big-data-center', 'audit']
/** Keep the list of permitted addresses. */
export const doorKeepers: readonly string[] = ['security-admin']
/** See that list. */
export const doorReaders: readonly string[] = ['security-admin', 'big-data-center', 'audit']

export const standingTones: Readonly<Record<InterfaceLine['standing'], Tone>> = {
  submitted: 'now',
  'in-use': 'good',
  paused: 'bad',
  refused: 'bad',
  stopped: 'plain',
}
