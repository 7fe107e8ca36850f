import type { RaftError } from '../errors.ts'
import type { Random, StateMachine } from '../ports.ts'
import type { ReadConsistency } from '../runtime/options.ts'
import { randomInteger } from '../testing/random.ts'
import type { LogIndex } from '../types.ts'
import { getU32, putU32 } from '../wal/bytes.ts'

/** What a simulated client knows when it decides what to do. */
export interface ClientContext {
  /** From 1. */
  readonly client: number
  /** How many calls it made before. */
  readonly calls: number
  /** The client's own stream. Everything a workload draws must come from here. */
  readonly random: Random
}

/** How a call ended. Without an error, `result` of `index` was applied. */
export interface Answer<Result> {
  readonly error: RaftError | undefined
  readonly index: LogIndex
  readonly result: Result | undefined
}

/** What a client does next. */
export type Call<Result, Machine> =
  | {
      readonly type: 'propose'
      readonly command: Uint8Array
      /** Throw to complain: that is a violation `check`. */
      readonly answered?: ((answer: Answer<Result>) => void) | undefined
    }
  | {
      readonly type: 'read'
      /**
       * Default: with `look` one that sees everything acknowledged before the call (`linearizable`, or
       * `lease` where leases are in use); without it any kind is drawn.
       */
      readonly consistency?: ReadConsistency | undefined
      /** The machine of the node that was asked, right when the read is allowed. Throw to complain. */
      readonly look?: ((machine: Machine, index: LogIndex) => void) | undefined
    }

export type Workload<Result, Machine> = (client: ClientContext) => Call<Result, Machine>

/** The simulator's own commands: who sent it, which of theirs it is, and some bytes. */
export function defaultWorkload(
  readShare: number,
  valueBytes: number,
): Workload<unknown, StateMachine<unknown>> {
  return ({ client, calls, random }) => {
    // Every third client mostly reads.
    if (random() < (client % 3 === 0 ? 0.8 : readShare)) return { type: 'read' }
    const command = new Uint8Array(8 + randomInteger(random, 0, valueBytes))
    putU32(command, 0, client)
    putU32(command, 4, calls)
    return { type: 'propose', command }
  }
}

/** A number of its own for each command of the default workload. */
export function nameOfCommand(command: Uint8Array): number | undefined {
  return command.length < 8 ? undefined : getU32(command, 0) * 2 ** 32 + getU32(command, 4)
}
