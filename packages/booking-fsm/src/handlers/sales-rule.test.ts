import { describe, expect, it } from 'vitest'
import {
  confirmed,
  DAY,
  done,
  HOLD,
  HOUR,
  held,
  hold,
  MONDAY,
  must,
  pay,
  type Railway,
  railway,
  refused,
  register,
  send,
} from '../../test/world.ts'
import type { SetSalesRule } from '../commands.ts'
import { loadState } from '../load.ts'
import { findBooking } from '../queries/bookings.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

function rule(world: Railway, changed: Partial<SetSalesRule> = {}): SetSalesRule {
  return {
    type: 'setSalesRule',
    validFromMs: world.nowMs,
    holdMs: HOLD,
    extensionMs: 0,
    maxOpenHolds: 0,
    maxPassengers: 6,
    opensBeforeMs: 0,
    closesBeforeMs: 0,
    ...changed,
  }
}

function set(world: Railway, changed: Partial<SetSalesRule> = {}): void {
  must(send(world, rule(world, changed)), 'done')
}

const leg = (runId: number, fromStop: number) =>
  ({ runId, fromStop, toStop: fromStop + 1, classCode: '2', seats: [] }) as const

describe('setSalesRule', () => {
  it('says how long a hold lasts, from an instant on, and no hold before it changes', () => {
    const world = railway()
    const before = held(world, world.ann, world.runId)
    set(world, { validFromMs: world.nowMs + HOUR / 2, holdMs: 60_000 })
    const meanwhile = held(world, world.bob, world.runId)
    expect(findBooking(world.state, meanwhile.bookingId)?.expiresAtMs).toBe(world.nowMs + HOLD)
    expect(findBooking(world.state, before.bookingId)?.expiresAtMs).toBe(world.nowMs + HOLD)
    world.nowMs += HOUR / 2
    const reply = must(send(world, hold(world.runId), { actor: world.ann }), 'seatsHeld')
    expect(reply.expiresAtMs).toBe(world.nowMs + 60_000)
  })

  it('limits how many holds a passenger has open; a trip counts once, what is over not at all', () => {
    const world = railway()
    const { ann, bob, runId } = world
    set(world, { maxOpenHolds: 2 })
    const first = held(world, ann, runId)
    const legs = [leg(runId, 0), leg(runId, 2)]
    const trip = { type: 'holdTrip', legs, passengers: [{ name: 'P' }] } as const
    must(send(world, trip, { actor: ann }), 'tripHeld')
    const refusal = { code: 'tooManyHolds', figure: 2, field: '' }
    expect(send(world, hold(runId), { actor: ann })).toMatchObject(refusal)
    expect(send(world, trip, { actor: ann })).toMatchObject(refusal)
    must(send(world, hold(runId), { actor: bob }), 'seatsHeld')
    must(pay(world, ann, first), 'paymentStarted')
    expect(send(world, hold(runId), { actor: ann })).toMatchObject(refusal)
    must(done(world, 1), 'done')
    must(send(world, hold(runId), { actor: ann }), 'seatsHeld')
    world.nowMs += HOLD
    must(send(world, hold(runId), { actor: ann }), 'seatsHeld')
  })

  it('limits passengers, and how early and how late they may hold', () => {
    const world = railway()
    const { ann, runId } = world
    const departs = MONDAY + 2 * DAY + 6 * HOUR
    set(world, { maxPassengers: 2, opensBeforeMs: DAY, closesBeforeMs: HOUR })
    expect(send(world, hold(runId, { passengers: 3 }), { actor: ann })).toMatchObject({
      code: 'tooMany',
      field: 'passengers',
      figure: 2,
    })
    const legs = [leg(runId, 0), leg(runId, 2)]
    const trip = { type: 'holdTrip', legs, passengers: [{ name: 'P' }] } as const
    world.nowMs = departs - DAY - 1
    expect(send(world, hold(runId), { actor: ann })).toMatchObject({
      code: 'saleNotOpen',
      figure: departs - DAY,
    })
    world.nowMs++
    must(send(world, hold(runId), { actor: ann }), 'seatsHeld')
    expect(send(world, trip, { actor: ann })).toMatchObject({
      code: 'saleNotOpen',
      field: 'legs[1]',
    })
    world.nowMs = departs - HOUR - 1
    must(send(world, hold(runId), { actor: ann }), 'seatsHeld')
    world.nowMs++
    expect(send(world, hold(runId), { actor: ann })).toMatchObject({ code: 'saleClosed' })
  })

  it('does not hold staff to its limits', () => {
    const world = railway()
    const staff = register(world, 'staff@example.org', 'staff')
    set(world, { maxOpenHolds: 1, maxPassengers: 1, opensBeforeMs: 1 })
    must(send(world, hold(world.runId, { passengers: 2 }), { actor: staff }), 'seatsHeld')
    must(send(world, hold(world.runId, { passengers: 2 }), { actor: staff }), 'seatsHeld')
  })

  it('is for staff, with every field in its range, and loads again', () => {
    const world = railway()
    const before = stateHash(world.state)
    const all: [Partial<SetSalesRule>, string][] = [
      [{ validFromMs: -1 }, 'validFromMs'],
      [{ holdMs: 999 }, 'holdMs'],
      [{ extensionMs: DAY + 1 }, 'extensionMs'],
      [{ maxOpenHolds: 1_001 }, 'maxOpenHolds'],
      [{ maxPassengers: 0 }, 'maxPassengers'],
      [{ opensBeforeMs: 1e11 + 1 }, 'opensBeforeMs'],
      [{ closesBeforeMs: 0.5 }, 'closesBeforeMs'],
    ]
    for (const [changed, field] of all) {
      expect(send(world, rule(world, changed))).toMatchObject({ code: 'invalidField', field })
    }
    expect(send(world, rule(world), { actor: world.ann })).toMatchObject({ code: 'notAllowed' })
    expect(rowsOf(world.state).some(({ table }) => table === 'sales_rules')).toBe(false)
    expect(before).not.toBe(stateHash(world.state))
    set(world, { validFromMs: world.nowMs + DAY, maxOpenHolds: 1 })
    set(world, { maxOpenHolds: 2 })
    const loaded = { ...world, state: loadState(rowsOf(world.state)) }
    expect(stateHash(loaded.state)).toBe(stateHash(world.state))
    for (const one of [world, loaded]) {
      for (const _ of [1, 2]) {
        must(send(one, hold(world.runId), { actor: world.ann }), 'seatsHeld')
      }
      expect(send(one, hold(world.runId), { actor: world.ann })).toMatchObject({ figure: 2 })
    }
  })
})

describe('extendHold', () => {
  const extend = (world: Railway, bookingId: number, actor = world.ann) =>
    send(world, { type: 'extendHold', bookingId }, { actor })

  it('extends a hold once, a trip as a whole', () => {
    const world = railway()
    const { ann, runId } = world
    set(world, { extensionMs: 60_000 })
    const legs = [leg(runId, 0), leg(runId, 2)]
    const trip = { type: 'holdTrip', legs, passengers: [{ name: 'P' }] } as const
    const { tripId, expiresAtMs } = must(send(world, trip, { actor: ann }), 'tripHeld')
    const later = expiresAtMs + 60_000
    expect(extend(world, tripId + 1)).toEqual({ type: 'holdExtended', expiresAtMs: later })
    for (const id of [tripId, tripId + 1]) {
      expect(findBooking(world.state, id)?.expiresAtMs).toBe(later)
    }
    expect(extend(world, tripId)).toMatchObject({ code: 'alreadyExtended' })
    world.nowMs = later - 1
    expect(send(world, { type: 'tick' })).toEqual({ type: 'done' })
    expect(findBooking(world.state, tripId)?.status).toBe('held')
    world.nowMs++
    expect(extend(world, tripId)).toMatchObject({ code: 'holdExpired' })
  })

  it('is refused where the rule gives none, after a payment, after departure, and to others', () => {
    const world = railway()
    const { ann, bob, runId } = world
    const hers = held(world, ann, runId)
    expect(extend(world, hers.bookingId)).toMatchObject({ code: 'extensionNotAllowed' })
    set(world)
    expect(extend(world, hers.bookingId)).toMatchObject({ code: 'extensionNotAllowed' })
    set(world, { extensionMs: DAY })
    expect(extend(world, hers.bookingId, bob)).toMatchObject({ code: 'bookingNotFound' })
    must(pay(world, ann, hers), 'paymentStarted')
    expect(extend(world, hers.bookingId)).toMatchObject({ code: 'alreadyPaying' })
    must(refused(world, 1), 'done')
    expect(extend(world, hers.bookingId)).toMatchObject({ code: 'alreadyExtended' })
    const sold = confirmed(world, ann, runId)
    expect(extend(world, sold.bookingId)).toMatchObject({ code: 'alreadyConfirmed' })
    world.nowMs = MONDAY + 2 * DAY + 6 * HOUR - 1
    const late = held(world, ann, runId)
    world.nowMs++
    expect(extend(world, late.bookingId)).toMatchObject({ code: 'runDeparted' })
    expect(extend(world, 0)).toMatchObject({ code: 'invalidField', field: 'bookingId' })
  })
})
