import type { StateMachine } from '../ports.ts'
import type { LogIndex } from '../types.ts'
import type { Checker } from './checker.ts'
import type { Faults } from './faults.ts'
import type { SimulatedNetwork } from './network.ts'
import type { Profile } from './profile.ts'
import type { Scheduler } from './scheduler.ts'
import type { SimulatedNode } from './simulated-node.ts'

/** What a user's state machine is made with. */
export interface MachineContext {
  readonly node: string
  /** Lives of this node so far, from 1: a machine in memory begins empty in each. */
  readonly life: number
}

/** The state machine of a run, the simulator's own or a user's. */
export interface MachineKind {
  make(context: MachineContext): StateMachine<unknown>
  /** See `CheckedMachine`. */
  hash(machine: StateMachine<unknown>): string | number | undefined
  /** The node has lost everything it had. */
  wiped(node: string): void
  nameOf(data: Uint8Array): number | undefined
}

/** Something has just happened to a node: the moments that strikes are aimed at. */
export type Moment =
  | 'elected'
  | 'first append'
  | 'transferring'
  | 'vote persisted'
  | 'truncation'
  | 'install'
  | 'compaction'
  | 'config appended'
  | 'config applied'
  | 'segment rolled'
  | 'snapshot begun'
  | 'snapshot middle'
  | 'snapshot stored'
  | 'snapshot restored'

/** What everything in a run shares. */
export interface World {
  readonly seed: number
  readonly profile: Profile
  readonly scheduler: Scheduler
  readonly network: SimulatedNetwork
  readonly checker: Checker
  readonly faults: Faults
  readonly machines: MachineKind
  /** State hashes by index. */
  readonly hashes: Map<LogIndex, string | number>
  /** When a change of the membership was last asked for. */
  lastChangeAt: number
  /** How many nodes believe to lead. */
  leaders(): number
  /** A node stopped by itself. */
  failed(node: SimulatedNode): void
  moment(node: SimulatedNode, moment: Moment): void
  trace(text: string): void
}
