/**
 * The ports of the runtime and the write-ahead log. They are callbacks, not promises, so that the
 * simulator drives exactly the code that runs in production, one event at a time. A callback may be
 * called before the method returns; it is called exactly once unless it says otherwise.
 */
import type {
  Entry,
  Genesis,
  Incarnation,
  LogIndex,
  LogWrite,
  NodeId,
  RestoredLog,
  Term,
} from './types.ts'

/** Node-style completion: an error, or a value. */
export type Callback<T> = (error: Error | undefined, value: T) => void
export type Done = (error: Error | undefined) => void

/** Where a node keeps its log. One ordered stream of writes; the first failure is fatal until reopened. */
export interface LogStore {
  /** Reads what is there, repairs a torn tail, refuses corruption with a `CorruptLogError`. */
  open(done: Callback<RestoredLog>): void
  /**
   * Makes one write durable. Several may be in flight; they become durable, and complete, in the
   * order they were given. The store may make several durable with one sync. After the first error
   * every later write fails too.
   */
  write(write: LogWrite, done: Done): void
  /**
   * Reads entries `from` to `to` (inclusive), fewer when they exceed `maxBytes` (but at least one).
   * Only indexes whose write has completed may be asked for.
   */
  readEntries(
    from: LogIndex,
    to: LogIndex,
    maxBytes: number,
    done: Callback<readonly Entry[]>,
  ): void
  stats(): LogStats
  close(done: Done): void
}

export interface LogStats {
  readonly firstIndex: LogIndex
  readonly lastIndex: LogIndex
  /** Bytes of all segments on disk. */
  readonly sizeBytes: number
  readonly segments: number
  readonly syncs: number
  readonly formatVersion: number
}

/** What a `LogStore` is created with when its folder is empty. */
export interface LogFounding {
  readonly genesis: Genesis | undefined
  readonly incarnation: Incarnation
}

/** The user's state machine. Entries come in order, each exactly once per life of the process. */
export interface StateMachine<Result> {
  /** Everything up to here is already in the state when the node opens. */
  readonly appliedIndex: LogIndex
  /**
   * Applies committed entries (also `noop`s, so that the applied index has no holes). Must not
   * throw: a command that is refused is a result. One result per entry.
   */
  apply(entries: readonly Entry[], done: Callback<readonly Result[]>): void
}

/** Carries messages between nodes. May lose, repeat and reorder; must not corrupt or invent. */
export interface Transport {
  /** Never blocks and never throws: what can not be sent is dropped. `bytes` is a whole batch. */
  send(to: NodeId, bytes: Uint8Array): void
  /** The runtime sets this once, before the first send. `bytes` must not be changed afterwards. */
  onReceive: ((from: NodeId, bytes: Uint8Array) => void) | undefined
  /** A peer's stream closed (not: a timeout). The runtime may campaign early if it was the leader's. */
  onPeerLost: ((peer: NodeId) => void) | undefined
}

/** Monotonic milliseconds and timers. Wall time is not Raft's business. */
export interface Clock {
  /** Monotonic, in milliseconds, may be fractional. */
  now(): number
  /** Calls back once, not before `delayMs` have passed. */
  setTimer(delayMs: number, callback: () => void): Timer
  /** Calls back once, as soon as the inputs that are waiting have been handed over. */
  defer(callback: () => void): void
}

export interface Timer {
  cancel(): void
}

/** Returns a number in [0, 1). Used for election jitter only. */
export type Random = () => number

// ---------------------------------------------------------------------------------------------
// The disk port of the write-ahead log

/**
 * A folder on a disk. Paths are plain file names inside the folder. Bytes that were written but not
 * synced may be lost, in part or whole, by a power cut; so may names that were created, renamed or
 * removed without `syncDirectory`.
 */
export interface Disk {
  list(done: Callback<readonly string[]>): void
  /** Opens for reading and writing. `create`: it must not exist before. */
  open(name: string, mode: 'existing' | 'create', done: Callback<DiskFile>): void
  rename(from: string, to: string, done: Done): void
  remove(name: string, done: Done): void
  syncDirectory(done: Done): void
  /** One process per folder: fails with a sentence naming the holder if another process has it. */
  lock(done: Done): void
  unlock(done: Done): void
}

export interface DiskFile {
  size(done: Callback<number>): void
  /** Reads up to `length` bytes; fewer at the end of the file. */
  read(offset: number, length: number, done: Callback<Uint8Array>): void
  /** Writes all bytes or fails. */
  write(offset: number, bytes: Uint8Array, done: Done): void
  truncate(sizeBytes: number, done: Done): void
  /** Data and size are durable when this completes (`fdatasync`). */
  sync(done: Done): void
  close(done: Done): void
}

// ---------------------------------------------------------------------------------------------
// Observation

/** What a runtime reports as it happens. Observers must not throw and must not block. */
export type RaftEvent =
  | { readonly type: 'roleChanged'; readonly role: string; readonly term: Term }
  | { readonly type: 'leaderChanged'; readonly leader: NodeId | undefined; readonly term: Term }
  /** This node leads and has applied the first entry of its term: what it reads is current. */
  | { readonly type: 'leaderReady'; readonly term: Term; readonly index: LogIndex }
  /** Leadership was given up because a majority was not heard from for an election timeout. */
  | { readonly type: 'quorumLost'; readonly term: Term }
  /** Leadership was given up because a log write has taken longer than an election timeout. */
  | { readonly type: 'storageStalled'; readonly term: Term }
  /**
   * A member came back with another incarnation although it had acknowledged entries or votes: it
   * lost its log. Its votes and acknowledgements no longer count and nothing is replicated to it.
   */
  | { readonly type: 'peerSetApart'; readonly peer: NodeId; readonly incarnation: Incarnation }
  /** A batch of messages was dropped: of another cluster, not decodable, or the inbox was full. */
  | {
      readonly type: 'batchDropped'
      readonly from: NodeId
      readonly reason: 'otherCluster' | 'malformed' | 'overloaded'
      readonly detail: string
    }
  /** The node stopped for good; open it again once the cause is removed. */
  | { readonly type: 'failed'; readonly error: Error }

export type Observer = (event: RaftEvent) => void
