import type { ChannelState } from './server/channel.schema.ts'

/** A state in the words of the screens. */
export const stateWords: Readonly<Record<ChannelState, string>> = { 'in-use': '在用', suspended: '停用' }
