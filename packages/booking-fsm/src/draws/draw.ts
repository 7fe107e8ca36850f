/** Draws and their entries: what is kept, and how the order comes about. */
import type { DrawWish, PassengerInput } from '../commands.ts'
import { createHeap, type Heap, heapPush, type Queued } from '../heap.ts'
import { sha256Text } from '../sha256.ts'
import type { BookingState } from '../state.ts'
import type { Hashed } from '../things.ts'
import type { JourneyDraw } from '../views.ts'

/** `entering` until the seed is known or given up, then entry by entry `ordering`, then `holding`. */
export type DrawStatus = 'entering' | 'ordering' | 'holding' | 'done'

export interface Draw extends Hashed {
  readonly drawId: number
  readonly runIds: readonly number[]
  readonly windowFromMs: number
  readonly windowToMs: number
  readonly revealByMs: number
  readonly holdMs: number
  readonly seedCommitment: string
  /** '' until it is revealed, and for ever when it was not in time. */
  seed: string
  status: DrawStatus
  /** How many have entered; they have the numbers from 1. */
  entered: number
  /** Chained over all entries: each changes the order of all. */
  digest: string
  /** So many have their place in the queue. */
  ordered: number
  /** For so many it is decided. */
  drawn: number
  /** Derived: those for whom it is not, by number. */
  readonly entries: Map<number, DrawEntry>
  /** Derived: the number of each account. */
  readonly numbers: Map<number, number>
  /** Derived: those that are ordered and not drawn. */
  readonly queue: Heap<DrawEntry>
}

export interface DrawEntry extends Hashed, Queued {
  readonly drawId: number
  readonly number: number
  readonly accountId: number
  readonly wishes: readonly DrawWish[]
  /** Without names when the account was deleted. */
  passengers: readonly PassengerInput[]
  readonly salt: string
  readonly enteredAtMs: number
  /** Derived: its place in the order; '' until it is ordered. */
  key: string
}

/** What a draw is, and what follows from its entries: nothing yet. */
export function createDraw(row: Omit<Draw, 'entries' | 'numbers' | 'queue'>): Draw {
  return {
    ...row,
    entries: new Map(),
    numbers: new Map(),
    queue: createHeap((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.number - b.number)),
  }
}

/** Each entry is chained to all before it. */
export function nextDigest(digest: string, number: number, salt: string): string {
  return sha256Text(`${digest}:${number}:${salt}`)
}

/** An entry's place among the others: the lowest comes first. Without a seed the commitment is in its place. */
export function orderKey({ seed, seedCommitment, digest }: Order, number: number): string {
  return sha256Text(`${seed || seedCommitment}:${digest}:${number}`)
}
export type Order = Pick<Draw, 'seed' | 'seedCommitment' | 'digest'>

/** Puts a draw into memory: a new one, or one that is loaded. */
export function keepDraw(state: BookingState, draw: Draw): void {
  state.draws.set(draw.drawId, draw)
  if (draw.status === 'done') return
  state.activeDraws.add(draw)
  for (const runId of draw.runIds) state.runsInDraws.set(runId, draw)
}

/** Its runs are on sale for everybody. */
export function endDraw(state: BookingState, draw: Draw): void {
  draw.status = 'done'
  draw.numbers.clear()
  state.activeDraws.delete(draw)
  for (const runId of draw.runIds) state.runsInDraws.delete(runId)
}

export function keepDrawEntry(draw: Draw, entry: DrawEntry): void {
  draw.entries.set(entry.number, entry)
  draw.numbers.set(entry.accountId, entry.number)
  if (entry.number <= draw.ordered) putInOrder(draw, entry)
}

export function putInOrder(draw: Draw, entry: DrawEntry): void {
  entry.key = orderKey(draw, entry.number)
  heapPush(draw.queue, entry)
}

/** What a search says of a run under a draw; undefined: it is on sale. */
export function drawOn({ runsInDraws }: BookingState, runId: number): JourneyDraw | undefined {
  const draw = runsInDraws.size === 0 ? undefined : runsInDraws.get(runId)
  return draw && { drawId: draw.drawId, untilMs: draw.revealByMs }
}

/** A run whose seats go to those who entered a draw, unless it is their turn. */
export function isInDraw({ runsInDraws, drawing }: BookingState, runId: number): boolean {
  if (runsInDraws.size === 0) return false
  const draw = runsInDraws.get(runId)
  return draw !== undefined && draw !== drawing
}
