/** The bytes of `quorail.raft.v1`: entries, what a log keeps, and batches of messages. */
export { decodeEntry, entryBytes, makeEntry } from './codec/entry.ts'
export { decodeMembershipChange, encodeMembershipChange } from './codec/membership-change.ts'
export { decodeMessageBatch, encodeMessageBatch, type MessageBatch } from './codec/message-batch.ts'
export { isNodeName, MAX_NAME_BYTES } from './codec/names.ts'
export {
  decodeGenesis,
  decodeHardState,
  encodeGenesis,
  encodeHardState,
} from './codec/records.ts'
export { decodeSnapshotMark, encodeSnapshotMark } from './codec/snapshot-mark.ts'
