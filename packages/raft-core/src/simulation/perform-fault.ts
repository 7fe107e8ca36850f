import { textHash } from './digest.ts'
import type { Choice } from './faults.ts'
import type { SimulatedNode } from './simulated-node.ts'
import type { World } from './world.ts'

const START = textHash('start')
/** A change that was asked for has come to something by then. */
const CHANGE_MS = 4000

/** Does what was decided, whether a seed or a script decided it. */
export function performFault(world: World, nodes: readonly SimulatedNode[], choice: Choice): void {
  const { checker, network } = world
  const { kind, ms = 0, noticed = false } = choice
  const node = nodes.find(({ id }) => id === choice.node)
  world.trace(describe(choice))
  checker.mark(`fault: ${kind}`)
  switch (kind) {
    case 'kill':
    case 'cutPower':
      if (node !== undefined) crash(world, node, kind === 'cutPower', ms, noticed)
      return
    case 'blackout':
      nodes.forEach((one, i) => {
        crash(world, one, true, ms * (1 + i / 3), noticed)
      })
      return
    case 'restart':
      node?.stop(() => startLater(world, node, ms))
      return
    case 'pause':
      node?.pause(ms)
      if (choice.way === 'cutOff')
        cutLinks(world, nodes, { ...choice, kind: 'isolate', ms: ms + 300 })
      return
    case 'closeStreams':
      if (node !== undefined) network.closeStreams(node.id)
      return
    case 'rot':
      if (node !== undefined) rot(world, nodes, node, ms)
      return
    case 'wipe':
      if (node !== undefined) wipe(world, nodes, node)
      return
    case 'transfer':
      for (const one of nodes) if (one.isLeader) one.transfer(choice.to)
      return
    case 'split':
    case 'isolate':
    case 'cutOneWay':
    case 'bridge':
    case 'clog':
      cutLinks(world, nodes, choice)
      return
    case 'lose':
    case 'repeat':
    case 'delay':
      return
    case 'changeMembers':
      for (const one of nodes) if (one.isLeader || one === node) one.changeMembers(choice)
      world.lastChangeAt = world.scheduler.now
      return
    case 'snapshot':
      node?.takeSnapshot()
      return
    default:
      node?.disk.suffer(choice)
  }
}

function describe(choice: Choice): string {
  const parts = Object.entries(choice).map(([name, value]) => {
    if (name === 'kind') return String(value)
    return `${name} ${typeof value === 'number' ? Math.round(value * 100) / 100 : value}`
  })
  return `! ${parts.join(', ')}`
}

function crash(
  world: World,
  node: SimulatedNode,
  power: boolean,
  downMs: number,
  noticed: boolean,
): void {
  node.crash(power, noticed)
  startLater(world, node, downMs)
}

function startLater(world: World, node: SimulatedNode, ms: number): void {
  world.scheduler.after(ms, START, () => node.start())
}

function cutLinks(world: World, nodes: readonly SimulatedNode[], choice: Choice): void {
  const { network } = world
  const { kind, node = '', to = '', group = [], ms = 0, noticed } = choice
  // Its peers see the stream close and may campaign at once, while it still believes to lead.
  if (kind === 'isolate' && noticed === true) network.closeStreams(node)
  nodes.forEach((from, i) => {
    nodes.forEach((target, j) => {
      const [a, b] = [from.id, target.id]
      if (kind === 'cutOneWay' && a === node && b === to) network.cut(a, b, ms)
      if (kind === 'isolate' && (a === node || b === node)) network.cut(a, b, ms)
      const isAcross = group.includes(a) !== group.includes(b)
      if (kind === 'split' && isAcross) network.cut(a, b, ms)
      // The bridge reaches both sides, which do not reach each other.
      if (kind === 'bridge' && isAcross && a !== node && b !== node) network.cut(a, b, ms)
      // One link after the other stops, and they come back in another order.
      if (kind !== 'clog' || !group.includes(a)) return
      const wait = (ms * (i + j)) / (2 * nodes.length)
      world.scheduler.after(wait, START, () => network.cut(a, b, (ms * (1 + j)) / nodes.length))
    })
  })
}

/**
 * Fewer nodes than a majority may lose what they had made durable: more may lose what was
 * acknowledged, and no protocol can help. Nor may the membership be about to change, for then it is
 * not known yet who must be left.
 */
function mayLose(world: World, nodes: readonly SimulatedNode[], node: SimulatedNode): boolean {
  const { scheduler, lastChangeAt, checker } = world
  if (scheduler.now < lastChangeAt + CHANGE_MS) return false
  const { index, voters, outgoing, learners } = checker.group
  // A leader may be about to make a learner a voter, by itself.
  if (learners.has(node.id)) return false
  if (outgoing.size > 0 || nodes.some(({ history }) => history.lastConfig > index)) return false
  const damaged = nodes.filter((one) => one === node || one.isDamaged)
  return damaged.filter(({ id }) => voters.has(id)).length < voters.size / 2
}

function rot(world: World, nodes: readonly SimulatedNode[], node: SimulatedNode, ms: number): void {
  if (node.isDamaged || !mayLose(world, nodes, node)) return
  crash(world, node, true, ms, true)
  if (node.state === 'down' && node.disk.rot()) node.isDamaged = true
}

/** It comes back, as another, when it is known that it has been removed from the group. */
function wipe(world: World, nodes: readonly SimulatedNode[], node: SimulatedNode): void {
  if (!node.isDamaged && !mayLose(world, nodes, node)) return
  node.crash(true, true)
  if (node.state === 'down' || node.state === 'lost') node.wipe()
}
