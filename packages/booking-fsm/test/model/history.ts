import fc from 'fast-check'
import type { Command, Entry, RequestKey } from '../../src/index.ts'
import type { Draw } from './draws.ts'
import { isMuchLater, longLater } from './history/archive.ts'
import { arrivalsOf, nextArrival } from './history/delays.ts'
import { commandFor } from './history-commands.ts'
import { hostileCommand, hostileEntry } from './hostile.ts'
import { departureAt, isLive, type World } from './world.ts'

/**
 * Histories that shrink: a step is a handful of plain numbers, and only when it is reached do they
 * become a command, by looking at what the model's world holds then.
 */
export interface Step {
  readonly kind: Kind
  readonly numbers: readonly number[]
  readonly time: number
  /** How the entry is twisted: mostly not at all. */
  readonly twist: number
}

export const weights = {
  hold: 26,
  trip: 8,
  release: 4,
  extend: 4,
  sale: 2,
  products: 2,
  voucher: 14,
  pay: 18,
  outcome: 26,
  cancel: 6,
  offer: 12,
  accept: 14,
  payRefund: 3,
  chargeback: 6,
  join: 24,
  leave: 3,
  chart: 1,
  exchange: 14,
  confirm: 8,
  cancelRun: 1,
  delay: 12,
  connection: 8,
  continueDisruption: 9,
  consist: 16,
  rebook: 8,
  takeRefund: 3,
  compensation: 1,
  override: 4,
  decide: 2,
  tickets: 9,
  inspect: 8,
  ticketKey: 2,
  node: 2,
  tick: 2,
  retry: 7,
  resolve: 4,
  account: 2,
  session: 3,
  accountChange: 5,
  secondFactor: 6,
  runs: 3,
  train: 2,
  calendar: 2,
  stations: 2,
  import: 3,
  rules: 3,
  found: 1,
  seats: 9,
  guests: 8,
  agents: 12,
  companies: 14,
  notice: 8,
  draw: 9,
  archive: 12,
} as const
export type Kind = keyof typeof weights

export const kinds = Object.keys(weights) as Kind[]
const kind: fc.Arbitrary<Kind> = fc.oneof(
  ...kinds.map((k) => ({ weight: weights[k], arbitrary: fc.constant(k) })),
)
const number = fc.nat(0xffff)

export const step: fc.Arbitrary<Step> = fc.record({
  kind,
  numbers: fc.array(number, { minLength: 12, maxLength: 12 }),
  time: number,
  twist: number,
})

/** An entry sent earlier, with the key it went under. */
export interface Sent {
  readonly entry: Entry & { readonly key: RequestKey }
}

export function entryFor(world: World, sent: readonly Sent[], s: Step): Entry {
  const draw = drawFrom(s.numbers)
  const index = world.index + 1 + (s.twist % 50 === 7 ? s.twist % 5 : 0)
  // Now and then a draw is asked for something at the very end of its window.
  const ends = world.draws.map(({ terms }) => terms.windowToMs).find((at) => at > world.now)
  const isLast = s.kind === 'draw' && s.twist % 8 === 0
  // A month later what was sold is over, and may be archived; and trains arrive.
  const isLater = s.kind === 'archive' && isMuchLater(world, s.twist)
  const later = isLater ? world.now + longLater : undefined
  const comes = s.kind === 'delay' && s.twist % 4 > 0 ? nextArrival(world) : undefined
  const timestampMs = (isLast ? ends : comes) ?? later ?? stampFor(world, s.time, draw)
  if (s.kind === 'retry' && sent.length > 0) {
    const again =
      sent[sent.length - 1 - (draw() % Math.min(sent.length, world.archived.length > 0 ? 600 : 60))]
    if (again !== undefined) return { ...retried(again, draw), index, timestampMs }
  }
  const { actor, command: plain } = commandFor(world, sent, s.kind, draw)
  const command = s.twist % 25 === 3 ? hostileCommand(plain, draw) : plain
  const entry: Entry = { index, timestampMs, actor, key: keyFor(actor, command, s, index), command }
  return s.twist % 100 === 11 ? hostileEntry(entry, draw) : entry
}

function drawFrom(numbers: readonly number[]): Draw {
  let at = 0
  return () => numbers[at++ % numbers.length] ?? 0
}

/** The same request again; now and then the id is used for something else. */
function retried({ entry }: Sent, draw: Draw): Entry {
  if (draw() % 8 !== 0) return entry
  return { ...entry, key: { ...entry.key, contentHash: 'bad0' } }
}

function keyFor(actor: number, command: Command, s: Step, index: number): RequestKey | undefined {
  const { type } = command
  if (actor === 0 && s.twist % 3 !== 0) return undefined
  const mayBeAnonymous = type === 'registerAccount' || s.twist % 40 === 9
  const provider = mayBeAnonymous ? `c:browser-${s.twist % 4}` : 'p:sandbox'
  const principal = actor > 0 ? `a:${actor}` : provider
  // The ids that `resolve` asks for before anybody used them: some are burned by then.
  if (s.twist % 19 === 5) {
    const requestId = `never-${s.twist % 9}`
    return { principal, method: 'holdSeats', requestId, contentHash: 'abc' }
  }
  const requestId = `request-${index}`
  return { principal, method: type, requestId, contentHash: contentHash(command) }
}

export function contentHash(command: Command): string {
  let hash = 7
  const text = JSON.stringify(command) ?? ''
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) >>> 0
  return hash.toString(16)
}

/** Mostly a little later; often exactly where something changes; now and then far away or back. */
function stampFor(world: World, time: number, draw: Draw): number {
  const { now } = world
  const way = time % 100
  if (way < 40) return now
  if (way < 65) return now + (time % 5_000)
  if (way < 78) return now + (time % 90) * 1_000
  if (way < 90) return edge(world, draw) ?? now
  if (way < 94) return now + (time % 12) * 60_000
  if (way < 98) return Math.max(0, now - time)
  return now + (time % 700 < 98 ? (time % 30) * 3_600_000 : 0)
}

/** An instant at which something changes, or one millisecond beside it; not too far ahead. */
export function edge(world: World, draw: Draw): number | undefined {
  const { now } = world
  const hour = 3_600_000
  const edges = [
    ...world.bookings.filter((b) => isLive(b) && b.status !== 'confirmed').map((b) => b.expiresAt),
    ...world.bookings.flatMap((b) => (b.offer === undefined ? [] : [b.offer.expiresAt])),
    ...world.runs.flatMap((run) => {
      if (!world.trains.some((train) => train.id === run.trainId)) return []
      const departure = departureAt(world, run, draw() % 3)
      return [departure, departure - 24 * hour, departure - 2 * hour]
    }),
    ...world.requests.slice(-20).map((request) => request.at + 24 * hour),
    ...world.disruptions.map((disruption) => disruption.choiceUntil),
    ...arrivalsOf(world),
    ...world.notices.flatMap((it) => (it.gone ? [] : [it.queuedAt + 72 * hour])),
    ...world.draws.flatMap(({ terms }) => [terms.windowFromMs, terms.windowToMs, terms.revealByMs]),
    ...world.sessions.map((session) => session.expiresAt),
  ]
    .filter((at) => at > now - 2 && at < now + 12 * hour)
    .sort((a, b) => a - b)
  const chosen = edges[draw() % Math.min(5, Math.max(1, edges.length))]
  return chosen === undefined ? undefined : chosen - 1 + (draw() % 3)
}
