/**
 * Steps for long runs: drawn one by one from a seed, by looking at the world as it stands. Most of them are such that
 * the model takes them: of a few that are drawn the first that it does not refuse is sent.
 */
import type { Entry } from '../../src/index.ts'
import type { Draw } from './draws.ts'
import { longLater } from './history/archive.ts'
import { nextArrival } from './history/delays.ts'
import { contentHash, edge, type Kind, kinds, type Sent, type Step, weights } from './history.ts'
import { commandFor } from './history-commands.ts'
import type { World } from './world.ts'

export const guidedTries = 5
/** It is loaded from its rows, and everything is compared, at one step in so many. */
export const guidedReload = 400

/** 16 bits each, without an end: mulberry32. */
export function drawsOf(seed: number): Draw {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 16
  }
}

/** One in ten is drawn as others draw them: odd, at any time, sent again. */
export function plainStep(draw: Draw): Step | undefined {
  const way = draw() % 100
  const kind = way < 3 ? 'retry' : way < 4 ? 'resolve' : drawKind(draw)
  if (way >= 10) return undefined
  const time = draw() % 8 === 0 ? draw() : 0
  return { kind, numbers: Array.from({ length: 12 }, draw), time, twist: draw() }
}

/** At one instant, by whoever may do it. */
export function proposals(world: World, sent: readonly Sent[], draw: Draw): () => Entry {
  const index = world.index + 1
  const timestampMs = guidedTime(world, draw)
  let [kind, left] = [drawKind(draw), 2]
  return () => {
    // What takes long to draw is drawn once.
    if (left-- === 0 || (left === 0 && kind === 'join')) [kind, left] = [drawKind(draw), 1]
    const { actor, command } = commandFor(world, sent, kind, draw)
    if (actor === 0 && draw() % 3 > 0) return { index, timestampMs, actor, key: undefined, command }
    const { type: method } = command
    const principal = actor > 0 ? `a:${actor}` : 'p:sandbox'
    const requestId = `request-${index}`
    const key = { principal, method, requestId, contentHash: contentHash(command) }
    return { index, timestampMs, actor, key, command }
  }
}

const all: readonly Kind[] = kinds
  .filter((kind) => kind !== 'retry' && kind !== 'resolve')
  .flatMap((kind) => Array.from({ length: weights[kind] }, () => kind))

function drawKind(draw: Draw): Kind {
  return all[draw() % all.length] as Kind
}

/** Slow enough that what is held can be paid; now and then a month passes, and what was sold is over. */
function guidedTime(world: World, draw: Draw): number {
  const { now } = world
  const way = draw() % 1_000
  if (way < 650) return now
  if (way < 920) return now + (draw() % 3_000)
  if (way < 965) return now + (draw() % 60) * 1_000
  if (way < 980) return edge(world, draw) ?? now
  if (way < 990) return nextArrival(world) ?? now
  if (way < 995) return now + (draw() % 12) * 60_000
  if (way < 997) return now + (draw() % 24) * 3_600_000
  return world.bookings.filter((b) => b.status === 'confirmed').length > 3 ? now + longLater : now
}
