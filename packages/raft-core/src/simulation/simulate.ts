import { randomStream } from '../testing/random.ts'
import { Checker, type Violation } from './checker.ts'
import { SimulatedClient } from './client.ts'
import { Nemesis } from './nemesis.ts'
import { SimulatedNetwork } from './network.ts'
import { drawProfile, type Profile, type ProfileName } from './profile.ts'
import { checkPromises } from './promises.ts'
import { Scheduler } from './scheduler.ts'
import { SimulatedNode, type World } from './simulated-node.ts'

export interface SimulationOptions {
  /** Decides everything: the same seed, events and profile give the same run, event for event. */
  readonly seed: number
  /** Events with faults, before the cluster is healed. Default 20,000. */
  readonly events?: number | undefined
  /** Default `swarm`. */
  readonly profile?: ProfileName | undefined
}

export interface SimulationReport {
  readonly seed: number
  readonly profile: ProfileName
  /** What was drawn for this seed. */
  readonly drawn: Profile
  /** Events that ran, with those of the healing. */
  readonly events: number
  /** Hash over all events in order: equal for two runs if and only if they were the same. */
  readonly digest: string
  readonly virtualMs: number
  readonly elections: number
  readonly committed: number
  readonly acknowledged: number
  /** How often rare states were met. */
  readonly marks: Readonly<Record<string, number>>
  readonly violation: Violation | undefined
  /** What happened last, for a person; filled when something is violated. */
  readonly trace: readonly string[]
}

const TRACE_LINES = 60
/** More than this many events of healing without an end is a cluster that runs in circles. */
const MAX_HEALING_EVENTS = 2_000_000

/**
 * Runs a cluster of production code (core, runtime, message encoding, write-ahead log) on a virtual
 * clock, network and disks, with faults, and checks Raft's properties after every turn of a node.
 * Then heals it and checks that it serves again and that all nodes agree.
 */
export function simulate(options: SimulationOptions): SimulationReport {
  const { seed, profile: profileName = 'swarm', events = 20_000 } = options
  const profile = drawProfile(profileName, randomStream(seed, 'profile'))
  const scheduler = new Scheduler()
  const checker = new Checker(profile.nodes)
  const lines: string[] = []
  const nodes: SimulatedNode[] = []
  const network = new SimulatedNetwork(scheduler, profile, seed, (from, to, bytes) => {
    const sender = nodes.find(({ id }) => id === from)
    if (sender !== undefined) checkPromises(checker, from, to, bytes, sender.history)
  })
  const world: World = {
    seed,
    profile,
    scheduler,
    network,
    checker,
    holdsMajority: (index, hash) => {
      const holders = nodes.filter(({ history }) => history.durable.hashAt(index) === hash)
      return holders.length > nodes.length / 2
    },
    notice: (node, what) => {
      if (what === 'elected') nemesis.elected(node)
      else nemesis.failed(node)
    },
    trace: (text) => {
      lines.push(`${scheduler.now.toFixed(3)} ${text}`)
      if (lines.length > 2 * TRACE_LINES) lines.splice(0, TRACE_LINES)
    },
  }
  const members = Array.from({ length: profile.nodes }, (_, i) => `n${i + 1}`)
  for (const id of members) nodes.push(new SimulatedNode(id, members, world))
  const nemesis = new Nemesis(world, nodes)

  for (const node of nodes) node.start()
  for (let i = 1; i <= profile.clients; i++) {
    const client = new SimulatedClient(i, world, nodes)
    scheduler.after(i, `client ${i}`, () => client.run())
  }
  nemesis.begin()
  while (scheduler.executed < events && checker.violation === undefined && scheduler.step());
  world.trace('healing')
  nemesis.end()
  heal(scheduler, checker, nodes)

  return {
    seed,
    profile: profileName,
    drawn: profile,
    events: scheduler.executed,
    digest: scheduler.digest.toString(),
    virtualMs: Math.round(scheduler.now),
    elections: checker.elections,
    committed: checker.commitIndex,
    acknowledged: checker.acknowledgements,
    marks: checker.marks,
    violation: checker.violation,
    trace: checker.violation === undefined ? [] : lines.slice(-TRACE_LINES),
  }
}

/** Liveness: with all faults gone, commands are acknowledged again and all nodes catch up. */
function heal(scheduler: Scheduler, checker: Checker, nodes: readonly SimulatedNode[]): void {
  const goal = checker.acknowledgements + 20
  // A follower may have the whole log to fetch, one small message per round trip and sync.
  const deadline = scheduler.now + 30_000 + checker.commitIndex * 100
  const lastEvent = scheduler.executed + MAX_HEALING_EVENTS
  let caughtUpTo = Number.POSITIVE_INFINITY
  while (
    checker.violation === undefined &&
    scheduler.now < deadline &&
    scheduler.executed < lastEvent
  ) {
    for (let i = 0; i < 100 && scheduler.step(); i++);
    if (checker.acknowledgements < goal) continue
    if (caughtUpTo === Number.POSITIVE_INFINITY) caughtUpTo = checker.commitIndex
    const alive = nodes.filter(({ state }) => state !== 'lost')
    const isThere = (node: SimulatedNode): boolean =>
      (node.machine?.appliedIndex ?? 0) >= caughtUpTo
    if (alive.every(isThere)) return
  }
  if (checker.violation !== undefined) return
  const states = nodes.map(({ id, state, machine }) => `${id} ${state} ${machine?.appliedIndex}`)
  const acknowledged = `${checker.acknowledgements} of ${goal} acknowledged`
  checker.fail('liveness', `healed, but ${acknowledged}; ${states.join(', ')}`)
}
