import { describe, expect, it } from 'vitest'
import type { Command, HoldSeats, Reply, StationInput } from '../src/index.ts'
import { Duel } from './model/duel.ts'
import { startMs } from './model/prelude.ts'

/**
 * Stories too rare for generated histories, told to the machine and the model alike: every step
 * compares the two. The first ones are bugs that the generated histories found.
 */
class Story {
  readonly duel = new Duel()
  now = startMs

  constructor() {
    this.duel.prelude(() => 1)
  }

  tell(command: Command, actor = 0, requestId = ''): Reply {
    const index = this.duel.world.index + 1
    const { type: method } = command
    const key =
      requestId === ''
        ? undefined
        : { principal: `a:${actor}`, method, requestId, contentHash: 'abc' }
    return this.duel.apply({ index, timestampMs: this.now, actor, key, command })
  }

  /** A run of one long coach without intermediate stops, a day ahead. */
  longRun(rows: number): number {
    const stop = { boarding: true, alighting: true, distanceMetres: 0 }
    this.tell({
      type: 'addTrain',
      importId: undefined,
      number: 'LONG',
      name: '',
      stops: [
        { ...stop, stationCode: 'ALF', arrivalSeconds: 0, departureSeconds: 0 },
        { ...stop, stationCode: 'BET', arrivalSeconds: 60, departureSeconds: 60 },
      ],
      coaches: [0, 1, 2, 3, 4, 5].map((at) => ({
        label: `${at}`,
        classCode: '2',
        rows,
        columns: 'A',
      })),
      calendar: undefined,
    })
    const added = this.tell({
      type: 'addRuns',
      importId: undefined,
      trainId: 0,
      trainNumber: 'LONG',
      runs: [{ serviceDate: 20260103, baseMs: startMs + 48 * 3_600_000 }],
    })
    return added.type === 'runsAdded' ? (added.runIds[0] ?? 0) : 0
  }
}

const station = (code: string, name: string): StationInput => ({
  code,
  name,
  aliases: [],
  searchTerms: [code.toLowerCase()],
  latitudeE6: 0,
  longitudeE6: 0,
  timeZone: 'UTC',
})
const put = (importId: number | undefined, ...stations: StationInput[]): Command => ({
  type: 'putStations',
  importId,
  stations,
})
const hold = (runId: number, seat: number): HoldSeats => ({
  type: 'holdSeats',
  runId,
  fromStop: 0,
  toStop: 1,
  classCode: '2',
  passengers: [{ name: 'P' }],
  seats: [seat],
})

describe('found by generated histories', () => {
  it('a commit writes its rows in the same order after a restart', () => {
    const story = new Story()
    story.tell({ type: 'beginImport', source: 'feed' })
    story.tell(put(1, station('GAM', 'third'), station('ALF', 'first'), station('BET', 'second')))
    story.duel.reload()
    expect(story.tell({ type: 'commitImport', importId: 1 })).toEqual({ type: 'done' })
    story.duel.reload()
  })

  it('an import keeps its data of a new station that is put by hand meanwhile', () => {
    const story = new Story()
    story.tell({ type: 'beginImport', source: 'feed' })
    story.tell(put(1, station('NEW', 'from the import')))
    story.tell(put(undefined, station('NEW', 'by hand')))
    story.duel.reload()
    story.tell({ type: 'commitImport', importId: 1 })
    story.duel.reload()
  })

  it('an aborted import leaves a station that was put by hand meanwhile', () => {
    const story = new Story()
    story.tell({ type: 'beginImport', source: 'feed' })
    story.tell(put(1, station('NEW', 'from the import'), station('NEWER', 'too')))
    story.tell(put(undefined, station('NEW', 'by hand')))
    story.tell({ type: 'abortImport', importId: 1 })
    story.tell({ type: 'tick' })
    story.duel.reload()
  })
})

describe('portions', () => {
  it('more holds expire at once than one entry sweeps', () => {
    const story = new Story()
    story.duel.invariantsOn = false
    const runId = story.longRun(200)
    for (let seat = 0; seat < 1_050; seat++) story.tell(hold(runId, seat), 1 + (seat % 3))
    story.now += 600_000
    story.tell({ type: 'tick' })
    const statuses = story.duel.world.bookings.map((booking) => booking.status)
    expect(statuses.filter((status) => status === 'held')).toHaveLength(50)
    story.duel.reload()
    story.tell({ type: 'tick' })
    story.duel.reload()
    expect(story.duel.world.bookings.every((booking) => booking.status === 'expired')).toBe(true)
  })

  it('a trip expires as one where the portion ends between its legs', () => {
    const story = new Story()
    story.duel.invariantsOn = false
    const [runId, otherRunId] = [story.longRun(200), story.longRun(200)]
    for (let seat = 0; seat < 999; seat++) story.tell(hold(runId, seat), 1 + (seat % 3))
    const { type: _, passengers, ...leg } = hold(runId, 1_000)
    const legs = [leg, { ...leg, runId: otherRunId }]
    expect(story.tell({ type: 'holdTrip', legs, passengers }, 1)).toMatchObject({ tripId: 1_000 })
    story.now += 600_000
    story.tell({ type: 'tick' })
    expect(story.duel.world.bookings.every((booking) => booking.status === 'expired')).toBe(true)
    story.duel.reload()
  })

  it('a hold that is due and not swept yet is expired for its owner', () => {
    const story = new Story()
    story.duel.invariantsOn = false
    const runId = story.longRun(200)
    for (let seat = 0; seat < 1_200; seat++) story.tell(hold(runId, seat), 1)
    story.now += 600_000
    const last = { type: 'releaseHold', bookingId: 1_200 } as const
    expect(story.tell(last, 1)).toMatchObject({ code: 'holdExpired' })
    story.duel.reload()
  })

  it('money for a hold that is due and not swept yet buys it when the seats are free still', () => {
    const story = new Story()
    story.duel.invariantsOn = false
    const runId = story.longRun(200)
    for (let seat = 0; seat < 1_100; seat++) story.tell(hold(runId, seat), 1)
    const price = story.duel.world.bookings[1_099]?.price ?? 0
    for (const bookingId of [1_099, 1_100]) {
      const paymentToken = 'tok'
      story.tell({ type: 'startPayment', bookingId, paymentToken, amountMinor: price }, 1)
    }
    story.now += 2_000_000
    const outcome = { type: 'done', providerReference: 'ref' } as const
    story.tell({ type: 'recordOutcome', outboxId: 2, outcome })
    expect(story.duel.world.bookings[1_099]?.status).toBe('confirmed')
    story.duel.reload()
  })

  it('an aborted import is gone at once, however many rows it leaves to be removed', () => {
    const story = new Story()
    story.tell({ type: 'beginImport', source: 'feed' })
    const stop = { boarding: true, alighting: true, distanceMetres: 0 }
    story.tell({
      type: 'addTrain',
      importId: 1,
      number: 'GONE',
      name: '',
      stops: [
        { ...stop, stationCode: 'ALF', arrivalSeconds: 0, departureSeconds: 0 },
        { ...stop, stationCode: 'BET', arrivalSeconds: 60, departureSeconds: 60 },
      ],
      coaches: [{ label: '1', classCode: '2', rows: 1, columns: 'A' }],
      calendar: undefined,
    })
    const runs = Array.from({ length: 900 }, (_, at) => ({
      serviceDate: (2_000 + at) * 10_000 + 101,
      baseMs: startMs + (2 + at) * 86_400_000,
    }))
    const add = { type: 'addRuns', trainId: 3, trainNumber: '', runs } as const
    const added = story.tell({ ...add, importId: 1 })
    const runId = added.type === 'runsAdded' ? (added.runIds.at(-1) ?? 0) : 0
    expect(story.tell(hold(runId, 0), 1)).toMatchObject({ code: 'runNotOnSale' })
    story.tell({ type: 'abortImport', importId: 1 })
    story.duel.reload()
    expect(story.tell(hold(runId, 0), 1)).toMatchObject({ code: 'runNotFound' })
    expect(story.tell({ ...add, importId: undefined })).toMatchObject({ code: 'trainNotFound' })
    story.duel.reload()
    story.tell({ type: 'tick' })
    story.duel.reload()
  })

  it('old requests are forgotten a thousand at a time', () => {
    const story = new Story()
    story.duel.invariantsOn = false
    for (let at = 0; at < 1_100; at++)
      story.tell({ type: 'releaseHold', bookingId: 9 }, 1 + (at % 2), `r${at}`)
    story.now += 86_400_000
    story.tell({ type: 'tick' })
    expect(story.duel.world.requests).toHaveLength(100)
    story.tell({ type: 'releaseHold', bookingId: 8 }, 2, 'r1099')
    story.duel.reload()
  })
})

describe('limits', () => {
  it('somebody asks more often than is remembered, and only their own oldest is forgotten', () => {
    const story = new Story()
    story.duel.invariantsOn = false
    const ask = (at: number, actor: number) =>
      story.tell({ type: 'releaseHold', bookingId: 9 }, actor, `r${at}`)
    ask(0, 2)
    for (let at = 0; at < 1_003; at++) ask(at, 1)
    for (let at = 0; at < 103; at++) {
      const requestId = `never-${at}`
      const key = { principal: 'a:1', method: 'holdSeats', requestId, contentHash: 'abc' }
      story.tell({ type: 'resolveRequest', key }, 1)
    }
    expect(story.duel.world.requests).toHaveLength(1 + 1_000 + 100)
    story.duel.reload()
    ask(1_003, 1)
    ask(0, 1)
    ask(0, 2)
    story.duel.reload()
  })

  it('a booking can be tried to be paid twenty times', () => {
    const story = new Story()
    const runId = story.longRun(2)
    const held = story.tell(hold(runId, 0), 1)
    if (held.type !== 'seatsHeld') throw new Error('not held')
    const pay: Command = {
      type: 'startPayment',
      bookingId: held.bookingId,
      paymentToken: 'tok',
      amountMinor: held.priceMinor,
    }
    for (let attempt = 1; attempt <= 20; attempt++) {
      expect(story.tell(pay, 1)).toMatchObject({ type: 'paymentStarted' })
      const outcome = { type: 'refused', reason: 'declined' } as const
      story.tell({ type: 'recordOutcome', outboxId: attempt, outcome })
    }
    expect(story.tell(pay, 1)).toMatchObject({ code: 'tooMany', figure: 20 })
    story.duel.reload()
  })
})
