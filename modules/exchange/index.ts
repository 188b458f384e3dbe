/** Routes plugin, to be registered under `/api/v1`. */
export { exchangeRoutes } from './server/channel.routes.ts'
export type { BatchReceipt, Channel, ClaimedLane } from './server/channel.schema.ts'
export { channelNames } from './server/channel.store.ts'
export type { ChannelTable, ExchangeTables, SubscriptionTable } from './server/channel.tables.ts'
export { channelMeasures } from './server/lane.store.ts'
export type { CopiesPort, ExchangePorts, FeedsPort, Grant, GrantsPort, ReceivingPort, StructuresPort, Wakeups } from './server/ports.ts'
export { channelsOf, channelsRelyOn, isBrought } from './server/reliance.ts'
export { exchangeJobs } from './server/watch.job.ts'
