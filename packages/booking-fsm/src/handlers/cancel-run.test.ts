import { describe, expect, it } from 'vitest'
import {
  confirmed,
  DAY,
  done,
  type Held,
  HOUR,
  held,
  hold,
  joined,
  MONDAY,
  must,
  pay,
  type Railway,
  railway,
  refused,
  register,
  runs,
  send,
  train,
  waitingLists,
} from '../../test/world.ts'
import type { Command } from '../commands.ts'
import { loadState } from '../load.ts'
import { findBooking } from '../queries/bookings.ts'
import { searchConnections } from '../queries/connections.ts'
import { dueDisruption, findDisruption } from '../queries/disruptions.ts'
import { searchJourneys } from '../queries/journeys.ts'
import { ledgerReport } from '../queries/ledger.ts'
import { ledgerTotals, pendingOutbox } from '../queries/payments.ts'
import { occupancy } from '../queries/seats.ts'
import { findStation } from '../queries/stations.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

const refusedWith = (code: string, more = {}) =>
  expect.objectContaining({ type: 'refused', code, ...more })

/** Paid, and the money is here. */
function sold(world: Railway, actor: number, runId: number, options = {}): Held {
  const booking = confirmed(world, actor, runId, options)
  must(done(world, world.state.meta.nextOutboxId - 1), 'done')
  return booking
}
function cancelled(world: Railway, runId = world.runId): number {
  return must(send(world, { type: 'cancelRun', runId, reason: 'strike' }), 'disruptionBegun')
    .disruptionId
}
const go = (world: Railway, disruptionId: number) =>
  send(world, { type: 'continueDisruption', disruptionId })
const status = (world: Railway, { bookingId }: { bookingId: number }) =>
  findBooking(world.state, bookingId)?.status
const connections = (
  state: Railway['state'],
  stations: { fromStationId: number; toStationId: number },
) =>
  searchConnections(state, {
    ...{ fromStationId: stations.fromStationId, toStationId: stations.toStationId },
    ...{ earliestMs: MONDAY + 2 * DAY, latestMs: MONDAY + 3 * DAY, nowMs: MONDAY },
    ...{ maxChanges: 0, passengerTypes: [''], limit: 9 },
  })
const rebooking = (bookingId: number, runId: number, more = {}): Command => ({
  type: 'rebookFree',
  bookingId,
  runId,
  fromStop: 0,
  toStop: 4,
  seats: [],
  ...more,
})
/** Three days to choose, a train up to two days later. */
const rule: Command = {
  type: 'setCompensationRule',
  validFromMs: 0,
  choiceMs: 3 * DAY,
  rebookMs: 2 * DAY,
  minimumMinor: 400,
  maximumMinor: 0,
  bands: [],
}
const runOn = (world: Railway, day: number) =>
  must(send(world, runs(world.trainId, day)), 'runsAdded').runIds[0] as number

describe('a run that is cancelled', () => {
  it('is off sale at once: not found, not held, not paid, not confirmed by a late authorisation', () => {
    const world = railway()
    const waits = held(world, world.ann, world.runId)
    const paying = held(world, world.bob, world.runId)
    must(pay(world, world.bob, paying), 'paymentStarted')
    const [from, to] = ['A', 'E'].map((code) => findStation(world.state, code)?.stationId ?? 0)
    const stations = { fromStationId: from ?? 0, toStationId: to ?? 0, passengers: 1 }
    expect(connections(world.state, stations).length).toBe(1)
    cancelled(world)
    expect(send(world, hold(world.runId), { actor: world.ann })).toEqual(
      refusedWith('runCancelled'),
    )
    expect(pay(world, world.ann, waits)).toEqual(refusedWith('runCancelled'))
    const query = { earliestMs: MONDAY, latestMs: MONDAY + 9 * DAY, nowMs: MONDAY, limit: 9 }
    expect(searchJourneys(world.state, { ...query, ...stations })).toEqual([])
    const loaded = loadState(rowsOf(world.state))
    expect(searchJourneys(loaded, { ...query, ...stations })).toEqual([])
    for (const state of [world.state, loaded]) expect(connections(state, stations)).toEqual([])
    must(done(world, world.state.meta.nextOutboxId - 1), 'done')
    expect(status(world, paying)).toBe('released')
    expect(pendingOutbox(world.state, 9).map(({ kind }) => kind)).toEqual(['void'])
  })

  it('frees everything in its staged work: holds go, who has paid may choose', () => {
    const world = railway()
    const waits = held(world, world.ann, world.runId)
    const paying = held(world, world.bob, world.runId)
    must(pay(world, world.bob, paying), 'paymentStarted')
    const paid = sold(world, world.ann, world.runId, { passengers: 3 })
    const disruptionId = cancelled(world)
    expect(status(world, paid)).toBe('confirmed')
    expect(dueDisruption(world.state, world.nowMs)).toBe(disruptionId)
    must(go(world, disruptionId), 'done')
    expect([waits, paying, paid].map((it) => status(world, it))).toEqual([
      'released',
      'released',
      'disrupted',
    ])
    const segments = occupancy(world.state, world.runId)?.segments
    expect(segments?.every(({ sold: count, held: on }) => count + on === 0)).toBe(true)
    expect(findDisruption(world.state, disruptionId)).toMatchObject({
      phase: 'choosing',
      bookings: 1,
      open: 1,
    })
    expect(findBooking(world.state, paid.bookingId)).toMatchObject({
      changes: [{ kind: 'trainCancelled', reason: 'strike', seats: paid.seats }],
      disruption: { mayRebook: true, mayTakeRefund: true, choiceUntilMs: world.nowMs + 3 * DAY },
    })
    // The authorisation that was on its way is given back.
    must(done(world, 1), 'done')
    expect(pendingOutbox(world.state, 9).map(({ kind }) => kind)).toEqual(['void'])
  })

  it('gives the whole price back by itself, once, to who does not choose', () => {
    const world = railway()
    const paid = sold(world, world.ann, world.runId, { passengers: 2 })
    // Half would be kept now.
    world.nowMs += DAY + 20 * HOUR
    const disruptionId = cancelled(world)
    must(go(world, disruptionId), 'done')
    expect(go(world, disruptionId)).toEqual(refusedWith('nothingDue'))
    world.nowMs += 3 * DAY
    expect(dueDisruption(world.state, world.nowMs)).toBe(disruptionId)
    must(go(world, disruptionId), 'done')
    expect(findBooking(world.state, paid.bookingId)).toMatchObject({
      status: 'cancelled',
      refundMinor: paid.priceMinor,
      owedMinor: 0,
      passengers: [{ refundMinor: 5_000 }, { refundMinor: 5_000 }],
    })
    expect(pendingOutbox(world.state, 9)).toMatchObject([
      { kind: 'refund', amountMinor: paid.priceMinor },
    ])
    expect(go(world, disruptionId)).toEqual(refusedWith('nothingDue'))
    expect(dueDisruption(world.state, world.nowMs)).toBeUndefined()
    must(done(world, world.state.meta.nextOutboxId - 1), 'done')
    expect(ledgerTotals(world.state)).toMatchObject({
      providerClearing: 0,
      fareRevenue: 0,
      refundsPayable: 0,
      taxPayable: 0,
    })
  })

  it('is worked off in portions, which a new leader goes on with from the rows', () => {
    const world = railway()
    const coaches = [{ label: '1', classCode: '2', rows: 100, columns: 'AB-CD' }]
    const { trainId } = must(send(world, train('BIG', { coaches })), 'trainAdded')
    const [big = 0] = must(send(world, runs(trainId, 2)), 'runsAdded').runIds
    for (let i = 0; i < 250; i++) sold(world, world.ann, big)
    const disruptionId = cancelled(world, big)
    must(go(world, disruptionId), 'done')
    expect(findDisruption(world.state, disruptionId)).toMatchObject({ phase: 'ending', open: 200 })
    world.state = loadState(rowsOf(world.state))
    must(go(world, disruptionId), 'done')
    expect(findDisruption(world.state, disruptionId)).toMatchObject({
      phase: 'choosing',
      open: 250,
    })
    world.nowMs += 3 * DAY
    for (const open of [150, 50, 0]) {
      must(go(world, disruptionId), 'done')
      expect(findDisruption(world.state, disruptionId)?.open).toBe(open)
      world.state = loadState(rowsOf(world.state))
    }
    expect(pendingOutbox(world.state, 999).length).toBe(250)
    expect(findDisruption(world.state, disruptionId)?.phase).toBe('over')
  })

  it('is refused for who may not, and for what can not be', () => {
    const world = railway()
    const command = { type: 'cancelRun', runId: world.runId, reason: 'strike' } as const
    const before = stateHash(world.state)
    const rows = rowsOf(world.state).filter(({ table }) => table !== 'meta')
    expect(send(world, command, { actor: world.ann })).toEqual(refusedWith('notAllowed'))
    expect(send(world, { ...command, runId: 99 })).toEqual(refusedWith('runNotFound'))
    const reason = 'rain' as 'strike'
    expect(send(world, { ...command, reason })).toEqual(
      refusedWith('invalidField', { field: 'reason' }),
    )
    expect(go(world, 1)).toEqual(refusedWith('disruptionNotFound'))
    expect(rowsOf(world.state).filter(({ table }) => table !== 'meta')).toEqual(rows)
    expect(before).not.toBe('')
    cancelled(world)
    expect(send(world, command)).toEqual(refusedWith('runCancelled'))
    expect(send(world, { type: 'continueDisruption', disruptionId: 1 }, { actor: 1 })).toEqual(
      refusedWith('notAllowed'),
    )
    const gone = runOn(world, 0)
    world.nowMs = MONDAY + 6 * HOUR
    expect(send(world, { ...command, runId: gone })).toEqual(refusedWith('runDeparted'))
  })
})

describe('the choice of a passenger whose train does not go', () => {
  function lost(options = {}): { world: Railway; paid: Held; later: number } {
    const world = railway()
    must(send(world, rule), 'done')
    const later = runOn(world, 3)
    const paid = sold(world, world.ann, world.runId, { passengers: 2, ...options })
    must(go(world, cancelled(world)), 'done')
    return { world, paid, later }
  }

  it('is another train at no extra price: same booking, same payment, other seats', () => {
    const { world, paid, later } = lost()
    const totals = ledgerTotals(world.state)
    const { seats } = must(
      send(world, rebooking(paid.bookingId, later), { actor: world.ann }),
      'rebooked',
    )
    expect(seats).toEqual([6, 7])
    expect(findBooking(world.state, paid.bookingId)).toMatchObject({
      status: 'confirmed',
      runId: later,
      priceMinor: paid.priceMinor,
      refundMinor: 0,
      passengers: [{ seat: 6 }, { seat: 7 }],
      changes: [{ kind: 'trainCancelled' }, { kind: 'rebooked', runId: world.runId }],
      disruption: undefined,
    })
    expect(ledgerTotals(world.state)).toEqual(totals)
    expect(occupancy(world.state, later)?.segments[0]).toMatchObject({ sold: 2, held: 0 })
    const again = send(world, rebooking(paid.bookingId, later), { actor: world.ann })
    expect(again).toEqual(refusedWith('notDisrupted'))
    world.nowMs += 3 * DAY
    must(go(world, 1), 'done')
    expect(status(world, paid)).toBe('confirmed')
    expect(loadState(rowsOf(world.state)).hashLow).toBe(world.state.hashLow)
  })

  it('keeps the first reply of the hold for a retry of it', () => {
    const world = railway()
    const later = runOn(world, 3)
    const request = {
      key: { principal: `a:${world.ann}`, method: 'HoldSeats', requestId: 'r', contentHash: 'aa' },
      actor: world.ann,
    }
    const first = must(send(world, hold(world.runId, { seats: [10] }), request), 'seatsHeld')
    must(pay(world, world.ann, first), 'paymentStarted')
    must(done(world, 1), 'done')
    must(go(world, cancelled(world)), 'done')
    must(send(world, rebooking(first.bookingId, later), { actor: world.ann }), 'rebooked')
    expect(findBooking(world.state, first.bookingId)?.passengers[0]?.seat).not.toBe(10)
    expect(send(world, hold(world.runId, { seats: [10] }), request)).toEqual(first)
  })

  it('is the money at once', () => {
    const { world, paid } = lost()
    const take = { type: 'takeRefund', bookingId: paid.bookingId } as const
    expect(send(world, take, { actor: world.bob })).toEqual(refusedWith('bookingNotFound'))
    expect(send(world, take, { actor: world.ann })).toEqual({
      type: 'bookingCancelled',
      refundMinor: paid.priceMinor,
    })
    expect(send(world, take, { actor: world.ann })).toEqual(refusedWith('notDisrupted'))
    expect(findDisruption(world.state, 1)?.open).toBe(0)
  })

  it('may be made by staff for the passenger', () => {
    const { world, paid, later } = lost()
    const staff = register(world, 'counter@example.org', 'staff')
    must(send(world, rebooking(paid.bookingId, later), { actor: staff }), 'rebooked')
  })

  it('is refused where the other train is no replacement, and changes nothing', () => {
    const { world, paid, later } = lost()
    const rebook = (more: object, runId = later) =>
      send(world, rebooking(paid.bookingId, runId, more), { actor: world.ann })
    const rows = () => rowsOf(world.state).filter(({ table }) => table !== 'meta')
    const far = runOn(world, 6)
    const [before, ...refusals] = [
      rows(),
      rebook({ toStop: 3 }),
      rebook({ seats: [6] }),
      rebook({ seats: [0, 1] }),
      rebook({ seats: [6, 99] }),
      rebook({ seats: [6, 6] }),
      rebook({}, world.runId),
      rebook({}, far),
      rebook({}, 99),
    ]
    expect(refusals).toEqual([
      refusedWith('otherStations'),
      refusedWith('invalidField', { field: 'seats' }),
      refusedWith('seatInOtherClass', { field: 'seats[0]' }),
      refusedWith('seatNotFound', { field: 'seats[1]' }),
      refusedWith('invalidField', { field: 'seats[1]' }),
      refusedWith('runCancelled'),
      refusedWith('tooFarApart'),
      refusedWith('runNotFound'),
    ])
    expect(rows()).toEqual(before)
    world.nowMs += 3 * DAY
    expect(rebook({})).toEqual(refusedWith('offerExpired'))
  })

  it('counts for the other legs of a trip, which is one protected journey', () => {
    const world = railway()
    const back = runOn(world, 3)
    const leg = (runId: number) => ({ runId, fromStop: 0, toStop: 4, classCode: '2', seats: [] })
    const trip = {
      type: 'holdTrip',
      legs: [leg(world.runId), leg(back)],
      passengers: [{ name: 'Ann' }],
    } as const
    const { tripId, priceMinor } = must(send(world, trip, { actor: world.ann }), 'tripHeld')
    must(pay(world, world.ann, { bookingId: tripId, priceMinor, seats: [] }), 'paymentStarted')
    must(done(world, 1), 'done')
    must(done(world, 2), 'done')
    const other = tripId + 1
    const take = { type: 'takeRefund', bookingId: other } as const
    expect(send(world, take, { actor: world.ann })).toEqual(refusedWith('notDisrupted'))
    must(go(world, cancelled(world)), 'done')
    expect(findBooking(world.state, other)?.disruption).toMatchObject({ mayTakeRefund: true })
    // Half of it would be kept by the rule.
    world.nowMs = MONDAY + 2 * DAY + 10 * HOUR
    expect(send(world, take, { actor: world.ann })).toMatchObject({ refundMinor: priceMinor / 2 })
    expect(status(world, { bookingId: other })).toBe('cancelled')
    expect(status(world, { bookingId: tripId })).toBe('disrupted')
  })

  it('is gone when the fare was never paid', () => {
    const world = railway()
    const paid = confirmed(world, world.ann, world.runId)
    must(go(world, cancelled(world)), 'done')
    must(refused(world, world.state.meta.nextOutboxId - 1), 'done')
    expect(findBooking(world.state, paid.bookingId)).toMatchObject({
      status: 'cancelled',
      refundMinor: 0,
      disruption: undefined,
    })
    expect(findDisruption(world.state, 1)?.open).toBe(0)
    world.nowMs += 3 * DAY
    must(go(world, 1), 'done')
    expect(pendingOutbox(world.state, 9)).toEqual([])
  })
})

it('money for a train that does not go is no money without a reason', () => {
  const world = railway()
  sold(world, world.ann, world.runId)
  must(go(world, cancelled(world)), 'done')
  expect(ledgerReport(world.state, 0, 9).orphans).toEqual([])
})

describe('a run that ends on the way', () => {
  const cut = (world: Railway, fromStop: number): number =>
    must(
      send(world, { type: 'cancelRun', runId: world.runId, fromStop, reason: 'technicalFailure' }),
      'disruptionBegun',
    ).disruptionId

  it('takes from nobody who gets off before, also when it has left already', () => {
    const world = railway()
    must(send(world, rule), 'done')
    const kept = sold(world, world.ann, world.runId, { to: 2 })
    const onBoard = sold(world, world.bob, world.runId)
    const waits = sold(world, world.ann, world.runId, { from: 3 })
    world.nowMs = MONDAY + 2 * DAY + 7.5 * HOUR
    expect(send(world, { type: 'cancelRun', runId: world.runId, reason: 'strike' })).toEqual(
      refusedWith('runDeparted'),
    )
    const wrong = { type: 'cancelRun', runId: world.runId, fromStop: 4, reason: 'strike' } as const
    expect(send(world, wrong)).toEqual(refusedWith('invalidField', { field: 'fromStop' }))
    const disruptionId = cut(world, 2)
    must(go(world, disruptionId), 'done')
    expect([kept, onBoard, waits].map((it) => status(world, it))).toEqual([
      'confirmed',
      'disrupted',
      'disrupted',
    ])
    expect(findDisruption(world.state, disruptionId)).toMatchObject({ fromStop: 2, bookings: 2 })
    // Whole, although he was on the way: what he wanted was to get there.
    const take = { type: 'takeRefund', bookingId: onBoard.bookingId } as const
    expect(send(world, take, { actor: world.bob })).toMatchObject({ refundMinor: 5_000 })
    const late = { type: 'recordDelay', runId: world.runId, lateMinutes: 5, final: false } as const
    expect(send(world, { ...late, stop: 3, reason: 'other' })).toEqual(refusedWith('runCancelled'))
    must(send(world, { ...late, stop: 2, reason: 'other' }), 'disruptionBegun')
    expect(stateHash(loadState(rowsOf(world.state)))).toBe(stateHash(world.state))
  })

  it('is gone on from where it ends, or from where one wanted to board', () => {
    const world = railway()
    must(send(world, rule), 'done')
    const other = runOn(world, 3)
    const [ann, bob] = [sold(world, world.ann, world.runId), sold(world, world.bob, world.runId)]
    must(go(world, cut(world, 2)), 'done')
    world.state = loadState(rowsOf(world.state))
    const from = (fromStop: number) => ({ fromStop })
    const there = rebooking(ann.bookingId, other, from(1))
    expect(send(world, there, { actor: world.ann })).toEqual(refusedWith('otherStations'))
    const onwards = rebooking(ann.bookingId, other, from(2))
    must(send(world, onwards, { actor: world.ann }), 'rebooked')
    must(send(world, rebooking(bob.bookingId, other), { actor: world.bob }), 'rebooked')
  })

  it('keeps who waits for it alone no longer: at once, and not with the chart', () => {
    const world = railway()
    must(send(world, waitingLists), 'done')
    confirmed(world, world.ann, world.runId, { classCode: '1', passengers: 6 })
    const { bookingId } = joined(world, world.bob, world.runId)
    cut(world, 0)
    expect(status(world, { bookingId })).toBe('lapsed')
  })
})
