import { NotLeaderError, RaftError } from '../errors.ts'
import type { Random, StateMachine } from '../ports.ts'
import type { ReadConsistency, ReadOptions } from '../runtime/options.ts'
import { randomItem, randomStream } from '../testing/random.ts'
import { textHash } from './digest.ts'
import type { SimulatedNode } from './simulated-node.ts'
import type { Call, Workload } from './workload.ts'
import type { World } from './world.ts'

/** A call without an answer for so long, on a node that lives on, is a hang. */
const HANG_MS = 20_000
/** Before it asks again when nobody is known to lead; an election takes longer. */
const BACK_OFF_MS = 120
/** How long some clients ask the same node, come what may. */
const CALLS_AT_HOME = 40

interface Pending {
  readonly target: SimulatedNode
  readonly life: number
  readonly since: number
}

/** One caller: writes and reads, one at a time, following the leader where it is told of one. */
export class SimulatedClient<Result, Machine extends StateMachine<Result>> {
  readonly #number: number
  readonly #world: World
  readonly #nodes: readonly SimulatedNode[]
  readonly #workload: Workload<Result, Machine>
  readonly #nameOf: (command: Uint8Array) => number | undefined
  readonly #random: Random
  readonly #workRandom: Random
  readonly #label: number
  /** Calls that have no answer yet. */
  readonly #pending = new Set<Pending>()
  #calls = 0
  #leader: string | undefined
  #home: string | undefined
  #wasRefused = false
  #isStopped = false

  constructor(
    number: number,
    world: World,
    nodes: readonly SimulatedNode[],
    workload: Workload<Result, Machine>,
    nameOf: (command: Uint8Array) => number | undefined,
  ) {
    this.#number = number
    this.#world = world
    this.#nodes = nodes
    this.#workload = workload
    this.#nameOf = nameOf
    this.#random = randomStream(world.seed, `client ${number}`)
    this.#workRandom = randomStream(world.seed, `work ${number}`)
    this.#label = textHash(`client ${number}`)
  }

  /** Makes one call, and the next some time after its end. */
  run(): void {
    if (this.#isStopped) return
    const { profile, scheduler } = this.#world
    const target = this.#target()
    if (target?.node === undefined) {
      scheduler.after(20, this.#label, () => this.run())
      return
    }
    const next = (): void => {
      const isLost = this.#wasRefused && this.#leader === undefined
      const pause = this.#random() * (isLost ? BACK_OFF_MS : profile.thinkMs)
      this.#wasRefused = false
      scheduler.after(pause, this.#label, () => this.run())
    }
    const call = this.#complain(() =>
      this.#workload({ client: this.#number, calls: this.#calls, random: this.#workRandom }),
    )
    this.#calls++
    if (call?.type === 'propose') this.#propose(target, call, next)
    else if (call?.type === 'read') this.#read(target, call, next)
  }

  /** Makes no more calls. Those that wait are still answered. */
  stop(): void {
    this.#isStopped = true
  }

  /** Complains of calls that wait for too long. Called every now and then. */
  checkHangs(): void {
    const { scheduler, checker } = this.#world
    for (const pending of this.#pending) {
      const { target, life, since } = pending
      if (target.life !== life) this.#pending.delete(pending)
      else if (scheduler.now - since > HANG_MS + target.pausedMs) {
        checker.fail('liveness', `${target.id} never answered a call of client ${this.#number}`)
      }
    }
  }

  #target(): SimulatedNode | undefined {
    const up = this.#nodes.filter((node) => node.isReachable)
    // Some hold on to a node for a while, whatever becomes of it: the old leader must not fool them.
    if (this.#number % 3 === 0) {
      if (this.#calls % CALLS_AT_HOME === 0 || this.#home === undefined) {
        this.#home = this.#nodes.find(({ isLeader }) => isLeader)?.id
      }
      const home = up.find((node) => node.id === this.#home)
      if (home !== undefined) return home
    }
    const leader = up.find((node) => node.id === this.#leader)
    if (leader !== undefined && this.#random() < 0.9) return leader
    return up.length === 0 ? undefined : randomItem(this.#random, up)
  }

  #propose(
    target: SimulatedNode,
    { command, answered }: Extract<Call<Result, Machine>, { type: 'propose' }>,
    next: () => void,
  ): void {
    const { checker } = this.#world
    const name = this.#nameOf(command)
    const done = this.#patience(target, next)
    target.node?.proposeWith(command, (error, index, term, result) => {
      this.#wasRefused = error !== undefined
      done()
      if (error === undefined) {
        this.#leader = target.id
        checker.acknowledge(index, term, command)
        // The simulator's own machine answers a command with itself.
        if (
          name !== undefined &&
          result !== undefined &&
          this.#nameOf(result as Uint8Array) !== name
        ) {
          checker.fail('I8', `a client got the result of another command than its own at ${index}`)
        }
      } else this.#refused(error, name)
      this.#complain(() => answered?.({ error, index, result: result as Result | undefined }))
    })
  }

  #refused(error: RaftError, name: number | undefined): void {
    const { checker } = this.#world
    checker.mark(`refused: ${error.code}`)
    this.#leader = error instanceof NotLeaderError ? error.leader : undefined
    if (name === undefined) return
    if (error.code !== 'outcomeUnknown') checker.refuse(name)
    else if (checker.wasApplied(name)) checker.mark('unknown outcome was applied')
  }

  /** A read sees everything that was acknowledged, or seen by another read, before it began. */
  #read(
    target: SimulatedNode,
    { look, consistency: wanted }: Extract<Call<Result, Machine>, { type: 'read' }>,
    next: () => void,
  ): void {
    const { checker } = this.#world
    const consistency = wanted ?? this.#drawConsistency(look !== undefined)
    const options: ReadOptions = { consistency }
    const atLeast =
      typeof consistency === 'object'
        ? consistency.atLeast
        : consistency === 'stale'
          ? 0
          : checker.acknowledgedIndex
    const done = this.#patience(target, next)
    // What it sees, when it looks; with a lease, perhaps in vain.
    const see = (): number => target.machine?.appliedIndex ?? 0
    target.node?.lookWith(options, see, (error, index) => {
      this.#wasRefused = error !== undefined
      done()
      if (error !== undefined) {
        checker.mark(`read refused: ${codeOf(error)}`)
        this.#leader = error instanceof NotLeaderError ? error.leader : undefined
        return
      }
      checker.mark(markOf(consistency, target.isLeader))
      checker.saw(
        target.id,
        index,
        atLeast,
        consistency === 'linearizable' || consistency === 'lease',
      )
      const machine = target.machine?.inner as Machine | undefined
      if (machine !== undefined) this.#complain(() => look?.(machine, index))
    })
  }

  #drawConsistency(mustBeCurrent: boolean): ReadConsistency {
    const { profile, checker } = this.#world
    const drawn = this.#random()
    if (profile.features.includes('leaseReads') && drawn < 0.5) return 'lease'
    if (mustBeCurrent || drawn <= 0.85) return 'linearizable'
    return drawn > 0.95 ? 'stale' : { atLeast: checker.acknowledgedIndex }
  }

  /** Goes on after the answer, or without one. */
  #patience(target: SimulatedNode, next: () => void): () => void {
    const { scheduler, checker, profile, faults } = this.#world
    const pending: Pending = { target, life: target.life, since: scheduler.now }
    this.#pending.add(pending)
    let goesOn = false
    let isAnswered = false
    // When nothing goes wrong any more nobody piles up calls that all come to nothing.
    const patienceMs = faults.isOver ? HANG_MS : profile.patienceMs
    const patience = scheduler.after(patienceMs, this.#label, () => {
      // No answer: perhaps another node leads by now.
      this.#leader = undefined
      goesOn = true
      next()
    })
    return () => {
      if (isAnswered) checker.fail('assertion', `${target.id} answered a call twice`)
      isAnswered = true
      this.#pending.delete(pending)
      patience.cancel()
      if (!goesOn) next()
    }
  }

  #complain<T>(run: () => T): T | undefined {
    try {
      return run()
    } catch (error) {
      this.#world.checker.fail('check', error instanceof Error ? error.message : String(error))
      return undefined
    }
  }
}

function codeOf(error: Error): string {
  return error instanceof RaftError ? error.code : error.name
}

function markOf(consistency: ReadConsistency | undefined, isLeader: boolean): string {
  if (consistency === 'lease')
    return isLeader ? 'read by lease or majority' : 'lease read elsewhere'
  if (consistency === 'stale') return 'stale read'
  if (typeof consistency === 'object') return 'read at least at an index'
  return isLeader ? 'read at the leader' : 'read at a follower'
}
