/** The bytes of `quorail.raft.v1`: entries, hard state, genesis and batches of messages. */
export { decodeEntry, entryBytes, makeEntry } from './codec/entry.ts'
export { decodeMessageBatch, encodeMessageBatch, type MessageBatch } from './codec/message-batch.ts'
export {
  decodeGenesis,
  decodeHardState,
  encodeGenesis,
  encodeHardState,
} from './codec/records.ts'
