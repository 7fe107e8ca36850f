/**
 * The node over its ports, without sockets, files and threads: for a simulator, and for `serve`.
 */
export { type NodeHostOptions, openNodeHost, type RunningHost } from './node-host.ts'
export type { RowBatch, RowStore } from './row-store.ts'
export type {
  HostStatus,
  LeaderHint,
  MemberAddress,
  NodeHost,
  Submission,
  Submitted,
} from './types.ts'
