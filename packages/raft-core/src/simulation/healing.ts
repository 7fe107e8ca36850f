import type { Checker } from './checker.ts'
import { isMember } from './membership-model.ts'
import type { Scheduler } from './scheduler.ts'
import type { SimulatedNode } from './simulated-node.ts'

/** With all faults gone, so much virtual time without any progress is a cluster that hangs. */
const PATIENCE_MS = 30_000
/** And so many events are one that runs in circles. */
const MAX_EVENTS = 400_000
const COMMANDS = 20

/** What the simulation does at its end. */
export interface Ending {
  /** Enough was acknowledged: no client makes another call. */
  stopClients(): void
  /** These are the members, and each has applied everything that was committed. */
  finish(members: readonly SimulatedNode[]): void
}

/** Liveness: with all faults gone, commands are acknowledged again and all members catch up. */
export class Healing {
  isOver = false
  readonly #scheduler: Scheduler
  readonly #checker: Checker
  readonly #nodes: readonly SimulatedNode[]
  readonly #ending: Ending
  readonly #goal: number
  readonly #lastEvent: number
  #deadline: number
  #progress = 0
  /** Everything that was committed, once nothing more is asked for. */
  #caughtUpTo = Number.POSITIVE_INFINITY

  constructor(
    scheduler: Scheduler,
    checker: Checker,
    nodes: readonly SimulatedNode[],
    ending: Ending,
  ) {
    this.#scheduler = scheduler
    this.#checker = checker
    this.#nodes = nodes
    this.#ending = ending
    this.#goal = checker.acknowledgements + COMMANDS
    this.#deadline = scheduler.now + PATIENCE_MS
    this.#lastEvent = scheduler.executed + MAX_EVENTS
  }

  /** Looks whether it is done, or will not be. */
  look(): void {
    const checker = this.#checker
    if (this.isOver || checker.violation !== undefined) return
    if (checker.acknowledgements >= this.#goal) {
      if (this.#caughtUpTo === Number.POSITIVE_INFINITY) this.#ending.stopClients()
      this.#caughtUpTo = checker.commitIndex
      if (this.#nodes.every((node) => this.#applied(node) >= this.#caughtUpTo)) {
        this.isOver = true
        const isIn = (node: SimulatedNode) => Number.isFinite(this.#applied(node))
        this.#ending.finish(this.#nodes.filter(isIn))
        return
      }
    }
    const { now, executed } = this.#scheduler
    const progress = this.#howFar()
    if (progress > this.#progress) this.#deadline = now + PATIENCE_MS
    this.#progress = Math.max(progress, this.#progress)
    if (now < this.#deadline && executed < this.#lastEvent) return
    const states = this.#nodes.map(({ id, state, machine }) => {
      return `${id} ${state} ${machine?.appliedIndex}`
    })
    const acknowledged = `${checker.acknowledgements} of ${this.#goal} acknowledged`
    checker.fail('liveness', `healed, but ${acknowledged}; ${states.join(', ')}`)
  }

  /** Grows as long as the slowest gets on. */
  #howFar(): number {
    const slow = this.#nodes.filter((node) => Number.isFinite(this.#applied(node)))
    const applied = slow.map((node) => Math.min(this.#applied(node), this.#caughtUpTo))
    // A new leader commits nothing before its followers have all that it began with, perhaps entry by
    // entry: the shortest log that grows is progress, too.
    const shortest = Math.min(...slow.map(({ history }) => history.durable.lastIndex))
    return applied.reduce((sum, index) => sum + index, Number.isFinite(shortest) ? shortest : 0)
  }

  /** Who does not belong, or has lost its log, need not catch up. */
  #applied(node: SimulatedNode): number {
    const isOut = node.state === 'lost' || node.isDamaged
    if (isOut || !isMember(this.#checker.group, node.id)) return Number.POSITIVE_INFINITY
    return node.machine?.appliedIndex ?? 0
  }
}
