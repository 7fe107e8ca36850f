/** Laws that need two worlds, or a look at what one entry writes: what must not matter does not. */
import { describe, expect, it } from 'vitest'
import {
  confirmed,
  DAY,
  fares,
  HOLD,
  held,
  hold,
  must,
  pay,
  type Railway,
  railway,
  refunds,
  runs,
  send,
  waitingLists,
} from '../test/world.ts'
import type { Command } from './commands.ts'
import { findBooking } from './queries/bookings.ts'
import { refundQuote } from './queries/payments.ts'
import { occupancy } from './queries/seats.ts'
import type { RowChange } from './rows.ts'
import { rowsOf } from './snapshot.ts'

/** Two runs of one train. */
function twoRuns(): Railway & { readonly other: number } {
  const world = railway()
  must(send(world, waitingLists), 'done')
  const [other = 0] = must(send(world, runs(world.trainId, 4)), 'runsAdded').runIds
  return Object.assign(world, { other })
}

/** All but clock, position and what only keeps the order of the log. */
function state(world: Railway): unknown {
  return rowsOf(world.state).filter(({ table }) => table !== 'meta' && table !== 'audit_head')
}

/** Of what is there of a run's inventory. */
function inventory(world: Railway, runId: number): unknown {
  const bookings = rowsOf(world.state).filter(
    ({ table, values }) => table === 'bookings' && values[2] === runId,
  )
  return [occupancy(world.state, runId), bookings]
}

describe('a command on one run', () => {
  it('touches no other run’s inventory, whatever it is', () => {
    const world = twoRuns()
    const there = confirmed(world, world.bob, world.other, { classCode: '1', passengers: 6 })
    const before = inventory(world, world.other)
    const { ann, runId } = world
    const booking = held(world, ann, runId, { passengers: 2 })
    must(pay(world, ann, booking), 'paymentStarted')
    const outcome = { type: 'done', providerReference: 'r' } as const
    const outboxId = world.state.meta.nextOutboxId - 1
    const seats = { trainId: 0, fromDate: 0, toDate: 0, seats: [0] }
    const ofStaff: readonly Command[] = [
      { type: 'recordOutcome', outboxId, outcome },
      { type: 'blockSeats', runId, ...seats, reason: 'other' },
      { type: 'closeChart', runId },
      { type: 'cancelRun', runId, reason: 'strike' },
      { type: 'continueDisruption', disruptionId: 1 },
    ]
    for (const command of ofStaff) {
      const reply = send(world, command)
      expect([command.type, reply.type]).not.toContain('refused')
      expect(inventory(world, world.other)).toEqual(before)
    }
    expect(findBooking(world.state, there.bookingId)?.status).toBe('confirmed')
  })
})

describe('a hold', () => {
  it.each([1, 2, 6])(
    'of %i writes one row of inventory, and another of the clock',
    (passengers) => {
      const world = twoRuns()
      for (const expires of [false, true]) {
        if (expires) world.nowMs += HOLD
        send(world, { type: 'tick' })
        must(send(world, hold(world.runId, { passengers }), { actor: world.ann }), 'seatsHeld')
        expect(tablesOf(world.changes)).toEqual(['bookings', 'meta'])
      }
    },
  )

  it('of passengers who say who they are writes a row for each of them that does, and no more', () => {
    const world = twoRuns()
    const said = { ...hold(world.runId), passengers: [{ name: 'P', contact: '+1' }] } as Command
    must(send(world, said, { actor: world.ann }), 'seatsHeld')
    expect(tablesOf(world.changes)).toEqual(['bookings', 'meta', 'passenger_details'])
  })
})

function tablesOf(changes: readonly RowChange[]): string[] {
  return changes.map(({ table }) => table).sort()
}

describe('what must not matter', () => {
  it('one tick, or the same time in many', () => {
    const [once, often] = [twoRuns(), twoRuns()]
    for (const world of [once, often]) {
      for (let at = 0; at < 3; at++) {
        held(world, world.ann, world.runId)
        world.nowMs += 1_000
        must(send(world, { type: 'tick' }), 'done')
      }
      must(
        pay(world, world.bob, held(world, world.bob, world.other, { classCode: '1' })),
        'paymentStarted',
      )
    }
    const end = once.nowMs + 5 * DAY
    once.nowMs = end
    must(send(once, { type: 'tick' }), 'done')
    while (often.nowMs < end) {
      often.nowMs = Math.min(often.nowMs + 7 * 60_000, end)
      must(send(often, { type: 'tick' }), 'done')
    }
    // When something came to its end is when the entry says that found it out.
    expect(inventory(often, often.runId)).toEqual(inventory(once, once.runId))
    expect(inventory(often, often.other)).toEqual(inventory(once, once.other))
    expect(state(often)).toEqual(state(once))
  })

  it('in which order two runs are sold', () => {
    const [one, two] = [twoRuns(), twoRuns()]
    const here = (world: Railway & { other: number }) => {
      const booking = held(world, world.ann, world.runId, { passengers: 2 })
      must(pay(world, world.ann, booking), 'paymentStarted')
    }
    const there = (world: Railway & { other: number }) => {
      const booking = held(world, world.bob, world.other, { passengers: 3, from: 1 })
      must(
        send(world, { type: 'releaseHold', bookingId: booking.bookingId }, { actor: world.bob }),
        'done',
      )
      held(world, world.bob, world.other, { passengers: 1, from: 2 })
    }
    here(one)
    there(one)
    there(two)
    here(two)
    for (const runId of [one.runId, one.other]) {
      expect(occupancy(two.state, runId)).toEqual(occupancy(one.state, runId))
      expect(withoutIds(two, runId)).toEqual(withoutIds(one, runId))
    }
  })

  it.each([2, 3, 7])(
    'fares times %i: what comes back by a share is so many times as much',
    (factor) => {
      const [plain, dear] = [railway(), railway()]
      if (fares.type !== 'setFareRule') throw new Error(fares.type)
      const classes = fares.classes.map((it) => ({
        classCode: it.classCode,
        baseMinor: it.baseMinor * factor,
        perThousandKilometresMinor: it.perThousandKilometresMinor * factor,
      }))
      must(send(dear, { ...fares, classes, validFromMs: dear.nowMs }), 'done')
      for (const world of [plain, dear]) must(send(world, refunds), 'done')
      for (const nowMs of [plain.nowMs, plain.nowMs + DAY + 20 * 3_600_000]) {
        const refundOf = (world: Railway) => {
          const { bookingId, priceMinor } = confirmed(world, world.ann, world.runId, {
            passengers: 2,
          })
          const quote = refundQuote(world.state, bookingId, nowMs)
          return [priceMinor, quote?.refundMinor ?? -1]
        }
        const asked = refundOf(plain)
        expect(refundOf(dear)).toEqual(asked.map((minor) => minor * factor))
        expect(asked[1]).toBeGreaterThan(0)
      }
    },
  )
})

/** Who sits where on a run, in which state, and at which price: not under which numbers. */
function withoutIds(world: Railway, runId: number): unknown {
  const all = rowsOf(world.state).filter(
    ({ table, values }) => table === 'bookings' && values[2] === runId,
  )
  return all.map(({ values }) => [values.slice(1, 9), values[11]])
}
