import { beforeEach, describe, expect, it } from 'vitest'
import {
  done,
  type Held,
  HOUR,
  held,
  type JoinOptions,
  join,
  MONDAY,
  must,
  pay,
  type Railway,
  railway,
  register,
  send,
  waitingLists,
} from '../../test/world.ts'
import type { BlockSeats, Command, SetCancellationRule } from '../commands.ts'
import { findBooking, loadState, manifest, pendingNotices, rowsOf, stateHash } from '../index.ts'
import { halfOf } from '../inventory/shares.ts'

let world: Railway
/** Four of the six seats of the first class; the other two are shared. */
let full: Held
let blockId: number

const shared = (runId: number, ...seats: number[]): BlockSeats => ({
  ...{ type: 'blockSeats', runId, trainId: 0, fromDate: 0, toDate: 0, reason: 'other' },
  seats,
  shared: true,
})

beforeEach(() => {
  world = railway()
  must(send(world, { ...waitingLists, capBasisPoints: 10_000 } as Command), 'done')
  blockId = must(send(world, shared(world.runId, 4, 5)), 'seatsBlocked').blockId
  full = held(world, world.bob, world.runId, { passengers: 4, classCode: '1' })
})

const named = (name: string) => register(world, `${name}@example.org`)
const view = (bookingId: number) => findBooking(world.state, bookingId)
const places = (bookingId: number) =>
  view(bookingId)?.passengers.map(({ seat, shared: half }) => (half ? `${seat} shared` : seat))
const asks = (options: JoinOptions = {}): Command =>
  ({ ...join(world.runId, options), shared: true }) as Command
const shares = (actor: number, options: JoinOptions = {}) =>
  must(send(world, asks(options), { actor }), 'waitingListJoined')
const buy = (
  actor: number,
  { bookingId, priceMinor }: { bookingId: number; priceMinor: number },
) => {
  must(pay(world, actor, { bookingId, priceMinor, seats: [] } as unknown as Held), 'paymentStarted')
  must(done(world, world.state.meta.nextOutboxId - 1), 'done')
}
const freeAll = () =>
  must(
    send(world, { type: 'releaseHold', bookingId: full.bookingId }, { actor: world.bob }),
    'done',
  )

describe('berths that two share', () => {
  it('are nobody’s alone, and each half is given to who would share, at once, first come first', () => {
    const [cy, di, ed, flo] = ['cy', 'di', 'ed', 'flo'].map(named) as [
      number,
      number,
      number,
      number,
    ]
    const first = shares(world.ann, { passengers: 2 })
    const second = shares(cy)
    const third = shares(di, { from: 0, to: 2 })
    const fourth = shares(ed, { from: 1, to: 3 })
    const fifth = shares(flo, { from: 2, to: 4 })
    expect([first, second, third, fourth, fifth].map((it) => places(it.bookingId))).toEqual([
      ['4 shared', '4 shared'],
      ['5 shared'],
      ['5 shared'],
      [-1],
      ['5 shared'],
    ])
    expect(view(first.bookingId)).toMatchObject({ status: 'held', priceMinor: 20_000 })
    expect(view(fifth.bookingId)?.sharersAhead).toBe(3)
    expect(manifest(world.state, world.runId)?.passengers.filter((it) => it.shared)).toHaveLength(5)
    // Who leaves frees one half, not both.
    const release = { type: 'releaseHold', bookingId: second.bookingId } as const
    must(send(world, release, { actor: cy }), 'done')
    expect(places(fourth.bookingId)).toEqual(['5 shared'])
    expect(places(shares(cy, { from: 0, to: 1 }).bookingId)).toEqual(['5 shared'])
    expect(places(shares(named('hal'), { from: 0, to: 1 }).bookingId)).toEqual([-1])
    const alone = send(world, join(world.runId), { actor: named('gus') })
    expect(alone).toMatchObject({ type: 'waitingListJoined', ahead: 1 })
    expect(manifest(loadState(rowsOf(world.state)), world.runId)).toEqual(
      manifest(world.state, world.runId),
    )
  })

  it('are left for whole berths in the entry that frees them, before anybody who waits; who waits takes the halves', () => {
    const waits = must(send(world, join(world.runId), { actor: named('cy') }), 'waitingListJoined')
    const first = shares(world.ann, { passengers: 2 })
    const second = shares(named('di'), { passengers: 2 })
    const third = shares(named('ed'), { passengers: 2 })
    buy(world.ann, first)
    // Taken, and nothing is left to do about it.
    must(done(world, world.state.meta.nextOutboxId - 1), 'done')
    expect(places(third.bookingId)).toEqual([-1, -1])
    freeAll()
    expect(places(first.bookingId)?.every((it) => typeof it === 'number' && it < 4)).toBe(true)
    expect(view(first.bookingId)).toMatchObject({ status: 'confirmed', priceMinor: 20_000 })
    expect(view(first.bookingId)?.changes).toMatchObject([{ kind: 'berthGiven', seats: [4, 4] }])
    expect(view(second.bookingId)?.status).toBe('held')
    expect(places(second.bookingId)?.every((it) => typeof it === 'number')).toBe(true)
    // Four whole ones went to those who shared; the one who wanted none but a whole one waits.
    expect(view(waits.bookingId)?.status).toBe('waiting')
    expect(places(third.bookingId)).toEqual(['4 shared', '4 shared'])
  })

  it('say so when the chart is closed, and stay as they are', () => {
    must(send(world, { type: 'switchNotices', on: true }), 'done')
    const first = shares(world.ann)
    buy(world.ann, first)
    must(send(world, { type: 'closeChart', runId: world.runId }), 'done')
    freeAll()
    expect(places(first.bookingId)).toEqual(['4 shared'])
    const kinds = pendingNotices(world.state, 50).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind.startsWith('berth'))).toEqual([
      'berthShared',
      'berthStaysShared',
    ])
  })

  it('are cancelled by the lines for them, and by those of a whole one where there are none', () => {
    const rule = (...states: ('confirmed' | 'rac')[]): SetCancellationRule => ({
      type: 'setCancellationRule',
      ...{ validFromMs: 0, offerMs: 60_000, roundToMinor: 1, rounding: 'halfUp' },
      lines: states.map((state) => ({
        ...{ state, classCode: '', taxBasisPoints: 0 },
        bands: [
          {
            untilBeforeDepartureMs: 0,
            flatMinor: 0,
            chargeBasisPoints: state === 'rac' ? 600 : 5_000,
          },
        ],
      })),
    })
    const charge = (actor: number) => {
      const it = shares(actor)
      buy(actor, it)
      const reply = send(
        world,
        { type: 'offerRefund', bookingId: it.bookingId, passengers: [] },
        { actor },
      )
      return must(reply, 'refundOffered').chargeMinor
    }
    must(send(world, rule('confirmed')), 'done')
    expect(charge(world.ann)).toBe(5_000)
    must(send(world, rule('confirmed', 'rac')), 'done')
    expect(charge(named('cy'))).toBe(600)
  })

  it('are whole ones again when nobody sits on them', () => {
    const unblock = () => send(world, { type: 'unblockSeats', blockId, reason: 'other' })
    const { bookingId } = shares(world.ann)
    expect(unblock()).toMatchObject({ code: 'seatTaken', seats: [4], figure: world.runId })
    must(send(world, { type: 'releaseHold', bookingId }, { actor: world.ann }), 'done')
    must(unblock(), 'done')
    expect(held(world, world.ann, world.runId, { passengers: 2, classCode: '1' }).seats).toEqual([
      4, 5,
    ])
    expect(send(world, asks(), { actor: named('cy') })).toMatchObject({ type: 'waitingListJoined' })
  })

  it('are the same after loading, and a late payment finds a whole one, if there is one', () => {
    const first = shares(world.ann)
    must(pay(world, world.ann, { ...first, seats: [] } as unknown as Held), 'paymentStarted')
    const outboxId = world.state.meta.nextOutboxId - 1
    world.nowMs = MONDAY + HOUR
    must(send(world, { type: 'tick' }), 'done')
    expect(view(first.bookingId)?.status).toBe('expired')
    const before = stateHash(world.state)
    world.state = loadState(rowsOf(world.state))
    expect(stateHash(world.state)).toBe(before)
    must(done(world, outboxId), 'done')
    expect(view(first.bookingId)).toMatchObject({ status: 'confirmed' })
    // The hold of the whole ones has expired, too.
    expect(places(first.bookingId)).toEqual([0])
    world.state = loadState(rowsOf(world.state))
    expect(stateHash(world.state)).not.toBe(before)
  })

  it('are not for who wants nothing but a pool', () => {
    const command = { ...asks(), pool: 'desk', onlyPool: true } as Command
    expect(send(world, command, { actor: world.ann })).toMatchObject({ field: 'shared' })
  })
})

it('numbers of halves are those of no seat', () => {
  expect([halfOf(0, 0), halfOf(0, 1), halfOf(1_999, 1)]).toEqual([-10, -11, -4_009])
})
