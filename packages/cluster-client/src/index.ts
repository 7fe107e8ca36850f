/**
 * A Connect transport that finds the leader of a Quorail cluster and follows it, in browsers and in
 * Node, and what a page needs around it: request ids, errors in words, unknown outcomes settled.
 */
export type { Clock } from './clock.ts'
export type { ClusterState } from './cluster-state.ts'
export { type ClusterTransport, createClusterTransport } from './cluster-transport.ts'
export {
  type CommandStream,
  type CommandStreamOptions,
  openCommandStream,
  type StreamedCallOptions,
} from './command-stream/open-command-stream.ts'
export { describeError } from './describe-error.ts'
export type { DescribedError } from './described-error.ts'
export type { ClusterTransportOptions, Limits } from './options.ts'
export {
  type AtLeast,
  createSeenIndex,
  forwarded,
  type ReadConsistency,
  readAs,
  type SeenIndex,
  sourceIndex,
} from './read-consistency.ts'
export { type ReadStreamOptions, readStream } from './read-stream.ts'
export { newRequestId } from './request-id.ts'
export {
  type ResolveUnknownOptions,
  type ResolveUnknownState,
  resolveUnknown,
} from './resolve-unknown.ts'
export type { TicketFacts } from './tickets/ticket-text.ts'
export { type PublicTicketKey, type TicketCheck, verifyTicket } from './tickets/verify-ticket.ts'
export { foldSeatMap } from './watches/fold.ts'
export type { WatchListener, WatchUpdate } from './watches/update.ts'
export {
  createWatches,
  type SeatMapToWatch,
  type Watches,
  type WatchesLimits,
  type WatchesOptions,
  type WatchOptions,
} from './watches/watches.ts'
