import { describe, expect, it } from 'vitest'
import {
  confirmed,
  DAY,
  done,
  HOLD,
  HOUR,
  hold,
  MONDAY,
  must,
  type Railway,
  railway,
  send,
} from '../../test/world.ts'
import type { Command, FareProduct, HoldSeats } from '../commands.ts'
import { loadState } from '../load.ts'
import { findBooking } from '../queries/bookings.ts'
import { searchConnections } from '../queries/connections.ts'
import { fareCalendar } from '../queries/fare-calendar.ts'
import { fareProducts } from '../queries/products.ts'
import { findStation } from '../queries/stations.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

const departs = MONDAY + 2 * DAY + 6 * HOUR

function product(code: string, changed: Partial<FareProduct> = {}): FareProduct {
  return {
    code,
    name: `Fare ${code}`,
    classCode: '',
    trainPrefix: '',
    fareBasisPoints: 5_000,
    places: 2,
    soldUntilBeforeMs: 0,
    refundable: true,
    exchangeable: true,
    requires: [],
    ...changed,
  }
}

const exchangesForNothing: Command = {
  type: 'setCancellationRule',
  validFromMs: 1,
  offerMs: HOLD,
  roundToMinor: 1,
  rounding: 'halfUp',
  lines: [
    {
      state: 'confirmed',
      classCode: '',
      taxBasisPoints: 0,
      bands: [{ untilBeforeDepartureMs: 0, flatMinor: 0, chargeBasisPoints: 0 }],
      exchange: {
        bands: [{ untilBeforeDepartureMs: 0, flatMinor: 0, chargeBasisPoints: 0 }],
        surplusBack: true,
      },
    },
  ],
}

/** Two at half the fare, four at that and at three quarters together. */
const nested = [product('half'), product('flexi', { fareBasisPoints: 7_500, places: 4 })]

function sell(world: Railway, products: readonly FareProduct[], validFromMs = 0): void {
  must(send(world, { type: 'setFareProducts', validFromMs, products, requires: [] }), 'done')
}

function cancelledRefund(world: Railway, actor: number, bookingId: number, refund: number) {
  const command = { type: 'cancelBooking', bookingId, expectedRefundMinor: refund } as const
  return send(world, command, { actor })
}

function at(runId: number, asked: string, options: Parameters<typeof hold>[1] = {}): Command {
  return { ...(hold(runId, options) as HoldSeats), product: asked }
}

function left(world: Railway, fromStop = 0, toStop = 4, passengers = 1) {
  const { state, runId, nowMs } = world
  const passengerTypes = Array.from({ length: passengers }, () => '')
  const query = { runId, fromStop, toStop, classCode: '2', passengerTypes, nowMs }
  return Object.fromEntries(fareProducts(state, query).map((of) => [of.code, of.placesLeft]))
}

describe('fares in limited numbers', () => {
  it('cost their share, and what is sold counts in all limits behind', () => {
    const world = railway()
    sell(world, nested)
    expect(left(world)).toEqual({ half: 2, flexi: 4 })
    const reply = must(send(world, at(world.runId, 'half'), { actor: world.ann }), 'seatsHeld')
    expect(reply.priceMinor).toBe((1_000 + 4_000) / 2)
    expect(left(world)).toEqual({ half: 1, flexi: 3 })
    must(
      send(world, at(world.runId, 'flexi', { passengers: 3 }), { actor: world.bob }),
      'seatsHeld',
    )
    expect(left(world)).toEqual({ half: 0, flexi: 0 })
    expect(send(world, at(world.runId, 'half'), { actor: world.ann })).toMatchObject({
      code: 'productSoldOut',
      field: 'product',
      figure: 0,
    })
  })

  it('are counted segment by segment, and free again when the hold ends', () => {
    const world = railway()
    sell(world, [product('half', { places: 1 })])
    const first = at(world.runId, 'half', { from: 0, to: 2 })
    must(send(world, first, { actor: world.ann }), 'seatsHeld')
    expect(left(world)).toEqual({ half: 0 })
    expect(left(world, 2, 4)).toEqual({ half: 1 })
    must(
      send(world, at(world.runId, 'half', { from: 2, to: 4 }), { actor: world.bob }),
      'seatsHeld',
    )
    expect(left(world, 2, 3)).toEqual({ half: 0 })
    expect(left(world, 3, 4)).toEqual({ half: 0 })
    expect(left({ ...world, state: loadState(rowsOf(world.state)) })).toEqual({ half: 0 })
    world.nowMs += HOLD
    must(send(world, { type: 'tick' }), 'done')
    expect(left(world)).toEqual({ half: 1 })
    must(send(world, at(world.runId, 'half', { from: 2 }), { actor: world.bob }), 'seatsHeld')
    expect(left(world, 0, 2)).toEqual({ half: 1 })
    expect(left(world, 0, 3)).toEqual({ half: 0 })
  })

  it('are sold to the whole party or not; the cheapest is what the party can have', () => {
    const world = railway()
    sell(world, nested)
    const three = must(
      send(world, at(world.runId, 'cheapest', { passengers: 3 }), { actor: world.ann }),
      'seatsHeld',
    )
    expect(three.priceMinor).toBe(3 * 3_750)
    expect(findBooking(world.state, three.bookingId)?.product?.code).toBe('flexi')
    const two = must(
      send(world, at(world.runId, 'cheapest', { passengers: 2 }), { actor: world.bob }),
      'seatsHeld',
    )
    // One place is left at half the fare, as four are sold at most up to there.
    expect(two.priceMinor).toBe(2 * 5_000)
    expect(findBooking(world.state, two.bookingId)?.product).toBeUndefined()
  })

  it('end before the train leaves, and are for their class and trains', () => {
    const world = railway()
    const { runId, ann } = world
    sell(world, [
      product('early', { soldUntilBeforeMs: DAY }),
      product('first', { classCode: '1' }),
      product('other', { trainPrefix: 'TGV' }),
    ])
    for (const code of ['first', 'other', 'none']) {
      const refusal = { code: 'productNotFound', field: 'product' }
      expect(send(world, at(runId, code), { actor: ann })).toMatchObject(refusal)
    }
    world.nowMs = departs - DAY - 1
    must(send(world, at(runId, 'early'), { actor: ann }), 'seatsHeld')
    world.nowMs = departs - DAY
    const late = { code: 'productNotOnSale', field: 'product' }
    expect(send(world, at(runId, 'early'), { actor: ann })).toMatchObject(late)
  })

  it('keep the conditions that they were sold under', () => {
    const world = railway()
    must(send(world, exchangesForNothing), 'done')
    sell(world, [product('fix', { refundable: false, exchangeable: false })])
    const asked = at(world.runId, 'fix')
    const { bookingId, priceMinor } = must(send(world, asked, { actor: world.ann }), 'seatsHeld')
    const token = { paymentToken: 'tok', amountMinor: priceMinor }
    must(
      send(world, { type: 'startPayment', bookingId, ...token }, { actor: world.ann }),
      'paymentStarted',
    )
    done(world, 1)
    done(world, 2)
    sell(world, [product('fix')], world.nowMs)
    expect(cancelledRefund(world, world.ann, bookingId, 1)).toMatchObject({
      code: 'refundChanged',
      figure: 0,
    })
    const exchange = { type: 'holdExchange', bookingId, runId: world.runId } as const
    const journey = { fromStop: 1, toStop: 3, classCode: '2', seats: [] }
    expect(send(world, { ...exchange, ...journey }, { actor: world.ann })).toMatchObject({
      code: 'notExchangeable',
    })
    const again = loadState(rowsOf(world.state))
    expect(stateHash(again)).toBe(stateHash(world.state))
    expect(cancelledRefund(world, world.ann, bookingId, 0)).toMatchObject({ refundMinor: 0 })
    expect(left(world)).toEqual({ fix: 2 })
  })

  it('are had again by who pays late, while there are places; else nothing is charged', () => {
    const world = railway()
    sell(world, [product('half', { places: 1 })])
    const pays = () => {
      const hold = must(send(world, at(world.runId, 'half'), { actor: world.ann }), 'seatsHeld')
      const { bookingId, priceMinor } = hold
      const token = { paymentToken: 'tok', amountMinor: priceMinor }
      must(
        send(world, { type: 'startPayment', bookingId, ...token }, { actor: world.ann }),
        'paymentStarted',
      )
      world.nowMs += HOLD
      return bookingId
    }
    const first = pays()
    // Another seat, but the only place at the price.
    must(send(world, at(world.runId, 'half', { seats: [20] }), { actor: world.bob }), 'seatsHeld')
    must(done(world, 1), 'done')
    expect(findBooking(world.state, first)?.payments[0]?.status).toBe('voiding')
    world.nowMs += HOLD
    const second = pays()
    must(done(world, 3), 'done')
    expect(findBooking(world.state, second)?.status).toBe('confirmed')
  })

  it('show in searches and in the calendar as what the whole party can have', () => {
    const world = railway()
    sell(world, nested)
    const { state, nowMs } = world
    const [from, to] = ['A', 'E'].map((code) => findStation(state, code)?.stationId ?? 0)
    const ends = { fromStationId: from as number, toStationId: to as number, nowMs }
    const ask = (passengers: number) => {
      const passengerTypes = Array.from({ length: passengers }, () => '')
      const window = { earliestMs: departs - HOUR, latestMs: departs + HOUR }
      const more = { ...window, maxChanges: 0, passengerTypes, limit: 9 }
      const [found] = searchConnections(state, { ...ends, ...more })
      const second = found?.legs[0]?.classes.find(({ classCode }) => classCode === '2')
      const borders = [departs - HOUR, departs + HOUR]
      const days = fareCalendar(state, { ...ends, borders, passengerTypes })
      return [second?.cheapest?.code, second?.cheapest?.placesLeft, days[0]]
    }
    expect(ask(2)).toEqual(['half', 2, 5_000])
    expect(ask(4)).toEqual(['flexi', 4, 15_000])
    expect(ask(5)).toEqual([undefined, undefined, 25_000])
  })

  it('can be had at a fixed price between two stations', () => {
    const world = railway()
    const pairs = [{ fromCode: 'E', toCode: 'A', classCode: '2', amountMinor: 900 }]
    sell(world, [product('fixed', { fixedFares: { pairs, zones: [] } })])
    const reply = must(send(world, at(world.runId, 'fixed'), { actor: world.ann }), 'seatsHeld')
    expect(reply.priceMinor).toBe(900)
  })

  it('are for staff to set, each once, and none is called cheapest', () => {
    const world = railway()
    const set = (products: readonly FareProduct[], actor = 0) =>
      send(world, { type: 'setFareProducts', validFromMs: 0, products, requires: [] }, { actor })
    expect(set([], world.ann)).toMatchObject({ code: 'notAllowed' })
    for (const [wrong, field] of [
      [[product('a'), product('a')], 'products[1].code'],
      [[product('cheapest')], 'products[0].code'],
      [[product('a', { places: -1 })], 'products[0].places'],
      [[product('a', { fixedFares: { pairs: 7 } as never })], 'products[0].fixedFares.pairs'],
    ] as const) {
      expect(set(wrong)).toMatchObject({ code: 'invalidField', field })
    }
    expect(confirmed(world, world.ann, world.runId).priceMinor).toBe(5_000)
  })
})
