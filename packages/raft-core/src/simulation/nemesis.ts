import type { Random } from '../ports.ts'
import { randomInteger, randomItem, randomStream } from '../testing/random.ts'
import type { SimulatedNode, World } from './simulated-node.ts'

/** Who makes things go wrong: at random times, and right after elections. */
export class Nemesis {
  readonly #world: World
  readonly #nodes: readonly SimulatedNode[]
  readonly #random: Random
  readonly #actions: readonly (() => void)[]
  #isOver = false

  constructor(world: World, nodes: readonly SimulatedNode[]) {
    this.#world = world
    this.#nodes = nodes
    this.#random = randomStream(world.seed, 'nemesis')
    const { profile } = world
    const actions: (() => void)[] = []
    if (profile.processCrashes) actions.push(() => this.#crash(this.#anyNode(), false))
    if (profile.powerCuts) {
      actions.push(() => this.#crash(this.#anyNode(), true))
      actions.push(() => this.#blackout())
    }
    if (profile.gracefulRestarts) actions.push(() => this.#restart(this.#anyNode()))
    if (profile.partitions) actions.push(() => this.#split())
    if (profile.transfers) actions.push(() => this.#leaderOrAny().transfer())
    if (profile.partitions) actions.push(() => this.#isolate(this.#leaderOrAny()))
    if (profile.oneWayPartitions) actions.push(() => this.#cutOneWay())
    if (profile.diskStalls) actions.push(() => this.#stall(this.#anyNode()))
    if (profile.diskErrors) actions.push(() => this.#anyNode().disk.failNext())
    if (profile.rot && nodes.length > 1) actions.push(() => this.#rot(this.#anyNode()))
    this.#actions = actions
  }

  begin(): void {
    if (this.#actions.length > 0) this.#plan()
  }

  /** No more faults; everything that can start again does. */
  end(): void {
    this.#isOver = true
    this.#world.network.calmDown()
    for (const node of this.#nodes) {
      node.disk.calmDown()
      node.start()
    }
  }

  elected(node: SimulatedNode): void {
    const { profile, scheduler } = this.#world
    if (this.#isOver || this.#random() >= profile.strikeLeaders) return
    scheduler.after(this.#random() * 20, 'strike', () => {
      if (this.#isOver) return
      if (profile.powerCuts && this.#random() < 0.6) this.#crash(node, this.#random() < 0.7)
      else if (profile.partitions) this.#isolate(node)
    })
  }

  /** A node that stopped by itself is started again, as an operator would. */
  failed(node: SimulatedNode): void {
    const power = this.#random() < 0.5
    this.#world.scheduler.after(this.#isOver ? 10 : this.#random() * 500, 'operator', () => {
      node.crash(power, true)
      node.start()
    })
  }

  #plan(): void {
    // Storm, then quiet: a quarter of the pauses is long.
    const calm = this.#random() < 0.25 ? 10 : 1
    // No logarithm: its last bit is the engine's own, and a replay must be exact.
    const pause = 2 * this.#random() * this.#world.profile.faultEveryMs * calm
    this.#world.scheduler.after(pause, 'nemesis', () => {
      if (this.#isOver) return
      randomItem(this.#random, this.#actions)()
      this.#plan()
    })
  }

  #crash(node: SimulatedNode, power: boolean): void {
    node.crash(power, this.#random() < 0.5)
    this.#startLater(node)
  }

  #blackout(): void {
    if (this.#random() < 0.5) return
    for (const node of this.#nodes) this.#crash(node, true)
  }

  #restart(node: SimulatedNode): void {
    node.stop(() => this.#startLater(node))
  }

  #startLater(node: SimulatedNode): void {
    const pause = this.#random() * randomItem(this.#random, [20, 400, 3000])
    this.#world.scheduler.after(pause, 'start', () => node.start())
  }

  #split(): void {
    const side = new Set(this.#nodes.filter(() => this.#random() < 0.5))
    this.#world.trace(`split: ${[...side].map((node) => node.id).join(' ')} | the others`)
    for (const from of this.#nodes) {
      for (const to of this.#nodes) {
        if (side.has(from) !== side.has(to)) this.#world.network.cut(from.id, to.id)
      }
    }
    this.#reconnectLater()
  }

  #isolate(node: SimulatedNode): void {
    this.#world.trace(`${node.id} is cut off`)
    // Its peers see the stream close and may campaign at once, while it still believes to lead.
    if (this.#random() < 0.5) this.#world.network.closeStreams(node.id)
    for (const { id } of this.#nodes) {
      this.#world.network.cut(id, node.id)
      this.#world.network.cut(node.id, id)
    }
    this.#reconnectLater()
  }

  #cutOneWay(): void {
    const from = this.#anyNode()
    const to = this.#anyNode()
    this.#world.trace(`cut: ${from.id} to ${to.id}`)
    this.#world.network.cut(from.id, to.id)
    this.#reconnectLater()
  }

  #reconnectLater(): void {
    const { scheduler, network, trace } = this.#world
    scheduler.after(
      this.#random() * randomItem(this.#random, [100, 1000, 4000]),
      'reconnect',
      () => {
        trace('all reconnected')
        network.reconnect()
      },
    )
  }

  #stall(node: SimulatedNode): void {
    const ms = randomInteger(this.#random, 50, 1500)
    this.#world.trace(`the disk of ${node.id} stalls for ${ms} ms`)
    node.disk.stall(ms)
  }

  /** At most one node loses what it had made durable: more may lose what was acknowledged. */
  #rot(node: SimulatedNode): void {
    if (this.#nodes.some((other) => other.isRotten) || this.#random() < 0.7) return
    this.#crash(node, true)
    if (node.state !== 'down' || !node.disk.rot()) return
    this.#world.trace(`the log of ${node.id} rots`)
    node.isRotten = true
  }

  #leaderOrAny(): SimulatedNode {
    return this.#nodes.find((node) => node.isLeader) ?? this.#anyNode()
  }

  #anyNode(): SimulatedNode {
    return randomItem(this.#random, this.#nodes)
  }
}
