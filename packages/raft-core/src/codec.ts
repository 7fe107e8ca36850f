/** The bytes of `quorail.raft.v1`: entries, hard state, genesis and batches of messages. */
export { decodeEntry, entryBytes, makeEntry } from './codec/entry.ts'
