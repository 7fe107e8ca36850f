/** A small railway to try rules on: one line, two trains, two people, and a log that counts itself. */
import { applyEntry } from '../src/apply.ts'
import type {
  AddTrain,
  Command,
  Entry,
  RequestKey,
  TrainStop,
  WaitingChoice,
} from '../src/commands.ts'
import { LATEST_FEATURE_LEVEL } from '../src/feature-levels.ts'
import type { Reply } from '../src/replies.ts'
import type { RowChange } from '../src/rows.ts'
import { type BookingState, createState } from '../src/state.ts'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR
export const HOLD = 600_000
export const WINDOW = 300_000
/** A Monday, 00:00 UTC. */
export const MONDAY = Date.UTC(2026, 10, 23)
export const CLUSTER_ID = '0123456789abcdef0123456789abcdef'

export interface World {
  state: BookingState
  nowMs: number
  index: number
  /** The changes of the last entry. */
  changes: readonly RowChange[]
}
export interface By {
  readonly actor?: number
  readonly key?: RequestKey
}

/** The next entry of the log. */
export function send(world: World, command: Command, by: By = {}): Reply {
  const entry: Entry = {
    index: ++world.index,
    timestampMs: world.nowMs,
    actor: by.actor ?? 0,
    key: by.key,
    command,
  }
  const { reply, changes } = applyEntry(world.state, entry)
  world.changes = changes
  return reply
}

/** The same, for what must succeed. */
export function must<T extends Reply['type']>(
  reply: Reply,
  type: T,
): Extract<Reply, { readonly type: T }> {
  if (reply.type !== type) throw new Error(`${type} expected: ${JSON.stringify(reply)}`)
  return reply as Extract<Reply, { readonly type: T }>
}

export function emptyWorld(nowMs = MONDAY): World {
  return { state: createState(), nowMs, index: 0, changes: [] }
}

export const founding: Command = {
  type: 'foundCluster',
  clusterId: CLUSTER_ID,
  pnrKey: [1, 2, 3, 4],
  currency: 'EUR',
  holdMs: HOLD,
  paymentWindowMs: WINDOW,
  featureLevel: LATEST_FEATURE_LEVEL,
}

/** Second class 10.00 + 0.10 per km, first class 20.00 + 0.20 per km. */
export const fares: Command = {
  type: 'setFareRule',
  validFromMs: 0,
  classes: [
    { classCode: '2', baseMinor: 1_000, perThousandKilometresMinor: 10_000 },
    { classCode: '1', baseMinor: 2_000, perThousandKilometresMinor: 20_000 },
  ],
}
/** All until a day before, half until departure. */
export const refunds: Command = {
  type: 'setRefundRule',
  validFromMs: 0,
  bands: [
    { untilBeforeDepartureMs: DAY, refundBasisPoints: 10_000 },
    { untilBeforeDepartureMs: 0, refundBasisPoints: 5_000 },
  ],
}

export function station(code: string, name = code): Parameters<typeof stations>[0][number] {
  return {
    code,
    name,
    aliases: [],
    searchTerms: [name.toLowerCase()],
    latitudeE6: 0,
    longitudeE6: 0,
    timeZone: 'UTC',
  }
}
export function stations(
  list: Extract<Command, { type: 'putStations' }>['stations'],
  importId?: number,
): Command {
  return { type: 'putStations', importId, stations: list }
}

/** An hour and 100 km from stop to stop, the first departure at 06:00, ten minutes' halt. */
export function stopsAt(...codes: string[]): TrainStop[] {
  return codes.map((stationCode, i) => ({
    stationCode,
    arrivalSeconds: (6 + i) * 3_600 - 600,
    departureSeconds: (6 + i) * 3_600,
    distanceMetres: i * 100_000,
    boarding: true,
    alighting: true,
  }))
}

export function train(number: string, changed: Partial<AddTrain> = {}): AddTrain {
  return {
    type: 'addTrain',
    importId: undefined,
    number,
    name: '',
    stops: stopsAt('A', 'B', 'C', 'D', 'E'),
    coaches: [
      { label: '1', classCode: '1', rows: 2, columns: 'A-BC' },
      { label: '2', classCode: '2', rows: 3, columns: 'AB-CD' },
      { label: '3', classCode: '2', rows: 3, columns: 'AB-CD' },
    ],
    calendar: undefined,
    ...changed,
  }
}

export function runs(trainId: number, ...days: number[]): Command {
  return {
    type: 'addRuns',
    importId: undefined,
    trainId,
    trainNumber: '',
    // From the eighth day on it is December.
    runs: days.map((day) => ({
      serviceDate: 20261123 + day + (day > 7 ? 70 : 0),
      baseMs: MONDAY + day * DAY,
    })),
  }
}

/** Seats 0–5 are first class; 6–17 and 18–29 second. */
export interface Railway extends World {
  readonly trainId: number
  /** Runs on Wednesday 06:00 from A, 07:00 B, 08:00 C, 09:00 D, arriving 09:50 at E. */
  readonly runId: number
  readonly ann: number
  readonly bob: number
}

export function railway(nowMs = MONDAY): Railway {
  const world = emptyWorld(nowMs)
  must(send(world, founding), 'done')
  must(send(world, fares), 'done')
  must(send(world, refunds), 'done')
  must(send(world, stations(['A', 'B', 'C', 'D', 'E'].map((code) => station(code)))), 'done')
  const { trainId } = must(send(world, train('IC 1')), 'trainAdded')
  const [runId = 0] = must(send(world, runs(trainId, 2)), 'runsAdded').runIds
  const ann = register(world, 'ann@example.org')
  const bob = register(world, 'bob@example.org')
  return Object.assign(world, { trainId, runId, ann, bob })
}

export function register(
  world: World,
  email: string,
  role: 'passenger' | 'agent' | 'staff' | 'operator' = 'passenger',
): number {
  return must(send(world, account(email, role)), 'accountRegistered').accountId
}
export function account(
  email: string,
  role: 'passenger' | 'agent' | 'staff' | 'operator' = 'passenger',
): Command {
  return { type: 'registerAccount', email, displayName: 'Somebody', passwordHash: 'hash', role }
}

export interface HoldOptions {
  readonly from?: number
  readonly to?: number
  readonly seats?: readonly number[]
  readonly passengers?: number
  readonly classCode?: string
  readonly types?: readonly string[]
}
export function hold(runId: number, options: HoldOptions = {}): Command {
  const count = options.passengers ?? options.types?.length ?? options.seats?.length ?? 1
  return {
    type: 'holdSeats',
    runId,
    fromStop: options.from ?? 0,
    toStop: options.to ?? 4,
    classCode: options.classCode ?? '2',
    passengers: Array.from({ length: count }, (_, i) => ({
      name: `Passenger ${i + 1}`,
      passengerType: options.types?.[i],
    })),
    seats: options.seats ?? [],
  }
}

export function key(requestId: string, changed: Partial<RequestKey> = {}): RequestKey {
  return { principal: 'c:browser', method: 'Test', requestId, contentHash: 'abc', ...changed }
}

export interface Held {
  readonly bookingId: number
  readonly priceMinor: number
  readonly seats: readonly number[]
}
export function held(world: World, actor: number, runId: number, options: HoldOptions = {}): Held {
  return must(send(world, hold(runId, options), { actor }), 'seatsHeld')
}

export function pay(world: World, actor: number, booking: Held): Reply {
  const { bookingId, priceMinor } = booking
  return send(
    world,
    { type: 'startPayment', bookingId, paymentToken: 'tok_1', amountMinor: priceMinor },
    { actor },
  )
}

export function done(world: World, outboxId: number): Reply {
  const outcome = { type: 'done', providerReference: `ref-${outboxId}` } as const
  return send(world, { type: 'recordOutcome', outboxId, outcome })
}

export function refused(world: World, outboxId: number, reason = 'no funds'): Reply {
  return send(world, { type: 'recordOutcome', outboxId, outcome: { type: 'refused', reason } })
}

/** Held, paid and authorised; the capture is queued under the next outbox id. */
export function confirmed(
  world: World,
  actor: number,
  runId: number,
  options: HoldOptions = {},
): Held {
  const booking = held(world, actor, runId, options)
  must(pay(world, actor, booking), 'paymentStarted')
  must(done(world, world.state.meta.nextOutboxId - 1), 'done')
  return booking
}

/** A quarter of a class may wait until an hour before the train leaves. */
export const waitingLists: Command = {
  type: 'setWaitingRule',
  validFromMs: 0,
  capBasisPoints: 2_500,
  chartBeforeDepartureMs: HOUR,
  promotedHoldMs: HOLD,
}

export interface JoinOptions extends Pick<HoldOptions, 'from' | 'to' | 'passengers' | 'classCode'> {
  readonly deadlineMs?: number
  readonly alternatives?: readonly WaitingChoice[]
  readonly maxPriceMinor?: number
}
/** First class, which is small, and for a week. */
export function join(runId: number, options: JoinOptions = {}): Command {
  const { from = 0, to = 4, passengers = 1, classCode = '1', alternatives = [] } = options
  return {
    type: 'joinWaitingList',
    runId,
    fromStop: from,
    toStop: to,
    classCode,
    passengers: Array.from({ length: passengers }, (_, i) => ({ name: `Waits ${i + 1}` })),
    deadlineMs: options.deadlineMs ?? MONDAY + 7 * DAY,
    alternatives,
    maxPriceMinor: options.maxPriceMinor ?? 1_000_000,
  }
}

export function joined(world: World, actor: number, runId: number, options: JoinOptions = {}) {
  return must(send(world, join(runId, options), { actor }), 'waitingListJoined')
}
