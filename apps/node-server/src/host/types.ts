/** What the services, the outbox worker and the assistant see of a running node. */
import type { BookingState, Command, Reply, RequestKey, RowChange } from '@quorail/booking-fsm'
import type { HashCheckpoint } from './hash-verdict.ts'
import type { UnreadyReason } from './readiness.ts'
import type { Divergence } from './state-diverged-error.ts'

export interface Submission {
  /** Who asks: an account's id, or 0 for the cluster itself. */
  readonly actor: number
  readonly key: RequestKey | undefined
  readonly command: Command
}

export interface Submitted {
  readonly reply: Reply
  /** The log index at which it was applied. */
  readonly index: number
}

/** Either an error or what was submitted. */
export type SubmitDone = (error: unknown, submitted?: Submitted) => void

export interface MemberAddress {
  readonly id: string
  /** What clients are told, e.g. `http://localhost:3001`. */
  readonly clientUrl: string
  readonly peerUrl: string
}

export interface LeaderHint {
  readonly id: string
  readonly clientUrl: string
  readonly term: number
}

export interface HostStatus {
  readonly id: string
  readonly address: string
  readonly pid: number
  readonly role: 'follower' | 'preCandidate' | 'candidate' | 'leader'
  readonly term: number
  readonly leader: LeaderHint | undefined
  /** The log begins here: what is before it is in the database only. */
  readonly firstIndex: number
  readonly lastIndex: number
  readonly commitIndex: number
  readonly appliedIndex: number
  readonly durableIndex: number
  readonly hashIndex: number
  readonly stateHash: string
  readonly logSizeBytes: number
  readonly ready: boolean
  /** Why it is not; empty when it is. */
  readonly unready: readonly UnreadyReason[]
  readonly peers: readonly {
    readonly id: string
    readonly matchIndex: number
    readonly active: boolean
  }[]
  readonly startedAtMs: number
  readonly clusterId: string
  readonly members: readonly (MemberAddress & { readonly votes: boolean })[]
  /** The last change of the membership that counts here; 0: none yet. */
  readonly configIndex: number
  /** This machine's clock, which may differ from the log's time that a leader goes by. */
  readonly wallMs: number
  /** That clock minus the median of the members' clocks; undefined until a majority's are known. */
  readonly clockOffsetMs: number | undefined
  /** The rules that count in the cluster, and the latest ones that this node's version knows. */
  readonly featureLevel: number
  readonly supportedFeatureLevel: number
}

/** What a node says of itself to its peers, and what it knows of their lives. */
export interface PeerSelf {
  /** '': it waits to be added and does not know whose it is. */
  readonly clusterId: string
  /** undefined: it is of an earlier version, or its log is not open yet. */
  readonly incarnation: string | undefined
  /** The last change of the membership that it has applied. */
  readonly configIndex: number
  /** Lives of members that came back without what they had promised. */
  readonly apart: readonly { readonly id: string; readonly incarnation: string }[]
}

/** A running node: the only way to the log and the state. */
export interface NodeHost {
  readonly id: string
  /**
   * The state in memory at `appliedIndex`. Read it synchronously; never keep parts of it over an
   * await. What shows a person their own data or seats calls `settleRead()` first.
   */
  readonly state: BookingState
  /**
   * Puts one command into the log and gives the state machine's reply once it is applied here.
   * Rejects with raft-core's typed errors: NotLeaderError, RejectedError (certainly not applied),
   * OutcomeUnknownError, OverloadedError, StorageFailedError, ClosedError; or with StateDivergedError
   * (certainly not applied). Bounded in time (5 s).
   */
  submit(submission: Submission): Promise<Submitted>
  /** The same without a promise, for who submits many. `done` is never called before this returns. */
  submitWith(submission: Submission, done: SubmitDone): void
  /**
   * Resolves when `state` is as new as the moment of the call (ReadIndex). On the leader only:
   * rejects with NotLeaderError elsewhere, RejectedError without a quorum (within 5 s), and
   * StateDivergedError when a majority's state is another.
   */
  settleRead(): Promise<void>
  /**
   * Resolves when `state` is as new as that, on any node. Rejects with raft-core's errors when it is not soon (5 s).
   */
  readAs(read: ReadAs): Promise<void>
  /** Commands that were let in and are not answered yet. */
  readonly commandsUnderWay: number
  /** Leads, and an entry of its own term is applied; takes writes, and may act outside. */
  isServingLeader(): boolean
  /** The same, or would be but for a state of which nobody knows whether it is right: reads go on. */
  showsWhatIsTrue(): boolean
  /** How the state stands to the other nodes', unless it is a majority's or nothing is known. */
  divergence(): Divergence | undefined
  /** Hashes of the state at earlier indexes, by rising index. */
  hashCheckpoints(): readonly HashCheckpoint[]
  leader(): LeaderHint | undefined
  status(): HostStatus
  /** Wall-clock milliseconds of this node; also the source of the leader's stamps. */
  nowMs(): number
  /** Called after every applied batch and every change of role. Must not throw. */
  onChange(listener: () => void): () => void
  /** Called with the rows that each applied batch changed; undefined: the state is another one. Must not throw. */
  onRows(listener: RowListener): () => void
}

/** As new as now; or at least as new as an index, e.g. that of one's own last command. */
export type ReadAs = 'linearizable' | { readonly atLeast: number }

export type RowListener = (changes: readonly RowChange[] | undefined) => void
