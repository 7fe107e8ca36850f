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
  Membership,
  NodeId,
  RestoredLog,
  SnapshotMark,
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
   * every later write fails too. With `base` the log begins anew behind its mark: entries up to
   * there are removed when it suits the store, never so that a crash leaves a hole.
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
   * A machine that keeps its state durably itself (a database): up to here it survives a power cut,
   * and the log may be compacted up to here. Without it the log is compacted behind snapshots only.
   */
  readonly durableIndex?: LogIndex | undefined
  /**
   * Applies committed entries (also `noop`s and `config`s, so that the applied index has no holes).
   * Must not throw: a command that is refused is a result. One result per entry.
   */
  apply(entries: readonly Entry[], done: Callback<readonly Result[]>): void
  /**
   * Captures the state as it is now, between two batches: cheaply, for the next batch is applied
   * while the capture is being read. Without it no snapshots are made.
   */
  capture?(done: Callback<StateCapture>): void
  /**
   * Takes the state of a snapshot in place of its own: all of it or, after an error or a crash,
   * none of it. `appliedIndex` is `mark.index` afterwards.
   */
  restore?(mark: SnapshotMark, bytes: SnapshotReader, done: Done): void
}

/** A state that stands still while it is written to a snapshot. */
export interface StateCapture {
  /** The next piece, of any size up to a few MiB; `undefined` at the end. One call at a time. */
  next(done: Callback<Uint8Array | undefined>): void
  /** Called once, at the end or before it. */
  release(): void
}

/** Random access to the bytes of a stored snapshot. */
export interface SnapshotReader {
  readonly sizeBytes: number
  /** Up to `length` bytes; fewer only at the end. */
  read(offset: number, length: number, done: Callback<Uint8Array>): void
}

/** What is known of a stored snapshot. */
export interface SnapshotInfo {
  /** 32 hexadecimal digits, made at random by whoever captured it; the same on every node that has it. */
  readonly id: string
  readonly mark: SnapshotMark
  readonly sizeBytes: number
  /** CRC32C of all bytes. */
  readonly checksum: number
}

/**
 * Where a node keeps snapshots: complete ones, and the beginning of one that is being fetched, so
 * that a fetch goes on where it was cut off, also after a crash. Nothing counts as complete before it
 * is durable under its name. One operation at a time for each snapshot.
 */
export interface SnapshotStore {
  /** Lists the complete ones, newest (highest mark) first. Removes what a crash left half made. */
  open(done: Callback<readonly SnapshotInfo[]>): void
  /** Begins one that is captured here: its size and checksum are not known yet. */
  create(id: string, mark: SnapshotMark, done: Callback<SnapshotWriter>): void
  /** Begins one that is fetched, or goes on with it: `writer.sizeBytes` bytes of it are there. */
  resume(info: SnapshotInfo, done: Callback<SnapshotWriter>): void
  /** Opens a complete one. Fails if it is not there. */
  read(id: string, done: Callback<StoredSnapshot>): void
  /** Removes a complete or a half made one, as soon as nobody reads it. */
  remove(id: string, done: Done): void
  close(done: Done): void
}

export interface StoredSnapshot extends SnapshotReader {
  readonly info: SnapshotInfo
  close(done: Done): void
}

export interface SnapshotWriter {
  /** Bytes written so far. */
  readonly sizeBytes: number
  /** Appends. Not durable before `finish`. */
  write(bytes: Uint8Array, done: Done): void
  /**
   * Makes it durable and complete. Fails, and removes it, if it is not of the size and checksum that
   * `resume` was told.
   */
  finish(done: Callback<SnapshotInfo>): void
  /** Stops. What was fetched is kept for `resume`, what was captured is removed. */
  abort(done: Done): void
}

/** Which stream a batch may wait in: pieces of snapshots must not hold up anything else. */
export type Lane = 'normal' | 'bulk'

/** Carries messages between nodes. May lose, repeat and reorder; must not corrupt or invent. */
export interface Transport {
  /**
   * Never blocks and never throws: what can not be sent is dropped. `bytes` is a whole batch. The
   * order between two lanes is not kept; a transport with one stream ignores `lane`.
   */
  send(to: NodeId, bytes: Uint8Array, lane?: Lane): void
  /**
   * Who belongs to the group now, without this node itself; called when the runtime starts and after
   * each change. A transport that finds its peers otherwise does without it.
   */
  setPeers?(peers: readonly NodeId[]): void
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
  /**
   * `write` and `sync` in one, where that is quicker than one after the other. The log uses it for what lies within the
   * file's size; a disk without it is asked for both.
   */
  writeDurably?(offset: number, bytes: Uint8Array, done: Done): void
  close(done: Done): void
}

// ---------------------------------------------------------------------------------------------
// Observation

/** What a runtime reports as it happens. Observers must not throw and must not block. */
export type RaftEvent =
  /** The membership in force on this node has changed, by an applied entry or by a snapshot. */
  | {
      readonly type: 'membershipChanged'
      readonly membership: Membership
      readonly configIndex: LogIndex
    }
  /** A snapshot of this node's state was stored. */
  | { readonly type: 'snapshotTaken'; readonly index: LogIndex; readonly sizeBytes: number }
  /** Making, storing, or fetching a snapshot failed; it is tried again. The node goes on. */
  | { readonly type: 'snapshotFailed'; readonly error: Error }
  /** A snapshot was fetched from `from` and took the place of the log and the state. */
  | { readonly type: 'snapshotInstalled'; readonly from: NodeId; readonly index: LogIndex }
  /** The log begins behind this index now. */
  | { readonly type: 'compacted'; readonly index: LogIndex }
  /** This node was removed from the group and gave up its leadership. */
  | { readonly type: 'removed'; readonly term: Term }
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

/** What a command, or a batch of them, has gone through, in order. */
export type Stage = 'queue' | 'append' | 'replicate' | 'commit' | 'apply'

/** Where figures go. Called on the hot path: count, do not format. */
export interface Metrics {
  /**
   * How long a batch of `count` entries spent in a stage: `queue` until the core took it, `append`
   * until it was durable here, `replicate` until a follower acknowledged it, `commit` from the core's
   * taking it until it was committed, `apply` from then until the state machine was done.
   */
  stage(stage: Stage, durationMs: number, count: number): void
  /** Something happened `by` times, e.g. `messagesSent`, `bytesSent`, `proposalsRefused`. */
  count(name: string, by: number): void
}

/** Takes lines of newline-delimited JSON, in the form of etcd's TLA+ trace specification. */
export type TraceSink = (line: string) => void
