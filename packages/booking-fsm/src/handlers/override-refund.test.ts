import { describe, expect, it } from 'vitest'
import {
  confirmed,
  DAY,
  done,
  type Held,
  HOUR,
  held,
  MONDAY,
  must,
  type Railway,
  railway,
  refused,
  register,
  send,
} from '../../test/world.ts'
import type { OverrideRefund } from '../commands.ts'
import { loadState } from '../load.ts'
import { findBooking } from '../queries/bookings.ts'
import { listOverrides } from '../queries/disruptions.ts'
import { ledgerTotals, pendingOutbox } from '../queries/payments.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

const refusedWith = (code: string, more = {}) =>
  expect.objectContaining({ type: 'refused', code, ...more })

interface Counter {
  readonly world: Railway
  readonly staff: number
  readonly other: number
}
function counter(): Counter {
  const world = railway()
  const staff = register(world, 'st@example.org', 'staff')
  return { world, staff, other: register(world, 'op@example.org', 'operator') }
}
function sold(world: Railway, passengers: number): Held {
  const booking = confirmed(world, world.ann, world.runId, { passengers })
  must(done(world, world.state.meta.nextOutboxId - 1), 'done')
  return booking
}
const override = (bookingId: number, amountMinor: number, ...passengers: number[]) =>
  ({
    ...{ type: 'overrideRefund', bookingId, passengers, amountMinor },
    ...{ reason: 'medical', note: 'A broken leg.' },
  }) as OverrideRefund
const rows = (world: Railway) => rowsOf(world.state).filter(({ table }) => table !== 'meta')

const given = (world: Railway, bookingId: number) =>
  findBooking(world.state, bookingId)?.passengers.reduce((sum, it) => sum + it.compensationMinor, 0)

/** Cancelled on the last day: half of 2 × 50.00 is kept. */
function halfKept(world: Railway): Held {
  const booking = sold(world, 2)
  world.nowMs = MONDAY + DAY + 20 * HOUR
  const cancel = { type: 'cancelBooking', bookingId: booking.bookingId } as const
  const by = { actor: world.ann }
  must(send(world, { ...cancel, expectedRefundMinor: 5_000 }, by), 'bookingCancelled')
  must(done(world, world.state.meta.nextOutboxId - 1), 'done')
  return booking
}

describe('an override of a refund', () => {
  it('gives back what was kept of who has left, and the ledger says so', () => {
    const { world, staff } = counter()
    const { bookingId } = halfKept(world)
    expect(send(world, override(bookingId, 3_000, 0, 1), { actor: staff })).toEqual({
      type: 'refundOverridden',
      overrideId: 1,
      waits: false,
    })
    expect(findBooking(world.state, bookingId)).toMatchObject({
      refundMinor: 5_000,
      owedMinor: 0,
      passengers: [{ compensationMinor: 2_500 }, { compensationMinor: 500 }],
    })
    expect(pendingOutbox(world.state, 9)).toMatchObject([{ kind: 'refund', amountMinor: 3_000 }])
    must(done(world, world.state.meta.nextOutboxId - 1), 'done')
    expect(ledgerTotals(world.state)).toMatchObject({
      providerClearing: 2_000,
      fareRevenue: -2_000,
    })
    expect(loadState(rowsOf(world.state)).hashLow).toBe(world.state.hashLow)
  })

  it('gives back to who travels too, after departure, and nobody is cancelled by it', () => {
    const { world, staff } = counter()
    const { bookingId } = sold(world, 2)
    world.nowMs = MONDAY + 2 * DAY + 8 * HOUR
    must(send(world, override(bookingId, 4_000, 1), { actor: staff }), 'refundOverridden')
    expect(findBooking(world.state, bookingId)).toMatchObject({
      status: 'confirmed',
      refundMinor: 0,
      passengers: [{ compensationMinor: 0 }, { cancelledAtMs: 0, compensationMinor: 4_000 }],
    })
  })

  it('never gives more than was paid, however often', () => {
    const { world, staff } = counter()
    const { bookingId } = halfKept(world)
    const give = (amountMinor: number, ...passengers: number[]) =>
      send(world, override(bookingId, amountMinor, ...passengers), { actor: staff })
    expect(give(2_501, 0)).toEqual(refusedWith('refundTooHigh', { figure: 2_500 }))
    must(give(2_500, 0), 'refundOverridden')
    const before = rows(world)
    expect(give(1, 0)).toEqual(refusedWith('refundTooHigh', { figure: 0 }))
    expect(rows(world)).toEqual(before)
    expect(give(2_501, 0, 1)).toEqual(refusedWith('refundTooHigh', { figure: 2_500 }))
  })

  it('waits for a second person above the limit, who is another one; small ones add up', () => {
    const { world, staff, other } = counter()
    const { bookingId } = sold(world, 6)
    const ask = (amountMinor: number, ...passengers: number[]) =>
      must(
        send(world, override(bookingId, amountMinor, ...passengers), { actor: staff }),
        'refundOverridden',
      )
    expect(ask(5_000, 0).waits).toBe(false)
    expect(ask(5_000, 1).waits).toBe(false)
    const { waits, overrideId } = ask(5_000, 2)
    expect(waits).toBe(true)
    expect(given(world, bookingId)).toBe(10_000)
    const decide = (actor: number, approve = true) =>
      send(world, { type: 'decideOverride', overrideId, approve }, { actor })
    const before = rows(world)
    expect(decide(staff)).toEqual(refusedWith('secondPersonNeeded'))
    expect(decide(world.ann)).toEqual(refusedWith('notAllowed'))
    expect(decide(0)).toEqual(refusedWith('notAllowed'))
    expect(rows(world)).toEqual(before)
    must(decide(other), 'refundOverridden')
    expect(given(world, bookingId)).toBe(15_000)
    expect(decide(other)).toEqual(refusedWith('overrideDecided'))
    expect(listOverrides(world.state, 9)[0]).toMatchObject({
      overrideId,
      status: 'paid',
      askedBy: staff,
      decidedBy: other,
    })
  })

  it('can be declined, and then gives nothing', () => {
    const { world, staff, other } = counter()
    const { bookingId } = sold(world, 6)
    const asked = send(world, override(bookingId, 12_000, 0, 1, 2), { actor: staff })
    const { overrideId } = must(asked, 'refundOverridden')
    const decision = { type: 'decideOverride', overrideId, approve: false } as const
    must(send(world, decision, { actor: other }), 'refundOverridden')
    expect(given(world, bookingId)).toBe(0)
    expect(listOverrides(world.state, 9)[0]?.status).toBe('declined')
  })

  it('is refused for who may not, for what was never paid, and with a field that is none', () => {
    const { world, staff } = counter()
    const { bookingId } = sold(world, 2)
    const hash = stateHash(world.state)
    const before = rows(world)
    const ask = (more: object, actor = staff) =>
      send(world, { ...override(bookingId, 100, 0), ...more } as OverrideRefund, { actor })
    expect([
      ask({}, world.ann),
      ask({}, 0),
      ask({ bookingId: 99 }),
      ask({ passengers: [2] }),
      ask({ passengers: [] }),
      ask({ amountMinor: 0 }),
      ask({ reason: 'rain' }),
      ask({ note: '' }),
      send(world, { type: 'decideOverride', overrideId: 1, approve: true }, { actor: staff }),
    ]).toEqual([
      refusedWith('notAllowed'),
      refusedWith('notAllowed'),
      refusedWith('bookingNotFound'),
      refusedWith('invalidField', { field: 'passengers[0]' }),
      refusedWith('invalidField', { field: 'passengers' }),
      refusedWith('invalidField', { field: 'amountMinor' }),
      refusedWith('invalidField', { field: 'reason' }),
      refusedWith('invalidField', { field: 'note' }),
      refusedWith('overrideNotFound'),
    ])
    expect(rows(world)).toEqual(before)
    expect(hash).not.toBe('')
    const waits = held(world, world.ann, world.runId)
    expect(ask({ bookingId: waits.bookingId })).toEqual(refusedWith('notConfirmed'))
    const own = confirmed(world, staff, world.runId)
    expect(ask({ bookingId: own.bookingId })).toEqual(
      refusedWith('notAllowed', { field: 'bookingId' }),
    )
    must(refused(world, world.state.meta.nextOutboxId - 1), 'done')
  })
})
