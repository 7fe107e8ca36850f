import type { Random } from '../ports.ts'
import { randomInteger, randomItem, randomStream } from '../testing/random.ts'
import { textHash } from './digest.ts'
import type { Choice, FaultStream } from './faults.ts'
import type { Feature } from './features.ts'
import { performFault } from './perform-fault.ts'
import type { SimulatedNode } from './simulated-node.ts'
import type { Moment, World } from './world.ts'

type Draw = (random: Random) => Choice | undefined

const TICK = textHash('nemesis')
const STRIKE = textHash('strike')
const OPERATOR = textHash('operator')

/** Who makes things go wrong: at random times, and at the moments that matter. */
export class Nemesis {
  readonly #world: World
  readonly #nodes: readonly SimulatedNode[]
  readonly #pauses: Random
  readonly #ticks: FaultStream
  readonly #moments = new Map<Moment, FaultStream>()
  readonly #draws: readonly Draw[]
  readonly #strikes: readonly Draw[]
  #struck: SimulatedNode | undefined

  constructor(world: World, nodes: readonly SimulatedNode[]) {
    this.#world = world
    this.#nodes = nodes
    this.#pauses = randomStream(world.seed, 'nemesis pauses')
    this.#ticks = world.faults.stream('nemesis')
    const has = (feature: Feature): boolean => world.profile.features.includes(feature)
    this.#draws = (Object.keys(this.#any) as Feature[])
      .filter(has)
      .flatMap((feature) => this.#any[feature] as Draw)
    this.#strikes = (Object.keys(this.#aimed) as Feature[])
      .filter(has)
      .flatMap((feature) => this.#aimed[feature] as Draw)
  }

  begin(): void {
    // In a replay a script decides, whatever the features are.
    this.#plan()
  }

  /** No more faults; everything that can start again does. */
  end(): void {
    const { faults, network } = this.#world
    faults.isOver = true
    network.calmDown()
    for (const node of this.#nodes) {
      node.resume()
      node.disk.calmDown()
      node.start()
    }
  }

  /** Something has just happened to this node: now is the time. */
  moment(node: SimulatedNode, moment: Moment): void {
    const { checker, faults, profile, scheduler } = this.#world
    if (faults.isOver) return
    let stream = this.#moments.get(moment)
    if (stream === undefined) {
      stream = faults.stream(`on ${moment}`)
      this.#moments.set(moment, stream)
    }
    const choice = stream.next((random) => {
      if (this.#strikes.length === 0 || random() >= profile.strikeShare) return undefined
      this.#struck = node
      const drawn = randomItem(random, this.#strikes)(random)
      // Within the same millisecond, or while what it does next is under way.
      return drawn && { ...drawn, afterMs: random() * randomItem(random, [0.1, 2, 20]) }
    })
    if (choice === undefined) return
    checker.mark(`struck: ${moment}`)
    scheduler.after(choice.afterMs ?? 0, STRIKE, () => {
      if (!faults.isOver) performFault(this.#world, this.#nodes, choice)
    })
  }

  /** A node that stopped by itself is started again, as an operator would. */
  failed(node: SimulatedNode): void {
    const { faults, scheduler } = this.#world
    const { life } = node
    const pause = this.#pauses()
    scheduler.after(faults.isOver ? 10 : pause * 500, OPERATOR, () => {
      if (node.life !== life) return
      node.crash(pause < 0.5, true)
      node.start()
    })
  }

  #plan(): void {
    // Storm, then quiet: a quarter of the pauses is long.
    const calm = this.#pauses() < 0.25 ? 10 : 1
    // No logarithm: its last bit is the engine's own, and a replay must be exact.
    const pause = 2 * this.#pauses() * this.#world.profile.faultEveryMs * calm
    this.#world.scheduler.after(pause, TICK, () => {
      if (this.#world.faults.isOver) return
      const choice = this.#ticks.next((random) => {
        return this.#draws.length === 0 ? undefined : randomItem(random, this.#draws)(random)
      })
      if (choice !== undefined) performFault(this.#world, this.#nodes, choice)
      this.#plan()
    })
  }

  /** What happens at any time, by the feature that allows it. */
  readonly #any: Partial<Record<Feature, Draw>> = {
    kills: (random) => ({ kind: 'kill', node: this.#node(random), ...down(random) }),
    powerCuts: (random) => ({ kind: 'cutPower', node: this.#node(random), ...down(random) }),
    blackouts: (random) => ({ kind: 'blackout', ...down(random) }),
    restarts: (random) => ({ kind: 'restart', node: this.#node(random), ...down(random) }),
    pauses: (random) => ({
      kind: 'pause',
      node: this.#leaderOr(random),
      ms: random() * randomItem(random, [50, 1000, 4000]),
      ...standing(random),
    }),
    splits: (random) => ({ kind: 'split', group: this.#some(random), ...away(random) }),
    isolations: (random) => ({ kind: 'isolate', node: this.#leaderOr(random), ...away(random) }),
    oneWayCuts: (random) => ({
      kind: 'cutOneWay',
      node: this.#leaderOr(random),
      to: this.#node(random),
      ...away(random),
    }),
    bridges: (random) => ({
      kind: 'bridge',
      node: this.#node(random),
      group: this.#some(random),
      ...away(random),
    }),
    clogs: (random) => ({ kind: 'clog', group: this.#some(random), ...away(random) }),
    streamsClose: (random) => ({ kind: 'closeStreams', node: this.#leaderOr(random) }),
    stalls: (random) => ({
      kind: 'stall',
      node: this.#node(random),
      ms: randomInteger(random, 50, 1500),
    }),
    slowSyncs: (random) => ({
      kind: 'slowSyncs',
      node: this.#node(random),
      ms: randomInteger(random, 500, 5000),
    }),
    writeErrors: (random) => ({
      kind: 'failWrite',
      node: this.#node(random),
      way: randomItem(random, ['EIO', 'EIO', 'ENOSPC']),
      part: randomItem(random, [0, 0, 0.5, 1]),
    }),
    syncErrors: (random) => ({
      kind: 'failSync',
      node: this.#node(random),
      way: randomItem(random, ['EIO', 'EIO', 'ENOSPC']),
      part: randomItem(random, [0, 0, 1]),
    }),
    readErrors: (random) => ({
      kind: 'failRead',
      node: this.#node(random),
      part: randomItem(random, [0, 1]),
    }),
    fullDisks: (random) => ({ kind: 'fillDisk', node: this.#node(random), ...away(random) }),
    rot: (random) => ({ kind: 'rot', node: this.#node(random), ...down(random) }),
    staleReads: (random) => ({ kind: 'staleRead', node: this.#node(random) }),
    wipes: (random) => ({ kind: 'wipe', node: this.#node(random) }),
  }

  /** What strikes the node to which something has just happened. */
  readonly #aimed: Partial<Record<Feature, Draw>> = {
    kills: (random) => ({ kind: 'kill', ...this.#target(), ...down(random) }),
    powerCuts: (random) => ({ kind: 'cutPower', ...this.#target(), ...down(random) }),
    blackouts: (random) => ({ kind: 'blackout', ...down(random) }),
    isolations: (random) => ({ kind: 'isolate', ...this.#target(), ...away(random) }),
    pauses: (random) => ({
      kind: 'pause',
      ...this.#target(),
      ms: random() * randomItem(random, [50, 1000, 4000]),
      ...standing(random),
    }),
    stalls: (random) => ({
      kind: 'stall',
      ...this.#target(),
      ms: randomInteger(random, 50, 1500),
    }),
    syncErrors: (random) => ({
      kind: 'failSync',
      ...this.#target(),
      part: randomItem(random, [0, 0, 1]),
    }),
  }

  #target(): { node?: string } {
    return this.#struck === undefined ? {} : { node: this.#struck.id }
  }

  #some(random: Random): readonly string[] {
    return this.#nodes.filter(() => random() < 0.5).map(({ id }) => id)
  }

  #node(random: Random): string {
    return randomItem(random, this.#nodes).id
  }

  #leaderOr(random: Random): string {
    const any = this.#node(random)
    return this.#nodes.find((node) => node.isLeader)?.id ?? any
  }
}

function down(random: Random): { ms: number; noticed: boolean } {
  const ms = random() * randomItem(random, [20, 400, 3000])
  return { ms, noticed: random() < 0.5 }
}

function away(random: Random): { ms: number; noticed: boolean } {
  const ms = random() * randomItem(random, [100, 1000, 4000])
  return { ms, noticed: random() < 0.5 }
}

/** A process that stands still may find itself cut off when it goes on: a machine that was moved. */
function standing(random: Random): Pick<Choice, 'way'> {
  return random() < 0.4 ? { way: 'cutOff' } : {}
}
