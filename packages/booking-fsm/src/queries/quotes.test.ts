/** Until when a quote stands: found by asking again at every instant that could matter. */
import { describe, expect, it } from 'vitest'
import {
  DAY,
  fares,
  HOUR,
  hold,
  MONDAY,
  must,
  type Railway,
  railway,
  send,
} from '../../test/world.ts'
import type { Command, FareProduct, HoldSeats } from '../commands.ts'
import { fareProducts, type ProductQuery } from './products.ts'
import { quoteValidUntil } from './quotes.ts'
import { quoteParty } from './seats.ts'

const minute = 60_000
const most = 15 * minute
const departs = MONDAY + 2 * DAY + 6 * HOUR

function asked(world: Railway, changed: Partial<ProductQuery> = {}): ProductQuery {
  const { runId, nowMs } = world
  const where = { runId, fromStop: 0, toStop: 4, classCode: '2' }
  return { ...where, passengerTypes: [''], nowMs, ...changed }
}

const stands = (world: Railway, changed: Partial<ProductQuery> = {}): number =>
  (quoteValidUntil(world.state, asked(world, changed), most) - world.nowMs) / minute

function dearer(world: Railway, inMinutes: number, by = 100): Command {
  const { classes } = fares as Extract<Command, { type: 'setFareRule' }>
  const validFromMs = world.nowMs + inMinutes * minute
  const changed = classes.map((of) => ({ ...of, baseMinor: of.baseMinor + by }))
  return { type: 'setFareRule', validFromMs, classes: changed }
}

const product = (soldUntilBeforeMs = 0): FareProduct => ({
  ...{ code: 'half', name: 'Half', classCode: '', trainPrefix: '', fareBasisPoints: 5_000 },
  ...{ places: 2, soldUntilBeforeMs, refundable: true, exchangeable: true, requires: [] },
})

const products = (validFromMs: number, ...list: FareProduct[]): Command => ({
  type: 'setFareProducts',
  ...{ validFromMs, products: list, requires: [] },
})

describe('a quote stands', () => {
  it('for as long as quotes do, where nothing changes', () => {
    expect(stands(railway())).toBe(15)
  })

  it('until the next version of the fares that is another price, and a hold shows it', () => {
    const world = railway()
    must(send(world, dearer(world, 4, 0)), 'done')
    expect(stands(world)).toBe(15)
    must(send(world, dearer(world, 7)), 'done')
    must(send(world, dearer(world, 9, 0)), 'done')
    must(send(world, dearer(world, 40)), 'done')
    expect(stands(world)).toBe(7)
    const shown = quoteParty(world.state, world.runId, 0, 4, '2', [''], world.nowMs)
    if (typeof shown !== 'object') throw new Error('no quote')
    const { priceMinor: expectedPriceMinor } = shown
    const command = { ...(hold(world.runId) as HoldSeats), expectedPriceMinor }
    world.nowMs += 7 * minute - 1
    must(send(world, command, { actor: world.ann }), 'seatsHeld')
    world.nowMs += 1
    const figure = expectedPriceMinor + 100
    expect(send(world, command, { actor: world.ann })).toMatchObject({
      ...{ code: 'priceChanged', figure },
    })
  })

  it('until a fare in limited numbers is sold no more, begins, or goes', () => {
    const world = railway()
    must(send(world, products(0, product(departs - world.nowMs - 5 * minute))), 'done')
    expect(stands(world)).toBe(5)
    must(send(world, products(world.nowMs + 3 * minute)), 'done')
    expect(stands(world)).toBe(3)
    world.nowMs += 3 * minute
    must(send(world, products(world.nowMs + 2 * minute, product())), 'done')
    expect(stands(world)).toBe(2)
  })

  it('until a quota is released, where that lets the party have a fare', () => {
    const world = railway()
    must(send(world, products(0, product())), 'done')
    const releaseBeforeDepartureMs = departs - world.nowMs - 6 * minute
    const pool = { code: 'kept', roles: [], passengerTypes: [], releaseBeforeDepartureMs }
    // All but one of the 24.
    const pools = [{ ...pool, capacity: 23 }]
    const set = { trainId: 0, runId: world.runId, fromDate: 0, classCode: '2' }
    must(send(world, { type: 'setQuotas', ...set, pools }), 'done')
    expect(stands(world)).toBe(15)
    expect(stands(world, { passengerTypes: ['', ''] })).toBe(6)
  })

  it('not past the departure', () => {
    const world = railway()
    world.nowMs = departs - 2 * minute
    expect(stands(world)).toBe(2)
  })

  it('just as long as asking at every minute finds', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const world = railway()
      for (let i = 0; i < 4; i++) {
        const inMinutes = (seed * 7 + i * 5) % 19
        const isFare = (seed + i) % 3 > 0
        const list = (seed + i) % 2 === 0 ? [product()] : []
        const command = isFare
          ? dearer(world, inMinutes, (i % 2) * 100)
          : products(world.nowMs + inMinutes * minute, ...list)
        must(send(world, command), 'done')
      }
      const said = (at: number) => {
        const query = asked(world, { nowMs: world.nowMs + at * minute })
        const { runId, fromStop, toStop, classCode, passengerTypes, nowMs } = query
        const of = quoteParty(
          world.state,
          runId,
          fromStop,
          toStop,
          classCode,
          passengerTypes,
          nowMs,
        )
        return JSON.stringify([of, fareProducts(world.state, query)])
      }
      let first = 1
      while (first < 15 && said(first) === said(0)) first++
      expect(stands(world), `seed ${seed}`).toBe(first)
    }
  })
})
