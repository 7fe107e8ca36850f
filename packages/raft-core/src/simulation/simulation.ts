import { decodeMembershipChange } from '../codec/membership-change.ts'
import type { StateMachine } from '../ports.ts'
import type { NodeStatus } from '../runtime/options.ts'
import { ChainMachine, type ChainStore } from './chain-machine.ts'
import { Checker, type Violation } from './checker.ts'
import { SimulatedClient } from './client.ts'
import { textHash } from './digest.ts'
import { type Fault, Faults } from './faults.ts'
import type { Feature } from './features.ts'
import { Healing } from './healing.ts'
import { Nemesis } from './nemesis.ts'
import { SimulatedNetwork } from './network.ts'
import { Operator } from './operator.ts'
import { drawProfile, type Profile, type ProfileName } from './profile.ts'
import { checkPromises } from './promises.ts'
import { Scheduler } from './scheduler.ts'
import { SimulatedNode } from './simulated-node.ts'
import { defaultWorkload, nameOfCommand, type Workload } from './workload.ts'
import type { MachineContext, MachineKind, World } from './world.ts'

export interface SimulationOptions<Result = unknown, Machine extends StateMachine<Result> = never> {
  /** Decides everything: the same options give the same run, event for event. */
  readonly seed: number
  /** Events with faults, before the cluster is healed. Default 20,000. */
  readonly events?: number | undefined
  /** Default `swarm`. */
  readonly profile?: ProfileName | undefined
  /** Features that are left out whatever is drawn. */
  readonly without?: readonly Feature[] | undefined
  /** Values of the profile that are not drawn. */
  readonly set?: Partial<Profile> | undefined
  /** Exactly these faults happen, instead of those that would be drawn. */
  readonly script?: readonly Fault[] | undefined
  /** Keeps a list of the faults that happen, for a script. Default false. */
  readonly records?: boolean | undefined

  /** Makes a node's state machine, in each of its lives. Default: one that keeps a hash of its log. */
  readonly machine?: ((context: MachineContext) => Machine) | undefined
  /** What clients do. Default: commands and reads of the simulator's own. */
  readonly workload?: Workload<Result, Machine> | undefined
  /** The state, told in short: it must be the same on every node after the same entry. */
  readonly hash?: ((machine: Machine) => string | number) | undefined
  /**
   * Called at the end, when the cluster is healed, with the machines of its members: each has applied
   * everything that was committed, and so all that was acknowledged. Throw to complain. Not called
   * when something is violated before.
   */
  readonly check?: ((machines: readonly Machine[]) => void) | undefined
}

export interface SimulationReport {
  readonly seed: number
  readonly profile: ProfileName
  /** What was drawn for this seed. */
  readonly drawn: Profile
  /** Events that ran, with those of the healing: messages, timers, turns, disk operations, calls. */
  readonly events: number
  /** Hash over all events in order: equal for two runs if and only if they were the same. */
  readonly digest: string
  readonly virtualMs: number
  readonly messages: number
  /** The highest term that any node was in. */
  readonly terms: number
  readonly elections: number
  readonly committed: number
  readonly acknowledged: number
  /** How often rare states were met. */
  readonly marks: Readonly<Record<string, number>>
  readonly violation: Violation | undefined
  /** What happened last, for a person; filled when something is violated. */
  readonly trace: readonly string[]
  /** With `records`. */
  readonly faults: readonly Fault[]
}

const TRACE_LINES = 60
const BEGIN = textHash('begin')
const LOOK = textHash('look')

/**
 * A cluster of production code (core, runtime, message encoding, write-ahead log) on a virtual
 * clock, network and disks, with faults. Raft's properties are checked after every turn of a node.
 * First come the events with faults; then it is healed, and must serve again and agree.
 */
export class Simulation<Result = unknown, Machine extends StateMachine<Result> = never> {
  readonly #options: SimulationOptions<Result, Machine>
  readonly #profileName: ProfileName
  readonly #profile: Profile
  readonly #events: number
  readonly #scheduler = new Scheduler()
  readonly #checker: Checker
  readonly #faults: Faults
  readonly #network: SimulatedNetwork
  readonly #nodes: SimulatedNode[] = []
  readonly #clients: SimulatedClient<Result, Machine>[] = []
  readonly #nemesis: Nemesis
  readonly #operator: Operator
  readonly #lines: string[] = []
  #healing: Healing | undefined

  constructor(options: SimulationOptions<Result, Machine>) {
    const { seed, profile = 'swarm', events = 20_000 } = options
    this.#options = options
    this.#profileName = profile
    this.#events = events
    this.#profile = drawProfile(seed, profile, options.without, options.set)
    this.#faults = new Faults(seed, options.script, options.records === true)
    const members = names('n', this.#profile.nodes)
    this.#checker = new Checker(
      members,
      (id, index, hash) => this.#node(id)?.history.durable.hashAt(index) === hash,
      decodeMembershipChange,
    )
    this.#network = new SimulatedNetwork(
      this.#scheduler,
      this.#profile,
      seed,
      this.#faults,
      (from, to, bytes) => {
        const sender = this.#node(from)
        if (sender === undefined) return
        checkPromises(this.#checker, from, to, bytes, sender.history, () => {
          this.#nemesis.moment(sender, 'transferring')
        })
      },
    )
    const world = this.#world()
    for (const id of [...members, ...names('s', this.#profile.spares)]) {
      this.#nodes.push(new SimulatedNode(id, members, world))
    }
    this.#nemesis = new Nemesis(world, this.#nodes)
    this.#operator = new Operator(world, this.#nodes)
    this.#begin(world)
  }

  /** Whether it has come to its end, or something is violated. */
  get isOver(): boolean {
    return this.#checker.violation !== undefined || this.#healing?.isOver === true
  }

  /** Virtual milliseconds since the beginning. */
  get now(): number {
    return this.#scheduler.now
  }

  get violation(): Violation | undefined {
    return this.#checker.violation
  }

  /** What every node that is up shows of itself now. */
  statuses(): readonly NodeStatus[] {
    return this.#nodes.flatMap(({ node }) => node?.status() ?? [])
  }

  /** Runs so many events more, or until it is over. */
  advance(events: number): void {
    for (let i = 0; i < events && !this.isOver; i++) this.#step()
  }

  /** Cuts directed links for good, by the numbers of the nodes from 0. */
  cutLinks(isCut: (from: number, to: number) => boolean): void {
    this.#nodes.forEach((from, i) => {
      this.#nodes.forEach((to, j) => {
        if (i !== j && isCut(i, j)) this.#network.cut(from.id, to.id, Number.POSITIVE_INFINITY)
      })
    })
  }

  /** Runs to the end. */
  finish(): SimulationReport {
    while (!this.isOver) this.#step()
    return this.report()
  }

  /** How it stands. */
  report(): SimulationReport {
    const checker = this.#checker
    return {
      seed: this.#options.seed,
      profile: this.#profileName,
      drawn: this.#profile,
      events: this.#scheduler.executed,
      digest: this.#scheduler.digest.toString(),
      virtualMs: Math.round(this.#scheduler.now),
      messages: this.#network.delivered,
      terms: checker.highestTerm,
      elections: checker.elections,
      committed: checker.commitIndex,
      acknowledged: checker.acknowledgements,
      marks: checker.marks,
      violation: checker.violation,
      trace: checker.violation === undefined ? [] : this.#lines.slice(-TRACE_LINES),
      faults: this.#faults.recorded,
    }
  }

  #step(): void {
    if (this.#healing === undefined && this.#scheduler.executed >= this.#events) this.#heal()
    if (!this.#scheduler.step()) this.#checker.fail('liveness', 'nothing happens any more')
    // Looked at now and then only: it is not cheap.
    if (this.#healing !== undefined && this.#scheduler.executed % 64 === 0) this.#healing.look()
  }

  #heal(): void {
    this.#trace('healing')
    this.#nemesis.end()
    this.#healing = new Healing(this.#scheduler, this.#checker, this.#nodes, {
      stopClients: () => {
        for (const client of this.#clients) client.stop()
      },
      finish: (members) => this.#finish(members),
    })
  }

  #finish(members: readonly SimulatedNode[]): void {
    const machines = members.flatMap(({ machine }) => machine?.inner ?? [])
    try {
      this.#options.check?.(machines as readonly unknown[] as readonly Machine[])
    } catch (error) {
      this.#checker.fail('check', error instanceof Error ? error.message : String(error))
    }
  }

  #begin(world: World): void {
    const { readShare, valueBytes, clients } = this.#profile
    const workload = this.#options.workload ?? defaultWorkload(readShare, valueBytes)
    for (const node of this.#nodes) node.start()
    for (let i = 1; i <= clients; i++) {
      const client = new SimulatedClient<Result, Machine>(
        i,
        world,
        this.#nodes,
        workload as Workload<Result, Machine>,
        world.machines.nameOf,
      )
      this.#clients.push(client)
      this.#scheduler.after(i, BEGIN, () => client.run())
    }
    this.#nemesis.begin()
    this.#operator.begin()
    this.#lookForHangs()
  }

  #lookForHangs(): void {
    this.#scheduler.after(1000, LOOK, () => {
      for (const client of this.#clients) client.checkHangs()
      this.#lookForHangs()
    })
  }

  #world(): World {
    return {
      seed: this.#options.seed,
      profile: this.#profile,
      scheduler: this.#scheduler,
      network: this.#network,
      checker: this.#checker,
      faults: this.#faults,
      machines: machineKind(this.#options, this.#profile),
      hashes: new Map(),
      lastChangeAt: Number.NEGATIVE_INFINITY,
      leaders: () => this.#nodes.filter(({ isLeader }) => isLeader).length,
      failed: (node) => this.#nemesis.failed(node),
      moment: (node, moment) => this.#nemesis.moment(node, moment),
      trace: (text) => this.#trace(text),
    }
  }

  #node(id: string): SimulatedNode | undefined {
    for (const node of this.#nodes) if (node.id === id) return node
    return undefined
  }

  #trace(text: string): void {
    this.#lines.push(`${this.#scheduler.now.toFixed(3)} ${text}`)
    if (this.#lines.length > 2 * TRACE_LINES) this.#lines.splice(0, TRACE_LINES)
  }
}

/** Runs a cluster for one seed; see `Simulation`. */
export function simulate<Result = unknown, Machine extends StateMachine<Result> = never>(
  options: SimulationOptions<Result, Machine>,
): SimulationReport {
  return new Simulation(options).finish()
}

function names(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`)
}

/** The machine of the options, or the simulator's own: some of those keep their state durably. */
function machineKind<Result, Machine extends StateMachine<Result>>(
  { machine, hash, workload }: SimulationOptions<Result, Machine>,
  profile: Profile,
): MachineKind {
  const nameOf = workload === undefined ? nameOfCommand : () => undefined
  if (machine !== undefined) {
    return {
      make: machine as (context: MachineContext) => StateMachine<unknown>,
      hash: (one) => hash?.(one as Machine),
      wiped: () => {},
      nameOf,
    }
  }
  const stores = new Map<string, ChainStore>()
  return {
    make: ({ node }) => {
      if (!profile.features.includes('ownDurability')) return new ChainMachine(undefined)
      let store = stores.get(node)
      if (store === undefined) {
        store = { index: 0, hash: 0 }
        stores.set(node, store)
      }
      return new ChainMachine(store)
    },
    hash: (one) => (one as ChainMachine).hash,
    wiped: (node) => stores.delete(node),
    nameOf,
  }
}
