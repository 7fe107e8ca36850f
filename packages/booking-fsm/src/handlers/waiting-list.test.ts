import { beforeEach, describe, expect, it } from 'vitest'
import {
  DAY,
  done,
  type Held,
  HOLD,
  HOUR,
  held,
  join,
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
  waitingLists,
} from '../../test/world.ts'
import type { Command } from '../commands.ts'
import { findBooking, loadState, manifest, nextExpiryMs, pendingOutbox, rowsOf } from '../index.ts'

let world: Railway
/** All six seats of the first class, for the whole way. */
let full: Held

beforeEach(() => {
  world = railway()
  must(send(world, { ...waitingLists, capBasisPoints: 10_000 } as Command), 'done')
  full = held(world, world.bob, world.runId, { passengers: 6, classCode: '1' })
})

const status = (bookingId: number) => findBooking(world.state, bookingId)?.status
const release = () =>
  send(world, { type: 'releaseHold', bookingId: full.bookingId }, { actor: world.bob })
const lastEffect = () => world.state.meta.nextOutboxId - 1

it('lists that are looked at again come in the order of their runs, loaded or not', () => {
  world = railway()
  const [later = 0] = must(send(world, runs(world.trainId, 3)), 'runsAdded').runIds
  must(send(world, waitingLists), 'done')
  for (const runId of [later, world.runId]) {
    held(world, world.bob, runId, { passengers: 6, classCode: '1' })
    joined(world, world.ann, runId)
  }
  const { state } = world
  const changes = [state, loadState(rowsOf(state))].map((of) => {
    const one = { ...world, state: of }
    const rule = { validFromMs: 0, chartBeforeDepartureMs: HOUR, lines: [] }
    must(send(one, { type: 'setSeatPromiseRule', ...rule }), 'done')
    return one.changes
  })
  expect(changes[1]).toEqual(changes[0])
})

describe('joining', () => {
  it('is refused while there are seats, and by a price that is too high', () => {
    const free = send(world, join(world.runId, { classCode: '2' }), { actor: world.ann })
    expect(free).toMatchObject({ code: 'seatsAvailable' })
    const dear = send(world, join(world.runId, { maxPriceMinor: 1 }), { actor: world.ann })
    expect(dear).toMatchObject({ code: 'priceChanged', figure: 10_000 })
  })

  it('is refused twice by one account, and when the list is full; nothing changes', () => {
    const { bookingId } = joined(world, world.ann, world.runId)
    const again = send(world, join(world.runId, { from: 1 }), { actor: world.ann })
    expect(again).toMatchObject({ code: 'alreadyWaiting', figure: bookingId })
    must(send(world, waitingLists), 'done')
    const before = rowsOf(world.state).filter(({ table }) => table !== 'meta')
    const third = send(world, join(world.runId), { actor: world.bob })
    expect(third).toMatchObject({ code: 'waitingListFull', figure: 1 })
    expect(rowsOf(world.state).filter(({ table }) => table !== 'meta')).toEqual(before)
  })

  it('counts ahead only those who want some of the same segments', () => {
    const cy = register(world, 'cy@example.org')
    joined(world, world.ann, world.runId, { from: 0, to: 2 })
    expect(joined(world, world.bob, world.runId, { from: 2, to: 4 }).ahead).toBe(0)
    expect(joined(world, cy, world.runId, { from: 1, to: 3 }).ahead).toBe(2)
  })
})

describe('promotion', () => {
  it('comes in the entry that frees the place, first come, first served', () => {
    const first = joined(world, world.ann, world.runId, { passengers: 4 })
    const second = joined(world, world.bob, world.runId, { passengers: 2 })
    release()
    expect([status(first.bookingId), status(second.bookingId)]).toEqual(['held', 'held'])
  })

  it('is the first one’s where there is room for one of them', () => {
    const cy = register(world, 'cy@example.org')
    const first = joined(world, world.ann, world.runId, { passengers: 3 })
    release()
    const rest = held(world, world.bob, world.runId, { passengers: 3, classCode: '1' })
    const second = joined(world, cy, world.runId, { passengers: 2 })
    const third = joined(world, world.bob, world.runId, { passengers: 2 })
    expect(status(first.bookingId)).toBe('held')
    send(world, { type: 'releaseHold', bookingId: rest.bookingId }, { actor: world.bob })
    expect([status(second.bookingId), status(third.bookingId)]).toEqual(['held', 'waiting'])
  })

  it('passes over only who does not fit, and comes when a hold expires, too', () => {
    world.nowMs += 1
    const first = joined(world, world.ann, world.runId, { passengers: 2 })
    const second = joined(world, world.bob, world.runId)
    world.nowMs = MONDAY + HOLD
    // Whoever comes first now does not get what is theirs.
    const cy = register(world, 'cy@example.org')
    expect([status(first.bookingId), status(second.bookingId)]).toEqual(['held', 'held'])
    const third = held(world, cy, world.runId, { passengers: 3, classCode: '1' })
    expect(third.seats).toHaveLength(3)
  })

  it('captures what was reserved, and no more than it costs', () => {
    const alternatives = [{ runId: world.runId, fromStop: 0, toStop: 4, classCode: '2' }]
    held(world, world.bob, world.runId, { passengers: 6 })
    for (let i = 0; i < 3; i++) held(world, world.bob, world.runId, { passengers: 6 })
    const { bookingId, reserveMinor } = joined(world, world.ann, world.runId, { alternatives })
    must(
      pay(world, world.ann, { bookingId, priceMinor: reserveMinor, seats: [] }),
      'paymentStarted',
    )
    must(done(world, lastEffect()), 'done')
    expect(status(bookingId)).toBe('waiting')
    expect(pendingOutbox(world.state, 9)).toEqual([])
    // A seat of the second class comes free: the cheaper choice.
    send(world, { type: 'releaseHold', bookingId: full.bookingId + 1 }, { actor: world.bob })
    expect(findBooking(world.state, bookingId)).toMatchObject({
      status: 'confirmed',
      classCode: '2',
      waiting: undefined,
    })
    expect(pendingOutbox(world.state, 9)).toMatchObject([{ kind: 'capture', amountMinor: 5_000 }])
  })

  it('leads to an ordinary hold without a payment, shorter near departure', () => {
    const { bookingId } = joined(world, world.ann, world.runId)
    release()
    expect(findBooking(world.state, bookingId)?.expiresAtMs).toBe(world.nowMs + HOLD)
  })
})

describe('waiting in vain', () => {
  it('costs nothing: the reservation is given back when one leaves', () => {
    const { bookingId, reserveMinor } = joined(world, world.ann, world.runId)
    pay(world, world.ann, { bookingId, priceMinor: reserveMinor, seats: [] })
    must(done(world, lastEffect()), 'done')
    must(send(world, { type: 'leaveWaitingList', bookingId }, { actor: world.ann }), 'done')
    expect(status(bookingId)).toBe('released')
    expect(pendingOutbox(world.state, 9)).toMatchObject([{ kind: 'void' }])
  })

  it('ends at the deadline; a reservation that comes later is given back', () => {
    const deadlineMs = world.nowMs + 1_000
    const { bookingId, reserveMinor } = joined(world, world.ann, world.runId, { deadlineMs })
    pay(world, world.ann, { bookingId, priceMinor: reserveMinor, seats: [] })
    expect(nextExpiryMs(world.state)).toBe(deadlineMs)
    world.nowMs = deadlineMs
    must(done(world, lastEffect()), 'done')
    expect(status(bookingId)).toBe('lapsed')
    expect(pendingOutbox(world.state, 9)).toMatchObject([{ kind: 'void' }])
  })

  it('a declined reservation leaves the place in the list', () => {
    const { bookingId, reserveMinor } = joined(world, world.ann, world.runId)
    pay(world, world.ann, { bookingId, priceMinor: reserveMinor, seats: [] })
    must(refused(world, lastEffect()), 'done')
    expect(status(bookingId)).toBe('waiting')
  })
})

describe('the chart', () => {
  it('closes an hour before departure by time alone, and whoever waits has waited in vain', () => {
    must(pay(world, world.bob, full), 'paymentStarted')
    must(done(world, lastEffect()), 'done')
    const { bookingId } = joined(world, world.ann, world.runId)
    world.nowMs = MONDAY + 2 * DAY + 5 * HOUR
    must(send(world, { type: 'tick' }), 'done')
    expect(status(bookingId)).toBe('lapsed')
    const late = send(world, join(world.runId), { actor: world.ann })
    expect(late).toMatchObject({ code: 'chartClosed' })
  })

  it('is closed by staff, once, and the manifest says who sits where', () => {
    const { runId } = world
    expect(send(world, { type: 'closeChart', runId }, { actor: world.ann })).toMatchObject({
      code: 'notAllowed',
    })
    must(send(world, { type: 'closeChart', runId }), 'done')
    expect(send(world, { type: 'closeChart', runId })).toMatchObject({ code: 'chartClosed' })
    const found = manifest(world.state, runId)
    expect(found).toMatchObject({ closed: true, waiting: 0 })
    expect(found?.passengers.map(({ seat }) => seat)).toEqual([0, 1, 2, 3, 4, 5])
  })
})
