/** The railway that holds are measured on: 1,000 runs of one train of 800 seats and 28 segments. */
import {
  applyEntry,
  type BookingState,
  type Command,
  createState,
  type Entry,
  LATEST_FEATURE_LEVEL,
  type Reply,
  type RequestKey,
} from '@quorail/booking-fsm'

export const RUNS = 1_000
export const SEATS = 800
export const SEGMENTS = 28
export const ACCOUNTS = 1_000
/** What the founding, the timetable and the accounts take of the log. */
export const FIRST_MS = Date.UTC(2026, 0, 5)
export const HOLD_MS = 600_000

/** A state and the log that it is fed with. */
export class Railway {
  readonly state: BookingState
  index: number
  nowMs: number

  constructor(state: BookingState, index: number, nowMs: number) {
    this.state = state
    this.index = index
    this.nowMs = nowMs
  }

  static found(firstMs = FIRST_MS): Railway {
    const railway = new Railway(createState(), 0, firstMs)
    for (const command of founding(firstMs)) railway.must(command)
    return railway
  }

  entry(command: Command, actor = 0, key?: RequestKey): Entry {
    return { index: ++this.index, timestampMs: this.nowMs, actor, key, command }
  }

  must(command: Command, actor = 0, key?: RequestKey): Reply {
    const { reply } = applyEntry(this.state, this.entry(command, actor, key))
    if (reply.type === 'refused') throw new Error(`${command.type}: ${JSON.stringify(reply)}`)
    return reply
  }
}

function* founding(firstMs: number): Generator<Command> {
  const fare = { classCode: '2', baseMinor: 250, perThousandKilometresMinor: 9_000 }
  yield {
    type: 'foundCluster',
    clusterId: '0123456789abcdef'.repeat(2),
    pnrKey: [1, 2, 3, 4],
    currency: 'EUR',
    holdMs: HOLD_MS,
    paymentWindowMs: 300_000,
    featureLevel: LATEST_FEATURE_LEVEL,
  }
  yield { type: 'setFareRule', validFromMs: 0, classes: [fare] }
  const bands = [{ untilBeforeDepartureMs: 86_400_000, refundBasisPoints: 9_000 }]
  yield { type: 'setRefundRule', validFromMs: 0, bands }
  yield { type: 'putStations', importId: undefined, stations: allStops.map(stationAt) }
  yield {
    type: 'addTrain',
    importId: undefined,
    number: 'IC 1',
    name: '',
    stops: allStops.map(stopAt),
    coaches: Array.from({ length: 10 }, (_, i) => ({
      label: `${i + 1}`,
      classCode: '2',
      rows: SEATS / 10 / 4,
      columns: 'AB-CD',
    })),
    calendar: undefined,
  }
  const runs = Array.from({ length: RUNS }, (_, i) => ({
    serviceDate: dateAfter(firstMs, i),
    baseMs: firstMs + (i + 60) * 86_400_000,
  }))
  yield { type: 'addRuns', importId: undefined, trainId: 1, trainNumber: '', runs }
  for (let i = 0; i < ACCOUNTS; i++) {
    const email = `passenger${i}@example.org`
    const displayName = `Passenger ${i}`
    yield { type: 'registerAccount', email, displayName, passwordHash: 'h', role: 'passenger' }
  }
}

const allStops = Array.from({ length: SEGMENTS + 1 }, (_, i) => i)

const stationAt = (i: number) => ({
  code: `S${i}`,
  name: `Station ${i}`,
  aliases: [],
  searchTerms: [`station ${i}`],
  latitudeE6: i,
  longitudeE6: i,
  timeZone: 'UTC',
})

const stopAt = (i: number) => ({
  stationCode: `S${i}`,
  arrivalSeconds: i * 600,
  departureSeconds: i * 600 + 60,
  distanceMetres: i * 40_000,
  boarding: i < SEGMENTS,
  alighting: i > 0,
})

function dateAfter(firstMs: number, days: number): number {
  const [year = 0, month = 0, day = 0] = new Date(firstMs + days * 86_400_000)
    .toISOString()
    .slice(0, 10)
    .split('-')
    .map(Number)
  return year * 10_000 + month * 100 + day
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
export function randomFrom(seed: number): () => number {
  let at = seed
  return () => {
    at = (at + 0x6d2b_79f5) | 0
    let mixed = Math.imul(at ^ (at >>> 15), 1 | at)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
