import { describe, expect, it } from 'vitest'
import {
  confirmed,
  DAY,
  done,
  HOUR,
  MONDAY,
  must,
  pay,
  type Railway,
  railway,
  refused,
  runs,
  send,
  station,
  stations,
  stopsAt,
  train,
} from '../../test/world.ts'
import type { Command, RecordDelay } from '../commands.ts'
import { loadState } from '../load.ts'
import { findBooking } from '../queries/bookings.ts'
import { listDelays } from '../queries/delays.ts'
import { dueDisruption, findDisruption, listDisruptions } from '../queries/disruptions.ts'
import { searchJourneys } from '../queries/journeys.ts'
import { pendingNotices } from '../queries/notices.ts'
import { ledgerTotals, pendingOutbox } from '../queries/payments.ts'
import { findRun } from '../queries/runs.ts'
import { findStation } from '../queries/stations.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

const refusedWith = (code: string, more = {}) =>
  expect.objectContaining({ type: 'refused', code, ...more })
/** As the Union's law has it: a quarter from an hour on, half from two. */
const rule: Command = {
  type: 'setCompensationRule',
  validFromMs: 0,
  choiceMs: DAY,
  rebookMs: 2 * DAY,
  minimumMinor: 400,
  maximumMinor: 0,
  bands: [
    { fromMinutes: 60, basisPoints: 2_500 },
    { fromMinutes: 120, basisPoints: 5_000 },
  ],
}
const WEDNESDAY = MONDAY + 2 * DAY

function ruled(changed = {}): Railway {
  const world = railway()
  must(send(world, { ...rule, ...changed } as Command), 'done')
  must(send(world, { type: 'switchNotices', on: true }), 'done')
  return world
}
function delay(runId: number, lateMinutes: number, more: Partial<RecordDelay> = {}): Command {
  const how = { stop: 4, final: true, reason: 'disruption' } as const
  return { type: 'recordDelay', runId, lateMinutes, ...how, ...more }
}
/** Recorded, and worked off as the leader would. */
function late(world: Railway, lateMinutes: number, more: Partial<RecordDelay> = {}): void {
  const command = delay(more.runId ?? world.runId, lateMinutes, more)
  must(send(world, command), 'disruptionBegun')
  settle(world)
}
function settle(world: Railway): void {
  for (let turn = 0; turn < 99; turn++) {
    const disruptionId = dueDisruption(world.state, world.nowMs)
    if (disruptionId === undefined) return
    must(send(world, { type: 'continueDisruption', disruptionId }), 'done')
  }
  throw new Error('it is never settled')
}
function sold(world: Railway, actor: number, options = {}): number {
  const { bookingId } = confirmed(world, actor, world.runId, options)
  must(done(world, world.state.meta.nextOutboxId - 1), 'done')
  return bookingId
}
const back = (world: Railway, bookingId: number) =>
  findBooking(world.state, bookingId)?.passengers.map((it) => it.compensationMinor)
const refundsQueued = (world: Railway) =>
  pendingOutbox(world.state, 99)
    .filter(({ kind }) => kind === 'refund')
    .map(({ amountMinor }) => amountMinor)

/** On from C at 09:00, an hour and ten minutes behind the first train, to F and G. */
function onwards(world: Railway, ...days: number[]): readonly number[] {
  must(send(world, stations(['F', 'G'].map((code) => station(code)))), 'done')
  const stops = stopsAt('C', 'F', 'G').map((stop) => ({
    ...stop,
    arrivalSeconds: stop.arrivalSeconds + 10_800,
    departureSeconds: stop.departureSeconds + 10_800,
  }))
  const { trainId } = must(send(world, train('RB 2', { stops })), 'trainAdded')
  return must(send(world, runs(trainId, ...days)), 'runsAdded').runIds
}
/** A to C, C to G: 30.00 each, and as much back again when it is asked for. */
function trip(world: Railway, next: number, passengers = 1): number {
  const leg = { classCode: '2', seats: [] }
  const legs = [
    { ...leg, runId: world.runId, fromStop: 0, toStop: 2 },
    { ...leg, runId: next, fromStop: 0, toStop: 2 },
  ]
  const names = Array.from({ length: passengers }, (_, i) => ({ name: `Passenger ${i}` }))
  const command = { type: 'holdTrip', legs, passengers: names } as const
  const { tripId, priceMinor } = must(send(world, command, { actor: world.ann }), 'tripHeld')
  must(pay(world, world.ann, { bookingId: tripId, priceMinor, seats: [] }), 'paymentStarted')
  for (let turn = 0; turn < 2; turn++) {
    must(done(world, world.state.meta.nextOutboxId - 1), 'done')
  }
  return tripId
}

describe('a delay', () => {
  it('pays each who gets off there by the rule, without a claim, to the card', () => {
    const world = ruled()
    const [far, near] = [
      sold(world, world.ann, { passengers: 2 }),
      sold(world, world.bob, { to: 2 }),
    ]
    world.nowMs = WEDNESDAY + 11 * HOUR
    late(world, 70)
    // A quarter of 50.00 each.
    expect(back(world, far)).toEqual([1_250, 1_250])
    expect(back(world, near)).toEqual([0])
  })

  it('pays nothing below the least sum, no more than the most, and nothing twice', () => {
    const world = ruled({ maximumMinor: 900, minimumMinor: 501 })
    const [far, near] = [sold(world, world.ann), sold(world, world.bob, { to: 1 })]
    world.nowMs = WEDNESDAY + 20 * HOUR
    late(world, 130)
    late(world, 60, { stop: 1 })
    expect(back(world, far)).toEqual([900])
    // 5.00 are a quarter of 20.00.
    expect(back(world, near)).toEqual([0])
    late(world, 130)
    expect(refundsQueued(world)).toEqual([900])
  })

  it('pays the difference when it turns out greater, and takes nothing back', () => {
    const world = ruled()
    const far = sold(world, world.ann)
    world.nowMs = WEDNESDAY + 20 * HOUR
    late(world, 90, { final: false })
    expect(back(world, far)).toEqual([0])
    late(world, 60)
    expect(back(world, far)).toEqual([1_250])
    must(done(world, world.state.meta.nextOutboxId - 1), 'done')
    late(world, 5)
    expect(back(world, far)).toEqual([1_250])
    world.state = loadState(rowsOf(world.state))
    late(world, 120)
    expect(back(world, far)).toEqual([2_500])
    expect(refundsQueued(world)).toEqual([1_250])
    expect(ledgerTotals(world.state)).toMatchObject({ fareRevenue: -2_500, refundsPayable: -1_250 })
    const view = findBooking(world.state, far)?.delay
    expect(view).toEqual({ lateMinutes: 120, final: true, compensationMinor: 2_500 })
  })

  it('counts by the rule of the sale: one that is set later counts for none of those before', () => {
    const world = railway()
    const before = sold(world, world.ann)
    must(send(world, rule), 'done')
    const after = sold(world, world.bob)
    must(send(world, { ...rule, bands: [] } as Command), 'done')
    world.nowMs = WEDNESDAY + 20 * HOUR
    late(world, 200)
    expect([back(world, before), back(world, after)]).toEqual([[0], [2_500]])
  })

  it('gives no more than was paid', () => {
    const world = ruled({ bands: [{ fromMinutes: 1, basisPoints: 10_000 }] })
    const far = sold(world, world.ann)
    const staff = { type: 'overrideRefund', bookingId: far, passengers: [0], amountMinor: 1_000 }
    const why = { reason: 'goodwill', note: 'cold' }
    const dee = must(
      send(world, {
        ...{ type: 'registerAccount', email: 'dee@example.org', displayName: 'Dee' },
        ...{ passwordHash: 'hash', role: 'staff' },
      } as Command),
      'accountRegistered',
    ).accountId
    must(send(world, { ...staff, ...why } as Command, { actor: dee }), 'refundOverridden')
    world.nowMs = WEDNESDAY + 20 * HOUR
    late(world, 1)
    expect(back(world, far)).toEqual([5_000])
    expect(findBooking(world.state, far)?.delay?.compensationMinor).toBe(4_000)
  })

  it('is nothing any more when the fare turns out not to be paid', () => {
    const world = ruled()
    const { bookingId } = confirmed(world, world.ann, world.runId)
    const capture = world.state.meta.nextOutboxId - 1
    world.nowMs = WEDNESDAY + 20 * HOUR
    late(world, 90)
    must(refused(world, capture), 'done')
    expect(findBooking(world.state, bookingId)?.delay?.compensationMinor).toBe(0)
    expect(ledgerTotals(world.state)).toMatchObject({ fareRevenue: 0, refundsPayable: 0 })
  })

  it('is expected first, shown with the train, told of from a quarter of an hour on, and paid when it has arrived', () => {
    const world = ruled()
    const far = sold(world, world.ann)
    const told = () =>
      pendingNotices(world.state, 99)
        .filter(({ kind }) => kind === 'runDelayed')
        .map(({ data }) => data)
    world.nowMs = WEDNESDAY + 5 * HOUR
    late(world, 14, { stop: 1, final: false })
    expect(told()).toEqual([])
    late(world, 80, { stop: 1, final: false })
    expect(told()).toEqual([{ runId: world.runId, minutes: 80, refundMinor: 0 }])
    expect(back(world, far)).toEqual([0])
    const [from, to] = ['A', 'C'].map((code) => findStation(world.state, code)?.stationId ?? 0)
    const [journey] = searchJourneys(world.state, {
      ...{ fromStationId: from ?? 0, toStationId: to ?? 0, earliestMs: MONDAY, passengers: 1 },
      ...{ latestMs: MONDAY + 9 * DAY, nowMs: world.nowMs, limit: 9 },
    })
    expect(journey).toMatchObject({ departureLateMinutes: 0, arrivalLateMinutes: 80 })
    const stops = findRun(world.state, world.runId)?.stops.map(({ lateMinutes }) => lateMinutes)
    expect(stops).toEqual([0, 80, 80, 80, 80])
    world.nowMs = WEDNESDAY + 11.5 * HOUR
    late(world, 61)
    expect(told()[1]).toEqual({ runId: world.runId, minutes: 61, refundMinor: 1_250 })
    expect(listDelays(world.state, 9).map(({ stop }) => stop)).toEqual([4, 1])
    expect(listDisruptions(world.state, 9)).toMatchObject([{ kind: 'runDelayed', phase: 'over' }])
  })

  it('is refused where it can not be', () => {
    const world = ruled()
    expect(send(world, delay(world.runId, 5), { actor: world.ann })).toEqual(
      refusedWith('notAllowed'),
    )
    expect(send(world, delay(99, 5))).toEqual(refusedWith('runNotFound'))
    expect(send(world, delay(world.runId, 5, { stop: 5 }))).toEqual(
      refusedWith('invalidField', { field: 'stop' }),
    )
    expect(send(world, delay(world.runId, 0))).toEqual(refusedWith('notArrived'))
    world.nowMs = WEDNESDAY + 10 * HOUR
    expect(send(world, delay(world.runId, 11))).toEqual(refusedWith('notArrived'))
    must(send(world, delay(world.runId, 10)), 'disruptionBegun')
    const expected = delay(world.runId, 10, { final: false })
    expect(send(world, expected)).toEqual(refusedWith('arrivalRecorded'))
    world.nowMs = MONDAY
    const other = must(send(world, runs(world.trainId, 7)), 'runsAdded').runIds[0] as number
    must(send(world, { type: 'cancelRun', runId: other, reason: 'strike' }), 'disruptionBegun')
    expect(send(world, delay(other, 5, { final: false }))).toEqual(refusedWith('runCancelled'))
  })

  it('is worked off in portions, whichever node goes on', () => {
    const world = ruled()
    must(
      send(world, {
        ...train('LONG', { coaches: [{ label: '1', classCode: '2', rows: 40, columns: 'AB-CD' }] }),
      }),
      'trainAdded',
    )
    const runId = must(send(world, runs(2, 2)), 'runsAdded').runIds[0] as number
    for (let at = 0; at < 60; at++) {
      confirmed(world, world.ann, runId)
      must(done(world, world.state.meta.nextOutboxId - 1), 'done')
    }
    world.nowMs = WEDNESDAY + 20 * HOUR
    const reply = must(send(world, delay(runId, 90)), 'disruptionBegun')
    const { disruptionId } = reply
    const go = { type: 'continueDisruption', disruptionId } as const
    must(send(world, go), 'done')
    expect(findDisruption(world.state, disruptionId)?.phase).toBe('ending')
    expect(refundsQueued(world).length).toBe(50)
    world.state = loadState(rowsOf(world.state))
    must(send(world, go), 'done')
    expect(findDisruption(world.state, disruptionId)?.phase).toBe('over')
    expect(refundsQueued(world).length).toBe(60)
    expect(send(world, go)).toEqual(refusedWith('nothingDue'))
    expect(stateHash(loadState(rowsOf(world.state)))).toBe(stateHash(world.state))
  })
})

describe('a trip with changes', () => {
  it('counts as a whole, by its last stop', () => {
    const world = ruled()
    const [next = 0] = onwards(world, 2)
    const tripId = trip(world, next, 2)
    world.nowMs = WEDNESDAY + 20 * HOUR
    // In time for the next train: nothing is missed, nothing is paid yet.
    late(world, 60, { stop: 2 })
    expect(back(world, tripId)).toEqual([0, 0])
    late(world, 125, { runId: next, stop: 2 })
    // Half of 60.00 each, of the first train's fare as far as it goes.
    expect([back(world, tripId), back(world, tripId + 1)]).toEqual([
      [3_000, 3_000],
      [0, 0],
    ])
  })

  it('is a protected journey: who misses the next train takes another one, or the money, also when it has gone', () => {
    const world = ruled()
    const [next = 0, later = 0] = onwards(world, 2, 3)
    const [moved, paid, kept] = [trip(world, next), trip(world, next), trip(world, next)]
    world.nowMs = WEDNESDAY + 5 * HOUR
    // Ready at 08:55: in time. Five minutes later it is not.
    late(world, 65, { stop: 2, final: false })
    expect(findBooking(world.state, moved + 1)?.disruption).toBeUndefined()
    late(world, 66, { stop: 2, final: false })
    expect(findBooking(world.state, moved + 1)).toMatchObject({
      status: 'confirmed',
      changes: [{ kind: 'connectionMissed', runId: next }],
      disruption: { mayRebook: true, mayTakeRefund: true },
    })
    world.nowMs = WEDNESDAY + 12 * HOUR
    late(world, 100, { stop: 2 })
    const to = { runId: later, fromStop: 0, toStop: 2, seats: [] }
    const rebook = { type: 'rebookFree', bookingId: moved + 1, ...to } as const
    must(send(world, rebook, { actor: world.ann }), 'rebooked')
    const take = { type: 'takeRefund', bookingId: paid + 1 } as const
    const reply = must(send(world, take, { actor: world.ann }), 'bookingCancelled')
    expect(reply.refundMinor).toBe(3_000)
    // Who got off there had a quarter of the fare to there; who goes on is counted where he gets off.
    expect([back(world, paid), back(world, moved)]).toEqual([[750], [0]])
    world.nowMs += DAY + HOUR
    settle(world)
    expect(findBooking(world.state, kept + 1)?.status).toBe('confirmed')
    expect(findBooking(world.state, kept + 1)?.disruption).toBeUndefined()
    world.nowMs = WEDNESDAY + 2 * DAY
    late(world, 0, { runId: later, stop: 2 })
    // A day late: half of both fares.
    expect(back(world, moved)).toEqual([3_000])
  })

  it('is over for who was seen on the train that he says he has missed', () => {
    const world = ruled()
    const [next = 0] = onwards(world, 2)
    const tripId = trip(world, next)
    const issue = { type: 'issueTickets', bookingId: tripId + 1, passengers: [] } as const
    const { tickets } = must(send(world, issue, { actor: world.ann }), 'ticketsIssued')
    world.nowMs = WEDNESDAY + 8.5 * HOUR
    late(world, 90, { stop: 2, final: false })
    world.nowMs = WEDNESDAY + 9.5 * HOUR
    const scan = { atMs: world.nowMs, deviceId: 'gate', scanId: 'one', runId: next, stop: 0 }
    const ticketNumber = tickets[0]?.ticketNumber ?? ''
    must(send(world, { type: 'inspectTicket', ticketNumber, ...scan }), 'ticketInspected')
    const take = { type: 'takeRefund', bookingId: tripId + 1 } as const
    expect(send(world, take, { actor: world.ann })).toEqual(refusedWith('runDeparted'))
  })

  it('loses its choice of another train to the cancelling of that train', () => {
    const world = ruled()
    const [next = 0] = onwards(world, 2)
    const tripId = trip(world, next)
    world.nowMs = WEDNESDAY + 5 * HOUR
    late(world, 90, { stop: 2, final: false })
    must(send(world, { type: 'cancelRun', runId: next, reason: 'strike' }), 'disruptionBegun')
    settle(world)
    expect(findBooking(world.state, tripId + 1)?.status).toBe('disrupted')
    const open = listDisruptions(world.state, 9).map((it) => [it.kind, it.open])
    expect(open).toEqual([
      ['runCancelled', 1],
      ['runDelayed', 0],
    ])
    expect(listDisruptions(loadState(rowsOf(world.state)), 9)).toEqual(
      listDisruptions(world.state, 9),
    )
  })
})
