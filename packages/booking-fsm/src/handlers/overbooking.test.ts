import { beforeEach, describe, expect, it } from 'vitest'
import {
  confirmed,
  DAY,
  done,
  HOUR,
  held,
  hold,
  must,
  pay,
  type Railway,
  railway,
  send,
} from '../../test/world.ts'
import type { Command, SetOverbookingRule } from '../commands.ts'
import {
  findBooking,
  findRun,
  listDisruptions,
  loadState,
  pendingOutbox,
  rowsOf,
} from '../index.ts'

let world: Railway

/** The first class has six seats: two more places. */
const third: SetOverbookingRule = {
  type: 'setOverbookingRule',
  validFromMs: 0,
  lines: [{ trainNumber: '', classCode: '1', basisPoints: 3_400 }],
}
const later: Command = {
  type: 'setSeatPromiseRule',
  validFromMs: 0,
  chartBeforeDepartureMs: HOUR,
  lines: [{ trainNumber: '', classCode: '1', promised: false }],
}
const first = { classCode: '1' } as const
const tick = () => must(send(world, { type: 'tick' }), 'done')
const close = () => {
  must(send(world, { type: 'closeChart', runId: world.runId }), 'done')
  tick()
}
const statusOf = (bookingId: number) => findBooking(world.state, bookingId)?.status
const captured = (passengers: number) => {
  const booking = confirmed(world, world.ann, world.runId, { ...first, passengers })
  must(done(world, world.state.meta.nextOutboxId - 1), 'done')
  return booking
}

beforeEach(() => {
  world = railway()
})

describe('overbooking', () => {
  it('is off where no rule says so, and where seats are promised', () => {
    must(send(world, later), 'done')
    held(world, world.ann, world.runId, { ...first, passengers: 6 })
    const more = () => send(world, hold(world.runId, first), { actor: world.bob })
    expect(more()).toMatchObject({ code: 'notEnoughSeats', figure: 0 })
    must(send(world, { ...later, lines: [] } as Command), 'done')
    must(send(world, third), 'done')
    expect(more()).toMatchObject({ code: 'notEnoughSeats', figure: 0 })
  })

  it('promises so many places more, and no one beyond', () => {
    must(send(world, later), 'done')
    must(send(world, third), 'done')
    held(world, world.ann, world.runId, { ...first, passengers: 6 })
    held(world, world.bob, world.runId, { ...first, passengers: 2 })
    const more = send(world, hold(world.runId, first), { actor: world.bob })
    expect(more).toMatchObject({ code: 'notEnoughSeats', figure: 0 })
  })

  it('turns away who booked last when the chart closes: another train or all the money', () => {
    must(send(world, later), 'done')
    must(send(world, third), 'done')
    const early = captured(5)
    const last = captured(3)
    close()
    expect(statusOf(early.bookingId)).toBe('confirmed')
    expect(findBooking(world.state, last.bookingId)).toMatchObject({
      status: 'disrupted',
      changes: [{ kind: 'overbooked', seats: [-1, -1, -1] }],
      disruption: { mayRebook: true, mayTakeRefund: true },
    })
    expect(listDisruptions(world.state, 9)).toMatchObject([{ kind: 'overbooked', bookings: 1 }])
    const loaded = loadState(rowsOf(world.state))
    expect(findRun(loaded, world.runId)?.cancelled).toBe(false)
    const { bookingId } = last
    const refund = send(world, { type: 'takeRefund', bookingId }, { actor: world.ann })
    expect(refund).toEqual({ type: 'bookingCancelled', refundMinor: last.priceMinor })
    expect(pendingOutbox(world.state, 9)).toMatchObject([{ kind: 'refund', bookingId }])
  })

  it('pays back by itself who does not choose, and frees what is only held', () => {
    must(send(world, later), 'done')
    must(send(world, third), 'done')
    const early = captured(4)
    const last = captured(3)
    const onlyHeld = held(world, world.bob, world.runId, first)
    close()
    expect([early, last, onlyHeld].map((it) => statusOf(it.bookingId))).toEqual([
      'confirmed',
      'disrupted',
      'released',
    ])
    world.nowMs += 4 * DAY
    must(send(world, { type: 'continueDisruption', disruptionId: 1 }), 'done')
    expect(statusOf(last.bookingId)).toBe('cancelled')
  })

  it('leaves a late payment no more than there are seats once the chart is closed', () => {
    must(send(world, later), 'done')
    must(send(world, third), 'done')
    const late = held(world, world.bob, world.runId, { ...first, passengers: 2 })
    must(pay(world, world.bob, late), 'paymentStarted')
    world.nowMs += HOUR
    tick()
    confirmed(world, world.ann, world.runId, { ...first, passengers: 6 })
    close()
    must(done(world, 1), 'done')
    expect(statusOf(late.bookingId)).toBe('expired')
  })
})
