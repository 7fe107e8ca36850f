/** What a transport tells as it happens, and what it has counted. */
import type { Lane } from '../ports.ts'
import type { Incarnation, NodeId } from '../types.ts'
import type { RefusalReason } from './handshake.ts'

/** `outgoing` connections carry this node's batches, `incoming` ones the peer's. */
export type Direction = 'outgoing' | 'incoming'

export type TcpEvent =
  | {
      readonly type: 'connected'
      readonly peer: NodeId
      readonly direction: Direction
      readonly lane: Lane
      readonly incarnation: Incarnation | undefined
    }
  | {
      readonly type: 'disconnected'
      readonly peer: NodeId
      readonly direction: Direction
      readonly lane: Lane
      readonly detail: string
    }
  /** A peer can not be reached; told once until it has been. */
  | { readonly type: 'unreachable'; readonly peer: NodeId; readonly detail: string }
  /**
   * A handshake failed: this node refused the other (`by: 'us'`), or was refused by it. `peer` is who
   * it was meant for, or who it said it is; undefined when it did not come to that.
   */
  | {
      readonly type: 'refused'
      readonly by: 'us' | 'peer'
      readonly peer: NodeId | undefined
      readonly reason: RefusalReason
      readonly detail: string
    }
  /** The listening socket reported a failure (e.g. no file descriptors left); it listens on. */
  | { readonly type: 'listenFailed'; readonly detail: string }

/** Why a batch was not sent. */
export type DropReason = 'notConnected' | 'waitingFull' | 'tooLarge'

export interface TcpPeerStats {
  /** False: a guest. It is of the cluster and has connected to this node, but is no peer (yet). */
  readonly isPeer: boolean
  /** Its incarnation, if it told any. */
  readonly incarnation: Incarnation | undefined
  /** This node's connection to it stands. */
  readonly sending: boolean
  /** Its connection to this node stands. */
  readonly receiving: boolean
  /** The same for pieces of snapshots, which have connections of their own while there are any. */
  readonly bulk: {
    readonly sending: boolean
    readonly receiving: boolean
    readonly sentBatches: number
    readonly connections: number
    readonly waitingBytes: number
  }
  readonly sentBatches: number
  readonly sentBytes: number
  readonly receivedBatches: number
  readonly receivedBytes: number
  readonly droppedBatches: number
  readonly droppedBytes: number
  readonly dropped: Readonly<Record<DropReason, number>>
  /** Connections to it that have stood, this one included, without those for bulk. */
  readonly connections: number
  /** Bytes that wait to be sent to it, without those of bulk. */
  readonly waitingBytes: number
}

export interface LaneCounts {
  sentBatches: number
  connections: number
}

export class PeerCounts {
  incarnation: Incarnation | undefined = undefined
  sentBatches = 0
  sentBytes = 0
  receivedBatches = 0
  receivedBytes = 0
  droppedBatches = 0
  droppedBytes = 0
  readonly dropped = { notConnected: 0, waitingFull: 0, tooLarge: 0 }
  readonly lanes: Readonly<Record<Lane, LaneCounts>> = {
    normal: { sentBatches: 0, connections: 0 },
    bulk: { sentBatches: 0, connections: 0 },
  }

  drop(reason: DropReason, bytes: number): void {
    this.droppedBatches += 1
    this.droppedBytes += bytes
    this.dropped[reason] += 1
  }
}
