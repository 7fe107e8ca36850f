/**
 * Sends every command, whole or with hostile fields, from everybody, and looks at what becomes of it.
 * Throws at the first thing that must not be.
 */
import { type Applied, applyEntry } from '../../src/apply.ts'
import type { Command, Entry, RequestKey } from '../../src/commands.ts'
import { rowHash } from '../../src/hash.ts'
import { loadState } from '../../src/load.ts'
import { findReply } from '../../src/queries/requests.ts'
import { nextExpiryMs } from '../../src/queries/seats.ts'
import type { Refusal, Reply } from '../../src/replies.ts'
import type { Value } from '../../src/rows.ts'
import { rowsOf, stateHash } from '../../src/snapshot.ts'
import { type BookingState, createState } from '../../src/state.ts'
import { hostileCommand, hostileEntry, oddities } from '../model/hostile.ts'
import { DAY, HOLD, key, type Railway } from '../world.ts'
import { archivedKey, archivedOwners } from './archive.ts'
import type { FuzzRailway } from './bookings.ts'
import { type Generator, generatorFor } from './commands.ts'
import { foreignRow, isFor, ownersIn } from './owners.ts'
import { actors, burned, fuzzRailway, guests, railwaymen, used } from './world.ts'

export interface Seen {
  readonly command: unknown
  readonly entry: Entry
  readonly refusal: Refusal
}

/** So many entries are sent to a world, then it begins anew. */
const ENTRIES_PER_WORLD = 150

/** Of these every third entry is one. */
const entrances = [
  'holdSeats',
  'holdTrip',
  'joinWaitingList',
  'rebookFree',
  'holdExchange',
] as const

/** What a fuzzer is still looking for: every other entry is one of these commands. */
export type Wanted = () => readonly string[]

/** Gives every refusal it met to `met`. Ends early when nothing is wanted any more. */
export function fuzz(
  seed: number,
  entries: number,
  met: (seen: Seen) => void,
  wanted?: Wanted,
): void {
  const draw = drawFrom(seed)
  const first = fuzzRailway()
  const generator = generatorFor(first)
  const rows = rowsOf(first.state)
  const [ofLevelOne, ofLevelTwo] = [1, 2].map((level) =>
    rows.map(({ table, values }) => ({
      table,
      values: table === 'meta' ? values.with(3, level) : values,
    })),
  )
  for (let sent = 0; sent < entries; sent += ENTRIES_PER_WORLD) {
    const looked = wanted?.() ?? []
    if (wanted !== undefined && looked.length === 0) return
    const founded = draw() % 40 !== 0
    const state = founded ? loadState([ofLevelOne, ofLevelTwo][draw() % 8] ?? rows) : createState()
    const world: FuzzRailway = { ...first, state, index: founded ? first.index : 0 }
    // In every other world the trains of most bookings are leaving right now.
    if (draw() % 2 === 0) world.nowMs += 60_000
    if (founded && draw() % 2 === 0) applied(state, entryOf(world, salesRule(world, draw)))
    if (founded && draw() % 8 === 0) applied(state, entryOf(world, noGuests(world)))
    for (let at = 0; at < ENTRIES_PER_WORLD; at++) {
      // What time brings is the tick's doing: what follows is the command's.
      do applied(state, entryOf(world, { type: 'tick' }))
      while (hasMoreToDo(state))
      const entry = nextEntry(world, generator, draw, looked)
      const earlier = entry.key === undefined ? undefined : findReply(state, entry.key)
      const reply = step(world, entry)
      // A refusal that is repeated may be another command's.
      const isOwn = reply.type === 'refused' && (earlier === undefined || isOfRequest(reply))
      if (isOwn) met({ command: entry.command?.type, entry, refusal: reply })
    }
    const again = loadState(rowsOf(state))
    if (stateHash(again) !== stateHash(state)) throw new Error('its rows do not load')
  }
}

/** Too early for nearly every run, or too late, or for who holds one already. */
function salesRule({ nowMs }: Railway, draw: () => number): Command {
  const way = draw() % 4
  return {
    type: 'setSalesRule',
    validFromMs: nowMs,
    holdMs: 600_000,
    extensionMs: way === 3 ? HOLD : 0,
    maxOpenHolds: way > 1 ? 1 : 0,
    maxPassengers: 6,
    opensBeforeMs: way === 0 ? 1 : 0,
    closesBeforeMs: way === 1 ? 864_000_000 : 0,
  }
}

function noGuests({ nowMs }: Railway): Command {
  return { type: 'setGuestRule', validFromMs: nowMs, maxHolds: 0, retentionMs: 30 * DAY }
}

function isOfRequest({ code }: Refusal): boolean {
  return code === 'requestIdReused' || code === 'requestArchived' || code === 'requestBurned'
}

function entryOf(world: Railway, command: Command): Entry {
  const index = ++world.index
  return { index, timestampMs: world.nowMs, actor: 0, key: undefined, command }
}

function nextEntry(
  world: FuzzRailway,
  { types, make }: Generator,
  draw: () => number,
  looked: readonly string[],
): Entry {
  // A hold, another train and an exchange have the most ways to be refused.
  const holds = draw() % 3 === 0
  const rare = looked.length > 0 && draw() % 2 === 0 ? looked[draw() % looked.length] : undefined
  const type =
    types.find((known) => known === rare) ??
    (holds ? entrances[draw() % entrances.length] : types[draw() % types.length])
  const plain = make(world, type ?? 'tick', draw)
  const anyone = actors[draw() % actors.length] ?? 0
  // What is done with a booking is mostly done by whose it is.
  const bookingId = 'bookingId' in plain ? plain.bookingId : 0
  const owner = world.state.bookings.get(bookingId)?.accountId ?? archivedOwners.get(bookingId)
  const isOwner = owner !== undefined && draw() % 3 > 0
  const few = entrances.some((entrance) => entrance === type) ? guests : railwaymen
  const special = few[draw() % few.length] ?? 0
  const actor = isOwner ? owner : draw() % 3 === 0 ? special : anyone
  const entry = {
    ...entryOf(world, twisted(plain, draw)),
    actor,
    key: keyFor(actor, draw),
  }
  return draw() % 30 === 0 ? hostileEntry(entry, draw) : entry
}

function twisted(plain: Command, draw: () => number): Command {
  const way = draw() % 10
  if (way < 4) return plain
  if (way < 6) return hostileCommand(plain, draw)
  if (way < 8) return somewhereElse(plain, draw)
  if (way < 9) return hostileCommand(hostileCommand(plain, draw), draw)
  // Nothing but the type is as it should be, and now and then not even that.
  const odd = () => oddities[draw() % oddities.length]
  if (draw() % 4 === 0) return odd() as Command
  return Object.fromEntries(
    Object.keys(plain).map((field) => [field, field === 'type' ? plain.type : odd()]),
  ) as unknown as Command
}

/** Anything in the command, a whole list or a thing in it too, is something else. */
function somewhereElse(plain: Command, draw: () => number): Command {
  const copy = structuredClone(plain) as unknown as Record<string, unknown>
  const places: { holder: Record<string, unknown>; field: string }[] = []
  const collect = (holder: Record<string, unknown>): void => {
    for (const [field, value] of Object.entries(holder)) {
      if (holder !== copy || field !== 'type') places.push({ holder, field })
      if (typeof value === 'object' && value !== null) collect(value as Record<string, unknown>)
    }
  }
  collect(copy)
  const place = places[draw() % Math.max(places.length, 1)]
  if (place !== undefined) place.holder[place.field] = oddities[draw() % oddities.length]
  return copy as unknown as Command
}

function keyFor(actor: number, draw: () => number): RequestKey | undefined {
  const way = draw() % 12
  if (way === 9 && draw() % 4 === 0) return archivedKey
  if (way < 6) return undefined
  if (way === 6) return burned
  if (way === 7) return { ...used, contentHash: draw() % 2 === 0 ? 'f00' : 'f01' }
  const principal = actor > 0 && way !== 8 ? `a:${actor}` : 'c:browser'
  return key(`r${draw() % 500}`, { principal })
}

function step(world: Railway, entry: Entry): Reply {
  const { state } = world
  // Who waits may get what somebody else gives back.
  const waited = new Set(state.waiting.keys())
  // Row by row now and then, else by the hash: rows that change are written, or are found not to load.
  const look = world.index % 16 === 0 ? lookAt : glanceAt
  const before = look(state, entry, waited)
  const owners = ownersIn(state)
  const { reply, changes } = applied(state, entry)
  const after = look(state, entry, waited)
  const what = () => `${JSON.stringify(entry)} answered ${JSON.stringify(reply)}`
  if (reply.type === 'refused' && before.lasting !== after.lasting) {
    throw new Error(`refused, and half done: ${what()}`)
  }
  if (before.others !== after.others && !isFor(state, entry.actor, entry.command?.type))
    throw new Error(`somebody else's booking: ${what()}`)
  const foreign = foreignRow(state, owners, entry, changes)
  if (foreign !== undefined) throw new Error(`somebody else's row: ${foreign}: ${what()}`)
  return reply
}

function applied(state: BookingState, entry: Entry): Applied {
  try {
    return applyEntry(state, entry)
  } catch (error) {
    throw new Error(`it throws: ${JSON.stringify(entry)}`, { cause: error })
  }
}

interface Look {
  readonly lasting: string
  readonly others: string
}

/** The same by the rows' hashes as the state keeps them, without looking at whose they are. */
function glanceAt(state: BookingState, { key: own }: Entry): Look {
  const { appliedIndex: _, nowMs: __, hashLow, hashHigh, ...counters } = state.meta
  let [low, high] = [state.hashLow - hashLow, state.hashHigh - hashHigh]
  for (const kept of own === undefined ? [] : state.remembered.values()) {
    low -= kept.hashLow
    high -= kept.hashHigh
  }
  const lasting = `${low >>> 0} ${high >>> 0} ${JSON.stringify(counters)}`
  return { lasting, others: '' }
}

/** All but clock and position; and of bookings those that the actor has nothing to do with. */
function lookAt(
  state: BookingState,
  { actor, key: own }: Entry,
  waited: ReadonlySet<number>,
): Look {
  let [lasting, others] = [0, 0]
  const { appliedIndex: _, nowMs: __, hashLow: ___, hashHigh: ____, ...counters } = state.meta
  const isCluster = actor === 0 && own?.principal?.startsWith?.('c:') !== true
  for (const { table, values } of rowsOf(state)) {
    if (table === 'meta' || (table === 'requests' && own !== undefined)) continue
    const { low, high } = rowHash(table, values)
    lasting = (lasting + low * 3 + high) % 0x1_0000_0000
    if (table === 'bookings' && waited.has(values[0] as number)) continue
    const owner = ownerOf(state, table, values)
    if (owner !== 0 && owner !== actor && !isCluster) others = (others + low) >>> 0
  }
  return { lasting: `${lasting} ${JSON.stringify(counters)}`, others: String(others) }
}

/** Whose booking it is a row of; 0: it is of none. A payment is also the provider's and of staff who send refunds. */
function ownerOf({ bookings }: BookingState, table: string, values: readonly Value[]): number {
  if (table === 'bookings') return values[1] as number
  if (table === 'draw_entries') return values[2] as number
  const ofBooking = ['cancelled_passengers', 'refund_offers', 'tickets'].includes(table)
  if (table === 'notice_preferences') return values[0] as number
  if (!ofBooking) return 0
  return bookings.get(values[0] as number)?.accountId ?? 0
}

/** Numbers below 2^16 that follow from the seed. */
function drawFrom(seed: number): () => number {
  let at = seed | 0
  return () => {
    at = (at + 0x6d2b_79f5) | 0
    let mixed = Math.imul(at ^ (at >>> 15), 1 | at)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) & 0xffff
  }
}

/** What time brings comes in portions: of expiries, of draws, of what is cleaned away. */
function hasMoreToDo(state: BookingState): boolean {
  const next = nextExpiryMs(state)
  return next !== undefined && next <= state.meta.nowMs
}
