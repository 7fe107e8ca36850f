import type { Random } from '../ports.ts'
import { randomInteger, randomItem, randomStream } from '../testing/random.ts'
import { textHash } from './digest.ts'
import type { Choice, FaultStream } from './faults.ts'
import type { Feature } from './features.ts'
import { isMember } from './membership-model.ts'
import { performFault } from './perform-fault.ts'
import type { SimulatedNode } from './simulated-node.ts'
import type { World } from './world.ts'

const TICK = textHash('operator acts')
const MOST_VOTERS = 5

/** Who looks after the cluster: changes its members, replaces nodes that lost everything, transfers. */
export class Operator {
  readonly #world: World
  readonly #nodes: readonly SimulatedNode[]
  readonly #pauses: Random
  readonly #acts: FaultStream
  readonly #has: (feature: Feature) => boolean

  constructor(world: World, nodes: readonly SimulatedNode[]) {
    this.#world = world
    this.#nodes = nodes
    this.#pauses = randomStream(world.seed, 'operator pauses')
    this.#acts = world.faults.stream('operator')
    this.#has = (feature) => world.profile.features.includes(feature)
  }

  begin(): void {
    const { scheduler, profile, faults } = this.#world
    scheduler.after(2 * this.#pauses() * profile.actEveryMs, TICK, () => {
      if (faults.isOver) return
      this.#readmit()
      const choice = this.#acts.next((random) => this.#draw(random))
      if (choice !== undefined) performFault(this.#world, this.#nodes, choice)
      this.begin()
    })
  }

  /** A node that lost everything may start anew once the group is known to be without it. */
  #readmit(): void {
    const { checker } = this.#world
    for (const node of this.#nodes) {
      if (!node.isWiped || this.#mayBeMember(node.id)) continue
      checker.mark('wiped node starts anew')
      node.startAnew()
    }
  }

  #mayBeMember(id: string): boolean {
    const { checker } = this.#world
    const { group } = checker
    const isPending = this.#nodes.some(({ history }) => history.lastConfig > group.index)
    return isPending || isMember(group, id)
  }

  #draw(random: Random): Choice | undefined {
    const damaged = this.#nodes.find(({ isDamaged, id }) => {
      return isDamaged && isMember(this.#world.checker.group, id)
    })
    const lost = this.#nodes.find(({ state, isWiped }) => state === 'lost' && !isWiped)
    if (lost !== undefined && random() < 0.3) return { kind: 'wipe', node: lost.id }
    const acts: (() => Choice | undefined)[] = []
    if (this.#has('transfers')) acts.push(() => this.#transfer(random))
    if (this.#has('snapshots')) acts.push(() => this.#snapshot(random))
    const canChange = this.#has('memberChanges') || this.#has('wipes')
    if (damaged !== undefined && canChange) acts.push(() => this.#removeDamaged(random, damaged.id))
    // While one is damaged nobody else may go: it would be one too many.
    else if (this.#has('memberChanges')) {
      acts.push(() => this.#change(random))
      acts.push(() => this.#change(random))
    }
    return acts.length === 0 ? undefined : randomItem(random, acts)()
  }

  #transfer(random: Random): Choice {
    if (random() < 0.5) return { kind: 'transfer' }
    return { kind: 'transfer', to: randomItem(random, this.#nodes).id }
  }

  #snapshot(random: Random): Choice {
    return { kind: 'snapshot', node: randomItem(random, this.#nodes).id }
  }

  #removeDamaged(random: Random, id: string): Choice {
    const { voters, outgoing } = this.#world.checker.group
    if (outgoing.size > 0) return { kind: 'changeMembers', changes: [] }
    // Whoever is put in its place must not make the majority depend on it.
    if (voters.size === 1 && voters.has(id)) return { kind: 'changeMembers', changes: [] }
    const way = randomItem(random, ['auto', 'auto', 'jointImplicit'])
    return { kind: 'changeMembers', way, changes: [`remove ${id}`] }
  }

  #change(random: Random): Choice {
    const { voters, outgoing, learners } = this.#world.checker.group
    const base: Choice = {
      kind: 'changeMembers',
      ...condition(random),
      ...asked(random, this.#nodes),
    }
    if (outgoing.size > 0 && random() < 0.7) return { ...base, changes: [] }
    const outside = this.#nodes
      .filter(({ id, isWiped }) => !voters.has(id) && !learners.has(id) && !isWiped)
      .map(({ id }) => id)
    const steps: string[] = []
    const wanted = randomItem(random, [1, 1, 1, 2, 3])
    for (let i = 0; i < wanted; i++) {
      const step = this.#step(random, [...voters], [...learners], outside)
      if (step !== undefined && !steps.some((one) => one.endsWith(step.split(' ')[1] ?? ''))) {
        steps.push(step)
      }
    }
    const way = randomItem(random, ['auto', 'auto', 'jointImplicit', 'jointExplicit'])
    return { ...base, way, changes: steps }
  }

  #step(
    random: Random,
    voters: readonly string[],
    learners: readonly string[],
    outside: readonly string[],
  ): string | undefined {
    const any = (ids: readonly string[]): string | undefined => {
      return ids.length === 0 ? undefined : randomItem(random, ids)
    }
    const step = (type: string, id: string | undefined): string | undefined => {
      return id === undefined ? undefined : `${type} ${id}`
    }
    const isFull = voters.length >= MOST_VOTERS
    switch (randomInteger(random, 0, 7)) {
      case 0:
      case 1:
        return step('promote', any(outside))
      case 2:
        return step('addLearner', any(outside))
      case 3:
        return isFull ? undefined : step('addVoter', any(outside))
      case 4:
        return isFull ? undefined : step('addVoter', any(learners))
      case 5:
        return step('remove', any([...voters, ...learners]))
      case 6:
        return voters.length < 2 ? undefined : step('addLearner', any(voters))
      default:
        return step('update', any(voters))
    }
  }
}

function condition(random: Random): Pick<Choice, 'part'> {
  return random() < 0.2 ? { part: 1 } : {}
}

/** Mostly the leader; now and then also somebody who is not. */
function asked(random: Random, nodes: readonly SimulatedNode[]): Pick<Choice, 'node'> {
  return random() < 0.1 ? { node: randomItem(random, nodes).id } : {}
}
