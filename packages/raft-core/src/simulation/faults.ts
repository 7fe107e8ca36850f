import type { Random } from '../ports.ts'
import { randomStream } from '../testing/random.ts'
import type { NodeId } from '../types.ts'

export type FaultKind =
  // A message: lost, twice, late.
  | 'lose'
  | 'repeat'
  | 'delay'
  // Links, for a while.
  | 'split'
  | 'isolate'
  | 'cutOneWay'
  | 'bridge'
  | 'clog'
  | 'closeStreams'
  // A process.
  | 'kill'
  | 'cutPower'
  | 'blackout'
  | 'restart'
  | 'pause'
  // A disk.
  | 'stall'
  | 'slowSyncs'
  | 'failWrite'
  | 'failSync'
  | 'failRead'
  | 'fillDisk'
  | 'rot'
  | 'staleRead'
  | 'wipe'
  // What an operator does.
  | 'transfer'
  | 'changeMembers'
  | 'snapshot'

/** What goes wrong. Which of the fields have a meaning depends on the kind. */
export interface Choice {
  readonly kind: FaultKind
  readonly node?: NodeId
  readonly to?: NodeId
  readonly group?: readonly NodeId[]
  /** How long it lasts, in virtual milliseconds. */
  readonly ms?: number
  /** How much later it happens than it was decided. */
  readonly afterMs?: number
  /** Whether the others see the streams close. */
  readonly noticed?: boolean
  /** Part of the operation that is done nevertheless; or which of several ways is meant. */
  readonly part?: number
  readonly way?: string
  /** Steps of a change of the membership, e.g. `addVoter n4`. */
  readonly changes?: readonly string[]
}

/** One decision of a run: the `nth` question asked of a stream was answered with this. */
export interface Fault extends Choice {
  readonly stream: string
  readonly nth: number
}

/**
 * Whatever goes wrong was decided here. Each place that may fail asks a stream of its own, so that
 * taking one fault out of a run leaves the others where they were. A script says what each stream
 * answers, and everything it does not name goes well: that is how a failing run is made smaller.
 */
export class Faults {
  readonly recorded: Fault[] = []
  readonly #seed: number
  readonly #script: Map<string, Map<number, Fault>> | undefined
  readonly #records: boolean
  isOver = false

  constructor(seed: number, script: readonly Fault[] | undefined, records: boolean) {
    this.#seed = seed
    this.#records = records
    if (script === undefined) return
    this.#script = new Map()
    for (const fault of script) {
      let stream = this.#script.get(fault.stream)
      if (stream === undefined) {
        stream = new Map()
        this.#script.set(fault.stream, stream)
      }
      stream.set(fault.nth, fault)
    }
  }

  stream(label: string): FaultStream {
    const random = randomStream(this.#seed, `fault ${label}`)
    const script = this.#script && (this.#script.get(label) ?? new Map())
    return new FaultStream(this, label, random, script)
  }

  /** @internal */
  note(fault: Fault): void {
    if (this.#records) this.recorded.push(fault)
  }
}

export class FaultStream {
  readonly #faults: Faults
  readonly #label: string
  readonly #random: Random
  readonly #script: ReadonlyMap<number, Fault> | undefined
  #nth = 0

  constructor(
    faults: Faults,
    label: string,
    random: Random,
    script: ReadonlyMap<number, Fault> | undefined,
  ) {
    this.#faults = faults
    this.#label = label
    this.#random = random
    this.#script = script
  }

  /** What goes wrong this time. `draw` answers in a run without a script; with one it is not asked. */
  next(draw: (random: Random) => Choice | undefined): Choice | undefined {
    const nth = this.#nth++
    if (this.#faults.isOver) return undefined
    if (this.#script !== undefined) {
      const fault = this.#script.get(nth)
      if (fault !== undefined) this.#faults.note(fault)
      return fault
    }
    const choice = draw(this.#random)
    if (choice !== undefined) this.#faults.note({ stream: this.#label, nth, ...choice })
    return choice
  }
}
