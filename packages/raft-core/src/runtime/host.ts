/** What the parts of the runtime share: the loop that they are parts of, as they see it. */
import type { Input } from '../core/io.ts'
import type { RaftCore } from '../core/raft-core.ts'
import type { RaftError } from '../errors.ts'
import type { Clock, Lane, RaftEvent } from '../ports.ts'
import type { LogIndex, Message, NodeId } from '../types.ts'
import type { RaftConfig } from './raft-config.ts'

/** A core, or what stands in front of one to watch it. */
export type Core = Pick<
  RaftCore,
  'step' | 'hasOutput' | 'takeOutput' | 'wantsRead' | 'markAt' | 'status'
>

export interface Host {
  readonly id: NodeId
  readonly core: Core
  readonly clock: Clock
  readonly config: RaftConfig
  /** Neither failed nor closed. */
  readonly isRunning: boolean
  /** The last entry that the state machine has applied. */
  readonly appliedIndex: LogIndex
  /** Puts an input before the core, in the next turn. */
  enqueue(input: Input): void
  /** Sends a message that is not the core's, at the end of the turn. */
  post(message: Message, lane?: Lane): void
  /** These belong to the group, as far as a node that waits to be added can know. */
  heardOf(members: readonly NodeId[]): void
  /** Asks for a turn. */
  schedule(): void
  observe(event: RaftEvent): void
  /** Ends the node for good. */
  fail(error: RaftError): void
  /** Runs a caller's code, so that what it throws stops nobody. */
  call(callback: () => void): void
  /** Runs it when whoever asked has got its hands back. */
  later(callback: () => void): void
  /** A random name of 32 hexadecimal digits. */
  randomName(): string
}
